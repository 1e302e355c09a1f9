"""Whose address is that: the desk's own, one of our people's, a machine's, or somebody's who may take part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from makegood.lib import rows
from makegood.life.people.directory import canonical_email
from makegood.life.people.models import Agent
from makegood.life.post import judging
from makegood.life.reports.models import Mailbox


@dataclass(frozen=True)
class Desk:
    """Every address the desk is reached by, each with its mailbox; the setting's one may have none."""

    mailboxes: dict[str, Mailbox | None]

    def is_ours(self, email: str) -> bool:
        """Whether mail to ``email`` comes back to us, as a reply address does too."""
        return any(name in self.mailboxes for name in _names(email))

    def mailbox_of(self, addresses: Iterable[str]) -> Mailbox | None:
        """The mailbox that mail to these addresses belongs to, the first that fits."""
        names = (name for one in addresses for name in _names(one))
        return next(filter(None, (self.mailboxes.get(name) for name in names)), None)


def desk() -> Desk:
    """The desk's addresses as they are set up now."""
    found: dict[str, Mailbox | None] = {canonical_email(settings.DESK_EMAIL): None}
    for mailbox in rows.read(Mailbox, "1 = 1 ORDER BY id", []):
        for address in (mailbox.address, *mailbox.aliases):
            found[canonical_email(str(address))] = mailbox
    return Desk(found)


def staff_among(emails: Iterable[str]) -> set[str]:
    """Those of these addresses under which our own people sign in, or once did."""
    wanted = sorted({one for one in emails if one})
    if not wanted:
        return set()
    return {agent.email for agent in rows.read(Agent, f"email IN ({rows.marks(len(wanted))})", wanted)}


def outsiders(emails: Iterable[str], *, of: Desk) -> list[str]:
    """Those of these addresses that may be people outside: not ours, not staff's, not a machine's; each once."""
    plausible = [one for one in dict.fromkeys(emails) if one and not of.is_ours(one) and not judging.is_nobody(one)]
    staff = staff_among(plausible)
    return [one for one in plausible if one not in staff]


def default_mailbox(at: datetime) -> Mailbox:
    """The mailbox of the desk's one address; made where there is none yet."""
    address = canonical_email(settings.DESK_EMAIL)
    known = desk().mailboxes.get(address)
    if known is not None:
        return known
    made = {"address": address, "name": settings.DESK_NAME, "kind": "pipe"}
    made |= {"language": settings.LANGUAGE_CODE, "created_at": at}
    return Mailbox.objects.get_or_create(slug="desk", defaults=made)[0]


def _names(email: str) -> tuple[str, str]:
    """The address as it is, and without a "+tag", under which it ends up in the same place."""
    local, _at, domain = canonical_email(email).rpartition("@")
    return f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"
