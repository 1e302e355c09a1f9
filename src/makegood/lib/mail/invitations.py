"""One readable line about a calendar part (RFC 5545). The file itself stays an attachment."""

from __future__ import annotations

import re

_LINE = re.compile(r"(?im)^([A-Z-]{3,40})((?:;[^:\n]{0,300})?):(.{0,2000})$")
_WORDS = {"REQUEST": "Invitation", "CANCEL": "Cancelled", "REPLY": "Answer to an invitation", "PUBLISH": "Event"}


def line_of(text: str) -> str:
    """What the first event or task says: kind, summary, beginning, place. Empty if there is none."""
    text = re.sub(r"\r?\n[ \t]", "", text[:100_000])
    head, found, body = text.partition("BEGIN:VEVENT")
    if not found:
        head, found, body = text.partition("BEGIN:VTODO")
    values: dict[str, str] = {}
    for match in _LINE.finditer(body.partition("\nEND:V")[0] if found else ""):
        values.setdefault(match[1].upper(), _plain(match[3]))
    method = next((m[3].strip().upper() for m in _LINE.finditer(head) if m[1].upper() == "METHOD"), "")
    summary, begins = values.get("SUMMARY", ""), _moment(values.get("DTSTART", ""))
    if not summary and not begins:
        return ""
    pieces = [summary, begins, values.get("LOCATION", "")]
    return f"{_WORDS.get(method, 'Event')}: " + ", ".join(piece for piece in pieces if piece)


def _plain(value: str) -> str:
    value = value.strip().replace("\\n", " ").replace("\\N", " ")
    return re.sub(r"\\([,;\\])", r"\1", value)[:300]


def _moment(value: str) -> str:
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?", value.strip())
    if not match:
        return ""
    year, month, day, hour, minute, zulu = match.groups()
    clock = f" {hour}:{minute}{' UTC' if zulu else ''}" if hour else ""
    return f"{year}-{month}-{day}{clock}"
