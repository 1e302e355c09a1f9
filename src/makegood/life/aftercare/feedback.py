"""One question on how we served them, asked once it works for them; the first answer counts, and may be explained once.

Why, in their words, and how easy we made it may come with the answer or after it, never instead of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.aftercare import surveys
from makegood.life.aftercare.models import Csat, Recovery, Resolution
from makegood.life.people.actors import Actor
from makegood.life.reports import access, ledger, states
from makegood.life.reports.models import Report

MAX_WORDS = 5000
NOT_ASKED = ("duplicate", "spam")


class NotAScore(Refusal):
    """The question is answered with one to five, once it is over."""


class NothingToExplain(Refusal):
    """There is no answer to explain, or it is explained already."""


class Why(TypedDict, total=False):
    """``reasons``: of ``Csat.REASONS``. ``effort``: 1 not easy at all to 7 very easy."""

    reasons: Collection[str]
    words: str
    effort: int | None


def may_rate(report: Report) -> bool:
    """Whether the question may be asked now: over, with a person behind it, and first of all solved for them.

    What we called solved is so only once they say so; a question that was answered is simply over.
    """
    if report.state not in (states.SOLVED, states.CLOSED) or report.close_reason in NOT_ASKED:
        return False
    answer = (
        Resolution.objects.filter(report=report, withdrawn_at=None).order_by("-id").values_list("answer", flat=True)
    ).first()
    if answer == Resolution.YES:
        return True
    is_answered = answer is None or report.kind == states.QUESTION
    return is_answered and report.state == states.CLOSED


def rate(report: Report, score: int, *, by: Actor, at: datetime, **why: Unpack[Why]) -> Csat:
    """Keep the answer; a second one returns the first unchanged. Raises NotAScore, NothingToExplain."""
    if score not in range(1, 6):
        raise NotAScore(_("Choose one to five."))
    told = _checked(**why)
    with transaction.atomic():
        fresh = access.lock(report)
        earlier = Csat.objects.filter(report=fresh).first()
        if earlier:
            return earlier
        if not may_rate(fresh):
            raise NotAScore(_("We ask this once your report is solved for you."))
        surveys.opened(fresh, at=at)
        row = Csat.objects.create(
            report=fresh,
            contact_id=by.id if by.kind == "contact" else fresh.contact_id,
            score=score,
            at=at,
            explained_at=at if told else None,
            **told,
        )
        surveys.call_off(fresh)
        ledger.record(fresh, "feedback.given", by=by, at=at, data={"csat": row.pk, "score": score})
    return row


def explain(report: Report, *, by: Actor, at: datetime, **why: Unpack[Why]) -> Csat:
    """Say why: once, and nothing said before is changed by it. Raises NothingToExplain, NotAScore."""
    told = _checked(**why)
    with transaction.atomic():
        access.lock(report)
        row = Csat.objects.select_for_update().filter(report=report).first()
        if row is None:
            raise NothingToExplain(_("Tell us first how well you were looked after."))
        if row.explained_at is not None or not told:
            return row
        for name, value in told.items():
            setattr(row, name, value)
        row.explained_at = at
        row.save(update_fields=[*told, "explained_at"])
        ledger.record(report, "feedback.explained", by=by, at=at, data={"csat": row.pk, "score": row.score})
    return row


def to_rate_again(report: Report) -> Recovery | None:
    """The recovery after which they were asked how they feel now, while they have not answered."""
    rows = Recovery.objects.filter(report=report, asked_again_at__isnull=False, score_after=None)
    return rows.order_by("-id").first()


def rate_again(report: Report, score: int, *, by: Actor, at: datetime) -> Recovery:
    """How they feel about it after the recovery: kept there, beside the first answer. The first of these counts too.

    Raises NotAScore.
    """
    if score not in range(1, 6):
        raise NotAScore(_("Choose one to five."))
    with transaction.atomic():
        access.lock(report)
        rows = Recovery.objects.filter(report=report, asked_again_at__isnull=False)
        row = rows.select_for_update().order_by("-id").first()
        if row is None:
            raise NotAScore(_("We have not asked you that."))
        if row.score_after is None:
            row.score_after, row.score_after_at = score, at
            row.save(update_fields=["score_after", "score_after_at"])
            data = {"recovery": row.pk, "score": score}
            ledger.record(report, "feedback.given_again", by=by, at=at, data=data)
    return row


def _checked(**why: Any) -> dict[str, Any]:
    """What was said besides the score, as it is kept; empty if nothing was. Raises NotAScore."""
    reasons = [name for name, _words in Csat.REASONS if name in (why.get("reasons") or ())]
    words = str(why.get("words") or "").replace("\x00", "").strip()[:MAX_WORDS]
    effort = why.get("effort")
    if effort is not None and effort not in range(1, 8):
        raise NotAScore(_("Choose one to seven."))
    told: dict[str, Any] = {"reasons": reasons, "words": words, "effort": effort}
    return {name: value for name, value in told.items() if value}
