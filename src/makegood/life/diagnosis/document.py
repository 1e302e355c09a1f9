"""The error document (A5), built live from the report and all that hangs on it. ``snapshot`` is its one form as data.

Plain values only, so that it can be kept with an escalation, exported and compared. Secrets that people paste (status
links, passwords, tokens) never enter it; internal notes do not either.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from makegood.life.diagnosis import completeness, queries
from makegood.life.diagnosis.completeness import Completeness
from makegood.life.diagnosis.models import Answer, Question
from makegood.life.promises.models import Promise
from makegood.life.reports import access
from makegood.life.reports.models import Message, Report

SCHEMA, VERSION = "makegood.error-document", 1
MOST_MESSAGES = 200
MOST_WORDS = 10_000

_SECRETS = (
    (re.compile(r"(/(?:r|mine|welcome)/)[0-9a-z]{16,}/?", re.IGNORECASE), r"\1…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{12,}"), r"\1 …"),
    (
        re.compile(
            r"(?i)\b(password|passwort|kennwort|pwd|secret|api[-_ ]?key|token|pin|tan)\b"
            r"(\s{0,3}(?:is|ist|lautet)?\s{0,3}[:=]\s{0,9})\S+"
        ),
        r"\1\2…",
    ),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"), "…"),
)


def snapshot(report: Report, *, at: datetime) -> dict[str, Any]:
    """The whole document as plain values at ``at``; see docs/use/error-document.md for its fields. Ten queries."""
    have = queries.known(report)
    found = queries.assess(report, have)
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "as_of": at.isoformat(),
        **_head(report),
        "completeness": {"percent": found.percent, "missing": [_named(fact) for fact in found.missing]},
        "facts": _facts(report, have, found),
        "environment": {str(name): without_secrets(str(value)) for name, value in report.environment.items() if value},
        "steps_tried": _trials(report),
        "conversation": _conversation(report, at),
        "files": _files(report),
        "promises": _promises(report),
    }


def without_secrets(words: str) -> str:
    """``words`` with pasted status links, passwords and tokens struck out, and not longer than a document holds."""
    for pattern, instead in _SECRETS:
        words = pattern.sub(instead, words)
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]} …"


def _head(report: Report) -> dict[str, Any]:
    contact, category = report.contact, report.category
    return {
        "number": report.number,
        "title": without_secrets(report.title),
        "kind": report.kind,
        "severity": report.severity,
        "state": report.state,
        "channel": report.channel,
        "language": report.language,
        "received_at": report.received_at.isoformat(),
        "category": {"slug": category.slug, "names": category.names} if category else None,
        "component": report.component.name if report.component else None,
        "team": report.team.name if report.team else None,
        "reopened": report.reopened_count,
        "reporter": {
            "name": contact.name,
            "organisation": report.organisation.name if report.organisation else "",
            "email": contact.email or "",
            "phone": contact.phone,
            "second_email": contact.second_email,
            "preferred_way": contact.preferred_way,
        },
    }


def _named(fact: completeness.Fact) -> dict[str, Any]:
    return {"fact": fact.slug, "names": dict(fact.names)}


def _facts(report: Report, have: queries.Known, found: Completeness) -> list[dict[str, Any]]:
    """Every known line in the order of the document: the general facts, then those of the category."""
    answers: dict[str, Answer] = {answer.question.fact: answer for answer in have.answers.values()}
    names = {fact.slug: dict(fact.names) for fact in found.known}
    order = [fact.slug for fact in found.known if fact.slug not in ("picture", "logs", "reach")]
    order += [slug for slug in answers if slug not in order]
    lines = []
    for slug in order:
        answer = answers.get(slug)
        words = answer.text if answer else have.facts.get(slug, "")
        lines.append(
            {
                "fact": slug,
                "names": names.get(slug) or (dict(answer.question.labels) if answer else {}),
                "words": without_secrets(words),
                "words_in": _choice_words(answer) if answer else _hindrance_words(report, slug),
                "source": answer.source if answer else "report",
                "by": answer.by_name if answer else "",
                "at": answer.at.isoformat() if answer else report.received_at.isoformat(),
            }
        )
    return lines


def _choice_words(answer: Answer) -> dict[str, str]:
    """What was chosen, in every language we have it in."""
    value, question = answer.data.get("value"), answer.question
    if value is None:
        return {}
    return {language: dict(question.choices_in(language)).get(value, "") for language in question.texts}


def _hindrance_words(report: Report, slug: str) -> dict[str, str]:
    if slug != "how_bad":
        return {}
    question = Question.objects.filter(fact="how_bad", is_general=True).first()
    if question is None:
        return {}
    return {language: dict(question.choices_in(language)).get(report.hindrance, "") for language in question.texts}


def _trials(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "step": trial.step.slug,
            "titles": trial.step.titles,
            "outcome": trial.outcome,
            "notes": without_secrets(trial.notes),
            "by": trial.by_name,
            "at": trial.at.isoformat(),
        }
        for trial in report.trials.select_related("step")
    ]


def _conversation(report: Report, at: datetime) -> list[dict[str, Any]]:
    newest: QuerySet[Message] = access.public_messages(report, now=at).order_by("-id")[:MOST_MESSAGES]
    return [
        {
            "side": message.said_by,
            "by": message.name,
            "at": message.at.isoformat(),
            "words": without_secrets(message.body),
        }
        for message in reversed(newest)
    ]


def _files(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.sha256,
            "is_picture": file.is_picture,
            "at": file.at.isoformat(),
        }
        for file in report.attachments.filter(removed_at=None).order_by("id")
    ]


def _promises(report: Report) -> list[dict[str, Any]]:
    owed = report.promises.order_by("made_at", "id")
    return [
        {
            "kind": promise.kind,
            "owed_to": promise.owed_to,
            "made_at": promise.made_at.isoformat(),
            "due_at": promise.due_at.isoformat(),
            "state": _became(promise),
            "kept_at": promise.kept_at.isoformat() if promise.kept_at else None,
            "broken_at": promise.broken_at.isoformat() if promise.broken_at else None,
        }
        for promise in owed
    ]


def _became(promise: Promise) -> str:
    return "broken" if promise.broken_at and promise.state == Promise.OPEN else promise.state
