"""Editing policies and hours: valid from now on, never rewriting what was promised."""

import pytest

from makegood.life.people.actors import SYSTEM
from makegood.life.promises import actions, book, kinds, policies, queries
from makegood.life.promises.models import Calendar, Policy, Promise
from makegood.life.promises.policies import BadHours, BadPolicy, Hours, PolicyTerms
from makegood.life.reports.models import LedgerEntry
from tests.life.promises.conftest import berlin, hours, minutes


def desk(holidays=None, blocks=None, zone="Europe/Berlin"):
    week = blocks or {str(day): [["08:00", "12:00"], ["13:00", "18:00"]] for day in range(5)}
    return Hours(zone, week, holidays or {})


def test_the_defaults_are_there_the_first_time_anybody_asks(db, monday):
    assert queries.promised_time(kinds.ACCEPT, "critical", monday) == monday + minutes(5)
    assert Policy.objects.count() == len(kinds.KINDS) * 4
    assert Calendar.objects.get().is_default


def test_installing_the_defaults_again_changes_nothing(db, monday):
    book.install_defaults(monday)
    book.install_defaults(monday + hours(1))
    assert Policy.objects.count() == len(kinds.KINDS) * 4
    assert Calendar.objects.count() == 1


def test_an_edited_policy_holds_from_now_on(report, cast, monday):
    before = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    policies.set_policy(
        kinds.HEAR_BACK,
        "medium",
        terms=PolicyTerms(30, False),
        by=cast.ada.actor,
        at=monday + hours(1),
        reason="Faster.",
    )
    assert Promise.objects.get(pk=before.pk).due_at == before.due_at
    assert queries.promised_time(kinds.HEAR_BACK, "medium", monday + hours(1)) == monday + minutes(90)
    assert queries.promised_time(kinds.HEAR_BACK, "medium", monday) == before.due_at
    entry = LedgerEntry.objects.get(kind="policy.changed")
    assert (entry.data["from"]["target_minutes"], entry.data["to"]["target_minutes"]) == (120, 30)


def test_time_used_before_a_pause_survives_an_edit_of_the_policy(report, cast, monday):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.pause(report, by=cast.dora.actor, at=monday + hours(1), reason="Asked.")
    policies.set_policy(
        kinds.HEAR_BACK, "medium", terms=PolicyTerms(600, True), by=cast.ada.actor, at=monday + hours(1)
    )
    [promise] = actions.resume(report, by=cast.ana.actor, at=berlin(2026, 11, 16, 14))
    assert promise.due_at == berlin(2026, 11, 16, 15)


def test_a_new_holiday_holds_for_new_promises_only(report, cast, monday):
    promise = actions.make(report, kinds.FOLLOW_UP, by=SYSTEM, at=monday)
    tuesday = {"2026-11-17": "Company outing"}
    policies.set_hours(Calendar.objects.get(), desk(tuesday), by=cast.ada.actor, at=monday + minutes(1))
    assert Promise.objects.get(pk=promise.pk).due_at == berlin(2026, 11, 18, 10)
    assert queries.promised_time(kinds.FOLLOW_UP, "medium", monday + minutes(1)) == berlin(2026, 11, 19, 10, 1)


def test_a_policy_may_count_in_a_calendar_of_its_own(cast, monday):
    nights = policies.add_calendar(
        "nights", "Night desk", hours=desk(blocks={"0": [["20:00", "24:00"]]}), by=cast.ada.actor, at=monday
    )
    terms = PolicyTerms(60, True, calendar=nights)
    policies.set_policy(kinds.ACCEPT, "low", terms=terms, by=cast.ada.actor, at=monday)
    assert queries.promised_time(kinds.ACCEPT, "low", monday) == berlin(2026, 11, 16, 21)


def test_another_default_calendar_is_used_from_now_on(cast, monday):
    book.install_defaults(monday)
    other = policies.add_calendar("india", "Pune", hours=desk(zone="Asia/Kolkata"), by=cast.ada.actor, at=monday)
    policies.make_default(other, by=cast.ada.actor, at=monday)
    # 14:30 in Pune: two hours later
    assert queries.promised_time(kinds.HEAR_BACK, "medium", monday) == monday + hours(2)
    assert queries.promised_time(kinds.HEAR_BACK, "medium", monday + hours(3)) == monday + hours(19)  # 09:30 there


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (PolicyTerms(0, True), "at least one minute"),
        (PolicyTerms(10, True, at_risk_percent=100), "1 to 99 percent"),
        (PolicyTerms(10, True, rungs=({"after_minutes": 5, "whom": "nobody"},)), "whom to tell"),
    ],
)
def test_terms_that_cannot_be_are_refused_in_words(cast, monday, terms, words):
    with pytest.raises(BadPolicy, match=words):
        policies.set_policy(kinds.ACCEPT, "low", terms=terms, by=cast.ada.actor, at=monday)


@pytest.mark.parametrize(
    ("hours_given", "words"),
    [
        (desk(zone="Europe/Atlantis"), "no time zone"),
        (desk(blocks={"0": [["18:00", "08:00"]]}), "follow one another"),
        (desk(blocks={"0": [["08:00", "13:00"], ["12:00", "18:00"]]}), "follow one another"),
        (desk(blocks={"0": [["eight", "12:00"]]}), "Hours look like"),
        (desk(holidays={"Christmas": "x"}), "Hours look like"),
        (desk(blocks={"0": []}), "never let a promise fall due"),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(cast, monday, hours_given, words):
    book.install_defaults(monday)
    with pytest.raises(BadHours, match=words):
        policies.set_hours(Calendar.objects.get(), hours_given, by=cast.ada.actor, at=monday)


def test_public_holidays_are_named_by_country_and_part():
    bavaria = policies.public_holidays("DE", "BY", range(2026, 2028), "de")
    assert bavaria["2026-12-25"] == "Erster Weihnachtstag"
    assert "2027-01-06" in bavaria
    assert "2027-01-06" not in policies.public_holidays("DE", "", range(2026, 2028))
    with pytest.raises(BadHours):
        policies.public_holidays("XX", "", range(2026, 2027))
