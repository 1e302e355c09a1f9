"""Exports as Markdown: rendered, they show just the words that were said; nothing else is escaped."""

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from makegood.life.diagnosis import exports
from makegood.life.diagnosis.sheet import Line, Section, Sheet

SIGNS = st.text(st.sampled_from("ab1 \\`*_{}[]()#+-.!|<>~&;:=/\"'\tä\n"), max_size=60)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PLAIN = frozenset({"text", "softbreak", "strong_open", "strong_close"})
BLOCKS = frozenset({"heading", "paragraph", "blockquote", "inline"})


def shown(markdown):
    """What a reader of ``markdown`` sees, without its blanks; and the kinds of everything that is no plain text."""
    blocks = PARSER.parse(markdown)
    inner = [one for block in blocks for one in block.children or ()]
    others = {one.type for one in inner} - PLAIN
    others |= {kind for one in blocks if (kind := one.type.removesuffix("_open").removesuffix("_close")) not in BLOCKS}
    return "".join("".join(one.content for one in inner).split()), others


def sheet(title, label, words, aside):
    section = Section("s", "Facts", (Line(label, words, aside),))
    return Sheet("MG-1", title, None, (), "", (section,), "en", standing="As of now.")


@given(SIGNS, SIGNS, SIGNS)
@example("(MEZ)", "C:\\dir, a_b, 2 * 3, [x], 5 > 4", "1 + 1! {ok} #7 - yes~")
@example("a ##", "    code *a*\n\n---\n| a |\n|---|", "")
@example("", "text\n===\n- - -\n+\n1) one\n[a]: /b\n[c](d)\n~~~\n&amp;<b>", "")
def test_markdown_shows_just_the_words(title, words, aside):
    title, aside = title.strip(), aside.strip()
    written = exports.written(sheet(title, "What happened", words, aside))
    told = f"MG-1: {title} As of now. Facts What happened"
    one_line = len(words) < 200 and len(words.splitlines()) < 2
    told += f": {words}" if one_line else ""
    told += f"({aside})" if aside else ""
    told += "" if one_line else words
    assert shown(written) == ("".join(told.split()), set())


def test_what_no_reader_takes_for_markup_stays_as_it_was_typed():
    words = "Um 9:15 (MEZ) bei user_name + 2 * 3 = 6, siehe [1], <3 & mehr! C:\\temp {a} #7 ~5 min"
    assert words in exports.written(sheet("Title (MEZ)", "What", words, ""))
