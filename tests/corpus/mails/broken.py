# ruff: noqa: E501
"""Mails no standard allows. All of them are read as far as they go."""

from __future__ import annotations

from tests.corpus.mails.case import Case, head, joined, mail, multipart, plain_part

HTML = b"Content-Type: text/html\r\n\r\n<p>It fails.</p>"


def top(*lines: str) -> bytes:
    return (head(*lines) + "\r\n").encode()


NEST = b"Content-Type: text/plain\r\n\r\ndeep"
for level in range(15):
    NEST = f'Content-Type: multipart/mixed; boundary="n{level}"\r\n\r\n'.encode() + joined(f"n{level}", NEST)

BROKEN: list[Case] = [
    Case(
        "no boundary named",
        top("Content-Type: multipart/mixed") + joined("x", plain_part("It fails.")),
        {"body": "It fails.", "defects": ("boundary guessed",)},
    ),
    Case(
        "another boundary named",
        top("Content-Type: multipart/mixed; boundary=wrong") + joined("x", plain_part("It fails.")),
        {"body": "It fails."},
    ),
    Case(
        "boundary never used",
        top("Content-Type: multipart/mixed; boundary=x") + b"It fails.\r\n",
        {"body": "It fails.", "defects": ("multipart without parts",)},
    ),
    Case(
        "last boundary missing",
        top("Content-Type: multipart/mixed; boundary=x") + b"--x\r\n" + plain_part("It fails.") + b"\r\n--x\r\n" + HTML,
        {"body": "It fails.\n\nIt fails.", "defects": ("last boundary missing",)},
    ),
    Case(
        "boundary with white space after it",
        top("Content-Type: multipart/mixed; boundary=x")
        + joined("x", plain_part("It fails.")).replace(b"--x\r\n", b"--x  \r\n", 1),
        {"body": "It fails."},
    ),
    Case(
        "boundary with spaces and signs",
        top('Content-Type: multipart/mixed; boundary="a b=?(:)c"') + joined("a b=?(:)c", plain_part("It fails.")),
        {"body": "It fails."},
    ),
    Case(
        "inner boundary begins like the outer",
        top("Content-Type: multipart/mixed; boundary=x")
        + joined("x", b"Content-Type: multipart/mixed; boundary=xy\r\n\r\n" + joined("xy", plain_part("It fails."))),
        {"body": "It fails."},
    ),
    Case(
        "the same boundary twice",
        top("Content-Type: multipart/mixed; boundary=x")
        + joined("x", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + joined("x", plain_part("It fails."))),
        has=("It fails.",),
    ),
    Case(
        "words before and after the parts",
        top("Content-Type: multipart/mixed; boundary=x")
        + b"This is a MIME mail.\r\n"
        + joined("x", plain_part("It fails."))
        + b"\r\nlist footer",
        {"body": "It fails."},
    ),
    Case(
        "parts after the end",
        top("Content-Type: multipart/mixed; boundary=x")
        + joined("x", plain_part("One."))
        + joined("x", plain_part("Two.")),
        {"body": "One.\n\nTwo."},
    ),
    Case(
        "line ends of Unix",
        mail("It fails.\nTwice.").replace(b"\r\n", b"\n"),
        {"body": "It fails.\nTwice.", "subject": "Re: Your report [MG-17]"},
    ),
    Case(
        "line ends of the first Macintosh",
        mail("It fails.\nTwice.").replace(b"\r\n", b"\r"),
        {"body": "It fails.\nTwice."},
    ),
    Case(
        "no empty line after the headers",
        (head() + "It fails.\r\nTwice.").encode(),
        {"body": "It fails.\nTwice.", "defects": ("headers end without an empty line",)},
    ),
    Case(
        "a line from a mailbox file first",
        b"From ana@example.org Wed Jun  5 10:12:00 2024\r\n" + mail("It fails."),
        {"body": "It fails."},
    ),
    Case("empty lines first", b"\r\n\r\n" + mail("It fails."), {"body": "It fails."}),
    Case("a byte order mark first", b"\xef\xbb\xbf" + mail("It fails."), {"body": "It fails."}),
    Case("no headers at all", b"It fails.", {"body": "It fails.", "subject": ""}),
    Case("nothing at all", b"", {"body": "", "subject": "", "message_id": ""}),
    Case("only headers", head().encode(), {"body": "", "subject": "Re: Your report [MG-17]"}),
    Case(
        "folded with nothing but spaces",
        (head("X-A: one\r\n \r\n two", "X-B: three") + "\r\nIt fails.").encode(),
        {"body": "It fails."},
    ),
    Case("a date nobody can read", mail("x", "Date: yesterday"), {"sent_at": None}),
    Case("a date far away", mail("x", "Date: Wed, 5 Jun 9999 10:00:00 +0000"), {"sent_at": None}),
    Case("a date with an impossible zone", mail("x", "Date: Wed, 5 Jun 2024 10:00:00 +9999999999"), {"body": "x"}),
    Case("Message-ID without brackets", mail("x", "Message-ID: abc@example.org"), {"message_id": "<abc@example.org>"}),
    Case("two Message-IDs", mail("x", "Message-ID: <a@b> <c@d>"), {"message_id": "<a@b>"}),
    Case("two From headers", mail("x").replace(b"From: ", b"From: Eve <eve@example.com>\r\nFrom: ", 1), {"body": "x"}),
    Case("fifteen levels deep", head().encode() + NEST, {"body": "deep"}),
    Case("strange type", top("Content-Type: @#$%/^&*") + b"It fails.", {"body": "It fails."}),
    Case(
        "type with a comment",
        top("Content-Type: text/html (words) ; charset=utf-8 (eight)") + b"<b>It fails.</b>",
        {"body": "It fails."},
    ),
    Case("an alternative of nothing", multipart("alternative", plain_part("")), {"body": ""}),
    Case(
        "an alternative with HTML first",
        multipart("alternative", HTML, plain_part("It fails.")),
        {"body": "It fails.", "html": "<p>It fails.</p>"},
    ),
    Case(
        "HTML in an attachment of none",
        top("Content-Type: multipart/related; boundary=x; start=nothing") + joined("x", HTML),
        {"body": "It fails."},
    ),
    Case(
        "HTML never closed",
        top("Content-Type: text/html") + b"<div><p>It <b>fails<table><td>now",
        {"body": "It fails\nnow"},
    ),
]
