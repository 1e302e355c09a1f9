"""The SMTP listener against a real client: for our own addresses only, "250" only once it is kept, nothing smuggled."""

import smtplib
import socket

import pytest
from django.db import OperationalError

from makegood.doors.mailbox import listener as module
from makegood.doors.mailbox.listener import Listener
from makegood.lib.errors import Refusal
from makegood.life.people.actors import SYSTEM
from makegood.life.post import actions
from makegood.life.post.models import IncomingMail
from makegood.life.post.queries import raw_of
from makegood.life.reports import mailboxes
from tests.cast import MONDAY
from tests.doors.mailbox.conftest import mail

pytestmark = pytest.mark.django_db(transaction=True)
DESK = "help@fairfield.example"


@pytest.fixture
def desk(db):
    facts = {"slug": "help", "name": "Help", "address": DESK, "aliases": ["Hilfe@Fairfield.example"], "kind": "smtp"}
    return mailboxes.add(facts, by=SYSTEM, at=MONDAY)


@pytest.fixture
def server(desk):
    running = Listener("127.0.0.1", 0, name="desk.example", clock=lambda: MONDAY)
    running.start()
    assert running.is_open.wait(10)
    yield running
    running.stop()


@pytest.fixture
def client(server):
    with smtplib.SMTP("127.0.0.1", server.port, timeout=20) as one:
        yield one


def answer_to(client, recipient):
    client.helo()
    client.mail("ana@example.org")
    return client.rcpt(recipient)[0]


def test_a_mail_is_kept_with_its_envelope_before_the_server_says_so(client, desk):
    token = "help+r" + "a" * 32 + "@fairfield.example"
    client.sendmail("ana@example.org", [DESK, token], mail(1))
    kept = IncomingMail.objects.get()
    assert raw_of(kept) == mail(1)
    assert (kept.source, kept.mailbox, kept.received_at) == ("smtp", desk, MONDAY)
    assert (kept.envelope_from, kept.envelope_to) == ("ana@example.org", [DESK, token])


def test_a_bounce_comes_from_the_null_sender(client):
    client.sendmail("", [DESK], mail(1))
    assert IncomingMail.objects.get().envelope_from == ""


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        (DESK, 250),
        ("HELP@Fairfield.EXAMPLE", 250),
        ("hilfe@fairfield.example", 250),
        ("help+r234567@fairfield.example", 250),
        ("ana@example.org", 550),
        ("help@fairfield.example.evil.example", 550),
        ("help%evil.example@relay.example", 550),
        ("postmaster", 550),
    ],
)
def test_it_takes_mail_for_our_own_addresses_and_is_nobody_s_relay(client, recipient, code):
    assert answer_to(client, recipient) == code


def test_a_way_through_others_is_no_address(client):
    # Before Python 3.11.4 the way is left out before anybody sees it, and what is left is not ours.
    assert answer_to(client, "@relay.example:ana@example.org") in (553, 550)


def test_a_paused_mailbox_takes_nothing(client, desk):
    mailboxes.pause(desk, by=SYSTEM, at=MONDAY)
    assert answer_to(client, DESK) == 550


@pytest.mark.parametrize("trouble", [OperationalError("locked"), Refusal("The disk is full."), ZeroDivisionError("?")])
def test_what_cannot_be_kept_stays_with_the_sender_who_tries_again(client, monkeypatch, trouble):
    def fail(*_words, **_more):
        raise trouble

    with monkeypatch.context() as broken:
        broken.setattr(actions, "keep", fail)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("ana@example.org", [DESK], mail(1))
        assert refused.value.smtp_code == 451
    client.sendmail("ana@example.org", [DESK], mail(1))
    assert IncomingMail.objects.count() == 1


def test_the_same_mail_handed_over_twice_is_kept_once(client):
    client.sendmail("ana@example.org", [DESK], mail(1))
    client.sendmail("ana@example.org", [DESK], mail(1))
    assert IncomingMail.objects.count() == 1


def test_a_mail_over_the_limit_is_refused_before_and_after_it_is_sent(client, monkeypatch, server):
    client.ehlo()
    assert int(client.esmtp_features["size"]) == module.MAX_BYTES
    assert client.mail("ana@example.org", [f"SIZE={module.MAX_BYTES + 1}"])[0] == 552
    monkeypatch.setattr(module, "MAX_BYTES", 2000)
    with smtplib.SMTP("127.0.0.1", server.port, timeout=20) as other:
        other.ehlo()
        other.mail("ana@example.org")
        other.rcpt(DESK)
        assert other.data(mail(1, size=5000))[0] == 552
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("end", ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r\n\0.\r\n"])
def test_no_second_mail_can_be_smuggled_behind_a_crooked_end_of_data(server, end):
    smuggled = (
        f"{end}MAIL FROM:<boss@fairfield.example>\r\nRCPT TO:<{DESK}>\r\nDATA\r\nSubject: Forged\r\n\r\nPay.\r\n.\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), 20) as line, line.makefile("rb") as answers:
        answers.readline()
        for command in ("HELO x", "MAIL FROM:<ana@example.org>", f"RCPT TO:<{DESK}>", "DATA"):
            line.sendall(f"{command}\r\n".encode())
            assert answers.readline()[:1] in b"23"
        line.sendall(b"Subject: Honest\r\n\r\nHello" + smuggled.encode())
        assert answers.readline().startswith(b"250")
        line.sendall(b"QUIT\r\n")
        assert answers.readline().startswith(b"221")
    assert [one.envelope_from for one in IncomingMail.objects.all()] == ["ana@example.org"]


def test_long_lines_of_sloppy_senders_are_taken(client):
    raw = b"Subject: Long\r\n\r\n" + b"x" * 20_000 + b"\r\n"
    client.sendmail("ana@example.org", [DESK], raw)
    assert raw_of(IncomingMail.objects.get()) == raw


def test_a_line_without_end_is_refused_and_the_conversation_goes_on(client):
    client.ehlo()
    client.mail("ana@example.org")
    client.rcpt(DESK)
    assert client.data(b"Subject: Endless\r\n\r\n" + b"x" * 200_000)[0] == 500
    client.sendmail("ana@example.org", [DESK], mail(1))
    assert IncomingMail.objects.count() == 1


def test_addresses_that_are_no_text_are_refused_or_made_harmless(server):
    with socket.create_connection(("127.0.0.1", server.port), 20) as line, line.makefile("rb") as answers:
        answers.readline()
        said = []
        for command in (b"EHLO x", b"MAIL FROM:<\xff@example.org>", b"RCPT TO:<help+\xff@fairfield.example>"):
            line.sendall(command + b"\r\n")
            answer = answers.readline()
            while answer[3:4] == b"-":
                answer = answers.readline()
            said.append(answer[:3])
        assert said[0] == b"250"
        assert said[-1] in (b"553", b"503")


def test_no_more_conversations_than_are_good_at_the_same_time(server, monkeypatch):
    monkeypatch.setattr(module, "CONNECTIONS", 2)
    open_ones = [socket.create_connection(("127.0.0.1", server.port), 20) for _ in range(2)]
    assert all(one.recv(100).startswith(b"220") for one in open_ones)
    with socket.create_connection(("127.0.0.1", server.port), 20) as third:
        assert third.recv(100).startswith(b"421")
    for one in open_ones:
        one.close()


def test_no_more_recipients_than_are_good(client, monkeypatch):
    monkeypatch.setattr(module, "RECIPIENTS", 2)
    client.helo()
    client.mail("ana@example.org")
    answers = [client.rcpt(f"help+{n}@fairfield.example")[0] for n in range(3)]
    assert answers == [250, 250, 452]


def test_no_one_can_sign_in(client):
    client.ehlo()
    assert "auth" not in client.esmtp_features


def test_the_port_of_the_worker_before_is_waited_for(desk, monkeypatch):
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as before:
        running = Listener("127.0.0.1", before.getsockname()[1], name="desk.example")
        running.start()
        assert not running.is_open.wait(0.5)
    assert running.is_open.wait(10)
    running.stop()
    assert not running.is_alive()


def test_one_that_never_opened_can_be_stopped(desk):
    with socket.create_server(("127.0.0.1", 0)) as before:
        running = Listener("127.0.0.1", before.getsockname()[1], name="desk.example")
        running.start()
        running.stop()
        assert not running.is_alive()


def test_the_worker_opens_the_door_and_closes_it_in_order(tmp_path):
    from tests.product import Product, free_port

    port = free_port()
    with Product(tmp_path, MAKEGOOD_SMTP_LISTEN=f"127.0.0.1:{port}") as product:
        product.run("prepare", "--port", str(product.port))
        facts = f"dict(slug='help', name='Help', address='{DESK}', kind='smtp')"
        product.ask(
            "from django.utils import timezone; from makegood.life.reports import mailboxes\n"
            "from makegood.life.people.actors import SYSTEM\n"
            f"mailboxes.add({facts}, by=SYSTEM, at=timezone.now())"
        )
        worker = product.start("worker")
        product.wait_until(lambda: "listener.open" in product.log("worker"))
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail("ana@example.org", [DESK], mail(1))
        filed = "from makegood.life.post.models import IncomingMail as M; print(*M.objects.values_list('outcome'))"
        product.wait_until(lambda: product.ask(filed) == "('new_report',)")
        worker.terminate()
        assert worker.wait(20) == 0
