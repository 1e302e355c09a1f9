"""What an acknowledgement says of an error that is known already: the public words, how many others, the next news."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib.texts import in_language
from makegood.life.problems import offering, queries
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report
from makegood.life.updates import scripts

# Of fewer others the number is not told: a small one could be somebody the reader knows.
TOLD_FROM = 5


def words(report: Report, *, now: datetime) -> str:
    """A paragraph in the report's language, of public words and numbers only; empty if nothing is known."""
    mine = queries.problem_of(report)
    if mine is not None:
        return _of_member(mine, report, now) if mine.is_public and not mine.is_protected else ""
    problem = offering.problem_for(report, now=now)
    return _of_candidate(problem, report) if problem else ""


def _of_member(problem: Problem, report: Report, now: datetime) -> str:
    language = report.language
    title, others = in_language(problem.public_titles, language), problem.people_count - 1
    with override(language):
        parts = [_("It is something we know of: “%(title)s”.") % {"title": title}]
        if others >= TOLD_FROM:
            parts = [_("%(n)s others see this too: “%(title)s”.") % {"title": title, "n": others}]
        if problem.next_news_at and problem.next_news_at > now:
            told = scripts.told_time(report, problem.next_news_at, now=now)
            parts.append(_("The next news for everybody comes by %(time)s.") % {"time": told})
        if way := in_language(problem.public_workarounds, language):
            parts.append(_("Until then: %(way)s") % {"way": way})
    return " ".join(parts)


def _of_candidate(problem: Problem, report: Report) -> str:
    title = in_language(problem.public_titles, report.language)
    with override(report.language):
        first = _("It may be something we know of already: “%(title)s”.") % {"title": title}
        ask = _(
            "If that is what you see, say so on the page of your report with one click; you then hear all news of it."
        )
    return f"{first} {ask}" if title else ""
