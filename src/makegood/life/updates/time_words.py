"""What words of time mean: "by 3 pm on Wednesday", "in zwei Stunden", "heute Nachmittag". Pure; English and German.

``scan`` finds every such place in a sentence; whether it is a promise of ours is for ``named_times`` to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from makegood.lib.times import zone_name
from makegood.life.promises.calendars import BusinessCalendar

Window = tuple[datetime, datetime]
Part = tuple[time, time]


@dataclass(frozen=True)
class When:
    """A place in a sentence that tells a time, as far as it tells it, in the reader's zone.

    ``clocks``, ``days``: any of these. ``part``: a part of the day. ``window``: counted from now, in UTC. None of them:
    it is clear that a time is meant, but not which ("in a few days"). ``is_odd``: what is told cannot be taken at its
    word: a day that does not exist, the clock of another zone.
    """

    start: int
    end: int
    clocks: tuple[time, ...] = ()
    days: tuple[date, ...] = ()
    part: Part | None = None
    window: Window | None = None
    target: datetime | None = None
    is_odd: bool = False

    @property
    def is_vague(self) -> bool:
        return self.is_odd or not (self.clocks or self.days or self.part or self.window)

    def fits(self, moment: datetime) -> bool:
        """Whether ``moment`` (in the reader's zone) is one of those the words can mean."""
        clock = moment.time().replace(second=0, microsecond=0)
        if self.window and not self.window[0] <= moment.astimezone(UTC) <= self.window[1]:
            return False
        if self.clocks and clock not in self.clocks:
            return False
        if self.part and not self.part[0] <= clock <= self.part[1]:
            return False
        return not self.days or moment.date() in self.days


@dataclass(frozen=True)
class Reader:
    """Reads at ``now`` (in the reader's zone). ``desk``: whose days count as business days."""

    now: datetime
    desk: BusinessCalendar | None = None

    def scan(self, sentence: str) -> Iterator[When]:
        position = 0
        while start := _START.search(sentence, position):
            found = self._read(sentence, start.start())
            position = found.end if found else start.end()
            if found:
                yield found

    def at_most(self, when: When) -> When:
        """What is meant with a word like "by" before it: at any time until then."""
        return replace(when, window=(self.now.astimezone(UTC), when.window[1])) if when.window else when

    def moment(self, when: When) -> datetime | None:
        """The one moment to promise for ``when``: its end within the hours of the desk. None if there is none."""
        if when.window:
            return when.target and when.target.astimezone(self.now.tzinfo).replace(second=0, microsecond=0)
        if len(when.days) > 1 or len(when.clocks) > 1 or when.is_vague:
            return None
        day = when.days[0] if when.days else self.now.date()
        if when.clocks:
            found = self._at(day, when.clocks[0])
            is_gone = found <= self.now and not when.days
            return found + timedelta(days=1) if is_gone else found
        opens, closes = when.part or (time(0), _LAST)
        return self._closing(self._at(day, opens), self._at(day, closes))

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.now.tzinfo)

    def _closing(self, start: datetime, end: datetime) -> datetime | None:
        """The last full quarter of an hour between ``start`` and ``end`` in which the desk is open."""
        if self.desk is None or self.desk.always:
            return None
        moment = end + timedelta(minutes=1) if end.time() == _LAST else end
        while moment > max(start, self.now):
            if self.desk.is_open((moment - timedelta(minutes=1)).astimezone(UTC)):
                return moment
            moment -= timedelta(minutes=15)
        return None

    def _read(self, sentence: str, start: int) -> When | None:
        """The longest time told right at ``start``: a stretch from now, else clock, day and part in any order."""
        if match := _VAGUE.match(sentence, start):
            return When(start, match.end())
        if match := _STRETCH.match(sentence, start):
            return self._stretch(start, match)
        found = self._piece(sentence, start, When(start, start))
        for _again in range(2):
            links = (link.match(sentence, found.end) for link in _LINKS) if found else ()
            more = (self._piece(sentence, link.end(), found) for link in links if link and found)
            found = next(filter(None, more), found)
        if found and not found.days and _OF_TODAY.search(sentence, found.start, found.end):
            return replace(found, days=(self.now.date(),))
        if found and found.days and _MIDNIGHT.search(sentence, found.start, found.end):
            # Where a day begins, or where it ends: both are said so.
            return replace(found, days=(*found.days, *(day + timedelta(days=1) for day in found.days)))
        return found

    def _told_by(self, clock: re.Match[str], found: When) -> When:
        """The time on a clock, and on whose, where that is said."""
        zone = _ZONE.match(clock.string, clock.end())
        is_odd = found.is_odd or bool(zone and not self._is_readers(zone))
        return replace(found, end=zone.end() if zone else clock.end(), clocks=_clock(clock), is_odd=is_odd)

    def _is_readers(self, zone: re.Match[str]) -> bool:
        """Whether a zone named behind a time shows what the reader's clock shows, in summer or in winter."""
        if zone["whose"]:
            desk = self.desk and not self.desk.always and self.desk.time_zone
            return zone["whose"].lower() in ("your", "ihrer") or desk == str(self.now.tzinfo)
        seasons = [self.now.replace(month=month, day=1) for month in (1, 7)]
        names = {day.tzname() for day in seasons}
        names |= {zone_name(day, language="en", zone=self.now.tzinfo or UTC) for day in seasons}
        told = _SAME_ZONE.get(zone["zone"], zone["zone"]) + "".join((zone["off"] or "").split())
        return told in names or f"{told} time" in names

    def _piece(self, sentence: str, at: int, found: When) -> When | None:
        if not found.part and (match := _BETWEEN.match(sentence, at)):
            return replace(found, end=match.end(), part=_between(match))
        if not found.clocks and (match := _CLOCK.match(sentence, at)):
            return self._told_by(match, found)
        if not found.days and (match := _DAY.match(sentence, at)):
            if (days := self._days(match)) is None:
                return replace(found, end=match.end(), is_odd=True)
            if days:
                part = found.part or _part(match["nearpart"] or match["daypart"])
                return replace(found, end=match.end(), days=days, part=part)
            return None
        if not found.part and (match := _PART.match(sentence, at)):
            part = _part(match["part"] or match["full"] or match["first"])
            return replace(found, end=match.end(), part=part)
        if not found.clocks and (match := _SPOKEN.match(sentence, at)):
            return replace(found, end=match.end(), clocks=_spoken(match))
        bare = _BARE.match(sentence, at)
        if not found.clocks and bare and _AT.search(sentence, 0, at):
            return self._told_by(bare, found) if bare["m"] or bare["h"] else replace(found, **_bare(bare))
        return None

    def _days(self, match: re.Match[str]) -> tuple[date, ...] | None:
        """Any of these days; none where no day is meant, None where a day is meant that does not exist."""
        today = self.now.date()
        try:
            if match["near"]:
                return (today + timedelta(days=_NEAR[match["near"].lower()]),)
            if match["weekday2"] or match["short"]:
                return self._weekdays(match)
            if match["first"]:
                return _either_way(int(match["first"]), int(match["second"]), int(match["year3"]))
            if match["iso"]:
                return (date.fromisoformat(match["iso"]),)
            if match["ordinal"]:
                return (_next_numbered(int(match["ordinal"]), today),)
            return (_calendar_day(match, today),)
        except ValueError:
            return None if match["month"] or match["month4"] or int(match["month2"] or 13) <= 12 else ()

    def _weekdays(self, match: re.Match[str]) -> tuple[date, ...]:
        """The coming one; today's and next week's where the words may mean either."""
        today = self.now.date()
        short, name = match["short"], match["weekday2"]
        weekday = _SHORT_WEEKDAYS[short[:3].lower()] if short else _WEEKDAYS[name.lower()]
        ahead = (weekday - today.weekday()) % 7
        first = today + timedelta(days=ahead)
        return (first, first + timedelta(days=7)) if match["nextone"] or not ahead else (first,)

    def _stretch(self, start: int, match: re.Match[str]) -> When:
        """So long from now. "In two hours" is about then, "within two hours" at any time until then."""
        unit = next(name for pattern, name in _UNITS if re.match(pattern, match["unit"], re.IGNORECASE))
        least = _number(match["least"] or "1") + (0.5 if match["half"] else 0)
        most = _number(match["most"]) if match["most"] else least
        now, is_at_most = self.now.astimezone(UTC), bool(match["within"])
        if unit in _LENGTHS:
            low, high = now + least * _LENGTHS[unit], now + most * _LENGTHS[unit]
            slack = min(max((high - now) / 4, timedelta(minutes=5)), timedelta(hours=2))
            return When(start, match.end(), window=(now if is_at_most else low - slack, high + slack), target=high)
        first, last = self._after(least, unit), self._after(most, unit)
        if first == last and not is_at_most and unit.endswith("days"):
            return When(start, match.end(), days=(last,))
        slack = timedelta(days={"weeks": 1, "months": 3}.get(unit, 0))
        begins = now if is_at_most else self._at(first - slack, time(0)).astimezone(UTC)
        return When(start, match.end(), window=(begins, self._at(last + slack, _LAST).astimezone(UTC)))

    def _after(self, count: float, unit: str) -> date:
        today = self.now.date()
        if unit != "business days":
            return today + timedelta(days=round(count * {"days": 1, "weeks": 7, "months": 30}[unit]))
        day, left = today, round(count)
        for _step in range(400):
            if left <= 0:
                break
            day += timedelta(days=1)
            left -= self._is_business(day)
        return day

    def _is_business(self, day: date) -> bool:
        if self.desk is None or self.desk.always:
            return day.weekday() < 5
        return bool(self.desk.between(self._at(day, time(0)), self._at(day + timedelta(days=1), time(0))))


_LAST = time(23, 59)
_WEEKDAYS = {
    name: number
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    )
    for number, name in enumerate(names)
} | {"sonnabend": 5}
# As they are written short; what may be another word only where a dot tells.
_SHORT = (
    r"(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun|(?:Mo|Di|Mi|Do|Fr|Sa|So)(?=[.,])|(?<=am )(?:Mo|Di|Mi|Do|Fr|Sa|So))"
)
_SHORT_WEEKDAYS = {
    name: n for names in ("mon tue wed thu fri sat sun", "mo di mi do fr sa so") for n, name in enumerate(names.split())
}
_MONTHS = {
    name: n
    for names in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mar apr may jun jul aug sept oct nov dec",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
    )
    for n, name in enumerate(names.split(), 1)
}
_NUMBERS = {
    name: float(n)
    for n, names in enumerate(
        (
            *("a|an|one|ein|eine|einer|einem|einen|eins", "two|zwei", "three|drei", "four|vier", "five|fünf"),
            *("six|sechs", "seven|sieben", "eight|acht", "nine|neun", "ten|zehn", "eleven|elf", "twelve|zwölf"),
        ),
        1,
    )
    for name in names.split("|")
} | {
    "half an": 0.5,
    "half a": 0.5,
    "einer halben": 0.5,
    "eine halbe": 0.5,
    "einem halben": 0.5,
    "einer dreiviertel": 0.75,
    "anderthalb": 1.5,
    "eineinhalb": 1.5,
    "zweieinhalb": 2.5,
    "dreieinhalb": 3.5,
    **{f"{name} and a half": n + 0.5 for n, name in enumerate(("one", "two", "three", "four", "five"), 1)},
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "fünfzehn": 15,
    "zwanzig": 20,
    "dreißig": 30,
    "the": 1,
    "der": 1,
}
_ARTICLES = ("a", "an", "ein", "eine", "einer", "einem", "einen", "the", "der")
_LENGTHS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
_UNITS = (
    (r"min", "minutes"),
    (r"h|st", "hours"),
    (r"business|working|work|werk|arbeits", "business days"),
    (r"d|tag", "days"),
    (r"w", "weeks"),
    (r"mo", "months"),
)
_UNIT = (
    r"(?:min(?:ute[ns]?|s)?|h(?:ours?|rs?)?|stunden?|std|(?:business|working|work)[ -]days?|(?:werk|arbeits)tage?n?"
    r"|days?|tage?n?|weeks?|wochen?|months?|monate?n?)\b\.?"
)
_AMOUNT = r"(?:\d{1,3}(?:[.,]\d)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_MORNING, _AFTERNOON, _EVENING, _NOON = (
    (time(0), time(12)),
    (time(12), time(18)),
    (time(17), _LAST),
    (time(11), time(14)),
)
_PARTS: dict[str, Part] = {
    **dict.fromkeys(("morning", "früh", "vormittag", "morgen"), _MORNING),
    **dict.fromkeys(("afternoon", "nachmittag"), _AFTERNOON),
    **dict.fromkeys(("evening", "night", "abend", "tonight"), _EVENING),
    **dict.fromkeys(("noon", "mittag", "lunchtime"), _NOON),
}
_PART_WORD = r"morning|afternoon|evening|night|noon|lunchtime|früh|vormittag|nachmittag|mittag|abend"
_NEAR = {"today": 0, "tonight": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "übermorgen": 2}
_FULL_DAY = (
    r"(?:eod|cob|end of (?:the |my |our |this )?(?:business |working )?day|close of business|end of business"
    r"|ende des (?:arbeits)?tages|tagesende|feierabend|dienstschluss|geschäftsschluss|dienstende)"
)
# Only a time of which nobody can say when it is over; with the word before it where that belongs to it.
_VAGUE = re.compile(
    r"(?:(?:in|within|over|during)\s+(?:the\s+)?(?:next\s+|coming\s+)?(?:few|couple of|several|some|a few|a couple of)"
    r"\s+(?:minutes|hours|(?:business\s+|working\s+)?days|weeks)"
    r"|in\s+the\s+(?:coming|next)\s+(?:hours|days|weeks)"
    r"|(?:early|late|later|mid|the (?:start|beginning|middle|end) of|start of|end of)?[\s-]*"
    r"(?:next|this|the|the coming)\s+(?:week|weekend|month)"
    r"|after\s+(?:lunch|the\s+weekend)|(?:every|alle)\s+(?:\w+\s+)?(?:hours?|days?|weeks?|morning|stunden|tage|wochen)"
    r"|daily|hourly|täglich|stündlich"
    r"|(?:in|innerhalb|im\s+lauf)\s+(?:von\s+)?(?:den\s+)?(?:nächsten|kommenden|ein\s+paar|einigen|wenigen|mehreren"
    r"|nächsten\s+paar)\s+(?:minuten|stunden|(?:werk|arbeits)?tagen?|wochen)"
    r"|(?:(?:zu\s+)?(?:anfang|beginn|mitte|ende|im\s+laufe?)\s+)?(?:der|dieser|diese|nächster|nächsten|nächste|kommender"
    r"|kommenden|kommende)\s+woche|(?:anfang|mitte|ende)\s+(?:des|nächsten|kommenden)\s+monats?|nächsten\s+monat"
    r"|(?:am|übers|vor\s+dem|nach\s+dem|zum|dieses)\s+wochenende|nach\s+der\s+mittagspause)\b",
    re.IGNORECASE,
)
_STRETCH = re.compile(
    r"(?:(?P<within>within|inside(?: of)?|innerhalb(?: von)?|binnen|in\s+(?:less than|under|at most|no more than"
    r"|weniger als|höchstens|spätestens|maximal)|(?:in|over|during)\s+the\s+next|in\s+den\s+(?:nächsten|kommenden))"
    r"|(?:in|after))\s+(?:the\s+next\s+|the\s+|den\s+nächsten\s+)?(?:about\s+|around\s+|roughly\s+|etwa\s+|ca\.?\s+"
    r"|rund\s+|ungefähr\s+|up to\s+|at most\s+|maximal\s+|bis zu\s+)?"
    rf"(?:(?P<least>{_AMOUNT})(?:\s*(?:-|–|to|or|and|bis|oder)\s*(?P<most>{_AMOUNT}))?)?\s*(?P<unit>{_UNIT})"
    r"(?P<half>\s+and\s+a\s+half\b)?"
    r"(?!\s+(?:ago|earlier|old|before|zuvor|vorher|alt))(?:\s+(?:or\s+so|time))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<h>[01]?\d|2[0-4])(?:"
    r":(?P<m>[0-5]\d)(?!\d|[.:]\d)(?:\s*Uhr\b)?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"|\.(?P<m2>[0-5]\d)\s*(?:Uhr\b|(?P<half2>[ap])\.?m\b\.?)"
    r"|\s*(?:Uhr\b(?:\s+(?P<m3>[0-5]\d)\b)?|(?P<half3>[ap])\.?m\b\.?)"
    r"|\s*o['’]clock\b)|(?P<noon>noon|midday|midnight|mitternacht)\b",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"\b(?:midnight|mitternacht)\b", re.IGNORECASE)
# Whose clock a time is told by.
_ZONE = re.compile(
    r"\s*\(?(?:(?-i:(?P<zone>UTC|GMT|CES?T|MES?Z|BST|WES?T|EES?T|MSK|[ECMP][SD]T|[ECMP]T|IST|JST|AES?T))\b"
    r"(?P<off>\s*[+-−]\s*\d{1,2}(?::?\d\d)?)?\)?|(?P<whose>your|our|my|local|ihrer|unserer|deutscher)\s+(?:time|zeit)\b)",
    re.IGNORECASE,
)
_SAME_ZONE = {"MEZ": "CET", "MESZ": "CEST"}
_BETWEEN = re.compile(
    r"(?:between|zwischen|from|von)\s+(?P<h1>[01]?\d|2[0-4])(?:[:.](?P<m1>[0-5]\d))?\s*(?:Uhr)?\s*(?P<half1>[ap](?=\.?m))?"
    r"(?:\.?m\b\.?)?\s*(?:and|und|to|bis|-|–)\s*"
    r"(?P<h2>[01]?\d|2[0-4])(?:[:.](?P<m2>[0-5]\d))?\s*(?:Uhr\b|(?P<half2>[ap])\.?m\b\.?)",
    re.IGNORECASE,
)
_OF_TODAY = re.compile(rf"\b(?:this|diesen|{_FULL_DAY}|im\s+laufe\s+des\s+tages)\b", re.IGNORECASE)
_SPOKEN = re.compile(
    r"(?P<how>half\s+past|quarter\s+past|quarter\s+to|halb|viertel\s+nach|viertel\s+vor|dreiviertel)\s+"
    rf"(?P<hour>\d{{1,2}}|{'|'.join(name for name, n in _NUMBERS.items() if n == int(n) and n <= 12)})\b",
    re.IGNORECASE,
)
_SPOKEN_MINUTES = {
    "half": 30,
    "halb": -30,
    "quarter past": 15,
    "quarter to": -15,
    "viertel nach": 15,
    "viertel vor": -15,
}
_HOUR_WORDS = "|".join(name for name, n in _NUMBERS.items() if n in range(1, 13) and name not in _ARTICLES)
_ENDS = (
    r"(?=\s*(?:[.!?,;]?\s*$|[.!?,;]\s"
    r"|\s(?:and|und|today|tomorrow|tonight|on|heute|morgen|am|an|zurück|wieder|bei|von)\b))"
)
_BARE = re.compile(
    r"(?:(?P<h>[01]?\d|2[0-3])(?:[.h](?P<m>[0-5]\d)|h\b)(?!\d|[.:]\d|\s*(?:%|€|\$|euro?\b|chf\b|usd\b))"
    r"|(?P<four>(?:[01]\d|2[0-3])[0-5]\d|[1-9]|1\d|2[0-3])" + _ENDS + rf"|(?P<word>{_HOUR_WORDS})" + _ENDS + ")",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:at|by|until|till|before|around|about|um|gegen|bis|vor)\s+$", re.IGNORECASE)
_WEEKDAY = "|".join(_WEEKDAYS)
_MONTH = "|".join(_MONTHS)
_DAY = re.compile(
    rf"(?P<near>today|tonight|tomorrow|heute|übermorgen|morgen)(?:\s+(?P<nearpart>{_PART_WORD}|morgen))?\b"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})\b"
    r"|(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)/(?P<year3>\d{4}|\d\d)\b"
    rf"|(?:(?:the\s+)?(?P<weekday>{_WEEKDAY}|{_SHORT})\b\.?,?\s*)?"
    rf"(?:(?:the\s+|de[mn]\s+)?(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?"
    r"|(?:de[mn]\s+)?(?P<day2>[0-3]?\d)\.(?P<month2>[01]?\d)\.(?:(?P<year2>\d{4}|\d{2})\b)?"
    rf"|(?P<month4>{_MONTH})\.?\s+(?P<day4>[0-3]?\d)(?:st|nd|rd|th)?\b)"
    r"(?:,?\s+(?P<year>20\d\d)\b)?"
    r"|the\s+(?P<ordinal>[0-3]?\d)(?:st|nd|rd|th)\b(?!\s+(?!at\b|by\b)\w)"
    r"|(?P<nextone>next\s+|nächste[nr]?\s+|kommende[nr]?\s+|coming\s+)?(?:this\s+|diese[nr]?\s+)?"
    rf"(?:(?P<weekday2>{_WEEKDAY})|(?P<short>{_SHORT})\b\.?)(?:\s*(?P<daypart>{_PART_WORD}|morgen))?(?!\w)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:this|diesen|am|in\s+the|im\s+laufe\s+des)\s+(?:late\s+|early\s+|späten\s+|frühen\s+)?"
    rf"(?P<part>{_PART_WORD}|morgen)s?\b|(?:the\s+)?(?P<full>{_FULL_DAY}|im\s+laufe\s+des\s+tages)\b"
    r"|(?P<first>first\s+thing)(?:\s+in\s+the\s+morning)?\b",
    re.IGNORECASE,
)
_LINKS = (
    re.compile(r",?\s*(?:at\s|um\s|by\s|before\s|bis\s|gegen\s|around\s|in\s+der\s)?\s*", re.IGNORECASE),
    re.compile(r",?\s+(?:on|am|of|den)\s+(?:the\s+(?=end))?", re.IGNORECASE),
)
# Where a time may begin; the patterns above decide.
_START = re.compile(
    r"(?<![\w.,:/#-])(?:\d|(?:in|im|am|within|inside|innerhalb|binnen|over|during|after|nach|vor|übers|zum|between"
    r"|zwischen|from|von|noon|midday|midnight|mitternacht|today|tonight|tomorrow|heute|übermorgen|(?<!guten )morgen"
    r"|this|diese[nrs]?|next|coming|every|daily|hourly|alle|täglich|stündlich|half|halb|quarter|viertel|nächste[nr]?|kommende[nr]?"
    r"|the|de[mnr]|early|late|later|mid|start|end|eod|cob|close|first|zu|anfang|beginn|mitte"
    rf"|ende|tagesende|feierabend|dienst|geschäftsschluss|{_MONTH}|{_WEEKDAY}|{_HOUR_WORDS}|{_SHORT}))",
    re.IGNORECASE,
)


def _part(word: str | None) -> Part | None:
    if not word:
        return None
    plain = word.lower()
    return _MORNING if plain.startswith("first") else _PARTS.get(plain, (time(0), _LAST))


def _clock(match: re.Match[str]) -> tuple[time, ...]:
    """The time of day; both of them for an early hour that may be meant as people speak ("3:30")."""
    if noon := match.groupdict().get("noon"):
        return (time(0 if _MIDNIGHT.match(noon) else 12),)
    told = match.groupdict()
    half = (told.get("half") or told.get("half2") or told.get("half3") or "").lower()
    clock = _time(match["h"], match["m"] or told.get("m2") or told.get("m3"), half)
    is_spoken = not half and len(match["h"]) == 1 and 1 <= clock.hour <= 7 and "uhr" not in match[0].lower()
    return (clock, clock.replace(hour=clock.hour + 12)) if is_spoken else (clock,)


def _bare(match: re.Match[str]) -> dict[str, Any]:
    """An hour without anything that says so: in the morning or the afternoon. Four digits say which."""
    if match["four"] and len(match["four"]) == 4:
        return {"end": match.end(), "clocks": (time(int(match["four"][:2]), int(match["four"][2:])),)}
    hour = int(match["four"] or _NUMBERS[match["word"].lower()])
    return {"end": match.end(), "clocks": tuple(time(h % 24) for h in (hour, hour + 12) if h <= 24)}


def _spoken(match: re.Match[str]) -> tuple[time, ...]:
    """Half past three: at night or in the afternoon."""
    how = " ".join(match["how"].lower().split())
    minutes = _SPOKEN_MINUTES.get(how, _SPOKEN_MINUTES.get(how.split()[0], -15))
    total = int(_number(match["hour"])) * 60 + minutes
    return tuple(time(clock // 60 % 24, clock % 60) for clock in (total, total + 720))


def _between(match: re.Match[str]) -> Part:
    half = (match["half2"] or "").lower()
    first = _time(match["h1"], match["m1"], (match["half1"] or half).lower())
    return first, _time(match["h2"], match["m2"], half)


def _time(hours: str, minutes: str | None, half: str) -> time:
    hour = int(hours)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour % 24, int(minutes or 0))


def _number(text: str) -> float:
    plain = " ".join(text.lower().split())
    return _NUMBERS[plain] if plain in _NUMBERS else float(plain.replace(",", "."))


def _either_way(first: int, second: int, year: int) -> tuple[date, ...] | None:
    """4/5/2027: the 4th of May to some, April 5th to others."""
    found = set[date]()
    for day, month in ((first, second), (second, first)):
        with suppress(ValueError):
            found.add(date(year + 2000 if year < 100 else year, month, day))
    return tuple(sorted(found)) or None


def _calendar_day(match: re.Match[str], today: date) -> date:
    number = int(match["day"] or match["day2"] or match["day4"])
    name = match["month"] or match["month4"]
    month = _MONTHS[name.lower()] if name else int(match["month2"])
    year = int(match["year"] or match["year2"] or 0)
    if year:
        return date(year + 2000 if year < 100 else year, month, number)
    this_year = date(today.year, month, number)
    return this_year if this_year >= today - timedelta(days=180) else date(today.year + 1, month, number)


def _next_numbered(number: int, today: date) -> date:
    """The next day that bears this number in its month."""
    for step in range(62):
        if (day := today + timedelta(days=step)).day == number:
            return day
    raise ValueError(number)
