"""What is said: replies, notes, questions; and what programs pass on for reporters."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api import finding, problems
from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Flag, Moment, Reason, ReportNumber, Slug, Taken, Texts, WithWords, Words
from makegood.doors.api.finding import report_of, report_tag
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.doors.api.shapes import MessageOut, ReportOut, message_out, report_out, words
from makegood.life.aftercare import relayed
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import queries as known
from makegood.life.diagnosis.models import AskRequest, Question
from makegood.life.reports import conversation
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Message, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import automatic

area = Area("Conversation", "Speak to the reporter, ask, note; pass on what they say.")

NextAt = Annotated[Moment | None, Field(description="When the reporter hears next; by policy, if not given.")]


class Reply(WithWords):
    body: Words
    next_at: NextAt = None
    final: Annotated[Flag, Field(description="They need not expect more from us. Only once it is solved.")] = False
    waiting_for_reporter: Annotated[Flag, Field(description="They have the ball; our clocks stand still.")] = False


class Note(Taken):
    body: Words


class Ask(Taken):
    questions: Annotated[list[Slug], Field(min_length=1, max_length=20)]
    body: Annotated[Words, Field(description="`{{ questions }}` stands for the questions; else they follow.")]
    next_at: NextAt = None


class AskOut(BaseModel):
    """Questions we put to the reporter in one go, still waiting."""

    id: int
    questions: list[str]
    by: str
    made_at: datetime
    reminded_at: datetime | None
    expires_at: datetime | None


class Why(Taken):
    reason: Reason = ""


class Answers(Taken):
    answers: Texts


class Verdict(Taken):
    answer: Annotated[Literal["yes", "no", "not_yet"], Field(description="Is it solved for you?")]
    words: Reason = ""


class ReportQuestion(BaseModel):
    """A question for this report: `known` is what asking would be asking twice for."""

    slug: str
    text: str
    kind: str
    choices: list[str]
    known: str
    is_open: Annotated[bool, Field(description="Asked already, and not answered yet.")]


class Counted(BaseModel):
    kept: int


@area.get("/reports/{number}/messages", scope="reports:read", action="report.view", ok=Listed[MessageOut])
def list_messages(request: HttpRequest, number: ReportNumber, paging: Query[Paging]) -> Any:
    """List what was said, oldest first, notes included."""
    rows, after = walk(request, Message.objects.filter(report=report_of(request, number)), paging)
    return listed(request, rows, after, message_out, MessageOut)


@area.post(
    "/reports/{number}/replies",
    scope="messages:write",
    action="report.reply",
    ok=MessageOut,
    status=201,
    guard=report_tag,
)
def reply(request: HttpRequest, number: ReportNumber, body: Reply) -> Any:
    """Reply to the reporter.

    Every message names when they hear next, or says that it is final. A time named in the words must be the one
    promised; without `next_at` it becomes the promise. One that cannot be told for sure ("in a few days") is refused as
    `unclear_time` unless `times_confirmed`. It leaves after ten seconds; until then it can be taken back.
    """
    report, who = report_of(request, number), caller(request)
    told = body.model_dump()
    asks = not told.pop("times_confirmed")
    return message_out(updates.reply(report, by=who.actor, at=who.now, asks=asks, **told))


@area.post("/reports/{number}/notes", scope="messages:write", action="report.note", ok=MessageOut, status=201)
def write_note(request: HttpRequest, number: ReportNumber, body: Note) -> Any:
    """Write a note for colleagues; no reporter ever sees it."""
    report, who = report_of(request, number), caller(request)
    return message_out(conversation.note(report, body.body, by=who.actor, at=who.now))


@area.post(
    "/reports/{number}/asks", scope="messages:write", action="report.ask", ok=MessageOut, status=201, guard=report_tag
)
def ask(request: HttpRequest, number: ReportNumber, body: Ask) -> Any:
    """Ask the reporter for what is missing.

    In one message; our clocks wait for the answer. What is known already is not asked twice.
    """
    report, who = report_of(request, number), caller(request)
    found = {question.slug: question for question in Question.objects.filter(slug__in=body.questions, is_active=True)}
    missing = [place for place, slug in enumerate(body.questions) if slug not in found]
    if missing:
        raise problems.invalid(f"#/questions/{missing[0]}", "There is no such question.")
    wanted = [found[slug] for slug in dict.fromkeys(body.questions)]
    request_made = updates.ask(report, wanted, body.body, by=who.actor, at=who.now, next_at=body.next_at)
    if request_made.message is None:
        raise NotFound("message")
    return message_out(request_made.message)


@area.get("/reports/{number}/asks", scope="reports:read", action="report.view", ok=Listed[AskOut])
def list_asks(request: HttpRequest, number: ReportNumber) -> Any:
    """List what we asked the reporter and have not heard yet."""
    return _asks(report_of(request, number))


@area.post("/reports/{number}/asks/{id}/remind", scope="messages:write", action="report.ask", ok=Listed[AskOut])
def remind_of_ask(request: HttpRequest, number: ReportNumber, id: RowId) -> Any:
    """Remind the reporter of open questions; once."""
    report, who = report_of(request, number), caller(request)
    automatic.remind(_open_ask(report, id), now=who.now)
    return _asks(report)


@area.post("/reports/{number}/asks/{id}/withdraw", scope="messages:write", action="report.ask", ok=Listed[AskOut])
def withdraw_ask(request: HttpRequest, number: ReportNumber, id: RowId, body: Why) -> Any:
    """Wait no longer for these answers; returns what is still asked."""
    report, who = report_of(request, number), caller(request)
    diagnosis.withdraw_ask(_open_ask(report, id), by=who.actor, at=who.now, reason=body.reason)
    return _asks(report)


@area.delete("/reports/{number}/messages/{key}", scope="messages:write", action="report.note")
def unsay(request: HttpRequest, number: ReportNumber, key: Slug) -> Any:
    """Take a reply back before it leaves.

    Your own, within ten seconds. Promises, state and waiting are as they were.
    """
    report, who = report_of(request, number), caller(request)
    message = Message.objects.filter(report=report, key=key, agent=who.agent, is_internal=False).first()
    if message is None:
        raise NotFound(key)
    updates.unsay(message, by=who.actor, at=who.now)


@area.get("/reports/{number}/questions", scope="reports:read", action="report.view", ok=Listed[ReportQuestion])
def list_report_questions(request: HttpRequest, number: ReportNumber) -> Any:
    """List the questions worth asking on this report, most telling first."""
    report = report_of(request, number)
    shown = [
        ReportQuestion(
            slug=choice.question.slug,
            text=words(choice.question.texts),
            kind=choice.question.kind,
            choices=[value for value, _words in choice.question.choices_in("en")],
            known=choice.known,
            is_open=choice.is_open,
        )
        for choice in known.choices(report)
    ]
    return Listed[ReportQuestion](items=shown, next=None)


@area.post("/reports/{number}/answers", scope="messages:write", action="report.note", ok=Counted)
def keep_answers(request: HttpRequest, number: ReportNumber, body: Answers) -> Any:
    """Keep what the reporter told us elsewhere, as answers to questions."""
    report, who = report_of(request, number), caller(request)
    _refuse_unknown(body)
    kept = diagnosis.answer_many(report, body.answers, by=who.actor, at=who.now, source="agent")
    return Counted(kept=len(kept))


@area.post(
    "/reports/{number}/reporter/messages",
    scope="reporter:write",
    action="report.take_by_phone",
    ok=MessageOut,
    status=201,
)
def pass_on_message(request: HttpRequest, number: ReportNumber, body: Note) -> Any:
    """Pass on what the reporter says.

    In the reporter's name: our clocks go on, and an answer is owed. A report closed in the last two weeks opens again.
    """
    report, who = report_of(request, number), caller(request)
    return message_out(relayed.say(report, body.body, by=who.actor, at=who.now))


@area.post("/reports/{number}/reporter/answers", scope="reporter:write", action="report.take_by_phone", ok=Counted)
def pass_on_answers(request: HttpRequest, number: ReportNumber, body: Answers) -> Any:
    """Pass on the reporter's answers to what was asked."""
    report, who = report_of(request, number), caller(request)
    _refuse_unknown(body)
    return Counted(kept=relayed.answer(report, body.answers, by=who.actor, at=who.now))


@area.post("/reports/{number}/reporter/verdict", scope="reporter:write", action="report.take_by_phone", ok=ReportOut)
def pass_on_verdict(request: HttpRequest, number: ReportNumber, body: Verdict) -> Any:
    """Pass on whether it is solved for the reporter.

    `no` opens the report again, one step more severe.
    """
    report, who = report_of(request, number), caller(request)
    relayed.confirm(report, body.answer, by=who.actor, at=who.now, said=body.words)
    return report_out(report_of(request, number))


def _refuse_unknown(body: Answers) -> None:
    known_slugs = set(Question.objects.filter(slug__in=body.answers).values_list("slug", flat=True))
    finding.refuse_unknown_questions(set(body.answers), known_slugs, "#/answers")


def _open_ask(report: Report, key: int) -> AskRequest:
    found = AskRequest.objects.filter(pk=key, report=report, state="open").first()
    if found is None:
        raise NotFound(str(key))
    return found


def _asks(report: Report) -> Listed[AskOut]:
    """A fresh look: what was settled a moment ago is gone."""
    return Listed[AskOut](items=[_asked(one) for one in known.open_requests(report)], next=None)


def _asked(one: AskRequest) -> AskOut:
    plain = {name: getattr(one, name) for name in ("made_at", "reminded_at", "expires_at")}
    slugs = [asked.question.slug for asked in one.asked.all()]
    return AskOut(id=one.pk, questions=slugs, by=one.by_name, **plain)
