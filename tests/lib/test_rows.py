"""Rows made by the shortest way are what Django would have made."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.lib import rows
from makegood.life.intake.models import Incoming
from makegood.life.people.models import Contact
from makegood.life.promises.models import Promise
from makegood.life.reports.models import AccessLink, LedgerEntry, Message, OutgoingMail, Report
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Report, Message, LedgerEntry, Promise, Contact, Incoming, AccessLink, OutgoingMail])
def test_a_new_row_begins_as_djangos_does(model):
    ours, theirs = vars(rows.new(model)), vars(model())
    drawn = {field.attname for field in model._meta.concrete_fields if callable(field.default)}
    assert {name for name in ours if name not in drawn | {"_state"}} == set(theirs) - drawn - {"_state"}
    for name in set(ours) - {"_state"}:
        assert type(ours[name]) is type(theirs[name])
        assert name in drawn or ours[name] == theirs[name]


def test_what_each_row_makes_for_itself_is_its_own():
    one, other = rows.new(Report), rows.new(Report)
    assert one.key != other.key
    assert one.environment is not other.environment


def test_what_belongs_to_it_is_given_as_a_row_or_as_its_key(cast, django_assert_num_queries):
    by_row = rows.new(
        Report, contact=cast.ana, assignee=None, received_at=MONDAY, updated_at=MONDAY, last_said_at=MONDAY
    )
    by_key = rows.new(Report, contact_id=cast.ana.pk, received_at=MONDAY, updated_at=MONDAY, last_said_at=MONDAY)
    rows.insert(by_row, by_key)
    with django_assert_num_queries(0):
        assert by_row.contact is cast.ana
        assert by_row.assignee is None
    with django_assert_num_queries(1):
        assert by_key.contact == cast.ana
    assert set(Report.objects.filter(contact=cast.ana)) == {by_row, by_key}


def test_a_name_that_is_no_field_is_refused():
    with pytest.raises(TypeError, match="titel"):
        rows.new(Report, titel="Crash")


def test_a_moment_is_kept_as_the_same_whatever_zone_it_is_told_in(cast):
    there = MONDAY.astimezone(ZoneInfo("Asia/Tokyo"))
    for at in (MONDAY, there, MONDAY + timedelta(microseconds=1)):
        made = rows.new(Report, contact=cast.ana, received_at=at, updated_at=at, last_said_at=at)
        rows.insert(made)
        assert Report.objects.get(pk=made.pk).received_at == at
