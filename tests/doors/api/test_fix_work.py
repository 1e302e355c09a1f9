"""The work on a fix over the API: changes tied and taken off, the check list, the way back, issues in trackers."""

import pytest
from django.utils import timezone

from makegood.life.fixes import repositories
from makegood.life.fixes.models import Tracker, TrackerIssue
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db
SHA = "3f786850e387550fdab836ed7e6dc881de23001b"


@pytest.fixture
def eve(desk):
    return program_of(desk.eve)


@pytest.fixture
def path(dora):
    return f"/problems/{dora.post('/problems', {'title': 'A full disk'})['number']}"


@pytest.fixture
def repository(desk):
    made = repositories.add(name="portal", provider="api", by=desk.ada.actor, at=timezone.now())
    return made[0] if isinstance(made, tuple) else made


def test_a_commit_is_tied_by_hand_and_taken_off_again(eve, path, repository):
    assert [one["name"] for one in eve.get("/repositories")["items"]] == ["portal"]
    told = eve.post(f"{path}/fix/changes", {"repository": "portal", "change": SHA}, status=200)
    (change,) = told["changes"]
    assert change["name"] == SHA[:12]
    eve.delete(f"{path}/fix/changes/{change['id']}")
    assert eve.get(f"{path}/fix")["changes"] == []
    eve.post(f"{path}/fix/changes", {"repository": "portal", "change": "abc"}, status=422)


def test_a_line_is_checked_with_ones_name_and_opened_again(eve, path, desk):
    (line,) = eve.post(f"{path}/fix/checks", {"what": "Save a claim"}, status=200)["checks"]
    told = eve.patch(f"{path}/fix/checks/{line['id']}", {"outcome": "passed"})
    assert (told["checks"][0]["outcome"], told["checks"][0]["by"]) == ("passed", desk.eve.name)
    eve.patch(f"{path}/fix/checks/{line['id']}", {"outcome": "failed"}, status=422)
    eve.delete(f"{path}/fix/checks/{line['id']}")
    assert eve.get(f"{path}/fix")["checks"] == []


def test_the_way_back_is_written_down(eve, path):
    assert eve.post(f"{path}/fix/rollback", {"words": "Deploy 2.4.0."}, status=200)["rollback"] == "Deploy 2.4.0."


def test_an_issue_is_asked_for_once_a_tracker_and_spoken_to_when_it_is_open(eve, path):
    tracker = Tracker.objects.create(
        name="Portal issues",
        kind="github",
        base_url="https://api.example",
        project="a/b",
        token="x",
        created_at=timezone.now(),
    )
    assert [one["key"] for one in eve.get("/trackers")["items"]] == [tracker.key]
    assert "token" not in eve.last.content.decode()
    first = eve.post(f"{path}/issues", {"tracker": tracker.key})
    assert (first["state"], first["title"]) == ("waiting", f"{path.rpartition('/')[2]}: A full disk")
    assert eve.post(f"{path}/issues", {"tracker": tracker.key})["id"] == first["id"]
    eve.post(f"{path}/issues/{first['id']}/comments", {"body": "Any news?"}, status=409)
    TrackerIssue.objects.update(state=TrackerIssue.OPENED)
    eve.post(f"{path}/issues/{first['id']}/comments", {"body": "Any news?"}, status=200)
    assert eve.get(f"{path}/issues")["items"][0]["tracker"] == "Portal issues"
    eve.post(f"{path}/issues", {"tracker": "nothing"}, status=404)
