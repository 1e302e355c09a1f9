"""A program is asked about a doubtful time, too, wherever it says words: refused unless it confirms the times."""

import pytest

from makegood.life.reports.models import BulkRun, Report
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db
VAGUE = "We will write to you again in a few days."


@pytest.fixture
def program(desk):
    return program_of(desk.ada)


@pytest.fixture
def number(program):
    told = {"what": "The page stays white.", "reporter": {"email": "ana@example.org"}}
    return program.post("/reports", told)["number"]


def asked(program, path, body):
    """Refused as doubtful, then taken with the times confirmed."""
    told = program.ask("POST", path, body)
    assert (told["status"], told.get("code")) == (422, "unclear_time"), told
    assert "in a few days" in told["detail"]
    return program.ask("POST", path, {**body, "times_confirmed": True})


def test_at_the_end_of_a_report_and_when_it_opens_again(program, number):
    path = f"/reports/{number}"
    found = {"cause": "A full disk.", "solution": "Made room.", "words": VAGUE}
    asked(program, f"{path}/solve", found)
    assert Report.objects.get().state == "solved"
    asked(program, f"{path}/follow-ups", {"way": "call", "outcome": "works", "words": VAGUE})
    assert Report.objects.get().state == "closed"
    asked(program, f"{path}/reopen", {"reason": "It is back.", "words": VAGUE})
    assert Report.objects.get().state == "investigating"
    asked(program, f"{path}/close", {"reason": "withdrawn", "words": VAGUE})
    assert Report.objects.get().state == "closed"


def test_over_many(program, number):
    body = {"reports": [number], "change": "close", "value": "withdrawn", "words": VAGUE}
    assert asked(program, "/changes", body)["total"] == 1
    assert BulkRun.objects.count() == 1
