"""How people felt served and how we followed up, as programs read and pass it on."""

import pytest

from makegood.life.aftercare.models import Csat, Recovery
from tests.doors.api.knocking import program_of
from tests.life.case import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def solved(dora, report):
    dora.post(f"/reports/{report}/solve", {"cause": "A full disk.", "solution": "Made room."}, status=200)
    return report


def test_a_call_in_vain_and_one_that_reached_them_are_listed(dora, solved):
    path = f"/reports/{solved}/follow-ups"
    dora.post(path, {"way": "call", "outcome": "not_reached", "notes": "Voicemail."}, status=200)
    dora.post(path, {"way": "mail", "outcome": "not_reached"}, status=409)
    assert dora.post(path, {"way": "call", "outcome": "works"}, status=200)["state"] == "closed"
    assert [row["outcome"] for row in dora.get(path)["items"]] == ["not_reached", "works"]


def test_feedback_is_passed_on_once_it_works_and_the_first_counts(dora, solved, desk):
    path = f"/reports/{solved}/reporter/feedback"
    dora.post(path, {"score": 2}, status=409)
    dora.post(f"/reports/{solved}/reporter/verdict", {"answer": "yes"}, status=200)
    dora.ask("GET", f"/reports/{solved}/feedback", status=404)
    told = dora.post(path, {"score": 2, "reasons": ["speed"], "words": "Slow.", "effort": 3}, status=200)
    assert (told["score"], told["reasons"], told["effort"]) == (2, ["speed"], 3)
    assert dora.post(path, {"score": 5}, status=200)["score"] == 2
    dora.post(path, {"score": 6}, status=422)
    assert Csat.objects.count() == 1
    assert dora.get(f"/reports/{solved}/feedback")["words"] == "Slow."
    assert [row["report"] for row in dora.get("/feedback?score=2")["items"]] == [solved]
    assert dora.get("/feedback?score=5")["items"] == []


def test_a_lead_s_program_keeps_the_call_to_an_unhappy_reporter(dora, solved, desk):
    dora.post(f"/reports/{solved}/reporter/verdict", {"answer": "yes"}, status=200)
    dora.post(f"/reports/{solved}/reporter/feedback", {"score": 1}, status=200)
    work(Csat.objects.get().at)
    (owed,) = dora.get("/recoveries")["items"]
    assert owed["why"][0]["score"] == 1
    dora.post(f"/recoveries/{owed['id']}/calls", {"outcome": "made_good"}, status=403)
    emil = program_of(desk.emil)
    kept = emil.post(f"/recoveries/{owed['id']}/calls", {"outcome": "made_good", "score": 4}, status=200)
    assert (kept["outcome"], kept["score_after"]) == ("made_good", 4)
    emil.post(f"/recoveries/{owed['id']}/calls", {"outcome": "made_good"}, status=409)
    assert dora.get("/recoveries")["items"] == []
    assert Recovery.objects.get().closed_at
