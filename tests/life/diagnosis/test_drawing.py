"""The error document on paper: who speaks stands with what they said, and messages are told apart at a glance."""

import pytest

from makegood.life.diagnosis import drawing
from makegood.life.diagnosis.sheet import Line, Section, Sheet

SAID = "Hello Ana,\n\nwe look into it.\n\nYou will hear from us by Monday.\n\nDora"


@pytest.fixture
def blocks(monkeypatch):
    """Every block of words as it is drawn: on which page, where it begins and ends, and what it says."""
    found = []
    draw = drawing._Page._block

    def noted(page, words, *rest, **more):
        start = (page.page_no(), page.get_y())
        draw(page, words, *rest, **more)
        found.append((*start, page.page_no(), page.get_y(), words))

    monkeypatch.setattr(drawing._Page, "_block", noted)
    lines = tuple(Line(f"Person {n}", SAID, "Monday") for n in range(40))
    drawing.draw(Sheet("MG-1", "White page", 40, (), "now", (Section("talk", "Conversation", lines),), "en"))
    return found


def test_nobody_s_name_is_left_behind_at_the_foot_of_a_page(blocks):
    pairs = list(zip(blocks, blocks[1:], strict=False))
    names = [(name, said) for name, said in pairs if name[4].startswith("Person")]
    assert len(names) == 40
    assert all(name[0] == said[0] == name[2] for name, said in names)


def test_between_two_messages_is_more_room_than_within_one(blocks):
    gaps = [
        after[1] - before[3]
        for before, after in zip(blocks, blocks[1:], strict=False)
        if after[4].startswith("Person") and before[4] == SAID and after[0] == before[2]
    ]
    assert gaps
    assert min(gaps) >= 4
