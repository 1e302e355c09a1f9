"""Mails leave once: a process that ends, a busy database, a mail taken back or handed to another change nothing."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from makegood.channels.base import SENT, later
from makegood.life.reports import sending
from makegood.life.reports.models import MailAttempt, OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(cast, monday):
    return [
        OutgoingMail.objects.create(
            key=f"news-{n}",
            purpose="update",
            to_email=f"p{n}@members.example",
            subject=f"News {n}",
            text="All is well.",
            rfc_id=f"<{n}@desk.example>",
            made_at=monday,
            send_after=monday,
        )
        for n in range(6)
    ]


class Carrier:
    """Carries everything; ``meanwhile(n)`` happens while the n-th letter is under way."""

    def __init__(self, meanwhile=lambda _n: None, outcome=SENT):
        self.carried, self.meanwhile, self.outcome = [], meanwhile, outcome

    def is_resting(self):
        return False

    def send(self, letter):
        self.carried.append(letter.rfc_id)
        self.meanwhile(len(self.carried))
        return self.outcome


def states():
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


def test_a_process_that_is_asked_to_stop_gives_the_rest_back(mails, monday):
    carrier = Carrier()
    sending.send_due(carrier, clock=lambda: monday, stopping=lambda: len(carrier.carried) >= 3)
    assert states() == ["sent"] * 3 + ["queued"] * 3
    assert set(OutgoingMail.objects.filter(state="queued").values_list("attempts", "leased_until")) == {(0, None)}
    sending.send_due(carrier, clock=lambda: monday)
    assert len(set(carrier.carried)) == len(carrier.carried) == 6


def test_killed_in_a_long_batch_only_the_last_seconds_go_again(mails, monday):
    moments = iter(monday + timedelta(seconds=1.5 * n) for n in range(100))

    def die(n):
        if n == 5:
            raise KeyboardInterrupt

    carrier = Carrier(die)
    with pytest.raises(KeyboardInterrupt):
        sending.send_due(carrier, clock=lambda: next(moments))
    assert states().count("sent") >= 3
    sending.free_leases()
    sending.send_due(Carrier(), clock=lambda: monday + timedelta(minutes=1))
    assert states() == ["sent"] * 6


def test_a_busy_database_is_asked_again(mails, monday, monkeypatch):
    real, tries = sending._settle, []

    def busy_twice(*given, **more):
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("database is locked")
        real(*given, **more)

    monkeypatch.setattr(sending, "_settle", busy_twice)
    monkeypatch.setattr(sending, "_is_ours_alone", lambda: True)
    monkeypatch.setattr(sending.time, "sleep", lambda _seconds: None)
    sending.send_due(Carrier(), clock=lambda: monday)
    assert states() == ["sent"] * 6


@pytest.mark.parametrize("outcome", [SENT, later("450 not now, p0@members.example")])
def test_a_mail_taken_back_while_it_was_under_way_stays_taken_back(mails, monday, outcome):
    def taken_back(n):
        if n == 1:
            OutgoingMail.objects.filter(pk=mails[0].pk).update(state="withdrawn", to_email="", leased_until=None)

    sending.send_due(Carrier(taken_back, outcome), clock=lambda: monday)
    mail = OutgoingMail.objects.get(pk=mails[0].pk)
    assert (mail.state, mail.to_email, mail.last_reason) == ("withdrawn", "", "")
    assert not MailAttempt.objects.filter(mail=mail).exists()


def test_who_lost_the_lease_has_no_say(mails, monday):
    """A machine that slept: another took the mails and sent them; its late word changes nothing."""
    moment = [monday]

    def sleeps(n):
        if n == 1:
            moment[0] = monday + timedelta(minutes=30)
            sending.send_due(Carrier(), clock=lambda: moment[0])

    sending.send_due(Carrier(sleeps, later("451 try again")), clock=lambda: moment[0])
    assert states() == ["sent"] * 6
    assert set(MailAttempt.objects.values_list("outcome", flat=True)) == {"sent"}
