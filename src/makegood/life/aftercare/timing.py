"""When silence is met with what: moments counted in the days the desk is open. Pure but for the book of hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from makegood.life.promises import book, kinds
from makegood.life.reports.models import Report

# Open days after the reporter was asked: remind, remind again, close.
STEPS = (2, 5, 8)
# How long a closed report is opened again by a plain answer; later it is a new report beside it.
REOPEN_WITHIN = timedelta(days=14)


def open_days_later(report: Report, start: datetime, days: int, *, at: datetime) -> datetime:
    """The moment ``days`` open days after ``start``, in the hours that confirming is counted in."""
    terms = book.current(at)
    policy = terms.policy(kinds.CONFIRM, report.severity, at)
    hours = terms.hours(terms.version(policy, report.team_id, at))
    return hours.add(start, hours.day_length() * days)


def next_step(report: Report, done: int, *, at: datetime) -> datetime:
    """When the step after ``done`` reminders is due, the one before it being taken at ``at``."""
    days = STEPS[done] - (STEPS[done - 1] if done else 0)
    return open_days_later(report, at, days, at=at)


def confirm_by(report: Report, step_at: datetime, *, at: datetime) -> datetime:
    """What is promised when a step is due at ``step_at``: an open day of slack, so that it is never late."""
    return open_days_later(report, step_at, 1, at=at)
