"""Addresses have one form, and no trick makes one out of something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.mail.composing import is_address
from makegood.lib.mail import parse
from makegood.lib.mail.addresses import canonical, parse_addresses, sole_sender
from makegood.lib.mail.parsed import Address
from tests.corpus.mails.case import mail

ONE = [
    ("ana@example.org", "ana@example.org", ""),
    ("<ana@example.org>", "ana@example.org", ""),
    ("Ana Novak <Ana.Novak@Example.ORG>", "ana.novak@example.org", "Ana Novak"),
    ('"Novak, Ana" <ana@example.org>', "ana@example.org", "Novak, Ana"),
    ("Novak, Ana <ana@example.org>", "ana@example.org", "Novak, Ana"),
    (r'"Ana \"A\" Novak" <ana@example.org>', "ana@example.org", 'Ana "A" Novak'),
    ("ana@example.org (Ana Novak)", "ana@example.org", "Ana Novak"),
    ("=?utf-8?q?J=C3=BCrgen?= <j@example.org>", "j@example.org", "Jürgen"),
    ('"=?utf-8?q?J=C3=BCrgen?=" <j@example.org>', "j@example.org", "Jürgen"),
    ("Ana <ana@bücher.example>", "ana@xn--bcher-kva.example", "Ana"),
    ("ana@example.org.", "ana@example.org", ""),
    ("Ana < ana@example.org >", "ana@example.org", "Ana"),
    ("user.@docomo.example", "user.@docomo.example", ""),
    ("Ana: Desk <ana@example.org>", "ana@example.org", "Ana: Desk"),
    ("ana+tag=x@example.org", "ana+tag=x@example.org", ""),
    ("Ana\u202e <ana@example.org>", "ana@example.org", "Ana"),
]
NOBODY = [
    "",
    "Ana",
    "ana",
    "ana@",
    "@example.org",
    "a@b@example.org",
    "ana@example..org",
    "ana@-example.org",
    "ana@[192.0.2.1]",
    '"ana novak"@example.org',
    '"ana@example.org"@evil.example',
    "<@relay.example:ana@example.org>",
    "ana@ｅxample.org",
    "ana @example.org",
    "änä@example.org",
    "=?utf-8?q?ana=40example.org?=",
    "=?utf-8?q?ana=40example.org=3E?=@evil.example",
    "Ana <=?utf-8?q?ana?=@example.org>",
    "Ana <ana(comment)@example.org>",
    "Desk: ana@example.org, ben@example.org;",
    "Desk: ana@example.org;",
    "undisclosed-recipients:;",
    "Ana <ana@example.org> <eve@example.com>",
    "ana@example.org, eve@example.com",
    "Ana <ana@example.org>, Eve <eve@example.com>",
    "a" * 65 + "@example.org",
    "ana@example.org\x00.evil.example",
]


@pytest.mark.parametrize(("text", "email", "name"), ONE)
def test_one_sender_is_understood(text, email, name):
    assert sole_sender([text]) == Address(email, name)


@pytest.mark.parametrize("text", NOBODY)
def test_anything_else_is_nobody_we_could_answer(text):
    assert sole_sender([text]).email == ""


def test_two_from_headers_are_nobody():
    assert sole_sender(["ana@example.org", "ana@example.org"]).email == ""
    raw = mail("x").replace(b"From: ", b"From: Eve <eve@example.com>\r\nFrom: ", 1)
    assert parse(raw).sender.email == ""


def test_lists_keep_their_order_and_leave_out_what_is_no_address():
    found = parse_addresses("Ana <ana@example.org>, nobody@, Team: ben@example.org, cem@example.com;, dora@example.net")
    assert [one.email for one in found] == ["ana@example.org", "ben@example.org", "cem@example.com", "dora@example.net"]


def test_a_name_that_is_an_address_is_only_a_name():
    assert sole_sender(['"dora@fairfield.example" <eve@example.com>']) == Address(
        "eve@example.com", "dora@fairfield.example"
    )


@given(st.text(max_size=60) | st.from_regex(r"[a-zé\"<>@.(): ,;=?_\\]{0,40}", fullmatch=True))
def test_whatever_comes_out_is_an_address_we_would_send_to(text):
    for one in (*parse_addresses(text), sole_sender([text])):
        assert one.email == "" or (is_address(one.email) and canonical(one.email) == one.email)
