"""The secret reply address: one person's, one report's, and nothing of it rests in the database."""

import pytest

from makegood.life.reports import reply_addresses
from makegood.life.reports.models import Mailbox, ReplyAddress, Report
from tests.life.case import file_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast, monday):
    return file_report(cast, monday)


def test_a_person_keeps_one_address_for_a_report(report, monday):
    ReplyAddress.objects.all().delete()
    address = reply_addresses.address_for(report, report.contact, at=monday)
    assert address == reply_addresses.address_for(report, report.contact, at=monday)
    assert ReplyAddress.objects.count() == 1
    local, _, domain = address.partition("@")
    assert domain == "fairfield.example"
    assert local.startswith("help+r")
    assert len(local) == len("help+r") + 32


def test_others_and_other_reports_have_other_addresses(report, cast, monday):
    other = file_report(cast, monday, key="ana-0002")
    addresses = {
        reply_addresses.address_for(report, cast.ana, at=monday),
        reply_addresses.address_for(report, cast.ben, at=monday),
        reply_addresses.address_for(other, cast.ana, at=monday),
    }
    assert len(addresses) == 3


def test_the_address_is_found_among_others_whatever_its_capitals(report, cast, monday):
    address = reply_addresses.address_for(report, cast.ana, at=monday)
    found = reply_addresses.find(["someone@example.org", "help+rshort@x.example", f" {address.upper()} "])
    assert (found.report, found.contact) == (report, cast.ana)


def test_the_secret_does_not_rest_in_the_table(report, cast, monday):
    address = reply_addresses.address_for(report, cast.ana, at=monday)
    secret = address.partition("+r")[2].partition("@")[0]
    row = ReplyAddress.objects.get(contact=cast.ana)
    assert secret not in row.token_hash
    assert reply_addresses.find([f"help+r{row.token_hash[:32]}@fairfield.example"]) is None


@pytest.mark.parametrize(
    "address",
    ["", "help@fairfield.example", "help+r@fairfield.example", f"help+r{'a' * 32}@fairfield.example", "+r"],
)
def test_what_is_no_secret_of_ours_finds_nothing(report, cast, monday, address):
    reply_addresses.address_for(report, cast.ana, at=monday)
    assert reply_addresses.find([address]) is None
    assert reply_addresses.find([]) is None


def test_a_revoked_address_is_dead_and_the_next_one_is_another(report, cast, monday):
    first = reply_addresses.address_for(report, cast.ana, at=monday)
    assert reply_addresses.revoke(report, cast.ana, at=monday) == 1
    assert reply_addresses.find([first]) is None
    second = reply_addresses.address_for(report, cast.ana, at=monday)
    assert second != first
    assert reply_addresses.find([second]).contact == cast.ana


def test_after_a_change_of_our_key_the_old_secrets_still_work(report, cast, monday, settings):
    first = reply_addresses.address_for(report, cast.ana, at=monday)
    settings.SECRET_KEY = "another key of this installation, long enough"
    second = reply_addresses.address_for(report, cast.ana, at=monday)
    assert first != second
    assert reply_addresses.find([first]).pk != reply_addresses.find([second]).pk


def test_a_report_that_came_by_a_mailbox_is_answered_there(report, cast, monday):
    box = Mailbox.objects.create(slug="care", name="Care desk", address="care@clinic.example", created_at=monday)
    Report.objects.filter(pk=report.pk).update(mailbox=box)
    fresh = Report.objects.get(pk=report.pk)
    assert reply_addresses.desk_address(fresh) == ("care@clinic.example", "Care desk")
    assert reply_addresses.address_for(fresh, cast.ana, at=monday).startswith("care+r")


def test_where_the_secret_does_not_fit_before_the_at_the_desks_own_address_takes_it(report, cast, monday):
    long = Mailbox.objects.create(slug="long", name="", address=f"{'a' * 31}@clinic.example", created_at=monday)
    report.mailbox = long
    address = reply_addresses.address_for(report, cast.ana, at=monday)
    assert address.startswith("help+r")
    assert reply_addresses.find([address]).report == report
