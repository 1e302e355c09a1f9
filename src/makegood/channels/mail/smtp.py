"""Mail through an SMTP server named by ``smtp://user:password@host:587?tls=starttls``.

``tls``: starttls (default for smtp://), none, or implicit through smtps://. The connection is kept for the next letter;
a fresh one per mail costs a handshake each. 5xx answers about this letter are final, everything else is tried again.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from makegood.channels.base import SENT, Letter, Outcome, later, never
from makegood.channels.mail.composing import BadLetter, compose

TIMEOUT_SECONDS = 20
_IDLE_SECONDS = 45
_LETTERS_PER_CONNECTION = 200


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


class Smtp:
    """A MailCarrier. Not for use from several threads at once."""

    def __init__(self, url: str) -> None:
        self.server = Server.from_url(url)
        self.connection: smtplib.SMTP | None = None
        self.used_at = 0.0
        self.carried = 0

    def send(self, letter: Letter) -> Outcome:
        """Try once; when a kept connection proves dead, once more on a fresh one."""
        try:
            wire = compose(letter, now=datetime.now(UTC))
        except BadLetter as bad:
            return never(str(bad))
        is_fresh = self.connection is None
        try:
            return self._try(letter, wire)
        except smtplib.SMTPServerDisconnected as gone:
            self.close()
            if is_fresh:
                return later(f"The server hung up: {gone}")
        except (OSError, smtplib.SMTPException) as trouble:
            self.close()
            return _outcome(trouble)
        return self.send(letter)

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _try(self, letter: Letter, wire: bytes) -> Outcome:
        connection = self._connected()
        try:
            connection.sendmail(letter.from_email, [letter.to_email], wire)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            return _answer(code, words)
        except smtplib.SMTPResponseException as refused:
            if refused.smtp_code == 421:
                raise
            return _answer(refused.smtp_code, refused.smtp_error)
        finally:
            self.used_at = time.monotonic()
            self.carried += 1
        return SENT

    def _connected(self) -> smtplib.SMTP:
        is_stale = time.monotonic() - self.used_at > _IDLE_SECONDS or self.carried >= _LETTERS_PER_CONNECTION
        if self.connection is not None and is_stale:
            self.close()
        if self.connection is None:
            self.connection = self._connect()
            self.carried = 0
        return self.connection

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.tls == "implicit":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        if server.tls == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        return connection


def _outcome(trouble: Exception) -> Outcome:
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return later(f"The server did not accept our name and password ({trouble.smtp_code}).")
    if isinstance(trouble, smtplib.SMTPResponseException):
        return later(f"{trouble.smtp_code} {_words(trouble.smtp_error)}")
    return later(f"{type(trouble).__name__}: {trouble}")


def _answer(code: int, words: bytes | str) -> Outcome:
    sentence = f"{code} {_words(words)}"
    return never(sentence) if 500 <= code < 600 else later(sentence)


def _words(raw: bytes | str) -> str:
    return (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw)[:500]
