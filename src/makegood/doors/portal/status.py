"""The report's own page: where it stands, when we write next, what was said, what we still ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from makegood.doors.portal import known, making_good, rating, verdict, visits
from makegood.doors.portal.visits import Visit
from makegood.engine.files import serving
from makegood.lib.keys import public_key
from makegood.lib.texts import in_language
from makegood.life.aftercare.queries import can_reopen
from makegood.life.diagnosis import steps
from makegood.life.diagnosis.models import Question
from makegood.life.diagnosis.queries import open_questions
from makegood.life.problems import public
from makegood.life.promises.explain import explain
from makegood.life.promises.queries import next_news
from makegood.life.reports import access, states
from makegood.life.reports.models import Attachment, Report

if TYPE_CHECKING:  # By name only: messages come from ``access.public_messages``.
    from makegood.life.reports.models import Message

# Safe, but for our benefit: nobody is asked whether they helped.
_NOT_A_REMEDY = frozenset({"note-time", "screenshot"})
# Of a long conversation the newest are in sight; what came before is one line to open.
_SAID_AT_ONCE = 3


@dataclass(frozen=True)
class Said:
    """One message as the reporter reads it: who, ours or theirs, its files."""

    message: Message
    is_ours: bool
    files: list[Attachment]

    @property
    def name(self) -> str:
        """Our people by first name, the machine by the desk's name (empty); never a team."""
        if self.message.said_by == "system":
            return ""
        return self.message.name.split()[0] if self.is_ours and self.message.name else self.message.name


@require_GET
@visits.page
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """A secret link: take it out of the address, keep the visit in a cookie."""
    link = access.link_by_token(token, now=timezone.now())
    answer = redirect("portal:report", link.report_id)
    visits.open_report(request, answer, token)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_GET
@visits.page
def latest(request: HttpRequest) -> HttpResponse:
    """The address without a secret, as messages carry it: the report opened last in this browser, else the list."""
    number = visits.latest(request, now=timezone.now())
    return redirect("portal:report", number) if number else redirect("portal:mine")


@require_GET
@visits.page
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Where it stands."""
    return show(request, visits.visit(request, number, now=timezone.now()))


@require_POST
@visits.page
def goes_on(request: HttpRequest, number: int) -> HttpResponse:
    """From a report that was merged to the one of the same person in which it goes on."""
    visit = visits.visit(request, number, now=timezone.now())
    master = _master(visit)
    if master is None:
        raise Http404
    answer = redirect("portal:report", master.pk)
    token = access.make_link(master, visit.contact, by=visit.contact.actor, at=timezone.now())
    visits.open_report(request, answer, token)
    return answer


@require_GET
@visits.page
def guide(request: HttpRequest, number: int) -> HttpResponse:
    """Safe steps one may try meanwhile, one a card; only approved ones, only while they can do no harm."""
    visit = visits.visit(request, number, now=timezone.now())
    return render(request, "portal/status/guide.html", {**_frame(visit), **cards(visit.report)})


@require_GET
@visits.page
def file(request: HttpRequest, number: int, key: str) -> HttpResponseBase:
    """A file of the conversation, as a download."""
    found = _file(visits.visit(request, number, now=timezone.now()), key)
    return _or_404(lambda: serving.download(found.storage_key, name=found.name, media_type=found.media_type))


@require_GET
@visits.page
def picture(request: HttpRequest, number: int, key: str) -> HttpResponseBase:
    """A picture of the conversation, small."""
    found = _file(visits.visit(request, number, now=timezone.now()), key)
    if not found.is_picture:
        raise Http404
    key = found.thumbnail_key or found.storage_key
    return _or_404(lambda: serving.picture(key, media_type=found.media_type))


def _master(visit: Visit) -> Report | None:
    """The report this one goes on in, if both are of the reader."""
    master = visit.report.duplicate_of if visit.report.close_reason == "duplicate" else None
    return master if master and master.contact_id == visit.contact.pk == visit.report.contact_id else None


def show(request: HttpRequest, visit: Visit, *, status: int = 200, **more: Any) -> HttpResponse:
    """The report's page, with what was typed (``typed``) and what is wrong with it (``errors``) if anything is."""
    now, one = timezone.now(), visit.report
    is_own = visit.contact.pk == one.contact_id
    outcome = verdict.outcome(one, now=now, is_own=is_own)
    said = conversation(one, now=now)
    newest = len(said) - _SAID_AT_ONCE if len(said) > _SAID_AT_ONCE + 1 else 0
    questions = open_questions(one) if one.state in states.IN_WORK else []
    context = {
        **_frame(visit),
        # Taken back, merged or answered: no cause was found, so no step may say so.
        "has_steps": one.is_open or one.solved_at is not None,
        "steps": steps_of(one),
        "place": _place(one, outcome),
        "dates": dates(one),
        **_news(one),
        "earlier": said[:newest],
        "said": said[newest:],
        "questions": [_card(asked.question, more.get("given") or {}) for asked in questions],
        "belongs": public.of_report(one, get_language() or "en"),
        "offer": known.offer_for(one, now=now) if is_own else None,
        "master": _master(visit),
        "made_good": making_good.shown_to(visit),
        "has_guide": one.state in states.IN_WORK and one.kind == states.ERROR and bool(cards(one)["offered"]),
        "outcome": outcome,
        "is_over": one.state == states.CLOSED and not can_reopen(one, now=now),
        "asked": rating.asked(one, now=now, is_own=is_own and one.state not in states.IN_WORK),
        **rating.words(),
        "key": public_key(16),
        **more,
    }
    return render(request, "portal/status/report.html", context, status=status)


def _news(report: Report) -> dict[str, Any]:
    """What they hear next, and why then, in sentences that say nothing of what is ours alone."""
    news = next_news(report) if report.is_open else None
    zone = timezone.get_current_timezone()
    return {"news": news, "why": explain(news, get_language() or "en", zone, to_reporter=True) if news else []}


def cards(report: Report) -> dict[str, Any]:
    """Safe steps still to try, and those tried with what came of them."""
    language = get_language() or "en"
    found = [one for one in steps.suggest(report) if one.step.slug not in _NOT_A_REMEDY]
    offered = [
        {
            "slug": one.step.slug,
            "title": one.step.title_in(language),
            "does": in_language(one.step.what_it_does, language),
            "harmless": in_language(one.step.cannot_break, language),
            "moves": one.step.instructions_in(language),
        }
        for one in found
        if one.state == steps.OFFERED
    ]
    tried = [
        {"title": one.step.title_in(language), "outcome": one.trial.get_outcome_display()}
        for one in found
        if one.state == steps.TRIED and one.trial
    ]
    return {"offered": offered, "tried": tried}


def conversation(report: Report, *, now: datetime) -> list[Said]:
    """Public words with their files, oldest first. Two queries."""
    files: dict[int | None, list[Attachment]] = {}
    for attachment in access.public_attachments(report):
        files.setdefault(attachment.message_id, []).append(attachment)
    return [
        Said(message, message.said_by != "contact", files.get(message.pk, []))
        for message in access.public_messages(report, now=now)
    ]


def steps_of(report: Report) -> tuple[str, ...]:
    """The names of its steps. A question that was closed unconfirmed does not say that it was."""
    if report.kind != states.QUESTION:
        return states.REPORTER_STEPS
    is_unconfirmed = report.state == states.CLOSED and report.close_reason != "confirmed"
    return states.QUESTION_STEPS[:-1] if is_unconfirmed else states.QUESTION_STEPS


def dates(report: Report) -> dict[int, datetime]:
    """When each of the steps was last reached."""
    names = steps_of(report)
    reached = {0: report.received_at}
    moves = report.ledger.filter(kind__in=("report.state_changed", "report.reopened")).order_by("id")
    for data, at in moves.values_list("data", "at"):
        state = (data.get("to") or {}).get("state")
        if state in states.STATES and state != states.CLOSED:
            place = names.index(states.reporter_step(state, report.kind))
            reached = {step: moment for step, moment in reached.items() if step < place} | {place: at}
    solved = names.index(states.reporter_step(states.SOLVED, report.kind))
    reached |= {solved: report.solved_at} if report.solved_at else {}
    reached |= {solved + 1: report.closed_at} if "confirmed" in names and report.closed_at else {}
    # A step that was passed over was reached with the next one that has a date.
    for step in range(max(reached), 0, -1):
        reached.setdefault(step - 1, reached[step])
    return reached


def _place(report: Report, outcome: verdict.Outcome) -> int:
    """Which of the steps it is at; past the last one when nothing is left to be done."""
    names = steps_of(report)
    if report.state == states.CLOSED or outcome.answer == "yes":
        return len(names)
    return names.index(states.reporter_step(report.state, report.kind))


def _frame(visit: Visit) -> dict[str, Any]:
    category = visit.report.category
    language = get_language() or "en"
    return {
        "report": visit.report,
        "contact": visit.contact,
        "alternative": in_language(category.alternatives, language) if category and visit.report.is_open else "",
    }


def _card(question: Question, given: Mapping[str, str]) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "slug": question.slug,
        "kind": question.kind,
        "text": question.text_in(language),
        "hint": question.hint_in(language),
        "choices": question.choices_in(language),
        "typed": given.get(question.slug, ""),
    }


def _file(visit: Visit, key: str) -> Attachment:
    found = access.public_attachments(visit.report).filter(key=key).first()
    if found is None or (found.message_id and not _is_public(visit.report, found.message_id)):
        raise Http404
    return found


def _or_404(serve: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return serve()
    except FileNotFoundError as missing:
        raise Http404 from missing


def _is_public(report: Report, message_id: int) -> bool:
    return access.public_messages(report, now=timezone.now()).filter(pk=message_id).exists()
