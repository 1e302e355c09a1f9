"""Mail in the console: what is held and decided, one mail as it is, what came of mails that left, who takes part."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from makegood.life.post import actions as post
from makegood.life.post.models import IncomingMail
from makegood.life.reports import delivery, participants
from makegood.life.reports.models import OutgoingMail, Report
from makegood.life.updates import actions as updates
from tests.doors.console.report_cast import PART, signed_in, url

RAW = b"""From: Dora Dahl <dora@desk.example>\r
To: help@fairfield.example\r
Subject: Change the account of Ana\r
Message-ID: <odd@desk.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
Please change the account quickly because the member is waiting.\r
--b\r
Content-Type: text/html\r
\r
<p onclick="alert(1)">Entirely different words stand here instead</p><img src="https://t.example/p.gif">\
<script>alert(1)</script>\r
--b--\r
"""


def file_mail(raw=RAW):
    now = timezone.now()
    mail = post.keep(raw, source="pipe", at=now)
    post.file_one(mail, now=now)
    return IncomingMail.objects.get(pk=mail.pk)


@pytest.fixture
def held(case):
    """A mail that says it comes from Dora herself."""
    mail = file_mail()
    assert (mail.outcome, mail.reason.partition(":")[0]) == ("quarantined", "says_it_is_staff")
    return mail


def one(mail, rest=""):
    return f"/console/mail/in/{mail.key}/{rest}"


def test_held_mail_is_listed_with_the_reason_in_plain_words_and_counted_in_the_rail(dora, held):
    page = dora.get("/console/mail/held/").content.decode()
    assert "Change the account of Ana" in page
    assert "by mail nobody is staff" in page
    assert '<span class="rail__count">1</span>' in dora.get("/console/queue/").content.decode()


def test_with_nothing_held_the_page_says_what_waits_here(dora, case):
    assert "No mail is held" in dora.get("/console/mail/held/").content.decode()


def test_one_mail_shows_words_and_warns_where_its_halves_differ(dora, held):
    page = dora.get(one(held)).content.decode()
    assert "Please change the account quickly" in page
    assert "tell different things" in page
    assert "One picture from elsewhere is left out" in page
    assert "Message-ID: &lt;odd@desk.example&gt;" in page
    assert "sender not proved" in page
    assert "<script>alert" not in page
    assert 'sandbox="allow-popups"' in page


def test_its_html_comes_clean_in_an_answer_that_may_do_nothing(dora, held):
    answer = dora.get(one(held, "html/"))
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert "Entirely different words" in page
    for word in ("onclick", "<script", "t.example"):
        assert word not in page
    assert policy.startswith("sandbox")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "allow-same-origin" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in answer["Cache-Control"]


def test_the_download_is_the_mail_byte_for_byte(dora, held):
    answer = dora.get(one(held, "raw/"))
    assert answer.content == RAW
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_released_mail_becomes_a_report(dora, held):
    answer = dora.post(one(held, "release/"))
    report = Report.objects.get(channel="mail")
    assert answer["Location"] == url(report)
    assert report.title == "Change the account of Ana"
    assert dora.post(one(held, "release/")).status_code == 409
    assert Report.objects.filter(channel="mail").count() == 1


def test_a_mail_is_added_to_the_report_whose_number_is_typed(dora, held, case):
    assert dora.post(one(held, "attach/"), {"report": "MG-999999"}).status_code == 409
    dora.post(one(held, "attach/"), {"report": f"mg-{case.pk}"})
    message = case.messages.get(channel="mail")
    assert "Please change the account quickly" in message.body
    page = dora.get(url(case)).content.decode()
    assert "Show the whole mail" in page
    assert one(held) in page


def test_nothing_is_added_to_a_report_one_may_not_see(dora, held, case, cast):
    Report.objects.filter(pk=case.pk).update(is_protected=True, team=cast.platform)
    assert dora.post(one(held, "attach/"), {"report": str(case.pk)}).status_code == 409
    assert not case.messages.filter(channel="mail").exists()


def test_many_are_put_away_at_once_and_taken_back(dora, held):
    second = file_mail(RAW.replace(b"Ana", b"Ben"))
    answer = dora.post("/console/mail/held/discard/", {"mail": [held.key, second.key]}, headers=PART)
    assert "2 mails put away." in answer["HX-Trigger"]
    assert "2 were put away within the last day" in answer.content.decode()
    assert IncomingMail.objects.filter(decision="discarded").count() == 2
    dora.post(json.loads(answer["HX-Trigger"])["toast"]["undo"], headers=PART)
    assert not IncomingMail.objects.exclude(decision="").exists()


def test_after_a_day_it_stays_put_away(dora, held):
    dora.post("/console/mail/held/discard/", {"mail": held.key})
    IncomingMail.objects.update(decided_at=timezone.now() - timedelta(hours=25))
    assert dora.post("/console/mail/held/undiscard/", {"mail": held.key}).status_code == 409
    assert "put away within" not in dora.get("/console/mail/held/").content.decode()


def test_engineers_decide_nothing_and_read_mail_of_their_reports_only(held, case, cast):
    eve = signed_in(cast.eve)
    assert eve.get("/console/mail/held/").status_code == 403
    assert eve.get(one(held)).status_code == 404
    assert eve.post(one(held, "release/")).status_code == 403
    signed_in(cast.dora).post(one(held, "attach/"), {"report": str(case.pk)})
    assert eve.get(one(held, "raw/")).status_code == 404
    Report.objects.filter(pk=case.pk).update(technical_team=cast.platform)
    assert eve.get(one(held, "raw/")).status_code == 200


def test_mail_of_a_protected_report_is_for_those_who_may_see_it(dora, held, case, cast):
    dora.post(one(held, "attach/"), {"report": str(case.pk)})
    Report.objects.filter(pk=case.pk).update(is_protected=True, team=cast.platform)
    for rest in ("", "raw/", "html/"):
        assert dora.get(one(held, rest)).status_code == 404


def test_a_poisoned_mail_is_shown_with_its_reason_and_can_be_downloaded(dora, case):
    raw = b"From: x@example.org\r\nSubject: deep\r\n" + b"X: " + b"y" * 3_000_000 + b"\r\n\r\nhello"
    mail = file_mail(raw)
    assert mail.outcome == "parked"
    assert "A header of the mail is longer than 65536 bytes." in dora.get(one(mail)).content.decode()
    assert dora.get(one(mail, "raw/")).content == raw


def test_a_poisoned_mail_waits_beside_the_held_ones_until_somebody_puts_it_away(dora, case):
    mail = file_mail(b"From: x@example.org\r\nX: " + b"y" * 3_000_000 + b"\r\n\r\nhello")
    page = dora.get("/console/mail/held/").content.decode()
    assert "Could not be read" in page
    assert "No mail is held" not in page
    assert '<span class="rail__count">1</span>' in dora.get("/console/queue/").content.decode()
    assert "Make it a report" not in dora.get(one(mail)).content.decode()
    for rest, said in (("release/", {}), ("attach/", {"report": str(case.pk)})):
        assert dora.post(one(mail, rest), said).status_code == 409
    answer = dora.post("/console/mail/held/discard/", {"mail": mail.key}, headers=PART)
    assert "1 mail put away." in answer["HX-Trigger"]
    assert "No mail is held" in answer.content.decode()
    dora.post("/console/mail/held/undiscard/", {"mail": mail.key})
    assert IncomingMail.objects.get(pk=mail.pk).decision == ""


def test_the_log_tells_what_became_of_everything(held, cast):
    page = signed_in(cast.emil).get("/console/mail/in/?outcome=quarantined").content.decode()
    assert "Change the account of Ana" in page
    assert "Change the account" not in signed_in(cast.emil).get("/console/mail/in/?outcome=parked").content.decode()


def test_the_report_says_which_mail_of_ours_did_not_arrive(dora, case, cast):
    now = timezone.now()
    updates.reply(case, "We found it.", by=cast.dora.actor, at=now - timedelta(hours=1))
    mail = OutgoingMail.objects.get(purpose="reply")
    OutgoingMail.objects.filter(pk=mail.pk).update(attempts=2, last_reason="451 greylisted", send_after=now)
    page = dora.get(url(case)).content.decode()
    assert "has not left yet: 451 greylisted" in page
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent")
    told = {"recipient": "ana@example.org", "reason": "5.1.1 no such person", "is_permanent": True, "at": now}
    delivery.record_bounce(mail.rfc_id, **told)
    page = dora.get(url(case)).content.decode()
    assert "came back: 5.1.1 no such person" in page
    assert "Mail does not reach Ana Alvarez." in page
    dora.post(url(case, "mail-works/"))
    assert "Mail does not reach" not in dora.get(url(case)).content.decode()


def test_the_desk_decides_who_takes_part(dora, case, cast):
    person = participants.propose(case, cast.ben, why="copied", by=cast.dora.actor, at=timezone.now())
    page = dora.get(url(case)).content.decode()
    assert "was copied on a mail" in page
    assert dora.post(url(case, f"people/{person.pk}/accept/"), headers=PART).status_code == 200
    assert participants.may_speak(case, cast.ben)
    dora.post(url(case, f"people/{person.pk}/remove/"))
    assert not participants.may_speak(case, cast.ben)
    assert dora.post(url(case, "people/add/"), {"email": "not an address"}).status_code == 409
    dora.post(url(case, "people/add/"), {"email": "Cem@Example.org"})
    assert participants.may_speak(case, cast.cem)


def test_who_wrote_what_was_forwarded_is_made_the_reporter_by_a_person_only(dora, case, cast):
    person = participants.propose(case, cast.ben, why="original_sender", by=cast.dora.actor, at=timezone.now())
    assert "Make them the reporter" in dora.get(url(case)).content.decode()
    assert Report.objects.get(pk=case.pk).contact == cast.ana
    dora.post(url(case, f"people/{person.pk}/make-reporter/"))
    assert Report.objects.get(pk=case.pk).contact == cast.ben
    assert participants.may_speak(case, cast.ana)


def test_nobody_outside_reads_mail(held):
    for rest in ("", "raw/", "html/"):
        assert Client().get(one(held, rest)).status_code == 302
