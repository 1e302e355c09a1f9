"""Exactly whom an announcement reaches and how, worked out before anything is said; and whether it can be said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.announcements import texts as words
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.problems import queries as problems
from makegood.life.problems.models import Problem
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time
from makegood.life.reports import states
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import Report
from makegood.life.updates import actions as updates

SOLVED, CLOSED, LEFT = "solved", "closed", "left"


@dataclass(frozen=True)
class Person:
    """One member report as an announcement finds it. ``why``: for what reason it is left alone, if it is."""

    report: Report
    way: str = ""
    why: str = ""

    @property
    def is_told(self) -> bool:
        return not self.why


@dataclass(frozen=True)
class Count:
    """How many, in full, whatever the one who asks may see. ``to_call``: told, but no mail of it will arrive.
    ``whom``: stands for exactly these reports.
    """

    reports: int
    people: int
    mails: int
    without_mail: int
    left_alone: int
    hidden: int
    to_call: int
    whom: str


class CannotBeSaid(Refusal):
    """The words do not fit somebody they go to; the sentence says whom and why."""


def reached(problem: Problem) -> list[Person]:
    """Everybody who belongs to ``problem``, newest report first, with the way to them or why they are left alone.

    Somebody with several reports gets one mail, to the newest; the others carry the words on their pages.
    """
    members = problems.every_member(problem).select_related("contact", "category", "team", "mailbox")
    found, heard = [], set[int]()
    for report in members.order_by("-pk"):
        why = reason_to_leave(report)
        way = "" if why else way_to(report, heard)
        if way == Recipient.MAIL:
            heard.add(report.contact_id)
        found.append(Person(report, way, why))
    return found


def reason_to_leave(report: Report) -> str:
    """Why a member is not told: it is solved or closed already; empty if it is in work."""
    return {states.SOLVED: SOLVED, states.CLOSED: CLOSED}.get(report.state, "")


def way_to(report: Report, heard: set[int]) -> str:
    """By which way its reporter hears. ``heard``: contacts who have had the mail in another thread."""
    if not report.contact.email:
        return Recipient.PAGE
    return Recipient.ELSEWHERE if report.contact_id in heard else Recipient.MAIL


def seen_by(seeker: Agent, people: Iterable[Person]) -> list[Person]:
    """Those whose report ``seeker`` may see."""
    known = list(people)
    seen = visible_reports(seeker).filter(pk__in=[person.report.pk for person in known])
    ids = set(seen.values_list("pk", flat=True))
    return [person for person in known if person.report.pk in ids]


def counted(people: list[Person], seen: list[Person]) -> Count:
    told = [person for person in people if person.is_told]
    mails = sum(person.way == Recipient.MAIL for person in told)
    return Count(
        reports=len(told),
        people=len({person.report.contact_id for person in told}),
        mails=mails,
        without_mail=sum(person.way == Recipient.PAGE for person in told),
        left_alone=len(people) - len(told),
        hidden=len(people) - len(seen),
        to_call=sum(is_to_be_called(person) for person in told),
        whom=mark_of(told),
    )


def is_to_be_called(person: Person) -> bool:
    """Told, but only on a page they may never open: without an address, or with one that mail does not arrive at."""
    if not person.is_told or person.way == Recipient.ELSEWHERE:
        return False
    return person.way == Recipient.PAGE or bool(person.report.contact.mail_problem)


def mark_of(told: Iterable[Person]) -> str:
    """Stands for exactly these reports: another mark, other people."""
    keys = ",".join(str(person.report.pk) for person in told)
    return hashlib.sha256(keys.encode()).hexdigest()[:16]


def named_time(announcement: Announcement, report: Report, *, at: datetime) -> tuple[str, datetime | None]:
    """Which promise the message makes, and when: the next news, or that we ask whether it works."""
    if announcement.kind == Announcement.NEWS:
        return kinds.NEXT_UPDATE, announcement.next_news_at
    kind = kinds.CONFIRM if report.kind == states.QUESTION else kinds.FOLLOW_UP
    return kind, promised_time(kind, report.severity, at, report.team)


def prepared(
    announcement: Announcement, report: Report, *, by: Actor, at: datetime, asks: bool = False
) -> updates.Prepared:
    """The words to one reporter as they will read them. Raises as ``updates.actions.prepare``. Changes nothing."""
    kind, next_at = named_time(announcement, report, at=at)
    said = words.words_for(announcement.texts, report)
    return updates.prepare(report, said, by=by, at=at, kind=kind, next_at=next_at, asks=asks)


def trial(
    announcement: Announcement, people: Iterable[Person], *, by: Actor, at: datetime, asks: bool = False
) -> Mapping[str, Report]:
    """Say it to nobody, once for each language and time zone it goes to. Returns language → somebody who reads it.

    Raises CannotBeSaid, and UnclearTime if whoever sends it is to be asked (``asks``).
    """
    found: dict[str, Report] = {}
    tried = set[tuple[str, str, str]]()
    for person in people:
        report = person.report
        one = (report.language, report.contact.time_zone, report.severity)
        if not person.is_told or one in tried:
            continue
        tried.add(one)
        try:
            prepared(announcement, report, by=by, at=at, asks=asks)
        except Refusal as refusal:
            language = str(dict(settings.LANGUAGES).get(report.language, report.language))
            told = {"language": _(language), "zone": report.contact.time_zone, "why": refusal}
            here = _("To people who read %(language)s, zone %(zone)s: %(why)s")
            words = (here if report.contact.time_zone else _("To people who read %(language)s: %(why)s")) % told
            if isinstance(refusal, updates.UnclearTime):
                raise updates.UnclearTime(words, refusal.moment, refusal.promised) from refusal
            raise CannotBeSaid(words) from refusal
        found.setdefault(report.language, report)
    return found
