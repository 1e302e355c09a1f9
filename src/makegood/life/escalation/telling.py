"""Something came back from the other side of an escalation: a mail to whoever waits for it."""

from __future__ import annotations

from datetime import datetime

from makegood.life.escalation import wording
from makegood.life.escalation.models import Escalation
from makegood.life.people.models import Agent
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import LedgerEntry

TO_THE_TECHNICIAN = ("escalation.answered_back", "escalation.called_off")


def tell_other_side(entry: LedgerEntry, now: datetime) -> None:
    """On what one side did: mail the other side's person, unless it was they themselves. Once an entry."""
    made = (
        Escalation.objects.filter(pk=entry.data.get("escalation"))
        .select_related("report__assignee", "agent", "accepted_by")
        .first()
    )
    person = _waiting(made, entry.kind) if made else None
    if made is None or person is None or not person.is_active or person.pk == entry.actor_id:
        return
    title, text = wording.told_desk(made, entry.kind, language=person.language, by_name=entry.actor_name)
    queue_mail(
        None,
        to=(person.email, person.name),
        subject=title,
        text=text,
        purpose="page",
        key=f"told:{entry.pk}",
        at=now,
        language=person.language,
    )


def _waiting(made: Escalation, kind: str) -> Agent | None:
    if kind in TO_THE_TECHNICIAN:
        return made.accepted_by
    return made.report.assignee or made.agent
