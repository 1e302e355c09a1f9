"""Reports of another system come over once, as they were: no mail, no reaction, no promise invented."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.hooks import endpoints
from makegood.life.hooks.models import Delivery
from makegood.life.people.models import Contact
from makegood.life.promises.models import Promise
from makegood.life.reports import finding
from makegood.life.reports.models import LedgerEntry, Message, OutgoingMail, Report
from makegood.life.transfer.actions import TooMany, take_over
from makegood.life.transfer.foreign import File, Person, Said, Terms
from makegood.life.transfer.models import ImportedRow
from tests.life.case import work


def take(rows, cast, monday, **terms):
    return take_over(rows, by=cast.ada.actor, at=monday, historic=True, terms=Terms(**terms))


def test_a_closed_report_comes_with_its_story_and_owes_nobody_anything(cast, category, old, monday):
    names = {"category": "Fehlerseiten", "team": "Member desk", "assignee": "dora@desk.example"}
    row = old(state="closed", labels=("VIP x",), **names)
    (outcome,) = take([row], cast, monday)
    report = Report.objects.get()
    assert outcome.report == report
    assert (report.state, report.category, report.team, report.assignee) == ("closed", category, cast.desk, cast.dora)
    assert (report.contact.email, report.organisation) == ("nia@example.org", cast.acme)
    assert [(m.said_by, m.body, m.agent) for m in report.messages.order_by("id")] == [
        ("contact", "The page is white.", None),
        ("agent", "We look into it.", cast.dora),
    ]
    assert report.first_answered_at == row.messages[1].at
    assert report.closed_at == row.messages[1].at
    assert [label.name for label in report.labels.all()] == ["vip-x"]
    assert (report.owed_at, Promise.objects.count()) == (None, 0)


@pytest.mark.parametrize(
    ("state", "answered", "kind"),
    [("received", False, "hear_back"), ("investigating", True, "next_update"), ("solved", True, "follow_up")],
)
def test_an_open_report_owes_one_thing_from_now_on(cast, old, monday, state, answered, kind):
    messages = old().messages if answered else old().messages[:1]
    take([old(state=state, messages=messages)], cast, monday)
    promise = Promise.objects.get()
    assert (promise.kind, promise.state, promise.made_at) == (kind, "open", monday)
    assert promise.due_at > monday
    report = Report.objects.get()
    assert (report.owed_kind, report.owed_at) == (kind, promise.due_at)


def test_the_time_of_the_first_news_can_be_named(cast, old, monday):
    friday = monday + timedelta(days=4)
    take([old(state="investigating")], cast, monday, news_by=friday)
    assert Promise.objects.get().due_at == friday


def test_nothing_follows_from_the_past(cast, old, monday):
    endpoints.add("A", "https://example.org/", by=cast.ada.actor, at=monday)
    work(monday)
    Delivery.objects.all().delete()
    take([old("1"), old("2", state="received")], cast, monday)
    assert not LedgerEntry.objects.filter(delivered_at=None).exists()
    work(monday)
    assert not OutgoingMail.objects.exists()
    assert not Delivery.objects.exists()


def test_what_came_over_is_found_by_its_words(cast, old, monday):
    take([old()], cast, monday)
    assert finding.ids_with_words("white") == [Report.objects.get().pk]


def test_twice_is_once(cast, old, monday):
    take([old("1"), old("2")], cast, monday)
    outcomes = take([old("1"), old("3"), old("2"), old("3")], cast, monday)
    assert [one.is_known for one in outcomes] == [True, False, True, False]
    assert Report.objects.count() == 3
    assert Message.objects.count() == 6


def test_ids_count_within_their_source(cast, old, monday):
    take([old("1")], cast, monday, source="one")
    take([old("1")], cast, monday, source="two")
    assert Report.objects.count() == 2


def test_a_bad_row_says_why_and_the_rest_goes_on(cast, old, monday):
    rows = [
        old("1"),
        old(""),
        old("3", title="", messages=()),
        old("4", received_at=monday + timedelta(days=1)),
        old("x" * 200),
        old("6"),
    ]
    outcomes = take(rows, cast, monday)
    assert [bool(one.problem) for one in outcomes] == [False, True, True, True, True, False]
    assert Report.objects.count() == 2


def test_what_the_database_refuses_does_not_spoil_its_neighbours(cast, old, monday):
    outcomes = take([old("1"), old("2", facts={"completeness": None}), old("3")], cast, monday)
    assert [bool(one.problem) for one in outcomes] == [False, True, False]
    assert Report.objects.count() == ImportedRow.objects.filter(what="report").count() == 2


def test_people_are_known_by_address_by_number_or_by_what_they_were_called_there(cast, old, monday):
    rows = [
        old("1", person=Person(name="Ana", email="ANA@example.org")),
        old("2", person=Person(name="Pia", phone="+49 1")),
        old("3", person=Person(name="Pia again", phone="+49 1")),
        old("4", person=Person(name="Quin", foreign_id="77")),
        old("5", person=Person(name="Quin", foreign_id="77")),
        old("6", person=Person(name="Quin", foreign_id="78", email="not an address")),
    ]
    take(rows[:4], cast, monday)
    take(rows[4:], cast, monday)
    who = [report.contact_id for report in Report.objects.order_by("pk")]
    assert who[0] == cast.ana.pk
    assert who[1] == who[2]
    assert who[3] == who[4] != who[5]
    assert Contact.objects.get(pk=cast.ana.pk).name == "Ana Alvarez"


def test_notes_stay_inside_and_strangers_words_are_not_the_reporters(cast, old, monday):
    at = old().received_at
    said = (
        Said("contact", "Mine", at, name="Nia", email="nia@example.org"),
        Said("contact", "Not mine", at, name="Olaf", email="olaf@example.org"),
        Said("agent", "Between us", at, is_internal=True),
    )
    take([old(messages=said)], cast, monday)
    mine, other, note = Message.objects.order_by("id")
    assert (mine.contact_id is None, other.contact_id, note.is_internal) == (False, None, True)


def test_local_files_come_along_others_are_named(cast, old, monday, save, tmp_path):
    save("f/7", "a log")
    save("secret", "no")
    files = (File("trace.txt", path="7"), File("x.txt", path="../secret"), File("y.png", url="https://example.org/y"))
    said = (Said("contact", "See", old().received_at, files=files),)
    (outcome,) = take([old(messages=said)], cast, monday, files=tmp_path / "f")
    assert [file.name for file in Report.objects.get().attachments.all()] == ["trace.txt"]
    assert [what.split(":")[0] for what in outcome.missed] == ["x.txt", "y.png"]
    assert not LedgerEntry.objects.filter(delivered_at=None).exists()


def test_a_solved_report_can_be_confirmed_here(cast, old, monday):
    take([old(state="solved")], cast, monday)
    report = Report.objects.select_related("contact").get()
    aftercare.confirm(report, "no", said="Still white.", by=report.contact.actor, at=monday)
    report.refresh_from_db()
    assert report.state == "investigating"


def test_what_is_new_is_filed_through_the_front_door(cast, old, monday):
    rows = [old("1", state="received"), old("1", state="received")]
    first, second = take_over(rows, by=cast.ada.actor, at=monday, historic=False)
    assert first.report == second.report == Report.objects.get()
    again = take_over(rows[:1], by=cast.ada.actor, at=monday, historic=False)[0]
    assert (again.report, again.is_known) == (first.report, True)
    assert sorted(Promise.objects.values_list("kind", flat=True)) == ["acknowledge", "hear_back"]
    work(monday)
    assert OutgoingMail.objects.filter(purpose="acknowledgement").count() == 1


def test_a_slice_has_a_limit(cast, old, monday):
    with pytest.raises(TooMany):
        take([old(str(number)) for number in range(501)], cast, monday)


def test_a_hundred_reports_take_a_bounded_number_of_statements(cast, old, monday, django_assert_max_num_queries):
    rows = [old(str(number)) for number in range(100)]
    with django_assert_max_num_queries(600):
        take(rows, cast, monday)
