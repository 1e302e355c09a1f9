"""Markdown shows what it says and does nothing: no tag of a stranger's, web addresses and known pictures only."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from makegood.lib import markup

NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](https://evil.example/p.gif)",
    "![a](picture:unknown)",
    '[a](https://x.example "onclick=1")',
    "<https://x.example/<script>>",
    "<style>*{}</style>",
    "[a]: javascript:alert(1)\n\n[a]",
)


@pytest.mark.parametrize("text", NASTY)
def test_nothing_runs_and_nothing_is_fetched(text):
    html = markup.render(text, picture=lambda key: "")
    assert not re.search(r"<(script|style|img|iframe)|<[^>]*\son\w+=", html)
    assert 'href="javascript' not in html
    assert 'href="data' not in html


@given(some.text(max_size=400))
def test_whatever_is_typed_has_only_tags_we_know(text):
    html = markup.render(text, picture=lambda key: "/p/")
    tags = set(re.findall(r"</?([a-z0-9]+)", html))
    assert tags <= markup._TAGS | {"code"}


def test_a_picture_of_ours_is_shown_and_code_can_be_copied():
    html = markup.render('![A screen](picture:abc)\n\n```\nx < "y"\n```', picture=lambda key: f"/pictures/{key}/")
    assert '<img src="/pictures/abc/" alt="A screen" loading="lazy">' in html
    assert 'data-copy="x &lt; &quot;y&quot;"' in html


def test_headings_begin_below_those_of_the_page():
    assert markup.render("# a\n\n## b", below=3) == "<h3>a</h3>\n<h4>b</h4>\n"


def test_the_words_alone_keep_paragraphs_and_lists():
    text = "Do **this**:\n\n1. one\n2. two\n   - in it\n\nThen *that*."
    assert markup.plain(text) == "Do this:\n\n1. one\n2. two\n  - in it\n\nThen that."


def test_which_pictures_a_text_shows():
    assert markup.pictures("![a](picture:k1) ![b](https://x/y.png)\n\n![a](picture:k1)") == ["k1"]
