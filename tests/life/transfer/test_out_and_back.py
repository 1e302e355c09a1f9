"""Everything goes out, consistent and harmless; and what went out comes in again elsewhere as it was."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection

from makegood.engine import files
from makegood.life.aftercare import actions as aftercare
from makegood.life.people.models import Contact
from makegood.life.promises.models import Promise
from makegood.life.reports import access, attachments, conversation
from makegood.life.reports import actions as reports
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Attachment, LedgerEntry, Report
from makegood.life.transfer import exporting, exports, looking
from makegood.life.transfer.actions import take_over
from makegood.life.transfer.exporting import Folder, cell
from makegood.life.transfer.foreign import Terms
from makegood.life.transfer.formats.records import Mapping
from makegood.life.transfer.models import ExportRun
from makegood.life.transfer.tables import TABLES
from tests.life.case import file_report, fresh, work

HOUR = timedelta(hours=1)


@pytest.fixture
def busy(cast, monday):
    """Three reports with a story: one in work, one closed, one solved; words that would run in a spreadsheet."""
    first = file_report(cast, monday, key="one")
    reports.set_labels(first, ["vip", "claims"], by=cast.dora.actor, at=monday)
    conversation.say(first, "=HYPERLINK(1)\nWe look.", by=cast.dora.actor, at=monday + HOUR)
    conversation.note(first, "Between us", by=cast.dora.actor, at=monday + HOUR)
    attachments.attach(first, io.BytesIO(b"a trace\n"), name="trace.txt", by=cast.dora.actor, at=monday + HOUR)
    taken_back = conversation.say(first, "Oops", by=cast.dora.actor, at=monday, undo=HOUR)
    conversation.withdraw(taken_back, by=cast.dora.actor, at=monday)
    second = file_report(cast, monday, key="two")
    aftercare.close(fresh(second), reason="spam", by=cast.dora.actor, at=monday + 2 * HOUR)
    third = file_report(cast, monday, key="three")
    found = {"cause": "c", "solution": "s", "words": "It is solved."}
    aftercare.solve(fresh(third), by=cast.dora.actor, at=monday + HOUR, **found)
    work(monday + 3 * HOUR)
    return [fresh(report) for report in (first, second, third)]


def out(folder, monday, **more):
    return exporting.write(Folder(folder), file_format="jsonl", at=monday, **more)


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_table_is_written_with_every_field(busy, tmp_path, monday):
    counts = out(tmp_path / "out", monday, with_files=True)
    for table in TABLES:
        rows = lines(tmp_path / "out" / f"{table.name}.jsonl")
        assert len(rows) == counts[table.name]
        assert all(list(row) == list(table.fields) for row in rows)
    assert counts["reports"] == 3
    assert counts["ledger"] == LedgerEntry.objects.count()
    (attachment,) = lines(tmp_path / "out" / "attachments.jsonl")
    assert (tmp_path / "out" / "files" / attachment["file"]).read_bytes() == b"a trace\n"
    assert json.loads((tmp_path / "out" / "export.json").read_text())["rows"] == counts


def test_no_secret_leaves(busy, cast, tmp_path, monday):
    token = access.make_link(busy[0], cast.ana, by=cast.ana.actor, at=monday)
    out(tmp_path / "out", monday, with_files=True)
    everything = "".join(path.read_text() for path in (tmp_path / "out").glob("*.jsonl"))
    for secret in (token, cast.dora.password, "argon2", "/r/"):
        assert secret not in everything


def test_cells_are_harmless_in_a_spreadsheet(busy, tmp_path, monday):
    exporting.write(Folder(tmp_path / "out"), file_format="csv", at=monday)
    rows = list(csv.DictReader((tmp_path / "out" / "messages.csv").open(newline="")))
    assert "'=HYPERLINK(1)\nWe look." in [row["body"] for row in rows]
    for name in (table.name for table in TABLES):
        for row in csv.reader((tmp_path / "out" / f"{name}.csv").open(newline="")):
            assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row)


@pytest.mark.parametrize("begin", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "＝1"])
def test_each_beginning_of_a_formula_is_neutralised(begin):
    assert cell(begin) == f"'{begin}"


def test_numbers_stay_numbers_and_words_stay_words():
    assert [cell(value) for value in (-5, None, True, "a=b", {"a": 1})] == ["-5", "", "True", "a=b", '{"a": 1}']


def test_since_a_moment_only_what_changed(busy, tmp_path, monday):
    Report.objects.exclude(pk=busy[1].pk).update(updated_at=monday)
    counts = out(tmp_path / "out", monday, since=monday + HOUR)
    assert [row["number"] for row in lines(tmp_path / "out" / "reports.jsonl")] == [busy[1].pk]
    assert {row["report"] for row in lines(tmp_path / "out" / "messages.jsonl")} == {busy[1].pk}
    assert counts["contacts"] == Contact.objects.count()


def test_a_folder_that_holds_something_is_left_alone(tmp_path, monday, cast):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(exporting.Refusal):
        Folder(tmp_path)


def story(report):
    names = ("title", "kind", "state", "severity", "channel", "received_at", "closed_at", "solved_at", "close_reason")
    said = report.messages.filter(withdrawn_at=None).order_by("at", "id")
    words = [(m.said_by, m.name, m.body, m.is_internal, m.at) for m in said]
    held = sorted((file.name, file.sha256) for file in report.attachments.all())
    labels = sorted(label.name for label in report.labels.all())
    who = (report.contact.key, report.contact.email, str(report.organisation), report.first_answered_at)
    return [getattr(report, name) for name in names], words, held, labels, who


@pytest.mark.django_db(transaction=True)
def test_what_went_out_comes_in_elsewhere_as_it_was(busy, cast, tmp_path, monday):
    before = {report.pk: story(fresh(report)) for report in busy}
    out(tmp_path / "out", monday, with_files=True)
    _empty()
    terms = Terms(source="makegood", files=tmp_path / "out")
    rows = list(looking.READERS["makegood"](tmp_path / "out", Mapping()))
    outcomes = take_over(rows, by=cast.ada.actor, at=monday + 5 * HOUR, historic=True, terms=terms)
    assert [one.problem for one in outcomes] == ["", "", ""]
    assert {report.pk: story(report) for report in Report.objects.select_related("contact")} == before
    kinds = dict(Promise.objects.values_list("report_id", "kind"))
    assert kinds == {busy[0].pk: "next_update", busy[2].pk: "follow_up"}
    assert file_report(cast, monday + 6 * HOUR, key="next").pk == max(before) + 1


def _empty():
    """Another installation: nobody reported anything yet."""
    Report.objects.all().delete()
    Contact.objects.all().delete()
    assert not Attachment.objects.exists()


def test_an_export_by_the_console_is_written_kept_a_day_and_in_the_audit(busy, cast, monday):
    run = exports.order(file_format="jsonl", by=cast.emil, at=monday, with_files=True)
    with pytest.raises(exports.NotReady):
        exports.order(file_format="csv", by=cast.emil, at=monday)
    heard = []
    exports.work(run.pk, worker="test:1", clock=lambda: monday + HOUR, progress=heard.append)
    fetched = exports.fetch(cast.emil, run.key, at=monday + 2 * HOUR)
    with zipfile.ZipFile(files.path_of(fetched.storage_key)) as archive:
        assert archive.testzip() is None
        assert len(archive.read("reports.jsonl").splitlines()) == 3
    assert exports.used_keys([fetched.storage_key]) == {fetched.storage_key}
    kinds = ("export.made", "export.fetched")
    audit = LedgerEntry.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", "actor_name")
    assert list(audit) == [("export.made", "Emil Ek"), ("export.fetched", "Emil Ek")]
    for seeker, at in ((cast.dora, monday + 2 * HOUR), (cast.emil, monday + 26 * HOUR)):
        with pytest.raises(NotFound):
            exports.fetch(seeker, run.key, at=at)
    exports.forget_old(monday + 26 * HOUR)
    assert not files.path_of(fetched.storage_key).exists()
    assert ExportRun.objects.get().state == "gone"


def test_an_export_that_was_stopped_begins_anew_with_the_next_worker(busy, cast, monday, monkeypatch):
    def stop(_rows):
        raise exporting.Stopped

    monkeypatch.setattr(exporting, "_SLICE", 1)
    run = exports.order(file_format="jsonl", by=cast.emil, at=monday)
    exports.work(run.pk, worker="test:1", clock=lambda: monday, progress=stop)
    assert exports.due(monday) == [run.pk]
    exports.work(run.pk, worker="test:2", clock=lambda: monday, progress=lambda _rows: None)
    run.refresh_from_db()
    assert run.state == "done"


@pytest.mark.django_db(transaction=True)
def test_an_export_is_of_one_moment_and_holds_nobody_up(busy, cast, tmp_path, monday):
    """A report filed by another connection while it is being written is not half in it, and is filed at once."""
    import threading

    filed = []

    def file_one():
        filed.append(file_report(cast, monday + HOUR, key="meanwhile").pk)
        connection.close()

    class Watching(Folder):
        def text(self, name):
            if name == "messages.jsonl":
                other = threading.Thread(target=file_one)
                other.start()
                other.join(20)
            return super().text(name)

    counts = exporting.write(Watching(tmp_path / "out"), file_format="jsonl", at=monday)
    assert filed
    assert counts["reports"] == 3
    assert filed[0] not in {row["report"] for row in lines(tmp_path / "out" / "messages.jsonl")}
