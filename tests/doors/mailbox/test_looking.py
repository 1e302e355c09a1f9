"""Looks into a real Dovecot: nothing lost, nothing twice, nothing marked before it is kept."""

import pytest

from makegood.channels.imap import session as imap
from makegood.channels.imap.account import Trouble
from makegood.channels.imap.session import Session
from makegood.doors.mailbox import looking
from makegood.engine import files
from makegood.lib.errors import Refusal
from makegood.life.post.models import IncomingMail
from makegood.life.post.queries import raw_of
from makegood.life.reports import mailboxes
from makegood.life.reports.models import Mailbox
from tests.cast import MONDAY
from tests.doors.mailbox.conftest import mail
from tests.doors.mailbox.dovecot import Dovecot

pytestmark = pytest.mark.django_db


def look(box, *, at=MONDAY, go_on=lambda: True):
    box.refresh_from_db()
    with Session(mailboxes.account_of(box)) as session:
        return looking.look(box, session, clock=lambda: at, go_on=go_on)


def kept():
    return [raw_of(one) for one in IncomingMail.objects.order_by("pk")]


def test_what_waits_is_kept_byte_for_byte_oldest_first_and_then_marked_as_read(box, dovecot):
    mails = [mail(n) for n in range(5)]
    dovecot.put(box.user, mails)
    assert look(box) == 5
    assert kept() == mails
    assert {(one.source, one.mailbox_id) for one in IncomingMail.objects.all()} == {("imap", box.pk)}
    assert dovecot.look(box.user, criteria="UNSEEN") == []
    assert len(dovecot.look(box.user)) == 5
    box.refresh_from_db()
    assert (box.looked_at, box.trouble) == (MONDAY, "")


def test_a_second_look_finds_nothing(box, dovecot):
    dovecot.put(box.user, [mail(1)])
    assert [look(box), look(box)] == [1, 0]


def test_what_cannot_be_kept_is_not_marked_and_comes_with_the_next_look(box, dovecot, monkeypatch):
    dovecot.put(box.user, [mail(n) for n in range(3)])
    store, calls = files.store, []

    def full_at_the_second(stream, *, limit):
        calls.append(1)
        if len(calls) == 2:
            raise Refusal("The disk is full.")
        return store(stream, limit=limit)

    monkeypatch.setattr(files, "store", full_at_the_second)
    with pytest.raises(Refusal):
        look(box)
    assert len(dovecot.look(box.user, criteria="UNSEEN")) == 3
    assert look(box) == 3
    assert sorted(kept()) == sorted(mail(n) for n in range(3))
    assert dovecot.look(box.user, criteria="UNSEEN") == []


def test_the_same_mail_delivered_twice_is_kept_once(box, dovecot):
    dovecot.put(box.user, [mail(1), mail(1)])
    look(box)
    assert kept() == [mail(1)]
    assert dovecot.look(box.user, criteria="UNSEEN") == []


def test_a_mail_somebody_read_before_us_is_kept_all_the_same(box, dovecot):
    look(box)
    dovecot.put(box.user, [mail(1)], flags=[r"\Seen"])
    assert look(box) == 1


def test_read_mail_from_before_our_time_is_left_alone(box, dovecot):
    dovecot.put(box.user, [mail(1), mail(2)], flags=[r"\Seen"])
    dovecot.put(box.user, [mail(3)])
    assert look(box) == 1
    assert kept() == [mail(3)]


def test_when_the_folder_numbers_its_mails_anew_recent_mail_is_not_lost(make_box, dovecot):
    from django.utils import timezone

    box = make_box(dovecot, folder="Desk")
    dovecot.put(box.user, [mail(1)], folder="Desk")
    look(box, at=timezone.now())
    before = Mailbox.objects.get(pk=box.pk).uid_validity
    with dovecot.signed_in(box.user) as client:
        client.delete("Desk")
    dovecot.put(box.user, [mail(1), mail(2)], folder="Desk", flags=[r"\Seen"])
    look(box)
    assert Mailbox.objects.get(pk=box.pk).uid_validity != before
    assert sorted(kept()) == [mail(1), mail(2)]


def test_filed_mail_is_moved_where_the_mailbox_says(make_box, dovecot):
    box = make_box(dovecot, done_folder="Filed.Makegood äöü")
    dovecot.put(box.user, [mail(n) for n in range(3)])
    assert look(box) == 3
    assert dovecot.look(box.user) == []
    assert len(dovecot.look(box.user, '"Filed.Makegood &AOQA9gD8-"', "SEEN")) == 3


def test_where_the_server_cannot_move_it_copies_and_takes_away_only_ours(make_box):
    with Dovecot(more="imap_capability = IMAP4rev1 UIDPLUS IDLE") as server:
        box = make_box(server, done_folder="Filed")
        server.put(box.user, [mail(1)], flags=[r"\Deleted"])
        server.put(box.user, [mail(2)])
        assert look(box) == 1
        assert len(server.look(box.user, "Filed")) == 1
        assert len(server.look(box.user, criteria="DELETED")) == 1


def test_a_mail_that_is_too_big_is_parked_by_its_header_and_stays_starred(box, dovecot, monkeypatch):
    monkeypatch.setattr(looking, "MAX_BYTES", 5000)
    dovecot.put(box.user, [mail(1), mail(2, size=20_000), mail(3)])
    assert look(box) == 3
    parked = IncomingMail.objects.get(outcome="parked")
    assert raw_of(parked).startswith(b"From: Ana")
    assert b"Line of words" not in raw_of(parked)
    assert "at most 0 MB" in parked.error
    assert IncomingMail.objects.filter(outcome="").count() == 2
    assert len(dovecot.look(box.user, criteria="FLAGGED SEEN")) == 1
    assert look(box) == 0


def test_a_mail_the_server_cannot_give_does_not_stop_the_others(box, dovecot):
    dovecot.put(box.user, [mail(n) for n in range(3)])
    victim = sorted((dovecot.folder / "mail" / box.user).rglob("new/*"))[1]
    victim.unlink()
    victim.mkdir()
    try:
        look(box)
    except Trouble:
        look(box)
    assert len(kept()) >= 2
    assert dovecot.look(box.user, criteria="UNSEEN") in ([], [b"2"])


def test_many_mails_go_in_bundles_and_one_can_stop_between_them(box, dovecot):
    dovecot.put(box.user, [mail(n) for n in range(90)])
    assert look(box, go_on=lambda: False) == imap._MOST_AT_ONCE
    assert look(box) == 90 - imap._MOST_AT_ONCE
    assert len(kept()) == 90


def test_a_wrong_password_is_told_in_words(make_box, dovecot):
    box = make_box(dovecot, secret="wrong")
    with pytest.raises(mailboxes.CannotRead, match="did not accept the name and password"):
        mailboxes.try_out(box)


def test_a_folder_that_is_not_there_is_told_in_words(make_box, dovecot):
    with pytest.raises(mailboxes.CannotRead, match="The folder cannot be used"):
        mailboxes.try_out(make_box(dovecot, folder="Nowhere"))


def test_nobody_there_is_told_in_words(make_box, dovecot):
    with pytest.raises(mailboxes.CannotRead, match="could not be reached"):
        mailboxes.try_out(make_box(dovecot, port=1))


def test_trying_out_counts_unread_mail_and_marks_nothing(box, dovecot):
    dovecot.put(box.user, [mail(1), mail(2)])
    assert mailboxes.try_out(box) == 2
    assert len(dovecot.look(box.user, criteria="UNSEEN")) == 2


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_certificate_we_do_not_trust_ends_it_before_the_password(make_box, dovecot, tls):
    box = make_box(dovecot, tls=tls, port=dovecot.tls_port if tls == "implicit" else dovecot.port)
    with pytest.raises(mailboxes.CannotRead, match="not to be trusted"):
        mailboxes.try_out(box)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_with_a_certificate_we_trust_mail_comes_encrypted(make_box, dovecot, monkeypatch, tls):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    box = make_box(dovecot, tls=tls, port=dovecot.tls_port if tls == "implicit" else dovecot.port)
    dovecot.put(box.user, [mail(1)])
    assert look(box) == 1


def test_a_name_and_password_beyond_ascii_are_understood(make_box, dovecot):
    with pytest.raises(mailboxes.CannotRead, match="did not accept"):
        mailboxes.try_out(make_box(dovecot, user="bärbel", secret="schlüssel"))


def test_how_long_ago_a_mailbox_was_read_stands_in_the_figures_and_trouble_in_the_health_page(box, cast, client):
    from datetime import timedelta

    from django.utils import timezone

    from makegood.life.reports import fetching

    fetching.looked(box.pk, at=timezone.now() - timedelta(minutes=30))
    figures = client.get("/metrics").content.decode()
    line = next(
        line for line in figures.splitlines() if line.startswith(f'makegood_mailbox_lag_seconds{{mailbox="{box.slug}"')
    )
    assert 1800 <= float(line.split()[1]) < 1900
    client.force_login(cast.emil)
    assert f"Not read now: {box.address}." in client.get("/console/setup/health/").content.decode()
    fetching.looked(box.pk, at=timezone.now())
    assert "Every mailbox is read" in client.get("/console/setup/health/").content.decode()


def test_check_names_mailboxes_that_are_unsafe(make_box, dovecot, capsys, settings):
    from makegood.cli import look as command
    from makegood.life.people.actors import SYSTEM

    make_box(dovecot, host="imap.example.org", authserv_id="mx.example.org")
    make_box(dovecot)
    facts = {"slug": "smtp", "name": "Help", "address": "smtp@example.org", "kind": "smtp", "authserv_id": "mx"}
    mailboxes.add(facts, by=SYSTEM, at=MONDAY)
    command.check(None)
    said = capsys.readouterr().out
    assert said.count("is read without encryption") == 1
    assert said.count("is ever held to be true") == 1
    assert "No mail can reach smtp@example.org." in said
