import itertools

import pytest

from tests.cast import MONDAY
from tests.doors.mailbox import dovecot as real
from tests.doors.mailbox.dovecot import PASSWORD, Dovecot

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot():
    """One Dovecot for all tests of a process; each test uses a user of its own."""
    real.require()
    with Dovecot() as server:
        yield server


@pytest.fixture
def make_box(db):
    """Make a mailbox row that reads from ``server`` as a user nobody has used yet."""
    from makegood.life.people.actors import SYSTEM
    from makegood.life.reports import mailboxes

    def make(server, *, secret=PASSWORD, client_secret="", **facts):
        number = next(_numbers)
        given = {
            "slug": f"help-{number}",
            "name": "Member help",
            "address": f"help{number}@fairfield.example",
            "host": "127.0.0.1",
            "port": server.port,
            "tls": "none",
            "user": f"user{number}",
        }
        return mailboxes.add({**given, **facts}, secret=secret, client_secret=client_secret, by=SYSTEM, at=MONDAY)

    return make


@pytest.fixture
def box(make_box, dovecot):
    return make_box(dovecot)


def mail(number, *, size=0):
    """A raw mail unlike all others, with bytes that are no text."""
    words = b"Line of words.\r\n" * (size // 16)
    return (
        f"From: Ana <ana@example.org>\r\nTo: help@fairfield.example\r\nSubject: Broken {number}\r\n"
        f"Message-ID: <{number}@example.org>\r\nDate: Mon, 16 Nov 2026 10:00:00 +0100\r\n\r\n"
        f"Page {number} is \xff broken.\r\n"
    ).encode("latin-1") + words
