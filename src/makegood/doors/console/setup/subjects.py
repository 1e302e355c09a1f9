"""What ledger entries without a report are about: what it is called, and where it is for whoever may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from makegood.lib.texts import whole_number
from makegood.life.compensation.access import visible_compensations
from makegood.life.insights.models import Improvement, Review
from makegood.life.knowledge.access import visible_articles
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.rca.access import visible_actions, visible_analyses
from makegood.life.reports.models import Component, LedgerEntry, OutgoingMail
from makegood.life.statuspage.access import visible_notices


@dataclass(frozen=True)
class Subject:
    name: str
    url: str = ""
    title: str = ""


def of_entries(agent: Agent, entries: Iterable[LedgerEntry]) -> dict[int, Subject]:
    """Entry → what it is about; one query for each kind of thing; what ``agent`` may not see is left out."""
    keys: dict[str, set[int]] = {}
    named: dict[int, tuple[str, int]] = {}
    for entry in entries:
        kind, _colon, rest = _about(entry).partition(":")
        key = whole_number(rest)
        if not entry.report_id and kind in _FOUND and key is not None:
            keys.setdefault(kind, set()).add(key)
            named[entry.pk] = (kind, key)
    found = {
        (kind, row.pk): _FOUND[kind][1](row)
        for kind, wanted in keys.items()
        for row in _FOUND[kind][0](agent).filter(pk__in=wanted)
    }
    return {pk: found[about] for pk, about in named.items() if about in found}


def _about(entry: LedgerEntry) -> str:
    mail = entry.data.get("mail")
    return entry.about or (f"mail:{mail}" if mail else "")


def _mails(agent: Agent) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.all() if agent.may("mail.handle") else OutgoingMail.objects.none()


def _titled(number: str, route: str, title: str) -> Subject:
    return Subject(number, reverse(route, args=[number]), title)


def _review(one: Review) -> Subject:
    return Subject(f"{one.get_kind_display()} {one.first:%Y-%m-%d}", reverse("console:review", args=[one.key]))


# How things are called in ``about``: what of them somebody may see, and how one is shown.
_FOUND: dict[str, tuple[Callable[[Agent], QuerySet[Any]], Callable[[Any], Subject]]] = {
    "problem": (visible_problems, lambda one: _titled(one.number, "console:problem", one.title)),
    "action": (visible_actions, lambda one: _titled(one.number, "console:action", one.title)),
    "rca": (
        lambda agent: visible_analyses(agent).select_related("problem"),
        lambda one: _titled(one.number, "console:rca_of", one.problem.title),
    ),
    "article": (visible_articles, lambda one: Subject(one.number, reverse("console:article", args=[one.key]))),
    "compensation": (
        visible_compensations,
        lambda one: Subject(f"MG-{one.report_id}", reverse("console:compensation", args=[one.key])),
    ),
    "component": (
        lambda agent: Component.objects.all(),
        lambda one: Subject(one.name, reverse("console:status_component", args=[one.slug])),
    ),
    "notice": (visible_notices, lambda one: Subject(str(next(iter(one.titles.values()), one.key)))),
    "review": (lambda agent: Review.objects.all(), _review),
    "improvement": (lambda agent: Improvement.objects.all(), lambda one: Subject(one.words)),
    "mail": (_mails, lambda one: Subject(one.subject, reverse("console:mail_sent_one", args=[one.pk]))),
}
