"""Webhooks of trackers: proved, and the issue they name is looked at within seconds."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from makegood.engine.models import Job
from makegood.life.fixes import keeping_step, trackers
from makegood.life.fixes.models import Delivery, Tracker, TrackerIssue
from makegood.life.problems import actions
from makegood.life.problems.models import Problem, ProblemNote
from tests.corpus.hooks.recorded import recorded
from tests.doors.api.test_incoming import Sender
from tests.life import case
from tests.remote import Remote

KINDS = ["github", "gitlab", "jira"]


@pytest.fixture
def now():
    return datetime.now(UTC).replace(microsecond=0)


class World:
    """A problem, its issue, and the tracker that sends webhooks."""

    def __init__(self, kind, cast, now, httpserver, project="company/portal"):
        self.kind, self.now, self.number, self.later = kind, now, 0, timedelta()
        self.remote = Remote(httpserver, kind)
        self.tracker = trackers.add(
            name="Tracker",
            kind=kind,
            base_url=httpserver.url_for("").rstrip("/"),
            project=project,
            token="s3cret",
            by=cast.ada.actor,
            at=now,
        )
        self.secret = trackers.make_secret(self.tracker, by=cast.ada.actor, at=now)
        self.problem = actions.open_problem("The claims page answers 500", by=cast.eve.actor, at=now)
        issue = trackers.open_issue(
            self.problem, self.tracker, by=cast.eve.actor, at=now, title=f"{self.problem.number}: It fails", body="x"
        )
        keeping_step.work({"issue": issue.pk}, now)
        self.issue = TrackerIssue.objects.get()
        self.there = self.remote.issues[1]

    def event(self, of="issue"):
        """The event and its body, as the tracker sends them of the issue (or of a comment on it)."""
        if self.kind == "github":
            name = "issues_edited" if of == "issue" else "issue_comment_created"
            event = "issues" if of == "issue" else "issue_comment"
            return event, recorded("github", name, issue__number=1, repository__full_name="company/portal")
        if self.kind == "gitlab":
            name, event = ("issue", "Issue Hook") if of == "issue" else ("note_issue", "Note Hook")
            place = "object_attributes__iid" if of == "issue" else "issue__iid"
            return event, recorded("gitlab", name, **{place: 1, "project__path_with_namespace": "company/portal"})
        happened = "jira:issue_updated" if of == "issue" else "comment_created"
        return "jira", {
            "timestamp": 1795255200000,
            "webhookEvent": happened,
            "issue": {"id": "10001", "key": "POR-1", "fields": {"summary": "x"}},
        }

    def headers(self, event, body, secret):
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        self.number += 1
        if self.kind == "github":
            return {
                "X-GitHub-Event": event,
                "X-GitHub-Delivery": f"id-{self.number}",
                "X-Hub-Signature-256": f"sha256={digest}",
            }
        if self.kind == "gitlab":
            return {"X-Gitlab-Event": event, "X-Gitlab-Event-UUID": f"id-{self.number}", "X-Gitlab-Token": secret}
        return {"X-Atlassian-Webhook-Identifier": f"id-{self.number}", "X-Hub-Signature": f"sha256={digest}"}

    def send(self, of="issue", *, secret="", payload=None, event=""):
        usual, body = self.event(of)
        event = event or usual
        content = json.dumps(body if payload is None else payload).encode()
        headers = self.headers(event, content, secret or self.secret)
        address = f"/hooks/in/{self.tracker.key}/"
        kind = "application/json; charset=UTF-8"
        return Client(enforce_csrf_checks=True).post(address, content, content_type=kind, headers=headers)

    def work(self):
        """In a time that only goes on: each turn is later than the one before, with what that brought about."""
        for _turn in range(2):
            self.later += timedelta(seconds=5)
            case.work(datetime.now(UTC) + self.later)
        Job.objects.filter(name=trackers.JOB).delete()  # the seconds that are looked at together are over


@pytest.fixture(params=KINDS)
def world(request, cast, now, httpserver, settings):
    settings.PRIVATE_HOOKS = ["localhost", "127.0.0.1"]
    return World(request.param, cast, now, httpserver)


def fresh(problem):
    return Problem.objects.get(pk=problem.pk)


def test_what_happens_there_is_here_at_once(world):
    world.there["title"] = f"{world.problem.number}: It fails at noon"
    world.there["said"].append(("Noor", "It is the cache."))
    assert world.send().status_code == 202
    world.work()
    assert fresh(world.problem).title == "It fails at noon"
    world.there["said"][0] = ("Noor", "It is the cache of sessions.")
    world.there["closed"] = True
    assert world.send("comment").status_code == 202
    world.work()
    notes = list(ProblemNote.objects.order_by("pk").values_list("body", flat=True))
    assert notes[0] == "It is the cache of sessions."
    assert notes[1].endswith("was closed in Tracker.")


@pytest.mark.parametrize("world", ["github"], indirect=True)
def test_who_removed_a_comment_is_told_by_githubs_webhook(world):
    world.there["said"] += [("Noor", "It is the cache."), ("Max", "It is the disk.")]
    world.send()
    world.work()
    told = {"issue__number": 1, "repository__full_name": "company/portal", "comment__id": 2, "sender__login": "kay"}
    event, payload = "issue_comment", recorded("github", "issue_comment_deleted", **told)
    assert world.send(payload=payload, event=event).status_code == 202
    world.work()
    assert not ProblemNote.objects.exclude(removed_at=None).exists(), "it is still there: only what is looked at counts"
    world.there["said"][1] = None
    assert world.send(payload=payload, event=event).status_code == 202
    world.work()
    note = ProblemNote.objects.exclude(removed_at=None).get()
    assert (note.body, note.removed_by) == ("It is the disk.", "kay")


def test_one_that_is_sent_again_changes_nothing(world, cast):
    world.there["said"].append(("Noor", "It is the cache."))
    world.send()
    world.work()
    actions.edit(fresh(world.problem), by=cast.eve.actor, at=world.now, title="Ours")
    world.work()
    before = (fresh(world.problem).title, world.there["title"], ProblemNote.objects.count())
    for _turn in range(5):
        assert world.send().status_code == 202
    world.work()
    assert (fresh(world.problem).title, world.there["title"], ProblemNote.objects.count()) == before
    assert before[0] == "Ours"


def test_many_at_once_are_one_look(world):
    already = Job.objects.filter(name=trackers.JOB).count()
    for _turn in range(20):
        world.send()
    assert Job.objects.filter(name=trackers.JOB).count() - already <= 3


def test_who_does_not_know_the_secret_moves_nothing(world):
    already = Job.objects.filter(name=trackers.JOB).count()
    assert world.send(secret="guessed").status_code == 401
    assert Job.objects.filter(name=trackers.JOB).count() == already
    assert Tracker.objects.get().refused_at is not None


def test_a_tracker_without_a_secret_is_a_stranger(world):
    Tracker.objects.update(secret="")
    assert world.send().status_code == 401


def test_another_issue_is_none_of_ours(world):
    TrackerIssue.objects.update(key="999")
    assert world.send().status_code == 200
    assert Tracker.objects.get().told_at is not None


@pytest.mark.parametrize("payload", [[], {"webhookEvent": "jira:issue_updated", "issue": {}}])
def test_what_cannot_be_read_is_refused(world, payload):
    assert world.send(payload=payload).status_code == 422


def test_other_events_are_nothing_for_us(world):
    if world.kind != "jira":
        pytest.skip("The others name the event in a header; the list of those is tested with repositories.")
    assert world.send(payload={"webhookEvent": "sprint_started"}).status_code == 200


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_webhook_of_the_repository_tells_of_issues_too(cast, now, httpserver, settings, kind):
    settings.PRIVATE_HOOKS = ["localhost", "127.0.0.1"]
    world = World(kind, cast, now, httpserver)
    world.there["said"].append(("Noor", "It is the cache."))
    sender = Sender(cast, kind, now)
    event, payload = world.event("comment")
    assert sender.send(event, payload).status_code == 202
    world.work()
    kept = Delivery.objects.get()
    assert (kept.outcome, kept.reason) == ("used", world.problem.number)
    assert ProblemNote.objects.get().body == "It is the cache."
    Delivery.objects.all().delete()
    TrackerIssue.objects.update(key="999")
    sender.send(event, payload, identity="again")
    world.work()
    assert (Delivery.objects.get().outcome, "no problem" in Delivery.objects.get().reason) == ("unused", True)


def test_the_secret_is_shown_once(world, cast, client):
    client.force_login(cast.ada)
    address = f"/console/setup/trackers/{world.tracker.key}/"
    page = client.post(f"{address}secret/").content.decode()
    assert "whsec_" in page
    assert f"/hooks/in/{world.tracker.key}/" in page
    later = client.get(address).content.decode()
    assert "whsec_" not in later
    assert f"/hooks/in/{world.tracker.key}/" in later
    assert world.send().status_code == 401, "the old one opens no longer"
