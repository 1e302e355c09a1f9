"""A mail server as unwell as servers are: what each fault means for the letter, others, and the next try."""

import socket

import pytest

from makegood.channels.mail.smtp import Smtp
from tests.channels.test_mail import letter
from tests.sink import HANG_UP, SILENCE, Sink

QUICK = 0.3


class Hands:
    """A clock the test moves."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def sink():
    with Sink() as running:
        yield running


@pytest.fixture
def carrier(sink, clock):
    made = Smtp(sink.url, seconds=QUICK, verdict_seconds=QUICK, clock=clock)
    yield made
    made.close()


FINAL, LETTER, SERVER = "final", "letter waits", "server rests"


def meaning(outcome):
    if outcome.is_final:
        return FINAL
    return SERVER if outcome.is_server else LETTER


@pytest.mark.parametrize(
    ("step", "answer", "meant", "told"),
    [
        ("connect", "554 no service for you", SERVER, "554 no service for you (at connecting)"),
        ("connect", "421 too many connections", SERVER, "421 too many connections (at connecting)"),
        ("connect", SILENCE, SERVER, "The server gave no answer in time."),
        ("connect", HANG_UP, SERVER, "The server hung up."),
        ("mail", "451 try later", SERVER, "451 try later (at MAIL FROM)"),
        ("mail", "550 you may not send as this", SERVER, "550 you may not send as this (at MAIL FROM)"),
        ("mail", "530 sign in first", SERVER, "530 sign in first (at MAIL FROM)"),
        ("mail", "552 too big", FINAL, "552 too big (at MAIL FROM)"),
        ("mail", SILENCE, SERVER, "The server gave no answer in time."),
        ("rcpt", "450 greylisted", LETTER, "450 greylisted (at RCPT TO)"),
        ("rcpt", "550 no such person", FINAL, "550 no such person (at RCPT TO)"),
        ("rcpt", "421 going down", SERVER, "421 going down (at RCPT TO)"),
        ("rcpt", HANG_UP, LETTER, "The server hung up."),
        ("data", "452 disk full", LETTER, "452 disk full (at the end of DATA)"),
        ("data", "554 looks like spam", FINAL, "554 looks like spam (at the end of DATA)"),
        ("data", SILENCE, SERVER, "The server gave no answer in time. It may have taken the letter all the same."),
        ("data", HANG_UP, LETTER, "The server hung up. It may have taken the letter all the same."),
    ],
)
def test_each_fault_is_told_and_means_what_it_should(sink, carrier, clock, step, answer, meant, told):
    sink.at[step] = [answer]
    outcome = carrier.send(letter())
    assert (outcome.is_sent, meaning(outcome), outcome.reason) == (False, meant, told)
    assert carrier.is_resting() is (meant == SERVER)
    clock.now += 400
    assert not carrier.is_resting()
    assert carrier.send(letter(rfc_id="<two@desk.example>")).is_sent
    assert [mail["Message-ID"] for mail in sink.mails] == ["<two@desk.example>"]


def test_a_server_that_is_away_rests_longer_each_time_until_it_is_back(clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    carrier = Smtp(f"smtp://127.0.0.1:{port}?tls=none", seconds=QUICK, clock=clock)
    rests = []
    for _ in range(8):
        outcome = carrier.send(letter())
        assert outcome.reason.startswith("The server cannot be reached:")
        assert outcome.wait_seconds == 0
        rests.append(carrier.rests_until - clock.now)
        clock.now = carrier.rests_until
    assert rests == sorted(rests)
    assert rests[0] <= 5
    assert rests[-1] == 300


def test_a_server_that_takes_connections_and_says_nothing_costs_one_time_out(clock):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        carrier = Smtp(f"smtp://127.0.0.1:{deaf.getsockname()[1]}?tls=none", seconds=QUICK, clock=clock)
        outcome = carrier.send(letter())
    assert (outcome.is_server, outcome.reason) == (True, "The server gave no answer in time.")


def test_a_kept_connection_that_died_is_replaced_without_anybody_noticing(sink, carrier):
    assert carrier.send(letter()).is_sent
    sink.at["mail"] = [HANG_UP]
    assert carrier.send(letter(rfc_id="<two@desk.example>")).is_sent
    assert [mail["Message-ID"] for mail in sink.mails] == ["<abc123@desk.example>", "<two@desk.example>"]


def test_a_letter_handed_over_without_an_answer_is_not_repeated_at_once(sink, carrier):
    assert carrier.send(letter()).is_sent
    sink.hangs_up_after = 1
    outcome = carrier.send(letter(rfc_id="<two@desk.example>"))
    assert (outcome.is_sent, outcome.is_final, outcome.wait_seconds) == (False, False, None)
    assert [mail["Message-ID"] for mail in sink.mails] == ["<abc123@desk.example>", "<two@desk.example>"]


def test_a_refused_letter_leaves_the_connection_fit_for_the_next(sink, carrier):
    sink.at["rcpt"] = ["550 no such person"]
    carrier.send(letter())
    assert carrier.send(letter()).is_sent
    assert sink.reached.count("connect") == 1


def test_lines_that_begin_with_a_dot_arrive_as_they_were(sink, carrier):
    carrier.send(letter(text="one\n.\n..two\nthree", html=""))
    assert sink.mails[0].get_content().split() == ["one", ".", "..two", "three"]


def test_one_letter_never_takes_longer_than_its_time(sink, clock):
    carrier = Smtp(sink.url, seconds=QUICK, clock=clock)
    real = carrier._connect

    def slowly():
        made = real()
        clock.now += 101
        return made

    carrier._connect = slowly
    outcome = carrier.send(letter())
    assert (outcome.is_sent, outcome.is_server) == (False, True)
    assert "mail" not in sink.reached
