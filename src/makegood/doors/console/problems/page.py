"""One problem (screen 15): its words for us, its wave, its members, what colleagues noted, what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from makegood.doors.console import priority_words
from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.doors.console.problems import history, telling, wave
from makegood.doors.console.problems.finding import find
from makegood.doors.ui.templatetags.ui import STEPS
from makegood.doors.ui.words import absolute
from makegood.lib.keys import public_key
from makegood.lib.texts import in_language, whole_number
from makegood.life.colleagues import watching
from makegood.life.knowledge import linking
from makegood.life.people.models import Agent, Team
from makegood.life.problems import queries, states
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Membership, Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds

MEMBERS, MOST_NOTES = 50, 100
MAY = {
    "edit": "problem.edit",
    "join": "problem.join",
    "merge": "problem.merge",
    "protect": "problem.protect",
    "publish": "problem.publish",
    "decide": "report.overrule_priority",
    "watch": "report.watch",
}


@needs("problem.view")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    problem = find(request, number)
    return render(request, "console/problems/page.html", load(request, problem, now=timezone.now()))


def load(request: HttpRequest, problem: Problem, *, now: datetime) -> dict[str, Any]:
    """The context of the page; a number of queries that does not grow with the problem. The problem is ``fault``
    there, because ``problem`` is what a form says is wrong."""
    agent = seeker(request)
    seen = queries.seen(problem)
    shown, more = _members(agent, problem, request.GET.get("members", ""))
    return {
        "fault": problem,
        "now": now,
        "may": {name: agent.may(action) for name, action in MAY.items()},
        "seen": seen,
        "wave": wave.draw(problem, seen, now=now),
        "releases": sorted(seen.releases.items(), key=lambda one: one[1][0]),
        "components": list(problem.components.order_by("name")),
        "category": in_language(problem.category.names, get_language() or "en") if problem.category else "",
        "members": shown,
        "more_members": more,
        "hidden_members": _hidden(agent, problem),
        "notes": list(problem.notes.select_related("agent").order_by("-id")[:MOST_NOTES]),
        "happened": history.story(agent, problem, now=now, with_clocks="clocks" in request.GET),
        "with_clocks": "clocks" in request.GET,
        "moves": [(state, words) for state, words in Problem.STATES if state in states.MOVES[problem.state]],
        **_last_word(agent, problem),
        "asks_release": states.RELEASED in states.MOVES[problem.state],
        "public_step": step_words(problem),
        "public_title": in_language(problem.public_titles, get_language() or "en"),
        "public_text": in_language(problem.public_texts, get_language() or "en"),
        "news": next(iter(promises.pending(problem.about, kinds.PUBLIC_NEWS)), None),
        "went_to": visible_problems(agent).filter(absorbed=problem).first(),
        "absorbed": list(visible_problems(agent).filter(merged_into=problem).order_by("pk")[:20]),
        "key": public_key(16),
        "articles": linking.wordings(problem.articles.exclude(confidence="archived"), get_language() or "en"),
        "priority": priority_words.panel(problem),
        "watchers": (followers := watching.watchers(problem)),
        "watches": agent in followers,
        **hands(problem),
        **telling.told(agent, problem),
    }


def _last_word(agent: Agent, problem: Problem) -> dict[str, Any]:
    """What resolving it takes besides, where the public waits for news; only leads speak to the public."""
    news = next(iter(promises.pending(problem.about, kinds.PUBLIC_NEWS)), None) if problem.is_public else None
    if news is None or states.RESOLVED not in states.MOVES[problem.state]:
        return {}
    return {
        "owes_last_word": absolute(news.due_at),
        "may_say_last_word": agent.may("status.publish"),
        "last_languages": [(code, gettext(name)) for code, name in settings.LANGUAGES],
    }


def step_words(problem: Problem) -> str:
    """Where the public is told that it stands: one of the reporter's five steps."""
    return str(STEPS[states.PUBLIC_WORDS[problem.state]])


def hands(problem: Problem) -> dict[str, Any]:
    """Whom the problem may be given to."""
    people = Agent.objects.filter(Q(is_active=True, is_service=False) | Q(pk=problem.owner_id))
    teams = Team.objects.filter(Q(is_active=True) | Q(pk=problem.team_id))
    return {
        "people": list(people.order_by("name").values_list("pk", "name")),
        "teams": list(teams.order_by("name").values_list("pk", "name")),
    }


def _members(agent: Agent, problem: Problem, after: str) -> tuple[list[Membership], int | None]:
    """One page of members, newest first, and the place the next one begins after."""
    rows = queries.members(agent, problem)
    if (place := whole_number(after)) is not None:
        rows = rows.filter(pk__lt=place)
    found = list(rows[: MEMBERS + 1])
    return found[:MEMBERS], found[MEMBERS - 1].pk if len(found) > MEMBERS else None


def _hidden(agent: Agent, problem: Problem) -> int:
    """How many members this agent may not see."""
    if agent.role in ("lead", "admin"):
        return 0
    return max(0, problem.reports_count - queries.members(agent, problem).order_by().count())
