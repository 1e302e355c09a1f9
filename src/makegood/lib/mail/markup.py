"""HTML of a mail to words one can read. Where mail programs mark quotes and signatures, the words keep the marks.

Marks are control characters, which no mail can smuggle in since words are cleaned before: at the start of a line,
``CUT`` says "from here on the mail that is answered", ``SAYS`` "this line introduces a quote", ``SIGN`` "part of the
signature", ``SOFT`` "indented, perhaps a quote". Quoted lines start with ``> `` as in plain mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from makegood.lib.mail.charsets import clean
from makegood.lib.mail.depth import is_wild, without_tags

CUT, SAYS, SIGN, SOFT = "\x1e", "\x1f", "\x1d", "\x1c"
MARKS = re.compile(f"[{CUT}{SAYS}{SIGN}{SOFT}]")
MOST = 4_000_000

_SILENT = {"head", "style", "script", "title", "template", "svg", "math", "object", "select", "iframe", "-comment"}
_BLOCK = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li"),
    *("main", "menu", "nav", "ol", "pre", "section", "summary", "table", "tr", "ul", "caption", "legend"),
}
_WITHIN = {"pre", "li", "td", "th", "ul", "ol", "menu"}
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|$|!)|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\n\r\f\u00a0\u2007\u202f]+")
_ORIGINAL_IDS = {"divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container", "OLK_SRC_BODY_SECTION"}
_ORIGINAL_CLASSES = {"OutlookMessageHeader", "ms-outlook-mobile-reference-message", "yahoo_quoted", "gmx_quote"}
_QUOTE_CLASSES = {"gmail_quote", "protonmail_quote", "tutanota_quote", "zmail_extra", "moz-email-quote"}
_SAYS_CLASSES = {"gmail_attr", "moz-cite-prefix", "zmail_extra_hr"}
_SIGN_CLASSES = {"gmail_signature", "moz-signature", "protonmail_signature_block", "tutanota_signature"}
_SIGN_IDS = {
    *("Signature", "AppleMailSignature", "ymail_android_signature", "ms-outlook-mobile-signature"),
    *("composer_signature", "signature-x", "tutanota-signature", "ymail_ios_signature"),
}
_OUTLOOK_RULE = re.compile(r"border:\s*none;\s*border-top:\s*solid\s*#?[a-z0-9]+\s*1(?:\.0)?pt", re.IGNORECASE)


@dataclass
class _Page:
    """The lines written so far, and what the next one is within."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quoted: int = 0
    preserved: int = 0
    marks: list[str] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)

    def say(self, text: str) -> None:
        if self.preserved:
            first, *rest = text.split("\n")
            self.line.append(first)
            for more in rest:
                self.end_line()
                self.line.append(more)
            return
        is_held = "\u00a0" in text
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and (not self.line or self.line[-1].endswith((" ", "\t"))):
            text = text[1:]
        if text or (is_held and not self.line):
            self.line.append(text)

    def end_line(self) -> None:
        text = "".join(self.line)
        self.line = []
        mark = self.marks[-1] if self.marks else ""
        text = text.rstrip()
        self.lines.append((mark if text else "") + ("> " * self.quoted + text).rstrip())

    def close(self) -> None:
        """End the line if one is begun."""
        if self.line:
            self.end_line()

    def space(self) -> None:
        """An empty line, unless one is there."""
        self.close()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.quoted).rstrip())

    def cut(self) -> None:
        self.close()
        self.lines.append(CUT)


def to_text(html: str) -> str:
    """The words of ``html`` without any marks."""
    return MARKS.sub("", to_marked_text(html))


def to_marked_text(html: str) -> str:
    """The words of ``html``, with marks where mail programs said what is quoted or signed."""
    html = clean(html[:MOST])
    if is_wild(html):
        return without_tags(html)
    root = LexborHTMLParser(html).body
    if root is None:
        return ""
    page = _Page()
    _walk(root, page)
    page.close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(page.lines)).strip("\n")


def _walk(root: LexborNode, page: _Page) -> None:
    """Through the tree without recursion: each node is entered, its children are walked, it is left."""
    stack: list[tuple[LexborNode, list[str] | None]] = [(root, None)]
    while stack:
        node, leaving = stack.pop()
        if leaving is not None:
            _leave(node, page, leaving)
            continue
        tag = node.tag or ""
        if tag == "-text":
            page.say(node.text_content or "")
            continue
        if tag in _SILENT:
            continue
        attributes = node.attributes
        if attributes and _is_hidden(attributes):
            continue
        stack.append((node, _enter(node, tag, attributes, page)))
        child = node.last_child
        while child is not None:
            stack.append((child, None))
            child = child.prev


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or bool((style := attributes.get("style")) and _HIDDEN.search(style))


def _enter(node: LexborNode, tag: str, attributes: dict[str, str | None], page: _Page) -> list[str]:
    """Write what stands before the children of ``node``. Returns what is to be undone when it is left."""
    undo: list[str] = []
    if attributes:
        _mark(tag, attributes, page, undo)
    if tag in _SPACED:
        page.space()
    elif tag in _BLOCK:
        page.close()
    if tag == "br":
        page.end_line()
    elif tag == "hr":
        page.space()
    elif tag == "img":
        _picture(attributes, page)
    elif tag == "blockquote":
        _quote(attributes, page, undo)
    elif tag in _WITHIN:
        _enter_within(node, tag, page)
    return undo


def _enter_within(node: LexborNode, tag: str, page: _Page) -> None:
    """What counts for the lines inside: preserved spaces, lists and their items, cells of a table."""
    if tag == "pre":
        page.preserved += 1
    elif tag == "li":
        _item(page)
    elif tag in ("td", "th"):
        if page.line and _is_data(node):
            page.say(" | ")
        else:
            page.close()
    else:
        page.lists.append(1 if tag == "ol" else 0)


def _leave(node: LexborNode, page: _Page, undo: list[str]) -> None:
    tag = node.tag or ""
    if tag == "a":
        _link(node, page)
    if tag in _SPACED:
        page.space()
    elif tag in _BLOCK:
        page.close()
    if tag == "pre":
        page.preserved -= 1
    elif tag in ("ul", "ol", "menu") and page.lists:
        page.lists.pop()
        if not page.lists:
            page.space()
    if undo:
        page.close()
    for what in undo:
        if what == "quote":
            page.quoted -= 1
        else:
            page.marks.pop()


def _mark(tag: str, attributes: dict[str, str | None], page: _Page, undo: list[str]) -> None:
    """Note what a mail program says of this element: a quote, its introduction, the original, a signature."""
    classes, name = set((attributes.get("class") or "").split()), attributes.get("id") or ""
    short = {one.removeprefix("x_") for one in classes}
    name = name.removeprefix("x_")
    style = attributes.get("style") or ""
    is_rule = tag == "div" and "border-top" in style and _OUTLOOK_RULE.search(style)
    if name in _ORIGINAL_IDS or short & _ORIGINAL_CLASSES or attributes.get("name") == "quote" or is_rule:
        page.cut()
    elif short & _SAYS_CLASSES:
        page.close()
        page.marks.append(SAYS)
        undo.append("mark")
    elif short & _SIGN_CLASSES or name in _SIGN_IDS or attributes.get("data-smartmail") == "gmail_signature":
        page.close()
        page.marks.append(SIGN)
        undo.append("mark")


def _quote(attributes: dict[str, str | None], page: _Page, undo: list[str]) -> None:
    """Whether a program made this blockquote to quote, or a person perhaps only to indent."""
    page.space()
    classes = {one.removeprefix("x_") for one in (attributes.get("class") or "").split()}
    if attributes.get("type") == "cite" or "cite" in attributes or classes & _QUOTE_CLASSES or page.quoted:
        page.quoted += 1
        undo.append("quote")
    else:
        page.marks.append(SOFT)
        undo.append("mark")


def _item(page: _Page) -> None:
    depth = "  " * max(0, len(page.lists) - 1)
    if page.lists and page.lists[-1]:
        page.line.append(f"{depth}{page.lists[-1]}. ")
        page.lists[-1] += 1
    else:
        page.line.append(f"{depth}- ")


def _is_data(cell: LexborNode) -> bool:
    """Whether a cell belongs to a table of figures rather than to the layout of a page."""
    parent, inner = cell.parent, cell.child
    while inner is not None:
        if inner.tag in _BLOCK:
            return False
        inner = inner.next
    while parent is not None and parent.tag != "table":
        parent = parent.parent
    return parent is not None and (parent.attributes.get("role") or "") not in ("presentation", "none")


def _picture(attributes: dict[str, str | None], page: _Page) -> None:
    alt = _SPACE.sub(" ", attributes.get("alt") or "").strip()
    if alt and len(alt) < 200:
        page.say(f"[{alt}]")


def _link(node: LexborNode, page: _Page) -> None:
    """The address behind a link, unless the words of the link say it already."""
    href = (node.attributes.get("href") or "").strip()
    if not href.lower().startswith(("http://", "https://")) or len(href) > 2000 or not page.line:
        return
    said = "".join(page.line[-6:])
    bare = re.sub(r"^https?://(?:www\.)?|/$", "", href)
    if bare and bare not in said:
        page.say(f" ({href})")
