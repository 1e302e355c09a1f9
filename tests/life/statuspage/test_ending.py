"""A public problem is resolved with the last word to the public, or the reason for none; no promise is left."""

import pytest

from makegood.life.learning import watching
from makegood.life.problems import actions as problems
from makegood.life.problems import news
from makegood.life.problems.models import Problem
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.statuspage import ending, standing
from makegood.life.statuspage.access import NotYours
from makegood.life.statuspage.ending import Last
from makegood.life.statuspage.models import Notice, Update
from tests.life.announcements.crowd import fixed, go_out, hit
from tests.life.case import work
from tests.life.statuspage.page import DAY, HOUR, furnish, published

pytestmark = pytest.mark.django_db
LAST = {"en": "Signing in works again for everybody.", "de": "Die Anmeldung geht wieder."}


@pytest.fixture
def told(cast, monday):
    """A problem and its notice; the public waits for news."""
    furnish(cast, monday - 100 * DAY)
    return published(cast, monday)


def promised(problem):
    return Promise.objects.filter(about=problem.about, kind=kinds.PUBLIC_NEWS).latest("pk")


def test_a_person_cannot_resolve_it_without_a_word_on_the_news(cast, monday, told):
    problem, notice = told
    with pytest.raises(problems.OwesNews):
        problems.move(problem, "resolved", by=cast.eve.actor, at=monday)
    with pytest.raises(problems.OwesNews):
        ending.resolve(problem, by=cast.emil, at=monday, last=Last({"en": "  "}, " "))
    assert (Problem.objects.get().state, promised(problem).state) == ("open", Promise.OPEN)
    assert Notice.objects.get().state == standing.INVESTIGATING


def test_the_last_word_ends_notice_and_promise(cast, monday, told):
    problem, notice = told
    ending.resolve(problem, by=cast.emil, at=monday + HOUR / 2, last=Last(LAST))
    work(monday + HOUR / 2)
    notice.refresh_from_db()
    last = notice.updates.latest("pk")
    assert (notice.state, last.texts, last.by_name) == (standing.RESOLVED, LAST, "Emil Ek")
    assert promised(problem).state == Promise.KEPT
    found = Problem.objects.get()
    assert (found.state, found.next_news_at, found.public_texts) == ("resolved", None, LAST)


def test_without_news_the_reason_stays_inside_and_the_page_says_that_it_is_over(cast, monday, told):
    problem, notice = told
    ending.resolve(problem, by=cast.emil, at=monday, last=Last(no_news_reason="A wrong alarm of our monitor"))
    work(monday)
    notice.refresh_from_db()
    last = notice.updates.latest("pk")
    assert (notice.state, last.kind, last.texts["en"]) == (standing.RESOLVED, Update.BY_ITSELF, "This is resolved.")
    assert promised(problem).state == Promise.WITHDRAWN
    assert Problem.objects.get().next_news_at is None
    assert "monitor" not in str(list(Update.objects.values_list("texts", flat=True)))


def test_who_may_not_speak_to_the_public_cannot_end_its_news(cast, monday, told):
    with pytest.raises(NotYours):
        ending.resolve(told[0], by=cast.eve, at=monday, last=Last(LAST))
    assert Problem.objects.get().state == "open"


def test_where_nothing_was_promised_nobody_is_asked(cast, monday):
    problem = problems.open_problem("Quiet", by=cast.eve.actor, at=monday)
    ending.resolve(problem, by=cast.eve, at=monday)
    assert Problem.objects.get().state == "resolved"


def test_taken_back_or_come_back_the_public_is_promised_news_again(cast, monday, told):
    problem, notice = told
    ending.resolve(problem, by=cast.emil, at=monday, last=Last(LAST))
    work(monday)
    problems.move(problem, "came_back", by=cast.emil.actor, at=monday + HOUR)
    work(monday + HOUR)
    owed = promised(problem)
    assert (owed.state, Problem.objects.get().next_news_at) == (Promise.OPEN, owed.due_at)
    assert notice.updates.latest("pk").next_news_at == owed.due_at


def test_the_end_of_a_watch_leaves_no_promise_of_news(cast, monday, told):
    problem, notice = told
    problems.edit(problem, by=cast.emil.actor, at=monday, cause="A full disk.", fix="Made room.")
    hit(problem, "Gus", monday, by=cast.dora.actor)
    go_out(fixed(problem, cast.emil, monday), monday)
    news.promise_news(problem, by=cast.emil.actor, at=monday, due_at=monday + 90 * DAY)
    work(monday)
    end = Problem.objects.get().watching_until
    watching.end_watches(end + HOUR)
    work(end + HOUR)
    assert Notice.objects.get().state == standing.RESOLVED
    assert promised(problem).state == Promise.KEPT
