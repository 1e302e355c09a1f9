"""Answering, asking, trying: each verb changes, records and keeps the report's completeness, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.diagnosis import queries
from makegood.life.diagnosis.completeness import Completeness
from makegood.life.diagnosis.models import Answer, AskedQuestion, AskRequest, Question
from makegood.life.people.actors import Actor
from makegood.life.promises import actions as promises
from makegood.life.reports import access, conversation, ledger
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Category, Message, Report

REMIND_AFTER = timedelta(days=2)
EXPIRE_AFTER = timedelta(days=7)
MAX_ANSWER = 20_000
# Where an answer is the reporter speaking to us now, not a form they filled in along with the report.
SPOKEN = ("portal", "mail")


class NothingAsked(Refusal):
    """A request without a question."""


class AlreadyKnown(Refusal):
    """The reporter told us before; asking again would cost their patience."""


class NotAnAnswer(Refusal):
    """The words do not answer the question: empty, too long, or none of the choices."""


def answer(
    report: Report,
    question: Question,
    text: str,
    *,
    by: Actor,
    at: datetime,
    source: str = "portal",
    data: dict[str, Any] | None = None,
) -> Answer:
    """Keep one answer. Raises NotAnAnswer."""
    return _keep(report, [_checked(report, question, text, by=by, at=at, source=source, data=data)], by=by, at=at)[0]


def answer_many(
    report: Report, answers: Mapping[str, str], *, by: Actor, at: datetime, source: str = "portal"
) -> list[Answer]:
    """Keep several answers, question slug → words; empty ones and unknown slugs are passed over. Raises NotAnAnswer."""
    given = {slug: text for slug, text in answers.items() if text and text.strip()}
    found = queries.by_slug(given)
    told = [(found[slug], text) for slug, text in given.items() if slug in found]
    return keep(report, told, by=by, at=at, source=source)


def keep(
    report: Report, given: Iterable[tuple[Question, str]], *, by: Actor, at: datetime, source: str
) -> list[Answer]:
    """Keep several answers, each with its question; empty ones are passed over. Raises NotAnAnswer."""
    kept = [_checked(report, question, text, by=by, at=at, source=source) for question, text in given if text.strip()]
    return _keep(report, kept, by=by, at=at) if kept else []


def keep_said(
    report: Report, given: Iterable[tuple[Question, str]], *, by: Actor, at: datetime, source: str = "mail"
) -> list[Answer]:
    """Keep answers whose words stand in the conversation already. Raises NotAnAnswer."""
    answers = [_checked(report, question, text, by=by, at=at, source=source) for question, text in given]
    return _keep(report, answers, by=by, at=at, is_said=True)


def ask(
    report: Report, questions: Iterable[Question], *, by: Actor, at: datetime, message: Message | None = None
) -> AskRequest:
    """Note what we ask of the reporter; the words go by ``updates.actions.ask``, which calls this.

    Raises NothingAsked, and AlreadyKnown naming what we know.
    """
    wanted = list(questions)
    if not wanted:
        raise NothingAsked(_("Choose at least one question."))
    _refuse_known(report, wanted)
    with transaction.atomic():
        request = AskRequest.objects.create(
            report=report,
            message=message,
            by_name=by.name,
            made_at=at,
            remind_at=at + REMIND_AFTER,
            expires_at=at + EXPIRE_AFTER,
        )
        AskedQuestion.objects.bulk_create(AskedQuestion(request=request, question=question) for question in wanted)
        data = {"request": request.pk, "questions": [question.slug for question in wanted]}
        ledger.record(report, "questions.asked", by=by, at=at, data=data)
    return request


def mark_reminded(request: AskRequest, *, by: Actor, at: datetime) -> bool:
    """Note that the reporter was reminded; False if that was done before or is no longer wanted."""
    with transaction.atomic():
        open_ones = AskRequest.objects.filter(pk=request.pk, state="open", reminded_at=None)
        if not open_ones.update(reminded_at=at, remind_at=None):
            return False
        ledger.record(request.report, "questions.reminded", by=by, at=at, data={"request": request.pk})
    return True


def withdraw_ask(request: AskRequest, *, by: Actor, at: datetime, reason: str = "") -> None:
    """We no longer need the answers."""
    _end(request, "withdrawn", by=by, at=at, reason=reason)


def expire_ask(request: AskRequest, *, by: Actor, at: datetime) -> None:
    """The reporter did not answer in time; the report goes on with what is known."""
    _end(request, "expired", by=by, at=at)


def classify(report: Report, category: Category | None, *, by: Actor, at: datetime) -> None:
    """Set the category, and with it what is worth asking."""
    with transaction.atomic():
        reports.set_category(report, category, by=by, at=at)
        refresh(report)


def take_the_ball(report: Report, *, by: Actor, at: datetime) -> None:
    """It is our turn again: nobody waits for the reporter any more, and the clocks go on."""
    with transaction.atomic():
        rows.update(report, waiting_for_reporter=False)
        promises.resume(report, by=by, at=at)
        promises.ensure_owed(report, by=by, at=at)


def refresh(report: Report) -> Completeness:
    """Count the completeness anew and keep it on the report. For the missing facts in words see ``queries.assess``."""
    found = queries.weigh(report)
    if found.percent != report.completeness:
        rows.update(report, completeness=found.percent)
    return found


def _checked(report: Report, question: Question, text: str, **details: Any) -> Answer:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    by: Actor = details.pop("by")
    data = details.pop("data", None) or {}
    if not text:
        raise NotAnAnswer(_("Write an answer first."))
    if len(text) > MAX_ANSWER:
        raise NotAnAnswer(_("This is longer than 20,000 characters. Attach it as a file instead."))
    options = dict(question.choices_in(report.language))
    if options:
        if text not in options:
            raise NotAnAnswer(_("Choose one of the answers."))
        data, text = {**data, "value": text}, options[text]
    words = {"text": text, "data": data, "by_kind": by.kind, "by_name": by.name}
    return rows.new(Answer, report=report, question=question, **words, **details)


def _keep(report: Report, answers: list[Answer], *, by: Actor, at: datetime, is_said: bool = False) -> list[Answer]:
    with transaction.atomic(savepoint=False):
        if answers[0].source in SPOKEN:
            access.lock(report)
        rows.insert(*answers)
        data = {"answers": [row.pk for row in answers], "questions": [row.question.slug for row in answers]}
        ledger.record(report, "answers.given", by=by, at=at, data=data)
        # What came along with the report cannot answer anything we asked later.
        if answers[0].source != "form":
            _settle(report, answers, by=by, at=at)
        if by.kind == "contact" and answers[0].source in SPOKEN and not is_said:
            _say_answers(report, answers, by=by, at=at)
            take_the_ball(report, by=by, at=at)
        refresh(report)
    return answers


def _say_answers(report: Report, rows: list[Answer], *, by: Actor, at: datetime) -> None:
    """The answers as words in the conversation, each under its question, so that they are read where people read."""
    body = "\n\n".join(f"{row.question.text_in(report.language)}\n{row.text}" for row in rows)
    channel = "mail" if rows[0].source == "mail" else "web"
    conversation.say(report, body[: conversation.MAX_BODY], by=by, at=at, channel=channel)


def _settle(report: Report, rows: list[Answer], *, by: Actor, at: datetime) -> None:
    """Tick off what was asked; a request of which nothing is open any more is answered."""
    for row in rows:
        AskedQuestion.objects.filter(
            request__report=report, request__state="open", question=row.question, answer=None
        ).update(answer=row)
    still_open = AskedQuestion.objects.filter(request__report=report, answer=None).values("request_id")
    for request in AskRequest.objects.filter(report=report, state="open").exclude(pk__in=still_open):
        _end(request, "answered", by=by, at=at)


def _end(request: AskRequest, state: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    with transaction.atomic():
        if not AskRequest.objects.filter(pk=request.pk, state="open").update(state=state, done_at=at, remind_at=None):
            return
        data = {"request": request.pk}
        ledger.record(request.report, f"questions.{state}", by=by, at=at, data=data, reason=reason)
        if not AskRequest.objects.filter(report=request.report, state="open").exists():
            take_the_ball(request.report, by=by, at=at)


def _refuse_known(report: Report, questions: list[Question]) -> None:
    have = queries.known(report).facts
    for question in questions:
        if have.get(question.fact):
            raise AlreadyKnown(
                _("We know this already (%(label)s: %(value)s). Do not ask twice.")
                % {"label": question.label_in(report.language), "value": have[question.fact][:120]}
            )
