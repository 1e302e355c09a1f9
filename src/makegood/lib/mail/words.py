"""What a mail says: all of it, what is new, and what was forwarded with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from makegood.lib.mail.forwarded import forwarded_of
from makegood.lib.mail.gathering import Shown
from makegood.lib.mail.markup import MARKS, to_marked_text
from makegood.lib.mail.parsed import Forwarded
from makegood.lib.mail.phrases import FORWARD_SUBJECT
from makegood.lib.mail.quotes import Judged, judge
from makegood.lib.mail.readable import says_little, text_of, tidy

# Where programs say in their HTML what is quoted, the HTML may know better than the text beside it.
_TELLING = re.compile(
    r"blockquote|gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|gmx_quote|name=\"quote\"|moz-cite|border-top:solid"
    r"|mail-editor-reference|protonmail_quote|OutlookMessageHeader|signature",
    re.IGNORECASE,
)
_SAME = re.compile(r"[\W_]+")
MOST_HTML = 2_000_000


@dataclass(frozen=True)
class Words:
    body: str
    full_text: str
    forwarded: Forwarded | None


def words_in(shown: Sequence[Shown], *, subject: str, inner: Forwarded | None) -> Words:
    """The words at all places of a mail. ``inner`` is a mail that came as a part of it."""
    full = text_of(shown)
    judged = _judged(shown, subject)
    forwarded = (forwarded_of(judged.forwarded) if judged.forwarded else None) or inner
    if inner is None or inner.body in full:
        return Words(judged.body, full, forwarded)
    whole = f"{full}\n\n{_told(inner)}".strip()
    if not judged.body:
        return Words(inner.body, whole, forwarded)
    is_forward = FORWARD_SUBJECT.match(subject)
    return Words(f"{judged.body}\n\n{_told(inner)}" if is_forward else judged.body, whole, forwarded)


def _told(mail: Forwarded) -> str:
    """A mail that came as a part of another, as programs write it within the words."""
    name = f"{mail.sender.name} <{mail.sender.email}>" if mail.sender.name else mail.sender.email
    return f"From: {name}\nSubject: {mail.subject}\n\n{mail.body}"


def _judged(shown: Sequence[Shown], subject: str) -> Judged:
    """The new words by the text; by the HTML where there is no text or where the HTML knows more to be a quote."""
    by_text = judge(MARKS.sub("", tidy("\n\n".join(_preferred(one) for one in shown))), subject=subject)
    if all(not one.html for one in shown):
        return by_text
    has_text = all(not one.html or not says_little(one.text, one.html) for one in shown)
    if has_text and not any(_TELLING.search(one.html[:MOST_HTML]) for one in shown):
        return by_text
    marked = tidy("\n\n".join(to_marked_text(one.html) if one.html else one.text for one in shown))
    by_html = judge(marked, subject=subject)
    if not has_text:
        return by_html
    return by_html if _is_shorter_start(by_html.body, by_text.body) else by_text


def _preferred(one: Shown) -> str:
    return one.text if not one.html or not says_little(one.text, one.html) else ""


def _is_shorter_start(short: str, long: str) -> bool:
    """Whether ``short`` says the same as ``long`` up to where it ends, and ends earlier."""
    a, b = _SAME.sub("", short), _SAME.sub("", long)
    return bool(a) and len(a) < len(b) and b.startswith(a)
