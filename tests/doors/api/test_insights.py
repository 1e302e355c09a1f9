"""Figures for programs: the same as on the page, with what exactly is counted."""

from typing import get_args, get_type_hints

import pytest

from makegood.doors.api.insights import ColumnOut
from makegood.life.insights import rolling
from makegood.life.insights.plots import PLOTS
from makegood.life.insights.plots.base import COUNT, DATE, MINUTES, MONEY, NUMBER, SHARE, WORD

pytestmark = pytest.mark.django_db


def test_every_plot_is_listed_with_its_definition(dora):
    found = dora.get("/insights")["items"]
    assert [one["slug"] for one in found] == list(PLOTS)
    assert all(one["definition"] and one["version"] for one in found)


def test_the_figures_of_a_plot_for_some_days(dora, report):
    from django.utils import timezone

    now = timezone.now()
    rolling.rebuild(now)
    today = now.astimezone(rolling.zone()).date()
    told = dora.get(f"/insights/flow?from={today}&to={today}")
    assert [column["key"] for column in told["columns"]] == ["received", "closed", "open"]
    assert told["rows"] == [{"key": str(today), "label": told["rows"][0]["label"], "values": [1, 0, 1]}]
    assert (told["zone"], told["n"], told["is_thin"]) == ("Europe/Berlin", 1, False)


def test_every_plot_answers(dora, report):
    for slug in PLOTS:
        assert dora.get(f"/insights/{slug}?from=2026-11-01&to=2026-11-30")["slug"] == slug


def test_every_kind_of_value_is_one_the_description_knows():
    assert {COUNT, MINUTES, SHARE, NUMBER, MONEY, WORD, DATE} == set(get_args(get_type_hints(ColumnOut)["kind"]))


@pytest.mark.parametrize(
    "query",
    ["from=2026-11-02&to=2026-11-01", "from=2016-11-02&to=2026-11-01", "from=x&to=2026-11-01", "", "from=2026-11-01"],
)
def test_days_that_are_no_days_are_refused(dora, query):
    dora.get(f"/insights/flow?{query}", status=422)


def test_a_group_or_plot_there_is_not(dora):
    dora.get("/insights/flow?from=2026-11-01&to=2026-11-02&only=category:gone", status=422)
    dora.get("/insights/nothing?from=2026-11-01&to=2026-11-02", status=404)
