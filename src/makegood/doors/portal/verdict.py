"""Is it solved for you: what the page shows of the end, and who may say so. The answers come in by ``speak``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.doors.portal import visits
from makegood.lib.errors import Refusal
from makegood.life.aftercare import queries
from makegood.life.aftercare.models import Resolution
from makegood.life.reports import states
from makegood.life.reports.models import Report


@dataclass(frozen=True)
class Outcome:
    """What the report's page shows of the end: our words, the reporter's answer, whether the question is open."""

    words: str = ""
    to_do: str = ""
    answer: str = ""
    is_asking: bool = False
    is_closed: bool = False


class NotTheirs(Refusal):
    """Who takes part may speak; whether it is solved says whoever reported it."""


def own(visit: visits.Visit) -> Report:
    """The report, for its reporter. Raises NotTheirs."""
    if visit.contact.pk != visit.report.contact_id:
        raise NotTheirs(_("Only the person who reported it can say that. Write us a message instead."))
    return visit.report


def outcome(report: Report, *, now: datetime, is_own: bool = True) -> Outcome:
    """The solution that stands, and what was said to it; asks only whoever reported it (``is_own``).

    Closed because nobody answered, it can still be said whether it works, as long as "no" would open it again.
    """
    found = queries.current(report) if report.state in (states.SOLVED, states.CLOSED) else None
    if found is None:
        return Outcome()
    is_closed = report.state == states.CLOSED
    is_open_to_answer = not is_closed or (report.close_reason == "silence" and queries.can_reopen(report, now=now))
    return Outcome(
        words=found.reporter_words,
        to_do="" if found.to_do in found.reporter_words else found.to_do,
        answer=found.answer,
        is_asking=is_own and is_open_to_answer and found.answer != Resolution.YES,
        is_closed=is_closed,
    )
