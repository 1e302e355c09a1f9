"""One question on how we served them, asked when it is over; the first answer counts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.aftercare.models import Csat, Resolution
from makegood.life.people.actors import Actor
from makegood.life.reports import access, ledger, states
from makegood.life.reports.models import Report

MAX_WORDS = 5000


class NotAScore(Refusal):
    """The question is answered with one to five, once it is over."""


def may_rate(report: Report) -> bool:
    """Whether the question may be asked now: closed with a person behind it, or confirmed."""
    if report.state == states.CLOSED:
        return report.close_reason not in ("duplicate", "spam")
    return Resolution.objects.filter(report=report, withdrawn_at=None, answer=Resolution.YES).exists()


def rate(report: Report, score: int, *, by: Actor, at: datetime, words: str = "") -> Csat:
    """Keep the answer; a second one returns the first unchanged. Raises NotAScore."""
    if score not in range(1, 6):
        raise NotAScore(_("Choose one to five."))
    with transaction.atomic():
        fresh = access.lock(report)
        earlier = Csat.objects.filter(report=fresh).first()
        if earlier:
            return earlier
        if not may_rate(fresh):
            raise NotAScore(_("We ask this once your report is solved for you."))
        row = Csat.objects.create(
            report=fresh,
            contact_id=by.id if by.kind == "contact" else fresh.contact_id,
            score=score,
            words=words.replace("\x00", "").strip()[:MAX_WORDS],
            at=at,
        )
        ledger.record(fresh, "feedback.given", by=by, at=at, data={"csat": row.pk, "score": score})
    return row
