"""Handing a report over with a note: who has it, what they need to know and that they hear of it are one act."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.colleagues.notices import may_see
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.reports import access, actions, conversation, ledger
from makegood.life.reports.models import LedgerEntry, Report


class CannotHandOver(Refusal):
    """It cannot go to them; the text says why."""


def hand_over(
    report: Report, *, by: Actor, at: datetime, agent: Agent | None = None, team: Team | None = None, note: str
) -> LedgerEntry:
    """Give ``report`` to a person or a team, with what they need to know. Raises CannotHandOver, EmptyMessage."""
    if agent is None and team is None:
        raise CannotHandOver(_("Choose a person or a team."))
    if not note.strip():
        raise CannotHandOver(_("Write what they need to know: what is done, what is next, what was promised."))
    with transaction.atomic():
        access.lock(report)
        if team is not None:
            actions.set_team(report, team, by=by, at=at)
        actions.assign(report, agent, by=by, at=at)
        if agent is not None and not may_see(agent, report):
            raise CannotHandOver(_("%(name)s may not see this report.") % {"name": agent.name})
        said = conversation.note(report, note, by=by, at=at)
        data = {
            "agent": agent.pk if agent else None,
            "team": team.pk if team else None,
            "name": agent.name if agent else str(team),
            "message": said.pk,
        }
        return ledger.record(report, "report.handed_over", by=by, at=at, data=data)
