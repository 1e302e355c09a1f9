"""The regular review (L6): opened by the clock with a promise to hold it, written, signed by a lead, then as it is.

What is decided in it becomes an improvement: words, an owner, a day, and a promise to ourselves that outlives it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.insights import pack
from makegood.life.insights.days import Period, day_of, whole_month_before, whole_week_before
from makegood.life.insights.models import Improvement, Review
from makegood.life.insights.rolling import zone
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent, Team
from makegood.life.problems.models import Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.rca import actions
from makegood.life.rca.models import Action
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report

EVERY = timedelta(minutes=15)
MOST_WORDS, MOST_NOTES = 300, 20_000


class Signed(Refusal):
    """What has been signed stays as it was signed."""


class NeedsWords(Refusal):
    """An improvement says what, who and by when."""


class Ended(Refusal):
    """It was done or dropped before."""


class Changed(Refusal):
    """Somebody else wrote meanwhile."""


def access_review(seeker: Agent, key: str) -> Review:
    """The review called ``key`` (or ``REV-3``). Raises NotFound."""
    number = key.upper().removeprefix("REV-")
    which = {"pk": int(number)} if number.isdecimal() and len(number) < 18 else {"key": key}
    found = Review.objects.filter(**which).first() if seeker.may("review.view") else None
    if found is None:
        raise NotFound(key)
    return found


def access_improvement(seeker: Agent, pk: int) -> Improvement:
    """Raises NotFound."""
    rows = Improvement.objects.select_related("review", "owner")
    found = rows.filter(pk=pk).first() if seeker.may("review.view") else None
    if found is None:
        raise NotFound(str(pk))
    return found


def open_due(now: datetime) -> int:
    """Periodic: open the review of the last whole week and month once they are over; return how many were opened."""
    today = day_of(now, zone())
    wanted = ((Review.WEEK, whole_week_before(today)), (Review.MONTH, whole_month_before(today)))
    return sum(1 for kind, period in wanted if _is_due(kind, period) and open_review(kind, period, at=now))


def open_review(kind: str, period: Period, *, at: datetime, by: Actor = SYSTEM) -> Review | None:
    """Open one, promise that it will be held; None if it is there already."""
    try:
        with transaction.atomic():
            review = Review.objects.create(kind=kind, first=period.first, last=period.last, opened_at=at)
            team = Team.objects.filter(is_active=True, is_technical=False, lead__is_active=True).order_by("pk").first()
            promises.make(review.about, kinds.REVIEW, by=by, at=at, team=team, agent=team.lead if team else None)
            data = {"review": review.pk, "kind": kind, "first": str(period.first), "last": str(period.last)}
            ledger.record(None, "review.opened", by=by, at=at, data=data, about=review.about)
    except IntegrityError:
        return None
    return review


def write(review: Review, *, by: Actor, at: datetime, version: int, notes: str, reasons: dict[str, str]) -> Review:
    """Keep notes and the words beside broken promises (kind → words). Raises Signed, Changed."""
    with transaction.atomic():
        fresh = _unsigned(review)
        if fresh.version != version:
            raise Changed(_("Somebody wrote in this review meanwhile. Look at what is new, then save yours again."))
        fresh.notes = notes.replace("\x00", "").strip()[:MOST_NOTES]
        fresh.reasons = {
            kind: words.replace("\x00", "").strip()[:1000]
            for kind, words in reasons.items()
            if kind in kinds.KINDS and words.strip()
        }
        fresh.version += 1
        fresh.save(update_fields=["notes", "reasons", "version"])
        ledger.record(None, "review.written", by=by, at=at, data={"review": fresh.pk}, about=fresh.about)
    return fresh


def decide(review: Review, words: str, *, by: Actor, at: datetime, owner: Agent, due_on: date) -> Improvement:
    """Decide on one improvement; its owner promises it by the end of that day. Raises Signed, NeedsWords, InThePast."""
    said = " ".join(words.replace("\x00", " ").split())
    if not said or len(said) > MOST_WORDS:
        raise NeedsWords(_("Say in at most %(most)s characters what is to be better.") % {"most": MOST_WORDS})
    due = datetime.combine(due_on, time(23, 59), tzinfo=zone())
    with transaction.atomic():
        fresh = _unsigned(review)
        made = Improvement.objects.create(
            review=fresh, words=said, owner=owner, owner_name=owner.name, due_on=due_on, made_at=at, made_by=by.name
        )
        promises.make(made.about, kinds.ACTION, by=by, at=at, due_at=due, agent=owner, reason=said)
        data = {"improvement": made.pk, "review": fresh.pk, "owner": owner.pk, "due_on": str(due_on)}
        ledger.record(None, "improvement.decided", by=by, at=at, data=data, about=made.about)
    return made


def end(improvement: Improvement, state: str, *, by: Actor, at: datetime, reason: str = "") -> Improvement:
    """Done, or dropped with a reason. Raises Ended, NeedsReason."""
    with transaction.atomic():
        fresh = Improvement.objects.select_for_update().get(pk=improvement.pk)
        if fresh.state != Improvement.OPEN:
            raise Ended(_("This improvement was ended by %(name)s before.") % {"name": fresh.ended_by})
        if state == Improvement.DONE:
            promises.keep(fresh.about, kinds.ACTION, by=by, at=at)
        else:
            promises.withdraw(fresh.about, kinds.ACTION, by=by, at=at, reason=reason)
        fresh.state, fresh.ended_at, fresh.ended_by = state, at, by.name
        fresh.save(update_fields=["state", "ended_at", "ended_by"])
        data: dict[str, Any] = {"improvement": fresh.pk, "state": state}
        ledger.record(None, "improvement.ended", by=by, at=at, data=data, reason=reason, about=fresh.about)
    return fresh


def make_action(improvement: Improvement, problem: Problem, *, by: Actor, at: datetime) -> Action:
    """It is about a problem: propose it as an action of that problem, with the same owner and day; from then on the
    action is what is owed. Raises Ended, and as ``rca.actions.propose``.
    """
    with transaction.atomic():
        fresh = Improvement.objects.select_for_update(of=("self",)).select_related("owner").get(pk=improvement.pk)
        if fresh.state != Improvement.OPEN:
            raise Ended(_("This improvement was ended by %(name)s before.") % {"name": fresh.ended_by})
        wanted_by = datetime.combine(fresh.due_on, time(23, 59), tzinfo=zone())
        action = actions.propose(problem, fresh.words[:200], by=by, at=at, owner=fresh.owner, wanted_by=wanted_by)
        number = action.number
        reason = _("It is %(number)s now.") % {"number": number}
        promises.withdraw(fresh.about, kinds.ACTION, by=by, at=at, reason=reason)
        fresh.state, fresh.action, fresh.ended_at, fresh.ended_by = Improvement.ACTION, action, at, by.name
        fresh.save(update_fields=["state", "action", "ended_at", "ended_by"])
        data = {"improvement": fresh.pk, "state": fresh.state, "action": action.pk}
        ledger.record(None, "improvement.ended", by=by, at=at, data=data, reason=reason, about=fresh.about)
    return action


def sign(review: Review, *, by: Agent, at: datetime) -> Review:
    """A lead signs: the figures are kept as they are now, and the promise to hold it is kept. Raises Signed."""
    with transaction.atomic():
        fresh = _unsigned(review)
        fresh.figures = pack.figures(fresh, by, now=at)
        fresh.signed_at, fresh.signed_by, fresh.signed_name = at, by, by.name
        fresh.version += 1
        fresh.save(update_fields=["figures", "signed_at", "signed_by", "signed_name", "version"])
        promises.keep(fresh.about, kinds.REVIEW, by=by.actor, at=at)
        ledger.record(None, "review.signed", by=by.actor, at=at, data={"review": fresh.pk}, about=fresh.about)
    return fresh


def _is_due(kind: str, period: Period) -> bool:
    """Whether there is none of it yet, and the desk was at work before its end."""
    if Review.objects.filter(kind=kind, first=period.first).exists():
        return False
    return Report.objects.filter(received_at__lt=period.moments(zone())[1]).exists()


def _unsigned(review: Review) -> Review:
    fresh = Review.objects.select_for_update().get(pk=review.pk)
    if fresh.is_signed:
        told = {"name": fresh.signed_name}
        raise Signed(_("%(name)s has signed this review; what is signed stays as it is.") % told)
    return fresh
