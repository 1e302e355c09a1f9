"""What a billing system is told of compensation: keys and whole units, nothing a person wrote."""

import json
from datetime import timedelta

from makegood.life.compensation import deciding, offers, proposing
from makegood.life.hooks import endpoints
from tests.cast import MONDAY
from tests.life.case import work
from tests.life.compensation.story import DAY, HOUR, current, furnish, policy, solved


def test_a_refund_is_told_from_proposal_to_issue_in_whole_units(cast, hook):
    furnish(cast, MONDAY - DAY)
    policy(cast, MONDAY - DAY, "back", kind="refund", rate_minor=1_250, trigger="by_hand")
    endpoints.change(hook, kinds=["compensation.*"], by=cast.ada.actor, at=MONDAY)
    now = MONDAY + 4 * HOUR
    report = solved(cast, MONDAY)
    made = proposing.propose(report, current("back"), by=cast.dora.actor, at=now, letter="A secret word of ours.")
    deciding.approve(made, by=cast.dora, at=now, reason="Between us.")
    offers.accept(report, report.contact, made.key, by=report.contact.actor, at=now)
    work(now + timedelta(seconds=1))
    rows = hook.deliveries.filter(kind__startswith="compensation.").order_by("pk")
    told = {
        row.kind: json.loads(row.body)["data"] for row in rows if "policy" not in row.kind and "rules" not in row.kind
    }
    assert list(told) == ["compensation.proposed", "compensation.approved", "compensation.issued"]
    issued = told["compensation.issued"]["details"]["compensation"]
    assert issued["amount"] == {"minor": 1_250, "currency": "EUR", "exponent": 2, "value": "12.50"}
    assert (issued["key"], issued["kind"], issued["state"], issued["policy"]) == (
        made.key,
        "refund",
        "issued",
        "back@1",
    )
    assert (issued["customer"], issued["is_automatic"]) == (cast.ana.key, False)
    assert issued["redeem_until"]
    written = json.dumps(told)
    assert "secret" not in written
    assert "Between us" not in written
    assert "ana@" not in written
