"""What it sounds like: of what people write, the right kind stands first nearly always."""

import pytest

from makegood.doors.portal import guess
from makegood.life.diagnosis import catalogue, suggesting
from makegood.life.diagnosis.models import FieldSuggestion
from makegood.life.reports.models import Category
from tests.doors.portal.told import TOLD

pytestmark = pytest.mark.django_db


@pytest.fixture
def categories():
    catalogue.install()
    return list(Category.objects.all())


def test_of_what_people_write_the_right_kind_is_first_or_at_least_among_three(categories):
    told = [(slug, words) for slug, each in TOLD.items() for words in each]
    guessed = [(slug, [one.slug for one in guess.likeliest(categories, words)]) for slug, words in told]
    assert sum(found[:1] == [slug] for slug, found in guessed) / len(guessed) >= 0.85
    assert sum(slug in found for slug, found in guessed) / len(guessed) >= 0.95


def test_every_category_but_the_catch_alls_is_told_about(categories):
    assert set(TOLD) == {one.slug for one in categories} - {"other", "other-question"}
    assert set(catalogue.sounds()) <= {one.slug for one in categories}


def test_what_the_desk_has_learnt_stands_first_and_a_catch_all_is_no_guess(categories):
    words = "The thing is odd since the last update and I do not know what to do."
    keys = {one.slug: str(one.pk) for one in categories}
    assert guess.likeliest(categories, words, keys["price-wrong"])[0].slug == "price-wrong"
    assert guess.likeliest(categories, words, keys["other"]) == guess.likeliest(categories, words)


def test_the_page_on_kinds_begins_with_what_is_learnt(categories, client, monkeypatch):
    price = next(one for one in categories if one.slug == "price-wrong")
    heard = FieldSuggestion(field="category", value=str(price.pk), confidence=0.9)
    monkeypatch.setattr(suggesting, "of_words", lambda *_words, **_more: {"category": heard})
    client.post("/report/what/", {"what": "It is odd since the last update and I do not know what to do."})
    page = client.get("/report/kind/").content.decode()
    assert page.split('id="id_category_0" value="')[1].split('"')[0].endswith("price-wrong")
