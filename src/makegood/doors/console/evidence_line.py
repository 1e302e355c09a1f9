"""Everything known of a report on one axis of time (screen 12): words, files, promises and what was done, in lanes.

Geometry and words only; the template draws them, and the browser lets one move along. A further kind of evidence is a
further lane here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from makegood.doors.console.promise_line import LEFT, RIGHT, Axis
from makegood.doors.console.timeline import Item
from makegood.life.reports.models import Attachment

TOP, LANE, LABELS_APART = 20, 30, 110
LANES: dict[str, Any] = {
    "said": gettext_lazy("What was said"),
    "files": gettext_lazy("Pictures and files"),
    "promises": gettext_lazy("Promises"),
    "done": gettext_lazy("What was done"),
}


@dataclass
class Point:
    """One thing at its place. ``tone``: how its mark is drawn; ``place``: the anchor it stands at on its own page."""

    at: datetime
    lane: str
    who: str
    words: str
    place: str
    icon: str
    tone: str = ""
    file: Attachment | None = None
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Lane:
    name: str
    words: str
    count: int
    y: float


@dataclass
class EvidenceLine:
    """``points`` oldest first, ``labels`` as (x, words) along the foot, ``height`` of the drawing."""

    points: list[Point] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    labels: list[tuple[float, str]] = field(default_factory=list)
    height: int = 0


def draw(items: Iterable[Item], files: Iterable[Attachment]) -> EvidenceLine:
    """The axis of what ``timeline.story`` tells and of ``files``. Nothing is asked of the database."""
    points = sorted([*(_point(item) for item in items), *(_file(one) for one in files)], key=lambda point: point.at)
    if not points:
        return EvidenceLine()
    counts = {name: sum(point.lane == name for point in points) for name in LANES}
    used = [name for name in LANES if counts[name]]
    heights = {name: TOP + LANE * place for place, name in enumerate(used)}
    axis = Axis(points[0].at, points[-1].at, sorted({point.at for point in points}))
    for point in points:
        point.x, point.y = axis.x(point.at), heights[point.lane]
    lanes = [Lane(name, str(LANES[name]), counts[name], heights[name]) for name in used]
    return EvidenceLine(points, lanes, _labels(points), TOP + LANE * len(used) + 14)


def _point(item: Item) -> Point:
    if item.message and item.kind != "withdrawn":
        words = Truncator(" ".join(item.message.body.split())).chars(160)
        tone = "note" if item.kind == "note" else "theirs" if item.who_kind == "contact" else "ours"
        icon = "note" if item.kind == "note" else "message"
        return Point(item.at, "said", item.who, words, f"m-{item.message.key}", icon, tone)
    if item.message:
        words = _("took a message back before it left")
        return Point(item.at, "said", item.who, words, f"m-{item.message.key}", "undo", "note")
    place = f"l-{item.entry.pk}" if item.entry else ""
    if item.is_clock:
        return Point(item.at, "promises", "", item.words, place, "clock", item.ring or "running")
    return Point(item.at, "done", item.who, item.words, place, item.icon)


def _file(one: Attachment) -> Point:
    icon = "picture" if one.is_picture else "file"
    return Point(one.at, "files", one.added_by, one.name, f"f-{one.key}", icon, "theirs", file=one)


def _labels(points: list[Point]) -> list[tuple[float, str]]:
    """The first moment with its time, then each new day there is room for."""
    labels: list[tuple[float, str]] = []
    day: date | None = None
    for point in points:
        local = timezone.localtime(point.at)
        if local.date() == day or (labels and point.x - labels[-1][0] < LABELS_APART) or point.x > RIGHT - 60:
            continue
        pattern = pgettext("date format", "j M, H:i") if point.x == LEFT else pgettext("date format", "j M")
        labels.append((point.x, date_format(local, pattern)))
        day = local.date()
    return labels
