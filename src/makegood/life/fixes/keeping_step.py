"""Issues in trackers and their problems, kept in step: by the worker, as soon as a webhook or the ledger tells of a
change, when something was asked, and every few minutes all the same.

A webhook only says which issue to look at: what happened to it is read from the tracker, so that one which is sent
again changes nothing. Both sides are held against what they agreed on last. What only one side changed goes to the
other; where both changed the title, ours counts. The severity goes there as a label. A problem that is over closes its
issue, one that came back opens it again. That somebody closed the issue proves no fix: it is noted on the problem, and
so is every comment there, for us alone.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.code import IssueTold
from makegood.channels.tracking import MOST_COMMENTS, Comment, Issue, Trouble
from makegood.engine.live import publish
from makegood.engine.queue import enqueue
from makegood.engine.secrets import NotOurs
from makegood.life.fixes import following, trackers
from makegood.life.fixes.models import Tracker, TrackerIssue, TrackerWord
from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions, states
from makegood.life.problems.models import Problem, ProblemNote
from makegood.life.reports.models import LedgerEntry

EVERY = timedelta(minutes=5)
MOST_A_ROUND = 200
LONGEST_NOTE = 5_000
_TRIES = 6
_OF_CLOSING = ("closed:", "open:")
# What happens to an issue within so many seconds is looked at once.
_TOGETHER = 2


def ask_all(now: datetime) -> int:
    """Put the issues of problems that are not long over in line. Work of the clock."""
    rows = TrackerIssue.objects.filter(state=TrackerIssue.OPENED, tracker__is_active=True)
    rows = rows.exclude(problem__state=states.RESOLVED, problem__resolved_at__lt=now - timedelta(days=30))
    due = rows.order_by("synced_at", "pk").values_list("pk", flat=True)[:MOST_A_ROUND]
    return sum(enqueue(trackers.JOB, f"step:{pk}:{now.isoformat()}", {"issue": pk}, run_at=now) for pk in due)


def touch(kind: str, told: IssueTold, *, at: datetime, tracker: Tracker | None = None) -> list[str]:
    """Have the issue that a webhook told of looked at; the numbers of the problems it stands for."""
    rows = TrackerIssue.objects.filter(state=TrackerIssue.OPENED, key=told.key, tracker__is_active=True)
    rows = rows.filter(tracker__kind=kind) if tracker is None else rows.filter(tracker=tracker)
    projects = {name.lower() for name in told.projects}
    found = [
        one
        for one in rows.select_related("tracker", "problem")
        if not projects or one.tracker.project.lower() in projects
    ]
    for issue in found:
        if told.removed and told.by:  # that it is gone is only noted once it is no longer found there
            noted = ProblemNote.objects.filter(idempotency_key=_key_of(issue, told.removed), removed_at=None)
            noted.update(removed_by=told.by[:200])
        _soon(issue.pk, at=at)
    return [issue.problem.number for issue in found]


def follow(entry: LedgerEntry, now: datetime) -> None:
    """A reaction: what changed on a problem goes to its issues at once."""
    rows = TrackerIssue.objects.filter(state=TrackerIssue.OPENED, tracker__is_active=True)
    for pk in rows.filter(problem=entry.data.get("problem")).values_list("pk", flat=True):
        _soon(pk, at=now)


def _soon(issue: int, *, at: datetime) -> None:
    """In line once for all that happens in these seconds, after the last of it."""
    turn = int(at.timestamp()) // _TOGETHER + 1
    moment = datetime.fromtimestamp(turn * _TOGETHER, UTC)
    enqueue(trackers.JOB, f"soon:{issue}:{turn}", {"issue": issue}, run_at=moment)


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
    words = _label(issue, client, problem.severity) if problem.severity != issue.told_severity else ""
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
        heard = _keep(issue, comments, at=at)
        fields = {"told_title": title, "told_closed": is_closed, "told_over": is_over, "synced_at": at}
        fields |= {"told_severity": problem.severity, "heard": heard, "reason": words}
        TrackerIssue.objects.filter(pk=issue.pk).update(**fields)


def _our_title(problem: Problem, issue: TrackerIssue) -> str:
    """The title as the issue is to have it: with our number, unless a person opened it without."""
    with_number = issue.title.startswith(f"{problem.number}: ")
    return f"{problem.number}: {problem.title}"[:200] if with_number else issue.told_title


def _note_closing(issue: TrackerIssue, is_closed: bool, *, by: Actor, at: datetime) -> None:
    words = _("%(key)s was closed in %(tracker)s.") if is_closed else _("%(key)s is open in %(tracker)s again.")
    told = words % {"key": issue.key, "tracker": issue.tracker.name}
    key = _key_of(issue, f"{_OF_CLOSING[0] if is_closed else _OF_CLOSING[1]}{at.isoformat()}")
    actions.note(issue.problem, told, by=by, at=at, idempotency_key=key)


def _label(issue: TrackerIssue, client: Any, severity: str) -> str:
    """Say there how bad it is; empty, or why that cannot be said there, which holds nothing else up."""
    old = f"severity-{issue.told_severity}" if issue.told_severity else ""
    try:
        client.label(issue.key, add=f"severity-{severity}", remove=old)
    except Trouble as trouble:
        if not trouble.is_final:
            raise
        return (_("The severity could not be said there: %s") % trouble)[:500]
    return ""


def _keep(issue: TrackerIssue, comments: list[Comment], *, at: datetime) -> dict[str, str]:
    """A comment there becomes a note here, once, in its author's name; if it is changed there, so is the note; it is
    marked if it is removed there. What has been heard since: words that are no longer here, because somebody was
    forgotten, do not come back by themselves.
    """
    fresh = TrackerIssue.objects.get(pk=issue.pk)
    on_their_way = set(fresh.words.filter(remote_id="").values_list("body", flat=True))
    heard: dict[str, str] = {}
    for comment in comments:
        body = comment.body.replace("\x00", "")[:LONGEST_NOTE]
        if comment.id in fresh.said or comment.body in on_their_way or not body.strip():
            continue
        heard[comment.id] = hashlib.sha256(body.encode()).hexdigest()[:16]
        if heard[comment.id] != fresh.heard.get(comment.id):
            _take(issue, comment, body, was_heard=comment.id in fresh.heard, at=at)
    if len(comments) < MOST_COMMENTS:
        _miss(issue, {comment.id for comment in comments}, at=at)
    return heard


def _miss(issue: TrackerIssue, there: set[str], *, at: datetime) -> None:
    """Mark the notes whose comments are no longer there."""
    prefix = _key_of(issue, "")
    rows = ProblemNote.objects.filter(problem=issue.problem_id, removed_at=None, idempotency_key__startswith=prefix)
    for note in rows.select_related("problem").order_by("pk"):
        comment = (note.idempotency_key or "").removeprefix(prefix)
        if comment not in there and not comment.startswith(_OF_CLOSING):
            who = f"{note.removed_by} ({issue.tracker.name})" if note.removed_by else issue.tracker.name
            actions.remove(note, by=Actor("system", None, who[:200]), at=at)


def _take(issue: TrackerIssue, comment: Comment, body: str, *, was_heard: bool, at: datetime) -> None:
    who = comment.author or _("somebody")
    by = Actor("system", None, f"{who} ({issue.tracker.name})"[:200])
    key = _key_of(issue, comment.id)
    note = ProblemNote.objects.filter(idempotency_key=key).select_related("problem").first()
    if note is None:
        actions.note(issue.problem, body, by=by, at=at, idempotency_key=key)
    elif was_heard or note.removed_at:
        actions.reword(note, body, by=by, at=at)


def _key_of(issue: TrackerIssue, comment: str) -> str:
    return f"tracker:{issue.pk}:{comment}"[:80]


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
