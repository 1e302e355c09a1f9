"""Changes made from a row or over a selection: one table of what can be done, to what, by whom.

``choices_for`` lists them for menus and palette. What each does to a report stands in ``life.aftercare.changes``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.people.models import Agent, Team
from makegood.life.problems import queries
from makegood.life.problems.access import access_problem
from makegood.life.problems.actions import open_problem
from makegood.life.reports import states
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Label, Report

Choice = tuple[str, Any]
NONE, NEW = "none", "+"


class NoSuchChange(Refusal):
    """The form asked for something that cannot be done from a list."""


@dataclass(frozen=True)
class Change:
    """``takes``: what an agent must be allowed; ``key``: the single key; ``needs_words``: looked over first."""

    name: Any
    takes: str
    icon: str
    key: str
    options: Callable[[Agent], list[Choice]]
    is_free: bool = False
    needs_words: bool = False
    asks: Any = ""


def choices_for(agent: Agent) -> list[dict[str, Any]]:
    """What this agent may change from the list, with the values to choose from."""
    return [
        {"what": what, "change": change, "options": change.options(agent)}
        for what, change in CHANGES.items()
        if agent.may(change.takes)
    ]


def check(agent: Agent, what: str, value: str) -> Change:
    """The change called ``what``. Raises NoSuchChange if it is unknown, not theirs, or takes no such value."""
    change = CHANGES.get(what)
    if change is None or not agent.may(change.takes):
        raise NoSuchChange(_("This cannot be done from the list."))
    if what == "problem":
        _check_problem(agent, value)
    if not change.is_free and value not in {option for option, _name in change.options(agent)}:
        raise NoSuchChange(_("Choose one of the values offered."))
    return change


def _check_problem(agent: Agent, value: str) -> None:
    """Raise NoSuchChange for a number that is nobody's, or not theirs to see, and for a new one without a title."""
    if value == NONE or (value.startswith(NEW) and value.removeprefix(NEW).strip() and agent.may("problem.edit")):
        return
    try:
        access_problem(agent, value)
    except NotFound:
        words = _("There is no such problem. Type a number such as PRB-12, or + and a title for a new one.")
        raise NoSuchChange(words) from None


def plain_value(what: str, value: str, *, agent: Agent, at: datetime, of: Report | None = None) -> str:
    """The value as ``aftercare.changes`` takes it: no 'me', no 'tomorrow'; a new problem is opened here, once for all.

    ``of``: the first report, which lends the new problem its facts.
    """
    if what == "problem" and value.startswith(NEW):
        return open_problem(value.removeprefix(NEW), by=agent.actor, at=at, of=of).number
    if what == "assignee" and value == "me":
        return str(agent.pk)
    until = snooze_until(value, at) if what == "snooze" else None
    return until.isoformat() if until else value


def in_words(what: str, value: str, agent: Agent) -> str:
    """'Assignee: Dora Dahl', for toasts and previews."""
    change = CHANGES[what]
    named = dict(change.options(agent)).get(value, value)
    return f"{change.name}: {named}"


def snooze_until(value: str, at: datetime) -> datetime | None:
    """The moment a snooze of this name ends, in the zone of whoever asks; None wakes the report."""
    local = timezone.localtime(at)
    morning = local.replace(hour=9, minute=0, second=0, microsecond=0)
    moments = {
        "hour": at + timedelta(hours=1),
        "hours": at + timedelta(hours=4),
        "tomorrow": morning + timedelta(days=1),
        "monday": morning + timedelta(days=(7 - local.weekday()) or 7),
        "week": morning + timedelta(days=7),
    }
    return moments.get(value)


def _people(agent: Agent) -> list[Choice]:
    return [("me", _("Me")), ("none", _("Nobody")), *((str(pk), name) for pk, name in _OTHERS(agent.pk))]


def _teams(agent: Agent) -> list[Choice]:
    return [*((str(pk), name) for pk, name in _TEAMS()), ("none", _("No team"))]


def _labels(agent: Agent) -> list[Choice]:
    return [(name, name) for name in _LABELS()]


def _problems(agent: Agent) -> list[Choice]:
    found = queries.unresolved(agent).values_list("pk", "title")[:100]
    return [(f"PRB-{pk}", f"PRB-{pk} {title}") for pk, title in found]


_OTHERS: Statement[tuple[int, str]] = Statement(
    lambda me: (
        Agent.objects.filter(is_active=True, is_service=False).exclude(pk=me).order_by("name").values_list("pk", "name")
    )
)
_TEAMS: Statement[tuple[int, str]] = Statement(
    lambda: Team.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
)
_LABELS: Statement[str] = Statement(lambda: Label.objects.order_by("name").values_list("name", flat=True)[:100])


def _severities(agent: Agent) -> list[Choice]:
    return list(Report.SEVERITIES)


# Solving and closing need words to the reporter, so they have a place of their own on the report page.
def _states(agent: Agent) -> list[Choice]:
    return [(v, n) for v, n in Report.STATES if v in {states.INVESTIGATING, states.CAUSE_FOUND, states.FIXING}]


def _snoozes(agent: Agent) -> list[Choice]:
    return [
        ("hour", _("For an hour")),
        ("hours", _("For 4 hours")),
        ("tomorrow", _("Until tomorrow, 9:00")),
        ("monday", _("Until Monday, 9:00")),
        ("week", _("For a week")),
        ("wake", _("Bring it back now")),
    ]


def _closings(agent: Agent) -> list[Choice]:
    return [
        ("answered", _("The question is answered")),
        ("duplicate", _("Another report tells the same")),
        ("withdrawn", _("The reporter took it back")),
        ("spam", _("It is spam")),
    ]


CHANGES: dict[str, Change] = {
    "assignee": Change(gettext_lazy("Assignee"), "report.assign", "user", "a", _people),
    "state": Change(gettext_lazy("State"), "report.set_state", "arrow-right", "s", _states),
    "severity": Change(gettext_lazy("Severity"), "report.set_severity", "flag", "p", _severities),
    "team": Change(gettext_lazy("Team"), "report.assign", "users", "", _teams),
    "label": Change(
        gettext_lazy("Label"),
        "report.label",
        "tag",
        "l",
        _labels,
        is_free=True,
        asks=gettext_lazy("Labels to add; with a minus in front: to take away"),
    ),
    "problem": Change(
        gettext_lazy("Problem"),
        "problem.join",
        "bolt",
        "",
        _problems,
        is_free=True,
        asks=gettext_lazy("The number of a problem; + and a title opens a new one; none takes them out"),
    ),
    "snooze": Change(gettext_lazy("Snooze"), "report.snooze", "snooze", "h", _snoozes),
    "close": Change(gettext_lazy("Close"), "report.close", "check", "", _closings, needs_words=True),
}
