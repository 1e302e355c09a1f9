"""Who may hear that a report changed: ``access.visible_reports`` for live events, decided without asking the database.

A stream lives in the event loop, where no query may run. So the thread that reads the events learns the facts of the
reports they name (one query a batch), and each listener is held against them. A test compares both for every role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.lib.texts import whole_number
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.reports.models import Report

_KEPT = 20_000
# Work under way, named by a key that only its page shows: an event says that there is news, not which.
_UNGUESSABLE = ("bulk:", "import:", "export", "hook:", "announcement:", "fix:", "problem:")


@dataclass(frozen=True)
class Facts:
    """What decides who sees a report."""

    is_protected: bool
    assignee: int | None
    teams: frozenset[int]


@dataclass(frozen=True)
class Ear:
    """An agent as they were when the stream was opened."""

    id: int
    role: str
    sees_all: bool
    teams: frozenset[int]


def ear_of(agent: Agent) -> Ear:
    return Ear(agent.pk, agent.role, agent.may("report.view_all"), frozenset(agent.teams.values_list("pk", flat=True)))


def report_of(topic: str) -> int | None:
    """The report a topic such as ``report:12`` or ``presence:report:12`` names."""
    return whole_number(topic.rpartition("report:")[2]) if "report:" in topic else None


class Audience:
    """Facts of the reports that were heard of lately. ``learn`` runs in the watching thread, ``may_hear`` anywhere."""

    def __init__(self) -> None:
        self._known: dict[int, Facts] = {}

    def learn(self, topics: Iterable[str]) -> None:
        """Look up, as they are now, the reports that ``topics`` name."""
        ids = {number for number in map(report_of, topics) if number is not None}
        columns = ("pk", "is_protected", "assignee_id", "team_id", "technical_team_id")
        rows = Report.objects.filter(pk__in=ids).order_by().values_list(*columns) if ids else ()
        if len(self._known) > _KEPT:
            self._known = dict(list(self._known.items())[-_KEPT // 2 :])
        for pk, is_protected, assignee, *teams in rows:
            self._known[pk] = Facts(is_protected, assignee, frozenset(team for team in teams if team is not None))

    def may_hear(self, ear: Ear, topic: str) -> bool:
        """Whether ``ear`` may learn of this topic: the queue, that problems changed, held mail, what they do
        themselves, reports they may see."""
        number = report_of(topic)
        if number is None:
            if topic == "mail":
                return roles.may(ear.role, "mail.handle")
            return topic in {"queue", "problems", f"agent:{ear.id}"} or topic.startswith(_UNGUESSABLE)
        facts = self._known.get(number)
        return facts is not None and may_see(ear, facts)


def may_see(ear: Ear, facts: Facts) -> bool:
    """The rule of ``access.visible_reports`` for one report."""
    if ear.role in (roles.LEAD, roles.ADMIN) or facts.assignee == ear.id or facts.teams & ear.teams:
        return True
    return ear.sees_all and not facts.is_protected
