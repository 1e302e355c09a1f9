"""An address somebody typed, to be called: whole, encrypted, without secrets in it, not inside our own network."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.net import is_public


class BadAddress(Refusal):
    """We cannot or may not call it. ``is_inside``: only because it is not encrypted, or inside our own network."""

    def __init__(self, words: str, *, is_inside: bool = False) -> None:
        super().__init__(words)
        self.is_inside = is_inside


def checked(url: str, *, allowed: Collection[str] = ()) -> str:
    """The address to call; ``allowed`` names hosts that may be inside. Raises BadAddress.

    What its name leads to is checked at each connection, not here.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadAddress(_("This is not an address that can be called.")) from None
    if parts.scheme not in {"http", "https"} or not host or len(url) > 500 or not url.isprintable() or " " in url:
        raise BadAddress(_("Give a whole address that begins with https://"))
    if parts.username or parts.password or parts.fragment:
        raise BadAddress(_("Leave names, passwords and # out of the address. Requests are signed instead."))
    if host in {name.lower() for name in allowed}:
        return url
    if parts.scheme != "https":
        words = _("Only https:// keeps it private. http:// is for hosts named in MAKEGOOD_PRIVATE_HOOKS.")
        raise BadAddress(words, is_inside=True)
    if _is_inside(host):
        words = _("This address is inside a private network. Name the host in MAKEGOOD_PRIVATE_HOOKS first.")
        raise BadAddress(words, is_inside=True)
    return url


def _is_inside(host: str) -> bool:
    try:
        return not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
