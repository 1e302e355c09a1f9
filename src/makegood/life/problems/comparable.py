"""What a report or a problem is compared by: its words, what a machine said, the same kind, place, page or event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from makegood.engine.similar import Document, Question
from makegood.lib import rows, signatures
from makegood.life.people.actors import SYSTEM
from makegood.life.problems.models import Problem
from makegood.life.reports import states
from makegood.life.reports.models import Category, Component, Report

REPORT, PROBLEM = "report", "problem"
MOST_WORDS = 6_000
MESSAGE, REFERENCE = "error_message", "reference_code"
# Answers that say what a machine said: the facts they are about.
COMPARED = (MESSAGE, REFERENCE)
_FACTS = "browser", "os", "device", "release"
# How programs call the id of one event that they send with a report.
_EVENT_ID = re.compile(
    r"(?:x|sentry)?(?:error|event|incident|exception|crash|trace|correlation|request|support)(?:event)?"
    r"(?:id|uuid|guid|ref|reference)|traceparent|reference|referencecode"
)


@dataclass
class Spoken:
    """What the reporter of one report said: in messages and in answers to what a machine said; references apart."""

    words: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        said = "\n".join(self.words)
        return "\n".join([said, *(one for one in self.messages if one not in said)])[:MOST_WORDS]


def question_of(report: Report) -> Question:
    """A report as a question to the index."""
    document = document_of(report, spoken_of([report.pk])[report.pk], "")
    return Question(
        title=document.title,
        text=document.text,
        facets=document.facets,
        signatures=document.signatures,
        context=document.context,
        own=(REPORT, report.pk),
    )


def question_of_words(
    words: str, *, category: str = "", component: str = "", page: str = "", references: str = ""
) -> Question:
    """What somebody wrote, as a question: the first line or sentence is its title.

    ``category`` and ``component`` are slugs, ``page`` an address as it was typed, ``references`` an answer to "does it
    show a reference?". Without a page, an address among the words is it.
    """
    keys = {"category": _key(Category, category), "component": _key(Component, component)}
    return Question(
        title=words.strip().split("\n", 1)[0][:200],
        text=words[:MOST_WORDS],
        facets=_filled({**keys, "page": signatures.page_of(page or signatures.address_in(words))}),
        signatures=signatures.of_parts(references=[references] if references else ()),
    )


def document_of(report: Report, spoken: Spoken, cluster: str) -> Document:
    """A report as it lies in the index."""
    environment = {str(name): str(value) for name, value in (report.environment or {}).items()}
    facets = {
        "category": f"{report.category_id or ''}",
        "component": f"{report.component_id or ''}",
        "page": signatures.page_of(environment.get("page", "")),
        "kind": "question" if report.kind == states.QUESTION else "",
    }
    events = [value for name, value in environment.items() if _EVENT_ID.fullmatch(re.sub(r"[\W_]", "", name.lower()))]
    return Document(
        kind=REPORT,
        ref=report.pk,
        title=report.title,
        text=spoken.text,
        created_at=report.received_at,
        cluster=cluster,
        facets=_filled(facets),
        signatures=signatures.of_parts(references=[*events, *spoken.references]),
        context=" ".join(environment.get(name, "") for name in _FACTS).strip(),
    )


def document_of_problem(problem: Problem) -> Document:
    """A problem by its words, internal and public, its category and its components."""
    public = [*problem.public_titles.values(), *problem.public_texts.values()]
    parts = [problem.symptom, *problem.signatures, *public, problem.workaround]
    components = tuple(str(one.pk) for one in problem.components.all())
    category = {"category": str(problem.category_id)} if problem.category_id else {}
    return Document(
        kind=PROBLEM,
        ref=problem.pk,
        title=problem.title,
        text="\n".join(part for part in parts if part)[:MOST_WORDS],
        created_at=problem.last_joined_at or problem.opened_at,
        cluster=problem.about,
        facets={**category, **({"component": components} if components else {})},
    )


def spoken_of(reports: Iterable[int]) -> dict[int, Spoken]:
    """What each reporter said and was not taken back, oldest first, in two queries."""
    found = {pk: Spoken() for pk in reports}
    if not found:
        return found
    some = rows.marks(len(found))
    with connection.cursor() as cursor:
        cursor.execute(f"{_WORDS} AND report_id IN ({some}) ORDER BY report_id, id", [SYSTEM.kind, *found])  # noqa: S608 - placeholders only
        for pk, body in cursor.fetchall():
            found[pk].words.append(body)
        cursor.execute(f"{_ANSWERS} AND report_id IN ({some}) ORDER BY report_id, a.id", [*COMPARED, *found])  # noqa: S608 - placeholders only
        for pk, fact, text in cursor.fetchall():
            (found[pk].references if fact == REFERENCE else found[pk].messages).append(text)
    return found


_WORDS = (
    "SELECT report_id, body FROM reports_message WHERE withdrawn_at IS NULL AND NOT is_internal"
    " AND said_by <> %s AND said_by <> 'agent'"
)
_ANSWERS = (
    "SELECT report_id, q.fact, a.text FROM diagnosis_answer a JOIN diagnosis_question q ON q.id = a.question_id"
    " WHERE q.fact IN (%s, %s)"
)


def _key(model: Any, slug: str) -> str:
    """The key of a category or component, as the index has it; empty if there is none of that name."""
    if not slug:
        return ""
    return str(model.objects.filter(slug=slug).values_list("pk", flat=True).first() or "")


def _filled(facets: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in facets.items() if value}
