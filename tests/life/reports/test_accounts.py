"""Organisations are made, put right, marked as key accounts and taken back; what is open is weighed anew."""

from datetime import timedelta

import pytest

from makegood.life.people.models import Contact, Organisation
from makegood.life.problems import actions, membership
from makegood.life.problems.models import Problem
from makegood.life.reports import accounts
from makegood.life.reports.models import LedgerEntry, Report
from tests.life.case import file_report, fresh, work

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def priority_of(thing):
    return type(thing).objects.values_list("priority", flat=True).get(pk=thing.pk)


@pytest.fixture
def case(cast, monday):
    """Ana's report, and the problem it belongs to."""
    report = file_report(cast, monday)
    problem = actions.open_problem("The claims page fails", by=cast.dora.actor, at=monday)
    membership.join(problem, report, by=cast.dora.actor, at=monday)
    work(monday)
    assert (priority_of(report), priority_of(problem)) == (3, 3)
    return report, problem


def test_an_organisation_is_made_once(cast, monday):
    made = accounts.add_organisation(
        "  Harrow   & Dean ", note="Big.\r\nOld.", plan="gold", by=cast.dora.actor, at=monday
    )
    assert (made.name, made.note, made.plan) == ("Harrow & Dean", "Big.\nOld.", "gold")
    assert LedgerEntry.objects.get(kind="account.added").data["organisation"] == made.pk
    for name in ("harrow & dean", " ", "x" * 201):
        with pytest.raises(accounts.NeedsName):
            accounts.add_organisation(name, by=cast.dora.actor, at=monday)


def test_its_facts_are_put_right_and_taken_back(cast, monday):
    entry = accounts.change_organisation(cast.acme, {"name": "Acme", "plan": "gold"}, by=cast.dora.actor, at=monday)
    assert entry.data["from"] == {"name": "Acme Health Plan", "plan": ""}
    assert accounts.change_organisation(cast.acme, {"name": "Acme"}, by=cast.dora.actor, at=monday) is None
    with pytest.raises(accounts.NeedsName):
        accounts.change_organisation(cast.acme, {"name": "other company"}, by=cast.dora.actor, at=monday)
    accounts.undo(entry, by=cast.dora.actor, at=monday + MINUTE)
    assert accounts.undo(entry, by=cast.dora.actor, at=monday + MINUTE) is None
    acme = Organisation.objects.get(pk=cast.acme.pk)
    assert (acme.name, acme.plan) == ("Acme Health Plan", "")


def test_what_changed_again_or_is_a_day_old_is_not_taken_back(cast, monday):
    entry = accounts.change_organisation(cast.acme, {"plan": "gold"}, by=cast.dora.actor, at=monday)
    with pytest.raises(accounts.CannotUndo):
        accounts.undo(entry, by=cast.dora.actor, at=monday + DAY + MINUTE)
    accounts.change_organisation(cast.acme, {"plan": "silver"}, by=cast.emil.actor, at=monday)
    with pytest.raises(accounts.CannotUndo):
        accounts.undo(entry, by=cast.dora.actor, at=monday + MINUTE)


def test_a_key_account_raises_what_it_has_open_and_lets_it_down_again(cast, monday, case):
    report, problem = case
    with pytest.raises(accounts.NeedsReason):
        accounts.mark_key_account(cast.acme, True, by=cast.emil.actor, at=monday, reason=" ")
    entry = accounts.mark_key_account(cast.acme, True, by=cast.emil.actor, at=monday, reason="Half our members.")
    assert accounts.mark_key_account(cast.acme, True, by=cast.emil.actor, at=monday, reason="Again.") is None
    work(monday)
    assert (priority_of(report), priority_of(problem)) == (2, 2)
    assert ["key_account", 0] in fresh(report).priority_why["reasons"]
    assert entry.reason == "Half our members."
    with pytest.raises(accounts.CannotUndo):
        accounts.undo(entry, by=cast.dora.actor, at=monday)  # an agent may not mark, so may not take it back
    accounts.undo(entry, by=cast.emil.actor, at=monday + MINUTE)
    work(monday + MINUTE)
    assert (priority_of(report), priority_of(problem)) == (3, 3)


def test_who_goes_to_another_organisation_takes_what_is_open_along(cast, monday, case):
    report, problem = case
    Organisation.objects.filter(pk=cast.other.pk).update(is_key_account=True)
    closed = file_report(cast, monday, key="ana-0002")
    Report.objects.filter(pk=closed.pk).update(state="closed")
    ana = Contact.objects.get(pk=cast.ana.pk)
    entry = accounts.change_contact(ana, {"organisation": cast.other}, by=cast.dora.actor, at=monday)
    assert (entry.data["from"], entry.data["to"]) == (
        {"organisation": "Acme Health Plan"},
        {"organisation": "Other Company"},
    )
    work(monday)
    assert fresh(report).organisation_id == cast.other.pk
    assert fresh(closed).organisation_id == cast.acme.pk
    assert (priority_of(report), priority_of(problem)) == (2, 2)
    accounts.undo(entry, by=cast.dora.actor, at=monday + MINUTE)
    work(monday + MINUTE)
    assert fresh(report).organisation_id == cast.acme.pk
    assert (priority_of(report), priority_of(problem)) == (3, 3)


def test_the_first_organisation_of_somebody_is_counted_at_their_problem(cast, monday, case):
    report, problem = case
    Contact.objects.filter(pk=cast.ana.pk).update(organisation=None)
    Report.objects.filter(pk=report.pk).update(organisation=None)
    membership.count_anew(problem, at=monday)
    assert Problem.objects.get().organisations_count == 0
    made = accounts.add_organisation("Harrow & Dean", by=cast.dora.actor, at=monday)
    ana = Contact.objects.get(pk=cast.ana.pk)
    entry = accounts.change_contact(ana, {"organisation": made}, by=cast.dora.actor, at=monday)
    work(monday)
    assert Problem.objects.get().organisations_count == 1
    accounts.undo(entry, by=cast.dora.actor, at=monday + MINUTE)
    assert Contact.objects.get(pk=ana.pk).organisation is None
