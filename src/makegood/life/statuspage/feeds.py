"""A snapshot as feeds (Atom, RSS) and as a calendar of maintenance. Pure but for Django's writer of feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from makegood.lib.calendars import Appointment, calendar
from makegood.lib.texts import in_language
from makegood.life.statuspage import standing
from makegood.life.statuspage.mails import STATE
from makegood.life.statuspage.snapshot import Shown, Snapshot, Told

ENTRIES = 50


def atom(found: Snapshot, *, base: str, name: str, language: str) -> str:
    return _written(Atom1Feed, "feed.atom", found, base=base, name=name, language=language)


def rss(found: Snapshot, *, base: str, name: str, language: str) -> str:
    return _written(Rss201rev2Feed, "feed.rss", found, base=base, name=name, language=language)


def maintenance(found: Snapshot, *, base: str, name: str, language: str) -> str:
    """What is planned, under way and was done lately, to be subscribed to by a calendar."""
    done = [one for one in found.recent if not one.is_trouble]
    host = urlsplit(base).hostname or "localhost"
    rows = [_appointment(one, base, host, language) for one in (*found.under_way, *found.planned, *done)]
    return calendar(name, rows, product=f"Makegood//{name}")


def _written(kind: type[SyndicationFeed], file: str, found: Snapshot, *, base: str, name: str, language: str) -> str:
    feed = kind(
        title=name,
        link=base,
        description=name,
        language=language,
        feed_url=f"{base}{language}/{file}",
        feed_guid=base,
    )
    shown = (*found.troubles, *found.under_way, *found.planned, *found.recent)
    for one, told in _newest(shown):
        title = f"{in_language(STATE[told.step], language)}: {in_language(one.titles, language)}"
        link = _link(one, base)
        feed.add_item(
            title=title,
            link=link,
            description=in_language(told.texts, language),
            unique_id=f"{link}#{told.key}",
            unique_id_is_permalink=False,
            pubdate=told.at,
            updateddate=told.at,
        )
    return _Dated(feed, found.updated_at).text()


class _Dated:
    """A feed says when it last changed; an empty one would say "now", and be another one every time."""

    def __init__(self, feed: SyndicationFeed, at: datetime) -> None:
        self.feed, self.at = feed, at

    def text(self) -> str:
        if not self.feed.items:
            self.feed.latest_post_date = lambda: self.at  # type: ignore[method-assign]
        return self.feed.writeString("utf-8")


def _newest(shown: Iterable[Shown]) -> list[tuple[Shown, Told]]:
    pairs = [(one, told) for one in shown for told in one.updates]
    return sorted(pairs, key=lambda pair: pair[1].at, reverse=True)[:ENTRIES]


def _appointment(one: Shown, base: str, host: str, language: str) -> Appointment:
    return Appointment(
        uid=f"{one.key}@{host}",
        starts_at=one.began_at,
        ends_at=one.until or one.began_at,
        changed_at=one.updated_at,
        changes=len(one.updates),
        title=in_language(one.titles, language),
        text=in_language(one.updates[-1].texts, language) if one.updates else "",
        link=_link(one, base),
        is_cancelled=one.state == standing.COMPLETED and one.started_at is None,
    )


def _link(one: Shown, base: str) -> str:
    return f"{base}{'incidents' if one.is_trouble else 'maintenance'}/{one.key}/"
