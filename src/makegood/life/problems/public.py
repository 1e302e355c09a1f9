"""What a reporter may be told of a problem: the public words, the step in their words, how many others. Nothing else.

The portal may import this module and no other of ``problems``. Everything here is what staff typed into the public
fields, or a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from makegood.lib.texts import in_language
from makegood.life.problems import states
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.models import Report

# Of fewer others not even the number is told: a small one could be somebody the reader knows.
TOLD_FROM = 5


@dataclass(frozen=True)
class PublicProblem:
    """``step``: a value of ``states.PUBLIC_WORDS``; ``others``: how many, 0 when that is not told; ``has_others``."""

    title: str
    text: str
    workaround: str
    step: str
    next_news_at: datetime | None
    last_news_at: datetime | None
    has_others: bool
    others: int


def of_report(report: Report, language: str) -> PublicProblem | None:
    """The public side of the problem ``report`` belongs to; None if there is none to speak of."""
    row = (
        Membership.objects.filter(
            report=report, left_at=None, problem__is_public=True, problem__is_protected=False, problem__merged_into=None
        )
        .select_related("problem")
        .first()
    )
    return told(row.problem, language, besides=1) if row else None


def told(problem: Problem, language: str, *, besides: int = 0) -> PublicProblem | None:
    """``problem`` in public words of ``language``, else English; ``besides``: members who are the reader."""
    title = in_language(problem.public_titles, language)
    if not title:
        return None
    others = max(0, problem.people_count - besides)
    return PublicProblem(
        title=title,
        text=in_language(problem.public_texts, language),
        workaround=in_language(problem.public_workarounds, language),
        step=states.PUBLIC_WORDS[problem.state],
        next_news_at=problem.next_news_at,
        last_news_at=problem.last_news_at,
        has_others=others > 0,
        others=others if others >= TOLD_FROM else 0,
    )
