"""The verbs of an announcement. Each: lock, check, change, record, one transaction; the saying itself is a job.

Nothing leaves before a person has seen exactly whom it reaches and how many, and until it begins it can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.engine.queue import enqueue
from makegood.lib.errors import Refusal
from makegood.life.announcements import access, people
from makegood.life.announcements import texts as words
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.fixes.evidence import readiness
from makegood.life.people import roles
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Problem
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time

JOB = "announcement.slice"
# So long it can be taken back as if it had never been; whoever is sure begins at once.
HELD = timedelta(minutes=10)
# A time named in it must still be to come when the last one reads it.
SOONEST_NEWS = timedelta(minutes=30)
_PRIORITY = 4


class NotADraft(Refusal):
    """It has been sent already, so it can no longer be changed."""


class NeedsTime(Refusal):
    """News must say when the next news comes."""


class NeedsFix(Refusal):
    """A fix is announced once cause and fix are written down (F4)."""


class NeedsEvidence(Refusal):
    """Nothing shows yet that the fix works: a lead may let it go out, by name and with a reason (F3)."""


class NobodyToTell(Refusal):
    """Everybody who belongs to the problem is solved or closed."""


class PeopleChanged(Refusal):
    """Other people than those looked at would be told."""


class UnderWay(Refusal):
    """Another announcement of this problem is on its way."""


class NotUnderWay(Refusal):
    """There is nothing to begin, stop or go on with."""


class Sending(TypedDict, total=False):
    """``expected``: how many reports whoever sends it saw that it would reach; ``whom``: the mark of exactly these
    (``people.mark_of``). ``reason``: why without evidence. ``asks``: whoever sends it is there to be asked what a
    doubtful time in the words means (UnclearTime).
    """

    expected: int | None
    whom: str
    reason: str
    held: timedelta
    asks: bool


def save(
    problem: Problem,
    kind: str,
    texts: Mapping[str, str],
    *,
    by: Agent,
    at: datetime,
    next_news_at: datetime | None = None,
) -> Announcement:
    """Keep what ``by`` writes; one draft a person, problem and kind. Raises BadText, NotYours."""
    access.check_may_tell(by, problem)
    if kind not in dict(Announcement.KINDS):
        raise TypeError(f"There is no announcement of the kind {kind}.")
    fields: dict[str, Any] = {
        "texts": words.cleaned(texts),
        "next_news_at": next_news_at if kind == Announcement.NEWS else None,
        "changed_at": at,
    }
    made = {"made_by": by.name, "made_at": at, **fields}
    with transaction.atomic():
        draft, _new = Announcement.objects.update_or_create(
            problem=problem, agent=by, kind=kind, state=Announcement.DRAFT, defaults=fields, create_defaults=made
        )
    return draft


def drop(announcement: Announcement) -> None:
    """Throw a draft away. Raises NotADraft."""
    with transaction.atomic():
        if not access.lock(announcement.pk).is_draft:
            raise NotADraft(_("It has been sent already."))
        Announcement.objects.filter(pk=announcement.pk).delete()


def default_news_at(problem: Problem, *, at: datetime) -> datetime:
    """When the next news would be promised by policy."""
    return promised_time(kinds.PUBLIC_NEWS, problem.severity, at, problem.team)


def check(announcement: Announcement, *, at: datetime, begins: datetime | None = None) -> None:
    """Raise unless the words can go out as they are: BadText, NeedsTime, NeedsFix."""
    words.check(announcement.texts)
    if announcement.kind == Announcement.NEWS:
        if announcement.next_news_at is None:
            raise NeedsTime(_("Say when the next news comes: everybody told is promised that time."))
        if announcement.next_news_at < (begins or at) + SOONEST_NEWS:
            raise NeedsTime(_("The time of the next news is too near: choose one at least half an hour after sending."))
    problem = announcement.problem
    if announcement.kind == Announcement.FIXED and not (problem.cause.strip() and problem.fix.strip()):
        raise NeedsFix(_("Write the cause and the fix down on the problem first; they are kept with every report."))


def send(announcement: Announcement, *, by: Agent, at: datetime, **how: Unpack[Sending]) -> Announcement:
    """Put it in line for exactly the people there are now; it begins after ``held`` (default ten minutes).

    The same again returns what was sent. Raises NotYours, BadText, NeedsTime, NeedsFix, NeedsEvidence, NobodyToTell,
    PeopleChanged, CannotBeSaid, UnclearTime, UnderWay.
    """
    access.check_may_tell(by, announcement.problem)
    starts_at = at + how.get("held", HELD)
    with transaction.atomic():
        fresh = access.lock(announcement.pk)
        if not fresh.is_draft:
            return fresh
        check(fresh, at=at, begins=starts_at)
        shown = _evidence(fresh, how.get("reason", ""), by=by.actor)
        found = people.reached(fresh.problem)
        told = [person for person in found if person.is_told]
        if not told:
            raise NobodyToTell(_("Nobody who belongs to this problem has an open report, so there is nobody to tell."))
        if how.get("expected") not in (None, len(told)):
            raise PeopleChanged(
                _("Meanwhile it reaches %d reports, not as many as you saw. Look at them, then send it.") % len(told)
            )
        if how.get("whom") not in (None, "", people.mark_of(told)):
            raise PeopleChanged(_("Meanwhile it reaches other people than those you saw. Look at them, then send it."))
        people.trial(fresh, told, by=by.actor, at=starts_at, asks=how.get("asks", False))
        _write_down(fresh, found)
        fields = {
            "state": Announcement.QUEUED,
            "queued_at": at,
            "starts_at": starts_at,
            "agent": by,
            "made_by": by.name,
        }
        _put(fresh, {**fields, **shown})
        _in_line(fresh, run_at=starts_at)
        data = {"kind": fresh.kind, "reports": len(told), "untested": bool(fresh.override_by)}
        _record(fresh, "announcement.made", by=by.actor, at=at, data=data, reason=fresh.override_reason)
    return fresh


def begin_now(announcement: Announcement, *, by: Agent, at: datetime) -> Announcement:
    """Do not wait any longer. Raises NotUnderWay, NotYours."""
    access.check_may_tell(by, announcement.problem)
    with transaction.atomic():
        fresh = access.lock(announcement.pk)
        if fresh.state == Announcement.RUNNING:
            return fresh
        if fresh.state != Announcement.QUEUED:
            raise NotUnderWay(_("It does not wait to begin."))
        _put(fresh, {"starts_at": at})
        _in_line(fresh, run_at=at)
    return fresh


def cancel(announcement: Announcement, *, by: Agent, at: datetime) -> Announcement:
    """Stop it. Before it began nobody hears anything; later the rest does not. Raises NotUnderWay, NotYours."""
    access.check_may_tell(by, announcement.problem)
    with transaction.atomic():
        fresh = access.lock(announcement.pk)
        if fresh.state == Announcement.CANCELLED:
            return fresh
        if not fresh.is_under_way:
            raise NotUnderWay(_("It is not on its way any more."))
        _stop(fresh, by=by.actor, at=at)
    return fresh


def has_come_back(announcement: Announcement) -> bool:
    """Whether it says "it is fixed" of what came back after it was sent: nobody else is to hear that."""
    came_back_at, sent_at = announcement.problem.came_back_at, announcement.queued_at
    return announcement.kind == Announcement.FIXED and bool(came_back_at and sent_at and came_back_at > sent_at)


def go_on(announcement: Announcement, *, by: Agent, at: datetime, next_news_at: datetime | None = None) -> Announcement:
    """Tell those who have not been told: after a stop, or those it could not be said to. Whoever has it gets no second.

    ``next_news_at``: another time for the next news, for those still to be told.

    Raises NotUnderWay, UnderWay, NeedsTime, NotYours.
    """
    access.check_may_tell(by, announcement.problem)
    with transaction.atomic():
        fresh = access.lock(announcement.pk)
        if fresh.is_draft or fresh.state == Announcement.QUEUED:
            raise NotUnderWay(_("There is nothing to go on with."))
        if has_come_back(fresh):
            raise NotUnderWay(_("The problem came back after this was sent. Write a new word once it is fixed."))
        fresh.recipients.filter(state=Recipient.FAILED).update(state=Recipient.WAITING, why="", at=None)
        if not fresh.recipients.filter(state=Recipient.WAITING).exists():
            raise NotUnderWay(_("Everybody has been told."))
        if next_news_at and fresh.kind == Announcement.NEWS:
            _put(fresh, {"next_news_at": next_news_at})
        check(fresh, at=at)
        _put(fresh, {"state": Announcement.RUNNING if fresh.started_at else Announcement.QUEUED, "finished_at": None})
        _in_line(fresh, run_at=at)
        _record(fresh, "announcement.resumed", by=by.actor, at=at)
    return fresh


def in_line_again(announcement: Announcement, *, at: datetime) -> None:
    """The next slice, for the job itself. Within its transaction."""
    _in_line(announcement, run_at=at)


def stop(announcement: Announcement, *, at: datetime, reason: str) -> None:
    """Nobody else hears it, for the job itself. Within its transaction."""
    _stop(announcement, by=SYSTEM, at=at, reason=reason)


def change(announcement: Announcement, **fields: Any) -> None:
    """Write ``fields`` on the locked row, for the job itself. Within its transaction."""
    _put(announcement, fields)


def record(announcement: Announcement, kind: str, *, by: Actor, at: datetime, **more: Any) -> None:
    """Write a ledger entry about the announcement and its problem. ``more``: as for ``problems.actions.record``."""
    _record(announcement, kind, by=by, at=at, **more)


# The parts of the verbs.


def _stop(fresh: Announcement, *, by: Actor, at: datetime, **more: Any) -> None:
    _put(fresh, {"state": Announcement.CANCELLED, "finished_at": at, "turn": fresh.turn + 1})
    told = fresh.recipients.filter(state=Recipient.SAID).count()
    _record(fresh, "announcement.cancelled", by=by, at=at, data={"told": told}, **more)


def _evidence(fresh: Announcement, reason: str, *, by: Actor) -> dict[str, Any]:
    """What is kept of the evidence for a fix, and of who went without. Raises NeedsEvidence."""
    if fresh.kind != Announcement.FIXED:
        return {}
    found = readiness(fresh.problem)
    kept = {"missing": list(found.missing), "passed": list(found.passed)}
    if found.is_tested:
        return {"evidence": kept}
    why = " ".join(found.missing)
    if not roles.may(by.role, "problem.announce_untested"):
        raise NeedsEvidence(_("%s A lead can let it go out all the same.") % why)
    if not reason.strip():
        raise NeedsEvidence(_("%s To announce it all the same, write why; it is kept with your name.") % why)
    return {"evidence": kept, "override_by": by.name, "override_reason": reason.strip()[:2000]}


def _write_down(fresh: Announcement, found: list[people.Person]) -> None:
    """One row a report, unique: whoever has a row is told at most once."""
    Recipient.objects.bulk_create(
        (
            Recipient(
                announcement=fresh,
                report=person.report,
                contact=person.report.contact,
                language=person.report.language,
                state=Recipient.WAITING if person.is_told else Recipient.SKIPPED,
                why=person.why,
                way=person.way,
            )
            for person in found
        ),
        batch_size=500,
    )


def _put(fresh: Announcement, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(fresh, name, value)
    try:
        with transaction.atomic():
            fresh.save(update_fields=list(fields))
    except IntegrityError:
        raise UnderWay(
            _("Another word to everybody about this problem is on its way. Wait for it, or stop it.")
        ) from None


def _in_line(fresh: Announcement, *, run_at: datetime) -> None:
    _put(fresh, {"turn": fresh.turn + 1})
    payload = {"announcement": fresh.pk, "turn": fresh.turn}
    enqueue(JOB, f"{fresh.pk}:{fresh.turn}", payload, run_at=run_at, priority=_PRIORITY)


def _record(fresh: Announcement, kind: str, *, by: Actor, at: datetime, **more: Any) -> None:
    data = {"announcement": fresh.pk, "what": fresh.kind, **more.pop("data", {})}
    problems.record(fresh.problem, kind, by=by, at=at, data=data, **more)
