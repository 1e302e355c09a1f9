"""What a channel takes and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Letter:
    """One mail to one person, fully worded. ``rfc_id`` is the Message-ID it keeps through all tries."""

    to_email: str
    subject: str
    text: str
    rfc_id: str
    from_email: str
    from_name: str
    to_name: str = ""
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    language: str = "en"
    # What Auto-Submitted says (RFC 3834): auto-generated, auto-replied, or nothing for a person's words.
    submitted: str = "auto-generated"
    loop_mark: str = ""
    # Where one POST ends mails of this sort (RFC 8058).
    unsubscribe: str = ""


@dataclass(frozen=True)
class Page:
    """A call for somebody on duty. ``id`` stays the same through all tries."""

    id: str
    title: str
    text: str
    url: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How one try ended. Not sent and not ``final`` means: try again, after ``wait_seconds`` if given.

    ``is_server``: the trouble is the server's, not this letter's; others would run into the same wall now.
    """

    is_sent: bool
    reason: str = ""
    is_final: bool = True
    wait_seconds: float | None = None
    is_server: bool = False


SENT = Outcome(True)


def later(reason: str, wait_seconds: float | None = None, *, is_server: bool = False) -> Outcome:
    return Outcome(False, reason, is_final=False, wait_seconds=wait_seconds, is_server=is_server)


def never(reason: str) -> Outcome:
    return Outcome(False, reason)


class MailCarrier(Protocol):
    """Carries letters. ``send`` never raises for trouble outside; it says what came of it.

    After trouble of the server itself it rests for a while, longer each time, and is not to be asked meanwhile.
    """

    def is_resting(self) -> bool: ...

    def send(self, letter: Letter) -> Outcome: ...

    def close(self) -> None: ...


class Pager(Protocol):
    """Carries pages to ``address``, signed with ``secret`` where the channel knows how."""

    def send(self, page: Page, *, address: str, secret: str = "") -> Outcome: ...
