"""What `makegood mail in` does once Django is set up: keep one mail, which the worker files.

A mail server starts it anew for each mail, so it loads nothing of what follows from one.
"""

from __future__ import annotations

import sys

from django.utils import timezone

from makegood.lib.errors import Refusal
from makegood.life.post import actions, addresses
from makegood.life.reports.models import Mailbox

# What a mail server understands (sysexits.h): refused for good, try again later.
EX_DATAERR, EX_TEMPFAIL = 65, 75


def take_in(raw: bytes, *, sender: str | None, recipients: list[str], slug: str) -> int:
    """Keep one mail for the worker to file; the exit code a mail server understands."""
    mailbox = mailbox_called(slug) if slug else addresses.desk().mailbox_of(recipients)
    at = timezone.now()
    try:
        actions.keep(raw, source="pipe", mailbox=mailbox, envelope_from=sender, envelope_to=recipients, at=at)
    except Refusal as no:
        print(no, file=sys.stderr)
        return EX_TEMPFAIL if no.can_retry else EX_DATAERR
    return 0


def mailbox_called(slug: str) -> Mailbox | None:
    """The mailbox called ``slug``; without one the desk's own, if it is the only one. Raises LookupError."""
    if not slug:
        default = addresses.default_mailbox(timezone.now())
        return default if Mailbox.objects.count() == 1 else None
    found = Mailbox.objects.filter(slug=slug).first()
    if found is None:
        raise LookupError(f"There is no mailbox called {slug}.")
    return found
