"""Known errors offered to reporters: while they write, in the acknowledgement, on their page; and "me too".

Only problems with public words are offered, and only those words are shown. What others wrote is compared, never told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine.similar import Reasons
from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.problems import comparable, known, membership, public, queries
from makegood.life.problems.models import Membership, Problem
from makegood.life.problems.public import PublicProblem
from makegood.life.reports import access, ledger
from makegood.life.reports.models import LedgerEntry, Report

MOST = 2
LEAST_WORDS = 3


class NoLongerOffered(Refusal):
    """The known error is over, or no longer public."""


@dataclass(frozen=True)
class Offer:
    """A known error as a reporter may read it: ``key`` says which in a form; ``why`` the kinds of what is the same
    (reference, message, page …), strongest first. Never which words: they would tell what others wrote."""

    key: str
    known: PublicProblem
    why: tuple[str, ...] = ()


def for_words(words: str, language: str, *, now: datetime, **told: str) -> list[Offer]:
    """Known errors that what somebody is writing may be about, in public words of ``language``.

    ``told`` as in ``comparable.question_of_words``: category, page, references as far as they are known.
    """
    if len(words.split()) < LEAST_WORDS:
        return []
    offered = _offered()
    if not offered:
        return []
    question = comparable.question_of_words(words, **told)
    found = known.problems_like(question, offered, now=now, most=MOST, is_together=True)
    return [offer for pk, _score, why in found if (offer := _offer(offered[pk], language, why))]


def for_report(report: Report, language: str, *, now: datetime) -> Offer | None:
    """The same for a report; see ``problem_for``."""
    found = _found_for(report, now)
    return _offer(found[0], language, found[1]) if found else None


def by_key(key: str, language: str) -> Offer | None:
    """The known error with that key, if it is offered now."""
    problem = _by_key(key)
    return _offer(problem, language, Reasons()) if problem else None


def problem_for(report: Report, *, now: datetime) -> Problem | None:
    """The known error a report that belongs to no problem may be about, unless its reporter said it is not."""
    found = _found_for(report, now)
    return found[0] if found else None


def _found_for(report: Report, now: datetime) -> tuple[Problem, Reasons] | None:
    offered = _offered() if report.kind == "error" else {}
    if not offered or queries.membership_of(report) is not None:
        return None
    refused = set(LedgerEntry.objects.filter(report=report, kind="problem.not_mine").values_list("about", flat=True))
    found = known.problems_like(comparable.question_of(report), offered, now=now, most=MOST, is_together=True)
    return next(((offered[pk], why) for pk, _score, why in found if offered[pk].about not in refused), None)


def me_too(report: Report, key: str, *, by: Actor, at: datetime) -> Membership:
    """The reporter says that theirs is the known error ``key``. Twice is once. Raises NoLongerOffered, CannotJoin."""
    problem = _by_key(key)
    if problem is None:
        raise NoLongerOffered(_("This known error is no longer open. Your own report stays, and we look into it."))
    return membership.join(problem, report, by=by, at=at, how=Membership.REPORTER)


def not_mine(report: Report, key: str, *, by: Actor, at: datetime) -> None:
    """The reporter says that theirs is something else: it is not offered to them again."""
    problem = Problem.objects.filter(key=key).first()
    if problem is None:
        return
    once = f"not-mine:{report.pk}:{problem.pk}"
    with transaction.atomic():
        access.lock(report)
        if not LedgerEntry.objects.filter(key=once).exists():
            data = {"problem": problem.pk, "number": problem.number}
            ledger.record(report, "problem.not_mine", by=by, at=at, data=data, key=once, about=problem.about)


def join_as_told(entry: LedgerEntry, now: datetime) -> None:
    """Reaction on ``report.received``: who said "that is it" in the form belongs to the problem from the start."""
    report, key = entry.report, entry.data.get("known")
    if report is None or not key or Membership.objects.filter(report=report).exists():
        return
    problem = _by_key(key)
    if problem is not None:
        membership.join(problem, report, by=report.contact.actor, at=now, how=Membership.REPORTER)


def _offer(problem: Problem, language: str, why: Reasons) -> Offer | None:
    shown = public.told(problem, language)
    kinds = tuple(dict.fromkeys([*(mark.kind for mark in why.signatures), *why.facets]))
    return Offer(problem.key, shown, kinds) if shown else None


def _by_key(key: str) -> Problem | None:
    return queries.offered().filter(key=key).first() if key else None


def _offered() -> dict[int, Problem]:
    return {problem.pk: problem for problem in queries.offered_now()}
