"""What changed, in sentences: told when it is a step that chance does not explain; silence is a sentence too."""

from datetime import date, timedelta

import pytest

from makegood.life.insights import changes, letters
from makegood.life.insights.days import Period
from makegood.life.insights.models import Tally, WeeklyMail
from makegood.life.insights.plots import Asked
from makegood.life.reports.models import OutgoingMail

LAST = date(2026, 11, 15)
WEEK = Period(LAST - timedelta(days=6), LAST)


@pytest.fixture
def tell(cast, monday):
    """Tallies of a day in this week and of one in the week before; what is said of them."""

    def go(measure="received", now=(0, {}), before=(0, {})):
        Tally.objects.get_or_create(day=LAST - timedelta(days=60), measure="received", defaults={"count": 1})
        for day, (count, parts) in ((LAST, now), (LAST - timedelta(days=9), before)):
            Tally.objects.create(day=day, measure=measure, count=count, parts=parts)
        return [(one.words, one.tone) for one in changes.sentences(Asked(WEEK, cast.emil, monday))]

    return go


def test_nothing_changed_is_a_sentence(tell):
    assert tell(now=(100, {}), before=(98, {}))[0] == ("Nothing changed that chance does not explain.", "same")


def test_many_more_reports_are_told(tell):
    assert ("More reports came in: 90, after 40 in the period before.", "worse") in tell(now=(90, {}), before=(40, {}))


def test_many_fewer_reports_are_told(tell):
    assert ("Fewer reports came in: 40, after 90 in the period before.", "better") in tell(
        now=(40, {}), before=(90, {})
    )


def test_promises_kept_and_broken(tell):
    now, before = (
        {"kept": {"hear_back": 70}, "broken": {"hear_back": 30}},
        {"kept": {"hear_back": 95}, "broken": {"accept": 5}},
    )
    assert tell("due", (100, now), (100, before)) == [("We kept fewer of our promises: 70 %, after 95 %.", "worse")]


def test_a_slower_answer(tell):
    now, before = {"minutes": {"90": 30}}, {"minutes": {"20": 30}}
    told = tell("answered", (30, now), (30, before))
    assert told == [("The first answer took longer: half within 90 min, before it was 20 min.", "worse")]


def test_people_less_content(tell):
    now, before = {"score": {"5": 10, "1": 20}}, {"score": {"5": 28, "1": 2}}
    told = tell("rated", (30, now), (30, before))
    assert told == [("Fewer people were content with us: 33 %, after 93 %.", "worse")]


def test_where_there_is_no_time_before_that_is_said(cast, monday):
    Tally.objects.create(day=LAST, measure="received", count=50)
    (only,) = changes.sentences(Asked(WEEK, cast.emil, monday))
    assert "nothing to compare with yet" in only.words


def test_the_week_goes_out_on_monday_morning_once_to_whoever_asked(tell, cast, monday):
    tell(now=(90, {}), before=(40, {}))
    letters.subscribe(cast.emil, at=monday)
    WeeklyMail.objects.create(agent=cast.fay, since=monday)
    sunday = monday - timedelta(days=1)
    early = monday.replace(hour=3)
    assert (letters.send_week(sunday), letters.send_week(early)) == (0, 0)
    letters.send_week(monday)
    letters.send_week(monday + timedelta(hours=1))
    mail = OutgoingMail.objects.get(purpose="insights")
    assert mail.to_email == cast.emil.email
    assert "90 reports came in." in mail.text
    assert "- More reports came in: 90, after 40" in mail.text
    letters.unsubscribe(cast.emil)
    letters.send_week(monday + timedelta(days=7))
    assert OutgoingMail.objects.filter(purpose="insights").count() == 1
