"""Mails that came in, for whoever asks: those of a report with the report, the others with the right to handle mail."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from makegood.life.people.models import Agent
from makegood.life.post import queries
from makegood.life.post.models import IncomingMail
from makegood.life.reports.access import NotFound, on_visible, sees_all


def visible_mails(seeker: Agent) -> QuerySet[IncomingMail]:
    """Every mail ``seeker`` may read, newest first: what belongs to a report they see, and, with the right to handle
    mail, what belongs to none."""
    if sees_all(seeker) and seeker.may("mail.handle"):
        return queries.arrived()
    mine = on_visible(seeker)
    return queries.arrived().filter(mine | Q(report=None) if seeker.may("mail.handle") else mine)


def access_mail(seeker: Agent, key: str) -> IncomingMail:
    """The mail called ``key``. Raises NotFound."""
    found = visible_mails(seeker).filter(key=key).first()
    if found is None:
        raise NotFound(key)
    return found


def access_held(seeker: Agent, keys: Iterable[str]) -> list[IncomingMail]:
    """Those of the named mails that wait for a person, or did, for whoever may decide. Others are left out."""
    if not seeker.may("mail.handle"):
        return []
    held = visible_mails(seeker).filter(key__in=list(keys), outcome__in=IncomingMail.FOR_A_PERSON)
    return list(held)
