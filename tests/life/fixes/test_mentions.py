"""Which of our numbers a text names, and whether it claims to fix them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.life.fixes import mentions


def told(text):
    return [(str(one), one.claims) for one in mentions.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Fixes MG-12",
        "fixes mg-12",
        "FIXED: MG-12",
        "Close MG-12.",
        "This resolves  MG-12, at last",
        "A white page (fixes MG-12)",
        "Subject\n\nBody.\n\nFixes: MG-12\n",
        "Fixes [MG-12]",
        "fixing MG-12",
    ],
)
def test_the_usual_ways_of_saying_that_it_is_fixed(text):
    assert told(text) == [("MG-12", True)]


def test_several_numbers_behind_one_verb_are_all_claimed():
    wanted = [("MG-12", True), ("PRB-3", True), ("MG-9", True)]
    assert told("Fixes MG-12, PRB-3 and MG-9: one cause") == wanted
    assert told("fix MG-12 & PRB-3; MG-9") == wanted


@pytest.mark.parametrize(
    "text", ["MG-12: white page", "See MG-12", "Part of MG-12", "Does not fix MG-12", "doesn't fix MG-12"]
)
def test_a_number_that_is_only_named_is_no_claim(text):
    assert told(text) == [("MG-12", False)]


@pytest.mark.parametrize("text", ["Fixes #12", "IMG-12", "X-MG-12", "MG-0", "MG-", "MG-12a", "AMG-12", "fix it", ""])
def test_other_peoples_numbers_are_not_ours(text):
    assert told(text) == []


def test_a_claim_does_not_reach_past_other_words():
    assert told("Fixes MG-1 as seen in MG-2") == [("MG-1", True), ("MG-2", False)]


def test_a_claim_anywhere_counts_and_each_is_found_once():
    assert told("MG-1: white page\n\nFixes MG-1") == [("MG-1", True)]


def test_what_is_taken_back_claims_nothing():
    text = 'Revert "Fixes MG-12: white page"\n\nThis reverts commit ' + "a" * 40 + "."
    assert told(text) == [("MG-12", False)]
    assert mentions.reverted(text) == "a" * 40
    assert mentions.reverted("Fixes MG-12") == ""


@pytest.mark.parametrize("branch", ["fix/mg-12-white-page", "MG-12", "eve/MG-12_white", "feature/x.mg-12"])
def test_a_branch_names_but_never_claims(branch):
    assert [(str(one), one.claims) for one in mentions.in_branch(branch)] == [("MG-12", False)]


@pytest.mark.parametrize(
    ("version", "is_early"),
    [
        ("v2.0-rc1", True),
        ("v1.0.0preview2", True),
        ("predict-1", False),
        ("v2.0-rc.1", True),
        ("3.1.0-beta", True),
        ("nightly", True),
        ("v2.0", False),
        ("3.1.0b2", True),
        ("3.1a1", True),
        ("3.1.0c2.post1", True),
        ("3.1.0-next.4", True),
        ("1.0.2k", False),
        ("3.1.0-hotfix1", False),
    ],
)
def test_a_version_says_by_its_name_that_it_comes_before_a_release(version, is_early):
    assert mentions.is_before_a_release(version) is is_early


@given(st.text(alphabet="MGPRBmgfixes -#,:and0123456789()\n", max_size=400))
def test_any_text_is_read_and_numbers_are_found_once(text):
    found = mentions.find(text)
    assert len({(one.kind, one.number) for one in found}) == len(found) <= mentions.MOST


def test_a_long_text_costs_little():
    assert len(mentions.find("Fixes " + "MG-1, " * 100_000)) == 1
    assert len(mentions.find("fixes " * 100_000)) == 0
