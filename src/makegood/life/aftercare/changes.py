"""One change by name, together with what it means for the promises: what a bulk run does to each of its reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.aftercare import actions, queries
from makegood.life.aftercare.models import FollowUp, Resolution
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.problems import membership
from makegood.life.problems import queries as problems
from makegood.life.problems.models import Problem
from makegood.life.promises import actions as promises
from makegood.life.reports import actions as reports
from makegood.life.reports import states
from makegood.life.reports.models import LedgerEntry, Report

_Row = TypeVar("_Row")

# Closing many says something to many: a minute to think better of it.
UNDO_CLOSING = timedelta(minutes=1)


class NotAChange(Refusal):
    """There is no such change, or no such value for it."""


def apply(report: Report, what: str, value: str, *, by: Actor, at: datetime, words: str = "") -> list[int]:
    """Do ``what`` with ``value``; return the ledger entries an undo takes back, newest first. Raises Refusal.

    assignee, team: an id, or none · severity, state: its name · label: "+vip -login" · snooze: a moment, or wake ·
    close: the reason, with ``words`` to the reporters · problem: PRB-12, or none · follow_up: mail, with ``words``.
    """
    if what not in CHANGES:
        raise NotAChange(_("There is no such change."))
    with transaction.atomic():
        newest = report.ledger.order_by("-pk").values_list("pk", flat=True).first() or 0
        if what == "close":
            actions.close(report, reason=value, words=words, by=by, at=at, undo=UNDO_CLOSING)
        elif what == "follow_up":
            return [_follow_up(report, value, words, by=by, at=at)]
        else:
            CHANGES[what](report, value, by, at)
        promises.ensure_owed(report, by=by, at=at)
        written = LedgerEntry.objects.filter(report=report, pk__gt=newest, kind__startswith="report.")
        if what == "close":
            written = written.filter(kind="report.closed")
        if what == "problem":
            written = _newest_of(report, newest)
        return list(written.order_by("-pk").values_list("pk", flat=True))


def _assignee(report: Report, value: str, by: Actor, at: datetime) -> None:
    people = Agent.objects.filter(is_active=True, is_service=False)
    agent = None if value == "none" else _found(people.filter(pk=_number(value)).first())
    if report.assignee_id != (agent.pk if agent else None):
        reports.assign(report, agent, by=by, at=at)


def _team(report: Report, value: str, by: Actor, at: datetime) -> None:
    team = None if value == "none" else _found(Team.objects.filter(pk=_number(value), is_active=True).first())
    if report.team_id != (team.pk if team else None):
        reports.set_team(report, team, by=by, at=at)


def _severity(report: Report, value: str, by: Actor, at: datetime) -> None:
    if value not in states.SEVERITIES:
        raise NotAChange(_("Choose critical, high, medium or low."))
    if reports.set_severity(report, value, by=by, at=at):
        promises.change_severity(report, by=by, at=at)


def _state(report: Report, value: str, by: Actor, at: datetime) -> None:
    if value not in states.IN_WORK or report.state not in states.IN_WORK:
        raise NotAChange(_("Solving, closing and reopening say something to the reporter; do them on the report."))
    reports.set_state(report, value, by=by, at=at)


def _label(report: Report, value: str, by: Actor, at: datetime) -> None:
    before = set(report.labels.values_list("name", flat=True))
    names = set(before)
    for part in value.replace(",", " ").lower().split():
        (names.discard if part.startswith("-") else names.add)(part.lstrip("+-"))
    if names != before:
        reports.set_labels(report, names, by=by, at=at)


def _snooze(report: Report, value: str, by: Actor, at: datetime) -> None:
    until = None if value == "wake" else _found(parse_datetime(value))
    if until is not None and until <= at:
        raise NotAChange(_("That time has passed. Choose one that is still to come."))
    if until != report.snoozed_until:
        reports.snooze(report, until, by=by, at=at)


def _close(report: Report, value: str, by: Actor, at: datetime) -> None:
    actions.close(report, reason=value, by=by, at=at)


def _follow_up(report: Report, value: str, words: str, *, by: Actor, at: datetime) -> int:
    """Ask by mail whether it works; whoever has said so already is thanked and needs no question."""
    if value != "mail":
        raise NotAChange(_("Many are followed up by mail; a call is made one by one."))
    if not report.contact.email or report.contact.mail_problem:
        raise NotAChange(_("We have no address that mail arrives at. Call them."))
    found = queries.current(report)
    has_agreed = found is not None and found.answer == Resolution.YES
    how: actions.Outcome = {
        "way": "mail",
        "outcome": FollowUp.WORKS if has_agreed else FollowUp.NO_ANSWER,
        "words": "" if has_agreed else words,
        "undo": UNDO_CLOSING,
    }
    row = actions.follow_up(report, by=by, at=at, **how)
    done = LedgerEntry.objects.filter(report=report, kind="follow_up.done", at=at).order_by("-pk")
    return next(entry.pk for entry in done if entry.data.get("follow_up") == row.pk)


def _ask(report: Report, value: str, by: Actor, at: datetime) -> None:
    _follow_up(report, value, "", by=by, at=at)


def _problem(report: Report, value: str, by: Actor, at: datetime) -> None:
    seeker = Agent.objects.filter(pk=by.id or 0).first() if by.is_staff else None
    if seeker is not None and problems.is_hidden_from(seeker, report):
        raise NotAChange(_("It belongs to a protected problem. Ask a lead."))
    if value == "none":
        membership.leave(report, by=by, at=at)
        return
    key = _number(value.upper().removeprefix("PRB-"))
    membership.join(_found(Problem.objects.filter(pk=key).first()), report, by=by, at=at)


def _newest_of(report: Report, newest: int) -> QuerySet[LedgerEntry]:
    """The one entry that takes all of a joining back: it remembers which problem the report came from."""
    kinds = ("problem.joined", "problem.left")
    found = LedgerEntry.objects.filter(report=report, pk__gt=newest, kind__in=kinds).order_by("-pk")
    return LedgerEntry.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:1]))


def _number(value: str) -> int:
    return whole_number(value) or 0


def _found(row: _Row | None) -> _Row:
    if row is None:
        raise NotAChange(_("That choice is no longer there."))
    return row


CHANGES: dict[str, Callable[[Report, str, Actor, datetime], None]] = {
    "assignee": _assignee,
    "team": _team,
    "severity": _severity,
    "state": _state,
    "label": _label,
    "snooze": _snooze,
    "close": _close,
    "problem": _problem,
    "follow_up": _ask,
}
