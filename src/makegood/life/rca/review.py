"""Review, approval, publication: two people at least, and nothing published that nobody else has read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.rca import access, impact, states, terms
from makegood.life.rca.models import Action, Rca
from makegood.life.rca.writing import put, record
from makegood.life.reports import states as report_states

# Whose analyses need more than weak actions, or a signature.
WORST = (report_states.CRITICAL, report_states.HIGH)


class Unanswered(Refusal):
    """Something has to be written down before it can be reviewed. ``field`` names what."""

    field = ""


class NotYours(Refusal):
    """Whoever wrote it cannot be the one who approves it."""


class OnlyWeakActions(Refusal):
    """A severe problem with nothing but weak actions takes a signed waiver."""


class NeedsReason(Refusal):
    """It has to be said why."""


def missing(rca: Rca) -> list[tuple[str, str]]:
    """What stands between a draft and its review: (field, sentence), in the order of the form."""
    wanted = (
        ("overview", _("Tell in a few sentences what happened.")),
        ("trigger", _("Say what set it off.")),
        ("root_cause", _("Say why it could happen.")),
        (
            "monitoring_gap",
            _("Say why our monitoring did not see it before the customer did. No analysis goes on without it."),
        ),
    )
    return [(name, words) for name, words in wanted if not getattr(rca, name).strip()]


def submit(rca: Rca, *, by: Actor, at: datetime) -> None:
    """Ask for review; the numbers of the impact are kept as they are now. Raises Unanswered, NotAMove."""
    with transaction.atomic():
        fresh = access.lock_rca(rca)
        _check(fresh, states.IN_REVIEW)
        for name, words in missing(fresh):
            refusal = Unanswered(words)
            refusal.field = name
            raise refusal
        numbers = impact.counted(fresh, at=at)
        fields: dict[str, Any] = {"state": states.IN_REVIEW, "submitted_at": at, "submitted_by": by.name}
        if fresh.owner_id is None and by.is_staff:
            fields["owner_id"] = by.id
        put(rca, fresh, at=at, impact=numbers, reviewer=None, **fields)
        record(rca, "rca.submitted", by=by, at=at)


def send_back(rca: Rca, *, by: Actor, at: datetime, reason: str) -> None:
    """From review or approval, back to its owner with a word on why. Raises NeedsReason, NotAMove."""
    _demand(reason)
    with transaction.atomic():
        fresh = access.lock_rca(rca)
        _check(fresh, states.DRAFT)
        put(rca, fresh, at=at, state=states.DRAFT, reviewer=None, approved_at=None, published_at=None, published_by="")
        kind = "rca.taken_back" if fresh.state == states.PUBLISHED else "rca.sent_back"
        record(rca, kind, by=by, at=at, reason=reason.strip())


def approve(rca: Rca, *, by: Agent, at: datetime) -> None:
    """Another than the owner says that it is right. Raises NotYours, OnlyWeakActions, NotAMove."""
    with transaction.atomic():
        fresh = access.lock_rca(rca)
        _check(fresh, states.APPROVED)
        if by.pk == fresh.owner_id or by.name == fresh.submitted_by:
            raise NotYours(_("Whoever wrote the analysis cannot approve it. Ask a colleague."))
        if needs_waiver(fresh) and not fresh.waived_by:
            raise OnlyWeakActions(
                _("A severe problem needs at least one action that is more than weak, or a lead who signs why not.")
            )
        put(rca, fresh, at=at, state=states.APPROVED, reviewer=by, approved_at=at)
        record(rca, "rca.approved", by=by.actor, at=at)


def waive(rca: Rca, *, by: Actor, at: datetime, reason: str) -> None:
    """Sign that weak actions are all there will be, with the reason. Raises NeedsReason."""
    _demand(reason)
    with transaction.atomic():
        fresh = access.lock_rca(rca)
        if fresh.waived_by:
            return
        put(rca, fresh, at=at, waived_by=by.name, waiver=reason.strip()[:2000], waived_at=at)
        record(rca, "rca.waived", by=by, at=at, reason=reason.strip())


def publish(rca: Rca, *, by: Actor, at: datetime) -> None:
    """It is done, and its outward part may be read. Its promise is kept. Raises OnlyWeakActions, NotAMove."""
    with transaction.atomic():
        fresh = access.lock_rca(rca)
        _check(fresh, states.PUBLISHED)
        if needs_waiver(fresh) and not fresh.waived_by:
            raise OnlyWeakActions(
                _("Meanwhile only weak actions are left. A lead can sign why that is enough, or one is added.")
            )
        put(rca, fresh, at=at, state=states.PUBLISHED, published_at=at, published_by=by.name)
        promises.keep(rca.about, kinds.RCA, by=by, at=at)
        record(rca, "rca.published", by=by, at=at, data={"outward": sorted(fresh.public_texts)})


def needs_waiver(rca: Rca) -> bool:
    """Whether a severe problem has no action that is more than weak."""
    if rca.problem.severity not in WORST:
        return False
    live = Action.objects.filter(Q(rca=rca) | Q(problem=rca.problem)).exclude(state=states.DECLINED)
    return not live.exclude(strength=terms.WEAK).exists()


def published_text(problem: Problem) -> Mapping[str, str]:
    """The outward part of the latest published analysis, language → words: all the public may read of it. Empty if
    there is none, or the problem is protected."""
    if problem.is_protected:
        return {}
    published = Rca.objects.filter(problem=problem, state=states.PUBLISHED).order_by("-published_at", "-id")
    found: Mapping[str, str] | None = published.values_list("public_texts", flat=True).first()
    return found or {}


def _check(rca: Rca, state: str) -> None:
    try:
        states.check_rca_move(rca.state, state)
    except states.NotAMove:
        names = dict(Rca.STATES)
        words = {"old": names[rca.state], "new": names[state]}
        raise states.NotAMove(_("An analysis cannot go from “%(old)s” to “%(new)s”.") % words) from None


def _demand(reason: str) -> None:
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the next person understands."))
