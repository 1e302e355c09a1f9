"""What is done is counted without persons, rolled up however often, and shows what the knowledge base is worth."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.knowledge import keeping, linking, measures, using
from makegood.life.knowledge.models import Article, Day, Use, Visit
from makegood.life.promises import about as promises
from tests.life.case import file_report, fresh, work
from tests.life.knowledge.shelf import ADDRESS, shown, validated, write

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def visit(at, *, solved=False, reported=None):
    pk, secret = using.begin_visit("", door=using.FORM, at=at)
    using.help_shown(pk, at=at)
    if solved:
        using.said_solved(secret, at=at)
    if reported is not None:
        using.report_sent(secret, at=at + reported)


def test_the_sums_stand_on_the_article_and_counting_again_changes_nothing(cast, monday):
    article = shown(cast, monday)
    using.read(article.pk, "en", door=using.HELP, at=monday)
    using.voted(article.pk, "en", door=using.HELP, helped=True, at=monday)
    using.voted(article.pk, "en", door=using.FORM, helped=False, at=monday + HOUR)
    for now in (monday + HOUR, monday + 2 * HOUR, monday + DAY):
        keeping.roll_up(now)
        one = Article.objects.get(pk=article.pk)
        assert (one.reads, one.helped, one.not_helped, one.last_used_at) == (1, 1, 1, monday)
    assert Day.objects.filter(article=article).count() == 2


def test_sums_outlive_the_events(cast, monday):
    article = shown(cast, monday)
    using.read(article.pk, "en", door=using.HELP, at=monday)
    keeping.roll_up(monday)
    later = monday + 100 * DAY
    keeping.forget_old(later)
    using.read(article.pk, "en", door=using.HELP, at=later)
    keeping.roll_up(later)
    assert not Use.objects.filter(at=monday).exists()
    assert Article.objects.get(pk=article.pk).reads == 2


def test_a_visit_is_judged_a_day_later(cast, monday):
    visit(monday)
    visit(monday, solved=True)
    visit(monday, reported=HOUR)
    visit(monday, reported=30 * HOUR)
    keeping.roll_up(monday + HOUR)
    assert measures.of_period(monday - DAY, monday + DAY).avoided.of == 0
    keeping.roll_up(monday + 25 * HOUR)
    found = measures.of_period(monday - DAY, monday + DAY)
    assert (found.avoided.n, found.avoided.of, found.avoided.percent) == (3, 4, 75)
    assert (found.solved.n, found.solved.of) == (1, 4)


def test_a_browser_counts_once_a_day_and_says_nothing_of_anybody(monday):
    pk, secret = using.begin_visit("", door=using.HELP, at=monday)
    assert using.begin_visit(secret, door=using.HELP, at=monday + HOUR) == (pk, secret)
    other, _secret = using.begin_visit(secret, door=using.HELP, at=monday + 25 * HOUR)
    assert other != pk
    assert using.begin_visit("made up", door=using.HELP, at=monday)[1] != "made up"
    assert secret not in str(Visit.objects.values_list())


def test_what_was_offered_counts_once_a_visit(cast, monday):
    article = shown(cast, monday)
    pk, _secret = using.begin_visit("", door=using.FORM, at=monday)
    assert using.help_shown(pk, [article.pk], at=monday) == [article.pk]
    assert using.help_shown(pk, [article.pk], at=monday) == []


def test_the_link_rate_counts_links_made_after_closing_and_leaves_out_spam(cast, monday):
    article, reports = shown(cast, monday), [file_report(cast, monday, key=f"r-{n}") for n in range(4)]
    work(monday)
    for report, reason in zip(reports, ("answered", "answered", "answered", "spam"), strict=True):
        type(report).objects.filter(pk=report.pk).update(kind="question")
        aftercare.close(fresh(report), reason=reason, by=cast.dora.actor, at=monday + HOUR)
    linking.link(article, reports[0], by=cast.dora, at=monday + 2 * HOUR)
    linking.link(article, reports[0], by=cast.eve, at=monday + 2 * HOUR)
    own = validated(cast, monday, {**ADDRESS, "title": "Written for it"}, report=reports[1])
    linking.link(own, reports[1], by=cast.dora, at=monday + 2 * HOUR)
    found = measures.of_period(monday - DAY, monday + DAY)
    assert (found.linked.n, found.linked.of, found.linked.percent) == (2, 3, 67)
    assert (found.known.n, found.known.of) == (1, 2)


def test_a_review_is_promised_when_it_comes_near_once_and_sooner_when_it_fails_people(cast, monday):
    article = validated(cast, monday)
    keeping.plan_reviews(monday)
    assert promises.pending(article.about) == []
    near = monday + 170 * DAY
    keeping.plan_reviews(near)
    keeping.plan_reviews(near)
    (promise,) = promises.pending(article.about)
    assert (promise.due_at, promise.agent, promise.owed_to) == (monday + 180 * DAY, cast.dora, "ourselves")
    for _time in range(3):
        using.voted(article.pk, "en", door=using.HELP, helped=False, at=near)
    keeping.roll_up(near)
    keeping.plan_reviews(near)
    (promise,) = promises.pending(article.about)
    assert promise.due_at == near + DAY
    one = Article.objects.get(pk=article.pk)
    assert ("votes" in one.review_why, one.not_helped_since_review) == (True, 3)


def test_what_nobody_used_is_offered_for_the_archive(cast, monday):
    used, unused, begun = shown(cast, monday), validated(cast, monday), write(cast, monday)
    later = monday + 185 * DAY
    using.read(used.pk, "en", door=using.HELP, at=later - DAY)
    keeping.roll_up(later)
    keeping.plan_reviews(later)
    assert set(Article.objects.filter(archive_suggested=True)) == {unused}
    assert Article.objects.get(pk=begun.pk).review_at == monday + 14 * DAY
