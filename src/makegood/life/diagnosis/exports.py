"""The error document on its way out: Markdown, JSON and PDF, all from one snapshot, all under limits."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils.translation import override

from makegood.life.diagnosis.sheet import Line, Sheet, lay_out, one_line, summary

# Nothing ever defines a reference, so of links only those with their address, and definitions, can be meant.
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|[`*_]|~{2,}|<(?=[A-Za-z/!?])|\](?=[(:])"
    r"|&(?=#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z\d]{1,31};)"
)
# A numbered point (its number), or a heading, a point, a quotation, a line under a heading or across the page.
_BEGINS = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|=+$|_(?:\s+_)+$))")
_FRAME = re.compile(r"(?<= )#+$")
_OF_A_RULE = frozenset("-:| \t")


def to_json(snapshot: Mapping[str, Any]) -> str:
    """The snapshot itself; ``schema`` and ``version`` say how to read it."""
    return json.dumps(snapshot, ensure_ascii=False, indent=2)


def to_markdown(snapshot: Mapping[str, Any], *, language: str, zone: ZoneInfo) -> str:
    """CommonMark. Words of people stand in block quotes, escaped, so that they cannot pose as headings or links."""
    return written(lay_out(snapshot, language=language, zone=zone))


def written(sheet: Sheet) -> str:
    """Any sheet as CommonMark."""
    with override(sheet.language):
        heading = f"{sheet.heading and sheet.heading + ' '}{sheet.number}: {sheet.title}"
        parts = [_heading("#", heading), _row(summary(sheet))]
    for section in sheet.sections:
        parts.append(_heading("##", section.title))
        parts += [_markdown_line(line) for line in section.lines] or [f"_{section.empty}_"]
    return "\n\n".join(parts) + "\n"


def to_pdf(snapshot: Mapping[str, Any], *, language: str, zone: ZoneInfo) -> bytes:
    """An A4 document with its fonts inside. Loads what draws only now: that takes a seventh of a start."""
    return printed(lay_out(snapshot, language=language, zone=zone))


def printed(sheet: Sheet) -> bytes:
    """Any sheet as an A4 document."""
    drawing = importlib.import_module("makegood.life.diagnosis.drawing")
    return cast(bytes, drawing.draw(sheet))


def _markdown_line(line: Line) -> str:
    label = f"**{_escaped(one_line(line.label))}**"
    aside = f" ({_escaped(one_line(line.aside))})" if line.aside else ""
    if len(line.words) < 200 and len(line.words.splitlines()) < 2:
        return f"{label}: {_escaped(line.words.strip())}{aside}"
    quoted = "\n".join(f"> {_row(row)}".rstrip() for row in line.words.splitlines())
    return f"{label}{aside}\n\n{quoted}"


def _heading(marks: str, words: str) -> str:
    """Signs at the end of a heading would be taken for its frame."""
    return f"{marks} " + _FRAME.sub(r"\\\g<0>", _escaped(one_line(words)))


def _row(row: str) -> str:
    """A line of its own: also what counts at its beginning alone is escaped. Kept deep, it would become code."""
    body = row.strip()
    depth = len(row[: len(row) - len(row.lstrip())].expandtabs(4))
    if depth > 3:
        return "\u00a0" * depth + _escaped(body)
    if set(body) <= _OF_A_RULE and "-" in body:
        return body.replace("-", "\\-", 1)
    return _BEGINS.sub(lambda m: f"{m[1]}\\" if m[1] else f"\\{m[2]}", _escaped(body))


def _escaped(words: str) -> str:
    """``words`` so that CommonMark shows just them: a sign is escaped only where it would be read as markup."""

    def sign(match: re.Match[str]) -> str:
        found, at, end = match[0], match.start(), match.end()
        before, after = words[max(0, at - 1) : at], words[end : end + 1]
        if found in "*_" and not before.strip() and not after.strip():
            return found
        if found == "_" and before.isalnum() and after.isalnum():
            return found
        return "".join(f"\\{one}" for one in found)

    return _INLINE.sub(sign, words)
