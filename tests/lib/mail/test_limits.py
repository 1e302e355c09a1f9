"""A mail that asks too much is refused with the reason; everything up to there is read."""

import dataclasses

import pytest

from makegood.lib.mail import Poisoned, parse
from makegood.lib.mail.limits import Limits
from tests.corpus.mails.case import head, joined, mail, plain_part

TOP = head("Content-Type: multipart/mixed; boundary=x").encode()


def nested(levels: int) -> bytes:
    part = plain_part("deep")
    for level in range(levels):
        part = f"Content-Type: multipart/mixed; boundary=n{level}\r\n\r\n".encode() + joined(f"n{level}", part)
    return head().encode() + part


def files(count: int) -> bytes:
    part = b"Content-Type: image/png; name=a.png\r\nContent-Disposition: attachment\r\n\r\nx"
    return TOP + b"\r\n" + joined("x", *[part] * count)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"x" * 1001, "1001 bytes"),
        (nested(20), "nested more than 6 deep"),
        (TOP + b"\r\n" + joined("x", *[plain_part("a")] * 40), "more than 30 parts"),
        (b"X-A: " + b"a" * 300 + b"\r\n\r\nx", "longer than 200 bytes"),
        (b"X-A: b\r\n" * 90 + b"\r\nx", "longer than 400 bytes"),
        (b"A:b\r\n" * 60 + b"\r\nx", "more than 50 headers"),
        (b"x: " + b"y" * 900, "longer than 200 bytes"),
        (files(9), "more than 5 attachments"),
    ],
    ids=["size", "depth", "parts", "header line", "headers", "header count", "headers without an end", "attachments"],
)
def test_a_limit_that_is_broken_is_named(raw, reason):
    limits = Limits(size=1000, depth=6, parts=30, header_line=200, headers=400, header_count=50, attachments=5)
    if reason != "1001 bytes":
        limits = dataclasses.replace(limits, size=100_000)
    with pytest.raises(Poisoned, match=reason):
        parse(raw, limits=limits)


def test_what_stays_within_the_limits_is_read():
    limits = Limits(size=3000, depth=6, parts=30, header_line=200, headers=400, header_count=50, attachments=5)
    assert parse(nested(5), limits=limits).body == "deep"
    assert len(parse(files(5), limits=limits).attachments) == 5


def test_time_is_a_limit_too():
    with pytest.raises(Poisoned, match="more than 0 seconds"):
        parse(mail("It fails."), limits=Limits(seconds=0))


def test_mails_within_mails_count_as_depth():
    inner = b"Subject: end\r\n\r\nx"
    for _ in range(30):
        inner = b"Content-Type: message/rfc822\r\n\r\n" + inner
    with pytest.raises(Poisoned, match="nested"):
        parse(inner)


def test_the_same_boundary_at_every_level_does_not_multiply():
    level = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    with pytest.raises(Poisoned):
        parse(level * 300)


def test_files_in_winmail_dat_count_as_attachments():
    from tests.corpus.mails.case import file_part, multipart
    from tests.corpus.mails.files import tnef

    packed = tnef(*[(2, 0x00069002, b""), (2, 0x00018010, b"a.txt\x00"), (2, 0x0006800F, b"x")] * 9)
    with pytest.raises(Poisoned, match="attachments"):
        parse(multipart("mixed", file_part(packed, "application/ms-tnef")), limits=Limits(attachments=5))


@pytest.mark.parametrize(
    "html",
    ["<div>" * 100_000, "<b><i><u>" * 300 + "</p>" * 20_000, "<table><td>" * 3000, "<" * 500_000],
    ids=["deep", "misnested", "tables", "signs"],
)
def test_html_made_to_be_slow_is_still_read(html):
    raw = head("Content-Type: text/html").encode() + b"\r\n<p>It fails.</p>" + html.encode()
    assert "It fails." in parse(raw).body
