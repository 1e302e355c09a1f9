"""The status page as HTML, badge and small frame: a function of the snapshot, a language and a zone, nothing else.

No request, no session, no token stands in it, so that everybody who reads the language gets the same bytes and a copy
on disk is the page itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from makegood.doors.ui.status import bars, words
from makegood.lib.texts import in_language
from makegood.life.statuspage import addresses, snapshot
from makegood.life.statuspage.snapshot import Part, Promised, Shown, Snapshot

# Where the banner of a copy stands in every page, empty while the page is live.
AS_OF = "<!-- as of -->"


@dataclass(frozen=True)
class Reader:
    """In which language, and in which zone, somebody reads."""

    language: str
    zone: ZoneInfo


def front(found: Snapshot, reader: Reader) -> str:
    """The page: the one sentence, what we know of, the parts with their ninety days, what is planned."""
    groups: dict[str, list[dict[str, Any]]] = {}
    with translation.override(reader.language):
        for part in found.parts:
            groups.setdefault(in_language(part.groups, reader.language), []).append(_part(part, reader.language))
        sentence, tone, icon = words.HEADLINES[found.indicator]
        context = {
            "sentence": sentence,
            "tone": tone,
            "icon_name": icon,
            "groups": list(groups.items()),
            "troubles": _notices(found.troubles, found, reader.language),
            "under_way": _notices(found.under_way, found, reader.language),
            "planned": _notices(found.planned, found, reader.language),
            "recent": _notices(found.recent, found, reader.language),
            "has_days": any(part.days for part in found.parts),
        }
    return _rendered("ui/status/front.html", context, reader, "")


def notice(shown: Shown, found_names: dict[str, dict[str, str]], reader: Reader) -> str:
    """The page of one notice, at the address that stays."""
    with translation.override(reader.language):
        one = _notice(shown, found_names, reader.language)
    return _rendered("ui/status/notice.html", {"one": one}, reader, addresses.path_of(shown.key, shown.kind))


def month(
    first: date,
    shown: Sequence[Shown],
    found_names: dict[str, dict[str, str]],
    reader: Reader,
    *,
    span: tuple[date, date],
) -> str:
    """What began in a month; ``span``: the first and the last month there is."""
    with translation.override(reader.language):
        listed = [_notice(one, found_names, reader.language) for one in shown]
    before = first.replace(day=1).toordinal() - 1
    earlier = date.fromordinal(before).replace(day=1)
    later = snapshot.next_month(first)
    context = {
        "first": first,
        "listed": listed,
        "earlier": earlier if earlier >= span[0] else None,
        "later": later if later <= span[1] else None,
    }
    return _rendered("ui/status/month.html", context, reader, f"history/{first:%Y-%m}/")


def frame(found: Snapshot, reader: Reader) -> str:
    """A page of one line, without scripts, for a frame in somebody else's page."""
    with translation.override(reader.language):
        sentence, tone, icon = words.HEADLINES[found.indicator]
    return _rendered("ui/status/frame.html", {"sentence": sentence, "tone": tone, "icon_name": icon}, reader, "frame/")


def badge(found: Snapshot, language: str) -> str:
    """The one sentence as a small picture, for an ``<img>`` anywhere."""
    with translation.override(language):
        sentence, tone, _icon = words.HEADLINES[found.indicator]
        label, told = _("Status"), str(sentence)
    colour = {"kept": "#1d7043", "paused": "#4b6178", "risk": "#8a5200", "broken": "#ab2a20"}[tone]
    left, right = _width(label), _width(told)
    return str(
        format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="24" role="img" aria-label="{1}: {2}">'
            "<title>{1}: {2}</title>"
            '<rect width="{0}" height="24" rx="4" fill="#343b37"/><path d="M{3} 0h{4}a4 4 0 0 1 4 4v16a4 4 0 0 1-4 4'
            'H{3}z" fill="{5}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="12">'
            '<text x="8" y="16" textLength="{6}">{1}</text><text x="{7}" y="16" textLength="{8}">{2}</text></g></svg>',
            left + right,
            label,
            told,
            left,
            right - 4,
            colour,
            left - 16,
            left + 8,
            right - 16,
        )
    )


def as_of(at: datetime, reader: Reader) -> SafeString:
    """The banner of a copy: until when it is known to have been true."""
    with translation.override(reader.language), timezone.override(reader.zone):
        return SafeString(render_to_string("ui/status/as_of.html", {"at": at}))


def _rendered(template: str, context: dict[str, Any], reader: Reader, place: str) -> str:
    """``place``: the page below the status page's own, so that the other languages lead to the same."""
    home = f"{addresses.PLACE}{reader.language}/"
    whole = {
        **context,
        "desk_name": settings.DESK_NAME,
        "desk_email": settings.DESK_EMAIL,
        "desk_phone": settings.DESK_PHONE,
        "emergency_phone": settings.EMERGENCY_PHONE,
        "density": "comfortable",
        "home": home,
        "report_url": f"{settings.BASE_URL}/",
        "subscribe_url": f"{addresses.PLACE}subscribe/?language={reader.language}",
        "as_of": SafeString(AS_OF),
        "spoken": [
            (code, name, f"{addresses.PLACE}{code}/{place}", code == reader.language)
            for code, name in settings.LANGUAGES
        ],
        "zone": reader.zone.key,
    }
    with translation.override(reader.language), timezone.override(reader.zone):
        return render_to_string(template, whole)


def _part(part: Part, language: str) -> dict[str, Any]:
    state, tone = words.COMPONENTS[part.state]
    return {
        "key": part.key,
        "name": in_language(part.names, language),
        "state": state,
        "tone": tone,
        "bars": bars.drawing(part) if part.days else "",
        "summary": bars.summary(part.days) if part.days else "",
        "rows": bars.rows(part.days),
        "free": f"{part.free_of_outages:.2f}" if part.free_of_outages is not None else "",
    }


def _notices(shown: Sequence[Shown], found: Snapshot, language: str) -> list[dict[str, Any]]:
    return [_notice(one, found.names, language) for one in shown]


def _notice(one: Shown, names: dict[str, dict[str, str]], language: str) -> dict[str, Any]:
    return {
        "title": in_language(one.titles, language),
        "path": addresses.path_of(one.key, one.kind),
        "is_trouble": one.is_trouble,
        "is_over": one.is_over,
        "state": words.NOTICES[one.step],
        "tone": words.TONES.get(one.state, "risk"),
        "impact": words.IMPACTS[one.impact] if one.is_trouble else "",
        "began_at": one.began_at,
        "until": one.until,
        "ended_at": one.ended_at,
        "is_called_off": not one.is_trouble and one.is_over and one.started_at is None,
        "components": [
            (in_language(names[key], language), *words.COMPONENTS[state])
            for key, state in one.components.items()
            if key in names
        ],
        "updates": [
            {
                "key": told.key,
                "state": words.NOTICES[told.step],
                "text": in_language(told.texts, language),
                "at": told.at,
                "is_late": told.kind == "late",
            }
            for told in one.updates
        ],
        "learnt": in_language(one.learnt, language),
        "promised": _promised(one.promised) if one.promised else None,
    }


def _promised(promised: Promised) -> dict[str, Any]:
    return {"at": promised.at, "ring": promised.ring, "share": promised.share, "is_late": promised.ring == "broken"}


def _width(text: str) -> int:
    """Of Verdana at 12 pixels, near enough: ``textLength`` makes it exact."""
    return 16 + round(sum(4 if char in "iljtfrI., :" else 10 if char in "mwMWGOQ" else 7.4 for char in text))
