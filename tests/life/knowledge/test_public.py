"""What reporters may read: a word nobody else uses stands in every article they may not see, and is looked for in
everything they can."""

import pytest

from makegood.doors.portal import feeds
from makegood.life.knowledge import actions, lifecycle, public
from makegood.life.knowledge.models import Article
from tests.life.case import work
from tests.life.knowledge.shelf import ADDRESS, ADDRESS_DE, CLAIMS, shown, validated, wording, write

pytestmark = pytest.mark.django_db
SENTINEL = "quokkasecret"


@pytest.fixture
def shelf(cast, monday):
    """One public article with a note, and one of each kind that is not."""
    article = shown(cast, monday)
    actions.set_facts(article, by=cast.dora, at=monday, note=f"address {SENTINEL}")
    texts = {name: f"{words}\n\naddress {SENTINEL}" for name, words in ADDRESS.items()} | {
        "title": f"Address {SENTINEL}"
    }
    write(cast, monday, texts)
    validated(cast, monday, texts)
    for confidence in ("wip", "not_validated", "archived"):
        one = shown(cast, monday, texts)
        Article.objects.filter(pk=one.pk).update(confidence=confidence)
    withdrawn = shown(cast, monday, texts)
    lifecycle.withdraw(withdrawn, by=cast.emil, at=monday)
    work(monday)
    return article


def test_no_draft_and_nothing_internal_is_anywhere(shelf):
    assert Article.objects.count() == 7
    one = public.article("en", wording(shelf).slug, picture="")
    seen = [
        *public.search(f"address {SENTINEL}", "en"),
        *public.search(SENTINEL, "en"),
        *public.suggest(f"my address {SENTINEL} changed", "en"),
        *public.listing("en"),
        *public.newest("en"),
        *public.related(one),
        *public.everything(),
        *one.parts,
        feeds.atom("en"),
        feeds.sitemap(),
    ]
    assert SENTINEL not in str(seen)
    assert {line.id for line in public.search("address", "en")} == {shelf.pk}
    for other in Article.objects.exclude(pk=shelf.pk):
        assert public.article("en", wording(other).slug, picture="") is None
        assert public.by_key(other.key, "en") is None


def test_whole_sentences_find_the_one_that_fits(cast, monday):
    address, claims = shown(cast, monday), shown(cast, monday, CLAIMS)
    assert [line.id for line in public.search("please tell me how i can change my address", "en")][0] == address.pk
    assert [line.id for line in public.search("my claims are blank, only white", "en")] == [claims.pk]
    assert [line.id for line in public.search("changing addresses", "en")] == [address.pk]
    assert public.search("the zebra in the fridge", "en") == []
    assert public.search("how do i", "en") == []


def test_one_word_of_many_is_a_coincidence(cast, monday):
    shown(cast, monday)
    assert public.suggest("The dentist bill of my grandmother shows another address bar colour", "en") == []


def test_it_is_offered_in_the_language_of_the_reader_where_there_is_one(cast, monday):
    article = shown(cast, monday)
    actions.translate(article, "de", ADDRESS_DE, by=cast.emil, at=monday)
    work(monday)
    (line,) = public.search("Adresse ändern", "de")
    assert (line.language, line.slug) == ("de", "wie-aendere-ich-meine-adresse")
    (line,) = public.search("change address", "de")
    assert line.language == "de"
    shown(cast, monday, CLAIMS)
    (line,) = public.search("claims white", "de")
    assert line.language == "en"


def test_what_did_not_help_is_not_offered_again(cast, monday):
    article = shown(cast, monday)
    assert public.suggest("I moved and my letters go to the old place", "en")
    assert public.suggest("I moved and my letters go to the old place", "en", besides=frozenset({article.key})) == []


def test_three_at_most(cast, monday):
    for number in range(5):
        shown(cast, monday, {**CLAIMS, "title": f"The claims page stays white {number}"})
    assert len(public.suggest("the claims page is white and empty", "en")) == 3
