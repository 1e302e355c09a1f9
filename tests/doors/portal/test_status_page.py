"""The public status page: what stands on it, in which shape, how it is kept, and that nothing of ours gets there."""

import json
import re
from datetime import timedelta

import pytest
import time_machine

from makegood.doors.ui.status.files import Writer
from makegood.life.problems import actions as problems
from makegood.life.problems import membership, news
from makegood.life.statuspage import maintenance, updates
from makegood.life.statuspage.maintenance import Plan
from tests.again import again
from tests.life.case import work
from tests.life.statuspage.page import DAY, HOUR, INTERNAL, furnish, published

pytestmark = pytest.mark.django_db
JSON = (
    "summary",
    "status",
    "components",
    "incidents",
    "incidents/unresolved",
    "scheduled-maintenances",
    "scheduled-maintenances/active",
    "scheduled-maintenances/upcoming",
)


@pytest.fixture
def clock(monday):
    with time_machine.travel(monday, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(cast, monday, clock):
    return again(lambda: filled_page(cast, monday), monday)


def filled_page(cast, monday):
    """Three parts, one open problem, one that is over, one maintenance to come."""
    parts = furnish(cast, monday - 100 * DAY)
    before = monday - 3 * DAY
    over, done = published(cast, before, hits=("claims",), public_titles={"en": "Claims were slow"})
    problems.move(over, "resolved", by=cast.eve.actor, at=before + HOUR, is_news_settled=True)
    updates.post(done, "resolved", {"en": "It works again."}, by=cast.emil, at=before + 2 * HOUR)
    _problem, notice = published(cast, monday)
    plan = Plan(
        {"en": "Database upgrade", "de": "Neue Datenbank"},
        {"en": "Claims cannot be sent meanwhile."},
        monday + 2 * DAY,
        monday + 2 * DAY + HOUR,
        [parts["claims"].key],
    )
    planned = maintenance.plan(plan, by=cast.emil, at=monday)
    work(monday)
    return {"parts": parts, "notice": notice, "done": done, "planned": planned}


def everything(client, page):
    """Every address of the page, with what it answers."""
    places = ["", "history/", "history/2026-11/", "frame/", "feed.atom", "feed.rss", "maintenance.ics", "badge.svg"]
    places += [f"incidents/{page[name].key}/" for name in ("notice", "done")]
    places += [f"maintenance/{page['planned'].key}/"]
    found = {f"/status/{code}{place}" for place in places for code in ("", "en/", "de/")}
    found |= {f"/status/api/v2/{name}.json" for name in JSON} | {f"/api/v2/{name}.json" for name in JSON}
    return {address: client.get(address) for address in sorted(found)}


def test_every_address_answers_and_nothing_of_ours_stands_there(client, page):
    for address, answer in everything(client, page).items():
        text = answer.content.decode()
        assert answer.status_code == 200, address
        for secret in (INTERNAL, "PRB-", "Emil", "emil@", "Portal platform"):
            assert secret not in text, (address, secret)
        assert "Set-Cookie" not in answer.headers, address


def test_it_says_what_is_known_in_the_words_of_the_reader(client, page):
    text = client.get("/status/").content.decode()
    assert "Something does not work" in text
    assert "Signing in fails for some." in text
    assert "Next news by" in text
    assert "Mon 16 Nov 2026, 11:00 CET" in text
    assert "Database upgrade" in text
    assert "Claims were slow" in text
    german = client.get("/status/de/").content.decode()
    assert "Die Anmeldung gelingt manchen nicht." in german
    assert 'lang="de"' in german
    assert "Claims were slow" in german  # written in English only


def test_times_are_in_the_zone_of_the_reader(client, page):
    client.cookies["mg_zone"] = "America/New_York"
    assert "Mon 16 Nov 2026, 05:00" in client.get("/status/").content.decode()


def test_a_problem_that_was_merged_leads_to_the_one_that_goes_on(client, page, cast, monday):
    old, new = page["notice"], published(cast, monday, hits=("claims",))[1]
    address = f"/status/de/incidents/{old.key}/"
    assert client.get(address).status_code == 200
    membership.merge(old.problem, new.problem, by=cast.emil.actor, at=monday)
    answer = client.get(f"{address}?a=b")
    assert (answer.status_code, answer["Location"]) == (302, f"../{new.key}/?a=b")
    assert client.get(address, follow=True).status_code == 200
    kept = Writer().every(monday)
    assert kept[f"de/incidents/{old.key}/index.html"] == kept[f"de/incidents/{new.key}/index.html"]
    problems.protect(new.problem, True, by=cast.emil.actor, at=monday, reason="Names in it")
    assert client.get(address).status_code == 404
    assert f"de/incidents/{old.key}/index.html" not in Writer().every(monday)


def test_what_was_taken_back_before_it_was_merged_leads_nowhere(client, page, cast, monday):
    old, new = page["notice"], published(cast, monday, hits=("claims",))[1]
    news.unpublish(old.problem, by=cast.emil.actor, at=monday, reason="A mistake.")
    membership.merge(old.problem, new.problem, by=cast.emil.actor, at=monday)
    assert client.get(f"/status/incidents/{old.key}/").status_code == 404


def test_a_copy_is_in_the_zone_of_the_desk_and_says_so(client, page, monday, settings):
    settings.DESK_TIME_ZONE = "Asia/Tokyo"
    text = Writer().every(monday)["en/index.html"].decode()
    assert "Times are in the zone Asia/Tokyo." in text
    assert "Mon 16 Nov 2026, 19:00" in text


def test_unchanged_it_is_not_sent_again(client, page):
    first = client.get("/status/en/")
    again = client.get("/status/en/", headers={"If-None-Match": first["ETag"]})
    assert first["Cache-Control"] == "public, max-age=30"
    assert (again.status_code, again.content) == (304, b"")


def test_programs_everywhere_may_read_the_json_and_only_that(client, page):
    answers = everything(client, page)
    is_open = {address for address, answer in answers.items() if answer.get("Access-Control-Allow-Origin") == "*"}
    assert is_open == {address for address in answers if "/api/v2/" in address}
    assert client.post("/status/api/v2/summary.json").status_code == 405
    assert client.get("/status/api/v2/secrets.json").status_code == 404
    elsewhere = client.get("/api/v2/status.json", headers={"Origin": "https://elsewhere.example"})
    assert elsewhere["Access-Control-Allow-Origin"] == "*"


def test_the_summary_has_the_shape_programs_know(client, page, settings):
    told = json.loads(client.get("/status/api/v2/summary.json").content)
    assert set(told) == {"page", "status", "components", "incidents", "scheduled_maintenances"}
    assert set(told["page"]) == {"id", "name", "url", "time_zone", "updated_at"}
    assert told["status"] == {"indicator": "major", "description": "Partial System Outage"}
    assert [(one["name"], one["status"]) for one in told["components"]] == [
        ("Signing in", "partial_outage"),
        ("Claims", "operational"),
        ("Search", "operational"),
    ]
    (incident,) = told["incidents"]
    assert (incident["name"], incident["status"], incident["impact"]) == ("Signing in fails", "investigating", "major")
    assert incident["shortlink"] == f"{settings.BASE_URL}/status/incidents/{page['notice'].key}/"
    assert incident["incident_updates"][0]["affected_components"][0]["new_status"] == "partial_outage"
    (planned,) = told["scheduled_maintenances"]
    assert (planned["status"], planned["scheduled_for"]) == ("scheduled", "2026-11-18T09:00:00.000Z")
    both = json.loads(client.get("/status/api/v2/incidents.json").content)["incidents"]
    assert [one["status"] for one in both] == ["investigating", "resolved"]
    assert both[1]["resolved_at"] == "2026-11-13T11:00:00.000Z"


def test_feeds_and_calendar_can_be_read_by_their_programs(client, page):
    atom = client.get("/status/feed.atom").content.decode()
    assert atom.count("<entry>") == 4
    assert "Investigating: Signing in fails" in atom
    assert client.get("/status/feed.atom").content.decode() == atom
    rss = client.get("/status/de/feed.rss").content.decode()
    assert "Wird untersucht: Anmeldung gestört" in rss
    lines = client.get("/status/maintenance.ics").content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20261118T090000Z" in lines
    assert "SUMMARY:Database upgrade" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_the_frame_may_stand_anywhere_and_runs_nothing(client, page):
    answer = client.get("/status/frame/")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert "<script" not in answer.content.decode()
    assert client.get("/status/")["X-Frame-Options"] == "DENY"


def test_the_page_asks_the_database_as_often_with_many_as_with_few(
    client, page, cast, monday, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10) as few:
        client.get("/status/")
    for number in range(6):
        published(cast, monday - number * HOUR, hits=("claims", "search"))
    with django_assert_max_num_queries(len(few)):
        client.get("/status/")


def test_a_host_of_its_own_shows_the_page_and_nothing_else(client, page, settings):
    settings.STATUS_URL = "https://status.fairfield.example"
    settings.ALLOWED_HOSTS = ["*"]
    own = {"headers": {"Host": "status.fairfield.example"}}
    assert "Something does not work" in client.get("/", **own).content.decode()
    told = json.loads(client.get("/api/v2/summary.json", **own).content)
    link = told["incidents"][0]["shortlink"]
    assert link == f"https://status.fairfield.example/incidents/{page['notice'].key}/"
    assert client.get(link.removeprefix("https://status.fairfield.example"), **own).status_code == 200
    for inside in ("/console/login/", "/find/", "/api/v1/reports", "/r/MG-1/"):
        assert client.get(inside, **own).status_code == 404
    assert client.get("/find/").status_code == 200


def test_a_month_that_never_was_and_a_notice_that_is_not_are_not_found(client, page):
    for place in ("history/1999-01/", "history/2026-13/", "history/2027-01/", "incidents/nothing/", "fr/"):
        assert client.get(f"/status/{place}").status_code == 404
    assert client.get(f"/status/maintenance/{page['notice'].key}/").status_code == 404


def test_bars_have_their_words(client, page):
    text = client.get("/status/en/").content.decode()
    labels = re.findall(r'role="img" aria-label="([^"]+)"', text)
    assert labels[0] == "89 of 90 days without trouble. Works in part: 1."
    assert "2 h" in text


def test_the_report_form_says_what_we_know_of(client, page, cast, monday):
    assert "Signing in fails" in client.get("/").content.decode()
    assert 'href="/status/"' in client.get("/").content.decode()
    problems.protect(page["notice"].problem, True, by=cast.emil.actor, at=monday, reason="Personal data.")
    assert "Signing in fails" not in client.get("/").content.decode()


def test_the_start_page_is_quiet_when_all_is_well(client, cast, clock, monday):
    furnish(cast, monday - timedelta(days=1))
    assert "We know of trouble" not in client.get("/").content.decode()


def test_every_page_is_guarded_and_only_the_frame_may_be_framed(client, page):
    for address, answer in everything(client, page).items():
        policy, stored = answer["Content-Security-Policy"], answer["Cache-Control"]
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert stored == "public, max-age=30"
        assert ("frame-ancestors *" in policy) == address.endswith("/frame/")
        assert ("X-Frame-Options" in answer) != address.endswith("/frame/")
