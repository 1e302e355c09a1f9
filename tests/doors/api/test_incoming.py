"""Webhooks of the three hosts: signed, kept once, and a problem follows them to the customers."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from standardwebhooks import Webhook

from makegood.engine.models import Job
from makegood.life.fixes import deliveries, evidence, repositories
from makegood.life.fixes.models import Commit, Delivery, Evidence, Link, PullRequest, Repository
from makegood.life.problems import actions, states
from makegood.life.problems.models import Problem
from tests.corpus.hooks import gitea, github, gitlab
from tests.life import case

NEW, FIXED, MERGE = "1" * 40, "2" * 40, "3" * 40
NONE = "0" * 40


def work_off():
    """What the worker does with everything that has arrived."""
    case.work(datetime.now(UTC) + timedelta(seconds=1))


class Sender:
    """A git host that sends webhooks to us."""

    def __init__(self, cast, provider, now, **facts):
        self.provider, self.number = provider, 0
        kind = "gitea" if provider == "forgejo" else provider
        self.repository, self.secret = repositories.add(
            name=f"{provider} portal", provider=kind, by=cast.ada.actor, at=now, **facts
        )

    def headers(self, event, body, identity, secret=None):
        secret = secret or self.secret
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if self.provider == "github":
            return {"X-GitHub-Event": event, "X-GitHub-Delivery": identity, "X-Hub-Signature-256": f"sha256={digest}"}
        if self.provider == "gitlab":
            return {"X-Gitlab-Event": event, "X-Gitlab-Event-UUID": identity, "X-Gitlab-Token": secret}
        name = "Forgejo" if self.provider == "forgejo" else "Gitea"
        return {f"X-{name}-Event": event, f"X-{name}-Delivery": identity, f"X-{name}-Signature": digest}

    def send(self, event, payload, *, identity="", secret=None, **more):
        self.number += 1
        body = json.dumps(payload).encode()
        headers = {**self.headers(event, body, identity or f"id-{self.number}", secret), **more}
        return self.post(body, headers)

    def post(self, body, headers, kind="application/json"):
        address = f"/hooks/in/{self.repository.key}/"
        return Client(enforce_csrf_checks=True).post(address, body, content_type=kind, headers=headers)


def told(provider, name):
    """What each host sends of the same story: a merged pull request that names ``name``, a tag, CI, a deployment."""
    if provider == "gitlab":
        return [
            ("Push Hook", gitlab.push(NONE, NEW, gitlab.commit(NEW, "Begin"))),
            ("Merge Request Hook", gitlab.merge_request(7, "White page", f"Closes {name}")),
            (
                "Push Hook",
                gitlab.push(NEW, MERGE, gitlab.commit(FIXED, f"Fixes {name}"), gitlab.commit(MERGE, "Merge")),
            ),
            (
                "Merge Request Hook",
                gitlab.merge_request(7, "White page", f"Closes {name}", state="merged", merged=MERGE),
            ),
            ("Tag Push Hook", gitlab.tag_push("v1.4", MERGE)),
            ("Release Hook", gitlab.release("v1.4", MERGE)),
            ("Pipeline Hook", gitlab.pipeline(MERGE)),
            ("Deployment Hook", gitlab.deployment(MERGE)),
        ]
    if provider == "gitea":
        return [
            ("push", gitea.push(NONE, NEW, gitea.commit(NEW, "Begin"))),
            ("pull_request", gitea.pull_request(7, "White page", f"Closes {name}")),
            ("push", gitea.push(NEW, MERGE, gitea.commit(FIXED, f"Fixes {name}"), gitea.commit(MERGE, "Merge"))),
            ("pull_request", gitea.pull_request(7, "White page", f"Closes {name}", merged=MERGE)),
            ("push", gitea.push(NONE, "f" * 40, gitea.commit(MERGE, "Merge"), ref="refs/tags/v1.4")),
            ("release", gitea.release("v1.4")),
            ("status", gitea.status(MERGE)),
        ]
    return [
        ("push", github.push(NONE, NEW, github.commit(NEW, "Begin"))),
        ("pull_request", github.pull_request(7, "White page", f"Closes {name}")),
        ("push", github.push(NEW, MERGE, github.commit(FIXED, f"Fixes {name}"), github.commit(MERGE, "Merge"))),
        ("pull_request", github.pull_request(7, "White page", f"Closes {name}", merged=MERGE, state="closed")),
        ("push", github.push(NONE, "f" * 40, github.commit(MERGE, "Merge"), ref="refs/tags/v1.4")),
        ("release", github.release("v1.4")),
        ("workflow_run", github.workflow_run(MERGE)),
        ("deployment_status", github.deployment_status(MERGE)),
    ]


@pytest.fixture
def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def one(cast, now):
    return actions.open_problem("The claims page answers 500", by=cast.eve.actor, at=now)


def fresh(problem):
    return Problem.objects.get(pk=problem.pk)


@pytest.mark.parametrize("released_by", ["tags", "published"])
@pytest.mark.parametrize("provider", ["github", "gitlab", "gitea"])
def test_a_story_told_by_a_host_ends_with_the_customers(cast, one, now, provider, released_by):
    sender = Sender(cast, provider, now, released_by=released_by)
    for event, payload in told(provider, one.number):
        assert sender.send(event, payload).status_code == 202
    work_off()
    assert not Delivery.objects.exclude(outcome="used").exists()
    reached = states.RELEASED if provider == "gitea" else states.WATCHING
    assert (fresh(one).state, fresh(one).fixed_in) == (reached, "v1.4")
    assert Link.objects.filter(claims=True).count() == 2
    assert PullRequest.objects.get().state == "merged"
    assert Evidence.objects.get().outcome == "passed"
    ready = evidence.readiness(fresh(one))
    assert ready.is_tested is (provider != "gitea")


@pytest.mark.parametrize("provider", ["github", "gitlab", "gitea"])
def test_in_reverse_and_twice_it_ends_alike(cast, one, now, provider):
    sender = Sender(cast, provider, now)
    story = list(reversed(told(provider, one.number)))
    for place, (event, payload) in enumerate(story + story):
        answer = sender.send(event, payload, identity=f"id-{place % len(story)}")
        assert answer.status_code == (202 if place < len(story) else 200)
        work_off()
    reached = states.RELEASED if provider == "gitea" else states.WATCHING
    assert (fresh(one).state, fresh(one).fixed_in) == (reached, "v1.4")
    assert Delivery.objects.count() == len(story)


@pytest.mark.parametrize("provider", ["github", "gitlab", "gitea"])
def test_who_does_not_know_the_secret_learns_nothing(cast, one, now, provider):
    sender = Sender(cast, provider, now)
    event, payload = told(provider, one.number)[2]
    answers = [sender.send(event, payload, secret="guessed"), sender.post(json.dumps(payload).encode(), {})]
    body = json.dumps(payload).encode()
    forged = sender.headers(event, b"another body", "id-1")
    if provider != "gitlab":  # its plain token does not cover the body
        answers.append(sender.post(body, forged))
    unknown = Client().post("/hooks/in/nothing/", body, content_type="application/json")
    assert {(answer.status_code, answer.content) for answer in [*answers, unknown]} == {(401, b"")}
    assert not Delivery.objects.exists()
    assert Repository.objects.get().refused_at is not None


def test_guessing_is_slowed_down(cast, now):
    sender = Sender(cast, "github", now)
    seen = {sender.send("push", {}, secret="guessed").status_code for _turn in range(40)}
    assert seen == {401, 429}
    assert sender.send("ping", github.PING).status_code == 202


def test_a_switched_off_repository_is_a_stranger(cast, now):
    sender = Sender(cast, "github", now)
    repositories.change(sender.repository, is_active=False, by=cast.ada.actor, at=now)
    assert sender.send("ping", github.PING).status_code == 401


def test_the_old_secret_opens_for_a_day(cast, now):
    sender = Sender(cast, "github", now)
    repositories.rotate_secret(sender.repository, by=cast.ada.actor, at=now)
    assert sender.send("ping", github.PING).status_code == 202
    Repository.objects.update(old_secret_until=now - timedelta(seconds=1))
    assert sender.send("ping", {"zen": "2"}).status_code == 401


def test_gitlab_may_sign_instead(cast, one, now):
    sender = Sender(cast, "gitlab", now)
    body = json.dumps(gitlab.push(NONE, NEW, gitlab.commit(NEW, f"Fixes {one.number}"))).encode()

    def knock(moment, secret=sender.secret, content=body):
        signature = Webhook(secret).sign("evt-1", moment, body.decode())
        signed = {
            "webhook-id": "evt-1",
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
            "X-Gitlab-Event": "Push Hook",
            "X-Gitlab-Token": sender.secret,
        }
        return sender.post(content, signed).status_code

    assert knock(now - timedelta(hours=1)) == 401, "an old signature is a replay"
    assert knock(now, secret="whsec_" + "QUJD" * 8) == 401, "a wrong signature is not saved by a right token"
    assert knock(now, content=body + b" ") == 401
    assert knock(now) == 202


def test_a_copy_under_another_id_is_a_repeat(cast, one, now):
    sender = Sender(cast, "github", now)
    event, payload = told("github", one.number)[2]
    assert sender.send(event, payload, identity="first").status_code == 202
    assert sender.send(event, payload, identity="second").status_code == 200
    assert Job.objects.filter(name=deliveries.JOB).count() == 1


def test_addresses_of_people_and_secrets_are_not_kept(cast, one, now):
    sender = Sender(cast, "github", now)
    for event, payload in [*told("github", one.number), ("ping", github.PING)]:
        sender.send(event, payload)
    kept = "".join(Delivery.objects.values_list("body", flat=True))
    assert "@fairfield.example" not in kept
    assert "avatar" not in kept
    assert '"secret"' not in kept
    assert "commits_url" not in kept


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"[]", "application/json", 422),
        (b"{", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b"payload=%7B%7D", "application/x-www-form-urlencoded", 415),
        (b"x" * (deliveries.LARGEST + 1), "application/json", 413),
    ],
)
def test_what_is_no_webhook_is_refused(cast, now, body, kind, status):
    sender = Sender(cast, "github", now)
    answer = sender.post(body, sender.headers("push", body, "id"), kind)
    assert answer.status_code == status
    assert not Delivery.objects.exists()


def test_a_large_push_is_taken(cast, one, now):
    sender = Sender(cast, "github", now)
    commits = [github.commit(f"{n:040x}", "Work " + "x" * 1500) for n in range(1, 1500)]
    commits.append(github.commit(FIXED, f"Fixes {one.number}"))
    payload = github.push(NONE, FIXED, *commits)
    assert 2_000_000 < len(json.dumps(payload)) < deliveries.LARGEST
    assert sender.send("push", payload).status_code == 202
    work_off()
    assert fresh(one).state == states.FIXING
    assert Commit.objects.count() == 1


@pytest.mark.parametrize("event", ["star", "label", "watch", "x" * 500])
def test_an_event_we_do_not_use_is_acknowledged_and_noted(cast, now, event):
    sender = Sender(cast, "github", now)
    assert sender.send(event, {"action": "created"}).status_code == 202
    work_off()
    assert (Delivery.objects.get().outcome, bool(Delivery.objects.get().reason)) == ("unused", True)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"ref": "refs/heads/main", "before": NONE, "after": "xyz", "commits": []},
        {"ref": "refs/heads/main", "before": NONE, "after": NEW, "commits": [{}]},
        {"ref": "refs/heads/main", "before": NONE, "after": NEW, "commits": [None]},
        {"ref": "refs/heads/main", "before": NONE, "after": NEW, "commits": [github.commit(NEW, "x", "yesterday")]},
        {"ref": [], "before": {}, "after": 5},
    ],
)
def test_what_cannot_be_read_is_noted_with_its_reason_and_not_tried_again(cast, now, payload):
    sender = Sender(cast, "github", now)
    assert sender.send("push", payload).status_code == 202
    work_off()
    kept = Delivery.objects.get()
    assert (kept.outcome, bool(kept.reason)) == ("failed", True)
    assert not Job.objects.filter(done_at=None).exists()


def test_a_delivery_is_taken_up_again_after_something_was_put_right(cast, one, now):
    sender = Sender(cast, "github", now, release_tags="portal-*")
    for event, payload in told("github", one.number)[:5]:
        sender.send(event, payload)
    work_off()
    assert fresh(one).state == states.FIXING
    repositories.change(sender.repository, release_tags="v*", by=cast.ada.actor, at=now)
    for kept in Delivery.objects.filter(event="push"):
        deliveries.again(kept, by=cast.ada.actor, at=now)
    work_off()
    assert fresh(one).fixed_in == "v1.4"


def test_a_strangers_fork_moves_nothing(cast, one, now):
    sender = Sender(cast, "github", now)
    sender.send("pull_request", github.pull_request(9, f"Fixes {one.number}", fork="stranger/portal"))
    work_off()
    assert fresh(one).state == states.OPEN
    assert "fork" in Delivery.objects.get().reason


def test_a_link_that_is_no_address_is_left_out(cast, one, now):
    sender = Sender(cast, "github", now)
    payload = github.push(NONE, NEW, {**github.commit(NEW, f"Fixes {one.number}"), "url": "javascript:alert(1)"})
    sender.send("push", payload)
    work_off()
    assert Commit.objects.get().url == ""


def test_test_runs_of_every_kind_are_told_by_their_own_names(cast, now):
    sender = Sender(cast, "github", now)
    sender.send("workflow_run", github.workflow_run(NEW))
    sender.send("workflow_run", github.workflow_run(NEW, "failure", event="pull_request"))
    sender.send("check_run", github.check_run(NEW, "neutral"))
    sender.send("check_run", github.check_run(NEW, app="github-actions"))
    sender.send("status", github.status(NEW, "error"))
    work_off()
    found = dict(Evidence.objects.values_list("name", "outcome"))
    wanted = {"Tests": "passed", "Tests (pull_request)": "failed", "scan": "skipped", "ci/build": "failed"}
    assert found == wanted
