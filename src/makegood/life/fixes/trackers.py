"""Set-up of trackers, and what people ask of them: open an issue for a problem, say something on it.

Nothing leaves but what a person has seen: title and text are shown before, and notes of ours stay here unless one is
sent on purpose.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels import registry
from makegood.channels.tracking import Project, Trouble
from makegood.engine.queue import enqueue
from makegood.engine.secrets import NotOurs, seal, unseal
from makegood.lib.errors import Refusal
from makegood.life.fixes import repositories
from makegood.life.fixes.models import Tracker, TrackerIssue, TrackerWord
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.problems import access, actions
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound

JOB = "fixes.tracker"
WHAT = "tracker"
MOST = 50
LONGEST_BODY = 20_000
FACTS = ("name", "kind", "base_url", "project", "user", "issue_type", "is_active")


class BadTracker(Refusal):
    """An address that cannot be called, a name that is taken, or nothing to sign in with."""


class NoIssue(Refusal):
    """No issue can be opened or spoken to; the text says why."""


def add(*, token: str, by: Actor, at: datetime, **facts: Any) -> Tracker:
    """A new tracker. Raises BadTracker."""
    if Tracker.objects.count() >= MOST:
        raise BadTracker(_("There are %d trackers already. Take one away first.") % MOST)
    if not token.strip():
        raise BadTracker(_("Give the token that signs in there."))
    tracker = Tracker(created_at=at, token=seal(token.strip()), **_checked(facts))
    with transaction.atomic():
        _refuse_twice(tracker)
        tracker.save(force_insert=True)
        _record("setup.added", tracker, by=by, at=at, to=_told(tracker))
    return tracker


def change(tracker: Tracker, *, by: Actor, at: datetime, token: str = "", **facts: Any) -> bool:
    """Set any of ``FACTS``; an empty ``token`` leaves the present one. True if something changed. Raises BadTracker."""
    checked = _checked(facts)
    before = _told(tracker)
    changed = [name for name, value in checked.items() if getattr(tracker, name) != value]
    if not changed and not token.strip():
        return False
    if {"base_url", "kind"} & set(changed) and not token.strip():
        raise BadTracker(_("Give the token again: it would go to another address."))
    with transaction.atomic():
        for name in changed:
            setattr(tracker, name, checked[name])
        if token.strip():
            tracker.token = seal(token.strip())
        tracker.trouble = ""
        _refuse_twice(tracker)
        tracker.save()
        after = _told(tracker)
        was, now = ({name: told[name] for name in changed} for told in (before, after))
        _record("setup.changed", tracker, by=by, at=at, **{"from": was, "to": now})
    return True


def make_secret(tracker: Tracker, *, by: Actor, at: datetime) -> str:
    """A new webhook secret, shown this once; one made before opens no longer."""
    secret = repositories.new_secret()
    with transaction.atomic():
        tracker.secret, tracker.refused_at = seal(secret), None
        tracker.save(update_fields=["secret", "refused_at"])
        _record("tracker.secret_made", tracker, by=by, at=at)
    return secret


def hook_url(tracker: Tracker) -> str:
    """Where the tracker sends webhooks."""
    return f"{settings.BASE_URL}/hooks/in/{tracker.key}/"


def remove(tracker: Tracker, *, by: Actor, at: datetime) -> None:
    """Take the tracker away, with what is known of its issues; the issues themselves stay there."""
    with transaction.atomic():
        _record("setup.removed", tracker, by=by, at=at, **{"from": _told(tracker)})
        tracker.delete()


def check(tracker: Tracker, *, at: datetime) -> str:
    """Ask the tracker for its project; empty if it answered, else what went wrong."""
    trouble = ""
    client = None
    try:
        client = client_of(tracker)
        client.check()
    except (Trouble, NotOurs) as wrong:
        trouble = str(wrong)[:500]
    finally:
        if client:
            client.close()
    Tracker.objects.filter(pk=tracker.pk).update(trouble=trouble, asked_at=at)
    return trouble


def client_of(tracker: Tracker) -> Any:
    """Something that speaks to it; close it. Raises NotOurs."""
    project = Project(tracker.base_url, tracker.project, unseal(tracker.token), tracker.user, tracker.issue_type)
    return registry.tracker(tracker.kind, project)


def draft(problem: Problem) -> tuple[str, str]:
    """Title and text of an issue, to be read before it leaves: what colleagues wrote on the problem, no words of
    reporters, no names.
    """
    parts = [problem.symptom]
    if problem.signatures:
        parts.append("\n".join(["Error messages:", *(f"    {line}" for line in problem.signatures)]))
    if problem.cause:
        parts.append(f"Cause: {problem.cause}")
    if problem.workaround:
        parts.append(f"Workaround: {problem.workaround}")
    facts = [f"Severity: {problem.severity}", f"Reports: {problem.reports_count}"]
    if names := ", ".join(problem.components.order_by("name").values_list("name", flat=True)):
        facts.append(f"Components: {names}")
    if problem.affected_versions:
        facts.append(f"Releases with the fault: {', '.join(problem.affected_versions)}")
    parts.append("\n".join(facts))
    parts.append(f"{problem.number}: {settings.BASE_URL}/console/problems/{problem.number}/")
    return f"{problem.number}: {problem.title}"[:200], "\n\n".join(part for part in parts if part)


def open_issue(problem: Problem, tracker: Tracker, *, by: Actor, at: datetime, title: str, body: str) -> TrackerIssue:
    """Have an issue opened for ``problem``. Asked again, it is the same one; one that failed is tried again.

    Raises NoIssue.
    """
    title, body = " ".join(title.split())[:200], body.strip().replace("\x00", "")[:LONGEST_BODY]
    if not title:
        raise NoIssue(_("Give the issue a title."))
    if not tracker.is_active:
        raise NoIssue(_("This tracker is switched off."))
    with transaction.atomic():
        fresh = access.lock(problem)
        if fresh.is_protected:
            raise NoIssue(_("A protected problem stays in the house."))
        defaults = {"title": title, "body": body, "asked_by": by.name, "asked_at": at}
        issue, is_new = TrackerIssue.objects.get_or_create(tracker=tracker, problem=problem, defaults=defaults)
        if not is_new and issue.state != TrackerIssue.FAILED:
            return issue
        if not is_new:
            TrackerIssue.objects.filter(pk=issue.pk).update(
                title=title, body=body, state=TrackerIssue.WAITING, reason="", asked_by=by.name, asked_at=at
            )
        issue.refresh_from_db()
        enqueue(JOB, f"open:{issue.pk}:{at.isoformat()}", {"issue": issue.pk}, run_at=at)
        data = {"tracker": tracker.name, "title": title}
        actions.record(problem, "tracker.asked", by=by, at=at, data=data)
    return issue


def say(issue: TrackerIssue, body: str, *, by: Actor, at: datetime) -> TrackerWord:
    """Send a comment to the issue. Raises NoIssue."""
    body = body.strip().replace("\x00", "")[:LONGEST_BODY]
    if not body:
        raise NoIssue(_("Write something."))
    if issue.state != TrackerIssue.OPENED:
        raise NoIssue(_("The issue is not open there yet."))
    with transaction.atomic():
        access.lock(issue.problem)
        word = TrackerWord.objects.create(issue=issue, body=body, by_name=by.name, at=at)
        enqueue(JOB, f"say:{word.pk}", {"issue": issue.pk}, run_at=at)
        actions.record(
            issue.problem, "tracker.said", by=by, at=at, data={"tracker": issue.tracker.name, "word": word.pk}
        )
    return word


def issues_of(problem: Problem) -> list[TrackerIssue]:
    """The issues that stand for ``problem``."""
    return list(problem.issues.select_related("tracker").order_by("pk"))


def access_issue(seeker: Agent, problem: Problem, pk: int) -> TrackerIssue:
    """One of them. Raises NotFound."""
    rows = TrackerIssue.objects.filter(pk=pk, problem=problem, problem__in=visible_problems(seeker))
    found = rows.select_related("tracker", "problem").first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"A tracker has no {', '.join(sorted(unknown))}.")
    fields = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in facts.items()}
    if "issue_type" in fields:
        fields["issue_type"] = fields["issue_type"][:100] or "Bug"
    for name in ("name", "project"):
        if name in fields and not fields[name]:
            raise BadTracker(_("Give it a name, and the project as the tracker calls it."))
    if "base_url" in fields:
        fields["base_url"] = _checked_url(fields["base_url"])
    return fields


def _checked_url(url: str) -> str:
    """https, or a host the operator named. What its name leads to is looked at for each call."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host or parts.username or parts.query or parts.fragment or not url.isprintable():
        raise BadTracker(_("Give a whole address that begins with https://"))
    if parts.scheme != "https" and not (parts.scheme == "http" and host in settings.PRIVATE_HOOKS):
        raise BadTracker(_("Only https:// keeps it private. http:// is for hosts named in MAKEGOOD_PRIVATE_HOOKS."))
    return url.rstrip("/")


def _refuse_twice(tracker: Tracker) -> None:
    if Tracker.objects.filter(name=tracker.name).exclude(pk=tracker.pk).exists():
        raise BadTracker(_("There is a tracker of this name already."))


def _told(tracker: Tracker) -> dict[str, Any]:
    return {name: getattr(tracker, name) for name in FACTS}


def _record(kind: str, tracker: Tracker, *, by: Actor, at: datetime, **changes: Any) -> None:
    data = {"what": WHAT, "id": tracker.pk, "name": tracker.name, **changes}
    ledger.record(None, kind, by=by, at=at, data=data)
