"""A priority in words: what it is called, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makegood.life.problems import priority
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report

NAMES: dict[int, Any] = {
    1: gettext_lazy("P1, now"),
    2: gettext_lazy("P2, today"),
    3: gettext_lazy("P3, this week"),
    4: gettext_lazy("P4, when it fits"),
}
_HINDRANCES: dict[int, Any] = {
    2: gettext_lazy("the reporter cannot do it at all"),
    3: gettext_lazy("the reporter found another way"),
    4: gettext_lazy("it only looks wrong"),
}


def name(value: int) -> str:
    """What a priority is called."""
    return str(NAMES.get(value, NAMES[3]))


def panel(thing: Report | Problem) -> dict[str, Any]:
    """What is shown of it: its name, what it rests on, and what was computed where somebody overruled it."""
    computed = thing.priority_why.get("value", thing.priority)
    return {
        "name": name(thing.priority),
        "why": sentences(thing.priority_why),
        "by": thing.priority_by,
        "reason": thing.priority_reason,
        "computed": name(computed) if thing.priority_by else "",
    }


def sentences(why: Mapping[str, Any]) -> list[str]:
    """What it rests on, a short sentence each, in the order in which it counted."""
    return [words for kind, number in why.get("reasons", ()) if (words := _reason(kind, number))]


def short(thing: Report | Problem) -> str:
    """P1 or P2 with what made it so, as far as one reason did; the others alone."""
    why = _("decided by hand") if thing.priority_by else chief(thing.priority_why)
    return f"P{thing.priority} · {why}" if why and thing.priority <= 2 else f"P{thing.priority}"


def chief(why: Mapping[str, Any]) -> str:
    """The one reason worth a badge: what makes it more than its severity says; empty if nothing does. Some people with
    a way round weigh no more than few."""
    reasons = dict(_pairs(why))
    if priority.ROUND in reasons:
        reasons.pop(priority.SOME, None)
    if reasons.get(priority.HINDRANCE, 2) != 2:
        del reasons[priority.HINDRANCE]
    for kind, words in (
        (priority.SPIKE, _("more than usual")),
        (priority.MANY, _people(reasons.get(priority.MANY, 0))),
        (priority.KEY, _("key account")),
        (priority.SOME, _people(reasons.get(priority.SOME, 0))),
        (priority.LONG, _("open for long")),
        (priority.HINDRANCE, _("cannot go on")),
    ):
        if kind in reasons:
            return words
    return ""


def _pairs(why: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    return [(kind, number) for kind, number in why.get("reasons", ())]


def _people(number: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": number}


def _reason(kind: str, number: int) -> str:
    if kind == priority.SEVERITY:
        severity = dict(Report.SEVERITIES)[priority.SEVERITIES[number - 1]]
        return _("The severity is %(severity)s.") % {"severity": severity}
    if kind in (priority.MANY, priority.SOME):
        return _("It hits %(people)s.") % {"people": _people(number)}
    if kind == priority.FEW:
        return _("It hits one customer, as far as we know.") if number == 1 else _reason(priority.SOME, number)
    if kind == priority.HINDRANCE:
        return _("As they say, %(words)s.") % {"words": _HINDRANCES.get(number, "")}
    plain = {
        priority.KEY: _("A key account is among those hit."),
        priority.ROUND: _("There is a way round."),
        priority.SPIKE: _("More reports of this kind come in than is usual: one step up."),
        priority.LONG: ngettext(
            "It has been open for %(n)s day: one step up.", "It has been open for %(n)s days: one step up.", number
        )
        % {"n": number},
    }
    return plain.get(kind, "")
