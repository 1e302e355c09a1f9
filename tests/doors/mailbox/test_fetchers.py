"""Threads that fetch: they hear of mail at once, come back after trouble, and never two for one mailbox."""

import socket
import threading
import time

import pytest
from django.utils import timezone

from makegood.doors.mailbox import fetchers
from makegood.doors.mailbox.fetchers import Fetchers, Patience
from makegood.engine import switches
from makegood.life.people.actors import SYSTEM
from makegood.life.post.models import IncomingMail
from makegood.life.reports import fetching, mailboxes
from makegood.life.reports.models import Mailbox
from tests.cast import MONDAY
from tests.doors.mailbox.conftest import mail
from tests.doors.mailbox.dovecot import Dovecot
from tests.product import Product

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = Patience(idle=600, glance=0.1, poll=0.2, renew=0.2, supervise=0.1, hangs=900, first_wait=0.2, sign_in_wait=0.2)
wait_until = Product.wait_until


@pytest.fixture
def start():
    """Start Fetchers under a holder's name; all are stopped at the end."""
    running = []

    def one(holder="one", patience=QUICK):
        these = Fetchers(patience=patience)
        these.holder = holder
        running.append(these)
        these.start()
        return these

    yield one
    for these in running:
        these.stop()
    alive = [thread.name for thread in threading.enumerate() if thread.name.startswith("mailbox")]
    assert alive == []


def state(box):
    return Mailbox.objects.get(pk=box.pk)


def test_new_mail_is_heard_of_while_listening(box, dovecot, start):
    start()
    wait_until(lambda: state(box).looked_at)
    dovecot.put(box.user, [mail(1)])
    began = time.monotonic()
    wait_until(lambda: IncomingMail.objects.count() == 1, 10)
    assert time.monotonic() - began < 5  # and not after the ten minutes of an IDLE


def test_where_the_server_cannot_say_so_we_look_from_time_to_time(make_box, start):
    with Dovecot(more="imap_capability = IMAP4rev1") as server:
        box = make_box(server)
        start()
        wait_until(lambda: state(box).looked_at)
        server.put(box.user, [mail(1)])
        wait_until(lambda: IncomingMail.objects.count() == 1, 10)


def test_a_server_that_goes_away_and_comes_back_is_read_again(make_box, start):
    server = Dovecot()
    with server:
        box = make_box(server)
        start()
        wait_until(lambda: state(box).looked_at)
    wait_until(lambda: state(box).trouble)
    with Dovecot() as second:
        second.put(box.user, [mail(1)])
        Mailbox.objects.filter(pk=box.pk).update(port=second.port)
        wait_until(lambda: IncomingMail.objects.count() == 1 and not state(box).trouble, 20)


def test_only_one_of_two_fetches_and_the_other_takes_over(box, dovecot, start):
    first, second = start("one"), start("two")
    wait_until(lambda: state(box).looked_at)
    holder = state(box).leased_by
    ours, other = (first, second) if holder == "one" else (second, first)
    time.sleep(1)
    assert state(box).leased_by == holder
    ours.stop()
    wait_until(lambda: state(box).leased_by == other.holder)
    dovecot.put(box.user, [mail(1)])
    wait_until(lambda: IncomingMail.objects.count() == 1)


def test_two_that_look_at_the_same_time_all_the_same_keep_each_mail_once(box, dovecot, start, monkeypatch):
    monkeypatch.setattr(fetching, "lease", lambda *_words, **_more: True)
    dovecot.put(box.user, [mail(n) for n in range(60)])
    start("one")
    start("two")
    wait_until(lambda: not dovecot.look(box.user, criteria="UNSEEN"))
    assert IncomingMail.objects.count() == 60


def test_a_lease_left_by_a_killed_fetcher_of_this_machine_is_free_at_once(box, start):
    assert fetching.lease(box.pk, by=f"{socket.gethostname()}:4194305", now=timezone.now())
    start(f"{socket.gethostname()}:1")
    wait_until(lambda: state(box).looked_at, 10)


def test_the_lease_of_another_machine_is_waited_for(box):
    assert fetching.lease(box.pk, by="elsewhere:7", now=MONDAY)
    assert not fetching.lease(box.pk, by="here:7", now=MONDAY)
    assert fetching.lease(box.pk, by="elsewhere:7", now=MONDAY)
    assert fetching.lease(box.pk, by="here:7", now=MONDAY + fetching.LEASE * 2)


def test_a_paused_mailbox_is_left_and_a_resumed_one_read_again(box, dovecot, start):
    start()
    wait_until(lambda: state(box).looked_at)
    mailboxes.pause(state(box), by=SYSTEM, at=timezone.now())
    wait_until(lambda: not state(box).leased_by)
    dovecot.put(box.user, [mail(1)])
    time.sleep(1)
    assert not IncomingMail.objects.exists()
    mailboxes.resume(state(box), by=SYSTEM, at=timezone.now())
    wait_until(IncomingMail.objects.exists)


def test_after_a_restore_nothing_is_fetched_until_mail_is_let_go(box, dovecot, start):
    switches.stop(switches.MAIL, reason="restored", now=MONDAY)
    dovecot.put(box.user, [mail(1)])
    start()
    time.sleep(1)
    assert not IncomingMail.objects.exists()
    switches.let_run(switches.MAIL)
    wait_until(IncomingMail.objects.exists)


def test_a_wrong_password_is_written_down_and_tried_ever_more_rarely(make_box, dovecot, start):
    box = make_box(dovecot, secret="wrong")
    start()
    wait_until(lambda: "did not accept" in state(box).trouble)
    waits = [Patience().after(falls, is_about_signing_in=True) for falls in range(1, 12)]
    assert 48 <= waits[0] <= 72
    assert max(waits) <= 1800 * 1.2


def test_one_bad_mailbox_does_not_stop_the_others(make_box, dovecot, start):
    make_box(dovecot, port=1)
    good = make_box(dovecot)
    dovecot.put(good.user, [mail(1)])
    start()
    wait_until(IncomingMail.objects.exists)


def test_a_secret_sealed_under_another_key_is_told_in_words(box, start):
    Mailbox.objects.filter(pk=box.pk).update(secret="gAAAAABnonsense")
    start()
    wait_until(lambda: "Enter it again" in state(box).trouble)


def test_a_server_that_hangs_is_cut_off(make_box, start):
    """It greets, takes the name and password, and then says a byte from time to time, for ever."""
    with Dripping() as server:
        box = make_box(server)
        start(patience=Patience(supervise=0.1, hangs=0.5, renew=30, first_wait=60))
        wait_until(lambda: "broke off" in state(box).trouble, 20)


def test_a_fetcher_that_meets_what_nobody_thought_of_goes_on(box, dovecot, start, monkeypatch):
    look, falls = fetchers.look, []

    def once_wrong(*words, **more):
        if not falls:
            falls.append(1)
            raise ZeroDivisionError("nobody thought of it")
        return look(*words, **more)

    monkeypatch.setattr(fetchers, "look", once_wrong)
    dovecot.put(box.user, [mail(1)])
    start()
    wait_until(IncomingMail.objects.exists)


class Dripping:
    """An IMAP server that answers all but SEARCH in the usual way; that it answers one byte at a time, without end."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.ended = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_trouble):
        self.ended.set()
        self.socket.close()

    def _serve(self):
        while not self.ended.is_set():
            try:
                line, _peer = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line):
        line.sendall(b"* OK IMAP4rev1\r\n")
        with line, line.makefile("rb") as words:
            for said in words:
                tag, command = said.split()[:2]
                if b"SEARCH" in said:
                    self._drip(line)
                    return
                if command == b"CAPABILITY":
                    line.sendall(b"* CAPABILITY IMAP4rev1\r\n")
                line.sendall(tag + b" OK done\r\n")

    def _drip(self, line):
        while not self.ended.wait(0.05):
            try:
                line.sendall(b"*")
            except OSError:
                return


def test_trying_out_a_server_that_says_nothing_ends_within_seconds(make_box, dovecot, monkeypatch):
    monkeypatch.setattr(mailboxes, "TRIAL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        box = make_box(dovecot, port=silent.getsockname()[1])
        began = time.monotonic()
        with pytest.raises(mailboxes.CannotRead, match="could not be reached"):
            mailboxes.try_out(box)
        assert time.monotonic() - began < 10
