"""What a program passes on for a reporter: their words, answers and verdict, in their name; the ledger says by whom.

A portal of the company's own, or a telephone system, speaks here for people it has signed in itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Unpack

from django.db import transaction

from makegood.life.aftercare import actions, feedback
from makegood.life.aftercare.models import Csat, Resolution
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Message, Report

CHANNEL = "api"


def say(report: Report, body: str, *, by: Actor, at: datetime) -> Message:
    """The reporter said ``body``. As ``actions.hear``."""
    with transaction.atomic():
        _note(report, "words", by=by, at=at)
        return actions.hear(report, body, by=report.contact.actor, at=at, channel=CHANNEL)


def answer(report: Report, answers: Mapping[str, str], *, by: Actor, at: datetime) -> int:
    """The reporter answered questions, slug → words; returns how many were kept. Raises NotAnAnswer."""
    with transaction.atomic():
        _note(report, "answers", by=by, at=at)
        return len(actions.hear_answers(report, answers, by=report.contact.actor, at=at))


def confirm(report: Report, verdict: str, *, by: Actor, at: datetime, said: str = "") -> Resolution:
    """The reporter's word on "is it solved for you?". As ``actions.confirm``."""
    with transaction.atomic():
        _note(report, "verdict", by=by, at=at)
        return actions.confirm(report, verdict, by=report.contact.actor, at=at, said=said)


def rate(report: Report, score: int, *, by: Actor, at: datetime, **why: Unpack[feedback.Why]) -> Csat:
    """The reporter said how they were served. As ``feedback.rate``; a second answer returns the first."""
    with transaction.atomic():
        _note(report, "feedback", by=by, at=at)
        return feedback.rate(report, score, by=report.contact.actor, at=at, **why)


def _note(report: Report, what: str, *, by: Actor, at: datetime) -> None:
    ledger.record(report, "report.relayed", by=by, at=at, data={"what": what})
