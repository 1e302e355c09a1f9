"""Making one person unknown, everywhere: looked at first, then done by a job in slices.

A slice is one transaction and asks what is left, so one that was killed is done again and nothing is forgotten. What
the person is known by rests sealed on the row until the end, because it is erased first and finds everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.engine import database, search
from makegood.engine.live import publish
from makegood.engine.models import Job
from makegood.engine.queue import enqueue
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.aftercare import actions as aftercare
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent, Contact
from makegood.life.privacy import mentions, scope
from makegood.life.privacy.holding import Holding
from makegood.life.privacy.holdings import TABLE
from makegood.life.privacy.models import Archive, Erasure
from makegood.life.privacy.scope import Scope
from makegood.life.reports import access, ledger
from makegood.life.reports.models import Report

JOB = "privacy.erase"
SLICE, LONGEST = 100, 300
_PAUSE = timedelta(milliseconds=200)
OPEN_REPORTS = "open_reports"


class NotConfirmed(Refusal):
    """What was typed is not what was asked for."""


class NothingToErase(Refusal):
    """Nothing of this person is left."""


class UnderWay(Refusal):
    """They are being erased already."""


@dataclass(frozen=True)
class Found:
    """How many things of one kind there are."""

    name: str
    says: Any
    count: int


def look(contact: Contact) -> list[Found]:
    """The dry run: exactly what would go, kind by kind; kinds of which there is nothing are left out."""
    theirs = scope.of_person(contact)
    found = [Found(row.name, row.says, row.left(theirs).count()) for row in TABLE]
    found.append(Found(mentions.NAME, _("places where others name them"), mentions.count(theirs)))
    return [one for one in found if one.count]


def open_reports(contact: Contact) -> int:
    """How many of their reports would be closed, because nobody is left to keep a promise to."""
    return Report.objects.filter(contact=contact).exclude(state="closed").count()


def to_type(contact: Contact) -> str:
    """What must be typed to confirm: the address, or what else they are called."""
    return contact.email or contact.name or contact.key


def is_confirmed(contact: Contact, typed: str) -> bool:
    """Whether what was typed is what is asked for."""
    return typed.strip().lower() == to_type(contact).strip().lower()


def start(contact: Contact, *, by: Agent, at: datetime, typed: str, reason: str) -> Erasure:
    """Put it in line. Raises NotConfirmed, NothingToErase, UnderWay."""
    if not is_confirmed(contact, typed):
        raise NotConfirmed(_("Type exactly what is asked for, so that nobody else is erased."))
    if not reason.strip():
        raise NotConfirmed(_("Say why, such as the date of their letter. Write no names: it stays on the certificate."))
    if len(reason.strip()) > LONGEST:
        raise NotConfirmed(_("At most %d characters fit on the certificate.") % LONGEST)
    theirs = scope.of_person(contact)
    if mentions.without(reason, theirs.words) != reason:
        raise NotConfirmed(_("The reason names the person. It stays on the certificate, so write it without."))
    expected = {one.name: one.count for one in look(contact)}
    if not expected:
        raise NothingToErase(_("Nothing of this person is left here."))
    with transaction.atomic():
        rows.lock(Contact, contact.pk)
        if Erasure.objects.filter(contact=contact, finished_at=None).exists():
            raise UnderWay(_("This person is being erased already."))
        made = Erasure.objects.create(
            contact=contact,
            contact_key=contact.key,
            person=theirs.sealed(),
            reason=reason.strip(),
            agent=by,
            asked_by=by.name,
            asked_at=at,
            expected=expected,
        )
        Archive.objects.filter(contact=contact, state=Archive.RUNNING).update(state=Archive.FAILED)
        ledger.record(None, "privacy.erasure_started", by=by.actor, at=at, data={"erasure": made.key})
        _in_line(made, at)
    return made


def run_slice(payload: dict[str, Any], now: datetime) -> None:
    """The job: the next few things, then itself again. An older slice than the one in line does nothing."""
    with database.leaving_no_trace(), transaction.atomic():
        row = rows.lock(Erasure, payload["erasure"])
        if not row.is_under_way or row.turn != payload["turn"]:
            return
        if row.state == Erasure.SHEDDING:
            _shed(row, now)
        else:
            _some(row, now)
        row.save()
        publish(f"erasure:{row.key}", row.key, at=now)
    if row.state == Erasure.DONE:
        database.tend()


def is_stuck(erasure: Erasure) -> bool:
    """Whether its job was given up after many tries, so that somebody has to let it go on."""
    key = f"{erasure.pk}:{erasure.turn}"
    return erasure.is_under_way and Job.objects.filter(name=JOB, key=key, parked_at__isnull=False).exists()


def begin_again(erasure: Erasure, *, by: Agent, at: datetime) -> None:
    """Go on after a fault was put right."""
    with transaction.atomic():
        row = rows.lock(Erasure, erasure.pk)
        if row.is_under_way:
            row.error = ""
            _in_line(row, at)
            ledger.record(None, "privacy.erasure_started", by=by.actor, at=at, data={"erasure": row.key, "again": True})


# The parts of a slice.


def _some(row: Erasure, now: datetime) -> None:
    theirs = Scope.opened(row.person)
    row.state, row.started_at = Erasure.RUNNING, row.started_at or now
    for name, erase in _steps(row, now):
        row.place = name
        if done := erase(theirs):
            row.removed[name] = row.removed.get(name, 0) + done
            _in_line(row, now)
            return
    row.state, row.place = Erasure.SHEDDING, ""
    _in_line(row, now)


def _steps(row: Erasure, now: datetime) -> list[tuple[str, Callable[[Scope], int]]]:
    """What is done in which order. The contact before open reports are closed: then no mail of it finds an address."""
    by = row.agent.actor if row.agent else Actor(SYSTEM.kind, None, row.asked_by)
    first, *rest = [(one.name, _erasing(one)) for one in TABLE]
    return [first, (OPEN_REPORTS, lambda theirs: _close(theirs, by, now)), *rest, (mentions.NAME, _named)]


def _erasing(one: Holding) -> Callable[[Scope], int]:
    return lambda theirs: one.erase(theirs, most=SLICE)


def _named(theirs: Scope) -> int:
    return mentions.erase(theirs, most=SLICE)


def _close(theirs: Scope, by: Actor, now: datetime) -> int:
    """Nobody is left to keep a promise to: what is open ends as withdrawn."""
    some = Report.objects.filter(contact__in=theirs.contacts).exclude(state="closed").order_by("pk")[:SLICE]
    done = 0
    for report in some:
        with override(report.language):
            aftercare.close(report, reason="withdrawn", by=by, at=now, undo=timedelta(0))
        done += 1
    return done


def _shed(row: Erasure, now: datetime) -> None:
    """The words leave the files of the index as well; then it is done, and what found the person is forgotten."""
    if search.shed():
        _in_line(row, now + _PAUSE)
        return
    row.state, row.finished_at, row.person, row.place = Erasure.DONE, now, "", ""
    data = {"erasure": row.key, "count": sum(row.removed.values())}
    by = row.agent.actor if row.agent else SYSTEM
    ledger.record(None, "privacy.erased", by=by, at=now, data=data)


def _in_line(row: Erasure, at: datetime) -> None:
    """The next slice; within the transaction of this one."""
    row.turn += 1
    Erasure.objects.filter(pk=row.pk).update(turn=row.turn)
    enqueue(JOB, f"{row.pk}:{row.turn}", {"erasure": row.pk, "turn": row.turn}, run_at=at, priority=6)


def access_erasure(seeker: Agent, key: str) -> Erasure:
    """One of the erasures, for whoever may erase. Raises NotFound."""
    found = Erasure.objects.filter(key=key).select_related("contact", "agent").first()
    if found is None or not seeker.may("privacy.erase"):
        raise access.NotFound(key)
    return found
