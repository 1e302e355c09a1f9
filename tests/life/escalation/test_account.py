"""What an agent sees of a customer at first glance."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.life.escalation import account, actions
from makegood.life.people.models import AccountNote
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry, Report
from tests.life.case import file_report, fresh


def test_the_banner_shows_other_open_errors_with_what_was_promised(report, cast, monday):
    second = file_report(cast, monday, key="ana-0002")
    made = actions.escalate(report, by=cast.dora.actor, at=monday, reason="All are hit.")
    found = account.banner(cast.dora, second, now=monday)
    assert found
    assert [other.report for other in found.others] == [report]
    assert found.others[0].promise.kind == "hear_back"
    assert found.others[0].escalation == made


def test_there_is_no_banner_when_there_is_nothing_to_know(report, cast, monday):
    assert not account.banner(cast.dora, report, now=monday)


def test_colleagues_reports_are_counted_and_remarks_shown(report, cast, monday):
    Report.objects.create(
        title="Ben's", contact=cast.ben, organisation=cast.acme, received_at=monday, updated_at=monday
    )
    Report.objects.filter(pk=report.pk).update(organisation=cast.acme)
    cast.ana.organisation = cast.acme
    account.write_note(cast.acme, "Key account, renews in May.", by=cast.emil.actor, at=monday)
    account.write_note(cast.ana, "Prefers calls.", by=cast.dora.actor, at=monday)
    found = account.banner(cast.dora, fresh(report), now=monday)
    assert found.colleagues_count == 1
    assert [note.text for note in found.notes] == ["Prefers calls.", "Key account, renews in May."]


def test_a_protected_report_of_others_is_not_given_away(report, cast, monday):
    second = file_report(cast, monday, key="ana-0002")
    Report.objects.filter(pk=report.pk).update(is_protected=True, team=cast.platform)
    assert not account.banner(cast.dora, second, now=monday)
    assert account.of_contact(cast.dora, cast.ana, now=monday).open_errors[0].report == second
    assert len(account.of_contact(cast.emil, cast.ana, now=monday).open_errors) == 2


def test_engineers_see_the_accounts_of_what_reached_them(report, cast, monday):
    with pytest.raises(NotFound):
        account.access_contact(cast.eve, cast.ana.key)
    actions.escalate(report, by=cast.dora.actor, at=monday, reason="All are hit.")
    assert account.access_contact(cast.eve, cast.ana.key) == cast.ana
    with pytest.raises(NotFound):
        account.access_contact(cast.fay, cast.ana.key)
    with pytest.raises(NotFound):
        account.access_contact(cast.dora, "nobody")


def test_the_page_shows_open_promised_kept_and_history(report, cast, monday):
    page = account.of_contact(cast.dora, cast.ana, now=monday)
    assert [row.report for row in page.open_errors] == [report]
    assert (page.kept, page.broken, page.history_count) == (1, 0, 0)


def test_a_remark_needs_words_and_goes_with_a_reason_leaving_none_of_them(cast, monday):
    with pytest.raises(account.EmptyNote):
        account.write_note(cast.ana, "  ", by=cast.dora.actor, at=monday)
    note = account.write_note(cast.ana, "Prefers calls.", by=cast.dora.actor, at=monday)
    with pytest.raises(account.NeedsReason):
        account.remove_note(note, by=cast.emil.actor, at=monday, reason=" ")
    for _twice in range(2):
        account.remove_note(note, by=cast.emil.actor, at=monday, reason="It is wrong.")
    assert not AccountNote.objects.exists()
    entry = LedgerEntry.objects.get(kind="account.note_removed")
    assert (entry.reason, entry.data["contact"], entry.data["written_by"]) == ("It is wrong.", cast.ana.pk, "Dora Dahl")
    assert "Prefers calls" not in str(LedgerEntry.objects.values_list("data", "reason"))


def test_the_number_of_queries_does_not_grow_with_the_reports(report, cast, monday):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as ran:
            account.banner(cast.dora, fresh(report), now=monday)
            account.of_contact(cast.dora, cast.ana, now=monday)
        return len(ran)

    file_report(cast, monday, key="ana-0002")
    few = count()
    for number in range(5):
        file_report(cast, monday, key=f"ana-1{number:03}")
    assert count() == few


@pytest.mark.parametrize("words", ["Ana", "ana@example", "alvarez"])
def test_a_caller_is_found_by_what_they_say(cast, words):
    assert account.find_contacts(cast.dora, words) == [cast.ana]
    assert account.find_contacts(cast.eve, words) == []


def test_a_caller_is_found_by_phone_however_it_is_written(cast):
    cast.ana.phone = "+49301234567"
    cast.ana.save()
    assert account.find_contacts(cast.dora, "030 1234") == [cast.ana]
    assert account.find_contacts(cast.dora, "30 1234 567") == [cast.ana]


def test_engineers_find_whom_they_work_for_and_nobody_else(report, cast, monday):
    assert account.find_contacts(cast.eve, "Alvarez") == []
    actions.escalate(report, by=cast.dora.actor, at=monday, reason="All are hit.")
    assert account.find_contacts(cast.eve, "Alvarez") == [cast.ana]
    assert account.find_contacts(cast.eve, "Ben") == []
    assert account.find_contacts(cast.fay, "Alvarez") == []


def test_an_organisation_is_found_by_its_name_by_those_who_may_see_it(report, cast, monday):
    assert account.find_organisations(cast.dora, cast.acme.name[:4]) == [cast.acme]
    assert account.find_organisations(cast.dora, "") == []
    assert account.find_organisations(cast.eve, cast.acme.name) == []


def test_who_waits_for_us_is_told_once_what_is_owed_soonest_first(report, cast, monday):
    second = file_report(cast, monday, key="ana-0002")
    found = account.owed_next(cast.dora)
    assert [one.contact for one in found] == [cast.ana]
    assert {one.pk for one in found[0].reports} == {report.pk, second.pk}
    assert account.owed_next(cast.eve) == []
    Report.objects.filter(pk=report.pk).update(is_protected=True, team=cast.platform)
    assert [one.pk for one in account.owed_next(cast.dora)[0].reports] == [second.pk]


def test_looking_who_waits_takes_one_query_for_any_number(report, cast, monday, django_assert_num_queries):
    with django_assert_num_queries(1):
        account.owed_next(cast.dora)
    for n in range(5):
        file_report(cast, monday, key=f"ana-1{n:03}")
    with django_assert_num_queries(1):
        account.owed_next(cast.dora)
