"""Making good, as Dora proposes it and Emil decides it; limits, budgets and policies as Ada sets them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makegood.life.compensation import offers, proposing
from makegood.life.compensation.models import Compensation, Policy, RuleBook
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Report
from tests.again import STARTED, again
from tests.life.compensation.story import current, furnish, policy, set_rules, solved

HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return STARTED


@pytest.fixture
def report(cast, now):
    return again(lambda: (furnish(cast, now - timedelta(days=2)), solved(cast, now - 9 * HOUR, hours=8))[1])


@pytest.fixture
def enter(cast):
    def go(agent):
        client = Client()
        client.force_login(agent)
        return client

    return go


def make_good(report):
    return reverse("console:report_make_good", args=[report.pk])


def propose(client, report, slug="hourly", **typed):
    found = client.get(f"{make_good(report)}?policy={slug}")
    told = {"policy": slug, "letter": found.context["letter"], "suggested": found.context["suggested"], **typed}
    return client.post(make_good(report), told)


def page_of(client, compensation):
    return client.get(reverse("console:compensation", args=[compensation.key])).content.decode()


def act(client, compensation, deed, **typed):
    return client.post(reverse(f"console:compensation_{deed}", args=[compensation.key]), typed)


def test_what_fits_is_shown_with_what_it_comes_to_and_why(report, enter, cast):
    client = enter(cast.dora)
    page = client.get(make_good(report)).content.decode()
    assert "Out for 8 hours." in page
    assert "Here: Discount of €40.00." in page
    page = client.get(f"{make_good(report)}?policy=hourly").content.decode()
    assert "€5.00 for each started hour: 8 hours, €40.00." in page


def test_computing_again_keeps_what_was_typed_and_proposes_nothing(report, enter, cast):
    client = enter(cast.dora)
    answer = propose(client, report, out_for="2 h", why="They wrote it came back at ten.", compute="1")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Discount of €10.00" in page
    assert "They wrote it came back at ten." in page
    assert "€10.00 off your next purchase" in answer.context["letter"]
    assert not Compensation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"out_for": "a while"}, "out-for"),
        ({"other": "12.345"}, "other"),
        ({"other": "500", "why": "Loyal."}, "other"),
        ({"other": "30"}, "other"),
        ({"letter": "Hello {{ first_name }}"}, "letter"),
    ],
)
def test_a_slip_is_said_beside_its_field_and_nothing_typed_is_lost(report, enter, cast, typed, field):
    answer = propose(enter(cast.dora), report, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert all(words.replace("'", "&#x27;") in page for words in typed.values())
    assert not Compensation.objects.exists()


def test_above_her_limit_dora_cannot_approve_by_page_or_by_hand(report, enter, cast):
    dora, emil = enter(cast.dora), enter(cast.emil)
    propose(dora, report)
    found = Compensation.objects.get()
    page = page_of(dora, found)
    assert "more than the €15.00 you may decide alone" in page
    assert "Approve:" not in page
    assert act(dora, found, "approve").status_code == 422
    assert Compensation.objects.get().state == "proposed"
    assert "Approve: Discount of €40.00" in page_of(emil, found)
    assert act(emil, found, "approve").status_code == 302
    assert Compensation.objects.get().state == "approved"
    assert act(emil, found, "approve").status_code == 422


def test_declining_asks_for_the_reason_beside_the_field(report, enter, cast):
    propose(enter(cast.dora), report)
    found, emil = Compensation.objects.get(), enter(cast.emil)
    assert 'id="decline-reason-error"' in act(emil, found, "decline").content.decode()
    assert act(emil, found, "decline", reason="Not ours.").status_code == 302
    assert "Not ours." in page_of(enter(cast.dora), found)


def test_over_the_budget_only_an_admin_lets_it_go_with_a_reason(report, enter, cast, now):
    set_rules(cast, now - HOUR, budget=3_000)
    propose(enter(cast.dora), report)
    found, emil, ada = Compensation.objects.get(), enter(cast.emil), enter(cast.ada)
    assert "An admin can let it go all the same" in page_of(emil, found)
    assert 'id="approve"' not in page_of(emil, found)
    assert 'id="approve"' in page_of(ada, found)
    assert act(emil, found, "approve", over_budget="Please.").status_code == 422
    assert 'id="over-budget-error"' in act(ada, found, "approve").content.decode()
    assert act(ada, found, "approve", over_budget="The board wants it.").status_code == 302
    page = page_of(emil, found)
    assert "approved it over the month&#x27;s budget" in page
    assert "The board wants it." in page


def test_a_code_is_redeemed_at_the_desk_once(report, enter, cast, now):
    propose(enter(cast.dora), report)
    found, emil = Compensation.objects.get(), enter(cast.emil)
    act(emil, found, "approve")
    code = offers.accept(report, cast.ana, found.key, by=cast.ana.actor, at=now)
    where = reverse("console:compensation_redeem")
    assert 'id="code-error"' in emil.post(where, {"code": "7H3K"}).content.decode()
    assert emil.post(where, {"code": code, "reference": "Till 4"}).status_code == 302
    assert emil.post(where, {"code": code}).status_code == 422
    assert "Till 4" in page_of(emil, found)


def test_taking_back_is_for_leads_and_says_why(report, enter, cast):
    propose(enter(cast.dora), report)
    found, emil = Compensation.objects.get(), enter(cast.emil)
    act(emil, found, "approve")
    assert act(enter(cast.dora), found, "take_back", reason="No.").status_code == 403
    assert 'id="take-back-reason-error"' in act(emil, found, "take_back").content.decode()
    act(emil, found, "take_back", reason="The wrong customer.")
    assert "The wrong customer." in page_of(emil, found)


def test_what_is_on_a_protected_report_is_not_there_for_others(report, enter, cast, now):
    made = proposing.propose(report, current("hourly"), by=cast.dora.actor, at=now)
    Report.objects.filter(pk=report.pk).update(is_protected=True, team=cast.platform)
    dora = enter(cast.dora)
    assert dora.get(reverse("console:compensation", args=[made.key])).status_code == 404
    assert made.key not in dora.get(reverse("console:compensations")).content.decode()
    assert made.key in enter(cast.emil).get(reverse("console:compensations")).content.decode()


def test_the_list_costs_the_same_whatever_its_length(cast, enter, now, report):
    client, where = enter(cast.emil), reverse("console:compensations")

    def cost():
        with CaptureQueriesContext(connection) as said:
            client.get(where)
        return len(said)

    proposing.propose(report, current("hourly"), by=cast.dora.actor, at=now)
    cost()  # what a process reads once
    one = cost()
    for number in range(3):
        other = solved(cast, now - 9 * HOUR, key=f"more-{number}")
        proposing.propose(other, current("hourly"), by=cast.dora.actor, at=now)
    assert cost() == one


def test_what_was_given_by_cause_and_approver_and_as_csv(report, enter, cast, now):
    policy(cast, now, "yen", currency="JPY", rate_minor=900, trigger="by_hand")
    propose(enter(cast.dora), report)
    emil = enter(cast.emil)
    act(emil, Compensation.objects.get(), "approve")
    where = reverse("console:compensation_given")
    page = emil.get(where).content.decode()
    assert f"{report.number}, not part of a problem" in page
    assert "€40.00" in page
    assert "Emil Ek" in emil.get(where, {"by": "approver"}).content.decode()
    table = emil.get(reverse("console:compensation_given_table"), {"by": "approver"}).content.decode()
    assert "Emil Ek,40.00,EUR,1" in table
    assert enter(cast.dora).get(where).status_code == 403


def test_an_admin_adds_a_policy_and_changes_it_in_versions(cast, enter, now):
    furnish(cast, now - HOUR)
    ada, add = enter(cast.ada), reverse("console:setup_making_good_add")
    typed = {
        "name": "Long outage",
        "kind": "credit",
        "trigger": "solved",
        "form": "per_day",
        "currency": "kwd",
        "rate_minor": "1.250",
        "most_minor": "20",
        "from_minutes": "4 h",
        "tier": "1",
        "offer_days": "14",
        "code_days": "90",
        "position": "10",
        "is_active": "on",
        "severities": ["critical", "high"],
        "terms_en": "Once a household.",
        "is_automatic": "on",
    }
    answer = ada.post(add, {**typed, "most_minor": "a lot"})
    assert answer.status_code == 422
    assert "Write an amount such as 12.000, in KWD." in answer.content.decode()
    assert ada.post(add, typed).status_code == 302
    made = current("long-outage")
    assert (made.rate_minor, made.most_minor, made.from_minutes, made.currency) == (1_250, 20_000, 240, "KWD")
    where = reverse("console:setup_making_good_policy", args=["long-outage"])
    assert 'value="1.250"' in ada.get(where).content.decode()
    ada.post(where, {**typed, "rate_minor": "2", "reason": "Prices rose."})
    assert [one.rate_minor for one in Policy.objects.filter(slug="long-outage").order_by("version")] == [1_250, 2_000]
    page = ada.get(where).content.decode()
    assert "Prices rose." in page
    assert enter(cast.emil).post(where, typed).status_code == 403


def test_an_admin_sets_limits_caps_and_the_budget_of_a_currency(cast, enter):
    ada = enter(cast.ada)
    there = ada.post(reverse("console:setup_making_good_currency"), {"currency": "jpy"})["Location"]
    typed = {"agent_alone": "1500", "agent_approve": "1500", "lead_alone": "5000", "lead_approve": "30000"}
    typed |= {"admin_alone": "5000", "admin_approve": "", "rolling_days": "7", "customer_days": "365"}
    typed |= {"customer_most": "50000", "budget": "1000000", "alarm_percent": "80"}
    wrong = ada.post(there, {**typed, "lead_approve": "10"})
    assert wrong.status_code == 422
    assert 'id="id_lead_alone_error"' in wrong.content.decode()
    assert ada.post(there, typed).status_code == 302
    assert RuleBook.objects.get().data["limits"]["lead"] == {"alone": 5_000, "approve": 30_000, "rolling": None}
    assert "alone ¥5,000, others&#x27; any amount" in ada.get(reverse("console:setup_making_good")).content.decode()


def test_the_decision_is_a_promise_among_the_promises(report, enter, cast, now):
    propose(enter(cast.dora), report)
    Promise.objects.filter(kind="compensation").update(due_at=now - HOUR)
    page = enter(cast.emil).get(reverse("console:promises")).content.decode()
    assert reverse("console:compensation", args=[Compensation.objects.get().key]) in page
    assert "Decision on compensation" in page


def test_the_report_shows_what_was_made_good(report, enter, cast):
    dora = enter(cast.dora)
    propose(dora, report)
    page = dora.get(reverse("console:report", args=[report.pk])).content.decode()
    assert "Discount of €40.00" in page
    assert "proposed to make it good: Discount of €40.00" in page
    assert "Made good" not in enter(cast.eve).get(reverse("console:report", args=[report.pk])).content.decode()


def test_the_desk_says_which_plan_a_customer_and_their_organisation_have(enter, cast):
    dora = enter(cast.dora)
    where = reverse("console:organisation_edit", args=[cast.acme.key])
    name = cast.acme.name
    assert dora.post(where, {"name": name, "plan": " Gold  plus ", "note": ""}).status_code == 302
    assert 'value="Gold plus"' in dora.get(where).content.decode()
    assert "<dd>Gold plus</dd>" in dora.get(reverse("console:organisation", args=[cast.acme.key])).content.decode()
    assert dora.post(where, {"name": name, "plan": "x" * 41, "note": ""}).status_code == 422
    edit = reverse("console:contact_edit", args=[cast.ana.key])
    dora.post(edit, {"name": "Ana", "plan": "Silver", "preferred_way": "email", "language": "en"})
    assert "Silver" in dora.get(reverse("console:contact", args=[cast.ana.key])).content.decode()
