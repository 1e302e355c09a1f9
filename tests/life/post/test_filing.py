"""From the wire to what came of it: new reports, answers, strangers, machines, bounces, storms."""

from datetime import timedelta

import pytest

from makegood.life import reactions
from makegood.life.aftercare import actions as aftercare
from makegood.life.beginning import begin
from makegood.life.people.models import Contact
from makegood.life.post import addresses, filing
from makegood.life.post.models import IncomingMail
from makegood.life.promises.sweep import sweep
from makegood.life.reports import participants, states
from makegood.life.reports.models import LedgerEntry, Mailbox, OutgoingMail, Participant, Report
from makegood.life.updates import automatic
from tests.again import again
from tests.life.case import file_report, fresh, pending, told
from tests.life.post.mails import DESK, answered, arrive, bounce, mail, our_message_id, secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(cast, monday):
    again(lambda: (begin(monday), addresses.default_mailbox(monday)), monday)
    return monday + timedelta(hours=1)


@pytest.fixture
def report(cast, monday, now):
    """Ana's report, filed on the web an hour ago and acknowledged."""
    from tests.life.case import work

    made = file_report(cast, monday)
    work(monday)
    return fresh(made)


def close(report, cast, at):
    aftercare.close(report, reason="withdrawn", by=cast.ana.actor, at=at)
    return fresh(report)


# A report by mail.


def test_a_mail_becomes_a_report_and_is_acknowledged(now):
    filing = arrive(
        mail("The page is white.\n\nSince today.", subject="Re: Fwd: White page", sender="Zoe <zoe@x.example>"), now
    )
    report = filing.report
    assert (filing.outcome, report.title, report.channel) == ("new_report", "White page", "mail")
    assert report.contact.email == "zoe@x.example"
    assert report.contact.name == "Zoe"
    assert report.contact.preferred_way == "email"
    assert filing.message.body == "The page is white.\n\nSince today."
    assert filing.message.rfc_id
    assert answered() == ["zoe@x.example"]
    assert report.mailbox.address == DESK
    assert "hear_back" in pending(report)


def test_a_mail_is_acknowledged_when_the_worker_has_said_so(now):
    report = arrive(mail(sender="Zoe <zoe@x.example>"), now).report
    [said] = told(report)
    acknowledged = report.promises.get(kind="acknowledge")
    assert (acknowledged.state, acknowledged.kept_by_message, acknowledged.broken_at) == ("kept", said, None)


def test_while_the_worker_is_away_the_acknowledgement_of_a_mail_falls_due_and_climbs(cast, now, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setitem(reactions.TABLE, "report.received", ())
        report = arrive(mail(sender="Zoe <zoe@x.example>"), now).report
    owed = report.promises.get(kind="acknowledge")
    assert (owed.state, fresh(report).owed_kind) == ("open", "acknowledge")
    late = owed.due_at + timedelta(hours=4)
    sweep(late)
    steps = set(owed.steps.values_list("kind", flat=True))
    assert steps == {"at_risk", "broken", "rung"}
    automatic.acknowledge(report.ledger.get(kind="report.received"), late)
    owed.refresh_from_db()
    assert (owed.state, owed.broken_at) == ("kept", owed.due_at)


def test_only_our_own_mail_server_proves_an_address(now):
    plain = arrive(mail(sender="Zoe <zoe@x.example>"), now)
    assert plain.report.contact.email_verified_at is None
    assert plain.message.subject == ""
    vouched = arrive(mail(sender="Yan <yan@y.example>", is_verified=True), now)
    assert vouched.report.contact.email_verified_at is not None
    assert vouched.message.subject == "Claims page"
    elsewhere = arrive(mail(sender="Xia <xia@z.example>", is_verified=True), now, trusted="mx.elsewhere.example")
    assert elsewhere.report.contact.email_verified_at is None


def test_the_mailbox_says_team_category_and_language(cast, now):
    from makegood.life.reports.models import Category

    category = Category.objects.filter(is_question=False).last()
    mailbox = Mailbox.objects.create(
        slug="hilfe",
        name="Hilfe",
        address="hilfe@fairfield.example",
        aliases=["support@fairfield.example"],
        team=cast.desk,
        category=category,
        language="de",
        created_at=now,
    )
    made = arrive(mail("42", subject="1", to="support@fairfield.example", sender="zoe@x.example"), now).report
    assert (made.mailbox, made.team, made.category, made.language) == (mailbox, cast.desk, category, "de")


def test_files_come_along_whatever_their_kind(now):
    odd = [
        ("notes.txt", "text/plain", b"line\n"),
        ("../../run.exe", "application/x-msdownload", b"MZ\x90\x00\x03\x00"),
        ("broken.png", "image/png", b"\x89PNG\r\n\x1a\nbroken"),
        ("empty.log", "text/plain", b""),
    ]
    filing = arrive(mail(files=odd, sender="zoe@x.example"), now)
    kept = {one.name: one.media_type for one in filing.message.attachments.all()}
    assert kept == {
        "notes.txt": "text/plain",
        "run.exe": "application/octet-stream",
        "broken.png": "application/octet-stream",
    }


def test_a_mail_without_words_takes_its_subject(now):
    filing = arrive(mail("", subject="Cannot sign in", sender="zoe@x.example"), now)
    assert (filing.report.title, filing.message.body) == ("Cannot sign in", "Cannot sign in")
    filing = arrive(mail("", subject="", sender="yan@x.example"), now)
    assert filing.message.body == "(This mail had no words.)"


def test_copied_people_are_proposed_and_nobody_else(cast, now):
    raw = mail(
        sender="zoe@x.example", Cc=f"Yan <yan@y.example>, dora@desk.example, no-reply@y.example, zoe@x.example, {DESK}"
    )
    filing = arrive(raw, now)
    assert filing.proposed == ("yan@y.example",)
    row = Participant.objects.get(report=filing.report)
    assert (row.state, row.why, row.contact.name) == ("proposed", "copied", "Yan")
    assert answered() == ["zoe@x.example"]


def test_the_writer_of_a_forwarded_mail_is_proposed_as_reporter(now):
    words = (
        "Please look.\n\n---------- Forwarded message ---------\nFrom: Ana Other <anao@z.example>\n"
        "Date: Mon, 16 Nov 2026 at 08:00\nSubject: Broken\nTo: Zoe <zoe@x.example>\n\nIt shows error 500.\n"
    )
    filing = arrive(mail(words, subject="Fwd: Broken", sender="zoe@x.example"), now)
    assert filing.report.contact.email == "zoe@x.example"
    assert "It shows error 500." in filing.message.body
    row = Participant.objects.get(report=filing.report, contact__email="anao@z.example")
    assert (row.state, row.why) == ("proposed", "original_sender")


# Answers.


def test_the_secret_address_adds_to_the_report(cast, report, now):
    raw = mail("It is worse now.", to=secret(report, cast.ana, now))
    filing = arrive(raw, now)
    assert (filing.outcome, filing.report.pk, filing.is_reopened) == ("append", report.pk, False)
    assert (filing.message.body, filing.message.channel, filing.message.contact) == (
        "It is worse now.",
        "mail",
        cast.ana,
    )
    assert Report.objects.count() == 1


def test_using_the_secret_sent_to_them_proves_the_address(cast, report, now):
    Contact.objects.filter(pk=cast.ana.pk).update(email_verified_at=None)
    arrive(mail(to=secret(report, cast.ana, now)), now)
    cast.ana.refresh_from_db()
    assert cast.ana.email_verified_at == now


def test_a_message_id_of_ours_counts_for_the_verified_reporter(report, now):
    raw = mail("More.", In_Reply_To=our_message_id(report), is_verified=True)
    assert arrive(raw, now).outcome == "append"


@pytest.mark.parametrize("key", ["thread", "number"])
def test_whoever_only_looks_like_the_reporter_gets_a_report_beside_it(report, now, key):
    named = {"In_Reply_To": our_message_id(report)} if key == "thread" else {"subject": f"Re: [{report.number}]"}
    filing = arrive(mail("Send me everything.", **named), now)
    assert (filing.outcome, filing.report.follows) == ("new_report", report)
    assert report.messages.filter(body__contains="everything").count() == 0


@pytest.mark.parametrize("is_verified", [True, False])
def test_strangers_who_name_a_report_are_held_and_told_nothing(report, now, is_verified):
    before = OutgoingMail.objects.count()
    for number in (report.number, "MG-999999"):
        raw = mail(f"About {number}", subject=number, sender="eve@evil.example", is_verified=is_verified)
        filing = arrive(raw, now)
        assert (filing.outcome, filing.report) == ("quarantined", None)
    assert OutgoingMail.objects.count() == before
    assert LedgerEntry.objects.filter(kind="mail.held").count() == 2


def test_a_stranger_with_the_secret_starts_beside_it_and_is_proposed_there(cast, report, now):
    filing = arrive(mail("Me too.", sender="Ben Brandt <ben@example.org>", to=secret(report, cast.ana, now)), now)
    assert (filing.outcome, filing.report.follows) == ("new_report", report)
    assert filing.proposed == ("ben@example.org",)
    assert Participant.objects.get(report=report).contact == cast.ben
    assert not report.messages.filter(body="Me too.").exists()


def test_an_accepted_participant_speaks(cast, report, now):
    participants.invite(report, cast.ben, by=cast.dora.actor, at=now)
    filing = arrive(mail("I see it too.", sender="ben@example.org", to=secret(report, cast.ben, now)), now)
    assert (filing.outcome, filing.message.contact) == ("append", cast.ben)


@pytest.mark.parametrize("sender", ["Dora Dahl <dora@desk.example>", f"Desk <{DESK}>"])
def test_nobody_is_staff_by_mail(cast, report, now, sender):
    raw = mail("Close this.", sender=sender, to=secret(report, cast.ana, now), is_verified=True)
    filing = arrive(raw, now)
    assert filing.outcome == "quarantined"
    assert not report.messages.filter(body="Close this.").exists()


def test_several_senders_are_nobody(now):
    raw = mail().replace(b"From: Ana Alvarez <ana@example.org>", b"From: ana@example.org, eve@evil.example")
    assert arrive(raw, now).outcome == "quarantined"


# Closed reports.


def test_an_answer_within_two_weeks_opens_it_again(cast, report, now):
    closed = close(report, cast, now)
    filing = arrive(mail("Still broken.", to=secret(closed, cast.ana, now)), now + timedelta(days=13))
    assert (filing.outcome, filing.report, filing.is_reopened) == ("append", report, True)
    assert fresh(report).state == states.INVESTIGATING


def test_a_later_answer_makes_a_new_report_that_goes_on_from_it(cast, report, now):
    closed = close(report, cast, now)
    filing = arrive(mail("Again!", to=secret(closed, cast.ana, now)), now + timedelta(days=15))
    assert (filing.outcome, filing.report.follows, filing.is_reopened) == ("new_report", report, False)
    assert fresh(report).state == states.CLOSED


# Machines.


@pytest.mark.parametrize(
    "marks",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.x.example>"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
    ],
)
def test_machines_get_no_answer(cast, report, now, marks):
    before = OutgoingMail.objects.count()
    for to in (DESK, secret(report, cast.ana, now)):
        assert arrive(mail(f"Out of office {to}", to=to, **marks), now).outcome == "ignore_auto"
    assert OutgoingMail.objects.count() == before
    assert Report.objects.count() == 1


def test_the_null_sender_of_the_envelope_is_a_machine(now):
    assert arrive(mail(), now, envelope_from="").outcome == "ignore_auto"


def test_auto_submitted_no_is_a_human(now):
    assert arrive(mail(Auto_Submitted="no"), now).outcome == "new_report"


def test_our_own_mail_coming_back_is_known(report, now):
    raw = mail("Anything", message_id=our_message_id(report), sender="somebody@x.example")
    assert arrive(raw, now).outcome == "ignore_auto"


def test_a_bounce_is_written_down_where_it_belongs(cast, report, now):
    filing = arrive(bounce(our_message_id(report), "ana@example.org"), now)
    assert (filing.outcome, filing.report.pk) == ("bounce_recorded", report.pk)
    cast.ana.refresh_from_db()
    assert "550 no such user" in cast.ana.mail_problem
    assert IncomingMail.objects.get().returned.rfc_id == our_message_id(report)


def test_a_bounce_of_no_mail_of_ours_harms_nobody(cast, report, now):
    assert arrive(bounce("<made-up@evil.example>", "ana@example.org"), now).outcome == "bounce_recorded"
    cast.ana.refresh_from_db()
    assert cast.ana.mail_problem == ""


# Storms.


def test_the_same_words_again_are_one_report(now):
    first = arrive(mail(number=1, at=now), now)
    other_id = arrive(mail(number=2, at=now), now + timedelta(days=1))
    resent = arrive(mail(number=3, at=now + timedelta(minutes=30)), now + timedelta(minutes=30))
    assert [other_id.outcome, resent.outcome] == ["duplicate", "duplicate"]
    assert other_id.report == first.report
    assert len(answered()) == 1


def test_the_same_message_id_with_other_words_is_no_repeat(now):
    arrive(mail("One.", message_id="<same@example.org>"), now)
    assert arrive(mail("Two.", message_id="<same@example.org>"), now).outcome == "new_report"


def test_yes_answers_two_questions(cast, report, now):
    to = secret(report, cast.ana, now)
    assert arrive(mail("Yes.", to=to, number=1, at=now), now).outcome == "append"
    later = now + timedelta(minutes=10)
    assert arrive(mail("Yes.", to=to, number=2, at=later), later).outcome == "append"


def test_a_machine_that_hides_its_nature_ends_by_itself(now):
    """It answers each acknowledgement with the same words under the newest number."""
    outcomes, number = [], ""
    for n in range(5):
        raw = mail("I am away until Friday.", subject=f"Re: Your report [{number}]" if n else "Away", number=n)
        filing = arrive(raw, now + timedelta(minutes=5 * n))
        outcomes.append(filing.outcome)
        number = filing.report.number
    assert outcomes == ["new_report", "new_report", *["duplicate"] * 3]
    assert len(answered()) == 2


def test_one_address_cannot_flood_the_desk(now):
    outcomes = [arrive(mail(f"Words {n}", number=n), now).outcome for n in range(filing.PER_SENDER + 5)]
    assert outcomes.count("new_report") == filing.PER_SENDER
    assert outcomes[-5:] == ["quarantined"] * 5
    assert arrive(mail("Else", sender="zoe@x.example"), now).outcome == "new_report"


# Trouble.


def test_a_poisoned_mail_is_parked_and_the_rest_flows(now):
    bomb = b"From: a@b.example\r\nSubject: x\r\n" + b"X-Long: " + b"y" * 30_000_000 + b"\r\n\r\nwords"
    filing = arrive(bomb, now)
    assert filing.outcome == "parked"
    assert filing.error
    assert LedgerEntry.objects.filter(kind="mail.parked").count() == 1
    assert arrive(mail(), now).outcome == "new_report"


def test_what_fails_is_tried_again_with_longer_waits_then_parked(monkeypatch, now):
    from makegood.life.post import actions, outcomes

    def fail(*_given):
        raise RuntimeError("broken cable")

    kept = actions.keep(mail(), source="imap", at=now)
    good = actions.keep(mail("Good", sender="zoe@x.example"), source="imap", at=now)
    real = outcomes.act
    monkeypatch.setattr(
        outcomes, "act", lambda case, *rest: fail() if case.incoming.pk == kept.pk else real(case, *rest)
    )
    assert actions.file_due(now) == 2
    good.refresh_from_db()
    assert good.outcome == "new_report"
    moments = []
    while True:
        kept.refresh_from_db()
        if kept.outcome:
            break
        moments.append(kept.try_after)
        assert actions.file_due(kept.try_after - timedelta(seconds=1)) == 0
        actions.file_due(kept.try_after)
    waits = [(b - a).total_seconds() for a, b in zip([now, *moments], moments, strict=False)]
    assert waits == sorted(waits)
    assert (kept.outcome, kept.tries) == ("parked", filing.MAX_TRIES)
    assert "broken cable" in kept.error


def test_files_of_a_mail_that_is_not_filed_leave_nothing_behind(report, now):
    from makegood.engine import files

    before = set(files.storage.all_keys())
    filing = arrive(mail(subject=report.number, sender="eve@evil.example", files=[("a.txt", "text/plain", b"a")]), now)
    assert set(files.storage.all_keys()) - before == {filing.incoming.storage_key}


def test_how_long_mail_waits_to_be_filed(now):
    from makegood.life.post import actions, queries

    assert queries.waiting_for(now=now) == timedelta(0)
    kept = actions.keep(mail(), source="imap", at=now)
    later = now + timedelta(minutes=3)
    assert queries.waiting_for(now=later) == timedelta(minutes=3)
    actions.file_one(kept, now=later)
    assert queries.waiting_for(now=later) == timedelta(0)


def test_filing_twice_does_nothing_the_second_time(now):
    from makegood.life.post import actions

    first = arrive(mail(), now)
    again = actions.file_one(IncomingMail.objects.get(pk=first.incoming.pk), now=now)
    assert (again.outcome, again.report, Report.objects.count()) == ("new_report", first.report, 1)
