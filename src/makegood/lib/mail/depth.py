"""How deep HTML is nested, told from its tags alone, before anything reads it as a tree."""

from __future__ import annotations

import html as entities
import re

from makegood.lib.mail.charsets import clean

# The time of parsers grows with depth times tags; beyond this the tags are only cut out or shown.
MOST_DEPTH, MOST_WORK = 1000, 8_000_000
_VOID = {"br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "base", "embed", "source", "track", "o:p"}
_CLOSES_ITSELF = {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "html", "body", "head"}
_SILENT = {"head", "style", "script", "title", "template", "svg", "math", "object", "select", "iframe"}
_BREAKS = {"br", "p", "div", "tr", "li", "table", "ul", "ol", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
_NAME = re.compile(r"/?[a-zA-Z0-9]*")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")


def is_wild(html: str) -> bool:
    """Whether ``html`` is nested so deeply that reading it as a tree would take seconds."""
    if html.count("<") < 800:
        return False
    depth = deepest = tags = 0
    for closing, name in _TAG.findall(html):
        tags += 1
        if name.lower() in _VOID or name.lower() in _CLOSES_ITSELF:
            continue
        depth += -1 if closing and depth else 0 if closing else 1
        deepest = max(deepest, depth)
    return deepest > MOST_DEPTH or deepest * tags > MOST_WORK


def without_tags(html: str) -> str:
    """The words between the tags, read once from left to right; what is within scripts and styles is left out."""
    first, *pieces = html.split("<")
    words, silent = [first], ""
    for piece in pieces:
        tag, closed, said = piece.partition(">")
        name = tag[: _NAME.match(tag).end()].lower()  # type: ignore[union-attr]
        if silent and name != f"/{silent}":
            continue
        silent = name if name in _SILENT else ""
        if name.strip("/") in _BREAKS:
            words.append("\n")
        if not silent and closed:
            words.append(said)
    return clean(entities.unescape("".join(words))).strip()
