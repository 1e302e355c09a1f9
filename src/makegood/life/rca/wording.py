"""A line of the timeline in words, in the reader's language; and what the fields of an analysis are called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from makegood.life.problems.models import Problem
from makegood.life.promises import names
from makegood.life.rca.models import TimelineRow

Moment = Callable[[datetime], str]

# Field → what it is called, the hint beneath, how many lines; in the order of the form, in groups.
FIELDS: dict[str, tuple[Any, Any, int]] = {
    "overview": (
        gettext_lazy("What happened"),
        gettext_lazy("A few sentences for somebody who was not there: what broke, for whom, for how long."),
        5,
    ),
    "trigger": (
        gettext_lazy("What set it off"),
        gettext_lazy("The change, the load, the date: what was different just before."),
        3,
    ),
    "root_cause": (
        gettext_lazy("Why it could happen"),
        gettext_lazy("What was true long before. Draw it under Causes; sum it up here. Never a person."),
        4,
    ),
    "factors": (
        gettext_lazy("What else contributed"),
        gettext_lazy("What made it more likely, wider or longer, one a line."),
        4,
    ),
    "detection": (gettext_lazy("How we noticed"), gettext_lazy("What told us, and how long after it began."), 3),
    "monitoring_gap": (
        gettext_lazy("Why did our monitoring not see it before the customer did?"),
        gettext_lazy("Always to be answered: a customer who tells us first is an alarm that did not ring."),
        4,
    ),
    "mended_for_now": (gettext_lazy("How it was mended for the moment"), gettext_lazy("What ended the harm."), 3),
    "mended_for_good": (gettext_lazy("How it was mended for good"), gettext_lazy("What keeps it mended."), 3),
    "data_lost": (
        gettext_lazy("Data lost, exposed or wrong"),
        gettext_lazy("Say so as well if there was none, and how we know."),
        2,
    ),
    "went_well": (gettext_lazy("What went well"), "", 3),
    "went_badly": (gettext_lazy("What went badly"), "", 3),
    "luck": (gettext_lazy("Where we were lucky"), gettext_lazy("What happened to be so, and may not be next time."), 2),
    "lessons": (gettext_lazy("What we learn from it"), "", 3),
    "internal_text": (
        gettext_lazy("Words for colleagues"),
        gettext_lazy("A short mail that says what matters to everybody in the house."),
        4,
    ),
}


def row_words(row: TimelineRow, *, when: Moment) -> str:
    """What a line says: typed over it, else from its kind and facts."""
    return row.words if row.words or not row.kind else capfirst(_drafted(row, when))


def _drafted(row: TimelineRow, when: Moment) -> str:
    told: dict[str, Any] = {**row.facts, "n": row.count, "number": row.report.number if row.report else _("a report")}
    told["what"] = names.name(str(row.facts.get("what") or ""))
    told["due"] = _due(row.facts.get("due_at"), when)
    if row.kind.startswith("promise."):
        return _promise(row, told)
    if row.kind in _SEVERAL:
        return str(_SEVERAL[row.kind] % told)
    return _of_problem(row, told)


def _due(value: Any, when: Moment) -> str:
    try:
        return when(datetime.fromisoformat(str(value))) if value else ""
    except ValueError:
        return ""


def _promise(row: TimelineRow, told: dict[str, Any]) -> str:
    if row.kind == "promise.made":
        if row.count == 1 and told["due"]:
            return _("Promised for %(number)s: %(what)s by %(due)s.") % told
        return ngettext("Promised for %(number)s: %(what)s.", "Promised %(n)d times: %(what)s.", row.count) % told
    if row.kind == "promise.broken":
        return (
            ngettext("Not kept in time for %(number)s: %(what)s.", "Not kept in time %(n)d times: %(what)s.", row.count)
            % told
        )
    if told.get("late"):
        return (
            ngettext("Kept, but late, for %(number)s: %(what)s.", "Kept late %(n)d times: %(what)s.", row.count) % told
        )
    return ngettext("Kept for %(number)s: %(what)s.", "Kept %(n)d times: %(what)s.", row.count) % told


def _of_problem(row: TimelineRow, told: dict[str, Any]) -> str:
    if row.kind == "problem.state_changed":
        told["state"] = dict(Problem.STATES).get(str(told.get("state")), told.get("state"))
        return _("The problem is now: %(state)s.") % told
    if row.kind == "problem.handed" and told.get("team_name"):
        return _("The problem went to %(team_name)s.") % told
    if row.kind == "fix.released" and told.get("version"):
        return _("Release %(version)s contains the fix.") % told
    if row.kind == "fix.deployed" and row.facts.get("what"):
        return _("Customers have the fix: %(version)s.") % {"version": row.facts["what"]}
    if row.kind == "announcement.done":
        count = int(told.get("told") or 0)
        return ngettext("One reporter was told.", "%(count)d reporters were told.", count) % {"count": count}
    return str(_PLAIN.get(row.kind, row.kind))


_SEVERAL: dict[str, Any] = {
    "report.received": ngettext_lazy("%(number)s came in.", "%(n)d reports came in.", "n"),
    "message.said": ngettext_lazy("We wrote to the reporter of %(number)s.", "We wrote to reporters %(n)d times.", "n"),
    "escalation.made": ngettext_lazy("%(number)s was escalated.", "%(n)d reports were escalated.", "n"),
    "escalation.accepted": ngettext_lazy(
        "%(number)s was taken by the technical team.", "%(n)d escalations were taken.", "n"
    ),
    "escalation.answered": ngettext_lazy(
        "The technical team answered about %(number)s.", "%(n)d escalations were answered.", "n"
    ),
    "escalation.handed_back": ngettext_lazy(
        "%(number)s came back from the technical team.", "%(n)d came back to the desk.", "n"
    ),
    "report.reopened": ngettext_lazy("%(number)s was opened again.", "%(n)d reports were opened again.", "n"),
    "report.solved": ngettext_lazy("%(number)s was solved.", "%(n)d reports were solved.", "n"),
    "report.confirmed": ngettext_lazy(
        "The reporter of %(number)s said that it works.", "%(n)d reporters said that it works.", "n"
    ),
}
_PLAIN: dict[str, Any] = {
    "problem.opened": gettext_lazy("The problem was opened."),
    "problem.came_back": gettext_lazy("It came back."),
    "problem.published": gettext_lazy("It was made public."),
    "problem.handed": gettext_lazy("Another person has the problem."),
    "fix.merged": gettext_lazy("A change that belongs to the fix was merged."),
    "fix.released": gettext_lazy("A release contains the fix."),
    "fix.deployed": gettext_lazy("Customers have the fix."),
    "announcement.started": gettext_lazy("We begin to tell everybody it hit."),
}
