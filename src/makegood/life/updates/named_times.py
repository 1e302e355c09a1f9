"""Times named in a message. Pure: finds what a reader would take as our promise and compares it with the clock's.

Careful on purpose: better to miss an odd phrase than to stop an honest one. A time counts only when a word of
promising stands before it (by, until, at the latest, bis, spätestens; or "you will hear from us at"), the sentence is
about us and about the future, and the words are not quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Named:
    """``words`` as written; ``clock`` and ``day`` as far as they were named, in the reader's zone."""

    words: str
    clock: time | None = None
    day: date | None = None

    def agrees(self, promised: datetime) -> bool:
        """Whether somebody who reads the words expects ``promised`` (given in their zone)."""
        if self.clock is not None and self.clock != promised.time().replace(second=0, microsecond=0):
            return False
        return self.day is None or self.day == promised.date()


_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|»[^«\n]*«|«[^»\n]*»|`[^`\n]*`|^>.*$', re.MULTILINE)
_SENTENCE = re.compile(r"(?<!\d\.)(?<!\bp\.m\.)(?<!\ba\.m\.)(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n+")
_WEEKDAYS = {
    name: number
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    )
    for number, name in enumerate(names)
} | {"sonnabend": 5}
_MONTHS = {
    name: n
    for names in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
    )
    for n, name in enumerate(names.split(), 1)
}
_CLOCK = (
    r"(?P<h>[01]?\d|2[0-4])(?:"
    r":(?P<m>[0-5]\d)(?!\d|[.:]\d)(?:\s*Uhr\b)?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"|\.(?P<m2>[0-5]\d)\s*(?:Uhr\b|(?P<half2>[ap])\.?m\b\.?)"
    r"|\s*(?:Uhr\b(?:\s+(?P<m3>[0-5]\d)\b)?|(?P<half3>[ap])\.?m\b\.?)"
    r"|\s*o'clock\b)|(?P<noon>noon|midday)\b"
)
_NEAR = {"today": 0, "tonight": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "übermorgen": 2}
_DAY = (
    r"(?P<near>today|tonight|tomorrow|heute|übermorgen|morgen)(?:\s+(?:abend|mittag|nachmittag|früh|vormittag|evening"
    r"|morning|afternoon|noon))?\b"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})\b"
    r"|(?:(?:the\s+)?(?P<weekday>" + "|".join(_WEEKDAYS) + r")\b,?\s*)?"
    r"(?:(?:the\s+|de[mn]\s+)?(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>" + "|".join(_MONTHS) + r")\b"
    r"|(?:de[mn]\s+)?(?P<day2>[0-3]?\d)\.(?P<month2>[01]?\d)\.(?:(?P<year2>\d{4}|\d{2})\b)?"
    r"|(?P<month4>" + "|".join(_MONTHS) + r")\s+(?P<day4>[0-3]?\d)(?:st|nd|rd|th)?\b)"
    r"(?:,?\s+(?P<year>20\d\d)\b)?"
    r"|(?P<weekday2>" + "|".join(_WEEKDAYS) + r")\b"
)
_BY = re.compile(
    r"\b(?:no later than|at the latest by|at the latest on|at the latest at|latest by|by|until|till|before"
    r"|spätestens(?: bis| um| am)?|bis(?: spätestens)?(?: zum| um| am)?|vor)\s+",
    re.IGNORECASE,
)
_WE_WILL = re.compile(
    r"\b(?:(?:you|we|i)(?:\s+will|'ll|’ll|\s+shall)\b[^.!?\n]{0,60}?\b(?:at|on)"
    r"|(?:next|more)\s+(?:news|update)\b[^.!?\n]{0,40}?(?:\b(?:at|on)|:)"
    r"|(?:melden?\s+(?:wir|ich)\s+uns|(?:wir|ich)\s+melden?\s+(?:uns|mich)|hören\s+sie\s+(?:von\s+uns|wieder)|sie\s+hören"
    r"|(?:wir|ich)\s+(?:rufe|rufen|schreibe|schreiben|informiere|informieren)\s+sie)\b[^.!?\n]{0,50}?\b(?:um|am))\s+",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"\b(?:please|could you|can you|would you|you (?:send|answer|reply|write|let us)|if you|your (?:answer|reply)"
    r"|deadline"
    r"|bitte|können sie|könnten sie|wenn sie|falls sie|ihre antwort|antworten sie|frist"
    r"|was|were|had|has|have been|yesterday|last|ago|happened|occurred|began|started|since|working|opening|open"
    r"|war|waren|hatte|hatten|wurde|wurden|gestern|letzte[nrs]?|seit|zuletzt|geöffnet|erreichbar|öffnungszeiten)\b",
    re.IGNORECASE,
)
# Anywhere in the sentence: what is past, opening hours, what a thing or the reader can do.
_ELSE = re.compile(
    r"\b(?:yesterday|gestern|ago|last (?:week|night)|was|were|wurde|war|erreichbar|geöffnet|can be|may be|you can"
    r"|kann|können sie|gültig|valid)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:,?\s*(?:at|um|by|before|bis)?\s*|\s+(?:on|am)\s+)", re.IGNORECASE)
_CLOCK_AT, _DAY_AT = re.compile(_CLOCK, re.IGNORECASE), re.compile(_DAY, re.IGNORECASE)


def find(text: str, *, now: datetime, zone: ZoneInfo) -> list[Named]:
    """The times ``text`` promises, as someone in ``zone`` reads them at ``now``."""
    unquoted = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    today = now.astimezone(zone).date()
    found: list[Named] = []
    for sentence in _SENTENCE.split(unquoted):
        for named in _in_sentence(sentence or "", today):
            if named not in found:
                found.append(named)
    return found


def disagreeing(text: str, promised: datetime, *, now: datetime, zone: ZoneInfo) -> Named | None:
    """The first time named in ``text`` that is not ``promised``, if there is one."""
    local = promised.astimezone(zone)
    return next((named for named in find(text, now=now, zone=zone) if not named.agrees(local)), None)


def _in_sentence(sentence: str, today: date) -> Iterator[Named]:
    for trigger in (*_BY.finditer(sentence), *_WE_WILL.finditer(sentence)):
        if _NOT_OURS.search(sentence[: trigger.start()]) or _about_something_else(sentence):
            continue
        named = _read(sentence, trigger.end(), today)
        if named:
            yield named


def _about_something_else(sentence: str) -> bool:
    return bool(_ELSE.search(sentence))


def _read(sentence: str, start: int, today: date) -> Named | None:
    """A clock time, a day, or both in either order, right at ``start``."""
    position, clock, day = start, None, None
    for _again in range(2):
        at = position if position == start else _LINK.match(sentence, position).end()  # type: ignore[union-attr]
        if clock is None and (match := _CLOCK_AT.match(sentence, at)):
            clock, position = _clock(match), match.end()
        elif day is None and (match := _DAY_AT.match(sentence, at)):
            day, position = _day(match, today), match.end()
    if clock is None and day is None:
        return None
    return Named(sentence[start:position].strip(" ,"), clock, day)


def _clock(match: re.Match[str]) -> time:
    if match["noon"]:
        return time(12)
    hour, half = int(match["h"]), (match["half"] or match["half2"] or match["half3"] or "").lower()
    minute = int(match["m"] or match["m2"] or match["m3"] or 0)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour % 24, minute)


def _day(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"].lower()])
    if match["weekday2"]:
        return today + timedelta(days=(_WEEKDAYS[match["weekday2"].lower()] - today.weekday()) % 7)
    try:
        return date.fromisoformat(match["iso"]) if match["iso"] else _calendar_day(match, today)
    except ValueError:
        return None


def _calendar_day(match: re.Match[str], today: date) -> date:
    number = int(match["day"] or match["day2"] or match["day4"])
    name = match["month"] or match["month4"]
    month = _MONTHS[name.lower()] if name else int(match["month2"])
    year = int(match["year"] or match["year2"] or 0)
    if year:
        return date(year + 2000 if year < 100 else year, month, number)
    this_year = date(today.year, month, number)
    return this_year if this_year >= today - timedelta(days=180) else date(today.year + 1, month, number)
