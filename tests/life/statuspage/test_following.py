"""A problem a person made public has a notice that follows it, and never claims more than is true inside."""

import pytest

from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions as problems
from makegood.life.problems import membership, news
from makegood.life.promises.sweep import sweep
from makegood.life.statuspage import ending, mails, snapshot, standing, updates
from makegood.life.statuspage.ending import Last
from makegood.life.statuspage.models import Notice, StateChange, Update
from tests.life.announcements.crowd import fixed, go_out, hit
from tests.life.case import work
from tests.life.statuspage.page import DAY, HOUR, WORDS, furnish, open_problem, published, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(cast, monday):
    return furnish(cast, monday - 100 * DAY)


def test_nothing_is_public_until_a_person_says_so(cast, monday, parts):
    problem = open_problem(cast, monday)
    problems.move(problem, "cause_known", by=cast.eve.actor, at=monday)
    work(monday)
    assert not Notice.objects.exists()
    assert snapshot.take(monday).indicator == standing.NONE
    assert state_of(parts["sign-in"]) == standing.OPERATIONAL


def test_publishing_shows_it_with_the_parts_it_hits_and_the_next_news(cast, monday, parts):
    problem, notice = published(cast, monday)
    found = snapshot.take(monday)
    assert found.indicator == standing.SERIOUS
    assert [(one.titles["en"], one.state, one.impact) for one in found.troubles] == [
        ("Signing in fails", standing.INVESTIGATING, standing.SERIOUS)
    ]
    assert found.troubles[0].promised.at == monday + HOUR
    assert state_of(parts["sign-in"]) == standing.PARTIAL
    assert state_of(parts["claims"]) == standing.OPERATIONAL
    change = StateChange.objects.latest("pk")
    assert (change.source, change.reason, change.by_name) == ("problem", problem.number, "Emil Ek")
    assert notice.updates.get().texts == WORDS


def test_told_again_through_the_problem_is_one_update(cast, monday, parts):
    problem, notice = published(cast, monday)
    later = monday + HOUR / 2
    problems.edit(problem, by=cast.emil.actor, at=later, public_texts={"en": "We found the cause."})
    problems.move(problem, "cause_known", by=cast.eve.actor, at=later)
    work(later)
    assert notice.updates.count() == 1
    news.promise_news(problem, by=cast.emil.actor, at=later, due_at=later + 2 * HOUR)
    work(later)
    work(later)
    told = notice.updates.latest("pk")
    assert (notice.updates.count(), told.state, told.texts["en"]) == (2, standing.IDENTIFIED, "We found the cause.")
    assert told.next_news_at == later + 2 * HOUR


def test_that_a_fix_is_on_its_way_is_said_by_the_page_as_reporters_read_it(cast, monday, parts):
    problem, notice = published(cast, monday)
    news_at = {"by": cast.emil, "next_news_at": monday + 9 * HOUR}

    def said():
        shown = snapshot.one(notice.key, notice.kind, monday)
        return shown.step, [told.step for told in shown.updates]

    problems.move(problem, "cause_known", by=cast.eve.actor, at=monday + HOUR)
    updates.post(notice, standing.IDENTIFIED, {"en": "We found the cause."}, at=monday + HOUR, **news_at)
    assert said() == (standing.IDENTIFIED, [standing.IDENTIFIED, standing.INVESTIGATING])
    problems.move(problem, "fixing", by=cast.eve.actor, at=monday + 2 * HOUR)
    assert said() == (standing.BEING_FIXED, [standing.IDENTIFIED, standing.INVESTIGATING])
    made = updates.post(notice, standing.IDENTIFIED, {"en": "We put in a new key."}, at=monday + 2 * HOUR, **news_at)
    assert said() == (standing.BEING_FIXED, [standing.BEING_FIXED, standing.IDENTIFIED, standing.INVESTIGATING])
    assert mails.frozen(made, "de").subject.endswith("Lösung unterwegs: Anmeldung gestört")
    problems.move(problem, "released", by=cast.eve.actor, at=monday + 3 * HOUR)
    assert said()[0] == standing.BEING_FIXED
    assert snapshot.one(notice.key, notice.kind, monday).state == standing.IDENTIFIED


def test_the_page_never_claims_more_than_the_inside(cast, monday, parts):
    problem, notice = published(cast, monday)
    more = {"by": cast.emil, "at": monday, "next_news_at": monday + 2 * HOUR}
    for inside, public in standing.AT_MOST.items():
        problems.Problem.objects.filter(pk=problem.pk).update(state=inside)
        for state in standing.TROUBLE_STATES:
            if standing.TROUBLE_STATES.index(state) > standing.TROUBLE_STATES.index(public):
                with pytest.raises(updates.SaysTooMuch):
                    updates.post(notice, state, {"en": "More than is true."}, **more)
    assert notice.updates.count() == 1


def test_it_goes_back_with_the_problem_and_says_so(cast, monday, parts):
    problem, notice = published(cast, monday)
    problems.move(problem, "fixing", by=cast.eve.actor, at=monday)
    problems.move(problem, "released", by=cast.eve.actor, at=monday)
    calm = {"sign-in": standing.OPERATIONAL}
    states = {parts[slug].key: state for slug, state in calm.items()}
    updates.post(
        notice, "monitoring", {"en": "A fix is out."}, by=cast.emil, at=monday, states=states, next_news_at=monday + DAY
    )
    work(monday)
    assert state_of(parts["sign-in"]) == standing.OPERATIONAL
    problems.move(problem, "fixing", by=cast.eve.actor, at=monday + HOUR)
    work(monday + HOUR)
    notice.refresh_from_db()
    told = notice.updates.latest("pk")
    assert (notice.state, told.kind) == (standing.IDENTIFIED, Update.BY_ITSELF)
    assert told.texts["en"].startswith("We said more than we know")
    assert state_of(parts["sign-in"]) == standing.PARTIAL


def test_what_comes_back_is_open_again_at_the_same_address(cast, monday, parts):
    problem, notice = published(cast, monday)
    problems.move(problem, "released", by=cast.eve.actor, at=monday)
    ending.resolve(problem, by=cast.emil, at=monday, last=Last({"en": "It works again."}))
    work(monday)
    assert state_of(parts["sign-in"]) == standing.OPERATIONAL
    assert snapshot.take(monday).troubles == ()
    problems.move(problem, "came_back", by=SYSTEM, at=monday + DAY)
    work(monday + DAY)
    found = snapshot.take(monday + DAY).troubles[0]
    assert (found.key, found.state) == (notice.key, standing.INVESTIGATING)
    assert state_of(parts["sign-in"]) == standing.PARTIAL


def test_a_fix_told_to_everybody_is_told_here_too(cast, monday, parts):
    problem, notice = published(cast, monday)
    hit(problem, "Gwen", monday, by=cast.emil.actor)
    problems.edit(problem, by=cast.emil.actor, at=monday, cause="A full disk.", fix="Made room.")
    go_out(fixed(problem, cast.emil, monday), monday)
    notice.refresh_from_db()
    assert notice.state == standing.MONITORING
    assert state_of(parts["sign-in"]) == standing.OPERATIONAL
    problem.refresh_from_db()
    problems.move(problem, "resolved", by=SYSTEM, at=monday + 30 * DAY)
    work(monday + 30 * DAY)
    notice.refresh_from_db()
    assert notice.state == standing.RESOLVED


def test_taken_back_or_protected_it_is_gone_at_once(cast, monday, parts):
    problem, notice = published(cast, monday)
    news.unpublish(problem, by=cast.emil.actor, at=monday, reason="A mistake.")
    assert snapshot.one(notice.key, "trouble", monday) is None
    work(monday)
    assert snapshot.take(monday).indicator == standing.NONE
    assert state_of(parts["sign-in"]) == standing.OPERATIONAL

    other, second = published(cast, monday, hits=("claims",))
    problems.protect(other, True, by=cast.emil.actor, at=monday, reason="Personal data.")
    assert snapshot.take(monday).troubles == ()
    work(monday)
    assert state_of(parts["claims"]) == standing.OPERATIONAL
    second.refresh_from_db()
    assert not second.is_shown


def test_a_protected_problem_is_never_public_even_when_it_was_resolved_before(cast, monday, parts):
    problem, notice = published(cast, monday)
    ending.resolve(problem, by=cast.emil, at=monday, last=Last({"en": "It works again."}))
    assert snapshot.one(notice.key, "trouble", monday)
    problems.protect(problem, True, by=cast.emil.actor, at=monday, reason="Personal data.")
    assert snapshot.one(notice.key, "trouble", monday) is None


def test_merged_into_another_it_leaves_the_page(cast, monday, parts):
    problem, _notice = published(cast, monday)
    other, _second = published(cast, monday, hits=("claims",))
    membership.merge(problem, other, by=cast.emil.actor, at=monday)
    work(monday)
    assert [one.components for one in snapshot.take(monday).troubles] == [{parts["claims"].key: standing.PARTIAL}]


def test_a_missed_promise_is_owned_up_to_once(cast, monday, parts):
    _problem, notice = published(cast, monday)
    late = monday + HOUR + HOUR / 60
    for _again in range(2):
        sweep(late)
        work(late)
    told = notice.updates.filter(kind=Update.LATE).get()
    assert told.state == standing.INVESTIGATING
    assert "We promised you news by Monday 16 November, 11:00 (CET) and are late." in told.texts["en"]
    assert "Montag, 16. November, 11:00 Uhr" in told.texts["de"]
    assert snapshot.take(late).troubles[0].promised.ring == "broken"


def test_news_says_when_the_next_comes_unless_it_is_the_last(cast, monday, parts):
    problem, notice = published(cast, monday)
    with pytest.raises(updates.NeedsTime):
        updates.post(notice, "investigating", {"en": "Still at it."}, by=cast.emil, at=monday)
    ending.resolve(problem, by=cast.emil, at=monday, last=Last({"en": "It works."}))
    problem.refresh_from_db()
    assert problem.next_news_at is None
    work(monday)
    assert notice.updates.count() == 2


def test_the_words_told_here_are_the_words_reporters_read(cast, monday, parts):
    problem, notice = published(cast, monday)
    updates.post(
        notice, "investigating", {"en": "Still at it."}, by=cast.emil, at=monday, next_news_at=monday + 3 * HOUR
    )
    work(monday)
    problem.refresh_from_db()
    assert problem.public_texts == {"en": "Still at it."}
    assert problem.next_news_at == monday + 3 * HOUR
    assert notice.updates.count() == 2
