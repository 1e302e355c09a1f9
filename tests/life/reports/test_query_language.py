"""The language of queries: what is read, what is refused with a sentence, and that nothing breaks it."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from makegood.engine.search import Wanted
from makegood.engine.search.words import phrase
from makegood.life.reports.query_language import ALIASES, FIELDS, parse, written
from makegood.life.reports.spans import days


def told(text):
    return [hint.text for hint in parse(text).hints]


def test_words_phrases_and_what_must_not_occur():
    query = parse('upload "error 500" -login -"white page" state:open pay')
    assert [(said.text, said.is_negated) for said in query.words] == [
        ("upload", False),
        ("error 500", False),
        ("login", True),
        ("white page", True),
        ("pay", False),
    ]
    assert not query.hints
    assert query.wanted == Wanted.made(
        [[phrase("upload")], [phrase("error 500")], [phrase("pay", goes_on=True)]],
        [phrase("login"), phrase("white page")],
    )


@pytest.mark.parametrize(
    ("text", "goes_on"), [("pay", True), ("pay*", True), ('"pay"', False), ("p", False), ("pay.", False)]
)
def test_the_last_word_may_go_on_and_so_may_one_with_a_star(text, goes_on):
    assert parse(text).wanted.groups[0][0].goes_on is goes_on


def test_either_of_several_will_do():
    query = parse('logout OR "log out" OR sign-out state:any')
    assert [one.words for one in query.wanted.groups[0]] == [("logout",), ("log", "out"), ("sign", "out")]
    assert not query.hints


@pytest.mark.parametrize(
    "text", ["OR", "OR upload", "upload OR", "upload OR state:open", "upload OR -login", "-a OR b"]
)
def test_an_or_without_two_sides_gets_a_sentence(text):
    assert "stands between two words" in told(text)[0]


def test_a_lone_sign_is_left_out_with_a_sentence_and_the_rest_is_looked_for():
    query = parse("upload - fails ***")
    assert [said.text for said in query.words] == ["upload", "fails"]
    assert len(query.hints) == 2
    assert "no letter or digit" in query.hints[0].text


@pytest.mark.parametrize("text", ["in:report", "type:reports", "in:message", "in:files,people", "in:notes"])
def test_one_may_say_where_to_look(text):
    assert parse(text).of("in")
    assert not told(text)


@pytest.mark.parametrize(
    ("text", "first", "behind"),
    [
        ("2026-11-03", date(2026, 11, 3), date(2026, 11, 4)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("today", date(2026, 11, 29), date(2026, 11, 30)),
        ("yesterday", date(2026, 11, 28), date(2026, 11, 29)),
        ("2026-11-01..2026-11-30", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-11..", date(2026, 11, 1), None),
        ("..yesterday", None, date(2026, 11, 29)),
    ],
)
def test_days_can_be_named_in_many_ways(text, first, behind):
    assert days(text, today=date(2026, 11, 29)) == (first, behind)
    assert not told(f"received:{text}")


@pytest.mark.parametrize(
    "text",
    [
        "received:2026-02-30",
        "received:soon",
        "received:..",
        "received:2026-12..2026-11",
        "received:>2026-01..2026-02",
        "received:1..2..3",
        "age:1d..soon",
        "complete:20..a",
        "severity:low..awful",
        "in:cellar",
        "in:>files",
        "assignee:<me",
        "received:",
    ],
)
def test_every_slip_gets_one_plain_sentence(text):
    said = told(text)
    assert len(said) == 1
    assert said[0].endswith(".")
    assert not parse(text).terms


PIECES = st.one_of(
    st.sampled_from(
        ["OR", "-", '"', ":", "..", "state:open", "-label:vip", 'contact:"Ana A"', "received:2026-11..", "*"]
    ),
    st.builds("{}:{}".format, st.sampled_from([*FIELDS, *ALIASES, "x"]), st.text(max_size=12)),
    st.text(max_size=12),
)


@given(st.lists(PIECES, max_size=8).map(" ".join))
@example('-"a b" c:"d e" --f')
def test_nothing_breaks_the_reader_and_what_it_read_can_be_written_and_read_again(text):
    first = parse(text)
    again = parse(written(first)) if len(written(first)) <= 400 else first

    def told_apart(query):
        terms = [(one.field, one.op, one.values, one.is_negated) for one in query.terms]
        return terms, [(one.options, one.is_negated) for one in query.words]

    assert told_apart(again) == told_apart(first)
    assert all(len(hint.text) > 10 for hint in first.hints)


def test_what_goes_on_too_long_is_said_and_the_beginning_looked_for():
    assert told("upload " * 50) == []
    [words] = told("upload " * 100)
    assert "400" in words
    assert len(parse("upload " * 100).words) == 58
