"""The mail log: how a mail of ours reads to colleagues, and trying one again that was given up."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger, sending
from makegood.life.reports.models import OutgoingMail

STUCK = frozenset({"failed", "suppressed", "held"})
# A link is a key to an account or to what a reporter sees: nobody reads it here, but for whoever tries the demo.
_SECRET = re.compile(r"(/console/welcome/|/(?:r|mine)/(?=[a-z0-9]{20}))[a-z0-9]+")
_STAFF_SECRET = re.compile(r"(/console/welcome/)[a-z0-9]+")


class NotStuck(Refusal):
    """The mail left, or is on its way."""


def readable(mail: OutgoingMail) -> str:
    """The words of ``mail`` without the secret links in them."""
    hidden = _STAFF_SECRET if settings.MODE == "demo" else _SECRET
    return hidden.sub(r"\1…", mail.text)


def send_again(mail: OutgoingMail, *, by: Actor, at: datetime) -> None:
    """Put a mail that failed in line again, with the Message-ID it always had. Raises NotStuck."""
    with transaction.atomic():
        if not sending.retry(mail, now=at):
            raise NotStuck(_("This mail has left or is on its way already."))
        data = {"mail": mail.pk, "to": mail.to_email, "purpose": mail.purpose}
        ledger.record(mail.report, "mail.retried", by=by, at=at, data=data)
