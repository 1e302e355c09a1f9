"""What an announcement will look like: the mail of somebody it really goes to, or of a person who does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.announcements import access, people
from makegood.life.announcements import texts as words
from makegood.life.announcements.models import Announcement
from makegood.life.people.models import Agent, Contact
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import OutgoingMail, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import mails

TEST_PURPOSE = "announcement_test"
_SAMPLE_NUMBER = 1042


@dataclass(frozen=True)
class Sample:
    """One mail as it will leave. ``report``: whose it is; None: nobody's. ``problem``: why it cannot be said."""

    language: str
    subject: str = ""
    text: str = ""
    html: str = ""
    report: Report | None = None
    readers: int = 0
    reads: str = ""
    problem: str = ""


def samples(
    announcement: Announcement, told: list[people.Person], seen: list[people.Person], *, by: Agent, at: datetime
) -> list[Sample]:
    """A mail for every language somebody reads, and for every text written; of people ``by`` may see."""
    readers: dict[str, int] = {}
    for person in told:
        short = person.report.language.split("-")[0].lower()
        readers[short] = readers.get(short, 0) + 1
    languages = dict.fromkeys([*readers, *announcement.texts])
    shown: dict[str, Report] = {}
    for person in seen:
        shown.setdefault(person.report.language.split("-")[0].lower(), person.report)
    return [
        _sample(announcement, language, shown.get(language), readers.get(language, 0), by=by, at=at)
        for language in languages
    ]


def send_test(announcement: Announcement, language: str, *, by: Agent, at: datetime) -> OutgoingMail:
    """Mail it to oneself, as nobody's. Raises BadText and what ``updates.actions.prepare`` refuses."""
    access.check_may_tell(by, announcement.problem)
    words.check(announcement.texts)
    reader = Contact(name=by.name, email=by.email, language=language, time_zone=by.time_zone)
    mail, _said = _nobodys(announcement, language, reader, by=by, at=at)
    with transaction.atomic():
        return queue_mail(
            None,
            to=(by.email, by.name),
            subject=_("Trial: %s") % mail.subject,
            text=mail.text,
            html=mail.html,
            purpose=TEST_PURPOSE,
            key=f"announcement-test:{announcement.pk}:{language}:{at.isoformat()}",
            at=at,
            language=language,
        )


def _sample(
    announcement: Announcement, language: str, report: Report | None, readers: int, *, by: Agent, at: datetime
) -> Sample:
    try:
        words.check(announcement.texts)
        if report is None:
            reader = Contact(name=_("Ana Example"), email="ana@example.org", language=language)
            mail, _said = _nobodys(announcement, language, reader, by=by, at=at)
        else:
            said = people.prepared(announcement, report, by=by.actor, at=at)
            mail = _mail(report, said.body, by=by)
    except Refusal as refusal:
        return Sample(language, report=report, readers=readers, problem=str(refusal))
    reads = words.reads(announcement.texts, language)
    return Sample(language, mail.subject, mail.text, mail.html, report, readers, reads)


def _nobodys(
    announcement: Announcement, language: str, reader: Contact, *, by: Agent, at: datetime
) -> tuple[mails.Mail, str]:
    report = Report(pk=_SAMPLE_NUMBER, contact=reader, language=language, severity=announcement.problem.severity)
    kind, next_at = people.named_time(announcement, report, at=at)
    body = words.words_for_sample(announcement.texts, language, reader)
    said = updates.prepare(report, body, by=by.actor, at=at, kind=kind, next_at=next_at).body
    return _mail(report, said, by=by), said


def _mail(report: Report, said: str, *, by: Agent) -> mails.Mail:
    return mails.compose(report, mails.signed(report, said, by.name), link=mails.portal_address())
