from datetime import timedelta

import pytest

from makegood.life.beginning import begin
from makegood.life.intake import actions as intake
from makegood.life.intake import logins
from makegood.life.intake.telling import Told
from makegood.life.promises.queries import next_news
from makegood.life.promises.sweep import sweep
from makegood.life.reports.models import OutgoingMail, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import automatic

pytestmark = pytest.mark.django_db


def received(report):
    return report.ledger.get(kind="report.received")


def broken(report):
    return report.ledger.filter(kind="promise.broken").latest("id")


def public(report):
    return list(report.messages.filter(is_internal=False).order_by("id"))


def test_the_reporter_gets_number_apology_and_the_promised_time(report, received, monday):
    automatic.acknowledge(received, monday)
    mail = OutgoingMail.objects.get(report=report)
    news = next_news(report)
    assert report.number in mail.text
    assert "sorry" in mail.text
    assert "not something you did wrong" in mail.text
    assert f"{news.due_at.astimezone(automatic.scripts.reporter_zone(report)):%H:%M}" in mail.text
    assert mail.send_after == monday
    assert mail.state == "queued"


def test_it_offers_the_other_way_of_the_category(cast, monday):
    begin(monday)
    told = Told(what="Form broken", email="ana@example.org", idempotency_key="k", category="form-not-submitting")
    report = intake.file(told, at=monday).report
    automatic.acknowledge(received(report), monday)
    assert "leave the form open" in OutgoingMail.objects.get(report=report).text


def test_without_a_category_nothing_is_offered_and_no_gap_is_left(report, received, monday):
    automatic.acknowledge(received, monday)
    text = OutgoingMail.objects.get(report=report).text
    assert "{{" not in text
    assert "meanwhile" not in text


def test_running_twice_says_and_mails_it_once(report, received, monday):
    automatic.acknowledge(received, monday)
    automatic.acknowledge(received, monday)
    assert OutgoingMail.objects.filter(report=report).count() == 1
    assert len(public(report)) == 2


def test_to_an_unverified_address_goes_no_word_a_stranger_typed(cast, monday):
    told = Told(
        what="BUY-SENTINEL cheap pills http://spam.example",
        email="victim@example.org",
        name="VISIT-SENTINEL now",
        idempotency_key="spam",
    )
    report = intake.file(told, at=monday).report
    automatic.acknowledge(received(report), monday)
    mail = OutgoingMail.objects.get(report=report)
    whole = mail.subject + mail.text + mail.html + mail.to_name
    assert "SENTINEL" not in whole
    assert "spam.example" not in whole
    assert mail.text.split("\n\n")[1] == "Hello,"


def test_the_subject_never_tells_what_it_is_about(report, received, monday):
    automatic.acknowledge(received, monday)
    assert OutgoingMail.objects.get(report=report).subject == f"Your report [{report.number}]"


def test_a_german_reporter_gets_a_german_mail(cast, monday):
    told = Told(what="Fehler 500", email="ben@example.org", idempotency_key="ben", language="de")
    report = intake.file(told, at=monday).report
    automatic.acknowledge(received(report), monday)
    mail = OutgoingMail.objects.get(report=report)
    assert mail.subject == f"Ihre Meldung [{report.number}]"
    assert "Der Fehler liegt bei uns" in mail.text
    assert "Uhr (MEZ)" in mail.text


def test_who_has_no_address_gets_no_mail(cast, monday):
    report = intake.file(Told(what="Error", phone="+49301234567", idempotency_key="p"), at=monday).report
    automatic.acknowledge(received(report), monday)
    assert not OutgoingMail.objects.exists()
    assert len(public(report)) == 2


def test_when_we_are_late_we_say_so_and_name_a_new_time(report, monday):
    due = next_news(report).due_at
    late = due + timedelta(minutes=1)
    sweep(late)
    automatic.own_up(broken(report), late)
    last = public(report)[-1]
    assert "are late. That is on us" in last.body
    assert last.named_time > late
    assert next_news(report).due_at == last.named_time
    assert report.promises.get(kind="hear_back").state == "open"
    assert OutgoingMail.objects.get(report=report, purpose="apology").message == last


def test_we_own_up_once_until_we_speak_again(report, cast, monday):
    late = next_news(report).due_at + timedelta(minutes=1)
    sweep(late)
    automatic.own_up(broken(report), late)
    automatic.own_up(broken(report), late)
    much_later = next_news(report).due_at + timedelta(minutes=1)
    sweep(much_later)
    automatic.own_up(broken(report), much_later)
    assert sum("are late" in message.body for message in public(report)) == 1
    updates.reply(report, "Now we know more.", by=cast.dora.actor, at=much_later)
    assert not report.promises.filter(state="open", kind="hear_back").exists()
    again = next_news(report).due_at + timedelta(minutes=1)
    sweep(again)
    automatic.own_up(broken(report), again)
    assert sum("are late" in message.body for message in public(report)) == 2


def test_a_new_link_opens_the_list_of_their_reports_once_in_five_minutes(report, cast, monday):
    assert automatic.send_links("ANA@example.org ", at=monday)
    assert not automatic.send_links("ana@example.org", at=monday + timedelta(minutes=1))
    mail = OutgoingMail.objects.get(purpose="link")
    secret = mail.text.split("/mine/")[1].split("/")[0]
    assert f"/mine/{secret}/" in mail.html
    assert "See all my reports" in mail.html
    assert logins.use(secret, at=monday + timedelta(hours=1)).contact == cast.ana


def test_using_a_mailed_link_proves_the_address(cast, monday):
    report = intake.file(Told(what="Error", email="cem@example.org", idempotency_key="cem"), at=monday).report
    automatic.send_links("cem@example.org", at=monday)
    secret = OutgoingMail.objects.get(purpose="link").text.split("/mine/")[1].split("/")[0]
    logins.use(secret, at=monday)
    cast.cem.refresh_from_db()
    assert cast.cem.email_verified_at == monday
    assert report.contact_id == cast.cem.pk


def test_an_unknown_address_gets_nothing(db, monday):
    assert not automatic.send_links("nobody@example.org", at=monday)
    assert not OutgoingMail.objects.exists()


def test_open_questions_are_reminded_of_once_then_let_go(report, cast, monday):
    begin(monday)
    from makegood.life.diagnosis.models import AskRequest, Question

    updates.ask(report, [Question.objects.get(slug="steps")], "Please tell us.", by=cast.dora.actor, at=monday)
    assert automatic.remind_of_questions(monday + timedelta(days=1)) == 0
    assert automatic.remind_of_questions(monday + timedelta(days=2, minutes=1)) == 1
    assert automatic.remind_of_questions(monday + timedelta(days=2, minutes=2)) == 0
    assert "step by step" in OutgoingMail.objects.get(purpose="reminder").text
    assert automatic.remind_of_questions(monday + timedelta(days=7, minutes=1)) == 1
    assert AskRequest.objects.get().state == "expired"
    report = Report.objects.get(pk=report.pk)
    assert not report.waiting_for_reporter
    assert report.promises.filter(state="open").exists()
