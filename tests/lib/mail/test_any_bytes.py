# ruff: noqa: E501
"""Whatever bytes arrive: a mail is read or refused as poisoned, nothing else; what is read can be shown and stored."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.lib.mail import Poisoned, parse
from makegood.lib.mail.addresses import canonical
from makegood.lib.mail.display import safe_html
from tests.corpus.mails import CASES

QUICK = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
PIECES = [
    b"\n", b"\r\n", b"\r", b"\n\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"=?utf-8?b?", b"=?x?q?", b"?=", b"=?", b"\x1b$B", b"\x1b(B",
    b"From: ", b"From: a@b.example, c@d.example\n", b"Subject: ", b"Date: ", b"Message-ID: <", b"References: ", b"Return-Path: <>\n",
    b"Content-Type: ", b"multipart/mixed; boundary=x\n\n", b"multipart/alternative; boundary=x\n\n", b"multipart/report; boundary=x\n\n",
    b"multipart/digest; boundary=x\n\n", b"multipart/related; boundary=x; start=<a>\n\n", b"multipart/signed", b"multipart/encrypted",
    b"--x\n", b"--x--\n", b"message/rfc822\n\n", b"message/delivery-status\n\n", b"text/html\n\n", b"text/calendar\n\n", b"text/enriched\n\n",
    b"text/plain; format=flowed; delsp=yes\n\n", b"application/ms-tnef\n\n", b"\x78\x9f\x3e\x22\x01\x00", b"\x02\x02\x90\x06\x00\x04\x00\x00\x00",
    b"charset=utf-7", b"charset=utf-16", b"charset=gb2312", b"charset=hz", b"charset=\"\"", b"charset=idna", b"charset=punycode", b"charset=zip",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n", b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%", b"; filename*1=", b"; name=\"", b"begin 644 a\n", b"\nend\n", b"#0V%T\n",
    b"<div>", b"<blockquote type=cite>", b"<table><td>", b"<!--", b"<style>", b"<a href=https://x.example>", b"&#0;", b"&#xD800;", b"<p hidden>",
    b"> ", b"On 5 Jun 2024 a@b.example wrote:\n", b"From: a\nSent: b\nTo: c\nSubject: d\n", b"-----Original Message-----\n", b"-- \n",
    b"---------- Forwarded message ---------\n", b"Begin forwarded message:\n", b"BEGIN:VEVENT\nSUMMARY:", b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    b"Authentication-Results: mx.example; dmarc=pass header.from=", b"Final-Recipient: rfc822;", b"Action: failed\n", b"(", b")", b'"', b"\\", b"<", b">", b";", b",", b":",
]  # fmt: skip


def read(raw: bytes) -> str:
    """Parse, and look whether all of it is fit to be kept and shown. Returns why it was refused, if it was."""
    try:
        mail = parse(raw, trusted="mx.example")
    except Poisoned as refused:
        return str(refused)
    words = [mail.subject, mail.body, mail.full_text, mail.html, mail.sender.name, mail.message_id, *mail.message_ids]
    words += [part.name for part in mail.attachments] + [bounce.reason for bounce in mail.bounces]
    if mail.forwarded:
        words += [mail.forwarded.subject, mail.forwarded.body, mail.forwarded.sender.name]
    for text in words:
        text.encode("utf-8")
        assert not {c for c in text if (c < " " and c not in "\n\t") or c == "\x7f"}
    for part in mail.attachments:
        assert 0 < len(part.name) <= 125
        assert not {"/", "\\"} & set(part.name)
    for address in (mail.sender, *mail.to, *mail.cc, *mail.reply_to):
        assert canonical(address.email) == address.email
    safe_html(mail.html, pictures={})
    return ""


@QUICK
@given(st.binary(max_size=400))
def test_bytes_of_no_meaning(raw):
    read(raw)


@QUICK
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=60))
def test_pieces_of_mails_in_any_order(pieces):
    read(b"".join(pieces))


@QUICK
@given(st.sampled_from(CASES), st.integers(0, 2**32))
def test_mails_of_the_corpus_damaged(case, seed):
    """Cut off, doubled, with bytes changed and pieces of others thrown in."""
    chance, raw = random.Random(seed), bytearray(case.raw)
    for _ in range(chance.randrange(1, 9)):
        at, length = chance.randrange(len(raw) + 1), chance.randrange(60)
        match chance.randrange(5):
            case 0:
                del raw[at : at + length]
            case 1:
                raw[at:at] = chance.choice(PIECES)
            case 2:
                raw[at : at + 3] = chance.randbytes(3)
            case 3:
                raw[at:at] = raw[max(0, at - length * 4) : at]
            case _ if chance.randrange(4) == 0:
                del raw[at:]
    read(bytes(raw))


@QUICK
@given(
    st.binary(max_size=80),
    st.sampled_from(["utf-8", "utf-7", "utf-16", "gb2312", "iso-2022-jp", "hz", "koi8-r", "cp037", "zip", "x", ""]),
)
def test_any_bytes_under_any_label(data, label):
    read(f"Content-Type: text/plain; charset={label}\n\n".encode() + data)


@QUICK
@given(st.text(max_size=200))
def test_words_of_a_single_line_are_never_lost(words):
    """Nothing is stripped from a mail that quotes nobody."""
    line = " ".join(words.split())
    line = "".join(c for c in line if c.isalnum() or c == " ").strip()
    raw = b"Content-Type: text/plain; charset=utf-8\n\nIt fails: " + line.encode() + b"\n"
    assert parse(raw).body == f"It fails: {line}".strip()
