"""From the ledger to its reactions, and mail with its ceilings."""

from datetime import timedelta

import pytest
from django.db import transaction

from makegood.channels.base import SENT, later, never
from makegood.doors.clock import relay, rounds
from makegood.doors.clock.worker import Worker
from makegood.engine import switches
from makegood.engine.models import Job, LiveEvent, PeriodicRun
from makegood.engine.queue import Runner
from makegood.life import reactions
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import ledger, sending
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import LedgerEntry, MailAttempt, OutgoingMail

pytestmark = pytest.mark.django_db
SEEN = []


def remember(entry, now):
    SEEN.append((entry.kind, now))


@pytest.fixture(autouse=True)
def table(monkeypatch):
    SEEN.clear()
    monkeypatch.setattr(reactions, "TABLE", {"link.made": (remember,)})


def happen(now, kind="link.made"):
    with transaction.atomic():
        return ledger.record(None, kind, by=SYSTEM, at=now)


def test_each_reaction_of_an_entry_is_queued_once_and_run(monday):
    happen(monday)
    assert relay.deliver(monday) == 1
    LedgerEntry.objects.update(delivered_at=None)  # as if killed before the mark
    assert relay.deliver(monday) == 1
    assert Job.objects.count() == 1
    Runner(relay.handlers(), worker="here:1", clock=lambda: monday).run_due()
    assert [("link.made", monday)] == SEEN


def test_an_entry_without_reactions_is_just_delivered(monday):
    happen(monday, "link.revoked")
    assert relay.deliver(monday) == 1
    assert relay.deliver(monday) == 0
    assert not Job.objects.exists()
    assert not LiveEvent.objects.exists()


def test_a_worker_that_starts_is_careful_with_what_lay_there_and_not_with_what_comes_meanwhile(monday, monkeypatch):
    first = happen(monday)
    worker, deliver = Worker(), relay.deliver

    def delivered(now, **more):
        assert LedgerEntry.objects.count() < 5, "It never comes to an end."
        happen(monday)  # somebody reports all the time
        return deliver(now, **more)

    monkeypatch.setattr(relay, "deliver", delivered)
    worker._take_over()
    assert [job.key for job in Job.objects.all()] == [str(first.pk)]
    assert LedgerEntry.objects.filter(delivered_at=None).count() == 2


def test_delivering_takes_the_same_queries_for_many_entries(monday, django_assert_max_num_queries):
    for _ in range(50):
        happen(monday)
    with django_assert_max_num_queries(8):
        assert relay.deliver(monday) == 50


def test_periodic_work_runs_once_and_one_failure_does_not_stop_the_rest(monday, monkeypatch):
    ran = []

    def broken(_now):
        raise ValueError("no")

    monkeypatch.setattr(rounds, "UPKEEP", {})
    monkeypatch.setattr(
        reactions, "PERIODIC", {"bad": (timedelta(hours=1), broken), "good": (timedelta(hours=1), ran.append)}
    )
    assert rounds.go(monday) == ["good"]
    assert rounds.go(monday) == []
    assert ran == [monday]
    assert PeriodicRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_upkeep_itself_works(monday):
    for _every, work in rounds.UPKEEP.values():
        work(monday)


class Carrier:
    def __init__(self, *outcomes):
        self.outcomes, self.letters = list(outcomes), []

    def is_resting(self):
        return False

    def send(self, letter):
        self.letters.append(letter)
        return self.outcomes.pop(0) if self.outcomes else SENT

    def close(self):
        pass


def owe(now, key="1", to="ana@example.org"):
    return queue_mail(None, to=(to, "Ana"), subject="Hello", text="Words", purpose="test", key=key, at=now)


def send(carrier, now):
    return sending.send_due(carrier, clock=lambda: now)


def test_a_due_mail_is_sent_once_with_its_attempt_and_ledger_entry(monday):
    mail = owe(monday)
    carrier = Carrier()
    assert send(carrier, monday) == 1
    assert send(carrier, monday) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.sent_at, MailAttempt.objects.get().outcome) == ("sent", monday, "sent")
    assert LedgerEntry.objects.get(kind="mail.sent").data["mail"] == mail.pk
    assert carrier.letters[0].rfc_id == mail.rfc_id


def test_nothing_is_sent_before_its_time(monday):
    mail = owe(monday)
    OutgoingMail.objects.filter(pk=mail.pk).update(send_after=monday + timedelta(seconds=10))
    assert send(Carrier(), monday) == 0
    assert send(Carrier(), monday + timedelta(seconds=10)) == 1


def test_trouble_is_tried_again_later_under_the_same_message_id(monday):
    mail = owe(monday)
    carrier = Carrier(later("451 greylisted"))
    send(carrier, monday)
    mail.refresh_from_db()
    assert (mail.state, mail.last_reason) == ("queued", "451 greylisted")
    assert mail.send_after > monday
    send(carrier, mail.send_after)
    assert {letter.rfc_id for letter in carrier.letters} == {mail.rfc_id}
    assert [attempt.outcome for attempt in MailAttempt.objects.order_by("id")] == ["later", "sent"]


def test_a_server_that_is_unwell_is_not_asked_for_every_mail(monday):
    for n in range(5):
        owe(monday, str(n))
    carrier = Carrier(later("timed out", is_server=True))
    send(carrier, monday)
    assert len(carrier.letters) == 1
    assert OutgoingMail.objects.filter(state="queued", attempts=0).count() == 4


def test_a_refusal_for_good_is_written_down_and_the_contact_marked(monday, cast):
    mail = owe(monday)
    send(Carrier(never("550 no such person")), monday)
    mail.refresh_from_db()
    cast.ana.refresh_from_db()
    assert (mail.state, cast.ana.mail_problem) == ("failed", "550 no such person")
    assert LedgerEntry.objects.get(kind="mail.failed").reason == "550 no such person"
    assert sending.retry(mail, now=monday)


def test_a_mail_is_given_up_after_five_days(monday):
    mail, now = owe(monday), monday
    tries = 0
    while mail.state == "queued" and tries < 100:
        send(Carrier(later("451 no")), now)
        mail.refresh_from_db()
        now, tries = max(now, mail.send_after), tries + 1
    assert mail.state == "failed"
    assert timedelta(days=5) < now - monday < timedelta(days=5, hours=6)
    assert MailAttempt.objects.count() == tries > 25


def test_one_address_gets_no_more_than_its_share_in_an_hour(monday, settings):
    settings.MAIL_PER_RECIPIENT = 2
    for n in range(4):
        owe(monday, str(n))
    owe(monday, "other", to="ben@example.org")
    carrier = Carrier()
    send(carrier, monday)
    assert sorted(letter.to_email for letter in carrier.letters) == ["ana@example.org"] * 2 + ["ben@example.org"]
    assert OutgoingMail.objects.filter(state="queued", attempts=0).count() == 2
    send(carrier, monday + timedelta(hours=1))
    assert len(carrier.letters) == 5


def test_a_mail_of_a_dead_worker_goes_again_when_its_lease_runs_out(monday):
    mail = owe(monday)
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sending", leased_until=monday + timedelta(seconds=60))
    assert send(Carrier(), monday + timedelta(seconds=30)) == 0
    assert send(Carrier(), monday + timedelta(seconds=61)) == 1


def test_nothing_leaves_while_mail_is_stopped(monday):
    owe(monday)
    switches.stop(switches.MAIL, reason="restored", now=monday)
    assert send(Carrier(), monday) == 0
    assert switches.let_run(switches.MAIL)
    assert send(Carrier(), monday) == 1


def test_what_follows_from_an_entry_is_done_at_once_without_a_job(monday):
    happen(monday)
    happen(monday, "link.revoked")
    runner = Runner(relay.handlers(), worker="here:1", clock=lambda: monday)
    assert relay.follow(runner) == 2
    assert relay.follow(runner) == 0
    assert [("link.made", monday)] == SEEN
    assert not Job.objects.exists()


def test_a_reaction_that_fails_leaves_nothing_but_a_job_with_the_reason(monday, monkeypatch):
    def stumble(entry, now):
        LedgerEntry.objects.filter(pk=entry.pk).update(reason="half done")
        raise ValueError("no luck")

    monkeypatch.setattr(reactions, "TABLE", {"link.made": (stumble, remember)})
    entry = happen(monday)
    relay.follow(Runner(relay.handlers(), worker="here:1", clock=lambda: monday))
    job = Job.objects.get()
    assert (job.attempts, job.key, job.run_at > monday) == (1, str(entry.pk), True)
    assert "no luck" in job.last_error
    assert [("link.made", monday)] == SEEN
    entry.refresh_from_db()
    assert (entry.reason, entry.delivered_at) == ("", monday)


def test_an_entry_whose_worker_dies_half_way_is_still_undelivered(monday, monkeypatch):
    def die(entry, now):
        raise KeyboardInterrupt

    monkeypatch.setattr(reactions, "TABLE", {"link.made": (remember, die)})
    entry = happen(monday)
    with pytest.raises(KeyboardInterrupt):
        relay.follow(Runner({}, worker="here:1", clock=lambda: monday))
    entry.refresh_from_db()
    assert entry.delivered_at is None
