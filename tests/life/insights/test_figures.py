"""Every figure equals fresh SQL on the rows themselves, on a generated desk, whatever happened in the meantime."""

import random
from datetime import timedelta

import pytest
from bench import desk_years, fresh

from makegood.life.insights import behind, reading, rolling
from makegood.life.insights.days import Period, day_of
from makegood.life.insights.models import Tally
from makegood.life.insights.plots import PLOTS, Asked
from makegood.life.promises import book
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Category, Report
from tests.again import again

DAYS = 42


@pytest.fixture
def desk(cast, monday):
    again(lambda: forty_two_days(monday), monday)
    return cast


def forty_two_days(monday):
    book.install_defaults(monday - timedelta(days=400))
    for slug in ("white-page", "time-out", "wrong-price"):
        Category.objects.create(slug=slug, names={"en": slug})
    desk_years.fill(200, now=monday, days=DAYS)
    rolling.rebuild(monday)


def asked(cast, now, days=DAYS, **more):
    today = day_of(now, rolling.zone())
    return Asked(Period(today - timedelta(days=days - 1), today), cast.emil, now, **more)


def test_every_plot_equals_fresh_sql(desk, monday):
    assert fresh.wrong(asked(desk, monday)) == []
    assert fresh.wrong(asked(desk, monday, 33)) == []


def test_every_plot_that_is_counted_by_the_day_is_checked():
    live = {"soon", "surges", "spike", "reasons", "vain", "ageing"}
    of_others = {"actions", "knowledge", "paid", "paid_causes"}
    assert set(PLOTS) - set(fresh.CHECKS) == live | of_others


def test_late_facts_are_counted_into_their_day(desk, monday):
    """Categories, severities and closings change long after receipt: the clock counts those days anew."""
    rolling.roll(monday)
    chance = random.Random(3)
    for report in Report.objects.order_by("?")[:25]:
        reports.set_category(report, chance.choice(Category.objects.all()), by=desk.dora.actor, at=monday)
        reports.set_severity(report, chance.choice(("critical", "low")), by=desk.dora.actor, at=monday)
    while rolling.roll(monday):
        pass
    assert fresh.wrong(asked(desk, monday)) == []


def test_the_same_is_counted_by_the_clock_and_by_a_rebuild(desk, monday):
    kept = list(
        Tally.objects.order_by("measure", "group", "day", "key").values(
            "measure", "group", "day", "key", "count", "parts"
        )
    )
    rolling.rebuild(monday)
    again = list(
        Tally.objects.order_by("measure", "group", "day", "key").values(
            "measure", "group", "day", "key", "count", "parts"
        )
    )
    assert again == kept


def test_another_zone_has_other_days(desk, monday, settings):
    settings.DESK_TIME_ZONE = "Pacific/Auckland"
    while rolling.roll(monday):
        pass
    assert fresh.wrong(asked(desk, monday, 40)) == []


def test_groups_add_up_to_the_whole(desk, monday):
    period = asked(desk, monday).period
    for measure in ("received", "solved", "closed", "due", "escalated"):
        whole = reading.days(measure, period).whole()
        for group in ("category", "component", "severity", "channel", "team"):
            assert sum(one.count for one in reading.by_group(measure, period, group).values()) == whole.count


def test_behind_every_figure_stand_as_many_reports_as_it_says(desk, monday):
    wanted = asked(desk, monday, 30)
    looked_at = 0
    for plot in PLOTS.values():
        drawn = plot.work(wanted)
        for row in drawn.rows:
            for cell, column in zip(row.cells, drawn.columns, strict=True):
                if cell.behind and column.kind == "count" and column.key not in ("people", "in_hours", "off_hours"):
                    found = behind.find(desk.emil, cell.behind, now=monday)
                    assert found.is_cut or found.count == cell.value, (plot.slug, row.key, column.key)
                    looked_at += 1
    assert looked_at > 100


def test_a_report_one_may_not_see_is_counted_and_not_shown(desk, monday):
    Report.objects.update(is_protected=True)
    wanted = asked(desk, monday, 30)
    cell = next(row.cells[0] for row in PLOTS["flow"].work(wanted).rows if row.cells[0].value)
    seen, hidden = (behind.find(who, cell.behind, now=monday) for who in (desk.emil, desk.dora))
    assert seen.hidden == 0
    assert (hidden.count, hidden.shown, hidden.hidden) == (seen.count, [], seen.count)
