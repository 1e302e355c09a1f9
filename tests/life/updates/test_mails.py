import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.channels.mail.composing import check
from makegood.channels.mail.outbox import Outbox
from makegood.life.reports import access, delivery, participants, reply_addresses, sending, threads
from makegood.life.reports.models import AccessLink, Mailbox, Message, OutgoingMail, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import automatic, mails
from tests.life.updates.conftest import SOON

pytestmark = pytest.mark.django_db


def test_text_and_html_say_the_same(report, cast, monday):
    updates.reply(report, "We found it.\n\nIt was a full disk.", by=cast.dora.actor, at=monday)
    mail = OutgoingMail.objects.get(purpose="reply")
    for words in ("We found it.", "It was a full disk.", "You will hear from us again by", report.number):
        assert words in mail.text
        assert words in mail.html


def test_the_marker_and_the_link_are_there(report, cast, monday):
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    mail = OutgoingMail.objects.get(purpose="reply")
    assert mail.text.startswith("— Write your answer above this line —")
    token = re.search(r"/r/([0-9a-z]+)/", mail.text)[1]
    assert f'href="http://127.0.0.1:8000/r/{token}/"' in mail.html
    assert ">127.0.0.1:8000</a>" in mail.html
    assert AccessLink.objects.filter(report=report).count() == 2
    assert not report.messages.filter(body__contains=token).exists()


def test_no_picture_no_script_nothing_fetched_from_elsewhere(report, cast, monday):
    updates.reply(report, "Look at https://example.org/a?b=1&c=2.", by=cast.dora.actor, at=monday)
    html = OutgoingMail.objects.get(purpose="reply").html
    assert "<img" not in html
    assert "<script" not in html
    assert "url(" not in html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html


def test_markup_in_words_is_shown_not_obeyed(report, cast, monday):
    updates.reply(report, "<b>bold</b> <script>alert(1)</script>", by=cast.dora.actor, at=monday)
    html = OutgoingMail.objects.get(purpose="reply").html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html


def test_a_very_long_message_stays_under_what_mail_programs_clip(report, cast, monday):
    updates.reply(report, "<&> " * 24_000, by=cast.dora.actor, at=monday)
    mail = OutgoingMail.objects.get(purpose="reply")
    assert len(mail.html.encode()) < mails.MAX_BYTES
    assert "Read all of it on the page of your report" in mail.html


@settings(max_examples=50)
@given(st.text(max_size=400))
def test_any_words_make_a_mail_without_loose_markup(words):
    made = mails.layout(
        words, language="en", subject="Your report [MG-1]", link="https://x.example/r/abc/", number="MG-1"
    )
    body = made.html.split("<body", 1)[1]
    assert len(re.findall(r"<script|<iframe|onerror=", body)) == 0


# Whose mail it is, where it stands in the reader's program, and where answers go.


def of(report, **filters):
    return OutgoingMail.objects.filter(report=report, **filters).order_by("id")


def by_mail(report, contact, monday, *, subject="Claims page", rfc_id="<first@ana.example>"):
    """As if the report had come by mail from a sender proved to be who they say."""
    Report.objects.filter(pk=report.pk).update(channel="mail")
    first = report.messages.order_by("id").first()
    Message.objects.filter(pk=first.pk).update(channel="mail", rfc_id=rfc_id, subject=subject, contact=contact)
    return Report.objects.select_related("contact", "category", "team").get(pk=report.pk)


def test_answers_come_back_to_a_secret_address_of_the_reader_alone(report, cast, monday):
    participants.invite(report, cast.ben, by=cast.dora.actor, at=monday)
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    ana, ben = of(report, to_email="ana@example.org").get(), of(report, to_email="ben@example.org").get()
    assert ana.reply_to != ben.reply_to
    assert reply_addresses.find([ana.reply_to]).contact == cast.ana
    assert reply_addresses.find([ben.reply_to]).contact == cast.ben
    assert ben.reply_to not in ana.text + ana.html


def test_who_takes_part_gets_a_mail_with_a_link_of_their_own(report, cast, monday):
    participants.invite(report, cast.ben, by=cast.dora.actor, at=monday)
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    links = {re.search(r"/r/([0-9a-z]+)/", mail.text)[1] for mail in of(report)}
    assert len(links) == 2
    copy = of(report, to_email="ben@example.org").get()
    assert "because you take part" in copy.text
    assert copy.subject == f"A report [{report.number}]"


def test_who_is_only_proposed_or_was_removed_gets_nothing(report, cast, monday):
    participants.propose(report, cast.ben, why="copied", by=cast.dora.actor, at=monday)
    gone = participants.invite(report, cast.cem, by=cast.dora.actor, at=monday)
    participants.remove(gone, by=cast.dora.actor, at=monday)
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    assert [mail.to_email for mail in of(report)] == ["ana@example.org"]


def test_who_is_removed_and_whose_links_are_revoked_has_no_reply_address_left(report, cast, monday):
    person = participants.invite(report, cast.ben, by=cast.dora.actor, at=monday)
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    ana, ben = of(report, to_email="ana@example.org").get(), of(report, to_email="ben@example.org").get()
    participants.remove(person, by=cast.dora.actor, at=monday)
    assert reply_addresses.find([ben.reply_to]) is None
    assert reply_addresses.find([ana.reply_to])
    access.revoke_links(report, by=cast.dora.actor, at=monday)
    assert reply_addresses.find([ana.reply_to]) is None


def test_the_acknowledgement_is_for_the_reporter_alone(report, received, cast, monday):
    participants.invite(report, cast.ben, by=cast.dora.actor, at=monday)
    automatic.acknowledge(received, monday)
    assert [mail.to_email for mail in of(report)] == ["ana@example.org"]


def test_taking_a_message_back_takes_every_copy_back(report, cast, monday):
    participants.invite(report, cast.ben, by=cast.dora.actor, at=monday)
    message = updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    assert {mail.send_after for mail in of(report)} == {monday + updates.UNDO}
    assert sending.send_due(Outbox(), clock=lambda: monday + timedelta(seconds=9)) == 0
    updates.unsay(message, by=cast.dora.actor, at=monday + timedelta(seconds=9))
    assert [mail.state for mail in of(report)] == ["withdrawn", "withdrawn"]
    assert sending.send_due(Outbox(), clock=lambda: monday + timedelta(minutes=1)) == 0


def test_a_person_writes_under_their_name_and_the_desk_under_its_own(report, received, cast, monday):
    automatic.acknowledge(received, monday)
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    automatic_one, written = of(report)
    assert (automatic_one.from_name, automatic_one.from_email) == ("Fairfield Health", "help@fairfield.example")
    assert (written.from_name, written.from_email) == ("Dora at Fairfield Health", "help@fairfield.example")
    assert sending.as_letter(automatic_one).submitted == "auto-replied"
    assert sending.as_letter(written).submitted == ""
    assert sending.as_letter(written).loop_mark == delivery.loop_mark()


def test_a_mailed_report_is_answered_in_the_senders_own_thread(report, received, cast, monday):
    mailed = by_mail(report, cast.ana, monday)
    automatic.acknowledge(mailed.ledger.get(kind="report.received"), monday)
    ack = of(report).get()
    assert ack.subject == f"Re: Claims page [{report.number}]"
    assert (ack.in_reply_to, ack.references) == ("<first@ana.example>", "<first@ana.example>")
    updates.reply(mailed, "We found it.", by=cast.dora.actor, at=monday + SOON)
    answer = of(report, purpose="reply").get()
    assert answer.subject == ack.subject
    assert answer.in_reply_to == ack.rfc_id
    assert answer.references.split() == ["<first@ana.example>", ack.rfc_id]


@pytest.mark.parametrize("odd", ["<no at sign>", "<a@b> <c@d>", "plain", "<ü@x.example>", "<a@b>\r\nBcc: <c@d>"])
def test_a_message_id_no_server_would_take_is_left_out(report, received, cast, monday, odd):
    mailed = by_mail(report, cast.ana, monday, rfc_id=odd)
    automatic.acknowledge(mailed.ledger.get(kind="report.received"), monday)
    ack = of(report).get()
    assert (ack.in_reply_to, ack.references) == ("", "")
    check(sending.as_letter(ack))


def test_words_of_somebody_unproved_are_in_no_mail(report, received, cast, monday):
    mailed = by_mail(report, cast.ana, monday, subject="")
    Report.objects.filter(pk=report.pk).update(title="Buy at evil.example")
    automatic.acknowledge(mailed.ledger.get(kind="report.received"), monday)
    ack = of(report).get()
    assert ack.subject == f"Your report [{report.number}]"
    assert "evil" not in ack.subject + ack.text + ack.html


def test_the_reporters_subject_does_not_go_to_others(report, cast, monday):
    mailed = by_mail(report, cast.ana, monday, subject="My knee")
    participants.invite(mailed, cast.ben, by=cast.dora.actor, at=monday)
    updates.reply(mailed, "We found it.", by=cast.dora.actor, at=monday)
    assert "knee" not in of(report, to_email="ben@example.org").get().subject


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: Claims page", "Claims page"),
        ("AW: Re: WG: Claims page [MG-7]", "Claims page"),
        ("Re[2]: Claims", "Claims"),
        ("Regarding claims", "Regarding claims"),
        ("", ""),
    ],
)
def test_a_subject_is_not_answered_twice(subject, plain):
    assert threads.plain_subject(subject, "MG-7") == plain


def test_a_thread_keeps_its_beginning_and_its_end(report, cast, monday):
    mailed = by_mail(report, cast.ana, monday)
    for n in range(30):
        updates.reply(mailed, f"Number {n}.", by=cast.dora.actor, at=monday + SOON * n)
    known = threads.thread_of(mailed, cast.ana)
    newest = of(report).last()
    assert len(known) == threads.MOST
    assert (known[0], known[-1]) == ("<first@ana.example>", newest.rfc_id)
    assert len(newest.references) < 900


def test_a_mailbox_writes_under_its_own_address_with_its_signature(report, cast, monday):
    box = Mailbox.objects.create(
        slug="care",
        name="Care desk",
        address="care@clinic.example",
        signatures={"en": "Kind regards\n{{ agent }}"},
        created_at=monday,
    )
    Report.objects.filter(pk=report.pk).update(mailbox=box)
    fresh = Report.objects.select_related("contact", "category", "team").get(pk=report.pk)
    updates.reply(fresh, "We found it.", by=cast.dora.actor, at=monday)
    mail = of(report).get()
    assert (mail.from_email, mail.from_name) == ("care@clinic.example", "Dora at Care desk")
    assert mail.reply_to.endswith("@clinic.example")
    assert "Kind regards\nDora Dahl" in mail.text
    assert "Kind regards" not in report.messages.last().body


def test_a_machine_gets_no_automatic_mail(report, received, cast, monday):
    Report.objects.filter(pk=report.pk).update(is_from_machine=True)
    entry = report.ledger.select_related("report__contact", "report__category").get(kind="report.received")
    automatic.acknowledge(entry, monday)
    assert not of(report).exists()
    updates.reply(entry.report, "A person asks.", by=cast.dora.actor, at=monday)
    assert of(report).get().is_automatic is False


# What comes back.


def test_a_bounce_for_good_marks_mail_and_contact_and_is_written_once(report, cast, monday):
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    mail = of(report).get()
    told = {"recipient": "ANA@example.org", "reason": "5.1.1 no\r\nsuch person", "is_permanent": True, "at": monday}
    assert delivery.record_bounce(mail.rfc_id, **told).pk == mail.pk
    delivery.record_bounce(mail.rfc_id, **told)
    mail.refresh_from_db()
    cast.ana.refresh_from_db()
    assert (mail.bounced_at, mail.bounce_reason) == (monday, "5.1.1 no such person")
    assert cast.ana.mail_problem == "5.1.1 no such person"
    assert report.ledger.filter(kind="mail.bounced").count() == 1


def test_a_delay_or_a_strange_address_does_not_mark_the_contact(report, cast, monday):
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    mail = of(report).get()
    delivery.record_bounce(mail, recipient="ana@example.org", reason="4.2.2 full", is_permanent=False, at=monday)
    delivery.record_bounce(mail, recipient="other@example.org", reason="5.1.1 gone", is_permanent=True, at=monday)
    cast.ana.refresh_from_db()
    assert cast.ana.mail_problem == ""
    assert delivery.record_bounce("<never@sent>", recipient="", reason="x", is_permanent=True, at=monday) is None


@pytest.mark.parametrize(
    ("language", "subject", "foot"),
    [("en", "Your question [MG-1]", "was asked a question"), ("de", "Ihre Frage [MG-1]", "eine Frage gestellt")],
)
def test_a_mail_about_a_question_calls_it_one(report, monday, language, subject, foot):
    report.kind, report.language = "question", language
    mail = mails.compose(report, "Words.", link="https://x.example/r/abc/")
    assert mail.subject == subject.replace("MG-1", report.number)
    assert foot in mail.text
    assert "Meldung" not in mail.text + mail.html
    assert "report" not in mail.text
