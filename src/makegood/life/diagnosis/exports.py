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

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~&])")


def to_json(snapshot: Mapping[str, Any]) -> str:
    """The snapshot itself; ``schema`` and ``version`` say how to read it."""
    return json.dumps(snapshot, ensure_ascii=False, indent=2)


def to_markdown(snapshot: Mapping[str, Any], *, language: str, zone: ZoneInfo) -> str:
    """CommonMark. Words of people stand in block quotes, escaped, so that they cannot pose as headings or links."""
    return written(lay_out(snapshot, language=language, zone=zone))


def written(sheet: Sheet) -> str:
    """Any sheet as CommonMark."""
    with override(sheet.language):
        parts = [
            f"# {sheet.heading and sheet.heading + ' '}{sheet.number}: {_escaped(one_line(sheet.title))}",
            summary(sheet),
        ]
    for section in sheet.sections:
        parts.append(f"## {section.title}")
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
        return f"{label}: {_escaped(line.words)}{aside}"
    quoted = "\n".join(f"> {_escaped(row)}".rstrip() for row in line.words.splitlines())
    return f"{label}{aside}\n\n{quoted}"


def _escaped(words: str) -> str:
    words = _MARKDOWN.sub(r"\\\1", words)
    return re.sub(
        r"(?m)^([ \t]{0,40}\d{1,9})\.(?=\s|$)|^([ \t]{0,40})(?=[-=])",
        lambda m: f"{m[1]}\\." if m[1] else f"{m[2]}\\",
        words,
    )
