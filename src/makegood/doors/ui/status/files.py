"""Every file of a whole status page: HTML in each language, JSON, feeds, calendar, badge. Path → bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from makegood.doors.ui.status import pages
from makegood.doors.ui.status.pages import Reader
from makegood.life.statuspage import addresses, feeds, shapes, snapshot
from makegood.life.statuspage.models import Notice
from makegood.life.statuspage.snapshot import Shown, Snapshot

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "svg": "image/svg+xml",
}
Files = dict[str, bytes]


class Writer:
    """Makes all files; keeps what it made of notices, because of hundreds only a few change between two times."""

    def __init__(self) -> None:
        self._kept: Files = {}
        self._used: Files = {}

    def every(self, now: datetime) -> Files:
        """All files of the page at ``now``."""
        found, zone = snapshot.take(now), desk_zone()
        shown, names, moved = snapshot.every(now), snapshot.names(), snapshot.moved()
        files = {f"api/v2/{name}": shape for name, shape in json_files(found).items()}
        for code, _name in settings.LANGUAGES:
            reader = Reader(code, zone)
            files[f"{code}/index.html"] = pages.front(found, reader).encode()
            files[f"{code}/frame/index.html"] = pages.frame(found, reader).encode()
            files |= {f"{code}/{name}": text for name, text in texts(found, code).items()}
            for one in shown:
                files[f"{code}/{addresses.path_of(one.key, one.kind)}index.html"] = self._notice(one, names, reader)
            for old, new in moved.items():  # files cannot lead elsewhere, so the same words stand at both
                there = files.get(f"{code}/{addresses.path_of(new, Notice.TROUBLE)}index.html")
                if there is not None:
                    files.setdefault(f"{code}/{addresses.path_of(old, Notice.TROUBLE)}index.html", there)
            files |= self._months(shown, names, reader, now)
        self._kept, self._used = self._used, {}
        return files

    def _notice(self, one: Shown, names: dict[str, dict[str, str]], reader: Reader) -> bytes:
        key = hashlib.sha256(repr((one, sorted(names.items()), reader)).encode()).hexdigest()
        made = self._kept.get(key) or pages.notice(one, names, reader).encode()
        self._used[key] = made
        return made

    def _months(self, shown: list[Shown], names: dict[str, dict[str, str]], reader: Reader, now: datetime) -> Files:
        files: Files = {}
        last = this_month(now)
        by_month: dict[date, list[Shown]] = {last: []}
        for one in shown:
            if one.began_at <= now:
                by_month.setdefault(this_month(one.began_at), []).append(one)
        span = (min(by_month), last)
        first = span[0]
        while first <= last:
            html = pages.month(first, by_month.get(first, []), names, reader, span=span).encode()
            files[f"{reader.language}/history/{first:%Y-%m}/index.html"] = html
            first = snapshot.next_month(first)
        files[f"{reader.language}/history/index.html"] = html
        return files


def desk_zone() -> ZoneInfo:
    return ZoneInfo(settings.DESK_TIME_ZONE)


def this_month(now: datetime) -> date:
    """The month of a moment, by its first day, in the desk's zone."""
    return now.astimezone(desk_zone()).date().replace(day=1)


def page_name() -> str:
    return str(settings.DESK_NAME)


def json_files(found: Snapshot) -> Files:
    """The Statuspage-compatible files, in the desk's language."""
    shaper = shapes.Shaper(
        found,
        base=addresses.base(),
        name=page_name(),
        zone=settings.DESK_TIME_ZONE,
        language=settings.LANGUAGE_CODE,
    )
    return {name: _json(shape) for name, shape in shaper.every().items()}


def texts(found: Snapshot, language: str) -> Files:
    """Feeds, calendar and badge in a language."""
    about = {"base": addresses.base(), "name": page_name(), "language": language}
    return {
        "feed.atom": feeds.atom(found, **about).encode(),
        "feed.rss": feeds.rss(found, **about).encode(),
        "maintenance.ics": feeds.maintenance(found, **about).encode(),
        "badge.svg": pages.badge(found, language).encode(),
    }


def _json(shape: dict[str, Any]) -> bytes:
    return json.dumps(shape, ensure_ascii=False).encode()
