"""Privacy at the desk: what we hold of whom, handing it over, erasing it, taking one thing out, who looked."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.life.beginning import begin
from makegood.life.people.models import Contact
from makegood.life.privacy.models import Archive, Erasure, Opening, Rule
from makegood.life.reports import attachments, conversation
from makegood.life.reports.models import Attachment, LedgerEntry, Message, Report
from tests.doors.api.knocking import program_of
from tests.doors.console.report_cast import make_case, signed_in, url
from tests.life.case import work


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def case(cast, now, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    begin(now)
    return make_case(cast, now - timedelta(hours=2))


@pytest.fixture
def ada(cast):
    return signed_in(cast.ada)


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_a_person_is_found_and_what_we_hold_is_counted(case, cast, ada):
    found = page(ada, "/console/setup/privacy/?q=ana@example.org")
    assert f"/console/setup/privacy/person/{cast.ana.key}/" in found
    held = page(ada, f"/console/setup/privacy/person/{cast.ana.key}/")
    assert "The contact: name, addresses, numbers" in held
    assert "1 report of theirs is open." in held
    assert "Nobody here is called “nobody”" in page(ada, "/console/setup/privacy/?q=nobody")


def test_erasing_takes_the_address_typed_and_nothing_typed_is_lost(case, cast, ada):
    address = f"/console/setup/privacy/person/{cast.ana.key}/erase/"
    wrong = ada.post(address, {"typed": "ben@example.org", "reason": "Letter of 12 May"})
    told = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'id="erase-typed-error"' in told
    assert "Letter of 12 May" in told
    assert "ben@example.org" in told
    nameless = ada.post(address, {"typed": "ana@example.org", "reason": ""})
    assert 'id="erase-reason-error"' in nameless.content.decode()
    assert not Erasure.objects.exists()


def test_from_the_request_to_the_certificate(case, cast, ada, now):
    address = f"/console/setup/privacy/person/{cast.ana.key}/erase/"
    begun = ada.post(address, {"typed": "Ana@Example.org", "reason": "Letter of 12 May"})
    made = Erasure.objects.get()
    assert begun["Location"] == f"/console/setup/privacy/erasures/{made.key}/"
    assert "A person is being erased" in page(ada, begun["Location"])
    assert "They are being erased." in page(ada, f"/console/setup/privacy/person/{cast.ana.key}/")
    ada.get(f"{begun['Location']}certificate.pdf", status=404)
    for second in range(60):
        work(now + timedelta(seconds=second))
    told = page(ada, begun["Location"])
    assert "Certificate of erasure" in told
    assert "Ana Alvarez" not in told
    paper = ada.get(f"{begun['Location']}certificate.pdf")
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")
    assert ada.get(f"{begun['Location']}certificate.json").json()["removed"]["contact"] == 1
    assert "Nothing is left of this person." in page(ada, f"/console/setup/privacy/person/{cast.ana.key}/")
    assert made.key in page(ada, "/console/setup/privacy/")


def test_pages_of_an_erased_report_still_open(case, cast, ada, now):
    attachments.attach(case, io.BytesIO(b"log"), name="a.log", by=cast.ana.actor, at=now)
    erase = f"/console/setup/privacy/person/{cast.ana.key}/erase/"
    ada.post(erase, {"typed": "ana@example.org", "reason": "Letter"})
    for second in range(60):
        work(now + timedelta(seconds=second))
    assert Erasure.objects.get().state == "done"
    for rest in ("", "evidence/", "document/", "document.pdf", "triage/", "known/", "priority/"):
        assert ada.get(url(case, rest)).status_code == 200, rest
    for address in (
        "/console/setup/audit/",
        f"/console/contacts/{cast.ana.key}/",
        "/console/mail/sent/",
        "/console/queue/?q=state:closed",
    ):
        assert ada.get(address).status_code in (200, 404), address
    assert "[erased]" in page(ada, url(case))


def test_an_archive_is_written_and_fetched(case, cast, ada, now):
    address = f"/console/setup/privacy/person/{cast.ana.key}/hand/"
    assert ada.post(address, {"reason": ""}).status_code == 422
    assert ada.post(address, {"reason": "Letter"})["Location"] == "/console/setup/privacy/"
    work(now + timedelta(seconds=1))
    fetched = ada.post(f"/console/setup/privacy/archives/{Archive.objects.get().key}/")
    assert fetched["Content-Type"] == "application/zip"
    assert LedgerEntry.objects.filter(kind="privacy.export_fetched").exists()


def test_a_rule_is_looked_at_before_it_counts(case, ada, now):
    Report.objects.update(state="closed", closed_at=now - timedelta(days=90))
    address = "/console/setup/privacy/rules/reports/"
    looked = ada.post(address, {"days": "60", "do": "look"}).content.decode()
    assert "1 thing is older than that" in looked
    assert not Rule.objects.exists()
    assert ada.post(address, {"days": "7"}).status_code == 422
    assert ada.post(address, {"days": "60"})["Location"] == "/console/setup/privacy/rules/"
    assert "60 days" in page(ada, "/console/setup/privacy/rules/")
    ada.post(address, {"days": ""})
    assert Rule.objects.get().days is None


def test_a_lead_takes_a_message_out_with_a_reason_and_an_agent_cannot(case, cast):
    found = Message.objects.filter(report=case, said_by="contact").earliest("id")
    address, emil = url(case, f"messages/{found.key}/redact/"), signed_in(cast.emil)
    assert address in page(emil, url(case))
    assert address not in page(signed_in(cast.dora), url(case))
    assert signed_in(cast.dora).post(address, {"reason": "x"}).status_code == 403
    assert "The page says 500" in page(emil, address)
    assert emil.post(address, {"reason": ""}).status_code == 422
    assert emil.post(address, {"reason": "Health data"}).status_code == 302
    told = page(emil, url(case))
    assert "The page says 500" not in told
    assert "“Health data”" in told
    assert emil.get(address).status_code == 404


def test_a_lead_takes_a_file_out(case, cast, now):
    found = attachments.attach(case, io.BytesIO(b"log"), name="secret.log", by=cast.ana.actor, at=now)
    emil = signed_in(cast.emil)
    address = url(case, f"evidence/{found.key}/redact/")
    assert address in page(emil, url(case, "evidence/"))
    emil.post(address, {"reason": "Not theirs"})
    assert "secret.log" not in page(emil, url(case, "evidence/"))
    assert Attachment.objects.get().name == "[redacted]"


def test_who_opened_a_protected_report_is_seen_by_leads_only(case, cast):
    dora, emil = signed_in(cast.dora), signed_in(cast.emil)
    dora.get(url(case))
    assert not Opening.objects.exists()
    Report.objects.filter(pk=case.pk).update(is_protected=True)
    dora.get(url(case))
    dora.get(url(case, "evidence/"))
    program_of(cast.dora).get(f"/reports/{case.number}")
    assert Opening.objects.count() == 1
    assert "Who opened it" in page(emil, url(case))
    assert "Who opened it" not in page(dora, url(case))
    signed_in(cast.eve).get(url(case))
    assert set(Opening.objects.values_list("name", flat=True)) == {cast.dora.name, cast.emil.name}


def test_whom_it_costs_as_many_questions_with_more_to_erase(case, cast, ada, now):
    address = f"/console/setup/privacy/person/{cast.ana.key}/"
    ada.get(address)
    with CaptureQueriesContext(connection) as few:
        ada.get(address)
    for number in range(10):
        conversation.say(case, f"More {number}", by=cast.ana.actor, at=now)
    with CaptureQueriesContext(connection) as many:
        ada.get(address)
    assert len(many) == len(few)


def test_nothing_of_it_is_for_leads_or_agents(case, cast):
    for person in (cast.dora, cast.eve, cast.emil):
        client = signed_in(person)
        assert client.get("/console/setup/privacy/").status_code == 403
        assert client.get(f"/console/setup/privacy/person/{cast.ana.key}/").status_code == 403
    assert Contact.objects.get(pk=cast.ana.pk).email
