"""What has a shape, and the names one knows, are blotted out; what a fault is told by stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from makegood.life.knowledge.masking import mask


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("write to ana.alvarez@example.org please", "write to [mail] please"),
        ("call +49 170 1234567 now", "call [number] now"),
        ("member FH-2210934", "member [number]"),
        ("IBAN DE44 5001 0517 5407 3249 31.", "IBAN [number]."),
        ("see https://x.example/r/secret?t=1 here", "see [link] here"),
        ("born 12.03.1984", "born [number]"),
        ("error 500 since 2026", "error 500 since 2026"),
        ("release 4.18.12 and v3.2", "release 4.18.12 and v3.2"),
        ("reference 7F2A", "reference 7F2A"),
    ],
)
def test_shapes(words, kept):
    assert mask(words) == kept


def test_names_and_their_parts_whatever_the_case():
    said = "Ana Alvarez here, ANA's claim; anatomy stays. Li too."
    assert mask(said, names=["Ana Alvarez", "Li"]) == "[name] here, [name] claim; anatomy stays. Li too."


@given(some.text(max_size=300))
def test_twice_is_once(words):
    assert mask(mask(words)) == mask(words)


@given(some.emails())
def test_no_address_is_left(address):
    assert address not in mask(f"mail {address} now")
