"""Compensation as a program does it: proposed, decided by two, redeemed at a till, told in whole units."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.life.compensation import offers
from makegood.life.compensation.models import Compensation
from makegood.life.promises.models import Promise
from tests.doors.api.knocking import program_of
from tests.life.compensation.story import furnish, policy, solved

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def emil(desk):
    return program_of(desk.emil)


@pytest.fixture
def number(desk, now):
    """A report that was out for eight hours."""
    furnish(desk, now - timedelta(days=2))
    return solved(desk, now - timedelta(hours=9), hours=8).number


def propose(dora, number, **more):
    return dora.post(f"/reports/{number}/compensations", {"policy": "hourly", **more}, status=None)


def test_from_what_fits_to_a_redeemed_code(dora, emil, desk, number, now):
    (choice,) = dora.get(f"/reports/{number}/compensations/choices")["items"]
    assert (choice["policy"], choice["amount"]["value"]) == ("hourly", "40.00")
    made = propose(dora, number)
    assert made["amount"] == {"minor": 4_000, "currency": "EUR", "exponent": 2, "value": "40.00"}
    assert any("€5.00 for each started hour: 8 hours" in one for one in made["reasons"])
    key = made["key"]
    dora.post(f"/compensations/{key}/approve", {}, status=None)
    assert (dora.last.status_code, dora.told()["code"]) == (409, "not_for_you")
    assert emil.post(f"/compensations/{key}/approve", {}, status=None)["state"] == "approved"
    found = Compensation.objects.get()
    code = offers.accept(found.report, desk.ana, key, by=desk.ana.actor, at=now)
    done = dora.post("/vouchers/redeem", {"code": code, "reference": "Till 4"}, status=None)
    assert (done["state"], done["report"]) == ("redeemed", number)
    dora.post("/vouchers/redeem", {"code": code}, status=None)
    assert dora.last.status_code == 422
    entries = emil.get(f"/compensations/{key}")["entries"]
    assert [one["state"] for one in entries] == ["proposed", "approved", "issued", "redeemed"]
    (given,) = emil.get("/compensations/given?since=2020-01&until=2099-12&currency=EUR&by=approver")["items"]
    assert (given["name"], given["amount"]["minor"]) == ("Emil Ek", 4_000)
    assert emil.get("/compensations/budgets")["items"][0]["spent"]["minor"] == 4_000


def test_what_is_owed_says_by_whom_and_until_when(dora, emil, desk, number, now):
    key = propose(dora, number)["key"]
    promise = Promise.objects.get(kind="compensation")

    def owed():
        items = dora.get("/compensations/owed")["items"]
        return [(one["key"], one["owed"], one["by"] and datetime.fromisoformat(one["by"])) for one in items]

    assert owed() == [(key, "decision", promise.due_at)]
    emil.post(f"/compensations/{key}/approve", {}, status=None)
    found = Compensation.objects.get()
    assert owed() == [(key, "answer", found.offer_until)]
    offers.accept(found.report, desk.ana, key, by=desk.ana.actor, at=now)
    found.refresh_from_db()
    assert owed() == [(key, "redemption", found.redeem_until)]
    emil.post(f"/compensations/{key}/reverse", {"reason": "A mistake."}, status=None)
    assert owed() == []


def test_the_same_key_again_proposes_once(dora, number):
    told = {"policy": "hourly"}
    one = dora.post(f"/reports/{number}/compensations", told, idempotency_key="once")
    other = dora.post(f"/reports/{number}/compensations", told, idempotency_key="once")
    assert one["key"] == other["key"]
    propose(dora, number)
    assert dora.told()["code"] == "once_per_failure"


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"policy": "nothing"}, "#/policy"),
        ({"amount": "12.345", "why": "x"}, "#/amount"),
        ({"amount": 12.5}, "#/amount"),
        ({"amount": "1e3"}, "#/amount"),
    ],
)
def test_what_is_no_policy_or_no_money_is_said_where_it_stands(dora, number, more, pointer):
    propose(dora, number, **more)
    assert dora.last.status_code == 422
    assert pointer in str(dora.told()["errors"])


def test_a_refund_is_carried_out_and_taken_back(dora, emil, desk, number, now):
    policy(desk, now, "back", kind="refund", trigger="by_hand")
    key = propose(dora, number, policy="back")["key"]
    emil.post(f"/compensations/{key}/approve", {}, status=None)
    found = Compensation.objects.get()
    offers.accept(found.report, desk.ana, key, by=desk.ana.actor, at=now)
    assert dora.post(f"/compensations/{key}/carried-out", {"reference": "SEPA 1"}, status=None)["state"] == "redeemed"
    assert emil.post(f"/compensations/{key}/reverse", {"reason": "It came back."}, status=None)["state"] == "reversed"
    assert [one["key"] for one in emil.get("/compensations?state=reversed")["items"]] == [key]


def test_declined_with_the_reason(dora, emil, number):
    key = propose(dora, number)["key"]
    assert (
        emil.post(f"/compensations/{key}/decline", {"reason": "Not ours."}, status=None)["entries"][1]["reason"]
        == "Not ours."
    )
