"""Planned work is announced, reminded of, begun and ended by the clock, each step told once."""

import pytest

from makegood.life.statuspage import maintenance, snapshot, standing, updates
from makegood.life.statuspage.access import NotYours
from makegood.life.statuspage.maintenance import BadPlan, NotNow, Plan
from tests.life.statuspage.page import DAY, HOUR, MINUTE, furnish, published, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(cast, monday):
    return furnish(cast, monday - DAY)


def wanted(monday, parts, **more):
    starts = more.pop("starts", monday + 3 * DAY)
    titles, texts = {"en": "Database upgrade"}, {"en": "Claims cannot be sent meanwhile."}
    return Plan(titles, texts, starts, starts + 2 * HOUR, [parts["claims"].key], **more)


def told(notice):
    return [(one.state, one.texts["en"]) for one in notice.updates.order_by("pk")]


def test_it_goes_by_itself_from_announcement_to_end(cast, monday, parts):
    notice = maintenance.plan(wanted(monday, parts), by=cast.emil, at=monday)
    assert state_of(parts["claims"]) == standing.OPERATIONAL
    assert [one.titles["en"] for one in snapshot.take(monday).planned] == ["Database upgrade"]
    for moment in (2 * DAY - MINUTE, 2 * DAY, 2 * DAY + MINUTE, 3 * DAY, 3 * DAY + HOUR, 3 * DAY + 2 * HOUR, 4 * DAY):
        maintenance.keep_time(monday + moment)
        if moment == 3 * DAY:
            assert state_of(parts["claims"]) == standing.MAINTENANCE
            assert snapshot.take(monday + moment).indicator == "maintenance"
    notice.refresh_from_db()
    assert [state for state, _text in told(notice)] == ["scheduled", "scheduled", "in_progress", "completed"]
    assert "begins Thursday 19 November, 10:00 (CET)" in told(notice)[1][1]
    assert notice.started_at == monday + 3 * DAY
    assert state_of(parts["claims"]) == standing.OPERATIONAL
    assert snapshot.take(monday + 4 * DAY).indicator == standing.NONE


def test_without_an_end_by_itself_it_waits_to_be_checked(cast, monday, parts):
    notice = maintenance.plan(wanted(monday, parts, ends_by_itself=False), by=cast.emil, at=monday)
    for moment in (3 * DAY, 4 * DAY, 5 * DAY):
        maintenance.keep_time(monday + moment)
    notice.refresh_from_db()
    assert notice.state == standing.VERIFYING
    assert state_of(parts["claims"]) == standing.MAINTENANCE
    maintenance.post(notice, "completed", {"en": "All is well."}, by=cast.emil, at=monday + 5 * DAY)
    assert state_of(parts["claims"]) == standing.OPERATIONAL


def test_a_worker_that_was_away_begins_and_ends_it_at_once(cast, monday, parts):
    notice = maintenance.plan(wanted(monday, parts), by=cast.emil, at=monday)
    assert maintenance.keep_time(monday + 4 * DAY) == 2
    assert maintenance.keep_time(monday + 4 * DAY) == 0
    assert [state for state, _text in told(notice)] == ["scheduled", "in_progress", "completed"]


def test_it_can_be_moved_and_called_off_until_it_has_begun(cast, monday, parts):
    notice = maintenance.plan(wanted(monday, parts), by=cast.emil, at=monday)
    starts = monday + 5 * DAY
    maintenance.move(notice, starts, starts + HOUR, by=cast.emil, at=monday)
    assert "was moved. It now begins Saturday 21 November" in told(notice)[-1][1]
    assert maintenance.keep_time(monday + 3 * DAY) == 0
    maintenance.call_off(notice, by=cast.emil, at=monday + 4 * DAY)
    assert maintenance.keep_time(monday + 6 * DAY) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.started_at) == ("completed", None)
    assert "called off" in told(notice)[-1][1]

    other = maintenance.plan(wanted(monday, parts), by=cast.emil, at=monday)
    maintenance.keep_time(monday + 3 * DAY)
    for act in (
        lambda: maintenance.call_off(other, by=cast.emil, at=monday + 3 * DAY),
        lambda: maintenance.move(other, starts, starts + HOUR, by=cast.emil, at=monday + 3 * DAY),
        lambda: maintenance.post(other, "scheduled", {"en": "Back."}, by=cast.emil, at=monday + 3 * DAY),
    ):
        with pytest.raises(NotNow):
            act()


def test_a_plan_has_a_title_words_and_times_that_can_be(cast, monday, parts):
    good = wanted(monday, parts)
    for bad in (
        Plan({}, good.texts, good.starts_at, good.ends_at),
        Plan(good.titles, good.texts, good.ends_at, good.starts_at),
        Plan(good.titles, good.texts, monday - HOUR, good.ends_at),
        Plan(good.titles, good.texts, good.starts_at, good.starts_at + 31 * DAY),
    ):
        with pytest.raises(BadPlan):
            maintenance.plan(bad, by=cast.emil, at=monday)
    with pytest.raises(updates.BadUpdate):
        maintenance.plan(Plan(good.titles, {"en": " "}, good.starts_at, good.ends_at), by=cast.emil, at=monday)


def test_speaking_to_the_public_is_for_leads(cast, monday, parts):
    _problem, notice = published(cast, monday)
    for person in (cast.dora, cast.eve):
        with pytest.raises(NotYours):
            maintenance.plan(wanted(monday, parts), by=person, at=monday)
        with pytest.raises(NotYours):
            updates.post(notice, "investigating", {"en": "x"}, by=person, at=monday, next_news_at=monday + DAY)


def test_trouble_in_a_part_under_maintenance_is_still_seen(cast, monday, parts):
    maintenance.plan(wanted(monday, parts), by=cast.emil, at=monday)
    maintenance.keep_time(monday + 3 * DAY)
    published(cast, monday + 3 * DAY, hits=("claims",))
    assert state_of(parts["claims"]) == standing.PARTIAL
