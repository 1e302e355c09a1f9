"""Bodies as the hosts themselves record them, through the signed door: none fails, each tells what it should."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime

import pytest

from makegood.life.fixes import evidence
from makegood.life.fixes.models import Commit, Delivery, Deployment, Evidence, Link, PullRequest, Release
from makegood.life.problems import actions, states
from makegood.life.problems.models import Problem
from tests.corpus.hooks import gitea
from tests.corpus.hooks.recorded import recorded
from tests.corpus.hooks.recorded.stories import HEAD, STORIES
from tests.doors.api.test_incoming import NONE, Sender, work_off

FIX = "2" * 40

UNCHANGED = [
    ("github", "ping", "ping", "unused"),
    ("github", "push", "push_branch", "used"),
    ("github", "push", "push_tag", "used"),
    ("github", "push", "push_tag_deleted", "unused"),
    ("github", "create", "create", "unused"),
    ("github", "pull_request", "pull_request_opened", "used"),
    ("github", "pull_request", "pull_request_closed", "used"),
    ("github", "release", "release_published", "used"),
    ("github", "deployment", "deployment", "used"),
    ("github", "deployment_status", "deployment_status", "used"),
    ("github", "deployment_status", "deployment_status_in_progress", "used"),
    ("github", "check_run", "check_run", "used"),
    ("github", "check_run", "check_run_of_actions", "unused"),
    ("github", "check_suite", "check_suite", "used"),
    ("github", "workflow_run", "workflow_run", "used"),
    ("github", "workflow_run", "workflow_run_action_required", "used"),
    ("github", "status", "status", "used"),
    ("gitlab", "Push Hook", "push", "cut"),  # it names four commits and lists two
    ("gitlab", "Tag Push Hook", "tag_push", "used"),
    ("gitlab", "Merge Request Hook", "merge_request", "used"),
    ("gitlab", "Pipeline Hook", "pipeline", "used"),
    ("gitlab", "Deployment Hook", "deployment", "used"),
    ("gitlab", "Release Hook", "release", "used"),
    ("gitlab", "Job Hook", "build", "unused"),
    ("gitlab", "Note Hook", "note_merge_request", "unused"),
    ("gitea", "push", "push", "used"),
    ("gitea", "create", "tag_create", "unused"),  # told by its push, with the commit it stands for
    ("gitea", "create", "branch_create", "unused"),
    ("gitea", "delete", "tag_delete", "unused"),
    ("gitea", "pull_request", "pull_request_opened", "used"),
    ("gitea", "pull_request", "pull_request_synchronized", "used"),
    ("gitea", "pull_request", "pull_request_merged", "used"),
    ("gitea", "pull_request", "pull_request_closed", "used"),
    ("gitea", "pull_request_rejected", "pull_request_reviewed", "unused"),
    ("gitea", "issues", "issues_opened", "unused"),
    ("gitea", "issues", "issues_closed", "unused"),
    ("gitea", "issue_comment", "issue_comment_created", "unused"),
    ("gitea", "issue_comment", "issue_comment_edited", "unused"),
    ("gitea", "issue_comment", "issue_comment_deleted", "unused"),
    ("gitea", "issue_comment", "pull_request_comment_created", "unused"),
    ("forgejo", "push", "push_branch", "used"),
    ("forgejo", "push", "push_multi", "used"),
    ("forgejo", "create", "tag_create", "unused"),
    ("forgejo", "release", "release", "used"),
    ("forgejo", "pull_request", "pull_request_merged", "used"),
    ("forgejo", "pull_request", "pull_request_closed", "used"),
    ("forgejo", "pull_request", "pull_request_reopened", "used"),
    ("forgejo", "pull_request", "pull_request_synchronized", "used"),
    ("forgejo", "pull_request", "pull_request_assigned", "used"),
]


@pytest.fixture
def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def one(cast, now):
    return actions.open_problem("The claims page answers 500", by=cast.eve.actor, at=now)


def fresh(problem):
    return Problem.objects.get(pk=problem.pk)


@pytest.mark.parametrize(("host", "event", "name", "outcome"), UNCHANGED)
def test_a_recorded_body_is_understood_as_it_is(cast, now, host, event, name, outcome):
    sender = Sender(cast, host, now)
    assert sender.send(event, recorded(host, name)).status_code == 202
    work_off()
    kept = Delivery.objects.get()
    assert kept.outcome == outcome, kept.reason
    assert "avatar" not in kept.body
    assert not re.search(r"(?<!git)@[\w-]+\.(com|org)", kept.body), "no addresses of people"


def test_what_recorded_bodies_tell(cast, now):
    main = {"github": "master", "gitlab": "main", "gitea": "master", "forgejo": "main"}
    senders = {host: Sender(cast, host, now, main_branch=branch) for host, branch in main.items()}
    for host, event, name, _outcome in UNCHANGED:
        if name == "deployment_status_in_progress":
            continue  # recorded later than the other, of a deployment with the same id
        senders[host].send(event, recorded(host, name), identity=f"{event} {name}")
    work_off()
    releases = set(Release.objects.values_list("repository__provider", "version", "sha"))
    assert releases == {
        ("github", "simple-tag", HEAD),
        ("github", "0.0.1", ""),
        ("gitlab", "v1.0.0", "82b3d5ae55f7080f1e6022629cdb57bfae7cccc7"),
        ("gitlab", "1.0.0", "2626dbdb936782b5c54816b1c6d45b1279303c6d"),
        ("gitea", "0.0.5", ""),
    }
    tests = dict(Evidence.objects.values_list("name", "outcome"))
    assert tests["default"] == "passed"
    assert tests["pipeline (merge_request_event)"] == "passed"
    deployed = set(Deployment.objects.values_list("repository__provider", "environment__slug", "outcome"))
    assert ("github", "production", "passed") in deployed
    assert ("gitlab", "staging", "passed") in deployed
    assert Deployment.objects.get(environment__slug="staging").sha == "279484c09fbe69ededfced8c1bb6e6d24616b468"
    assert not Commit.objects.exists(), "none of them names a number of ours"


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("host", list(STORIES))
def test_a_story_of_recorded_bodies_ends_with_the_customers(cast, one, now, host, turned):
    story, version, state = STORIES[host]
    sender = Sender(cast, host, now, main_branch="master")
    told = story(one.number)
    for event, payload in reversed(told) if turned else told:
        assert sender.send(event, payload).status_code == 202
        work_off()
    assert not Delivery.objects.exclude(outcome="used").exists()
    assert (fresh(one).state, fresh(one).fixed_in) == (state, version)
    assert Link.objects.filter(claims=True).count() == 2
    assert PullRequest.objects.get().state == "merged"
    found = evidence.readiness(fresh(one))
    assert found.passed
    assert found.is_tested == (state == states.WATCHING), "customers have it, if that was told"


@pytest.mark.parametrize("total", [None, 1, 6])
def test_a_push_of_gitea_in_full(cast, one, now, total):
    """As documented, and as newer servers send it, which say how many commits there were."""
    sender = Sender(cast, "gitea", now)
    payload = gitea.documented_push(NONE, FIX, gitea.commit(FIX, f"Fixes {one.number}"), total=total)
    assert sender.send("push", payload).status_code == 202
    work_off()
    assert Delivery.objects.get().outcome == ("cut" if total == 6 else "used")
    assert fresh(one).state == states.FIXING
    assert "not-to-be-kept" not in Delivery.objects.get().body


@pytest.mark.parametrize(("action", "outcome"), [("success", "passed"), ("recover", "passed"), ("failure", "failed")])
def test_a_run_of_forgejos_actions_is_a_test(cast, now, action, outcome):
    sender = Sender(cast, "forgejo", now)
    assert sender.send(f"action_run_{action}", gitea.action_run(FIX, action)).status_code == 202
    work_off()
    found = Evidence.objects.get()
    assert (found.name, found.sha, found.outcome) == ("ci.yml", FIX, outcome)
    assert "fairfield.example" not in Delivery.objects.get().body.replace("code.example/fairfield", "")


def test_forgejo_sends_every_name_of_a_header_at_once(cast, now):
    """Its own, Gitea's, Gogs's and GitHub's; a wrong signature under its own is not saved by a right one elsewhere."""
    sender, payload = Sender(cast, "forgejo", now), recorded("forgejo", "push_multi")
    body = json.dumps(payload).encode()
    signature = hmac.new(sender.secret.encode(), body, hashlib.sha256).hexdigest()
    names = ("Forgejo", "Gitea", "Gogs", "GitHub")
    headers = {f"X-{name}-Delivery": "5e7f1d6c" for name in names}
    headers |= {f"X-{name}-{part}": "push" for name in names for part in ("Event", "Event-Type")}
    headers |= {f"X-{name}-Signature": signature for name in ("Forgejo", "Gitea", "Gogs")}
    headers |= {"X-Hub-Signature": "sha1=" + "0" * 40, "X-Hub-Signature-256": f"sha256={signature}"}
    assert sender.post(body, {**headers, "X-Forgejo-Signature": "0" * 64}).status_code == 401
    assert sender.post(body, {**headers, "X-Forgejo-Signature": ""}).status_code == 401
    assert sender.post(body, headers).status_code == 202
    assert Delivery.objects.get().delivery_id == "5e7f1d6c"
