"""Whoever has no name, or none any more, is told in words on every screen, never as the key of a row."""

import pytest

from makegood.doors.console import timeline
from makegood.life import beginning
from makegood.life.people import directory
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.reports.models import LedgerEntry, Report
from tests.life.privacy.stories import HOUR, a_life, erase


@pytest.fixture
def now(db, monday, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    beginning.begin(monday)
    return monday + 2 * HOUR


def test_somebody_without_name_and_mail_is_unnamed(now):
    stranger = directory.find_or_add_contact(email="", at=now)
    assert str(stranger) == "somebody unnamed"
    assert stranger.called == stranger.actor.name == ""


def test_whoever_has_a_telephone_is_called_by_it(now):
    assert str(directory.find_or_add_contact(email="", phone="030 123", at=now)) == "030 123"


def test_somebody_erased_is_told_as_that_in_the_story_and_among_the_members(cast, now):
    person = a_life(cast, now)
    problem = problems.open_problem("White page", by=cast.emil.actor, at=now)
    report = Report.objects.filter(contact=person).earliest("pk")
    membership.join(problem, report, by=cast.emil.actor, at=now)
    erase(cast, person, now + HOUR)
    gone = Contact.objects.get(pk=person.pk)
    assert str(gone) == "somebody whose data was erased"
    assert str(problem.memberships.get().report.contact) == str(gone)
    theirs = {item.who for item in timeline.story(report, now=now + HOUR)[0] if item.who_kind == "contact"}
    assert theirs == {str(gone)}


def test_no_entry_of_theirs_stands_without_somebody(cast, now):
    person = a_life(cast, now)
    erase(cast, person, now + HOUR)
    theirs = LedgerEntry.objects.filter(actor_kind="contact", actor_id=person.pk)
    assert {entry.who for entry in theirs} == {"somebody whose data was erased"}
