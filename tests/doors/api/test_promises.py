"""Another time for a promise, over the API: what the reporter was told moves with words to them."""

from datetime import datetime, timedelta

import pytest

from makegood.life.promises.models import Promise
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(cast):
    return program_of(cast.dora)


@pytest.fixture
def owed(dora):
    told = {"what": "The claims page shows error 500.", "reporter": {"email": "ana@example.org"}}
    number = dora.post("/reports", told)["number"]
    rows = dora.get(f"/reports/{number}/promises")["items"]
    return next(row for row in rows if row["kind"] == "hear_back")


def test_a_later_time_takes_words_to_the_reporter_and_is_promised_by_them(dora, owed):
    later = datetime.fromisoformat(owed["due_at"]) + timedelta(days=20)
    body = {"due_at": later.isoformat(), "reason": "The supplier is away."}
    assert dora.patch(f"/promises/{owed['id']}", body, status=409)["code"] == "must_be_told"
    moved = dora.patch(f"/promises/{owed['id']}", body | {"words": "You hear from us by {{ promised_time }}."})
    assert (moved["id"] != owed["id"], moved["state"]) == (True, "open")
    assert datetime.fromisoformat(moved["due_at"]) == later
    assert Promise.objects.get(pk=moved["id"]).message.named_time == later
    old = dora.get(f"/promises/{owed['id']}")
    assert old["state"] == "withdrawn"
    assert any("The supplier is away" in sentence for sentence in old["story"])


def test_a_sooner_time_takes_none(dora, owed):
    sooner = datetime.fromisoformat(owed["due_at"]) - timedelta(minutes=1)
    moved = dora.patch(f"/promises/{owed['id']}", {"due_at": sooner.isoformat(), "reason": "We have it."})
    assert (moved["id"], datetime.fromisoformat(moved["due_at"])) == (owed["id"], sooner)
