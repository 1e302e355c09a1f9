"""Finding by words."""

import pytest

from makegood.engine import search
from makegood.engine.search import words

pytestmark = pytest.mark.django_db


def refs(text, **options):
    return [hit.ref for hit in search.find(text, **options)]


@pytest.fixture
def library():
    search.index("report", 1, title="Upload fails", body="The picture of the prescription is refused")
    search.index("report", 2, title="Seite lädt nicht", body="Die Übersicht bleibt leer, mail an ana@example.org")
    search.index("report", 3, title="Upload slow", body="It takes a minute")


def test_newest_comes_first_and_all_words_must_occur(library):
    assert refs("upload") == [3, 1]
    assert refs("upload minute") == [3]
    assert refs("upload nothing") == []


def test_the_last_word_may_go_on_but_not_one_followed_by_a_space(library):
    assert refs("upl") == [3, 1]
    assert refs("upl ") == []


@pytest.mark.parametrize(
    "typed", ['"', "*", "a AND", "NEAR(", "title:x", "'; DROP TABLE x; --", "()", "", "   ", "\\", "!&|", "x:*", "\x00"]
)
def test_nothing_a_person_types_breaks_the_query(library, typed):
    assert refs(typed) == []


def test_parts_of_addresses_and_umlauts_are_found(library):
    assert refs("ana example") == [2]
    assert refs("übersicht") == [2]


def test_changed_words_replace_the_old_ones_and_keep_their_place(library):
    assert search.index("report", 1, title="Login fails", body="")
    assert refs("prescription ") == []
    assert refs("fails") == [1]
    assert not search.index("report", 1, title="Login fails", body="")


def test_what_is_removed_is_not_found_and_the_index_can_be_rebuilt(library):
    assert search.remove("report", 3)
    assert refs("upload") == [1]
    with search.rebuilding():
        search.add_many("report", [(4, "Another upload", "")])
    assert refs("upload") == [4, 1]
    with search.rebuilding():
        search.forget("report")
        search.add_many("report", [(1, "The only upload", "")])
    assert refs("upload") == [1]


def test_only_what_the_seeker_may_see_is_returned(library):
    assert refs("upload", visible=lambda some: {ref for ref in some if ref == 1}) == [1]


def test_pages_go_on_where_the_last_one_ended(library):
    first = search.find("upload", limit=1)
    assert [hit.ref for hit in search.find("upload", limit=1, before=first[0].place)] == [1]


def test_an_excerpt_shows_the_word_in_its_surroundings():
    assert words.excerpt("x" * 100 + " the upload failed", "upload", around=5) == [
        ("…the ", False),
        ("upload", True),
        (" fail…", False),
    ]
