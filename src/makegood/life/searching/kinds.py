"""ONE table: every kind of thing that can be found, what it says in the index, and who may see it.

``place`` is what people write behind ``in:``. A new kind is a row here, its reactions in ``keeping``, and a migration
that prepares its index (see 0002, 0003).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from makegood.lib.markup import plain
from makegood.life.escalation.account import visible_contacts, visible_organisations
from makegood.life.knowledge.access import visible_articles
from makegood.life.knowledge.models import Wording
from makegood.life.people.models import Agent, Contact, Organisation
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.rca.access import visible_actions, visible_analyses
from makegood.life.rca.models import Action, Rca
from makegood.life.rca.writing import TEXTS
from makegood.life.reports import finding
from makegood.life.reports.models import Report
from makegood.life.searching import readings

Document = tuple[int, str, str]
_BATCH = 1000


# Given the reports that the seeker may see and the fields of the query mean: those of some rows that may be shown.
Visible = Callable[[Agent, QuerySet[Report], list[int]], set[int]]


@dataclass(frozen=True)
class Kind:
    """``rows``: all that can be found; ``all``: their documents, for making all anew; ``is_kept``: but what is in the
    index stays then, because it cost much to read. ``has_fields``: whether the fields of a query count for it."""

    name: str
    place: str
    rows: Callable[[], QuerySet[Any]]
    visible: Visible
    all: Callable[[], Iterator[list[Document]]]
    has_fields: bool = False
    is_kept: bool = False


def contact_says(contact: Contact) -> Document:
    numbers = (contact.phone, "".join(filter(str.isdigit, contact.phone)), contact.member_number)
    facts = (contact.email or "", contact.second_email, *numbers, str(contact.organisation or ""))
    return contact.pk, contact.called, _lines(facts)


def organisation_says(organisation: Organisation) -> Document:
    return organisation.pk, organisation.name, organisation.note


def colleague_says(agent: Agent) -> Document:
    return agent.pk, agent.name, agent.email


def problem_says(problem: Problem) -> Document:
    """Our words and the public's; reporters never search."""
    public = (problem.public_titles, problem.public_texts, problem.public_workarounds)
    told = (text for texts in public for text in texts.values())
    noted = problem.notes.filter(removed_at=None).order_by("id").values_list("body", flat=True)
    ours = (problem.symptom, *problem.signatures, problem.cause, problem.workaround, problem.fix, problem.fixed_in)
    return problem.pk, problem.title, _lines((problem.number, *ours, *told, *noted))


def analysis_says(rca: Rca) -> Document:
    """Under the title of its problem: an analysis has none of its own."""
    told = (rca.number, rca.problem.number, *(getattr(rca, name) for name in TEXTS), *rca.public_texts.values())
    return rca.pk, rca.problem.title, _lines(told)


def action_says(action: Action) -> Document:
    return action.pk, action.title, _lines((action.number, action.details, action.measure, action.outcome))


def article_says(wording: Wording) -> Document:
    """Words of one language; its note for colleagues is not among them, for reporters search here too."""
    words = (plain(getattr(wording, name)) for name in ("issue", "environment", "resolution", "cause"))
    return wording.pk, f"{wording.title}\n{wording.search_words}".strip(), _lines(words)


def _lines(texts: Iterable[str]) -> str:
    return finding.joined(list(filter(None, texts)))


def _each(model: type[Model], says: Callable[[Any], Document], *related: str) -> Callable[[], Iterator[list[Document]]]:
    def every() -> Iterator[list[Document]]:
        last = 0
        rows = model._default_manager.select_related(*related).order_by("pk")
        while some := list(rows.filter(pk__gt=last)[:_BATCH]):
            last = some[-1].pk
            yield [says(row) for row in some]

    return every


def _among(there: Callable[[Agent], QuerySet[Any]]) -> Visible:
    return lambda seeker, _reports, keys: _keys(there(seeker).filter(pk__in=keys))


def _reports(_seeker: Agent, reports: QuerySet[Report], keys: list[int]) -> set[int]:
    return _keys(reports.filter(pk__in=keys))


def _files(_seeker: Agent, reports: QuerySet[Report], keys: list[int]) -> set[int]:
    """Two questions: in one, SQLite would list all the reports there are before it looks at a file."""
    of = dict(readings.there().filter(pk__in=keys).values_list("pk", "report"))
    seen = _keys(reports.filter(pk__in=set(of.values())))
    return {file for file, report in of.items() if report in seen}


def _colleagues(seeker: Agent) -> QuerySet[Agent]:
    return Agent.objects.filter(is_active=True) if seeker.may("console.use") else Agent.objects.none()


def _keys(rows: QuerySet[Any]) -> set[int]:
    return set(rows.order_by().values_list("pk", flat=True))


TABLE: tuple[Kind, ...] = (
    Kind(
        finding.KIND,
        "reports",
        lambda: Report.objects.select_related("contact", "organisation", "assignee"),
        _reports,
        finding.documents,
        has_fields=True,
    ),
    Kind(
        readings.KIND,
        "files",
        lambda: readings.there().select_related("report", "message"),
        _files,
        readings.missing,
        has_fields=True,
        is_kept=True,
    ),
    Kind("problem", "problems", Problem.objects.all, _among(visible_problems), _each(Problem, problem_says)),
    Kind(
        "rca",
        "analyses",
        lambda: Rca.objects.select_related("problem"),
        _among(visible_analyses),
        _each(Rca, analysis_says, "problem"),
    ),
    Kind("action", "actions", Action.objects.all, _among(visible_actions), _each(Action, action_says)),
    Kind(
        "article",
        "articles",
        lambda: Wording.objects.select_related("article"),
        lambda seeker, _reports, keys: _keys(
            Wording.objects.filter(pk__in=keys, article__in=visible_articles(seeker).order_by().values("pk"))
        ),
        _each(Wording, article_says),
    ),
    Kind(
        "contact",
        "people",
        lambda: Contact.objects.select_related("organisation"),
        _among(visible_contacts),
        _each(Contact, contact_says, "organisation"),
    ),
    Kind(
        "organisation",
        "people",
        Organisation.objects.all,
        _among(visible_organisations),
        _each(Organisation, organisation_says),
    ),
    Kind("agent", "people", Agent.objects.all, _among(_colleagues), _each(Agent, colleague_says)),
)
BY_NAME = {kind.name: kind for kind in TABLE}


def in_place(place: str) -> tuple[str, ...]:
    """The kinds that stand under one heading."""
    return tuple(kind.name for kind in TABLE if kind.place == place)
