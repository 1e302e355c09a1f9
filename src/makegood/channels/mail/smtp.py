"""Mail through an SMTP server named by ``smtp://user:password@host:587?tls=starttls``.

``tls``: starttls (default for smtp://), none, or implicit through smtps://. The connection is kept for the next letter;
a fresh one per mail costs a handshake each.

What an answer means depends on where it comes. 5xx to the recipient or the letter is final; 5xx before that speaks of
us (our address, our password, our network), so the letters wait until somebody has put it right.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from makegood.channels.base import SENT, Letter, Outcome, later, never
from makegood.channels.mail.composing import BadLetter, compose
from makegood.channels.mail.signing import Signer

TIMEOUT_SECONDS = 20.0
# After the last dot a server may look for viruses: asked again too early, it gets the letter twice.
VERDICT_SECONDS = 60.0
# Nothing may take longer than a lease on a letter lasts.
LETTER_SECONDS = 100.0
_IDLE_SECONDS = 45
_LETTERS_PER_CONNECTION = 200
_RESTS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
# Encryption and passwords: never about one letter, wherever they turn up.
_OURS = frozenset({421, 454, 530, 534, 535, 538})
_TOO_BIG = 552


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read an SMTP URL. ValueError says what is wrong with it."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp://user:password@host:587?tls=starttls or smtps://host:465.")
        wish = dict(parse_qsl(parts.query)).get("tls", "starttls")
        tls = "implicit" if parts.scheme == "smtps" else wish
        if tls not in {"implicit", "starttls", "none"}:
            raise ValueError(f"SMTP_URL says tls={wish}; it must be starttls or none.")
        port = parts.port or (465 if tls == "implicit" else 587)
        return cls(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


class _Refused(Exception):
    """An answer that is not a yes, and the step it came at."""

    def __init__(self, step: str, code: int, words: bytes) -> None:
        super().__init__(f"{code} {_words(words)} (at {step})")
        self.step, self.code = step, code


class Smtp:
    """A MailCarrier. Not for use from several threads at once. ``seconds``: how long one answer may take,
    ``verdict_seconds`` the one to a whole letter."""

    def __init__(
        self,
        url: str,
        *,
        signer: Signer | None = None,
        seconds: float = TIMEOUT_SECONDS,
        verdict_seconds: float = VERDICT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.server = Server.from_url(url)
        self.signer, self.clock = signer, clock
        self.seconds, self.verdict_seconds = seconds, verdict_seconds
        self.connection: smtplib.SMTP | None = None
        self.used_at = self.rests_until = self.ends_at = 0.0
        self.carried = self.troubles = 0
        self.is_handed_over = False

    def is_resting(self) -> bool:
        """Whether the server was unwell so lately that it is not asked yet."""
        return self.clock() < self.rests_until

    def send(self, letter: Letter) -> Outcome:
        """Try once; when a kept connection proves dead before the letter was handed over, once more on a fresh one."""
        try:
            wire = compose(letter, now=datetime.now(UTC))
        except BadLetter as bad:
            return never(str(bad))
        if self.signer:
            wire = self.signer.sign(wire, letter.from_email)
        self.ends_at = self.clock() + LETTER_SECONDS
        outcome = self._try(letter, wire, may_repeat=self.connection is not None)
        if outcome.is_server:
            self.rests_until = self.clock() + _RESTS[min(self.troubles, len(_RESTS) - 1)]
            self.troubles += 1
        else:
            self.troubles = 0
        return outcome

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _try(self, letter: Letter, wire: bytes, *, may_repeat: bool) -> Outcome:
        self.is_handed_over = False
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException, _Refused) as trouble:
            self._drop()
            # The server is away, not the letter bad: it goes first when the rest is over.
            return later(_told(trouble), 0, is_server=True)
        try:
            self._carry(connection, letter, wire)
        except _Refused as refused:
            return self._judged(refused)
        except (OSError, smtplib.SMTPException) as trouble:
            self._drop()
            is_gone = not _is_silence(trouble)
            if may_repeat and is_gone and not self.is_handed_over:
                return self._try(letter, wire, may_repeat=False)
            return later(_told(trouble, handed_over=self.is_handed_over), is_server=not is_gone)
        finally:
            self.used_at = self.clock()
            self.carried += 1
        return SENT

    def _carry(self, connection: smtplib.SMTP, letter: Letter, wire: bytes) -> None:
        """One letter, step by step. Raises _Refused for an answer that is not a yes."""
        size = [f"size={len(wire)}"] if connection.has_extn("size") else []
        self._step(connection, "MAIL FROM", lambda: connection.mail(letter.from_email, size))
        self._step(connection, "RCPT TO", lambda: connection.rcpt(letter.to_email))
        self._step(connection, "DATA", lambda: connection.docmd("data"), wanted=(354,))
        lines = wire.replace(b"\r\n.", b"\r\n..")
        ending = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
        self._step(connection, "the end of DATA", lambda: self._hand_over(connection, lines + ending))

    def _hand_over(self, connection: smtplib.SMTP, lines: bytes) -> tuple[int, bytes]:
        connection.send(lines)
        self.is_handed_over = True
        self._wait(connection, self.verdict_seconds)
        return connection.getreply()

    def _step(
        self,
        connection: smtplib.SMTP,
        step: str,
        act: Callable[[], tuple[int, bytes]],
        wanted: tuple[int, ...] = (250, 251),
    ) -> None:
        self._wait(connection, self.seconds)
        code, words = act()
        if code not in wanted:
            raise _Refused(step, code, words)

    def _wait(self, connection: smtplib.SMTP, seconds: float) -> None:
        left = self.ends_at - self.clock()
        if left <= 0:
            raise TimeoutError("The server takes too long over one letter.")
        if connection.sock is not None:
            connection.sock.settimeout(min(seconds, left))

    def _judged(self, refused: _Refused) -> Outcome:
        is_ours = refused.code in _OURS or (refused.step == "MAIL FROM" and refused.code != _TOO_BIG)
        if is_ours or not self._begun_anew():
            self.close()
        if is_ours:
            return later(str(refused), 0, is_server=True)
        return never(str(refused)) if 500 <= refused.code < 600 else later(str(refused))

    def _begun_anew(self) -> bool:
        """Clear the refused letter away, so that the next one can use the connection."""
        try:
            return self.connection is not None and self.connection.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _drop(self) -> None:
        """Let go of a connection that is no use to say goodbye on."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        is_stale = self.clock() - self.used_at > _IDLE_SECONDS or self.carried >= _LETTERS_PER_CONNECTION
        if self.connection is not None and is_stale:
            self.close()
        if self.connection is None:
            self.connection = self._connect()
            self.carried = 0
        return self.connection

    def _connect(self) -> smtplib.SMTP:
        server, tls = self.server, ssl.create_default_context() if self.server.tls != "none" else None
        if server.tls == "implicit" and tls is not None:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self.seconds, context=tls)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self.seconds)
        try:
            connection.ehlo_or_helo_if_needed()
            if server.tls == "starttls":
                connection.starttls(context=tls)
                connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _told(trouble: Exception, *, handed_over: bool = False) -> str:
    """What went wrong, in a sentence for the mail log."""
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return f"The server did not accept our name and password ({trouble.smtp_code})."
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"{trouble.smtp_code} {_words(trouble.smtp_error)} (at connecting)"
    if _is_silence(trouble):
        sentence = "The server gave no answer in time."
    elif isinstance(trouble, smtplib.SMTPServerDisconnected | ConnectionResetError | BrokenPipeError):
        sentence = "The server hung up."
    else:
        sentence = f"The server cannot be reached: {trouble}"
    return f"{sentence} It may have taken the letter all the same." if handed_over else sentence


def _is_silence(trouble: BaseException) -> bool:
    """Whether time ran out; ``smtplib`` tells of that as a server that hung up."""
    return isinstance(trouble, TimeoutError) or isinstance(trouble.__context__, TimeoutError)


def _words(raw: bytes | str) -> str:
    return (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw)[:500]
