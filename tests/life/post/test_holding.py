"""What people do with held mails, and with those a mail proposed."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.post import actions, addresses, queries, wording
from makegood.life.reports import participants
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Participant, Report
from tests.life.case import file_report, fresh, work
from tests.life.post.mails import arrive, mail, secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(cast, monday):
    addresses.default_mailbox(monday)
    return monday + timedelta(hours=1)


@pytest.fixture
def report(cast, monday, now):
    made = file_report(cast, monday)
    work(monday)
    return fresh(made)


@pytest.fixture
def held(report, now):
    """A stranger's mail that names Ana's report."""
    files = [("log.txt", "text/plain", b"trace")]
    raw = mail("I know more.", subject=report.number, sender="Zoe <zoe@x.example>", files=files)
    return arrive(raw, now).incoming


def kinds_of(incoming):
    entries = LedgerEntry.objects.order_by("id")
    return [entry.kind for entry in entries if entry.data.get("incoming_mail") == incoming.pk]


def test_a_held_mail_waits_in_its_own_list_with_a_reason(held):
    assert list(queries.held()) == [held]
    assert "takes no part" in wording.why(held)
    assert queries.parsed_of(held).body == "I know more."


def test_released_it_is_a_new_report_and_acknowledged(cast, held, report, now):
    made = actions.release(held, by=cast.dora.actor, at=now)
    work(now)
    assert (made.contact.email, made.follows) == ("zoe@x.example", None)
    assert [one.name for one in made.attachments.all()] == ["log.txt"]
    assert OutgoingMail.objects.filter(report=made, to_email="zoe@x.example").count() == 1
    assert made.contact.email_verified_at is None
    assert list(queries.held()) == []
    assert kinds_of(held) == ["mail.held", "mail.released"]
    assert (held.decision, held.decided_by, held.report_id) == ("released", "Dora Dahl", made.pk)


@pytest.mark.parametrize("accept", [False, True])
def test_attached_it_is_the_senders_message(cast, held, report, now, accept):
    message = actions.attach(held, report, by=cast.dora.actor, at=now, accept=accept)
    assert (message.report, message.said_by, message.contact.email) == (report, "contact", "zoe@x.example")
    assert [one.name for one in message.attachments.all()] == ["log.txt"]
    assert Participant.objects.get(report=report).state == ("accepted" if accept else "proposed")
    assert queries.mail_of_message(message) == held
    assert kinds_of(held) == ["mail.held", "mail.attached"]


def test_without_a_sender_it_can_be_attached_as_a_note_only(cast, report, now):
    raw = mail("Who am I?").replace(b"From: Ana Alvarez <ana@example.org>", b"From: nobody at all")
    held = arrive(raw, now).incoming
    with pytest.raises(actions.NoSender):
        actions.release(held, by=cast.dora.actor, at=now)
    assert actions.attach(held, report, by=cast.dora.actor, at=now).is_internal


def test_a_decision_is_made_once(cast, held, report, now):
    actions.discard(held, by=cast.dora.actor, at=now)
    with pytest.raises(actions.AlreadyDecided):
        actions.release(held, by=cast.emil.actor, at=now)
    with pytest.raises(actions.AlreadyDecided):
        actions.attach(held, report, by=cast.emil.actor, at=now)
    with pytest.raises(actions.AlreadyDecided):
        actions.discard(held, by=cast.emil.actor, at=now)
    assert Report.objects.count() == 1


def test_putting_away_can_be_taken_back_for_a_day(cast, held, now):
    actions.discard(held, by=cast.dora.actor, at=now)
    assert list(queries.held()) == []
    with pytest.raises(actions.TooLateToUndo):
        actions.undiscard(held, by=cast.dora.actor, at=now + timedelta(hours=25))
    actions.undiscard(held, by=cast.dora.actor, at=now + timedelta(hours=23))
    assert list(queries.held()) == [held]
    assert kinds_of(held) == ["mail.held", "mail.discarded", "mail.undiscarded"]


def test_attaching_to_a_report_closed_long_ago_changes_nothing(cast, held, report, now):
    from makegood.engine import files

    aftercare.close(report, reason="withdrawn", by=cast.ana.actor, at=now)
    before = set(files.storage.all_keys())
    with pytest.raises(aftercare.TooLateToReopen):
        actions.attach(held, report, by=cast.dora.actor, at=now + timedelta(days=15))
    assert set(files.storage.all_keys()) == before
    assert list(queries.held()) == [held]
    assert not Participant.objects.exists()


# Those who take part.


def test_the_proposed_are_decided_once_and_not_proposed_again(cast, report, now):
    row = participants.propose(report, cast.ben, why="copied", by=cast.ana.actor, at=now)
    assert participants.propose(report, cast.ben, why="copied", by=cast.ana.actor, at=now) is None
    assert not participants.may_speak(report, cast.ben)
    participants.accept(row, by=cast.dora.actor, at=now)
    assert participants.may_speak(report, cast.ben)
    participants.remove(row, by=cast.dora.actor, at=now)
    assert not participants.may_speak(report, cast.ben)
    assert participants.propose(report, cast.ben, why="copied", by=cast.ana.actor, at=now) is None
    kinds = LedgerEntry.objects.filter(kind__startswith="participant.").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["participant.proposed", "participant.accepted", "participant.removed"]


def test_the_removed_speak_no_more_by_their_old_address(cast, report, now):
    row = participants.invite(report, cast.ben, by=cast.dora.actor, at=now)
    address = secret(report, cast.ben, now)
    participants.remove(row, by=cast.dora.actor, at=now)
    filing = arrive(mail("Still here.", sender="ben@example.org", to=address), now)
    assert filing.outcome == "new_report"
    assert not report.messages.filter(body="Still here.").exists()


def test_the_first_writer_can_be_made_the_reporter(cast, report, now):
    row = participants.propose(report, cast.ben, why="original_sender", by=cast.ana.actor, at=now)
    participants.make_reporter(row, by=cast.dora.actor, at=now)
    assert fresh(report).contact == cast.ben
    assert participants.may_speak(report, cast.ana)
    assert [one.contact for one in participants.accepted(report)] == [cast.ana]
    work(now)
    work(now)
    assert OutgoingMail.objects.filter(to_email="ben@example.org", purpose="acknowledgement").count() == 1
    entry = LedgerEntry.objects.get(kind="report.reporter_changed")
    assert (entry.data["name"], entry.data["before"]) == ("Ben Brandt", "Ana Alvarez")


def test_the_reporter_is_no_participant(cast, report, now):
    assert participants.propose(report, cast.ana, why="copied", by=cast.ben.actor, at=now) is None
    with pytest.raises(participants.NotToBeAdded):
        participants.invite(report, cast.ana, by=cast.dora.actor, at=now)
