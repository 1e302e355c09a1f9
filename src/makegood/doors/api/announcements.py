"""One word to everybody a problem hit: written, looked at with exactly the people it reaches, sent, followed."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api.announcement_shapes import (
    AnnouncementOut,
    AnnouncementRow,
    PreviewOut,
    RecipientOut,
    announcement_out,
    announcement_row,
    person_out,
    preview_out,
    recipient_out,
)
from makegood.doors.api.area import Answer, Area, caller, tag_of
from makegood.doors.api.faults import ProblemNumber
from makegood.doors.api.fields import Moment, Reason, Slug, Taken, WithWords, text
from makegood.doors.api.furnishing import Language
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.lib.errors import Refusal
from makegood.life.announcements import access, actions, people, queries, samples, texts
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.people.models import Agent
from makegood.life.problems.access import access_problem
from makegood.life.reports.access import visible_reports

area = Area("Announcements", "One word to everybody a problem hit: write it, look whom it reaches, send it, follow it.")
READ, WRITE, TELL = "announcements:read", "announcements:write", "problem.announce"
_Words = text(texts.LONGEST)
_Mark = text(40)


class NoAddress(Refusal):
    """A program has no address that a trial could be mailed to."""


class DraftIn(Taken):
    """`news` names when the next news comes; `fixed` says that it is fixed and asks whether it works."""

    kind: Literal["news", "fixed"]
    texts: Annotated[
        dict[Language, _Words],  # type: ignore[valid-type]
        Field(description="Language to words. `{{ first_name }}`, `{{ number }}` and the like are filled for each."),
    ]
    next_news_at: Annotated[Moment | None, Field(description="For `news`: everybody told is promised this.")] = None


class SendIn(WithWords):
    expected: Annotated[int, Field(strict=True, ge=1, le=10**9, description="How many reports you saw it reaches.")]
    whom: Annotated[_Mark, Field(description="`whom` of the preview: refused if it reaches others now.")] = ""  # type: ignore[valid-type]
    reason: Annotated[Reason, Field(description="Why a fix without passing evidence goes out. For leads.")] = ""


class TrialIn(Taken):
    language: Language | None = None


class TrialMailOut(BaseModel):
    to: Annotated[str, Field(description="The address of the token's owner.")]


class GoOn(Taken):
    next_news_at: Annotated[Moment | None, Field(description="Another time, for those still to be told.")] = None


class Which(Paging):
    state: Literal["", "waiting", "said", "skipped", "failed"] = ""
    answer: Literal["", "yes", "no", "not_yet"] = ""


@area.get("/problems/{problem}/announcements", scope=READ, action="problem.view", ok=Listed[AnnouncementRow])
def list_announcements(request: HttpRequest, problem: ProblemNumber, which: Query[Paging]) -> Any:
    """List what everybody was told about a problem, newest first, with your own drafts."""
    agent = caller(request).agent
    rows = access.visible_announcements(agent).filter(problem=access_problem(agent, problem))
    shown, after = walk(request, rows.select_related("problem"), which, falling=True)
    return listed(request, shown, after, announcement_row, AnnouncementRow)


@area.post("/problems/{problem}/announcements", scope=WRITE, action=TELL, ok=AnnouncementOut, status=201)
def write_announcement(request: HttpRequest, problem: ProblemNumber, body: DraftIn) -> Any:
    """Write a draft.

    You have one of each kind a problem: another one takes its place. Nothing leaves before you send it.
    """
    who = caller(request)
    draft = actions.save(
        access_problem(who.agent, problem),
        body.kind,
        body.texts,
        by=who.agent,
        at=who.now,
        next_news_at=body.next_news_at,
    )
    address = f"{settings.BASE_URL}/api/v1/announcements/{draft.key}"
    return Answer(announcement_out(_of(request, draft.key)), 201, {"Location": address})


@area.get("/announcements/{key}", scope=READ, action="problem.view", ok=AnnouncementOut, is_tagged=True)
def read_announcement(request: HttpRequest, key: Slug) -> Any:
    """Read an announcement: its words, how far it is, what became of the mails, what was answered."""
    return announcement_out(_of(request, key))


def _tag(request: HttpRequest, key: str, **_more: Any) -> str:
    access.lock(_of(request, key).pk)
    return tag_of(announcement_out(_of(request, key)))


@area.get("/announcements/{key}/preview", scope=READ, action=TELL, ok=PreviewOut)
def preview_announcement(request: HttpRequest, key: Slug) -> Any:
    """Look at it before it leaves.

    How many it reaches, a mail for every language as it will read, and what speaks against sending it.
    """
    found, who = _of(request, key), caller(request)
    return preview_out(who.agent, found, at=who.now)


@area.get("/announcements/{key}/recipients", scope=READ, action="problem.view", ok=Listed[RecipientOut])
def list_recipients(request: HttpRequest, key: Slug, which: Query[Which]) -> Any:
    """List exactly whom it reaches, newest report first.

    Of a draft: as of now, with who is left alone and why. Once sent: what became of each, and what they answered. Only
    reports you may see; the counts count everybody.
    """
    found, agent = _of(request, key), caller(request).agent
    if found.is_draft:
        return _reached(request, agent, found, which)
    rows = access.visible_recipients(agent, found)
    rows = rows.filter(state=which.state) if which.state else rows
    rows = rows.filter(answer=which.answer) if which.answer else rows
    shown, after = walk(request, rows, which, by=("report_id",), falling=True)
    mails = queries.mails_of(found, shown)
    return listed(request, shown, after, lambda row: recipient_out(row, mails.get(row.message_id or 0)), RecipientOut)


@area.post("/announcements/{key}/test", scope=WRITE, action=TELL, ok=TrialMailOut)
def test_announcement(request: HttpRequest, key: Slug, body: TrialIn) -> Any:
    """Mail a trial to the token's owner, as nobody's."""
    found, who = _of(request, key), caller(request)
    if who.agent.is_service:
        raise NoAddress(_("A program has no address. Use the token of a person, or look at the preview."))
    mail = samples.send_test(found, body.language or who.agent.language, by=who.agent, at=who.now)
    return TrialMailOut(to=mail.to_email)


@area.post("/announcements/{key}/send", scope=WRITE, action=TELL, ok=AnnouncementOut, guard=_tag)
def send_announcement(request: HttpRequest, key: Slug, body: SendIn) -> Any:
    """Send it to exactly the people there are now.

    It begins in ten minutes; until then `/stop` takes it back as if it had never been. Refused if it reaches another
    number of reports than `expected`, or with `whom` of the preview others than those. Send the `ETag` of the draft you
    read, and no other words leave.
    """
    found, who = _of(request, key), caller(request)
    actions.send(found, by=who.agent, at=who.now, **body.as_told())
    return announcement_out(_of(request, key))


@area.post("/announcements/{key}/begin", scope=WRITE, action=TELL, ok=AnnouncementOut)
def begin_announcement(request: HttpRequest, key: Slug) -> Any:
    """Wait no longer: it goes out now."""
    found, who = _of(request, key), caller(request)
    actions.begin_now(found, by=who.agent, at=who.now)
    return announcement_out(_of(request, key))


@area.post("/announcements/{key}/stop", scope=WRITE, action=TELL, ok=AnnouncementOut)
def stop_announcement(request: HttpRequest, key: Slug) -> Any:
    """Stop it. Whoever has not been told hears nothing."""
    found, who = _of(request, key), caller(request)
    actions.cancel(found, by=who.agent, at=who.now)
    return announcement_out(_of(request, key))


@area.post("/announcements/{key}/go-on", scope=WRITE, action=TELL, ok=AnnouncementOut)
def go_on_with_announcement(request: HttpRequest, key: Slug, body: GoOn) -> Any:
    """Go on with those who have not been told, after a stop or a failure. Nobody is told twice."""
    found, who = _of(request, key), caller(request)
    actions.go_on(found, by=who.agent, at=who.now, next_news_at=body.next_news_at)
    return announcement_out(_of(request, key))


@area.delete("/announcements/{key}", scope=WRITE, action=TELL)
def drop_announcement(request: HttpRequest, key: Slug) -> Any:
    """Throw a draft away."""
    actions.drop(_of(request, key))


def _of(request: HttpRequest, key: str) -> Announcement:
    return access.access_announcement(caller(request).agent, key)


def _reached(request: HttpRequest, agent: Agent, found: Announcement, which: Which) -> Any:
    """Whom a draft would reach now: the list is worked out as a whole, then shown from the cursor on."""
    states = {Recipient.WAITING: True, Recipient.SKIPPED: False}
    seen = {one.report.pk: one for one in people.seen_by(agent, people.reached(found.problem))}
    if which.answer or which.state:
        seen = {pk: one for pk, one in seen.items() if not which.answer and states.get(which.state) is one.is_told}
    rows = visible_reports(agent).filter(pk__in=seen)
    shown, after = walk(request, rows, which, falling=True)
    return listed(request, shown, after, lambda report: person_out(seen[report.pk]), RecipientOut)
