"""Set-up pages of webhooks, import and export; and a view taken away as a table."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.engine.secrets import unseal
from makegood.life.hooks import endpoints, feeding, sending
from makegood.life.hooks.models import Delivery, Endpoint
from makegood.life.reports.models import LedgerEntry, Report
from makegood.life.transfer import exports, imports
from makegood.life.transfer.models import ExportRun, ImportRun
from tests.life.case import file_report

HOOKS, TRANSFER = "/console/setup/webhooks/", "/console/setup/transfer/"


@pytest.fixture
def ada(cast):
    return _client(cast.ada)


def _client(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def hook(cast, monday):
    return endpoints.add("Archive", "https://hooks.example.org/T0/very-secret", by=cast.ada.actor, at=monday)[0]


@pytest.fixture
def told(hook, cast, monday):
    file_report(cast, monday)
    feeding.feed(LedgerEntry.objects.filter(kind="report.received"), now=monday)
    return hook.deliveries.get()


def text_of(answer):
    return answer.content.decode()


def test_the_secret_is_shown_once_and_never_again(ada):
    facts = {"name": "Archive", "url": "https://hooks.example.org/x", "groups": ["report.*"], "more": "mail.failed"}
    shown = text_of(ada.post(f"{HOOKS}add/", facts))
    endpoint = Endpoint.objects.get()
    assert endpoint.kinds == ["report.*", "mail.failed"]
    assert unseal(endpoint.secret) in shown
    for address in ("", f"{endpoint.key}/", f"{endpoint.key}/change/"):
        assert unseal(endpoint.secret) not in text_of(ada.get(HOOKS + address))


@pytest.mark.parametrize(
    "facts",
    [{"url": "http://example.org"}, {"url": "https://10.0.0.1/"}, {"more": "report.exploded"}, {"name": ""}],
)
def test_a_form_that_cannot_be_says_why(ada, facts):
    answer = ada.post(f"{HOOKS}add/", {"name": "A", "url": "https://example.org/", **facts})
    assert answer.status_code == 422
    assert not Endpoint.objects.exists()


def test_what_was_told_is_listed_looked_at_and_told_again(ada, hook, told, cast, monday):
    assert "report.received" in text_of(ada.get(f"{HOOKS}{hook.key}/"))
    assert "very-secret" not in text_of(ada.get(f"{HOOKS}{hook.key}/"))
    Delivery.objects.update(state="failed", attempts=10)
    page = text_of(ada.get(f"{HOOKS}{hook.key}/{told.pk}/"))
    assert told.key in page
    ada.post(f"{HOOKS}{hook.key}/{told.pk}/again/")
    told.refresh_from_db()
    assert (told.state, told.attempts) == ("waiting", 0)
    assert ada.get(f"{HOOKS}{hook.key}/999/").status_code == 404


def test_pause_test_rotate_replay_and_remove(ada, hook, told):
    before = hook.secret
    ada.post(f"{HOOKS}{hook.key}/switch/")
    ada.post(f"{HOOKS}{hook.key}/test/")
    ada.post(f"{HOOKS}{hook.key}/rotate/")
    LedgerEntry.objects.update(delivered_at=told.made_at)
    Delivery.objects.filter(pk=told.pk).update(state="failed")
    ada.post(f"{HOOKS}{hook.key}/replay/", {"since": "2026-11-16T00:00"})
    hook.refresh_from_db()
    told.refresh_from_db()
    assert not hook.is_active
    assert hook.secret != before
    assert hook.deliveries.filter(kind="hook.test").count() == 1
    assert told.state == "waiting"
    ada.post(f"{HOOKS}{hook.key}/remove/")
    assert not Endpoint.objects.exists()


def test_a_webhook_that_was_switched_off_is_seen_by_admins_on_every_page(ada, hook, cast, monday):
    endpoints.switch_off(hook, "It is gone.", at=monday)
    assert "was switched off" in text_of(ada.get("/console/queue/"))
    assert "was switched off" not in text_of(_client(cast.emil).get("/console/queue/"))
    ada.post(f"{HOOKS}{hook.key}/switch/")
    assert "was switched off" not in text_of(ada.get("/console/queue/"))


def test_only_admins_reach_webhooks_and_imports_leads_export(cast, hook):
    for person, seen in ((cast.ada, (200, 200)), (cast.emil, (403, 200)), (cast.dora, (403, 403))):
        client = _client(person)
        assert (client.get(HOOKS).status_code, client.get(TRANSFER).status_code) == seen
    assert b"Bring reports over" not in _client(cast.emil).get(TRANSFER).content


def upload(client, content, file_format="csv"):
    file = SimpleUploadedFile("old.csv", content)
    facts = {"file_format": file_format, "source": "old desk", "file": file}
    return client.post(f"{TRANSFER}upload/", facts)


TABLE = b"Nr;What;email;created;status\n1;A;a@example.org;2026-01-02;open\n2;B;b@example.org;2026-01-02;closed\n"


def test_a_file_is_looked_at_mapped_started_and_told_of(ada, monday):
    answer = upload(ada, TABLE)
    run = ImportRun.objects.get()
    assert answer["Location"] == f"{TRANSFER}imports/{run.key}/"
    imports.work(run.pk, worker="test:1", clock=lambda: monday)
    assert "Two columns at least" in text_of(ada.get(answer["Location"]))
    chosen = {"column_0": "id", "column_1": "title", "column_2": "email", "column_3": "received_at"}
    assert ada.post(answer["Location"], {**chosen, "words": "colour: a = b"}).status_code == 422
    ada.post(answer["Location"], {**chosen, "column_4": "state", "words": "state: open = fixing"})
    imports.work(run.pk, worker="test:1", clock=lambda: monday)
    page = text_of(ada.get(answer["Location"]))
    assert "Take 2 reports over" in page
    assert "1 open, 1 closed" in page
    ada.post(f"{answer['Location']}start/")
    imports.work(run.pk, worker="test:1", clock=lambda: monday)
    assert sorted(Report.objects.values_list("state", flat=True)) == ["closed", "fixing"]
    assert "2 taken over" in text_of(ada.get(answer["Location"]))


def test_an_empty_upload_says_so(ada):
    assert upload(ada, b"").status_code == 422
    assert ada.post(f"{TRANSFER}upload/", {}).status_code == 422


def test_an_export_is_ordered_written_and_fetched_by_a_lead(cast, monday):
    emil = _client(cast.emil)
    emil.post(f"{TRANSFER}export/", {"file_format": "jsonl"})
    run = ExportRun.objects.get()
    assert emil.post(f"{TRANSFER}export/", {"file_format": "csv"}).status_code == 422
    assert emil.post(f"{TRANSFER}exports/{run.key}/").status_code == 404
    exports.work(run.pk, worker="test:1", clock=lambda: run.made_at, progress=lambda _rows: None)
    answer = emil.post(f"{TRANSFER}exports/{run.key}/")
    assert answer["Content-Type"] == "application/zip"
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert emil.get(f"{TRANSFER}exports/{run.key}/").status_code == 405


def test_a_view_leaves_as_a_table_of_what_the_seeker_sees(cast, monday):
    mine, hidden = file_report(cast, monday, key="one"), file_report(cast, monday, key="two")
    Report.objects.filter(pk=mine.pk).update(title="=1+1")
    Report.objects.filter(pk=hidden.pk).update(is_protected=True, team=cast.platform)
    answer = _client(cast.dora).post("/console/queue/table/", {"query": "state:received"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["number"], row["title"]) for row in rows] == [(mine.number, "'=1+1")]
    entry = LedgerEntry.objects.get(kind="export.made")
    assert (entry.actor_name, entry.data["count"]) == ("Dora Dahl", 1)


def test_a_test_is_seen_to_arrive(ada, hook, monday):
    ada.post(f"{HOOKS}{hook.key}/test/")
    assert sending.due(hook.deliveries.get().next_at) == [hook.pk]
