"""The verbs of mailboxes: add, change, pause, resume, try out.

Passwords and tokens rest sealed, and never in the ledger. Who fetches and how far is the business of ``fetching``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.channels.imap import account as words
from makegood.channels.imap.account import Account, Trouble
from makegood.channels.imap.session import Session
from makegood.channels.imap.tokens import Grant, Tokens, is_allowed
from makegood.engine import secrets
from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Mailbox
from makegood.life.reports.setup import plain

WHAT = "mailbox"
# Somebody waits in front of the form, and holds a request thread.
TRIAL_SECONDS = 5
# What an admin decides; the rest is the fetcher's own.
FACTS = (
    *("slug", "name", "address", "aliases", "kind", "team_id", "category_id", "language", "signatures", "authserv_id"),
    *("host", "port", "tls", "user", "oauth", "folder", "done_folder", "is_active"),
)
_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"


@dataclass(frozen=True)
class Provider:
    """What is always so with one provider of mail. ``scope``: for a refresh token, for the client itself."""

    host: str
    token_url: str
    scope: tuple[str, str] = ("", "")


PROVIDERS = {
    "google": Provider("imap.gmail.com", "https://oauth2.googleapis.com/token"),
    "microsoft": Provider(
        "outlook.office365.com",
        _MICROSOFT,
        (
            "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
            "https://outlook.office365.com/.default",
        ),
    ),
}


class AddressTaken(Refusal):
    """Another mailbox has that address, or that short name."""


class UnknownTokenHost(Refusal):
    """Secrets would be sent to a host nobody has named."""


class CannotRead(Refusal):
    """The mailbox could not be opened; the sentence says why."""

    can_retry = True


def add(facts: Mapping[str, Any], *, secret: str = "", client_secret: str = "", by: Actor, at: datetime) -> Mailbox:
    """A new mailbox from ``facts`` (columns of FACTS). Raises AddressTaken, UnknownTokenHost."""
    mailbox = drawn(Mailbox(created_at=at), facts, secret=secret, client_secret=client_secret)
    mailbox.changed_at = at
    _check(mailbox)
    try:
        with transaction.atomic():
            mailbox.save(force_insert=True)
            _record("setup.added", mailbox, {"to": _told(mailbox)}, by=by, at=at)
    except IntegrityError:
        raise _taken() from None
    return mailbox


def change(
    mailbox: Mailbox, facts: Mapping[str, Any], *, secret: str = "", client_secret: str = "", by: Actor, at: datetime
) -> bool:
    """Set ``facts``; an empty secret stays as it is. Whether something changed. Raises as ``add`` does."""
    before = _told(mailbox)
    drawn(mailbox, facts, secret=secret, client_secret=client_secret)
    after = _told(mailbox)
    changed = [name for name in after if before[name] != after[name]]
    old, new = {name: before[name] for name in changed}, {name: after[name] for name in changed}
    if secret or client_secret:
        old["secret"], new["secret"] = "•••", _("replaced")
    if not new:
        return False
    _check(mailbox)
    mailbox.changed_at, mailbox.trouble = at, ""
    columns = [*FACTS, "secret", "changed_at", "trouble"]
    if {"host", "user", "folder"} & set(changed):
        mailbox.uid_validity = mailbox.looked_at = None  # other mails under other numbers
        columns += ["uid_validity", "looked_at"]
    try:
        with transaction.atomic():
            mailbox.save(update_fields=columns)
            _record("setup.changed", mailbox, {"from": old, "to": new}, by=by, at=at)
    except IntegrityError:
        raise _taken() from None
    return True


def pause(mailbox: Mailbox, *, by: Actor, at: datetime) -> bool:
    """Nothing is fetched or taken for it until ``resume``."""
    return change(mailbox, {"is_active": False}, by=by, at=at)


def resume(mailbox: Mailbox, *, by: Actor, at: datetime) -> bool:
    return change(mailbox, {"is_active": True}, by=by, at=at)


def drawn(mailbox: Mailbox, facts: Mapping[str, Any], *, secret: str = "", client_secret: str = "") -> Mailbox:
    """``mailbox`` as ``facts`` would make it, not saved: also what one tries out before saving."""
    sealed = mailbox.oauth.get("client_secret", "")
    for name in facts:
        setattr(mailbox, name, facts[name])
    mailbox.address = mailbox.address.strip().lower()
    mailbox.aliases = [alias.strip().lower() for alias in mailbox.aliases]
    if secret:
        mailbox.secret = secrets.seal(secret)
    if mailbox.oauth:
        sealed = secrets.seal(client_secret) if client_secret else sealed
        mailbox.oauth = {**mailbox.oauth, "client_secret": sealed}
    return mailbox


def try_out(mailbox: Mailbox) -> int:
    """Sign in, open the folder, and say how many unread mails it holds. Marks nothing. Raises CannotRead."""
    try:
        with Session(account_of(mailbox), answer_seconds=TRIAL_SECONDS) as session:
            return len(session.unread())
    except Trouble as trouble:
        raise CannotRead(in_words(trouble)) from None
    except secrets.NotOurs:
        raise CannotRead(_("The kept password cannot be opened with the present secret key. Enter it again.")) from None


def account_of(mailbox: Mailbox) -> Account:
    """How to sign in to it. Raises ``secrets.NotOurs`` when the secret key is another one than it was sealed with."""
    secret, oauth = secrets.unseal(mailbox.secret), mailbox.oauth
    common: dict[str, Any] = {
        "host": mailbox.host,
        "port": mailbox.port,
        "tls": mailbox.tls,
        "user": mailbox.user or mailbox.address,
        "folder": mailbox.folder,
        "done_folder": mailbox.done_folder,
    }
    if not oauth.get("token_url"):
        return Account(**common, password=secret)
    client_secret = secrets.unseal(oauth.get("client_secret", ""))
    grant = Grant(oauth["token_url"], oauth.get("client_id", ""), client_secret, secret, oauth.get("scope", ""))

    def renewed(token: str) -> None:
        """The server replaced its token by itself: nobody decided anything, so the ledger says nothing."""
        Mailbox.objects.filter(pk=mailbox.pk).update(secret=secrets.seal(token))

    return Account(**common, token=Tokens(grant, allowed=settings.PRIVATE_HOOKS, renewed=renewed))


def in_words(trouble: Trouble) -> str:
    """Why a mailbox cannot be read, as a sentence for people, with what the other side said."""
    sentence = {
        words.UNREACHABLE: _("The server could not be reached."),
        words.UNSAFE: _("The server's certificate is not to be trusted, so we sent no password."),
        words.REFUSED: _("The server did not accept the name and password."),
        words.TOKEN: _("No sign-in token was given to us."),
        words.FOLDER: _("The folder cannot be used."),
        words.BROKEN_OFF: _("The connection broke off."),
    }[trouble.kind]
    return f"{sentence} {trouble.detail}".strip()


def taking(addresses: Iterable[str]) -> dict[str, Mailbox]:
    """Which of ``addresses`` end up in an active mailbox of ours: their own, an alias, or one with something after a
    plus. By the address as given."""
    ours = {
        name: mailbox
        for mailbox in Mailbox.objects.filter(is_active=True).order_by("-pk")
        for name in (mailbox.address, *mailbox.aliases)
    }
    found = {address: ours.get(_without_detail(address)) for address in addresses}
    return {address: mailbox for address, mailbox in found.items() if mailbox is not None}


def _without_detail(address: str) -> str:
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _check(mailbox: Mailbox) -> None:
    others = Mailbox.objects.exclude(pk=mailbox.pk)
    theirs = {name for other in others for name in (other.address, *other.aliases)}
    taken = sorted(theirs & {mailbox.address, *mailbox.aliases})
    if taken:
        raise AddressTaken(_("%(address)s belongs to another mailbox already.") % {"address": taken[0]})
    token_url = mailbox.oauth.get("token_url")
    if token_url and not is_allowed(token_url, allowed=settings.PRIVATE_HOOKS):
        raise UnknownTokenHost(
            _("Tokens are asked for by https only, from Google, Microsoft or a host named in MAKEGOOD_PRIVATE_HOOKS.")
        )


def _taken() -> AddressTaken:
    return AddressTaken(_("That address or short name is taken. Choose another."))


def _told(mailbox: Mailbox) -> dict[str, Any]:
    """The facts as the ledger keeps them: without any secret, sealed or not."""
    told = {name: plain(getattr(mailbox, name)) for name in FACTS}
    told["oauth"] = {name: value for name, value in mailbox.oauth.items() if name != "client_secret"}
    return told


def _record(kind: str, mailbox: Mailbox, changes: dict[str, Any], *, by: Actor, at: datetime) -> None:
    data = {"what": WHAT, "id": mailbox.pk, "name": mailbox.address, **changes}
    ledger.record(None, kind, by=by, at=at, data=data)
