"""Pushes that name more commits than they list: recorded as incomplete, completed from a copy or from the host."""

import json
import re
from datetime import UTC, datetime

import pytest
from werkzeug import Response

from makegood.engine.models import Job
from makegood.life.fixes import completing, reading, repositories, trackers
from makegood.life.fixes.models import Commit, Delivery, Link, Repository
from makegood.life.problems import actions
from tests.corpus.hooks import gitea, github, gitlab
from tests.doors.api.test_incoming import NONE, Sender, work_off
from tests.life.fixes.test_reading import Tree

HOSTS = {"github": github, "gitlab": gitlab, "gitea": gitea}
# How many commits of a push each lists.
LISTED = {"github": 20, "gitlab": 20, "gitea": 5}


@pytest.fixture
def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def one(cast, now):
    return actions.open_problem("The claims page answers 500", by=cast.eve.actor, at=now)


@pytest.fixture(params=list(HOSTS))
def provider(request):
    return request.param


def pushed(provider, messages, shas, before=NONE):
    """A push of these commits, the oldest first, as the host shortens it: the latest of them only."""
    host = HOSTS[provider]
    commits = [host.commit(sha, words) for sha, words in zip(shas, messages, strict=True)]
    kept = commits[-LISTED[provider] :]
    payload = host.push(before, shas[-1], *kept)
    if provider == "gitlab":
        payload["total_commits_count"] = len(commits)
    if provider == "gitea":
        payload["total_commits"] = len(commits)
    if provider == "github":  # it lists the first ones, and says nothing of how many there were
        payload["commits"] = commits[: LISTED[provider]]
    event = "Push Hook" if provider == "gitlab" else "push"
    return event, payload


def messages(one, provider, count=25):
    """25 commits; the one that names the problem is among those that are not listed."""
    words = [f"Work {n}" for n in range(count)]
    words[-1 if provider == "github" else 0] = f"Fixes {one.number}"
    return words


def names(count=25):
    return [f"{n:040x}" for n in range(1, count + 1)]


def test_without_a_copy_or_a_token_it_is_said_that_commits_are_missing(cast, one, now, provider, client):
    sender = Sender(cast, provider, now)
    event, payload = pushed(provider, messages(one, provider), names(), before="e" * 40)
    assert sender.send(event, payload).status_code == 202
    work_off()
    kept = Delivery.objects.get()
    assert kept.outcome == "cut"
    assert "a folder to read, or a token" in kept.reason
    assert ("20 commits" if provider == "github" else f"{LISTED[provider]} of 25 commits") in kept.reason
    assert not Link.objects.exists()
    assert not Job.objects.filter(done_at=None).exists(), "nothing is tried in vain for ever"
    client.force_login(cast.ada)
    page = client.get(f"/console/setup/repositories/{sender.repository.key}/").content.decode()
    assert "1 push named more commits than it listed." in page
    assert "commits are missing" in client.get("/console/setup/repositories/").content.decode()


def test_a_push_that_lists_all_its_commits_is_whole(cast, one, now, provider):
    sender = Sender(cast, provider, now)
    few = LISTED[provider]
    event, payload = pushed(provider, messages(one, provider, few), names(few), before="e" * 40)
    sender.send(event, payload)
    work_off()
    assert Delivery.objects.get().outcome == "used"
    assert Link.objects.count() == 1


def test_it_is_completed_from_the_copy_on_this_server(cast, one, now, provider, tmp_path, settings):
    settings.GIT_FOLDERS = [str(tmp_path)]
    tree = Tree(tmp_path / "portal")
    before = tree.commit("Begin")
    words = messages(one, provider)
    shas = [tree.commit(each) for each in words]
    sender = Sender(cast, provider, now, path=str(tree.path))
    sender.send(*pushed(provider, words, shas, before=before))
    work_off()
    kept = Delivery.objects.get()
    assert (kept.outcome, one.number in kept.reason) == ("used", True)
    assert Link.objects.get().claims
    assert Commit.objects.get().branch == "main"


def test_a_copy_that_lags_completes_it_once_it_has_been_read(cast, one, now, provider, tmp_path, settings):
    settings.GIT_FOLDERS = [str(tmp_path)]
    ahead, copy = Tree(tmp_path / "ahead"), Tree(tmp_path / "copy")
    ahead.moment = copy.moment = now
    before = ahead.commit("Begin")
    words = messages(one, provider)
    shas = [ahead.commit(each) for each in words]
    copy("fetch", "-q", "../ahead", f"{before}:refs/heads/main", "--update-head-ok")
    sender = Sender(cast, provider, now, path=str(copy.path))
    sender.send(*pushed(provider, words, shas, before=before))
    work_off()
    assert "does not hold the rest yet" in Delivery.objects.get().reason
    copy("fetch", "-q", "../ahead", "main:refs/heads/main", "--update-head-ok")
    reading.read_whole(Repository.objects.get(), at=now)
    work_off()
    assert Delivery.objects.get().outcome == "used"
    assert Link.objects.count() == 1


class Host:
    """The commits of one repository, told page by page as each host's API does."""

    def __init__(self, server, provider, words, shas):
        self.provider, self.asked = provider, []
        self.commits = list(zip(shas, words, strict=True))
        server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    def answer(self, request):
        self.asked.append(request)
        page = int(request.args.get("page", 1)) - 1
        if self.provider == "gitlab":
            assert request.path == "/api/v4/projects/fairfield/portal/repository/commits"
            assert request.args["ref_name"] == f"{'e' * 40}..{self.commits[-1][0]}"
            assert request.headers["PRIVATE-TOKEN"] == "s3cret"
            rows = [
                {
                    "id": sha,
                    "message": words,
                    "author_name": "Eve",
                    "committed_date": "2026-11-21T10:00:00.000+01:00",
                    "web_url": f"https://gitlab.example/{sha}",
                    "parent_ids": ["e" * 40],
                }
                for sha, words in reversed(self.commits)
            ][page * 100 : page * 100 + 100]
            return self.json(rows)
        rows = [
            {
                "sha": sha,
                "html_url": f"https://code.example/{sha}",
                "commit": {
                    "message": words,
                    "author": {"name": "Eve", "date": "2026-11-21T10:00:00Z"},
                    "committer": {"name": "Eve", "date": "2026-11-21T10:00:00Z"},
                },
                "parents": [{"sha": "e" * 40}],
            }
            for sha, words in self.commits
        ]
        if self.provider == "github":
            assert request.path == f"/api/v3/repos/fairfield/portal/compare/{'e' * 40}...{self.commits[-1][0]}"
            assert request.headers["Authorization"] == "Bearer s3cret"
            shown = rows[page * 100 : page * 100 + 100]
            return self.json({"total_commits": len(rows), "commits": shown, "files": [] if page else ["x" * 3_000_000]})
        assert request.path == "/api/v1/repos/fairfield/portal/commits"
        assert (request.args["sha"], request.args["not"]) == (self.commits[-1][0], "e" * 40)
        assert request.headers["Authorization"] == "token s3cret"
        return self.json(rows[::-1][page * 30 : page * 30 + 30])  # this server gives 30, whatever is asked for

    def json(self, values):
        return Response(json.dumps(values), content_type="application/json")


@pytest.mark.parametrize("by", ["token", "tracker"])
def test_it_is_completed_by_asking_the_host(cast, one, now, provider, httpserver, settings, by):
    if (provider, by) == ("gitea", "tracker"):
        pytest.skip("No tracker is kept there.")
    settings.PRIVATE_HOOKS = ["localhost", "127.0.0.1"]
    count = 230
    words, shas = messages(one, provider, count), names(count)
    host = Host(httpserver, provider, words, shas)
    address = httpserver.url_for("").rstrip("/")
    sender = Sender(cast, provider, now, web_url=f"{address}/fairfield/portal")
    if by == "token":
        repositories.change(sender.repository, token="s3cret", by=cast.ada.actor, at=now)
    else:
        facts = {"name": "T", "kind": provider, "base_url": address, "project": "fairfield/portal", "token": "s3cret"}
        trackers.add(**facts, by=cast.ada.actor, at=now)
    sender.send(*pushed(provider, words, shas, before="e" * 40))
    work_off()
    kept = Delivery.objects.get()
    assert (kept.outcome, one.number in kept.reason) == ("used", True)
    assert Link.objects.count() == 1
    assert len(host.asked) > 2
    assert "s3cret" not in Repository.objects.get().token


def test_a_host_that_is_away_is_asked_again(cast, one, now, provider, httpserver, settings):
    settings.PRIVATE_HOOKS = ["localhost", "127.0.0.1"]
    httpserver.expect_request(re.compile("^/")).respond_with_data("{}", status=503)
    web_url = httpserver.url_for("/fairfield/portal")
    sender = Sender(cast, provider, now, web_url=web_url, token="s3cret")
    words, shas = messages(one, provider), names()
    sender.send(*pushed(provider, words, shas, before="e" * 40))
    work_off()
    assert "503" in Delivery.objects.get().reason
    waiting = Job.objects.get(name=completing.JOB, done_at=None)
    httpserver.clear()
    Host(httpserver, provider, words, shas)
    completing.work(waiting.payload, now)
    assert Delivery.objects.get().outcome == "used"
    assert Link.objects.count() == 1


def test_a_token_given_later_completes_what_was_cut_before(cast, one, now, provider, httpserver, settings, client):
    settings.PRIVATE_HOOKS = ["localhost", "127.0.0.1"]
    words, shas = messages(one, provider), names()
    Host(httpserver, provider, words, shas)
    sender = Sender(cast, provider, now)
    sender.send(*pushed(provider, words, shas, before="e" * 40))
    work_off()
    client.force_login(cast.ada)
    form = {"name": "portal", "provider": provider, "main_branch": "main", "release_tags": "*", "released_by": "tags"}
    form |= {"web_url": httpserver.url_for("/fairfield/portal"), "token": "s3cret", "is_active": "on"}
    answer = client.post(f"/console/setup/repositories/{sender.repository.key}/change/", form)
    assert answer.status_code == 302
    work_off()
    assert Delivery.objects.get().outcome == "used"
    assert Link.objects.count() == 1
    assert "s3cret" not in client.get(f"/console/setup/repositories/{sender.repository.key}/change/").content.decode()


def test_a_token_is_never_sent_to_another_address(cast, now):
    sender = Sender(cast, "github", now, web_url="https://github.com/fairfield/portal", token="s3cret")
    with pytest.raises(repositories.BadRepository):
        repositories.change(sender.repository, web_url="https://evil.example/x", by=cast.ada.actor, at=now)


def test_more_commits_than_are_ever_read_stay_said(cast, one, now, provider, tmp_path, settings, monkeypatch):
    settings.GIT_FOLDERS = [str(tmp_path)]
    tree = Tree(tmp_path / "portal")
    before = tree.commit("Begin")
    words = [f"Work {n}" for n in range(25)]
    shas = [tree.commit(each) for each in words]
    monkeypatch.setattr("makegood.life.fixes.telling.MOST_COMMITS", 22)
    sender = Sender(cast, provider, now, path=str(tree.path))
    sender.send(*pushed(provider, words, shas, before=before))
    work_off()
    assert (Delivery.objects.get().outcome, Delivery.objects.get().reason) == (
        "cut",
        "Only the latest 22 commits were read.",
    )


def test_the_names_of_files_are_not_kept(cast, one, now):
    sender = Sender(cast, "gitlab", now)
    sender.send("Push Hook", gitlab.push(NONE, "1" * 40, gitlab.commit("1" * 40, "x")))
    assert "disk.py" not in Delivery.objects.get().body
