"""What blames a person, and what only sounds like it."""

import pytest

from makegood.life.rca import blame

NAMES = ("Eve Eriksen", "Emil Ek", "Will Rose")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Human error", "Human error"),
        ("It was an operator's mistake", "operator's mistake"),
        ("User error on the form", "User error"),
        ("Somebody forgot to renew it", "Somebody forgot"),
        ("Menschliches Versagen bei der Umstellung", "Menschliches Versagen"),
        ("Ein Bedienfehler", "Bedienfehler"),
        ("Eve Eriksen changed the target", "Eve Eriksen"),
        ("Eve did not read the note", "Eve"),
        ("the change that Eriksen made", "Eriksen"),
    ],
)
def test_a_person_is_blamed(words, found):
    assert blame.found_in(words, NAMES) == found


@pytest.mark.parametrize(
    "words",
    [
        "The evening run took the old file",
        "The queue rose and will rise again",
        "The form takes an empty date",
        "Errors are not shown to the user",
        "No second pair of eyes is asked for",
        "An error of 4 percent",
    ],
)
def test_a_cause_is_named(words):
    assert blame.found_in(words, NAMES) == ""
