"""`makegood search-rebuild`: search and likeness anew; likeness in steps that can be stopped and gone on with."""

import argparse

import pytest

from makegood.cli import look
from makegood.engine.models import SimilarDocument, SimilarPosting
from makegood.life.problems import actions, indexing_anew, known
from makegood.life.reports.models import Report
from tests.life.case import file_report, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast, monday):
    found = [file_report(cast, monday, key=f"again-{number}") for number in range(3)]
    actions.open_problem("The claims page answers 500", by=cast.emil.actor, at=monday)
    work(monday)
    return found


def rebuild(only="", after="0"):
    return look.rebuild_search(argparse.Namespace(only=only, after=after))


def numbers(seeker, report, now):
    return [one.number for one in known.like(seeker, report, now=now)]


def test_both_are_made_anew(cast, monday, three, capsys):
    before = numbers(cast.emil, three[0], monday)
    SimilarPosting.objects.all().delete()
    SimilarDocument.objects.filter(ref=three[2].pk, kind="report").delete()
    assert numbers(cast.emil, three[0], monday) == []
    assert rebuild() == 0
    told = capsys.readouterr().out
    assert "3 reports" in told
    assert "4 compared anew, up to MG-" in told
    assert sorted(numbers(cast.emil, three[0], monday)) == sorted(before)


def test_one_of_them_alone(three, capsys):
    assert rebuild(only="words") == 0
    assert "compared" not in capsys.readouterr().out
    assert rebuild(only="likeness") == 0
    assert "files that are not there" not in capsys.readouterr().out


def test_stopped_what_is_done_stays_and_it_says_how_to_go_on(cast, monday, three, capsys, monkeypatch):
    SimilarDocument.objects.filter(kind="report").delete()
    put, steps = indexing_anew._put_reports, []

    def stop_after_one(reports):
        if steps:
            raise KeyboardInterrupt
        put(reports)
        steps.append(len(reports))

    monkeypatch.setattr(indexing_anew, "_put_reports", stop_after_one)
    monkeypatch.setattr(indexing_anew.index_again, "__kwdefaults__", {"after": 0, "step": 1})
    assert rebuild(only="likeness") == 130
    assert f"--only likeness --after {three[0].number}" in capsys.readouterr().err
    assert [*SimilarDocument.objects.filter(kind="report").values_list("ref", flat=True)] == [three[0].pk]
    monkeypatch.setattr(indexing_anew, "_put_reports", put)
    assert rebuild(only="likeness", after=three[0].number) == 0
    assert SimilarDocument.objects.filter(kind="report").count() == 3


def test_what_is_gone_or_spam_is_taken_out(three):
    Report.objects.filter(pk=three[0].pk).update(close_reason="spam")
    SimilarDocument.objects.filter(ref=three[1].pk, kind="report").update(ref=987_654)
    assert rebuild(only="likeness") == 0
    assert {*SimilarDocument.objects.filter(kind="report").values_list("ref", flat=True)} == {
        three[1].pk,
        three[2].pk,
    }


def test_a_number_that_is_none_is_refused(capsys):
    assert rebuild(only="likeness", after="soon") == 2
    assert "MG-1042" in capsys.readouterr().err
