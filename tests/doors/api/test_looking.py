"""The audit and the log of sent mail over the API: everything that happened, and nothing that opens a door."""

from datetime import UTC, datetime

import pytest

from makegood.life.people.models import Agent, Team
from makegood.life.reports import setup, staff
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.chat.example/services/T0/B0/very-secret-part"


@pytest.fixture
def ada(desk):
    return program_of(desk.ada)


@pytest.fixture
def now():
    return datetime.now(UTC)


def test_the_audit_tells_who_changed_what_newest_first_page_by_page(ada, dora, report, desk):
    dora.patch(f"/reports/{report}", {"severity": "critical"})
    first = ada.get("/audit?limit=1&kind=report.severity_changed")
    assert first["next"] is None
    (line,) = first["items"]
    assert (line["name"], line["report"], line["changes"]) == (
        desk.dora.name,
        report,
        "severity: medium → critical",
    )
    assert line["meaning"] == "The severity was set anew."
    everything = ada.get("/audit?limit=2")
    assert everything["next"]
    more = ada.get(f"/audit?limit=2&cursor={everything['next']}")["items"]
    assert more[0]["id"] < everything["items"][-1]["id"]


def test_it_is_filtered_by_person_report_and_time(ada, dora, report, now):
    dora.patch(f"/reports/{report}", {"severity": "low"})
    assert {one["name"] for one in ada.get("/audit?who=dora")["items"]} == {"Dora Dahl"}
    assert {one["report"] for one in ada.get(f"/audit?report={report}")["items"]} == {report}
    assert ada.get("/audit?until=2020-01-01T00:00:00Z")["items"] == []
    assert ada.get("/audit?report=nonsense")["items"] == []


def test_an_address_that_pages_stands_nowhere_in_the_history(ada, desk, now):
    team = Team.objects.get(pk=desk.platform.pk)
    setup.change("team", team, {"page_webhook": HOOK}, by=desk.ada.actor, at=now)
    person = Agent.objects.get(pk=desk.eve.pk)
    staff.change_person(person, {"page_webhook": HOOK}, by=desk.ada.actor, at=now)
    added = Team(slug="night", name="Night", page_webhook=HOOK)
    setup.add("team", added, by=desk.ada.actor, at=now)
    setup.remove("team", added, by=desk.ada.actor, at=now)
    assert Team.objects.get(pk=team.pk).page_webhook == Agent.objects.get(pk=person.pk).page_webhook == HOOK
    assert LedgerEntry.objects.filter(kind__in=[*setup.KINDS, "staff.changed"]).count() >= 4
    for path in ("/audit?limit=200", "/ledger?limit=200"):
        ada.get(path)
        assert "very-secret" not in ada.last.content.decode()
    lines = ada.get("/audit?kind=setup.changed")["items"]
    assert lines[0]["changes"] == "page webhook: – → hooks.chat.example/…"


def test_agents_read_no_audit_and_no_log_of_mail(dora):
    dora.get("/audit", status=403)
    dora.get("/sent-mails", status=403)


def mail(now, **more):
    facts = {"to_email": "ana@example.org", "subject": "Your report", "purpose": "reply", "text": "Hello", **more}
    key = f"test-{OutgoingMail.objects.count()}"
    return OutgoingMail.objects.create(key=key, rfc_id=f"<{key}@x>", made_at=now, send_after=now, **facts)


def test_sent_mail_is_listed_by_state_and_address_and_read_without_its_secret_links(ada, now):
    link = "https://desk.example/r/" + "a" * 26
    failed = mail(now, state="failed", text=f"Look here: {link}", last_reason="550 no such user")
    mail(now, state="sent", to_email="ben@example.org")
    assert [one["id"] for one in ada.get("/sent-mails?state=failed")["items"]] == [failed.pk]
    assert [one["to_email"] for one in ada.get("/sent-mails?to=BEN@")["items"]] == ["ben@example.org"]
    told = ada.get(f"/sent-mails/{failed.pk}")
    assert told["text"] == "Look here: https://desk.example/r/…"
    assert (told["can_retry"], told["last_reason"]) == (True, "550 no such user")


def test_a_mail_that_was_given_up_is_put_in_line_once(ada, now):
    failed = mail(now, state="failed")
    for _time in range(2):
        told = ada.post(f"/sent-mails/{failed.pk}/retry", status=200, idempotency_key="again")
    assert told["state"] == "queued"
    assert LedgerEntry.objects.filter(kind="mail.retried").count() == 1
    ada.post(f"/sent-mails/{mail(now, state='sent').pk}/retry", status=409)
