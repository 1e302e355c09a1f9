"""The secrets of API tokens: how they look, what they may open, whose they are. Verbs stand in ``reports.tokens``.

A secret is ``mg_``, 256 random bits and a checksum, so that scanners of source code find a leaked one and a slip of the
hand is seen before anybody asks the database.
"""

from __future__ import annotations

import hmac
import re
import secrets
import zlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import token_hash
from makegood.life.people.models import ApiToken

PREFIX = "mg_"
HINT_LENGTH = 8
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 43, 6
_FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM + _CHECK}}}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
TOUCH_EVERY = timedelta(minutes=1)

# What a token may be given. Nobody can do through it what they may not do themselves.
SCOPES = {
    "reports:read": _("read reports, what was said on them, and search"),
    "reports:write": _("file reports, change them one by one or many at once, solve, close and reopen them"),
    "messages:write": _("reply, ask and write notes"),
    "reporter:write": _("pass on what reporters say, in their name"),
    "files:read": _("list and download files"),
    "files:write": _("add files and take them away"),
    "escalations:read": _("read escalations"),
    "escalations:write": _("escalate, accept, answer, hand back"),
    "problems:read": _("read problems: who belongs to them, what is known and noted"),
    "problems:write": _("open, change, join, split, merge and publish problems"),
    "announcements:read": _("read what everybody hit by a problem was told, and whom it reached"),
    "announcements:write": _("write, try and send a word to everybody hit by a problem"),
    "learning:read": _("read root cause analyses and actions"),
    "learning:write": _("write root cause analyses, review and publish them, propose actions and move them on"),
    "articles:read": _("read and find articles of the knowledge base"),
    "articles:write": _("write articles, vouch for them, show them to reporters, tie them to reports"),
    "fixes:read": _("read how far fixes have come"),
    "fixes:write": _("tell commits, releases, deployments and test runs"),
    "promises:read": _("read promises and their explanations"),
    "promises:write": _("give a promise another time"),
    "insights:read": _("read figures of the desk with their definitions"),
    "compensation:read": _("read compensations, budgets and what was given"),
    "compensation:write": _("propose, approve, decline, redeem and take back compensations"),
    "accounts:read": _("read contacts and organisations"),
    "accounts:write": _("put contacts right and write remarks"),
    "mail:read": _("read mails that came in or went out, with what is held and why"),
    "mail:write": _("make held mails reports, add them to one, put them away; try to send one again"),
    "catalogue:read": _("read categories, components, teams, questions, safe steps, scripts, mailboxes"),
    "catalogue:write": _("change categories, components, questions, safe steps and the words of scripts"),
    "audit:read": _("read who did what, set-up and people included"),
    "ledger:read": _("follow everything that happens"),
    "import:write": _("file many reports at once"),
}


def mint() -> str:
    """A new secret. Only its hash may be kept."""
    random = _spelled(secrets.randbits(256), _RANDOM)
    return f"{PREFIX}{random}{_checksum(random)}"


def is_whole(secret: str) -> bool:
    """Whether ``secret`` looks like one of ours and its checksum fits."""
    if not _FORM.fullmatch(secret):
        return False
    random, check = secret[len(PREFIX) : -_CHECK], secret[-_CHECK:]
    return hmac.compare_digest(check, _checksum(random))


def token_of(secret: str, *, now: datetime) -> ApiToken | None:
    """The token that ``secret`` opens now, with its agent; None if it is unknown, has ended, or the agent has left."""
    if not is_whole(secret):
        return None
    digest = token_hash(secret)
    found = (
        ApiToken.objects.select_related("agent")
        .filter(Q(token_hash=digest) | Q(previous_hash=digest, previous_until__gt=now), revoked_at=None)
        .first()
    )
    if found is None or not found.agent.is_active or (found.expires_at is not None and found.expires_at <= now):
        return None
    known = (found.token_hash, found.previous_hash or "")
    return found if any(hmac.compare_digest(digest, one) for one in known) else None


def touch(token: ApiToken, *, now: datetime) -> None:
    """Note that it was used, at most once a minute."""
    if token.last_used_at is None or now - token.last_used_at >= TOUCH_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def is_known_origin(origin: str, *, now: datetime) -> bool:
    """Whether any living token may be used from pages of ``origin``: all a browser's enquiry beforehand lets us ask."""
    living = ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None, agent__is_active=True)
    return any(origin in origins for origins in living.exclude(origins=[]).values_list("origins", flat=True))


def canonical_origin(text: str) -> str:
    """``text`` as browsers send an origin, or empty if it is none: https and a host, http on this machine only."""
    text = text.strip().lower()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    is_local = host in ("localhost", "127.0.0.1")
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not is_local):
        return ""
    if not _HOST.fullmatch(parts.netloc) or f"{parts.scheme}://{parts.netloc}" != text:
        return ""
    return text if port != {"https": 443, "http": 80}[parts.scheme] else text.rpartition(":")[0]


def _checksum(random: str) -> str:
    return _spelled(zlib.crc32(random.encode()), _CHECK)


def _spelled(number: int, length: int) -> str:
    """``number`` in base 62, ``length`` letters."""
    letters = []
    for _place in range(length):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(reversed(letters))
