"""A snapshot in the shape Statuspage made usual (``/api/v2/*.json``): programs that read those read this. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from makegood.lib.texts import in_language
from makegood.life.statuspage import standing
from makegood.life.statuspage.snapshot import Part, Shown, Snapshot, Told

DESCRIPTIONS = {
    standing.NONE: "All Systems Operational",
    standing.MINOR: "Minor Service Outage",
    standing.SERIOUS: "Partial System Outage",
    standing.CRITICAL: "Major Service Outage",
    "maintenance": "Service Under Maintenance",
}
Shape = dict[str, Any]


class Shaper:
    """``base``: where the page stands; ``name``: whose it is; ``language``: of titles and texts."""

    def __init__(self, found: Snapshot, *, base: str, name: str, zone: str, language: str) -> None:
        self.found, self.base, self.name, self.zone, self.language = found, base, name, zone, language
        self.page_id = _id(base)

    def every(self) -> dict[str, Shape]:
        """File name below ``api/v2/`` → what it holds."""
        found = self.found
        work = (*found.under_way, *found.planned)
        done = [one for one in found.recent if not one.is_trouble]
        over = [one for one in found.recent if one.is_trouble]
        return {
            "summary.json": {
                **self.status(),
                **self.components(),
                "incidents": self.notices(found.troubles),
                "scheduled_maintenances": self.notices(work),
            },
            "status.json": self.status(),
            "components.json": {**self.page(), **self.components()},
            "incidents.json": {**self.page(), "incidents": self.notices((*found.troubles, *over))},
            "incidents/unresolved.json": {**self.page(), "incidents": self.notices(found.troubles)},
            "scheduled-maintenances.json": {**self.page(), "scheduled_maintenances": self.notices((*work, *done))},
            "scheduled-maintenances/active.json": {
                **self.page(),
                "scheduled_maintenances": self.notices(found.under_way),
            },
            "scheduled-maintenances/upcoming.json": {
                **self.page(),
                "scheduled_maintenances": self.notices(found.planned),
            },
        }

    def page(self) -> Shape:
        return {
            "page": {
                "id": self.page_id,
                "name": self.name,
                "url": self.base.rstrip("/"),
                "time_zone": self.zone,
                "updated_at": _moment(self.found.updated_at),
            }
        }

    def status(self) -> Shape:
        indicator = self.found.indicator
        return {**self.page(), "status": {"indicator": indicator, "description": DESCRIPTIONS[indicator]}}

    def components(self) -> Shape:
        """The components, and a row for each heading they stand under."""
        rows: list[Shape] = []
        for part in self.found.parts:
            group = in_language(part.groups, self.language)
            if group and not any(row["id"] == self._group_id(group) for row in rows):
                rows.append(self._group(group))
            rows.append(self._component(part, group))
        return {"components": rows}

    def notices(self, shown: Iterable[Shown]) -> list[Shape]:
        return [self._notice(one) for one in shown]

    def _component(self, part: Part, group: str = "") -> Shape:
        return {
            "id": part.key,
            "name": in_language(part.names, self.language),
            "status": part.state,
            "created_at": _moment(part.made_at),
            "updated_at": _moment(part.since),
            "position": part.position,
            "description": None,
            "showcase": True,
            "start_date": part.made_at.date().isoformat(),
            "group_id": self._group_id(group) if group else None,
            "page_id": self.page_id,
            "group": False,
            "only_show_if_degraded": False,
        }

    def _group(self, name: str) -> Shape:
        members = [part for part in self.found.parts if in_language(part.groups, self.language) == name]
        first = members[0]
        return {
            **self._component(first),
            "id": self._group_id(name),
            "name": name,
            "status": standing.worst(part.state for part in members),
            "group": True,
            "components": [part.key for part in members],
        }

    def _group_id(self, name: str) -> str:
        return _id(f"{self.page_id}:{name}")

    def _notice(self, one: Shown) -> Shape:
        parts = {part.key: part for part in self.found.parts}
        place = "incidents" if one.is_trouble else "maintenance"
        shape: Shape = {
            "id": one.key,
            "name": in_language(one.titles, self.language),
            "status": one.state,
            "created_at": _moment(one.made_at),
            "updated_at": _moment(one.updated_at),
            "monitoring_at": _moment(_reached(one, standing.MONITORING)),
            "resolved_at": _moment(one.ended_at),
            "impact": one.impact if one.is_trouble else "maintenance",
            "shortlink": f"{self.base}{place}/{one.key}/",
            "started_at": _moment(one.began_at if one.is_trouble else one.started_at or one.began_at),
            "page_id": self.page_id,
            "incident_updates": [self._update(one, told) for told in one.updates],
            "components": [self._component(parts[key]) for key in one.components if key in parts],
        }
        if not one.is_trouble:
            shape |= {"scheduled_for": _moment(one.began_at), "scheduled_until": _moment(one.until)}
        return shape

    def _update(self, one: Shown, told: Told) -> Shape:
        names = self.found.names
        touched = [
            {
                "code": key,
                "name": in_language(names.get(key, {}), self.language),
                "old_status": before,
                "new_status": state,
            }
            for key, state, before in told.components
            if key in names
        ]
        return {
            "id": told.key,
            "status": told.state,
            "body": in_language(told.texts, self.language),
            "incident_id": one.key,
            "created_at": _moment(told.at),
            "updated_at": _moment(told.at),
            "display_at": _moment(told.at),
            "affected_components": touched or None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }


def _reached(one: Shown, state: str) -> datetime | None:
    return next((told.at for told in reversed(one.updates) if told.state == state), None)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def _id(text: str) -> str:
    """Twelve characters that stay the same as long as what they stand for does."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
