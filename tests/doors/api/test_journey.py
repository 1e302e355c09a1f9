"""The whole life of a report by HTTP alone: no row is touched but by the API and the worker."""

from datetime import UTC, datetime

import pytest

from tests.doors.api.knocking import program_of
from tests.life.case import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(desk):
    """A service of the desk: it files and speaks, and shows as itself in the history."""
    from makegood.life.reports import tokens

    now = datetime.now(UTC)
    service = tokens.add_service("CRM bridge", role="agent", teams=[desk.desk], by=desk.ada.actor, at=now)
    return program_of(service)


@pytest.fixture
def eve(desk):
    return program_of(desk.eve)


def settle():
    """The worker does what is due."""
    work(datetime.now(UTC))


def test_from_the_first_word_to_the_closed_report(crm, eve):
    filed = crm.post(
        "/reports",
        {
            "what": "The claims page shows error 500. I wanted to send in a bill.",
            "reporter": {"name": "Ana Alvarez", "email": "ana@example.org"},
            "category": "server-error",
            "hindrance": "blocked",
            "environment": {"browser": "Firefox 140", "os": "Windows 11"},
        },
        idempotency_key="ana-1",
    )
    number, path = filed["number"], f"/reports/{filed['number']}"
    assert filed["promised_at"]
    assert "/r/" in filed["status_link"]
    assert crm.last["Location"].endswith(path)
    settle()
    assert "acknowledgement.queued" in kinds_of(crm, path)

    asked = crm.post(f"{path}/asks", {"questions": ["expected"], "body": "Hello {{ first_name }}, one question:"})
    assert asked["named_time"]
    assert crm.get(path)["waiting_for_reporter"]
    assert crm.post(f"{path}/reporter/answers", {"answers": {"expected": "A confirmation"}}, status=200)["kept"] == 1
    assert not crm.get(path)["waiting_for_reporter"]

    made = crm.post(f"{path}/escalations", {"team": "platform", "severity": "critical"})
    step = f"/escalations/{made['id']}"
    assert eve.get("/escalations?team=mine")["items"][0]["report"] == number
    assert eve.post(f"{step}/accept", status=200)["accepted_by"]["name"] == "Eve Eriksen"
    answered = eve.post(f"{step}/answer", {"words": "A certificate ran out.", "state": "cause_found"}, status=200)
    assert answered["notes"][0]["body"] == "A certificate ran out."

    solved = eve.post(f"{path}/solve", {"cause": "An expired certificate", "solution": "Renewed"}, status=200)
    assert solved["state"] == "solved"
    assert not solved["is_escalated"]
    settle()

    crm.post(f"{path}/reporter/verdict", {"answer": "no", "words": "Still the same."}, status=200)
    again = crm.get(path)
    assert (again["state"], again["reopened_count"]) == ("investigating", 1)
    crm.post(f"{path}/solve", {"cause": "A second certificate", "solution": "Renewed too"}, status=200)
    crm.post(f"{path}/reporter/verdict", {"answer": "yes"}, status=200)
    crm.post(f"{path}/follow-ups", {"way": "call", "outcome": "works", "notes": "She is glad."}, status=200)
    closed = crm.get(path)
    assert (closed["state"], closed["close_reason"], closed["owed"]) == ("closed", "confirmed", None)

    told = kinds_of(crm, path)
    assert [kind for kind in told if kind in LIFE] == LIFE
    names = {entry["name"] for entry in crm.get(f"{path}/ledger?limit=200")["items"]}
    assert {"CRM bridge", "Eve Eriksen", "Makegood"} <= names
    assert all(promise["story"] for promise in crm.get(f"{path}/promises")["items"])


LIFE = [
    "report.received",
    "questions.asked",
    "report.relayed",
    "answers.given",
    "escalation.made",
    "escalation.accepted",
    "escalation.answered",
    "report.solved",
    "report.relayed",
    "report.reopened",
    "report.solved",
    "report.relayed",
    "report.confirmed",
    "follow_up.done",
    "report.closed",
]


def kinds_of(program, path):
    return [entry["kind"] for entry in program.get(f"{path}/ledger?limit=200")["items"]]


def test_the_status_link_opens_the_reporters_own_page(crm, client):
    link = crm.post("/reports", {"what": "It is broken.", "reporter": {"email": "ana@example.org"}})["status_link"]
    page = client.get("/r/" + link.split("/r/")[1], follow=True)
    assert page.status_code == 200
    assert "It is broken" in page.content.decode()
