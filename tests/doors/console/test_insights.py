"""Insights as Emil sees them: pages, choices in the address, tables to take away, reports behind figures."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makegood.doors.console import views_query
from makegood.life.insights import rolling
from makegood.life.insights.models import WeeklyMail
from makegood.life.insights.plots import PLOTS
from makegood.life.promises import book
from makegood.life.reports.models import Category, Report
from tests.again import STARTED, again
from tests.life.case import file_report

DAY = timedelta(days=1)
PAGES = ("flow", "promises", "causes", "outcome", "learning", "load")


@pytest.fixture
def now():
    return STARTED


@pytest.fixture
def desk(cast, now):
    again(lambda: twelve_reports(cast, now), now)
    return cast


def twelve_reports(cast, now):
    book.install_defaults(now - 90 * DAY)
    category = Category.objects.create(slug="white-page", names={"en": "=White page", "de": "Weiße Seite"})
    for n in range(12):
        report = file_report(cast, now - n * DAY, key=f"told-{n}")
        Report.objects.filter(pk=report.pk).update(category=category, first_answered_at=now - n * DAY + DAY / 24)
    rolling.rebuild(now)


@pytest.fixture
def enter(desk):
    def go(agent):
        client = Client()
        client.force_login(agent)
        return client

    return go


@pytest.fixture
def emil(enter, desk):
    return enter(desk.emil)


def table(client, slug, query=""):
    answer = client.get(f"{reverse('console:insights_table', args=[slug])}?{query}")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))


@pytest.mark.parametrize("name", PAGES)
def test_each_page_shows_its_plots_with_definition_csv_and_zone(emil, name):
    page = emil.get(reverse("console:insights_page", args=[name])).content.decode()
    for plot in PLOTS.values():
        assert (f'id="{plot.slug}"' in page) == (plot.page == name)
        if plot.page == name:
            assert str(plot.definition).split(".")[0][:40] in page.replace("&#x27;", "'")
            assert reverse("console:insights_table", args=[plot.slug]) in page
    assert "Europe/Berlin" in page
    assert "Definition 1." in page


def test_every_plot_stands_on_a_page_and_says_what_it_counts():
    assert {plot.page for plot in PLOTS.values()} == set(PAGES)
    for plot in PLOTS.values():
        assert len(str(plot.definition)) > 50, plot.slug
        assert str(plot.question).endswith("?"), plot.slug


def test_the_period_stands_in_the_address_and_what_is_no_period_is_said(emil):
    short = table(emil, "flow", "days=7")
    assert len(short) == 7
    assert sum(int(row["received"]) for row in short) == 7
    wrong = emil.get("/console/insights/?from=2026-03-02&to=2026-03-01").content.decode()
    assert "That is no period" in wrong
    for text in ("?days=abc", "?from=x&to=y", "?from=9999-12-31&to=9999-12-31", "?from=1900-01-01&to=2100-01-01"):
        assert "That is no period" in emil.get(f"/console/insights/{text}").content.decode()


def test_figures_are_narrowed_to_one_group_by_the_word_of_the_queue(emil, desk, now):
    other = Category.objects.create(slug="other", names={"en": "Other"})
    Report.objects.filter(pk__in=list(Report.objects.order_by("pk").values_list("pk", flat=True)[:4])).update(
        category=other
    )
    rolling.rebuild(now)
    of_other = table(emil, "flow", "days=30&only=category:other")
    assert sum(int(row["received"]) for row in of_other) == 4
    assert "There is no such group" in emil.get("/console/insights/?only=category:gone").content.decode()


def test_a_cell_that_begins_like_a_formula_is_no_formula_in_the_table(emil):
    assert {row["label"] for row in table(emil, "categories", "days=30")} == {"'=White page"}


def test_the_days_of_figures_are_the_desks_whoever_reads(enter, desk):
    desk.dora.time_zone = "Pacific/Auckland"
    desk.dora.save()
    assert table(enter(desk.dora), "flow", "days=30") == table(enter(desk.emil), "flow", "days=30")


def test_behind_a_figure_stand_its_reports(emil, now):
    day = (now - 3 * DAY).astimezone(rolling.zone()).date()
    page = emil.get(f"{reverse('console:insights_behind')}?measure=received&from={day}&to={day}").content.decode()
    assert "<b>1</b> in all" in page
    assert "The claims page shows error 500" in page


def test_a_protected_report_is_counted_and_neither_named_nor_shown(enter, desk, now):
    Report.objects.update(is_protected=True, team=desk.platform, title="Secret of Ana")
    day = (now - 3 * DAY).astimezone(rolling.zone()).date()
    page = enter(desk.dora).get(f"/console/insights/behind/?measure=received&from={day}&to={day}").content.decode()
    assert "<b>1</b> in all" in page
    assert "Secret of Ana" not in page
    assert "1 of them is about no report, or about one you may not see" in page


@pytest.mark.parametrize(
    "query",
    [
        "measure=nothing&from=2026-01-01&to=2026-01-02",
        "measure=received&from=2026-01-03&to=2026-01-02",
        "measure=received&from=2026-01-01",
        "measure=received&from=2026-01-01&to=2026-01-02&only=people:1",
        "measure=received&from=2026-01-01&to=2026-01-02&weekday=7",
        "measure=received&from=2020-01-01&to=2026-01-02",
        "measure=surge&from=2026-01-01&to=2026-01-02&value=²",
    ],
)
def test_an_address_that_means_nothing_is_not_there(emil, query):
    answer = emil.get(f"/console/insights/behind/?{query}")
    assert answer.status_code in (404, 200)
    assert answer.status_code == 404 or "<b>0</b> in all" in answer.content.decode()


def test_too_few_are_told_as_too_few(emil):
    page = emil.get("/console/insights/?days=7").content.decode()
    assert "Too little to say: fewer than 5 in this period." in page


def test_agents_and_engineers_read_insights_and_find_no_ranking_of_people(enter, desk):
    Report.objects.update(assignee=desk.dora)
    for person in (desk.dora, desk.eve):
        for name in PAGES:
            page = enter(person).get(reverse("console:insights_page", args=[name])).content.decode()
            main = page.partition('<main class="main')[2]
            assert "Dora" not in main
            assert "Emil" not in main


def test_the_number_of_queries_does_not_grow_with_what_is_counted(emil, desk, now):
    def asked(name):
        views_query.forget_counts()
        with CaptureQueriesContext(connection) as said:
            emil.get(f"/console/insights/{name}/?days=30")
        return len(said)

    file_report(desk, now - 40 * DAY, key="long-ago")
    rolling.rebuild(now)

    before = {name: asked(name) for name in PAGES}
    for n in range(30):
        file_report(desk, now - (n % 20) * DAY, key=f"more-{n}")
    rolling.rebuild(now)
    assert {name: asked(name) for name in PAGES} == before
    assert max(before.values()) < 60


def test_the_week_comes_by_mail_to_whoever_asks_until_they_no_longer_want_it(emil, desk):
    emil.post(reverse("console:insights_mail"), {"wanted": "yes"})
    emil.post(reverse("console:insights_mail"), {"wanted": "yes"})
    assert WeeklyMail.objects.get().agent == desk.emil
    assert "comes to you every Monday" in emil.get("/console/insights/").content.decode()
    emil.post(reverse("console:insights_mail"), {"wanted": "no"})
    assert not WeeklyMail.objects.exists()


def test_a_plot_or_page_that_does_not_exist_is_not_there(emil):
    assert emil.get("/console/insights/table/nothing/").status_code == 404
    assert emil.get("/console/insights/nothing/").status_code == 404
