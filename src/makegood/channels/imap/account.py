"""Whose mailbox it is, how one signs in, and what can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

UNREACHABLE, UNSAFE, REFUSED, TOKEN, FOLDER, BROKEN_OFF = (
    "unreachable",
    "unsafe",
    "refused",
    "token",
    "folder",
    "broken_off",
)


@dataclass(frozen=True)
class Account:
    """``password`` or ``token``: a function that gives a valid OAuth2 access token (may raise Trouble)."""

    host: str
    port: int
    tls: str
    user: str
    password: str = ""
    token: Callable[[], str] | None = None
    folder: str = "INBOX"
    done_folder: str = ""


class Trouble(Exception):
    """The mailbox cannot be read now. ``kind`` is one of the words above, ``detail`` what the other side said."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail = kind, detail[:300]

    @property
    def is_about_signing_in(self) -> bool:
        """Trying again soon would lock the account rather than open it."""
        return self.kind in {REFUSED, TOKEN}
