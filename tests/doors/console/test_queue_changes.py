"""What one does in the queue: views one saves, changes to one or several, the palette."""

import pytest

from makegood.life.people.models import Agent
from makegood.life.promises import actions as promises
from makegood.life.promises import book
from makegood.life.reports import finding, views
from makegood.life.reports.models import LedgerEntry, Report, SavedView
from tests.doors.console.queue_cast import NOW

# Saved views


def test_dora_saves_a_view_and_has_it_in_the_rail(client, cast):
    client.force_login(cast.dora)
    answer = client.post(
        "/console/queue/views/save/", {"name": "Bad ones", "query": "state:open severity:critical", "whom": "me"}
    )
    assert answer.headers["Location"].startswith("/console/queue/?view=s")
    assert "Bad ones" in client.get("/console/queue/").content.decode()
    client.force_login(cast.emil)
    assert "Bad ones" not in client.get("/console/queue/").content.decode()


def test_leads_save_for_a_team_and_agents_do_not(client, cast):
    client.force_login(cast.dora)
    wish = {"name": "Team view", "query": "state:open", "whom": cast.desk.pk}
    assert client.post("/console/queue/views/save/", wish).status_code == 409
    client.force_login(cast.emil)
    assert client.post("/console/queue/views/save/", wish).status_code == 302
    client.force_login(cast.dora)
    assert "Team view" in client.get("/console/queue/").content.decode()


def test_a_view_that_means_nothing_is_not_saved(cast):
    for query in ("", "stat:open", "owed:soonish"):
        with pytest.raises(views.UnusableView):
            views.save("x", query, agent=cast.dora, at=NOW)


def test_nobody_removes_the_view_of_somebody_else(client, cast):
    mine = SavedView.objects.create(name="Mine", query="state:open", agent=cast.dora)
    client.force_login(cast.emil)
    assert client.post(f"/console/queue/views/{mine.pk}/remove/").status_code == 404
    assert SavedView.objects.filter(pk=mine.pk).exists()


def test_a_saved_view_gets_another_name_and_filter(client, cast):
    mine = SavedView.objects.create(name="Mine", query="state:open", agent=cast.dora)
    address = f"/console/queue/views/{mine.pk}/"
    client.force_login(cast.dora)
    assert 'value="state:open"' in client.get(f"/console/queue/?view=s{mine.pk}").content.decode()
    sent = {"name": " My  bad ones ", "query": "state:open severity:critical"}
    assert client.post(address, sent)["Location"] == f"/console/queue/?view=s{mine.pk}"
    mine.refresh_from_db()
    assert (mine.name, mine.query) == ("My bad ones", "state:open severity:critical")
    client.post(address, sent)
    was = LedgerEntry.objects.get(kind="view.changed").data["was"]
    assert was == {"name": "Mine", "query": "state:open"}
    assert client.post(address, {"name": "x", "query": "stat:open"}).status_code == 409
    client.force_login(cast.emil)
    assert client.post(address, sent).status_code == 404


def test_a_shared_view_is_changed_by_leads(client, cast):
    shared = SavedView.objects.create(name="Ours", query="state:open", team=cast.desk)
    sent = {"name": "Others", "query": "state:open"}
    client.force_login(cast.dora)
    assert client.post(f"/console/queue/views/{shared.pk}/", sent).status_code == 409
    client.force_login(cast.emil)
    assert client.post(f"/console/queue/views/{shared.pk}/", sent).status_code == 302
    assert SavedView.objects.get(pk=shared.pk).name == "Others"


# Changes


@pytest.fixture
def owed(make, cast):
    book.install_defaults(NOW)

    def _owed(**facts):
        report = make(team=cast.desk, **facts)
        promises.ensure_owed(report, by=cast.dora.actor, at=NOW)
        return report

    return _owed


def _change(client, wish, *reports, **more):
    return client.post(
        "/console/queue/change/",
        {"change": wish, "report": [r.pk for r in reports], **more},
        headers={"HX-Request": "true"},
    )


@pytest.mark.parametrize(
    ("wish", "column", "value"),
    [
        ("assignee:me", "assignee_id", "dora"),
        ("severity:critical", "severity", "critical"),
        ("state:investigating", "state", "investigating"),
        ("snooze:tomorrow", "snoozed_until", None),
    ],
)
def test_a_key_changes_one_report_and_z_takes_it_back(client, cast, owed, wish, column, value):
    report = owed()
    before = getattr(report, column)
    client.force_login(cast.dora)
    answer = _change(client, wish, report)
    assert answer.status_code == 204
    report.refresh_from_db()
    changed = getattr(report, column)
    assert changed != before
    assert value is None or changed == getattr(getattr(cast, value, None), "pk", value)
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    assert client.post(undo, headers={"HX-Request": "true"}).status_code == 204
    report.refresh_from_db()
    assert getattr(report, column) == before


def test_several_at_once_and_what_cannot_be_is_named(client, cast, owed):
    fine, closed = owed(), owed()
    Report.objects.filter(pk=closed.pk).update(state="closed", closed_at=NOW)
    client.force_login(cast.dora)
    answer = _change(client, "state:investigating", fine, closed)
    assert answer.status_code == 204
    assert f"MG-{closed.pk}" in answer.headers["HX-Trigger"]
    fine.refresh_from_db()
    assert fine.state == "investigating"


def test_labels_are_added_and_taken_away(client, cast, owed):
    report = owed()
    client.force_login(cast.dora)
    client.post("/console/queue/change/", {"what": "label", "free": "vip login", "report": report.pk})
    client.post("/console/queue/change/", {"what": "label", "free": "-vip", "report": report.pk})
    assert [label.name for label in report.labels.all()] == ["login"]


@pytest.mark.parametrize("wish", ["state:closed", "severity:awful", "owner:me", "assignee:999999", "", "snooze:never"])
def test_a_wish_that_is_none_is_refused_in_words(client, cast, owed, wish):
    report = owed()
    client.force_login(cast.dora)
    answer = _change(client, wish, report)
    assert answer.status_code == 409
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert LedgerEntry.objects.filter(report=report, kind__startswith="report.").count() == 0


def test_nobody_changes_what_they_cannot_see(client, cast, owed):
    report = owed()
    client.force_login(cast.eve)
    assert _change(client, "assignee:me", report).status_code == 409
    report.refresh_from_db()
    assert report.assignee is None


def test_many_are_shown_before_they_are_changed_by_a_job(client, cast, owed):
    from makegood.life.aftercare import bulk

    reports = [owed() for _ in range(3)]
    client.force_login(cast.dora)
    look = client.post("/console/queue/change/", {"change": "assignee:me", "all": "1", "query": "state:open"})
    assert "This changes 3 reports" in look.content.decode()
    assert Report.objects.filter(assignee=cast.dora).count() == 0
    listed = ",".join(str(report.pk) for report in reports)
    begun = client.post("/console/bulk/start/", {"change": "assignee:me", "ids": listed})
    run = bulk.BulkRun.objects.get()
    assert begun.headers["Location"] == f"/console/bulk/{run.key}/"
    bulk.run_slice({"run": run.pk}, NOW)
    assert Report.objects.filter(assignee=cast.dora).count() == 3
    assert "3 of 3" in client.get(begun.headers["Location"]).content.decode()
    client.post(f"/console/bulk/{run.key}/undo/")
    bulk.run_slice({"run": run.pk}, NOW)
    assert Report.objects.filter(assignee=cast.dora).count() == 0


def test_engineers_do_not_change_many_at_once(client, cast, owed):
    owed()
    client.force_login(cast.eve)
    assert client.post("/console/bulk/start/", {"change": "assignee:me", "ids": "1"}).status_code == 403


# The palette


def test_the_palette_finds_reports_views_people_and_places(client, cast, make):
    report = make("Sign-in code never arrives")
    finding.index(report)
    client.force_login(cast.emil)

    def labels(words):
        return [found["label"] for found in client.get("/console/palette/", {"q": words}).json()["results"]]

    assert f"MG-{report.pk} {report.title}" in labels("code never")
    assert f"MG-{report.pk} {report.title}" in labels(f"mg-{report.pk}")
    assert "Unassigned" in labels("unass")
    assert "Ana Alvarez" in labels("ana")
    assert "Scripts" in labels("scri")
    assert "My settings" in labels("my set")


def test_the_palette_shows_nobody_what_they_may_not_see(client, cast, make):
    report = make("Secret matter", team=cast.desk)
    finding.index(report)
    client.force_login(cast.eve)
    for words in ("secret matter", f"MG-{report.pk}", "ana"):
        found = client.get("/console/palette/", {"q": words}).json()["results"]
        assert not [each for each in found if "Secret" in each["label"] or "Ana" in each["label"]]


def test_everything_in_the_bulk_bar_is_in_the_palette(client, cast, make):
    make()
    client.force_login(cast.dora)
    page = client.get("/console/queue/")
    offered = {choice["what"] for choice in page.context["choices"]}
    named = {command["name"].replace("assign", "assignee") for command in page.context["commands"]}
    assert offered == named


def test_the_agents_of_the_house_are_offered_by_name(client, cast, make):
    make()
    client.force_login(cast.dora)
    page = client.get("/console/queue/").content.decode()
    assert "Eve Eriksen" in page
    assert str(Agent.objects.get(pk=cast.fay.pk)) not in page
