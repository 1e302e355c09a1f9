"""Whoever chose German reads German: no text of the catalogue is left in English on any page, for anybody."""

import ast
import html
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import makegood
from makegood.life.people.models import Agent
from tests.doors import test_crawl
from tests.doors.test_crawl import addresses, enter

world = test_crawl.world
SOURCES = Path(makegood.__file__).parent
CATALOGUE = SOURCES / "locale" / "de" / "LC_MESSAGES" / "django.po"
GAP = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|%%")
SHORT = 12
# The picture book of components is for builders, in English.
BOOK = "/console/style/"
# What is read in the language its address names, whoever reads it.
NAMED_ENGLISH = "/help/en/"
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-toast|data-copied)="([^"]+)"')
# An article in English, marked as such, may stand on a German page.
MARKED_ENGLISH = re.compile(r'<(article|aside|a|span)\b[^>]*\blang="en"[^>]*>.*?</\1>', re.DOTALL)
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def catalogue():
    with CATALOGUE.open("rb") as source:
        return [message for message in read_po(source, locale="de") if message.id]


def english():
    """What must not be read: texts whose German differs; with gaps as patterns, if enough words stand around them."""
    plain, patterns = set(), []
    for message in catalogue():
        pairs = zip(_tuple(message.id), _tuple(message.string), strict=False)
        for source, german in pairs:
            if source == german or "<" in source:
                continue
            if not GAP.search(source):
                plain.add(" ".join(source.split()))
            elif len(GAP.sub("", source)) > SHORT:
                patterns.append(".{1,80}?".join(re.escape(part) for part in GAP.split(" ".join(source.split()))))
    return plain, re.compile("|".join(f"^(?:{pattern})$" for pattern in patterns))


def _tuple(text):
    return text if isinstance(text, (list, tuple)) else (text,)


def read_aloud(page):
    """Everything a page says, by eye and by ear, in pieces."""
    words = re.findall(r'<script id="browser-words"[^>]*>(.*?)</script>', page, re.DOTALL)
    said = [text for block in words for text in json.loads(block).values()]
    said += SPOKEN.findall(page)
    page = MARKED_ENGLISH.sub("\n", page)
    page = re.sub(r"<(script|style|datalist|option|textarea|pre|code)\b.*?</\1>", "\n", page, flags=re.DOTALL)
    said += re.split(r"<[^>]*>", page)
    return {" ".join(html.unescape(text).split()) for text in said} - {""}


@pytest.mark.long
@pytest.mark.parametrize("name", ["nobody", "ana", "ada"])
def test_nothing_english_is_left_on_a_german_page(world, name):
    cast, report, values = world
    Agent.objects.update(language="de")
    client = enter(name, cast, report, headers={"accept-language": "de"})
    plain, patterns = english()
    left, read = {}, set()
    for address in addresses(values):
        answer = client.get(address)
        # What machines' makers read is English, as every programming interface is.
        if (
            address == BOOK
            or address.startswith(("/api/", NAMED_ENGLISH))
            or not answer.headers.get("Content-Type", "").startswith("text/html")
        ):
            continue
        new = read_aloud(answer.content.decode()) - read  # most of a page stands on every page
        left |= {text: address for text in new if text in plain or patterns.match(text)}
        read |= new
    assert not left, "\n".join(f"{address}  {text}" for text, address in sorted(left.items()))


def test_every_text_in_the_code_is_in_the_catalogue():
    """The gatherer overlooks what stands inside an f-string, and a text added after the last ``make messages``."""
    known = {source for message in catalogue() for source in _tuple(message.id)}
    missing = []
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            missing += [(path.name, text) for text in _texts(node) if text not in known]
    assert missing == []


def _texts(node):
    name = getattr(getattr(node, "func", None), "id", "") if isinstance(node, ast.Call) else ""
    if name not in CALLS:
        return
    wanted = node.args[1:] if name.startswith("pg") else node.args[: 2 if name.startswith("ng") else 1]
    yield from (part.value for part in wanted if isinstance(part, ast.Constant) and isinstance(part.value, str))
