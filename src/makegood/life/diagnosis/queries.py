"""What is known of a report, what is still missing, what may be tried."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch, Q

from makegood.lib import rows
from makegood.lib.statements import Statement
from makegood.life.diagnosis import completeness
from makegood.life.diagnosis.completeness import Completeness, Fact
from makegood.life.diagnosis.models import Answer, AskedQuestion, AskRequest, Question
from makegood.life.reports.models import Attachment, Category, Message, Report

MACHINE_FACTS = ("browser", "os", "device", "page")


@dataclass(frozen=True)
class Known:
    """``facts``: fact → what we know. ``answers``: question id → its newest answer."""

    facts: dict[str, str]
    answers: dict[int, Answer]


@dataclass(frozen=True)
class Choice:
    """A question in the builder: ``known`` is the value if asking would be asking twice; ``open`` if already asked."""

    question: Question
    known: str
    is_open: bool
    worth: int


def newest_answers(report: Report) -> dict[int, Answer]:
    """question id → the answer that counts. One query."""
    return {answer.question_id: answer for answer in _ANSWERED(report.pk)}


def known(report: Report) -> Known:
    """Everything the report, its machine facts, files and answers say. Three queries."""
    answers = newest_answers(report)
    facts = {name: str(report.environment.get(name) or "") for name in MACHINE_FACTS}
    facts["happened"] = _first_words(report)
    facts["how_bad"] = report.hindrance
    facts["reach"] = report.contact.email or report.contact.phone or ""
    for media_type, is_picture, name in _SHOWN_BY(report.pk):
        facts["picture" if is_picture else "logs"] = name or media_type
    for answer in answers.values():
        facts[answer.question.fact] = answer.data.get("value") or answer.text
    return Known({slug: value for slug, value in facts.items() if value}, answers)


def _first_words(report: Report) -> str:
    return _FIRST_WORDS.first(report.pk) or report.title


def worth_asking(category: Category | None) -> list[Question]:
    """The questions of a category, its own first, then the general ones."""
    return sorted(_WORTH_ASKING(category.pk if category else 0), key=lambda question: question.is_general)


def assess(report: Report, have: Known | None = None) -> Completeness:
    """How complete the error document is, and what is missing, most telling first."""
    have = have or known(report)
    extra = [Fact(q.fact, q.weight, q.labels) for q in worth_asking(report.category) if not q.is_general]
    return completeness.assess(have.facts, kind=report.kind, extra=extra)


def weigh(report: Report) -> Completeness:
    """``assess`` without the words: three lean queries, for keeping the figure after each change."""
    facts = {name: str(report.environment.get(name) or "") for name in MACHINE_FACTS}
    facts |= {"happened": report.title, "how_bad": report.hindrance, "reach": "yes"}
    with connection.cursor() as cursor:
        cursor.execute(_FILES, [report.pk])
        facts |= {"picture" if is_picture else "logs": "yes" for (is_picture,) in cursor.fetchall()}
        cursor.execute(_ANSWERS, [report.pk])
        facts |= {fact: json.loads(data).get("value") or text for fact, data, text in cursor.fetchall()}
        cursor.execute(_OWN_QUESTIONS, [report.category_id])
        extra = [Fact(fact, weight) for fact, weight in cursor.fetchall()]
    return completeness.assess(facts, kind=report.kind, extra=extra)


_ANSWERED = Statement(lambda report: Answer.objects.filter(report=report).select_related("question").order_by("id"))
_SHOWN_BY: Statement[tuple[str, bool, str]] = Statement(
    lambda report: (
        Attachment.objects.filter(report=report, removed_at=None)
        .order_by("id")
        .values_list("media_type", "is_picture", "name")
    )
)
_FIRST_WORDS: Statement[str] = Statement(
    lambda report: (
        Message.objects.filter(report=report, is_internal=False, said_by="contact")
        .order_by("id")
        .values_list("body", flat=True)[:1]
    )
)
_WORTH_ASKING = Statement(
    lambda category: (
        Question.objects.filter(Q(is_general=True) | Q(category_questions__category=category), is_active=True)
        .distinct()
        .order_by("position", "slug")
    )
)
_FILES = "SELECT is_picture FROM reports_attachment WHERE report_id = %s AND removed_at IS NULL"
_ANSWERS = """
    SELECT q.fact, a.data, a.text FROM diagnosis_answer a JOIN diagnosis_question q ON q.id = a.question_id
    WHERE a.report_id = %s ORDER BY a.id"""
_OWN_QUESTIONS = """
    SELECT q.fact, q.weight FROM diagnosis_categoryquestion c JOIN diagnosis_question q ON q.id = c.question_id
    WHERE c.category_id = %s AND q.is_active AND NOT q.is_general"""


def choices(report: Report) -> list[Choice]:
    """The question library for this report: open facts first by worth, known ones with what is known."""
    have = known(report)
    waiting = set(
        AskedQuestion.objects.filter(request__report=report, request__state="open", answer=None).values_list(
            "question_id", flat=True
        )
    )
    found = [
        Choice(question, have.facts.get(question.fact, ""), question.pk in waiting, _worth(question))
        for question in worth_asking(report.category)
        if question.fact in completeness.CONDITIONS or completeness.applies(question.fact, have.facts, kind=report.kind)
    ]
    return sorted(found, key=lambda choice: (bool(choice.known), choice.is_open, -choice.worth))


def _worth(question: Question) -> int:
    fact = completeness.BY_SLUG.get(question.fact)
    return fact.worth if fact else question.weight


def open_requests(report: Report) -> list[AskRequest]:
    """What we have asked and not yet heard; each with ``asked`` and its questions fetched."""
    return _OPEN_REQUESTS(report.pk)


_OPEN_REQUESTS = Statement(
    lambda report: (
        AskRequest.objects.filter(report=report, state="open")
        .order_by("id")
        .prefetch_related(Prefetch("asked", AskedQuestion.objects.select_related("question", "answer")))
    )
)


def open_questions(report: Report) -> list[AskedQuestion]:
    """The reporter's cards: asked, still unanswered, each question once."""
    cards: dict[int, AskedQuestion] = {}
    for request in open_requests(report):
        cards |= {asked.question_id: asked for asked in request.asked.all() if asked.answer_id is None}
    return list(cards.values())


def by_slug(slugs: Mapping[str, object]) -> dict[str, Question]:
    """Questions by slug, unknown slugs left out."""
    wanted = list(slugs)
    found = rows.read(Question, f"slug IN ({rows.marks(len(wanted))})", wanted) if wanted else []
    return {question.slug: question for question in found}
