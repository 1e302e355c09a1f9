"""The fix of a problem: what belongs to it, how far it has come, and what people check by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, safe_next, signed_in
from makegood.life.announcements.queries import told_fixed
from makegood.life.fixes import checklist, following, queries, repositories, trackers, work
from makegood.life.fixes.models import Repository, Tracker
from makegood.life.people.models import Agent
from makegood.life.problems.access import access_problem
from makegood.life.problems.models import Problem
from makegood.life.problems.states import is_fixed
from makegood.life.reports.access import NotFound


def panel(agent: Agent, problem: Problem) -> dict[str, Any]:
    """The context of ``console/fix/panel.html``, on its own page and on the problem's."""
    return {
        "board": queries.board(problem),
        "fault": problem,
        "told": told_fixed(problem) if is_fixed(problem.state) else None,
        "may_edit": agent.may("fix.edit"),
        "may_check": agent.may("fix.check"),
        "repositories": list(repositories.visible(agent).filter(is_active=True)),
        "issues": trackers.issues_of(problem),
        "trackers": [] if problem.is_protected else list(Tracker.objects.filter(is_active=True).order_by("name")),
    }


@needs("fix.view")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The panel on a page of its own."""
    agent = signed_in(request)
    return render(request, "console/fix/page.html", panel(agent, access_problem(agent, number)))


@needs("fix.view", post="fix.edit")
@require_POST
def tie(request: HttpRequest, number: str) -> HttpResponse:
    """Tie a commit or a pull request to it by hand."""
    agent = signed_in(request)
    problem = access_problem(agent, number)
    chosen: Repository = repositories.access(agent, request.POST.get("repository", ""))
    link = work.tie(problem, chosen, request.POST.get("change", ""), by=agent.actor, at=timezone.now())
    name = f"!{link.pull.number}" if link.pull else link.commit.sha[:12] if link.commit else ""
    return _back(request, problem, _("%s belongs to the fix.") % name)


@needs("fix.view", post="fix.edit")
@require_POST
def untie(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take off a change that does not belong."""
    agent = signed_in(request)
    problem = access_problem(agent, number)
    reason = request.POST.get("reason", "")[:2000]
    work.untie(queries.access_link(agent, problem, pk), by=agent.actor, at=timezone.now(), reason=reason)
    return _back(request, problem, _("Taken off. The state of the problem stays as it is."))


@needs("fix.view", post="fix.edit")
@require_POST
def rollback(request: HttpRequest, number: str) -> HttpResponse:
    """Write down how it is taken back."""
    agent = signed_in(request)
    problem = access_problem(agent, number)
    work.write_rollback(problem, request.POST.get("words", ""), by=agent.actor, at=timezone.now())
    return _back(request, problem, _("Written down."))


@needs("fix.view", post="fix.check")
@require_POST
def add_item(request: HttpRequest, number: str) -> HttpResponse:
    """A line more on the check list."""
    agent = signed_in(request)
    problem, now = access_problem(agent, number), timezone.now()
    checklist.add(following.fix_of(problem, at=now), request.POST.get("words", ""), by=agent.actor, at=now)
    return _back(request, problem, _("It is on the list."))


@needs("fix.view", post="fix.check")
@require_POST
def check(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Somebody checked a line; or opens it again."""
    agent, told = signed_in(request), request.POST
    problem = access_problem(agent, number)
    item = queries.access_item(agent, problem, pk)
    checklist.check(item, told.get("outcome", ""), by=agent.actor, at=timezone.now(), note=told.get("note", ""))
    return _back(request, problem, _("Noted, with your name."))


@needs("fix.view", post="fix.check")
@require_POST
def remove_item(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a line off the check list."""
    agent = signed_in(request)
    problem = access_problem(agent, number)
    checklist.remove(queries.access_item(agent, problem, pk), by=agent.actor, at=timezone.now())
    return _back(request, problem, _("Taken off the list."))


@needs("fix.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """What is to leave is shown first; then an issue is opened in a tracker."""
    agent = signed_in(request)
    problem = access_problem(agent, number)
    tracker = Tracker.objects.filter(key=key, is_active=True).first()
    if tracker is None:
        raise NotFound(key)
    if request.method == "POST":
        title, body = request.POST.get("title", ""), request.POST.get("body", "")
        trackers.open_issue(problem, tracker, by=agent.actor, at=timezone.now(), title=title, body=body)
        return _back(request, problem, _("It is opened in a moment."))
    title, body = trackers.draft(problem)
    context = {"fault": problem, "tracker": tracker, "title": title, "body": body}
    return render(request, "console/fix/issue.html", context)


@needs("fix.view", post="fix.edit")
@require_POST
def say(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Send a comment to the issue; nothing else of what is said here goes there."""
    agent = signed_in(request)
    problem = access_problem(agent, number)
    found = trackers.access_issue(agent, problem, pk)
    trackers.say(found, request.POST.get("body", ""), by=agent.actor, at=timezone.now())
    return _back(request, problem, _("It goes to %s in a moment.") % found.tracker.name)


def _back(request: HttpRequest, problem: Problem, words: str) -> HttpResponse:
    messages.success(request, words)
    if request.POST.get("next"):
        return redirect(safe_next(request))
    return redirect("console:fix", number=problem.number)


urlpatterns = [
    path("<str:number>/fix/", page, name="fix"),
    path("<str:number>/fix/tie/", tie, name="fix_tie"),
    path("<str:number>/fix/changes/<int:pk>/remove/", untie, name="fix_untie"),
    path("<str:number>/fix/rollback/", rollback, name="fix_rollback"),
    path("<str:number>/fix/issue/<slug:key>/", issue, name="fix_issue"),
    path("<str:number>/fix/issues/<int:pk>/say/", say, name="fix_say"),
    path("<str:number>/fix/items/", add_item, name="fix_item_add"),
    path("<str:number>/fix/items/<int:pk>/", check, name="fix_item"),
    path("<str:number>/fix/items/<int:pk>/remove/", remove_item, name="fix_item_remove"),
]
