"""How sure we are decides who may read it; every move, by every role."""

import itertools

import pytest

from makegood.life.knowledge import lifecycle, public, states
from makegood.life.knowledge.access import NotAllowed
from makegood.life.knowledge.actions import NeedsWords
from makegood.life.knowledge.models import Article
from makegood.life.promises import about as promises
from makegood.life.reports.models import LedgerEntry
from tests.life.knowledge.shelf import ADDRESS, shown, validated, wording, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(states.CONFIDENCE, 2)))
def test_every_move_of_the_table_and_no_other(cast, monday, old, new):
    article = write(cast, monday)
    Article.objects.filter(pk=article.pk).update(confidence=old)
    if states.may_move(old, new):
        assert lifecycle.settle(article, new, by=cast.ada, at=monday)
        assert Article.objects.get(pk=article.pk).confidence == new
    else:
        with pytest.raises(lifecycle.NotAMove):
            lifecycle.settle(article, new, by=cast.ada, at=monday)


def test_saying_it_twice_is_once(cast, monday):
    article = validated(cast, monday)
    assert not lifecycle.settle(article, "validated", by=cast.eve, at=monday)
    assert LedgerEntry.objects.filter(kind="article.settled").count() == 1


def test_agents_write_engineers_vouch_leads_show(cast, monday):
    article = write(cast, monday)
    lifecycle.settle(article, "not_validated", by=cast.dora, at=monday)
    with pytest.raises(NotAllowed):
        lifecycle.settle(article, "validated", by=cast.dora, at=monday)
    lifecycle.settle(article, "validated", by=cast.eve, at=monday)
    for person in (cast.dora, cast.eve):
        with pytest.raises(NotAllowed):
            lifecycle.publish(article, by=person, at=monday)
    lifecycle.publish(article, by=cast.emil, at=monday)
    assert article.is_shown
    with pytest.raises(NotAllowed):
        lifecycle.settle(article, "archived", by=cast.eve, at=monday)


def test_without_what_to_do_it_stays_work_in_progress(cast, monday):
    article = write(cast, monday, {**ADDRESS, "resolution": " "})
    with pytest.raises(NeedsWords):
        lifecycle.settle(article, "not_validated", by=cast.dora, at=monday)


@pytest.mark.parametrize("confidence", ["wip", "not_validated", "archived"])
def test_only_what_somebody_vouches_for_is_shown(cast, monday, confidence):
    article = write(cast, monday)
    Article.objects.filter(pk=article.pk).update(confidence=confidence)
    with pytest.raises(lifecycle.NeedsConfidence):
        lifecycle.publish(article, by=cast.emil, at=monday)


def test_words_of_customers_are_read_by_a_person_before_they_are_public(cast, monday):
    article = validated(cast, monday, needs_reading=True)
    with pytest.raises(lifecycle.NeedsReading):
        lifecycle.publish(article, by=cast.emil, at=monday)
    lifecycle.publish(article, by=cast.emil, at=monday, has_read=True)
    assert (article.is_shown, article.needs_reading) == (True, False)
    assert LedgerEntry.objects.get(kind="article.published").data["was_read"]


@pytest.mark.parametrize("confidence", ["not_validated", "archived"])
def test_what_we_are_no_longer_sure_of_is_shown_no_longer(cast, monday, confidence):
    article = shown(cast, monday)
    slug = wording(article).slug
    assert public.article("en", slug, picture="")
    lifecycle.settle(article, confidence, by=cast.emil, at=monday)
    assert public.article("en", slug, picture="") is None
    assert Article.objects.get(pk=article.pk).audience == "internal"


def test_it_is_taken_back_at_once(cast, monday):
    article = shown(cast, monday)
    lifecycle.withdraw(article, by=cast.emil, at=monday, reason="The menu has moved.")
    assert public.search("change my address", "en") == []
    assert LedgerEntry.objects.get(kind="article.withdrawn").reason == "The menu has moved."


def test_a_review_keeps_the_promise_and_begins_the_clock_anew(cast, monday):
    article = validated(cast, monday)
    promises.make(article.about, "article_review", by=cast.emil.actor, at=monday)
    lifecycle.review(article, by=cast.eve, at=monday, release=" v3.15 ")
    assert promises.pending(article.about) == []
    assert (article.reviewed_by, article.checked_release) == ("Eve Eriksen", "v3.15")


def test_the_archive_owes_no_review(cast, monday):
    article = validated(cast, monday)
    promises.make(article.about, "article_review", by=cast.emil.actor, at=monday)
    lifecycle.settle(article, "archived", by=cast.dora, at=monday)
    assert promises.pending(article.about) == []


def test_a_flag_needs_words(cast, monday):
    article = validated(cast, monday)
    with pytest.raises(NeedsWords):
        lifecycle.flag(article, " ", by=cast.dora, at=monday)
    lifecycle.flag(article, "The button is called Save now.", by=cast.dora, at=monday)
    assert LedgerEntry.objects.get(kind="article.flagged").reason == "The button is called Save now."
