"""Moments and zones in the words of a language. No models, no domain words."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime, get_timezone_location, get_timezone_name

_LOCALES = {"en": "en_GB", "de": "de_DE"}
_PATTERNS = {"en": "EEEE d MMMM{year}, HH:mm", "de": "EEEE, d. MMMM{year}, HH:mm 'Uhr'"}
_CITY_TIME = {"en": "{city} time", "de": "Zeit in {city}"}


def zone(name: str, fallback: str = "UTC") -> ZoneInfo:
    """The zone called ``name``; the fallback if there is none of that name."""
    try:
        return ZoneInfo(name or fallback)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(fallback)


def in_words(
    moment: datetime, *, language: str, zone: ZoneInfo, now: datetime | None = None, with_year: bool = False
) -> str:
    """``moment`` in full, with the name of the zone: "Monday 16 November, 15:00 (CET)". The year if it is not now's,
    or wanted anyway."""
    short, local = _short(language), moment.astimezone(zone)
    is_other_year = now is not None and local.year != now.astimezone(zone).year
    year = " y" if with_year or is_other_year else ""
    words = format_datetime(local, _PATTERNS[short].format(year=year), locale=_LOCALES[short])
    return f"{words} ({zone_name(moment, language=language, zone=zone)})"


def zone_name(moment: datetime, *, language: str, zone: tzinfo) -> str:
    """The zone as people write it: CET, MEZ, UTC; where there is no such short name, "New York time"."""
    local = moment.astimezone(zone)
    return _zone_name(zone, local.replace(microsecond=0, second=0, minute=0), local.fold, _short(language))


@lru_cache(2000)
def _zone_name(zone: tzinfo, hour: datetime, fold: int, short: str) -> str:
    """By the hour, because a list of two hundred moments asks again and again; ``fold`` tells equal hours apart."""
    name = get_timezone_name(hour, width="short", locale=_LOCALES[short])
    if name.isalpha() and len(name) <= 5:
        return name
    city = get_timezone_location(zone, locale=_LOCALES[short], return_city=True)
    return _CITY_TIME[short].format(city=city)


def _short(language: str) -> str:
    short = language.split("-")[0].lower()
    return short if short in _LOCALES else "en"
