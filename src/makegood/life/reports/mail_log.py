"""The verb of the mail log: try a mail again that was given up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger, sending
from makegood.life.reports.models import OutgoingMail


class NotStuck(Refusal):
    """The mail left, or is on its way."""


def send_again(mail: OutgoingMail, *, by: Actor, at: datetime) -> None:
    """Put a mail that failed in line again, with the Message-ID it always had. Raises NotStuck."""
    with transaction.atomic():
        if not sending.retry(mail, now=at):
            raise NotStuck(_("This mail has left or is on its way already."))
        data = {"mail": mail.pk, "to": mail.to_email, "purpose": mail.purpose}
        ledger.record(mail.report, "mail.retried", by=by, at=at, data=data)
