"""The timeline: drafted from the ledger without anybody's words; nothing of the hand is lost when drafted again."""

from datetime import timedelta

import pytest

from makegood.life.announcements.models import Announcement
from makegood.life.problems import actions as problems
from makegood.life.promises.sweep import sweep
from makegood.life.rca import timeline
from makegood.life.rca.models import TimelineRow
from makegood.life.reports.models import Report
from tests.again import again
from tests.life.announcements.crowd import go_out, hit, news
from tests.life.case import work
from tests.life.rca.study import DAY, HOUR, analysed


@pytest.fixture
def rca(cast, monday):
    return again(lambda: analysed(cast, monday, reports=2), monday)


def kinds_of(rca, seeker):
    return [row.kind for row in timeline.shown(seeker, rca)]


def test_it_tells_what_happened_in_order(rca, cast, monday):
    problem = rca.problem
    told = news(problem, cast.emil, monday + 2 * HOUR)
    go_out(told, monday + 2 * HOUR)
    sweep(monday + 13 * HOUR)
    problems.move(problem, "fixing", by=cast.eve.actor, at=monday + 10 * HOUR)
    problems.move(problem, "released", by=cast.eve.actor, at=monday + 11 * HOUR, fixed_in="4.2")
    assert timeline.refresh(rca, by=cast.eve.actor, at=monday + DAY) > 0
    rows = timeline.shown(cast.emil, rca)
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    kinds = {row.kind for row in rows}
    assert {"problem.opened", "report.received", "promise.made", "promise.broken", "message.said"} <= kinds
    assert {"announcement.started", "announcement.done", "problem.state_changed"} <= kinds
    assert Announcement.objects.get().texts["en"] not in str(list(TimelineRow.objects.values("facts", "words")))


def test_a_crowd_is_one_line_an_hour(rca, cast, monday):
    for number in range(40):
        hit(rca.problem, f"Late{number}", monday + 3 * HOUR + timedelta(seconds=number), by=cast.emil.actor)
    timeline.refresh(rca, by=cast.eve.actor, at=monday + DAY)
    received = TimelineRow.objects.filter(kind="report.received")
    assert sorted(received.values_list("count", flat=True)) == [1, 1, 40]
    crowd = received.get(count=40)
    assert crowd.until - crowd.at == timedelta(seconds=39)
    assert crowd.report is None


def test_what_the_hand_did_outlives_the_next_draft(rca, cast, monday):
    timeline.refresh(rca, by=cast.eve.actor, at=monday + DAY)
    mine = timeline.add(rca, monday, "The machine was switched off.", by=cast.eve.actor, at=monday + DAY)
    first, second = TimelineRow.objects.filter(kind="report.received").order_by("pk")
    timeline.change(first, by=cast.eve.actor, at=monday + DAY, is_hidden=True)
    timeline.change(second, by=cast.eve.actor, at=monday + DAY, words="Ana tells us first.")
    hit(rca.problem, "Cleo", monday + 2 * HOUR, by=cast.emil.actor)
    assert timeline.refresh(rca, by=cast.eve.actor, at=monday + 2 * DAY) >= 1
    assert TimelineRow.objects.get(pk=mine.pk).words == "The machine was switched off."
    assert TimelineRow.objects.get(pk=first.pk).is_hidden
    assert TimelineRow.objects.get(pk=second.pk).words == "Ana tells us first."
    before = TimelineRow.objects.count()
    assert timeline.refresh(rca, by=cast.eve.actor, at=monday + 3 * DAY) == 0
    assert TimelineRow.objects.count() == before


def test_a_hidden_line_stays_hidden_when_the_crowd_swallows_it(rca, cast, monday):
    timeline.refresh(rca, by=cast.eve.actor, at=monday + DAY)
    row = TimelineRow.objects.filter(kind="report.received").first()
    timeline.change(row, by=cast.eve.actor, at=monday + DAY, is_hidden=True)
    for number in range(5):
        hit(rca.problem, f"More{number}", monday, by=cast.emil.actor)
    timeline.refresh(rca, by=cast.eve.actor, at=monday + 2 * DAY)
    assert TimelineRow.objects.get(pk=row.pk).is_hidden
    assert TimelineRow.objects.filter(kind="report.received", count=7).exists()


def test_of_a_report_one_may_not_see_there_is_no_number(rca, cast, monday):
    hidden = Report.objects.first()
    Report.objects.filter(pk=hidden.pk).update(is_protected=True)
    timeline.refresh(rca, by=cast.emil.actor, at=monday + DAY)
    assert any(row.report == hidden for row in timeline.shown(cast.emil, rca))
    assert not any(row.report == hidden or row.report_id == hidden.pk for row in timeline.shown(cast.eve, rca))
    assert len(timeline.shown(cast.eve, rca)) == len(timeline.shown(cast.emil, rca))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://x.example/", "//x.example/", "data:text/html,x"])
def test_evidence_is_an_address_one_can_open(rca, cast, monday, link):
    with pytest.raises(timeline.NotALink):
        timeline.add(rca, monday, "Seen in the log.", by=cast.eve.actor, at=monday + DAY, evidence=link)


def test_a_line_by_hand_says_when_and_what(rca, cast, monday):
    for moment, words in ((None, "Something"), (monday, " ")):
        with pytest.raises(timeline.NeedsWords):
            timeline.add(rca, moment, words, by=cast.eve.actor, at=monday + DAY)
    row = timeline.add(rca, monday, "Something", by=cast.eve.actor, at=monday + DAY, evidence="/console/mail/")
    timeline.remove(row, by=cast.eve.actor, at=monday + DAY)
    assert not TimelineRow.objects.filter(pk=row.pk).exists()


def test_all_of_a_kind_are_hidden_at_once(rca, cast, monday):
    timeline.refresh(rca, by=cast.eve.actor, at=monday + DAY)
    row = TimelineRow.objects.filter(kind="promise.made").first()
    promised = TimelineRow.objects.filter(kind="promise.made").count()
    assert timeline.hide_alike(row, by=cast.eve.actor, at=monday + DAY) == promised > 1
    assert "promise.made" not in kinds_of(rca, cast.emil)
    assert "report.received" in kinds_of(rca, cast.emil)


def test_a_drafted_line_is_hidden_not_removed(rca, cast, monday):
    timeline.refresh(rca, by=cast.eve.actor, at=monday + DAY)
    row = TimelineRow.objects.first()
    timeline.remove(row, by=cast.eve.actor, at=monday + DAY)
    work(monday + DAY)
    assert TimelineRow.objects.get(pk=row.pk).is_hidden
