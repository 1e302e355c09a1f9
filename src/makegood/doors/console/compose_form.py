"""What the composer shows: mode, words, next news, scripts, drafts, and what is new since the page was opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from makegood.doors.console.moments import local_value
from makegood.lib.keys import secret_token
from makegood.lib.statements import Statement
from makegood.life.people.models import Agent
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time
from makegood.life.reports.models import Draft, Message, Report
from makegood.life.reports.states import ERROR, IN_WORK, QUESTION
from makegood.life.updates.models import Script
from makegood.life.updates.scripts import MOMENTS, OF_A_QUESTION

# Moments an agent chooses by hand; the others are said by the product itself or have their own dialog.
CHOSEN_BY_HAND = (
    *("first_response", "investigating", "update", "alternative", "apology", "question_answered", "follow_up"),
    *("ask", "escalated", "fixed", "closing"),
)
OF_QUESTIONS = {moment + OF_A_QUESTION: moment for moment in CHOSEN_BY_HAND if moment + OF_A_QUESTION in MOMENTS}
# They speak of an error, and a question has none.
_OF_ERRORS = frozenset({"alternative", "escalated", "fixed"})

_DRAFTS = Statement(lambda report: Draft.objects.filter(report=report).select_related("agent"))
_NEWEST: Statement[int] = Statement(
    lambda report: Message.objects.filter(report=report).order_by("-id").values_list("id", flat=True)[:1]
)
_SCRIPTS = Statement(
    lambda: Script.objects.filter(is_active=True, moment__in=(*CHOSEN_BY_HAND, *OF_QUESTIONS)).only(
        "slug", "titles", "moment", "position"
    )
)


def composer_context(agent: Agent, report: Report, *, now: datetime, request: HttpRequest) -> dict[str, Any]:
    """The composer as the page opens: the agent's draft, the time by policy, the scripts of the desk."""
    drafts = _DRAFTS(report.pk)
    mine = {draft.is_internal: draft.body for draft in drafts if draft.agent_id == agent.pk}
    may_reply = agent.may("report.reply")
    is_note = request.GET.get("mode") == "note" or not may_reply or (True in mine and False not in mine)
    return {
        "may_reply": may_reply,
        "is_note": is_note,
        "body": mine.get(is_note, ""),
        "others_drafts": [draft for draft in drafts if draft.agent_id != agent.pk],
        "seen": newest_said(report),
        "may_be_final": report.state not in IN_WORK,
        "next_value": local_value(promised_time(kinds.NEXT_UPDATE, report.severity, now, report.team)),
        "scripts": scripts_offered(report.kind),
        "script": "",
        "stale": [],
        "idempotency_key": secret_token(),
    }


def newest_said(report: Report) -> int:
    """The id of the newest message: what the page has shown so far."""
    return _NEWEST.first(report.pk) or 0


def scripts_offered(kind: str = ERROR) -> list[tuple[str, str, str]]:
    """(slug, title, moment) of the scripts an agent may choose, most usual first."""
    language = get_language() or "en"
    order = {moment: n for n, moment in enumerate(CHOSEN_BY_HAND)}
    order |= {of_question: order[moment] for of_question, moment in OF_QUESTIONS.items()}
    fitting = [script for script in _SCRIPTS() if _fits(script, kind)]
    found = sorted(fitting, key=lambda script: (order[script.moment], script.position))
    return [(script.slug, script.title_in(language), str(MOMENTS[script.moment])) for script in found]


def _fits(script: Script, kind: str) -> bool:
    """Whether its words are of a report of that kind. What the desk worded itself for a moment is offered for both."""
    if kind != QUESTION:
        return script.moment not in OF_QUESTIONS
    is_general = script.slug == script.moment.replace("_", "-")
    return not is_general or not (script.moment in _OF_ERRORS or script.moment in OF_QUESTIONS.values())
