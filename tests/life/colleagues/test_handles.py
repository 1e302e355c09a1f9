"""Whom a text calls: handles, never addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.life.colleagues import handles


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@eve-eriksen please look", ["eve-eriksen"]),
        ("(@Eve-Eriksen, @portal-platform)", ["eve-eriksen", "portal-platform"]),
        ("Write to dora@desk.example", []),
        ("https://example.org/@eve", []),
        ("@eve and @eve again", ["eve"]),
        ("@ nobody, @-x, x@y", []),
        ("Ask @müller.", ["müller"]),
        ("@eve's and @eve.", ["eve"]),
        ("\n@eve\n@cem", ["eve", "cem"]),
    ],
)
def test_handles_in_a_text(text, found):
    assert handles.found(text) == found


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Eve Eriksen", "eve-eriksen"),
        ("Zoë de Vries", "zoe-de-vries"),
        ("  ", ""),
        ("李", ""),
        ("A.B. O'Neill", "a-b-o-neill"),
    ],
)
def test_handles_of_names(name, handle):
    assert handles.of(name) == handle


@given(st.text())
def test_a_name_is_found_by_its_handle(name):
    handle = handles.of(name)
    if handle:
        assert handles.found(f"Hello @{handle}, please.") == [handle]
