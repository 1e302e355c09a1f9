"""Other people's names, rights and reports: what a stranger, an engineer or a former agent must not get at."""

import io
from datetime import timedelta
from itertools import product

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from makegood.config import asgi
from makegood.doors.clock import relay
from makegood.doors.portal import allowance
from makegood.engine.files import pictures, storage
from makegood.engine.models import LiveEvent
from makegood.lib.errors import Refusal
from makegood.lib.net import network_of
from makegood.life.aftercare import bulk, undo
from makegood.life.beginning import begin
from makegood.life.escalation import account
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people import roles
from makegood.life.people.models import Agent, Contact
from makegood.life.problems import actions as problems
from makegood.life.promises import book
from makegood.life.reports import access, actions, audience, sending
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report
from tests.again import STARTED, again
from tests.life.case import file_report, fresh, told, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return STARTED


@pytest.fixture
def desk(cast, now):
    again(lambda: (book.install_defaults(now), begin(now)), now)
    return cast


@pytest.fixture
def report(desk, now):
    return file_report(desk, at=now)


def signed_in(agent):
    browser = Client()
    browser.force_login(agent)
    return browser


# Strangers who type the address of somebody we know.


def test_who_types_anothers_address_learns_no_name(desk, now):
    Contact.objects.filter(pk=desk.ana.pk).update(email_verified_at=now)
    stranger = Client()
    stranger.post("/report/send/", {"what": "x", "email": "ana@example.org", "key": "k" * 20})
    report = Report.objects.get()
    work(now + timedelta(seconds=1))
    pages = stranger.get(f"/report/done/MG-{report.pk}/").content + stranger.get(f"/r/MG-{report.pk}/").content
    assert b"Ana" not in pages
    assert "Ana" not in told(report)[0].body


def test_who_gives_their_name_is_thanked_by_it(desk, now):
    browser = Client()
    browser.post("/report/send/", {"what": "x", "email": "new@example.org", "name": "Nora Nu", "key": "k" * 20})
    assert b"Thank you, Nora Nu." in browser.get(f"/report/done/MG-{Report.objects.get().pk}/").content


def test_a_stranger_adds_no_number_to_call_for_somebody_who_proved_their_address(desk, now):
    Contact.objects.filter(pk=desk.ana.pk).update(email_verified_at=now, phone="")
    intake.file(Told(what="x", email="ana@example.org", phone="+1 900 666", idempotency_key="k" * 20), at=now)
    assert Contact.objects.get(pk=desk.ana.pk).phone == ""


def test_a_name_carries_no_words_to_an_address_nobody_verified(desk, now):
    spam = "Win a prize at http://spam.example"
    intake.file(Told(what=spam, email="victim@example.net", name=spam, idempotency_key="k" * 20), at=now)
    work(now + timedelta(seconds=1))
    mail = OutgoingMail.objects.get(to_email="victim@example.net")
    assert "spam" not in mail.text + mail.html + mail.subject + mail.to_name


def test_one_mailbox_has_one_ceiling_however_it_is_spelled():
    spellings = ("victim@example.net", "Victim+1@example.net", "v.i.ctim+abc@EXAMPLE.net")
    assert {sending.mailbox_of(one) for one in spellings} == {"victim@example.net"}


def test_one_customer_with_many_ipv6_addresses_is_one_network():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") == "192.0.2.7"
    assert len(network_of("nonsense" * 99)) <= 60


# Rights that end where a table says so, also by the back way.


def test_taking_a_change_back_takes_the_right_to_make_it(report, desk, now):
    Report.objects.filter(pk=report.pk).update(technical_team=desk.platform)
    actions.set_kind(fresh(report), "question", by=desk.dora.actor, at=now)
    entry = LedgerEntry.objects.get(kind="report.kind_changed")
    with pytest.raises(undo.NotYours):
        undo.undo(entry, by=desk.eve.actor, at=now)
    browser = signed_in(desk.eve)
    for path in (f"/console/reports/{report.pk}/undo/{entry.pk}/", f"/console/queue/undo/{entry.pk}/"):
        assert browser.post(path).status_code == 409
    assert fresh(report).kind == "question"
    undo.undo(entry, by=desk.dora.actor, at=now)


def test_every_change_that_can_be_taken_back_names_its_right():
    assert {*undo.fields.FIELDS, *undo.STEPS, *undo.MEMBERSHIP, undo.FOLLOW_UP} == set(undo.TAKES)
    assert set(undo.TAKES.values()) <= set(roles.ACTIONS)


def test_a_bulk_run_is_not_taken_back_where_one_may_no_longer_see(report, desk, now):
    run = bulk.start(desk.dora, "severity", "low", [report.pk], at=now)
    work(now)
    Report.objects.filter(pk=report.pk).update(is_protected=True, team=None)
    bulk.take_back(run, at=now)
    work(now)
    run.refresh_from_db()
    assert run.failures
    assert fresh(report).severity == "low"


def test_an_engineer_sees_of_an_organisation_only_whom_they_work_for(report, desk):
    Report.objects.filter(pk=report.pk).update(technical_team=desk.platform)
    assert list(account.contacts_of(desk.eve, desk.acme)) == [desk.ana]
    assert set(account.contacts_of(desk.dora, desk.acme)) == {desk.ana, desk.ben}


# The live stream.


def test_a_stream_tells_of_exactly_the_reports_one_may_see(report, desk):
    for protected, assignee, team, technical in product(
        (False, True), (None, desk.dora, desk.eve), (None, desk.desk), (None, desk.platform)
    ):
        facts = {"is_protected": protected, "assignee": assignee, "team": team, "technical_team": technical}
        Report.objects.filter(pk=report.pk).update(**facts)
        heard = audience.Audience()
        heard.learn([f"report:{report.pk}"])
        for agent in Agent.objects.filter(is_active=True):
            sees = access.visible_reports(agent).filter(pk=report.pk).exists()
            ear = audience.ear_of(agent)
            for topic in (f"report:{report.pk}", f"presence:report:{report.pk}"):
                assert heard.may_hear(ear, topic) == sees, (facts, agent)


def test_news_of_a_problem_goes_by_a_key_that_only_its_page_shows(desk, now):
    problem = problems.open_problem("Claims fail", by=desk.emil.actor, at=now)
    relay.deliver(now + timedelta(seconds=1))
    told = [topics.split() for topics in LiveEvent.objects.values_list("topics", flat=True)]
    assert ["problems", f"problem:{problem.key}"] in told
    assert not any(f"problem:{problem.pk}" in topics for topics in told)
    heard = audience.Audience()
    for topic in ("problems", f"problem:{problem.key}"):
        assert heard.may_hear(audience.ear_of(desk.dora), topic)
    page = signed_in(desk.dora).get(f"/console/problems/{problem.number}/").content.decode()
    assert f'data-live="problem:{problem.key}"' in page


def test_a_stream_tells_nothing_it_does_not_know(desk):
    ear, heard = audience.ear_of(desk.ada), audience.Audience()
    assert heard.may_hear(ear, "queue")
    assert heard.may_hear(ear, f"agent:{desk.ada.pk}")
    for topic in ("report:1", "presence:report:1", f"agent:{desk.dora.pk}", "anything", "report:x"):
        assert not heard.may_hear(ear, topic)


@pytest.mark.parametrize("cookie", ["", "mg_session=x", 'mg_session="\\000abcdefgh"', "mg_session=" + "z" * 40, "=;=;"])
def test_nobody_listens_without_a_session(desk, cookie):
    assert asgi.who_listens({"headers": [(b"cookie", cookie.encode())]}) is None


def test_who_was_switched_off_no_longer_listens(desk):
    browser = signed_in(desk.dora)
    scope = {"headers": [(b"cookie", f"mg_session={browser.cookies[settings.SESSION_COOKIE_NAME].value}".encode())]}
    assert asgi.who_listens(scope) is not None
    Agent.objects.filter(pk=desk.dora.pk).update(is_active=False)
    assert asgi.who_listens(scope) is None


# Secrets in what staff may read, and doors left open.


def test_the_mail_log_shows_no_link_that_opens_what_a_reporter_sees(report, desk, now, settings):
    settings.MODE = "production"
    work(now + timedelta(seconds=1))
    mail = OutgoingMail.objects.filter(report=report).first()
    page = signed_in(desk.emil).get(f"/console/mail/out/{mail.pk}/").content.decode()
    secret = mail.text.split("/r/")[1].split("/")[0]
    assert len(secret) >= 20
    assert secret not in page


def test_figures_are_not_told_through_a_proxy_on_this_machine(db, client):
    assert client.get("/metrics").status_code == 200
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert client.get("/metrics", headers={name: "192.0.2.1"}).status_code == 404


@pytest.mark.parametrize("path", ["/", "/console/login/", "/find/", "/nothing-here/"])
def test_no_page_can_be_framed_or_run_what_is_not_ours(db, client, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_foreign_host_gets_no_page_and_no_link(db, client):
    for headers in ({"host": "evil.example"}, {"host": "localhost:80@evil.example"}):
        assert client.get("/", headers=headers).status_code == 400
    assert b"evil" not in client.get("/", headers={"x-forwarded-host": "evil.example"}).content


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/console/\\..",
        "javascript:alert(1)",
        "/console/\r\nX: 1",
        "/console/../r/somewhere/",
    ],
)
def test_signing_in_and_changing_the_language_lead_nowhere_else(desk, target):
    browser = Client()
    facts = {"email": desk.dora.email, "password": "a well kept promise", "next": target}
    assert browser.post("/console/login/", facts)["Location"] == "/console/"
    assert "evil" not in browser.post("/language/", {"language": "de", "next": target})["Location"]


# Pictures and the disk.


def test_a_picture_between_the_limit_and_twice_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    stream = io.BytesIO()
    Image.new("RGB", (15, 10)).save(stream, "PNG")
    with pytest.raises(pictures.BrokenPicture, match="40 million"):
        pictures.clean(stream)


@pytest.mark.parametrize("size", [(5_000, 1), (1, 5_000), (1, 1)])
def test_a_picture_as_thin_as_a_line_is_taken(size):
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, "PNG")
    assert pictures.clean(stream)[2] == "image/png"


def test_a_picture_without_points_is_broken_not_a_fault():
    empty = b"GIF89a" + bytes(4) + b"\x00\x00\x00" + b"," + bytes(8) + b"\x00\x02\x02L\x01\x00;"
    with pytest.raises(Refusal):
        pictures.clean(io.BytesIO(empty))


def test_files_leave_room_for_reports(monkeypatch):
    monkeypatch.setattr(storage, "ROOM_KEPT", 1 << 62)
    with pytest.raises(storage.NoSpace):
        storage.store(io.BytesIO(b"x"), limit=10)


def test_what_one_network_uploads_is_counted_in_megabytes(db, now, rf):
    request = rf.post("/report/files/", REMOTE_ADDR="192.0.2.9")
    request.META["CONTENT_LENGTH"] = str(400_000_000)
    waits = [allowance.upload(request, now=now) for _ in range(3)]
    assert waits[:2] == [0.0, 0.0]
    assert waits[2] > 0
