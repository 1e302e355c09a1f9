"""Issues in trackers and their problems, kept in step: by the worker, every few minutes and when something was asked.

Both sides are held against what they agreed on last. What only one side changed goes to the other; where both changed
the title, ours counts. A problem that is over closes its issue, one that came back opens it again. That somebody closed
the issue proves no fix: it is noted on the problem, and so is every comment there, for us alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.tracking import Comment, Issue, Trouble
from makegood.engine.live import publish
from makegood.engine.queue import enqueue
from makegood.engine.secrets import NotOurs
from makegood.life.fixes import following, trackers
from makegood.life.fixes.models import Tracker, TrackerIssue, TrackerWord
from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions, states
from makegood.life.problems.models import Problem

EVERY = timedelta(minutes=5)
MOST_A_ROUND = 200
LONGEST_NOTE = 5_000
_TRIES = 6


def ask_all(now: datetime) -> int:
    """Put the issues of problems that are not long over in line. Work of the clock."""
    rows = TrackerIssue.objects.filter(state=TrackerIssue.OPENED, tracker__is_active=True)
    rows = rows.exclude(problem__state=states.RESOLVED, problem__resolved_at__lt=now - timedelta(days=30))
    due = rows.order_by("synced_at", "pk").values_list("pk", flat=True)[:MOST_A_ROUND]
    return sum(enqueue(trackers.JOB, f"step:{pk}:{now.isoformat()}", {"issue": pk}, run_at=now) for pk in due)


def work(payload: dict[str, Any], now: datetime) -> None:
    """The job: open one issue, or bring it into step. Trouble that may pass is raised, and the job tried again."""
    issue = TrackerIssue.objects.select_related("tracker", "problem").filter(pk=payload["issue"]).first()
    if issue is None or not issue.tracker.is_active or issue.state == TrackerIssue.FAILED:
        return None
    try:
        client = trackers.client_of(issue.tracker)
    except NotOurs as sealed:
        return _note_trouble(issue, str(sealed), at=now, is_final=True)
    try:
        if issue.state == TrackerIssue.WAITING:
            _open(issue, client, at=now)
        _say(issue, client, at=now)
        _bring_into_step(issue, client, at=now)
    except Trouble as trouble:
        _note_trouble(issue, str(trouble), at=now, is_final=trouble.is_final)
        if not trouble.is_final:
            raise
    else:
        Tracker.objects.filter(pk=issue.tracker_id).update(trouble="", asked_at=now)
    finally:
        client.close()


def _open(issue: TrackerIssue, client: Any, *, at: datetime) -> None:
    """Once: a try that broke off may have opened it, so it is looked for first."""
    found: Issue | None = client.find(issue.mark, issue.asked_at - timedelta(days=1)) if issue.tries else None
    TrackerIssue.objects.filter(pk=issue.pk).update(tries=issue.tries + 1)
    if found is None:
        found = client.open(issue.title, f"{issue.body}\n\n({issue.mark})")
    by = Actor("system", None, issue.tracker.name)
    with transaction.atomic():
        access.lock(issue.problem)
        issue.state, issue.key, issue.url, issue.reason = TrackerIssue.OPENED, found.key, _link(found.url), ""
        issue.told_title, issue.told_closed = issue.title, False
        issue.save(update_fields=["state", "key", "url", "reason", "told_title", "told_closed"])
        data = {"tracker": issue.tracker.name, "key": issue.key, "url": issue.url}
        actions.record(issue.problem, "tracker.opened", by=by, at=at, data=data)
        publish(following.topic(issue.problem), at=at)


def _say(issue: TrackerIssue, client: Any, *, at: datetime) -> None:
    """Send what people wanted sent. The id of each is kept, so that it does not come back as somebody's comment."""
    for word in issue.words.filter(sent_at=None, reason="").order_by("pk"):
        try:
            remote = client.comment(issue.key, word.body)
        except Trouble as trouble:
            if trouble.is_final:
                TrackerWord.objects.filter(pk=word.pk).update(reason=str(trouble)[:500])
            raise
        TrackerWord.objects.filter(pk=word.pk).update(sent_at=at, remote_id=remote[:60])
        issue.said = [*issue.said, remote]
        TrackerIssue.objects.filter(pk=issue.pk).update(said=issue.said)


def _bring_into_step(issue: TrackerIssue, client: Any, *, at: datetime) -> None:
    there: Issue = client.read(issue.key)
    comments: list[Comment] = client.comments(issue.key)
    problem = Problem.objects.get(pk=issue.problem_id)
    title, is_over = _our_title(problem, issue), problem.state == states.RESOLVED
    if title != issue.told_title:
        client.change(issue.key, title=title)
    elif there.title.strip() and there.title != issue.told_title:
        title = there.title
    is_closed = there.is_closed
    if is_over != issue.told_over and is_closed != is_over:
        client.change(issue.key, is_closed=is_over)
        is_closed = is_over
    by = Actor("system", None, issue.tracker.name)
    with transaction.atomic():
        fresh = access.lock(problem)
        if title != _our_title(fresh, issue) and fresh.version == problem.version:
            actions.edit(fresh, by=by, at=at, title=title.removeprefix(f"{fresh.number}: ")[: actions.LONGEST_TITLE])
        if is_closed == there.is_closed != issue.told_closed:
            _note_closing(issue, is_closed, by=by, at=at)
        for comment in comments:
            _keep(issue, comment, at=at)
        fields = {"told_title": title, "told_closed": is_closed, "told_over": is_over, "synced_at": at}
        TrackerIssue.objects.filter(pk=issue.pk).update(**fields, reason="")


def _our_title(problem: Problem, issue: TrackerIssue) -> str:
    """The title as the issue is to have it: with our number, unless a person opened it without."""
    with_number = issue.title.startswith(f"{problem.number}: ")
    return f"{problem.number}: {problem.title}"[:200] if with_number else issue.told_title


def _note_closing(issue: TrackerIssue, is_closed: bool, *, by: Actor, at: datetime) -> None:
    words = _("%(key)s was closed in %(tracker)s.") if is_closed else _("%(key)s is open in %(tracker)s again.")
    told = words % {"key": issue.key, "tracker": issue.tracker.name}
    key = f"tracker:{issue.pk}:{'closed' if is_closed else 'open'}:{at.isoformat()}"
    actions.note(issue.problem, told, by=by, at=at, idempotency_key=key[:80])


def _keep(issue: TrackerIssue, comment: Comment, *, at: datetime) -> None:
    """A comment there becomes a note here, once, in its author's name."""
    if comment.id in issue.said or not comment.body.strip():
        return
    who = comment.author or _("somebody")
    by = Actor("system", None, f"{who} ({issue.tracker.name})"[:200])
    body = comment.body.replace("\x00", "")[:LONGEST_NOTE]
    actions.note(issue.problem, body, by=by, at=at, idempotency_key=f"tracker:{issue.pk}:{comment.id}"[:80])


def _note_trouble(issue: TrackerIssue, words: str, *, at: datetime, is_final: bool) -> None:
    Tracker.objects.filter(pk=issue.tracker_id).update(trouble=words[:500], asked_at=at)
    fields: dict[str, Any] = {"reason": words[:500]}
    fresh = TrackerIssue.objects.get(pk=issue.pk)
    if fresh.state == TrackerIssue.WAITING and (is_final or fresh.tries >= _TRIES):
        fields["state"] = TrackerIssue.FAILED
    TrackerIssue.objects.filter(pk=issue.pk).update(**fields)
    publish(following.topic(issue.problem), at=at)


def _link(url: str) -> str:
    return url[:500] if url.startswith(("https://", "http://")) else ""
