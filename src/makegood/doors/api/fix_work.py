"""The work on a fix: what belongs to it, what people check by hand, how it is taken back, issues in trackers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import BaseModel, Field, StringConstraints

from makegood.doors.api import fixes
from makegood.doors.api.area import Answer, caller
from makegood.doors.api.fields import Slug, Taken, Words, text
from makegood.doors.api.fixes import FixOut, ProblemNumber, RepositoryName, shown
from makegood.doors.api.paging import Listed, RowId
from makegood.life.fixes import checklist, following, queries, repositories, trackers, work
from makegood.life.fixes.models import Repository, Tracker, TrackerIssue
from makegood.life.problems.access import access_problem
from makegood.life.problems.models import Problem
from makegood.life.reports.access import NotFound

area = fixes.area

_Change = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64)]


class TieIn(Taken):
    repository: RepositoryName
    change: Annotated[_Change, Field(description="The whole name of a commit, or the number of a pull request.")]


class RollbackIn(Taken):
    words: Annotated[str, StringConstraints(strict=True, max_length=work.LONGEST_ROLLBACK)]


class ItemIn(Taken):
    what: text(checklist.LONGEST, least=1)  # type: ignore[valid-type]


class ItemPatch(Taken):
    outcome: Annotated[Literal["passed", "failed", ""], Field(description="Empty: it is open again.")]
    note: Annotated[text(checklist.LONGEST_NOTE), Field(description="What does not work.")] = ""  # type: ignore[valid-type]


class IssueIn(Taken):
    tracker: Annotated[Slug, Field(description="The key of a tracker.")]
    title: Annotated[text(200), Field(description="As drafted from the problem, if not given.")] = ""  # type: ignore[valid-type]
    body: Annotated[str, StringConstraints(strict=True, max_length=trackers.LONGEST_BODY)] = ""


class CommentIn(Taken):
    body: Words


class IssueOut(BaseModel):
    id: int
    tracker: str
    key: Annotated[str, Field(description="What the tracker calls it; empty until it is open.")]
    url: str
    title: str
    state: Annotated[str, Field(description="waiting, opened or failed")]
    reason: str
    asked_by: str
    asked_at: datetime


class RepositoryOut(BaseModel):
    key: str
    name: str
    provider: str
    web_url: str
    component: str | None


class TrackerOut(BaseModel):
    key: str
    name: str
    kind: str
    project: str


@area.post("/problems/{number}/fix/changes", scope="fixes:write", action="fix.edit", ok=FixOut)
def tie_change(request: HttpRequest, number: ProblemNumber, body: TieIn) -> Any:
    """Tie a commit or a pull request to the fix by hand."""
    who, fault = caller(request), _of(request, number)
    work.tie(fault, repositories.access(who.agent, body.repository), body.change, by=who.actor, at=who.now)
    return _fix(request, number)


@area.delete("/problems/{number}/fix/changes/{id}", scope="fixes:write", action="fix.edit")
def untie_change(request: HttpRequest, number: ProblemNumber, id: RowId) -> Any:
    """Take a change off that does not belong; it stays off, and the state of the problem stays."""
    who = caller(request)
    work.untie(queries.access_link(who.agent, _of(request, number), id), by=who.actor, at=who.now)
    return Answer(None, 204)


@area.post("/problems/{number}/fix/rollback", scope="fixes:write", action="fix.edit", ok=FixOut)
def write_rollback(request: HttpRequest, number: ProblemNumber, body: RollbackIn) -> Any:
    """Write down how the fix is taken back."""
    who = caller(request)
    work.write_rollback(_of(request, number), body.words, by=who.actor, at=who.now)
    return _fix(request, number)


@area.post("/problems/{number}/fix/checks", scope="fixes:write", action="fix.check", ok=FixOut)
def add_check(request: HttpRequest, number: ProblemNumber, body: ItemIn) -> Any:
    """Put a line on the list of what people check. The same words again are the same line."""
    who, fault = caller(request), _of(request, number)
    checklist.add(following.fix_of(fault, at=who.now), body.what, by=who.actor, at=who.now)
    return _fix(request, number)


@area.patch("/problems/{number}/fix/checks/{id}", scope="fixes:write", action="fix.check", ok=FixOut)
def decide_check(request: HttpRequest, number: ProblemNumber, id: RowId, body: ItemPatch) -> Any:
    """Say that you checked a line and what came of it, or open it again."""
    who = caller(request)
    item = queries.access_item(who.agent, _of(request, number), id)
    checklist.check(item, body.outcome, by=who.actor, at=who.now, note=body.note)
    return _fix(request, number)


@area.delete("/problems/{number}/fix/checks/{id}", scope="fixes:write", action="fix.check")
def remove_check(request: HttpRequest, number: ProblemNumber, id: RowId) -> Any:
    """Take a line off the list."""
    who = caller(request)
    checklist.remove(queries.access_item(who.agent, _of(request, number), id), by=who.actor, at=who.now)
    return Answer(None, 204)


@area.get("/problems/{number}/issues", scope="fixes:read", action="fix.view", ok=Listed[IssueOut])
def list_issues(request: HttpRequest, number: ProblemNumber) -> Any:
    """List the issues in trackers that stand for a problem."""
    found = trackers.issues_of(_of(request, number))
    return Listed[IssueOut](items=[_issue(one) for one in found], next=None)


@area.post("/problems/{number}/issues", scope="fixes:write", action="fix.edit", ok=IssueOut, status=201)
def open_issue(request: HttpRequest, number: ProblemNumber, body: IssueIn) -> Any:
    """Have an issue opened in a tracker. Once a tracker: asked again, it is the same one."""
    who, fault = caller(request), _of(request, number)
    title, words = trackers.draft(fault)
    told = {"title": body.title or title, "body": body.body or words}
    found = trackers.open_issue(fault, _tracker(body.tracker), by=who.actor, at=who.now, **told)
    return _issue(found)


@area.post("/problems/{number}/issues/{id}/comments", scope="fixes:write", action="fix.edit", ok=IssueOut)
def comment_issue(request: HttpRequest, number: ProblemNumber, id: RowId, body: CommentIn) -> Any:
    """Send a comment to the issue. Nothing else of what is said here goes there."""
    who = caller(request)
    found = trackers.access_issue(who.agent, _of(request, number), id)
    trackers.say(found, body.body, by=who.actor, at=who.now)
    return _issue(found)


@area.get("/repositories", scope="fixes:read", action="fix.view", ok=Listed[RepositoryOut])
def list_repositories(request: HttpRequest) -> Any:
    """List the repositories in use."""
    rows = repositories.visible(caller(request).agent).filter(is_active=True).select_related("component")
    found = [_repository(row) for row in rows.order_by("name")]
    return Listed[RepositoryOut](items=found, next=None)


@area.get("/trackers", scope="fixes:read", action="fix.view", ok=Listed[TrackerOut])
def list_trackers(request: HttpRequest) -> Any:
    """List the trackers in use."""
    rows = Tracker.objects.filter(is_active=True).order_by("name")
    names = TrackerOut.model_fields
    found = [TrackerOut(**{name: getattr(row, name) for name in names}) for row in rows]
    return Listed[TrackerOut](items=found, next=None)


def _of(request: HttpRequest, number: str) -> Problem:
    return access_problem(caller(request).agent, number)


def _fix(request: HttpRequest, number: str) -> FixOut:
    return shown(queries.board(_of(request, number)))


def _tracker(key: str) -> Tracker:
    found = Tracker.objects.filter(key=key, is_active=True).first()
    if found is None:
        raise NotFound(key)
    return found


def _issue(one: TrackerIssue) -> IssueOut:
    plain = ("key", "url", "title", "state", "reason", "asked_by", "asked_at")
    return IssueOut(id=one.pk, tracker=one.tracker.name, **{name: getattr(one, name) for name in plain})


def _repository(row: Repository) -> RepositoryOut:
    plain = ("key", "name", "provider", "web_url")
    component = row.component.slug if row.component else None
    return RepositoryOut(**{name: getattr(row, name) for name in plain}, component=component)
