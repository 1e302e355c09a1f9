"""A list of words one can read: what is found, what is not, and that the answer says why."""

import pytest

from makegood.life.aftercare import hostility, terms

LISTS = {"en": ["useless", "lawyer*", "waste of time"], "de": ["anwalt*", "saftladen"]}


@pytest.mark.parametrize(
    ("said", "language", "words"),
    [
        ("This is USELESS!", "en", ["useless"]),
        ("My lawyers will write. What a waste\nof   time.", "en", ["lawyer*", "waste of time"]),
        ("Uselessness is another word.", "en", []),
        ("It is of use.", "en", []),
        ("Ich gehe zum Anwaltsbüro, Saftladen.", "de-DE", ["anwalt*", "saftladen"]),
        ("useless", "de", []),
        ("useless", "fr", []),
        ("", "en", []),
    ],
)
def test_the_words_of_the_readers_language_are_found(said, language, words):
    assert hostility.found(said, LISTS, language) == words


def test_what_is_typed_becomes_a_list():
    assert hostility.tidied(" Useless \n\nuseless\n*\n  waste   of time") == ["useless", "waste of time"]


def test_an_entry_is_words_and_never_a_pattern():
    assert hostility.found("a+b", {"en": [".*", "a+b", "("]}, "en") == ["a+b"]


def test_what_ships_is_a_list_for_both_languages_that_leaves_thanks_alone():
    shipped = terms.shipped_words()
    assert min(len(shipped[language]) for language in ("en", "de")) >= 20
    assert hostility.found("Thank you, quick and friendly. All is well now.", shipped, "en") == []
    assert hostility.found("Danke, schnell und freundlich. Jetzt geht alles.", shipped, "de") == []


def test_terms_are_superseded_and_said_why(cast, monday):
    with pytest.raises(terms.BadTerms):
        terms.change(terms.Terms(), by=cast.emil.actor, at=monday, reason=" ")
    with pytest.raises(terms.BadTerms):
        terms.change(terms.Terms(after_hours=9999), by=cast.emil.actor, at=monday, reason="Later.")
    with pytest.raises(terms.BadTerms):
        terms.change(terms.Terms(words={"en": ("x" * 100,)}), by=cast.emil.actor, at=monday, reason="More.")
    terms.change(terms.Terms(asks_effort=False, words={"en": ("meh",)}), by=cast.emil.actor, at=monday, reason="Less.")
    assert terms.at_present(monday).words == {"en": ("meh",)}
    assert not terms.at_present(monday).asks_effort
