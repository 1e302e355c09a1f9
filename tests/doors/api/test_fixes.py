"""A build tells what it did, and a program reads how far a fix has come."""

import pytest

from makegood.life.fixes.models import Deployment, Evidence, Release
from makegood.life.problems import actions
from tests.doors.api.knocking import program_of
from tests.life.fixes.story import problem, repository, sha


@pytest.fixture
def build(cast):
    return program_of(cast.eve)


def story(one, place="portal"):
    at = "2026-11-16T12:00:00Z"
    fixed = {"sha": sha("a"), "message": f"Fixes {one.number}: a full disk", "at": at}
    later = {"sha": sha("b"), "message": "Release", "parents": [sha("a")], "at": at}
    return [
        ("commits", {"commits": [fixed, later]}),
        ("releases", {"version": "v1.4", "sha": sha("b"), "at": at}),
        ("evidence", {"sha": sha("b"), "name": "unit", "outcome": "passed", "at": at}),
        ("evidence", {"sha": sha("b"), "name": "again", "outcome": "passed", "kind": "reproduction", "at": at}),
        ("deployments", {"key": "7", "environment": "production", "sha": sha("b"), "at": at}),
    ]


def test_a_build_tells_it_all_and_again_changes_nothing(cast, build):
    one, _place = problem(cast), repository(provider="api")
    for _turn in range(2):
        for part, body in story(one):
            build.post(f"/fixes/{part}", {"repository": "portal", **body}, status=200)
    told = build.get(f"/problems/{one.number}/fix")
    assert (told["state"], told["fixed_in"], told["is_tested"], told["missing"]) == ("watching", "v1.4", True, [])
    assert [change["release"] for change in told["changes"]] == ["v1.4"]
    assert [(place["environment"], place["has_it"]) for place in told["environments"]] == [("production", True)]
    assert (Release.objects.count(), Deployment.objects.count(), Evidence.objects.count()) == (1, 1, 2)


def test_what_it_tied_is_said_and_what_led_nowhere_too(cast, build):
    one = problem(cast)
    repository(provider="api")
    commits = [{"sha": sha("a"), "message": f"Fixes {one.number}, PRB-99999"}]
    heard = build.post("/fixes/commits", {"repository": "portal", "commits": commits}, status=200)
    assert (heard["linked"], len(heard["notes"])) == ([one.number], 1)


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("commits", {"commits": []}),
        ("commits", {"commits": [{"sha": "abc", "message": "x"}]}),
        ("releases", {"version": " ", "sha": sha("a")}),
        ("deployments", {"key": "1", "environment": "production", "outcome": "great"}),
        ("evidence", {"sha": sha("a"), "name": "unit"}),
        ("evidence", {"sha": sha("a"), "name": "unit", "outcome": "passed", "kind": "hearsay"}),
    ],
)
def test_what_cannot_be_meant_is_refused(cast, build, part, body):
    repository(provider="api")
    build.post(f"/fixes/{part}", {"repository": "portal", **body}, status=422)


def test_a_repository_there_is_not_is_not_found(cast, build):
    build.post("/fixes/commits", {"repository": "x", "commits": [{"sha": sha("a"), "message": "x"}]}, status=404)


def test_agents_read_it_and_do_not_tell_it(cast, monday):
    one = problem(cast)
    repository()
    desk = program_of(cast.dora)
    desk.post("/fixes/commits", {"repository": "portal", "commits": [{"sha": sha("a"), "message": "x"}]}, status=403)
    desk.get(f"/problems/{one.number}/fix")
    actions.protect(one, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    desk.get(f"/problems/{one.number}/fix", status=404)
