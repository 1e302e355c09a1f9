"""What was removed, when, by whom: for whoever asked, without anything of the person. As JSON and on paper."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from makegood.life.privacy import erasing, mentions
from makegood.life.privacy.holdings import BY_NAME
from makegood.life.privacy.models import Erasure


def lines(erasure: Erasure) -> list[tuple[Any, int, int]]:
    """(what, as counted before, as removed) in the order of the table, of what there was anything of."""
    names = [*BY_NAME, erasing.OPEN_REPORTS, mentions.NAME]
    known = [name for name in names if erasure.expected.get(name) or erasure.removed.get(name)]
    return [(says(name), erasure.expected.get(name, 0), erasure.removed.get(name, 0)) for name in known]


def says(name: str) -> Any:
    """What a kind is called."""
    if name == erasing.OPEN_REPORTS:
        return _("open reports, closed")
    return BY_NAME[name].says if name in BY_NAME else _("places where others named them")


def as_json(erasure: Erasure) -> str:
    told = {
        "makegood": "erasure",
        "certificate": erasure.key,
        "desk": settings.DESK_NAME,
        "person": erasure.contact_key,
        "reason": erasure.reason,
        "asked_by": erasure.asked_by,
        "asked_at": _moment(erasure.asked_at),
        "finished_at": _moment(erasure.finished_at),
        "removed": erasure.removed,
        "counted_before": erasure.expected,
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_pdf(erasure: Erasure, *, zone: ZoneInfo) -> bytes:
    """One A4 page, or two. Loads what draws only now: that takes a seventh of a start."""
    paper = importlib.import_module("makegood.life.privacy.paper")
    return cast(bytes, paper.draw(erasure, lines(erasure), zone=zone))


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
