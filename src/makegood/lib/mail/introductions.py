"""What stands above the words of others: "On … Ana wrote:", header lines, "Forwarded message", quote marks."""

from __future__ import annotations

import re

from makegood.lib.mail.markup import MARKS, SAYS, SOFT
from makegood.lib.mail.phrases import (
    BEGIN_FORWARDED,
    CLOCK,
    DATE,
    EMAIL,
    FORWARDED,
    LABEL,
    LABEL_KINDS,
    LEADS,
    WROTE,
)

LONGEST_LINE = 400
QUOTED = re.compile(r"[ \t\u00a0]{0,2}>")
_DIGIT = re.compile(r"\d")


def is_quoted(line: str) -> bool:
    return bool(QUOTED.match(line))


def header_block(lines: list[str], at: int) -> dict[str, str]:
    """The labelled lines (From, Sent, To, Subject in any language) from ``at`` on; empty if this is no such block.

    Values may run over to a next line. A sender, a date and one more are needed: people write about mails, too.
    """
    found: dict[str, str] = {}
    last, strange = "", 0
    for line in lines[at : at + 14]:
        kind, value = label_of(line)
        if kind and (kind not in found or kind == "other"):
            found[kind], last, strange = value, kind, 0
        elif not line.strip(" >\t*"):
            if len(found) >= 3:
                break
        elif found and strange < 2 and (last in ("to", "cc", "other") or len(found[last]) > 50):
            found[last] += " " + line.strip()
            strange += 1
        else:
            break
    if not {"from", "date"} <= set(found) or len(set(found) - {"other"}) < 3:
        return {}
    return found


def label_of(line: str) -> tuple[str, str]:
    """Which header a line of a header block names, and its value; empty if none."""
    line = MARKS.sub("", line)
    match = LABEL.fullmatch(line) if len(line) < 2000 else None
    kind = LABEL_KINDS.get(match[1].strip().casefold(), "") if match else ""
    return (kind, match[2].strip(" \t*")) if match and kind else ("", "")


def is_forward_line(line: str) -> bool:
    line = MARKS.sub("", line[:LONGEST_LINE])
    return bool(FORWARDED.fullmatch(line) or BEGIN_FORWARDED.fullmatch(line))


def says_begin(lines: list[str], end: int, *, is_followed: bool | None = None) -> int | None:
    """Where the words that introduce a quote and end at line ``end`` begin; None if line ``end`` ends no such words."""
    line = lines[end]
    if line.startswith(SAYS):
        return _first_marked(lines, end)
    followed = quote_follows(lines, end) if is_followed is None else is_followed
    if not line.rstrip().endswith((":", "：")) and not (followed and (DATE.search(line) or EMAIL.search(line))):
        return None
    found, joined = None, ""
    for begin in range(end, max(-1, end - 4), -1):
        if not lines[begin].strip() or is_quoted(lines[begin]) or len(joined) > LONGEST_LINE:
            break
        joined = f"{lines[begin].strip()} {joined}".strip()
        if says(joined, is_followed=followed):
            found = begin
            if joined.casefold().startswith(LEADS):
                break
    return found


def _first_marked(lines: list[str], end: int) -> int:
    while end > 0 and lines[end - 1].startswith(SAYS):
        end -= 1
    return end


def says(words: str, *, is_followed: bool) -> bool:
    """Whether ``words`` introduce a quote. Without a quote below they must look so beyond doubt."""
    if len(words) > LONGEST_LINE:
        return False
    has_colon = words.endswith((":", "："))
    if not is_followed and not (has_colon and ("@" in words or _DIGIT.search(words))):
        return False
    wrote, date, email = WROTE.search(words), DATE.search(words), EMAIL.search(words)
    if is_followed:
        return bool(
            (wrote and (has_colon or date or email)) or (date and email) or (has_colon and date and CLOCK.search(words))
        )
    if not wrote:
        return bool(date and email and CLOCK.search(words))
    tail = words[wrote.end() :]
    begins = words.casefold().startswith(LEADS) or words[:1].isdigit() or not tail.strip(" :：") or bool(email)
    return bool(begins and (date or email) and len(tail.split()) <= 10)


def quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return is_quoted(following) or following.startswith(SOFT)
