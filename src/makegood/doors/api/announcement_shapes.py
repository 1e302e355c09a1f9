"""How announcements go out: what was told, whom it reaches, what came of it."""

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from pydantic import BaseModel, Field

from makegood.doors.api.shapes import ContactRef, number_of
from makegood.life.announcements import people, queries, samples
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.fixes.evidence import readiness
from makegood.life.people.models import Agent
from makegood.life.reports.models import OutgoingMail, Report


class AnnouncementRow(BaseModel):
    """An announcement as lists show it."""

    key: str
    problem: str
    kind: str
    state: Annotated[str, Field(description="draft, queued (about to begin), running, done or cancelled")]
    languages: list[str]
    next_news_at: datetime | None
    made_by: str
    made_at: datetime
    starts_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    override_by: Annotated[str, Field(description="Who let a fix go out without passing evidence.")]
    override_reason: str
    url: Annotated[str, Field(description="Where people look at it.")]


class ProgressOut(BaseModel):
    waiting: int
    said: int
    skipped: int
    failed: int


class DeliveriesOut(BaseModel):
    """Each mail counts once; what came back does not count as sent."""

    waiting: int
    sent: int
    came_back: int
    failed: int


class AnswersOut(BaseModel):
    yes: int
    no: int
    not_yet: int
    silent: int


class AnnouncementOut(AnnouncementRow):
    """With its words, and how far it is."""

    texts: dict[str, str]
    is_stuck: Annotated[bool, Field(description="Its job was given up; somebody has to let it go on.")]
    progress: ProgressOut
    deliveries: DeliveriesOut
    answers: AnswersOut


class ReachOut(BaseModel):
    """How many, in full, whatever you may see."""

    reports: Annotated[int, Field(description="What `expected` must say.")]
    people: int
    mails: int
    without_mail: int
    left_alone: int
    hidden: Annotated[int, Field(description="Reports among them that you may not see.")]
    to_call: Annotated[int, Field(description="Told, but no mail arrives: without an address, or with one that fails.")]
    whom: Annotated[str, Field(description="Stands for exactly these reports; hand it to `send`.")]


class SampleOut(BaseModel):
    """One mail as it will read: of a report you may see, or of nobody."""

    language: str
    reads: Annotated[str, Field(description="The language its words are in.")]
    readers: int
    report: str | None
    subject: str
    text: str
    problem: Annotated[str, Field(description="Why it cannot be said; empty if it can.")]


class PreviewOut(BaseModel):
    reach: ReachOut
    samples: list[SampleOut]
    is_tested: Annotated[bool | None, Field(description="Of a fix: whether evidence shows that it works.")]
    missing: Annotated[list[str], Field(description="Why it does not, a sentence each.")]
    under_way: Annotated[str | None, Field(description="Another announcement that is on its way.")]


class RecipientOut(BaseModel):
    """One report told, or not. ``state`` of a draft: waiting or skipped."""

    report: str
    title: str
    contact: ContactRef
    language: str
    state: str
    why: Annotated[str, Field(description="Skipped: solved, closed or left. Failed: a sentence.")]
    way: Annotated[str, Field(description="mail; page: no address; elsewhere: the mail goes to a newer report.")]
    at: datetime | None
    mail: Annotated[str, Field(description="State of the mail; `bounced` if it came back; empty for none.")]
    answer: Annotated[str, Field(description="yes, no, not_yet, or empty while they are silent")]
    answered_at: datetime | None


def announcement_row(row: Announcement) -> AnnouncementRow:
    return AnnouncementRow(**_row(row))


def announcement_out(row: Announcement) -> AnnouncementOut:
    return AnnouncementOut(
        **_row(row),
        texts=row.texts,
        is_stuck=queries.is_stuck(row),
        progress=ProgressOut(**vars(queries.progress(row))),
        deliveries=DeliveriesOut(**vars(queries.deliveries(row))),
        answers=AnswersOut(**vars(queries.answered(row))),
    )


def preview_out(agent: Agent, row: Announcement, *, at: datetime) -> PreviewOut:
    everybody = people.reached(row.problem)
    seen = people.seen_by(agent, everybody)
    told, shown = ([one for one in some if one.is_told] for some in (everybody, seen))
    ready = readiness(row.problem) if row.kind == Announcement.FIXED else None
    other = queries.under_way(row.problem)
    return PreviewOut(
        reach=ReachOut(**vars(people.counted(everybody, seen))),
        samples=[_sample(one) for one in samples.samples(row, told, shown, by=agent, at=at)],
        is_tested=ready.is_tested if ready else None,
        missing=list(ready.missing) if ready else [],
        under_way=other.key if other and other.pk != row.pk else None,
    )


def recipient_out(row: Recipient, mail: OutgoingMail | None) -> RecipientOut:
    plain = ("language", "state", "why", "way", "at", "answer", "answered_at")
    state = ("bounced" if mail.bounced_at else mail.state) if mail else ""
    return RecipientOut(**_whose(row.report), **{name: getattr(row, name) for name in plain}, mail=state)


def person_out(one: people.Person) -> RecipientOut:
    """Somebody a draft would reach, or leave alone."""
    state = Recipient.WAITING if one.is_told else Recipient.SKIPPED
    return RecipientOut(
        **_whose(one.report),
        language=one.report.language,
        state=state,
        why=one.why,
        way=one.way,
        at=None,
        mail="",
        answer="",
        answered_at=None,
    )


def _whose(report: Report) -> dict[str, Any]:
    contact = report.contact
    named = ContactRef(key=contact.key, name=contact.name, email=contact.email)
    return {"report": number_of(report.pk), "title": report.title, "contact": named}


def _row(row: Announcement) -> dict[str, Any]:
    special = {
        "problem": row.problem.number,
        "languages": sorted(row.texts),
        "url": f"{settings.BASE_URL}/console/problems/announcements/{row.key}/",
    }
    return special | {name: getattr(row, name) for name in AnnouncementRow.model_fields if name not in special}


def _sample(one: samples.Sample) -> SampleOut:
    plain = ("language", "reads", "readers", "subject", "text", "problem")
    report = number_of(one.report.pk) if one.report else None
    return SampleOut(**{name: getattr(one, name) for name in plain}, report=report)
