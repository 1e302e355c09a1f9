"""Everything the report page shows, fetched with a number of queries that does not grow with the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

from makegood.doors.console import promise_line, side_panel, timeline
from makegood.doors.console.compose_form import composer_context
from makegood.engine.live import presence
from makegood.lib.statements import Statement
from makegood.lib.texts import in_language
from makegood.life.aftercare import queries as aftercare
from makegood.life.diagnosis import queries as diagnosis
from makegood.life.diagnosis import steps
from makegood.life.escalation import account
from makegood.life.escalation.queries import newest_escalation
from makegood.life.people.models import Agent
from makegood.life.problems import queries as problems
from makegood.life.promises import queries as promises
from makegood.life.promises.clocks import BROKEN
from makegood.life.promises.explain import explain
from makegood.life.promises.models import Promise
from makegood.life.reports import kept_forms
from makegood.life.reports.models import Attachment, KeptForm, ReadMark, Report

_READ_TO: Statement[int] = Statement(
    lambda report, agent: ReadMark.objects.filter(report=report, agent=agent).values_list("message_id", flat=True)
)
_FILES: Statement[int] = Statement(
    lambda report: Attachment.objects.filter(report=report, removed_at=None).values_list("pk", flat=True)
)
_DUPLICATES = Statement(
    lambda report: Report.objects.filter(duplicate_of=report).order_by("id").only("pk", "title", "state")[:6]
)


def load(agent: Agent, report: Report, *, now: datetime, request: HttpRequest) -> dict[str, Any]:
    """The context of the page and of its parts."""
    items, earlier = timeline.story(report, now=now, everything=request.GET.get("all") == "1")
    wanted = request.GET.get("at", "")
    if wanted and earlier and not any(item.message and item.message.key == wanted for item in items):
        items, earlier = timeline.story(report, now=now, everything=True)
    read_to = _READ_TO.first(report.pk, agent.pk)
    timeline.mark_first_unread(items, agent, read_to)
    owed = promises.timeline(report)
    escalation = newest_escalation(report)
    line = promise_line.draw(report, owed, now=now)
    kept = kept_forms.on_report(agent, report)
    return {
        "report": report,
        "now": now,
        "kept": {name: _first(form) for name, form in kept.items()},
        "items": items,
        "lines": timeline.folded(items, now=now),
        "earlier": earlier,
        "opens_at_newest": read_to is not None and not any(item.is_first_unread for item in items),
        "pending": _pending(owed),
        "past": _past(owed),
        "next_news": _next_news(owed),
        "line": line,
        "begins_words": _day(line.begins),
        "ends_words": _day(line.ends),
        "banner": account.banner(agent, report, now=now),
        "who": presence.who(f"report:{report.pk}", now=now, besides=agent.pk),
        "escalation": escalation,
        "escalation_open": escalation is not None and escalation.is_open,
        "resolution": aftercare.current(report),
        "felt": aftercare.felt(report),
        "requests": _requests(report),
        "duplicates": _DUPLICATES(report.pk),
        "files_count": len(_FILES(report.pk)),
        "fault": problems.seen_on(agent, report),
        "bounced": report.contact.mail_problem,
        **_knowledge(report),
        **side_panel.context(agent, report, escalation, kept),
        **composer_context(agent, report, now=now, request=request),
    }


def neighbour(open_ones: QuerySet[Report], report: Report, *, forwards: bool) -> int | None:
    """The id of the report next to this one in the order of what is owed next; a short walk along the index."""
    if report.owed_at is None:
        return None
    if forwards:
        later = open_ones.filter(Q(owed_at__gte=report.owed_at) & (Q(owed_at__gt=report.owed_at) | Q(pk__gt=report.pk)))
        return later.order_by("owed_at", "id").values_list("pk", flat=True).first()
    sooner = open_ones.filter(Q(owed_at__lte=report.owed_at) & (Q(owed_at__lt=report.owed_at) | Q(pk__lt=report.pk)))
    return sooner.order_by("-owed_at", "-id").values_list("pk", flat=True).first()


def _pending(owed: list[Promise]) -> list[Promise]:
    """What is owed, soonest first, each with the story of its clock as ``why``."""
    return _with_stories(sorted((p for p in owed if p.is_pending), key=lambda p: (p.state != Promise.OPEN, p.due_at)))


def _past(owed: list[Promise]) -> list[Promise]:
    """What was owed, newest first; ``ring_state`` says what became of it, a late one is a broken one."""
    past = _with_stories([promise for promise in reversed(owed) if not promise.is_pending])
    for promise in past:
        promise.ring_state = BROKEN if promise.broken_at else promise.state  # type: ignore[attr-defined]
    return past


def _with_stories(promises: list[Promise]) -> list[Promise]:
    for promise in promises:
        promise.why = explain(promise, get_language() or "en", timezone.get_current_timezone())  # type: ignore[attr-defined]
    return promises


def _next_news(owed: list[Promise]) -> Promise | None:
    news = [p for p in owed if p.is_pending and p.owed_to == "reporter"]
    return min(news, key=lambda p: (p.state != Promise.OPEN, p.due_at), default=None)


def _requests(report: Report) -> list[Any]:
    """What we asked and have not heard, each question in the agent's language."""
    found = diagnosis.open_requests(report)
    for request in found:
        for asked in request.asked.all():
            asked.words = asked.question.text_in(get_language() or "en")  # type: ignore[attr-defined]
    return found


def _knowledge(report: Report) -> dict[str, Any]:
    language = get_language() or "en"
    have = diagnosis.known(report)
    assessed = diagnosis.assess(report, have)
    suggestions = [
        {
            "step": one.step,
            "state": one.state,
            "reason": one.reason,
            "trial": one.trial,
            "title": one.step.title_in(language),
            "does": in_language(one.step.what_it_does, language),
            "cannot_break": in_language(one.step.cannot_break, language),
        }
        for one in (steps.suggest(report, have) if report.kind == "error" else [])
    ]
    missing = [in_language(fact.names, language) or fact.slug for fact in assessed.missing]
    return {"suggestions": suggestions, "completeness": assessed, "missing": missing}


def _first(form: KeptForm) -> dict[str, str]:
    return {field: typed[0] for field, typed in form.data.items() if typed}


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), pgettext("date format", "j M, H:i")) if moment else ""
