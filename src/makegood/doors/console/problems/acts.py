"""Single acts on a problem: moving it, handing it over, noting, protecting, and taking one back."""

from __future__ import annotations

from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console.casework import actor, seeker, went, with_toast
from makegood.doors.console.gate import is_fragment, needs, safe_next
from makegood.doors.console.problems.finding import address, back, find, undo_of
from makegood.lib.errors import Refusal
from makegood.lib.keys import idempotency_key
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent, Team
from makegood.life.problems import actions, states
from makegood.life.problems import undo as undoing
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.reports.access import NotFound, access_report, visible_reports
from makegood.life.reports.models import LedgerEntry
from makegood.life.statuspage import ending

Row = TypeVar("Row", bound=Model)


@needs("problem.view", post="problem.edit")
@require_POST
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Go to another state, with a word on why."""
    problem, told = find(request, number), request.POST
    state = told.get("state", "")
    if state not in dict(Problem.STATES):
        raise Refusal(_("Choose where the problem is now."))
    facts: dict[str, Any] = {}
    if state == states.RELEASED and told.get("fixed_in", "").strip():
        facts["fixed_in"] = " ".join(told["fixed_in"].split())[:100]
    reason, now = told.get("reason", "")[:2000], timezone.now()
    if state == states.RESOLVED:
        texts = {code: told.get(f"last_{code}", "") for code, _name in settings.LANGUAGES}
        said = ending.Last(texts, told.get("no_news", "")[:2000])
        ending.resolve(problem, by=seeker(request), at=now, reason=reason, last=said)
    else:
        actions.move(problem, state, by=actor(request), at=now, reason=reason, **facts)
    words = _("%(number)s: %(state)s.") % {"number": problem.number, "state": problem.get_state_display()}
    return back(request, problem, words, undo=undo_of(problem, "problem.state_changed", "problem.came_back"))


@needs("problem.view", post="problem.edit")
@require_POST
def hand(request: HttpRequest, number: str) -> HttpResponse:
    """Give it to a team and a person, with a note."""
    problem, told = find(request, number), request.POST
    team = _row(Team.objects.filter(is_active=True), told.get("team", ""))
    owner = _row(Agent.objects.filter(is_active=True, is_service=False), told.get("owner", ""))
    note = told.get("note", "")[:2000]
    actions.hand_to(problem, by=actor(request), at=timezone.now(), team=team, owner=owner, note=note)
    names = ", ".join(str(one) for one in (owner, team) if one)
    words = _("Handed to %(names)s.") % {"names": names} if names else _("It is nobody's now.")
    return back(request, problem, words) if _is_still_seen(request, problem) else went(request, _list(request), words)


@needs("problem.view", post="problem.edit")
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Say something to colleagues."""
    problem, told = find(request, number), request.POST
    key = idempotency_key(told.get("key")) or None
    actions.note(problem, told.get("body", ""), by=actor(request), at=timezone.now(), idempotency_key=key)
    return went(request, f"{address(problem)}#notes", _("Noted."))


@needs("problem.view", post="problem.protect")
@require_POST
def protect(request: HttpRequest, number: str) -> HttpResponse:
    """Narrow who may see it, or widen it again, with a reason."""
    problem, narrow = find(request, number), request.POST.get("narrow") == "1"
    actions.protect(problem, narrow, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    return back(request, problem, _("Protected.") if narrow else _("Open to everybody at the desk again."))


@needs("problem.view", post="problem.join")
@require_POST
def undo(request: HttpRequest, entry: int) -> HttpResponse:
    """Take one act back, within a day and if nothing has changed since."""
    agent = seeker(request)
    about = [problem.about for problem in visible_problems(agent).filter(pk=_about(entry))]
    happened = get_object_or_404(LedgerEntry.objects.select_related("report"), pk=entry, about__in=about)
    if happened.report is not None:
        get_object_or_404(visible_reports(agent), pk=happened.report_id)
    undoing.undo(happened, by=actor(request), at=timezone.now())
    if to := _instead(request, happened):
        return went(request, to, _("Taken back."))
    if is_fragment(request):  # from a toast, on whatever page: its live parts are fetched anew
        return with_toast(HttpResponse(status=204), _("Taken back."))
    return went(request, safe_next(request, "console:problems"), _("Taken back."))


def _instead(request: HttpRequest, undone: LedgerEntry) -> str:
    """Where to go if the page one is on is that of a problem which is gone with the undo; empty if it is not."""
    is_opening = undone.kind == "problem.opened"
    gone = _about(undone.pk) if is_opening else undone.data.get("other")
    came_from = request.headers.get("referer", "")
    if not gone or visible_problems(seeker(request)).filter(pk=gone).exists():
        return ""
    if came_from and f"/PRB-{gone}/" not in came_from:
        return ""
    try:
        if not is_opening:
            return reverse("console:problem", args=[find(request, str(_about(undone.pk))).number])
        return reverse("console:report", args=[access_report(seeker(request), undone.data.get("of") or "").pk])
    except NotFound:
        return reverse("console:problems")


def _about(entry: int) -> int:
    """The problem an entry tells of; 0 for none."""
    found = LedgerEntry.objects.filter(pk=entry).exclude(about="").values_list("about", flat=True).first()
    return whole_number((found or "").partition(":")[2]) or 0


def _row(rows: QuerySet[Row], value: str) -> Row | None:
    """The row a form means, None for nobody. Raises Refusal for one that is gone."""
    if not value:
        return None
    key = whole_number(value)
    found = rows.filter(pk=key).first() if key is not None else None
    if found is None:
        raise Refusal(_("That choice is no longer there. Load the page again."))
    return found


def _is_still_seen(request: HttpRequest, problem: Problem) -> bool:
    """Whoever gives a protected problem away may not see it afterwards."""
    return visible_problems(seeker(request)).filter(pk=problem.pk).exists()


def _list(request: HttpRequest) -> str:
    return safe_next(request, "console:problems")
