"""The index stays in step with what it tells of, and can be made anew."""

import pytest

from makegood.engine import search
from makegood.engine.models import SearchDocument
from makegood.life.people.models import Agent, Contact
from makegood.life.problems import actions as problems
from makegood.life.reports import accounts, attachments, finding, staff
from makegood.life.reports.models import Attachment, Message, Report
from makegood.life.searching import keeping, kinds
from tests.life.case import file_report, work


@pytest.fixture
def report(desk, now):
    report = file_report(desk, now)
    work(now)
    return report


def test_facts_put_right_are_found_and_the_old_ones_are_not(desk, report, now, find):
    accounts.change_contact(desk.ana, {"name": "Ana Quintero"}, by=desk.dora.actor, at=now)
    work(now)
    assert set(find(desk.dora, "quintero")) == {("people", "Ana Quintero"), ("reports", report.number)}
    assert find(desk.dora, "alvarez in:people") == []


def test_every_report_of_somebody_with_very_many_follows_their_facts(desk, now, monkeypatch):
    monkeypatch.setattr(keeping, "_SLICE", 2)
    made = [file_report(desk, now, key=f"many-{n:04}") for n in range(5)]
    work(now)
    accounts.change_contact(desk.ana, {"member_number": "M-778899"}, by=desk.dora.actor, at=now)
    work(now)
    assert sorted(finding.ids_with_words("778899")) == [one.pk for one in made]


def test_a_colleague_who_joins_is_found_and_one_who_left_is_not(desk, now, find):
    person, _token = staff.invite(
        email="gil@desk.example", name="Gil Garcia", role="agent", teams=[], by=desk.ada.actor, at=now
    )
    work(now)
    assert find(desk.dora, "garcia") == [("people", "Gil Garcia")]
    Agent.objects.filter(pk=person.pk).update(is_active=False)
    assert find(desk.dora, "garcia") == []


def test_a_file_taken_away_leaves_the_index_with_its_words(desk, report, attach, read_files, find, now):
    file = attach(report, "trace.log", b"Traceback: flux capacitor overheated")
    read_files()
    assert find(desk.dora, "capacitor") == [("files", "trace.log")]
    attachments.remove(file, by=desk.dora.actor, at=now)
    assert find(desk.dora, "capacitor") == []
    work(now)
    assert not SearchDocument.objects.filter(kind="file").exists()


def test_what_is_gone_from_the_database_is_swept_out(desk, report, attach, read_files, now):
    attach(report, "trace.log", b"Traceback")
    read_files()
    Report.objects.filter(pk=report.pk).delete()
    keeping.sweep(now)
    assert not SearchDocument.objects.filter(kind__in=["file", "report"]).exists()
    assert SearchDocument.objects.filter(kind="contact").exists()


def test_all_of_it_can_be_made_anew_and_files_need_not_be_read_again(desk, report, attach, read_files, find, now):
    attach(report, "trace.log", b"flux capacitor")
    problems.open_problem("Claims page white", by=desk.dora.actor, at=now)
    read_files()
    Contact.objects.filter(pk=desk.cem.pk).update(name="Cem Newname")
    for kind in ("report", "problem", "contact"):
        for ref in SearchDocument.objects.filter(kind=kind).values_list("ref", flat=True):
            search.remove(kind, ref)
    counts = keeping.index_all(now=now)
    agents = Agent.objects.count()
    people = {"contact": 3, "organisation": 2, "agent": agents}
    assert counts == {"report": 1, "file": 1, "problem": 1, "rca": 0, "action": 0, "article": 0, **people}
    assert find(desk.dora, "capacitor") == [("files", "trace.log")]
    assert find(desk.dora, "newname") == [("people", "Cem Newname")]


def test_a_file_whose_words_were_lost_is_read_again_after_that(desk, report, attach, read_files, find, now):
    file = attach(report, "trace.log", b"flux capacitor")
    read_files()
    search.remove("file", file.pk)
    keeping.index_all(now=now)
    read_files()
    assert find(desk.dora, "capacitor") == [("files", "trace.log")]


def test_a_reaction_that_runs_late_or_twice_writes_what_is_true_now(desk, report, attach, read_files, now):
    file = attach(report, "trace.log", b"words")
    entry = report.ledger.get(kind="attachment.added")
    Attachment.objects.filter(pk=file.pk).update(removed_at=now)
    for _ in range(2):
        keeping.index_files(entry, now)
    read_files()
    assert not SearchDocument.objects.filter(kind="file").exists()


def test_when_more_was_said_than_the_index_takes_every_word_still_counts(desk, report, now, find):
    Message.objects.bulk_create(
        Message(report=report, said_by="contact", name="Ana", body="word " * 9000 + f"only{n}", at=now, visible_at=now)
        for n in range(6)
    )
    finding.index(report)
    for n in range(6):
        assert find(desk.dora, f"only{n} in:reports") == [("reports", report.number)]
    assert len(SearchDocument.objects.get(kind="report").body) < search.MAX_BODY


def test_every_kind_in_the_table_has_an_index_before_the_first_of_it_comes(db):
    for kind in kinds.TABLE:
        assert search.index(kind.name, 1, title="A thing", body="")
        assert [hit.kind for hit in search.find("thing", kinds=(kind.name,))] == [kind.name]
