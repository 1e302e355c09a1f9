"""Markdown as colleagues write it, into HTML that does nothing but stand there, and into plain words.

Raw HTML is off, links go nowhere but to the web, mail and telephone, and a picture is shown only if the caller knows
it. What comes out is cleaned once more: the renderer decides what is there, the cleaner what may be.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

PICTURE = "picture:"
_TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img", "div", "button"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    "table": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "pre": {"tabindex"},
    "button": {"class", "type", "data-copy", "data-copied"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}

Picture = Callable[[str], str]


@dataclass(frozen=True)
class Words:
    """What the buttons and regions among the text are called, in the reader's language."""

    copy: str = "Copy"
    copied: str = "Copied"
    table: str = "Table"


def render(text: str, *, picture: Picture | None = None, words: Words | None = None, below: int = 2) -> str:
    """``text`` as HTML. ``picture`` gives the address of ``![alt](picture:key)``, empty for one it does not know;
    the largest heading becomes ``<h{below}>``."""
    env = {"picture": picture, "words": words or Words(), "below": below}
    html = _parser().render(text, env)
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener noreferrer"
    )


def plain(text: str) -> str:
    """The words alone, as a message says them: paragraphs apart, lists with their marks or numbers."""
    found, mark = "", ""
    for token in _parser().parse(text):
        if token.type == "list_item_open":
            mark = f"{'  ' * (token.level // 2)}{token.info + token.markup if token.info else '-'} "
        elif token.type in ("inline", "fence", "code_block"):
            said = _said(token) if token.type == "inline" else token.content.rstrip()
            if said.strip():
                is_in_list = token.level > 1
                between = "\n" if mark and is_in_list and _ends_in_list(found) else "\n\n"
                found += (between if found else "") + mark + said
                mark = ""
    return found


def _ends_in_list(text: str) -> bool:
    """Whether the last line belongs to a list, so that the next item follows at once."""
    last = text.rpartition("\n")[2].lstrip()
    return last.startswith("- ") or last.partition(" ")[0].rstrip(".)").isdecimal()


def pictures(text: str) -> list[str]:
    """The keys of the pictures ``text`` shows, in order, each once."""
    found = (
        str(child.attrs.get("src", ""))
        for token in _parser().parse(text)
        for child in token.children or ()
        if child.type == "image"
    )
    return list(dict.fromkeys(source.removeprefix(PICTURE) for source in found if source.startswith(PICTURE)))


def _said(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


@lru_cache(1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["table", "strikethrough", "linkify"])
    # Addresses written out are links, words that merely look like a host are not.
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    parser.validateLink = lambda url: url.startswith(PICTURE) or url.partition(":")[0].lower() in _SCHEMES  # type: ignore[method-assign]
    for name in ("fence", "code_block"):
        parser.add_render_rule(name, _code)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("th_open", lambda *_: '<th scope="col">')
    parser.add_render_rule("td_open", lambda *_: "<td>")
    return parser


Env = MutableMapping[str, Any]


def _code(_self: Any, tokens: list[Token], place: int, _options: Any, env: Env) -> str:
    code = tokens[place].content.rstrip("\n")
    copy, copied = escape(env["words"].copy), escape(env["words"].copied)
    data = f'data-copy="{escape(code)}" data-copied="{copied}"'
    button = f'<button class="btn btn--small" type="button" {data}>{copy}</button>'
    return f'<div class="code"><pre tabindex="0"><code>{escape(code)}</code></pre>{button}</div>\n'


def _image(_self: Any, tokens: list[Token], place: int, _options: Any, env: Env) -> str:
    token = tokens[place]
    source, alt = str(token.attrs.get("src", "")), escape(token.content)
    known = env["picture"]
    address = known(source.removeprefix(PICTURE)) if known and source.startswith(PICTURE) else ""
    return f'<img src="{escape(address)}" alt="{alt}" loading="lazy">' if address else alt


def _heading(_self: Any, tokens: list[Token], place: int, _options: Any, env: Env) -> str:
    token = tokens[place]
    level = min(6, int(token.tag[1]) + env["below"] - 1)
    return f"<h{level}>" if token.nesting == 1 else f"</h{level}>\n"


def _table_open(_self: Any, _tokens: list[Token], _place: int, _options: Any, env: Env) -> str:
    name = escape(env["words"].table)
    return f'<div class="table-wrap" tabindex="0" role="region" aria-label="{name}"><table class="table">\n'


def _table_close(*_parts: Any) -> str:
    return "</table></div>\n"
