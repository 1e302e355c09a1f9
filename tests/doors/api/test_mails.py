"""Mails that came in, decided about by a program: the same list, the same verbs, the same rights as in the console."""

import pytest
from django.utils import timezone

from makegood.life.post import actions as post
from makegood.life.post import addresses
from makegood.life.post.models import IncomingMail
from makegood.life.reports.models import LedgerEntry, Message, Participant, Report
from tests.doors.api.knocking import program_of
from tests.life.post.mails import mail

pytestmark = pytest.mark.django_db


def file_mail(raw):
    kept = post.keep(raw, source="pipe", at=timezone.now())
    post.file_one(kept, now=timezone.now())
    return IncomingMail.objects.get(pk=kept.pk)


@pytest.fixture
def raw(report):
    """A stranger's mail that names Ana's report, with a file."""
    addresses.default_mailbox(timezone.now())
    files = [("log.txt", "text/plain", b"trace")]
    return mail(
        "I know more.\n\nIt began on Monday.", subject=f"Re: {report}", sender="Zoe <zoe@x.example>", files=files
    )


@pytest.fixture
def held(raw):
    kept = file_mail(raw)
    assert kept.outcome == "quarantined"
    return kept


def test_held_mails_are_listed_newest_first_with_the_reason_page_by_page(dora, held, report):
    file_mail(mail("Me too.", subject=f"Re: {report}", sender="Yan <yan@x.example>"))
    first = dora.get("/mails?limit=1")
    assert [(one["sender"], one["reason"]) for one in first["items"]] == [("yan@x.example", "stranger")]
    assert "takes no part" in first["items"][0]["why"]
    second = dora.get(f"/mails?limit=1&cursor={first['next']}")
    assert ([one["key"] for one in second["items"]], second["next"]) == ([held.key], None)


def test_one_mail_shows_its_words_its_head_and_its_files(dora, held):
    told = dora.get(f"/mails/{held.key}")
    assert told["text"].startswith("I know more.")
    assert "Zoe <zoe@x.example>" in told["headers"]
    assert "It began" not in told["headers"]
    assert told["files"] == [{"name": "log.txt", "media_type": "text/plain", "size": 5}]
    assert (told["is_verified"], told["report"], told["decision"], told["trouble"]) == (False, None, "", "")


def test_the_download_is_the_mail_byte_for_byte(dora, held, raw):
    dora.get(f"/mails/{held.key}/raw")
    assert b"".join(dora.last.streaming_content) == raw
    assert dora.last["Content-Type"] == "message/rfc822"
    assert dora.last["Content-Disposition"].startswith("attachment")


def test_released_it_is_a_report_once_however_often_the_request_comes(dora, held):
    before = Report.objects.count()
    for _time in range(2):
        told = dora.post(f"/mails/{held.key}/release", status=200, idempotency_key="once")
    assert told["decision"] == "released"
    assert dora.get(f"/reports/{told['report']}")["contact"]["email"] == "zoe@x.example"
    dora.post(f"/mails/{held.key}/release", status=409)
    assert dora.told()["code"] == "already_decided"
    assert Report.objects.count() == before + 1
    assert LedgerEntry.objects.filter(kind="mail.released").count() == 1


@pytest.mark.parametrize("accept", [False, True])
def test_attached_it_is_its_senders_message(dora, held, report, accept):
    told = dora.post(f"/mails/{held.key}/attach", {"report": report, "accept": accept}, status=200)
    assert (told["decision"], told["report"], told["decided_by"]) == ("attached", report, "Dora Dahl")
    said = Message.objects.get(report_id=int(report[3:]), channel="mail")
    assert said.contact.email == "zoe@x.example"
    assert Participant.objects.get(contact=said.contact).state == ("accepted" if accept else "proposed")


def test_it_goes_to_no_report_one_may_not_see(desk, dora, held, report):
    Report.objects.filter(pk=int(report[3:])).update(is_protected=True, team=desk.platform)
    dora.post(f"/mails/{held.key}/attach", {"report": report}, status=404)
    assert IncomingMail.objects.get(pk=held.pk).decision == ""


def test_put_away_it_can_be_taken_back(dora, held):
    dora.post(f"/mails/{held.key}/discard", status=200)
    assert dora.get("/mails")["items"] == []
    assert [one["key"] for one in dora.get("/mails?which=discarded")["items"]] == [held.key]
    assert dora.post(f"/mails/{held.key}/undiscard", status=200)["decision"] == ""
    assert [one["key"] for one in dora.get("/mails")["items"]] == [held.key]


def test_what_somebody_decided_meanwhile_is_not_decided_again(dora, held):
    dora.get(f"/mails/{held.key}")
    tag = dora.last["ETag"]
    dora.post(f"/mails/{held.key}/discard", status=200, if_match=tag)
    dora.post(f"/mails/{held.key}/undiscard", status=412, if_match=tag)
    assert IncomingMail.objects.get(pk=held.pk).decision == "discarded"


def test_everything_that_came_is_for_leads_and_the_rest_for_who_sees_the_report(desk, dora, held, report):
    dora.get("/mails?which=any", status=403)
    assert [one["key"] for one in program_of(desk.emil).get("/mails?which=any")["items"]] == [held.key]
    eve = program_of(desk.eve)
    eve.get(f"/mails/{held.key}", status=404)
    eve.get(f"/mails/{held.key}/raw", status=404)
    dora.post(f"/mails/{held.key}/attach", {"report": report}, status=200)
    eve.get(f"/mails/{held.key}", status=404)
    Report.objects.filter(pk=int(report[3:])).update(technical_team=desk.platform)
    assert eve.get(f"/mails/{held.key}")["report"] == report
    eve.get("/mails", status=403)
