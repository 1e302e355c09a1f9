"""The word for where a problem stands, the same on the status page and on the pages of those who reported it.

Both say whether the repair has begun once the cause is known; the four states of the page cannot. It is never claimed
ahead: an update keeps the word that was true when it was told, the notice has the one that is true now.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from makegood.life.problems.models import about
from makegood.life.reports.models import LedgerEntry
from makegood.life.statuspage import standing
from makegood.life.statuspage.models import Notice, Update

_MOVES = ("problem.state_changed", "problem.came_back")


def now(notice: Notice) -> str:
    """One of ``standing.STEPS`` for a notice, by what its problem is at this moment."""
    return standing.step(notice.state, notice.problem.state if notice.problem else "")


def of(updates: Collection[Update]) -> dict[int, str]:
    """Update → one of ``standing.STEPS``, by what its problem was when it was told. One query, or none."""
    asked = {one.notice.problem_id for one in updates if one.state == standing.IDENTIFIED and one.notice.problem_id}
    moves = _moves(asked) if asked else {}
    return {
        one.pk: standing.step(one.state, _inside(moves.get(one.notice.problem_id or 0, []), one.at)) for one in updates
    }


def _moves(problems: Collection[int]) -> dict[int, list[tuple[datetime, str]]]:
    """Problem → when it went to which state, in order."""
    keys = {about(one): one for one in problems}
    found: dict[int, list[tuple[datetime, str]]] = {}
    rows = LedgerEntry.objects.filter(about__in=list(keys), kind__in=_MOVES).order_by("id")
    for place, at, data in rows.values_list("about", "at", "data"):
        found.setdefault(keys[place], []).append((at, data.get("to", {}).get("state", "")))
    return found


def _inside(moves: list[tuple[datetime, str]], at: datetime) -> str:
    return next((state for moved_at, state in reversed(moves) if moved_at <= at), "")
