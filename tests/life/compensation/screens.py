"""The console's pages of making good, in each state worth looking at: route → addresses, for the journeys."""

from datetime import timedelta

from django.utils import timezone

from makegood.life.compensation import deciding, offers, proposing, settling
from tests.life.compensation.story import current, furnish, policy, solved

HOUR = timedelta(hours=1)


def pages(cast):
    """One that waits, one issued that takes no code, one redeemed, one declined, one of a customer like one of us."""
    now = timezone.now()
    furnish(cast, now - timedelta(days=90), budget=10_000, customer_most=None, customer_count=None)
    policy(cast, now - HOUR, "share", form="percent", rate_minor=0, basis_points=1_000, trigger="by_hand")
    policy(cast, now - HOUR, "back", kind="refund", rate_minor=4_000, trigger="by_hand", terms={"en": "By transfer."})
    reports = [solved(cast, now - 9 * HOUR, hours=8, key=f"screens-{number}") for number in range(5)]
    made = [proposing.propose(one, current("hourly"), by=cast.dora.actor, at=now) for one in reports[:3]]
    back = proposing.propose(reports[3], current("back"), by=cast.dora.actor, at=now)
    for one in (made[1], back):
        deciding.approve(one, by=cast.emil, at=now)
        code = offers.accept(one.report, one.contact, one.key, by=one.contact.actor, at=now)
    deciding.decline(made[2], by=cast.emil.actor, at=now, reason="They were not kept from anything.")
    settling.reverse(made[1], by=cast.emil.actor, at=now, reason="It was for somebody else.")
    assert code == ""
    fresh = reports[4].pk
    return {
        "compensations": ["", "?state=any", "?state=expired"],
        "compensation": [(one.key,) for one in (*made, back)],
        "compensation_redeem": [""],
        "compensation_given": ["", "?by=approver", "?since=2001-01&until=2001-02"],
        "report_make_good": [(fresh,), *(f"/console/reports/{fresh}/make-good/?policy={one}" for one in POLICIES)],
        "setup_making_good": [""],
        "setup_making_good_add": [""],
        "setup_making_good_currency": [""],
        "setup_making_good_limits": [("EUR",), ("JPY",)],
        "setup_making_good_policy": [("hourly",), ("back",)],
    }


POLICIES = ("hourly", "share", "back")
