"""An import from the console: looked at first, then taken over in slices that survive a killed worker."""

import io
import json
from datetime import timedelta

import pytest

from makegood.life.promises.models import Promise
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report
from makegood.life.transfer import imports
from makegood.life.transfer.formats.records import Mapping
from makegood.life.transfer.models import ImportRun

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def table(count, *, more=""):
    rows = [f"{n},Title {n},p{n % 7}@example.org,2026-01-02,{'open' if n % 5 == 0 else 'closed'}" for n in range(count)]
    return ("id,title,email,created,status\n" + "\n".join(rows) + "\n" + more).encode()


@pytest.fixture
def upload(cast, monday):
    def go(content=None, file_format="csv", source="old desk"):
        content = table(250) if content is None else content
        stream = io.BytesIO(content)
        return imports.upload(stream, "old.csv", file_format=file_format, source=source, by=cast.ada, at=monday)

    return go


def look(run, monday):
    imports.work(run.pk, worker="test:1", clock=lambda: monday)
    run.refresh_from_db()
    return run.looked


def test_a_look_tells_what_would_come_and_writes_nothing(upload, cast, monday):
    strange = "x,,nobody,2026-01-02,\ny,Y,y@example.org,2026-01-02,exploded\n0,Again,p@example.org,2026-01-02,\n"
    run = upload(table(250, more=strange))
    found = look(run, monday)
    assert (run.state, run.total) == ("looked", 253)
    assert (found["new"], found["open"], found["closed"], found["bad"]) == (251, 51, 200, 2)
    assert found["promises"] == {"hear_back": 51}
    assert found["first_due"] > monday.isoformat()
    assert found["new_contacts"] == 8
    assert ["status", "state"] in found["columns"]
    assert any("exploded" in words for words in found["missed"])
    assert {problem["where"] for problem in found["problems"]} == {"row 252", "row 253", "row 254"}
    assert not Report.objects.exists()
    assert not Promise.objects.exists()


def test_what_is_not_understood_can_be_put_right_and_looked_at_again(upload, monday):
    run = upload(b"Key|What|Who|When\n1|A|a@example.org|03/04/2026\n")
    look(run, monday)
    assert run.state == "failed"
    assert "Two columns at least" in run.error
    chosen = {"columns": {"What": "title", "Who": "email", "When": "received_at"}, "dates": {"order": "dmy"}}
    imports.look_again(run, Mapping.from_plain(chosen), news_by=monday + DAY, at=monday)
    assert look(run, monday)["new"] == 1
    with pytest.raises(imports.NotReady):
        imports.look_again(run, Mapping(), news_by=monday - DAY, at=monday)


def test_taken_over_with_counts_and_the_audit(upload, cast, monday):
    run = upload()
    look(run, monday)
    imports.start(run, by=cast.ada.actor, at=monday)
    imports.work(run.pk, worker="test:1", clock=lambda: monday + SECOND)
    run.refresh_from_db()
    assert (run.state, run.done, run.made, run.bad) == ("done", 250, 250, 0)
    assert Report.objects.count() == 250
    assert Promise.objects.count() == Report.objects.exclude(state="closed").count() == 50
    assert not OutgoingMail.objects.exists()
    kinds = LedgerEntry.objects.filter(kind__startswith="import.").order_by("pk").values_list("kind", "actor_name")
    assert list(kinds) == [("import.started", "Ada Adeyemi"), ("import.done", "Ada Adeyemi")]


@pytest.mark.parametrize("dies_in", [0, 1, 2])
def test_killed_in_any_slice_the_next_worker_goes_on(upload, cast, monday, monkeypatch, dies_in):
    run = upload()
    look(run, monday)
    imports.start(run, by=cast.ada.actor, at=monday)
    count, slices = imports._count, []

    def die(*given, **more):
        slices.append(1)
        if len(slices) == dies_in + 1:
            raise KeyboardInterrupt
        count(*given, **more)

    monkeypatch.setattr(imports, "_count", die)
    with pytest.raises(KeyboardInterrupt):
        imports.work(run.pk, worker="test:1", clock=lambda: monday)
    monkeypatch.undo()
    run.refresh_from_db()
    assert run.done == Report.objects.count() == dies_in * imports.SLICE
    assert imports.due(monday + DAY) == [run.pk]
    imports.work(run.pk, worker="test:2", clock=lambda: monday + DAY)
    run.refresh_from_db()
    assert (run.state, run.made, Report.objects.count()) == ("done", 250, 250)


def test_stopped_by_hand_it_goes_on_where_it_was(upload, cast, monday):
    run = upload()
    look(run, monday)
    imports.start(run, by=cast.ada.actor, at=monday)
    imports.work(run.pk, worker="test:1", clock=lambda: monday, stopping=lambda: True)
    imports.stop(run, by=cast.ada.actor, at=monday)
    assert imports.due(monday) == []
    assert Report.objects.count() == imports.SLICE
    imports.start(run, by=cast.ada.actor, at=monday)
    imports.work(run.pk, worker="test:1", clock=lambda: monday)
    assert Report.objects.count() == 250


def test_the_same_file_again_brings_nothing_twice(upload, cast, monday):
    for _ in range(2):
        run = upload()
        look(run, monday)
        if run.looked["new"]:
            imports.start(run, by=cast.ada.actor, at=monday)
            imports.work(run.pk, worker="test:1", clock=lambda: monday)
    assert (run.looked["new"], run.looked["known"]) == (0, 250)
    with pytest.raises(imports.NotReady):
        imports.start(run, by=cast.ada.actor, at=monday)
    assert Report.objects.count() == 250


def test_two_workers_do_not_do_it_twice(upload, cast, monday):
    run = upload()
    ImportRun.objects.update(leased_by="other:1", leased_until=monday + DAY)
    imports.work(run.pk, worker="test:1", clock=lambda: monday)
    run.refresh_from_db()
    assert run.state == "looking"


@pytest.mark.parametrize("content", [b"{}", b"\x00\x01\x02", json.dumps([1, 2]).encode()])
def test_what_is_no_export_is_given_up_with_a_sentence(upload, monday, content):
    run = upload(content, file_format="zendesk")
    look(run, monday)
    assert run.state == "failed"
    assert run.error.endswith(".")


def test_an_empty_file_or_a_strange_format_is_refused(upload):
    with pytest.raises(imports.NotReady):
        upload(b"")
    with pytest.raises(imports.NotReady):
        upload(file_format="makegood")


def test_only_admins_see_runs(upload, cast):
    run = upload()
    assert imports.access_run(cast.ada, run.key) == run
    for person in (cast.emil, cast.dora, cast.eve, cast.fay):
        with pytest.raises(NotFound):
            imports.access_run(person, run.key)


def test_files_of_old_runs_are_let_go(upload, monday):
    run = upload()
    look(run, monday)
    assert imports.used_keys([run.storage_key]) == {run.storage_key}
    assert imports.forget_files(monday + 8 * DAY) == 1
    assert imports.used_keys([run.storage_key]) == set()
