"""Long after closing, what the reporter of a report writes becomes a new one that goes on from it."""

from __future__ import annotations

from datetime import datetime

from makegood.lib.keys import public_key
from makegood.life.intake import actions as intake
from makegood.life.intake.actions import Filed
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact
from makegood.life.reports.models import Report


def go_on(report: Report, body: str, *, contact: Contact, at: datetime, idempotency_key: str = "") -> Filed:
    """File ``body`` as a new report of ``contact`` that follows ``report``, in its category and with its team.

    The same ``idempotency_key`` again returns the first. Raises as ``intake.file``.
    """
    told = Told(
        what=body,
        idempotency_key=f"on:{report.pk}:{idempotency_key or public_key(16)}",
        kind=report.kind,
        category=report.category.slug if report.category else "",
        language=report.language,
        name=contact.name,
        email=contact.email or "",
        phone=contact.phone,
        mailbox=report.mailbox_id,
        team=report.team_id,
        follows=report.pk,
    )
    return intake.file(told, at=at)
