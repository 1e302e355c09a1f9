"""Analyses and actions over the API: the same verbs, the same refusals, the same eyes."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.life.rca.models import Action, Rca
from makegood.life.reports.models import Report
from tests.doors.api.knocking import program_of
from tests.life.rca.study import DAY, WORDS, action, severe

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return datetime.now(UTC) - timedelta(hours=4)


@pytest.fixture
def problem(desk, now):
    return severe(desk, now)


@pytest.fixture
def eve(desk):
    return program_of(desk.eve)


@pytest.fixture
def emil(desk):
    return program_of(desk.emil)


def test_written_reviewed_and_published(desk, problem, eve, emil, now):
    here = f"/problems/{problem.number}/rca"
    assert [row["number"] for row in eve.get("/rcas")["items"]] == [Rca.objects.get().number]
    assert eve.get(here)["missing"] == ["overview", "trigger", "monitoring_gap"]
    tag = eve.last["ETag"]
    refused = eve.ask("POST", f"{here}/submit", status=409)
    assert refused["code"] == "unanswered"
    words = {**WORDS, "public_texts": {"en": "A machine was gone."}, "began_at": "2026-11-16T08:00:00Z"}
    eve.patch(here, words, if_match=tag)
    eve.patch(here, {"luck": "It was early."}, status=412, if_match=tag)
    eve.post(f"{here}/submit", status=200)
    eve.patch(here, {"luck": "It was early."}, status=409)
    eve.ask("POST", f"{here}/approve", status=409)
    assert emil.ask("POST", f"{here}/approve", status=409)["code"] == "only_weak_actions"
    emil.post(f"{here}/waive", {"reason": "Replaced in March."}, status=200)
    emil.post(f"{here}/approve", status=200)
    assert emil.get(f"{here}/published-text") == {"texts": {}}
    emil.post(f"{here}/publish", status=200)
    assert emil.get(f"{here}/published-text") == {"texts": {"en": "A machine was gone."}}
    assert emil.get("/rcas")["items"] == []


def test_causes_and_timeline(desk, problem, eve):
    here = f"/problems/{problem.number}/rca"
    event = eve.post(f"{here}/causes", {"words": "Claims answer 500"})["id"]
    told = {"words": "Eve was careless", "kind": "condition", "contributed_to": [event]}
    cause = eve.post(f"{here}/causes", told)
    assert cause["blames"] == "careless"
    assert (
        eve.ask("PATCH", f"{here}/causes/{event}", {"contributed_to": [cause["id"]]}, status=409)["code"]
        == "in_a_circle"
    )
    eve.patch(f"{here}/causes/{cause['id']}", {"words": "Any target is taken"})
    assert eve.get(f"{here}/causes")["paths"] == [[event, cause["id"]]]
    assert eve.post(f"{here}/timeline/draft", status=200)["new"] > 0
    row = eve.post(f"{here}/timeline", {"at": "2026-11-16T08:00:00Z", "words": "A change goes out."})
    eve.patch(f"{here}/timeline/{row['id']}", {"is_hidden": True})
    rows = eve.get(f"{here}/timeline")["items"]
    assert next(one for one in rows if one["id"] == row["id"])["is_hidden"]
    eve.delete(f"{here}/timeline/{row['id']}")
    hidden = Report.objects.last()
    assert hidden.number not in [one["report"] for one in eve.get(f"{here}/timeline")["items"]]
    for form, begins in (("md", b"# "), ("pdf", b"%PDF"), ("svg", b"<svg")):
        eve.ask("GET", f"{here}/document/{form}", status=200)
        assert eve.last.content.startswith(begins)
    eve.ask("GET", f"{here}/document/exe", status=404)
    eve.delete(f"{here}/causes/{cause['id']}")


def test_an_action_from_proposal_to_effective(desk, problem, eve, emil):
    told = {"title": "Ask the target first", "owner": "me", "verifier": desk.emil.key, "measure": "No 502."}
    refused = eve.ask("POST", f"/problems/{problem.number}/actions", {**told, "verifier": "me"}, status=409)
    assert refused["code"] == "same_person"
    made = eve.post(f"/problems/{problem.number}/actions", {**told, "verify_after_days": 0})
    here = f"/actions/{made['number']}"
    accepted = emil.post(f"{here}/accept", {}, status=200)
    assert (accepted["state"], accepted["owed"]) == ("accepted", "action")
    eve.post(f"{here}/start", {}, status=200)
    assert eve.post(f"{here}/implement", {"words": "4.2"}, status=200)["owed"] == "verify"
    assert eve.ask("POST", f"{here}/verify", {"worked": True, "words": "x"}, status=409)["code"] == "same_person"
    done = emil.post(f"{here}/verify", {"worked": True, "words": "None since."}, status=200)
    assert (done["state"], done["verified_by"]["key"]) == ("effective", desk.emil.key)
    assert eve.ask("PATCH", here, {"measure": "Anything"}, status=409)["code"] == "set_beforehand"
    assert [row["number"] for row in eve.get("/actions?which=done")["items"]] == [made["number"]]
    burn = eve.get("/actions/burn-down")
    assert burn["weeks"][-1]["effective"] == 1
    assert [age["until"] for age in burn["ages"]] == [7, 30, 60, 90, None]


def test_declined_and_thought_about_again(desk, problem, eve):
    one = action(desk, problem, datetime.now(UTC) - DAY)
    eve.post(f"/actions/{one.number}/decline", {"words": "Too dear."}, status=200)
    assert eve.post(f"/actions/{one.number}/propose-again", status=200)["state"] == "proposed"
    assert Action.objects.get().steps.count() == 3


def test_what_is_owed_on_them_stands_among_the_promises(problem, eve):
    assert "rca" in {row["kind"] for row in eve.get("/promises")["items"]}
