"""How long things are kept, what is handed over, and who opened what few may see."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from makegood.engine import files
from makegood.life.people.models import Contact
from makegood.life.privacy import handing, openings, retention
from makegood.life.privacy.models import Archive, Opening, Rule
from makegood.life.reports.models import LedgerEntry, Message, Report
from tests.life.case import work
from tests.life.privacy.stories import ADDRESS, HOUR, WORD, erase, where

DAY = timedelta(days=1)


@pytest.fixture
def cast(life):
    return life[0]


@pytest.fixture
def person(life):
    return life[1]


@pytest.fixture
def now(life, monday):
    return monday + 2 * HOUR


def close_all(person, at):
    Report.objects.filter(contact=person).update(state="closed", closed_at=at)


def test_without_a_rule_nothing_of_a_customer_goes(cast, person, now):
    close_all(person, now)
    before = where(WORD)
    assert retention.work(now + 3650 * DAY) == 0
    assert where(WORD) == before
    assert {rule.days for _kind, rule in retention.rules()} == {None, 730}


def test_closed_reports_are_emptied_when_their_time_is_over_and_the_person_stays(cast, person, now):
    retention.change("reports", 365, by=cast.ada.actor, at=now)
    close_all(person, now)
    newest = Report.objects.filter(contact=person).earliest("pk").pk
    Report.objects.filter(pk=newest).update(closed_at=now + 30 * DAY)
    retention.work(now + 366 * DAY)
    emptied = set(Message.objects.filter(report__contact=person).exclude(report=newest).values_list("body", flat=True))
    assert emptied == {"[erased]"}
    assert WORD in Message.objects.filter(report=newest).earliest("id").body
    assert Contact.objects.get(pk=person.pk).email == ADDRESS
    assert LedgerEntry.objects.get(kind="privacy.let_go").data == {"what": "reports", "count": 3}
    assert retention.work(now + 366 * DAY) == 0


def test_then_the_person_goes_as_well_if_a_rule_says_so(cast, person, now):
    close_all(person, now)
    for what in ("reports", "contacts"):
        retention.change(what, 30, by=cast.ada.actor, at=now)
    for _round in range(4):
        retention.work(now + 60 * DAY)
    assert Contact.objects.get(pk=person.pk).email is None
    # What others wrote, and what has nothing to do with a report, is for an erasure.
    assert "people_contact" not in where(WORD)
    assert "reports_message" not in where(WORD) or Message.objects.filter(body__icontains=WORD).count() == 1


@pytest.mark.parametrize("what", ["mails_in", "mails_out", "files", "mails_away"])
def test_each_rule_lets_go_of_its_own_and_says_beforehand_how_much(cast, person, now, what):
    close_all(person, now)
    kind, later = retention.BY_NAME[what], now + 60 * DAY
    from makegood.life.reports.models import OutgoingMail

    OutgoingMail.objects.update(state="sent")
    expected = retention.waiting(kind, 30, now=later)
    retention.change(what, 30, by=cast.ada.actor, at=now)
    assert retention.work(later) == expected
    assert expected > 0 or what == "mails_away"
    assert retention.waiting(kind, 30, now=later) == 0


def test_a_time_that_cannot_be_meant_is_refused(cast, now):
    with pytest.raises(retention.NotADuration):
        retention.change("reports", 3, by=cast.ada.actor, at=now)
    assert not Rule.objects.exists()


def test_everything_is_handed_over_with_files_and_mails(cast, person, now):
    handing.order(person, by=cast.ada, at=now, reason="Letter")
    work(now)
    made = handing.fetch(cast.ada, Archive.objects.get().key, at=now + HOUR)
    with files.open_file(made.storage_key) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
        told = json.loads(archive.read("person.json"))
        names = archive.namelist()
    assert told["contact"][0]["email"] == ADDRESS
    assert {"said_by_them", "said_to_them", "answers", "mails_in", "mails_out", "files", "ledger", "remarks"} <= set(
        told
    )
    assert len([name for name in names if name.startswith("files/")]) == 2
    assert len([name for name in names if name.endswith("mail.eml")]) == 4
    assert "storage_key" not in json.dumps(told)
    assert LedgerEntry.objects.filter(kind="privacy.export_fetched").count() == 1


def test_an_archive_is_let_go_of_after_three_days_and_with_the_person(cast, person, now):
    handing.order(person, by=cast.ada, at=now, reason="Letter")
    work(now)
    key = Archive.objects.get().storage_key
    assert handing.used_keys([key]) == {key}
    handing.forget_old(now + 2 * DAY)
    assert files.path_of(key).exists()
    erase(cast, person, now)
    assert not files.path_of(key).exists()
    assert Archive.objects.get().state == Archive.GONE


def test_whoever_opens_a_protected_report_is_kept_once_a_quarter_of_an_hour(cast, person, now):
    report = Report.objects.earliest("pk")
    openings.note(report, cast.dora, way="console", at=now)
    assert not Opening.objects.exists()
    report.is_protected = True
    for minutes in (0, 1, 14, 16):
        openings.note(report, cast.dora, way="console", at=now + timedelta(minutes=minutes))
    openings.note(report, cast.eve, way="api", at=now)
    assert [(one.name, one.way) for one in openings.of(cast.emil, report)] == [
        (cast.eve.name, "api"),
        (cast.dora.name, "console"),
        (cast.dora.name, "console"),
    ]
    assert openings.of(cast.dora, report) == []
