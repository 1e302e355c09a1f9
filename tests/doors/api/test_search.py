"""Searching everything through the API."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from makegood.life.reports.models import Report
from tests.doors.api.knocking import program_of
from tests.life.case import work


@pytest.fixture
def found(dora, report):
    dora.post(f"/reports/{report}/notes", {"body": "Smells like the certificate again."})
    work(datetime.now(UTC))
    return lambda q, place="reports", **more: search(dora, q=q, **{"in": place}, **more)


def search(program, status=200, **wanted):
    return program.get(f"/search/everything?{urlencode(wanted)}", status=status)


def text(pieces):
    return "".join(f"[{one['text']}]" if one["is_hit"] else one["text"] for one in pieces)


def test_reports_and_messages_are_found_with_the_piece_that_fits(found, report):
    (one,) = found("claims")["items"]
    assert (one["kind"], one["number"], one["report"]) == ("report", report, report)
    assert text(one["title"]) == "The [claims] page shows error 500"
    (note,) = found("certificate", "messages")["items"]
    assert note["is_internal"]
    assert text(note["words"]) == "Smells like the [certificate] again."
    assert note["key"] == note["message"]


def test_people_are_found_too(found):
    assert [one["kind"] for one in found("ana", "people")["items"]] == ["contact"]


def test_words_can_be_left_out_and_pages_go_on(found, dora, report):
    assert found("claims -certificate")["items"] == []
    assert len(found('"error 500" -unicorn')["items"]) == 1
    for n in range(3):
        dora.post("/reports", {"what": f"Claims again {n}", "reporter": {"email": "ana@example.org"}})
    work(datetime.now(UTC))
    first = found("claims", limit=2)
    assert len(first["items"]) == 2
    second = found("claims", limit=2, cursor=first["next"])
    assert len({one["number"] for one in first["items"] + second["items"]}) == 4


@pytest.mark.parametrize("q", ["bananas:3", "***", "state:open", "claims in:files"])
def test_what_is_not_understood_is_told_and_not_guessed(found, dora, q):
    found(q, status=422)
    assert dora.told()["errors"][0]["pointer"] == "query/q"


def test_an_engineer_finds_nothing_of_what_is_not_theirs(found, desk, report):
    eve = program_of(desk.eve)
    assert search(eve, q="claims")["items"] == []
    Report.objects.update(technical_team=desk.platform)
    assert len(search(eve, q="claims")["items"]) == 1
