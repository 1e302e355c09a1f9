"""How people felt served, in figures: what is shown and what is not, the answers behind, tables to take away."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.life.aftercare import feedback, recovery, results, terms
from makegood.life.aftercare.intervals import wilson
from makegood.life.aftercare.models import Csat, Recovery, Survey
from makegood.life.reports.models import Category, LedgerEntry, Report
from tests.again import STARTED, again
from tests.doors.console.report_cast import signed_in
from tests.life.aftercare.after import works
from tests.life.case import work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SCORES = (5, 5, 5, 4, 4, 3, 2, None, None)


@pytest.fixture
def ago():
    return STARTED - 10 * DAY


@pytest.fixture
def asked(cast, ago):
    return again(lambda: ask(cast, ago), ago)


def ask(cast, ago):
    """Nine of Ana's reports work for her; seven times she said how she was served. Two categories: 6 and 3 reports."""
    slow, wrong = (Category.objects.create(slug=slug, names={"en": slug.title()}) for slug in ("slow", "wrong"))
    reports = []
    for number, score in enumerate(SCORES):
        report = works(cast, ago, key=f"ana-{number:04}")
        Report.objects.filter(pk=report.pk).update(
            category=slow if number < 6 else wrong, environment={"release": "4.2" if number < 5 else "4.3"}
        )
        report.refresh_from_db()
        work(ago + timedelta(hours=1))
        if score:
            words = f"Words {number}." if number != 6 else "Slow and useless."
            feedback.rate(
                report, score, by=cast.ana.actor, at=ago + DAY, words=words, reasons=["speed"], effort=score + 1
            )
        reports.append(report)
    work(ago + DAY)
    return reports


@pytest.fixture
def emil(cast):
    return signed_in(cast.emil)


def shown(client, query=""):
    answer = client.get(f"/console/feedback/?{query}")
    assert answer.status_code == 200
    return answer.context


def test_the_figures_are_those_of_everybody_asked(asked, emil):
    found = shown(emil)
    assert (found["whole"].asked, found["whole"].answered, found["whole"].top, found["whole"].low) == (9, 7, 5, 1)
    assert (found["satisfied"].percent, found["response"].percent) == (71, 78)
    low, high = wilson(5, 7)
    assert (found["satisfied"].low, found["satisfied"].high) == (round(low * 100), round(high * 100))
    assert found["whole"].effort == pytest.approx((6 * 3 + 5 * 2 + 4 + 3) / 7)
    assert [one["n"] for one in found["scores"]] == [3, 2, 1, 1, 0]


def test_they_equal_what_fresh_sql_counts(asked, emil):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.category_id, COUNT(*), COUNT(c.id), SUM(CASE WHEN c.score >= 4 THEN 1 ELSE 0 END) "
            "FROM aftercare_survey s LEFT JOIN aftercare_csat c ON c.report_id = s.report_id GROUP BY s.category_id"
        )
        fresh_sql = {row[0]: row[1:] for row in cursor.fetchall()}
    lines = {row.line.key: (row.line.asked, row.line.answered, row.line.top) for row in shown(emil)["rows"]}
    assert lines == fresh_sql


def test_of_fewer_than_five_answers_nothing_is_told(asked, emil):
    rows = {row.name: row for row in shown(emil, "by=category")["rows"]}
    assert (rows["Slow"].drawn.percent, rows["Slow"].query != "") == (83, True)
    assert (rows["Wrong"].drawn, rows["Wrong"].query) == (None, "")
    page = emil.get("/console/feedback/?by=category").content.decode()
    assert "too few to tell" in page
    few = Category.objects.get(slug="wrong").pk
    narrowed = shown(emil, f"category={few}")
    assert (narrowed["satisfied"], narrowed["scores"], narrowed["reasons"]) == (None, [], [])


@pytest.mark.parametrize("by", results.BY)
def test_by_whatever_it_is_looked_at_it_adds_up(asked, emil, by):
    rows = shown(emil, f"by={by}")["rows"]
    assert sum(row.line.asked for row in rows) == 9
    assert sum(row.line.answered for row in rows) == 7
    assert f">By {by}</h2>" in emil.get(f"/console/feedback/?by={by}").content.decode()


def test_nobody_is_ranked(asked, emil, cast):
    page = emil.get("/console/feedback/").content.decode()
    assert "Dora" not in page
    assert {"agent", "assignee", "person"} & set(results.BY) == set()


def test_what_became_of_low_scores(asked, emil, cast, ago):
    assert shown(emil)["recovered"].low == 1
    recovery.keep_call(Recovery.objects.get(), outcome="made_good", score=4, by=cast.emil.actor, at=ago + 1.2 * DAY)
    found = shown(emil)["recovered"]
    assert (found.opened, found.reached, found.waiting, found.after, found.after_n) == (1, 1, 0, 4.0, 1)
    assert found.share.value in (0.0, 1.0)


def test_a_figure_leads_to_the_answers_behind_it(asked, emil):
    row = next(row for row in shown(emil, "by=release")["rows"] if row.name == "4.2")
    found = emil.get(f"/console/feedback/answers/?{row.query}").context["answers"]
    assert len(found) == row.line.answered == 5
    assert {answer.csat.report_id for answer in found} == {report.pk for report in asked[:5]}


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 7), ("score=low", 1), ("score=top", 5), ("score=middle", 1), ("q=useless", 1), ("reason=speed", 7)]
    + [("reason=fix", 0), ("said=1", 7), ("q=nothing+like+it", 0)],
)
def test_the_answers_are_found_by_what_they_say(asked, emil, query, count):
    assert len(emil.get(f"/console/feedback/answers/?{query}").context["answers"]) == count


def test_answers_of_protected_reports_are_for_those_who_may_see_them(asked, cast, emil, dora):
    Report.objects.filter(pk=asked[0].pk).update(is_protected=True, team=cast.platform)
    assert len(dora.get("/console/feedback/answers/").context["answers"]) == 6
    assert len(emil.get("/console/feedback/answers/").context["answers"]) == 7
    assert shown(dora)["whole"].answered == 7  # counts are fine
    page = dora.get("/console/feedback/").content.decode()
    assert "Words 0." not in page


def test_both_tables_are_taken_away(asked, emil):
    told = emil.get("/console/feedback/table/?by=category").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [(row["what"], row["asked"], row["answered"]) for row in rows] == [("Slow", "6", "6"), ("Wrong", "3", "<5")]
    assert rows[1]["top_two"] == ""
    single = emil.post("/console/feedback/answers/table/?score=low").content.decode("utf-8-sig")
    assert [row["words"] for row in csv.DictReader(io.StringIO(single))] == ["Slow and useless."]
    assert LedgerEntry.objects.filter(kind="export.made").exists()


def test_a_wrong_period_is_said_and_the_usual_one_shown(asked, emil):
    found = shown(emil, "from=2026-13-01&to=x")
    assert found["chosen"].hint
    assert found["whole"].asked == 9


def test_nothing_in_the_period_says_so(emil, cast):
    page = emil.get("/console/feedback/?from=2001-01-01&to=2001-02-01").content.decode()
    assert "Nobody was asked in this period" in page


def test_it_asks_as_much_for_many_as_for_few(asked, emil, cast, ago):
    for path in ("/console/feedback/", "/console/feedback/answers/"):
        emil.get(path)
        with CaptureQueriesContext(connection) as few:
            emil.get(path)
        Csat.objects.filter(report=asked[0]).delete()
        with CaptureQueriesContext(connection) as fewer:
            emil.get(path)
        assert len(fewer.captured_queries) == len(few.captured_queries)


def test_the_terms_are_changed_by_a_lead(emil, dora, cast):
    path = "/console/setup/feedback/"
    assert dora.get(path).status_code == 403
    told = {"after_hours": "0", "words_en": "Meh\n meh \nNever again", "words_de": "", "reason": "Shorter."}
    assert emil.post(path, {**told, "reason": ""}).status_code == 422
    assert emil.post(path, told).status_code == 302
    now = terms.at_present(timezone.now())
    assert (now.mails, now.asks_effort, now.after_hours) == (False, False, 0)
    assert now.words["en"] == ("meh", "never again")
    answer = emil.post(path, {**told, "words_en": "x" * 70})
    assert answer.status_code == 422
    assert "x" * 70 in answer.content.decode()


def test_surveys_remember_how_it_was(asked):
    Report.objects.update(category=None)
    assert Survey.objects.filter(category=None).count() == 0
