# ruff: noqa: E501
"""One mail of the corpus: its bytes, and what must be made of them."""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass, field
from typing import Any

ANA = "Ana Novak <ana@example.org>"
DESK = "Fairfield Desk <desk@fairfield.example>"
DATE = "Wed, 5 Jun 2024 10:12:00 +0200"


@dataclass(frozen=True)
class Case:
    """``expected`` names attributes of ``Parsed``; ``attachments`` the names only. ``has``/``lacks``: words of the body."""

    name: str
    raw: bytes
    expected: dict[str, Any] = field(default_factory=dict)
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def head(*lines: str, subject: str = "Re: Your report [MG-17]", sender: str = ANA) -> str:
    """Header lines of an ordinary mail, more of them in ``lines``; a header given there replaces the ordinary one."""
    ordinary = [
        f"From: {sender}",
        f"To: {DESK}",
        f"Subject: {subject}",
        f"Date: {DATE}",
        "Message-ID: <m1@mail.example.org>",
        "MIME-Version: 1.0",
    ]
    given = {line.partition(":")[0].lower() for line in lines}
    return (
        "\r\n".join([line for line in ordinary if line.partition(":")[0].lower() not in given] + list(lines)) + "\r\n"
    )


def mail(text: str, *lines: str, subject: str = "Re: Your report [MG-17]", sender: str = ANA) -> bytes:
    """A mail of one text part in UTF-8."""
    top = head(
        *lines,
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        subject=subject,
        sender=sender,
    )
    return (top + "\r\n").encode() + text.replace("\n", "\r\n").encode()


def page(html: str, *lines: str, subject: str = "Re: Your report [MG-17]") -> bytes:
    """A mail of one HTML part in UTF-8, quoted-printable."""
    top = head(
        *lines, "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", subject=subject
    )
    return (top + "\r\n").encode() + quopri.encodestring(html.encode()).replace(b"\n", b"\r\n")


def both(text: str, html: str, *lines: str, subject: str = "Re: Your report [MG-17]") -> bytes:
    return multipart("alternative", plain_part(text), html_part(html), lines=lines, subject=subject)


def plain_part(text: str, *, charset: str = "utf-8") -> bytes:
    top = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return top.encode() + text.replace("\n", "\r\n").encode(charset)


def html_part(html: str) -> bytes:
    top = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return top.encode() + quopri.encodestring(html.encode()).replace(b"\n", b"\r\n")


def file_part(data: bytes, kind: str, *, disposition: str = "", lines: tuple[str, ...] = ()) -> bytes:
    """A base64 part; ``disposition`` is the whole header value."""
    top = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *lines]
    if disposition:
        top.append(f"Content-Disposition: {disposition}")
    return ("\r\n".join(top) + "\r\n\r\n").encode() + base64.encodebytes(data).replace(b"\n", b"\r\n")


def multipart(
    kind: str, *parts: bytes, lines: tuple[str, ...] = (), subject: str = "Re: Your report [MG-17]", params: str = ""
) -> bytes:
    boundary = f"=_{kind}_{len(parts)}"
    top = head(*lines, f'Content-Type: multipart/{kind}; boundary="{boundary}"{params}', subject=subject)
    return (top + "\r\n").encode() + joined(boundary, *parts)


def nested(kind: str, *parts: bytes, params: str = "") -> bytes:
    """A multipart as a part of another."""
    boundary = f"=_in_{kind}_{len(parts)}"
    top = f'Content-Type: multipart/{kind}; boundary="{boundary}"{params}\r\n\r\n'
    return top.encode() + joined(boundary, *parts)


def joined(boundary: str, *parts: bytes) -> bytes:
    line = f"--{boundary}".encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
