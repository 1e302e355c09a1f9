"""Running the status page: what leads do there, what others see, and that nothing typed is lost."""

import pytest
from django.utils import timezone

from makegood.doors.console.views_query import forget_counts
from makegood.life.problems import actions as problems
from makegood.life.reports.models import LedgerEntry
from makegood.life.statuspage import snapshot, standing, updates
from makegood.life.statuspage.models import Notice, PublicComponent, Subscriber
from tests.doors.console.report_cast import signed_in
from tests.life.case import work
from tests.life.statuspage.page import DAY, HOUR, furnish, one_of_each, published, send_all, subscribed

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def parts(cast, now):
    return furnish(cast, now - 2 * DAY)


@pytest.fixture
def emil(cast):
    return signed_in(cast.emil)


def later(now, hours=3):
    return timezone.localtime(now + hours * HOUR).strftime("%Y-%m-%dT%H:%M")


def test_a_lead_tells_the_next_word(cast, emil, now, parts):
    problem, notice = published(cast, now)
    address = f"/console/status/incidents/{notice.key}/"
    assert "As the public reads it" in emil.get(address).content.decode()
    told = {
        "state": "investigating",
        "text-en": "We see it on two machines.",
        "text-de": "Wir sehen es auf zwei Rechnern.",
        f"part-{parts['sign-in'].key}": "major_outage",
        f"part-{parts['search'].key}": "degraded_performance",
        "impact": "",
        "next_news": later(now),
    }
    assert emil.post(address, told).status_code == 302
    found = snapshot.take(timezone.now())
    assert found.troubles[0].updates[0].texts["de"] == "Wir sehen es auf zwei Rechnern."
    assert {part.names["en"]: part.state for part in found.parts} == {
        "Signing in": "major_outage",
        "Claims": "operational",
        "Search": "degraded_performance",
    }
    problem.refresh_from_db()
    assert problem.public_texts["en"] == "We see it on two machines."


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(cast, emil, now, parts):
    _problem, notice = published(cast, now)
    address = f"/console/status/incidents/{notice.key}/"
    told = {"state": "resolved", "text-en": "It works.", "next_news": later(now), "impact": "critical"}
    answer = emil.post(address, told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="state-error"' in page
    assert "It works." in page
    for broken, place in (
        ({"text-en": " "}, "text-en"),
        ({"next_news": ""}, "next-news"),
        ({"next_news": "x"}, "next-news"),
    ):
        answer = emil.post(address, {"state": "investigating", "text-en": "Still.", "next_news": later(now), **broken})
        assert f'id="{place}-error"' in answer.content.decode()
    assert notice.updates.count() == 1


def test_it_says_when_the_inside_is_further_than_the_page(cast, emil, now, parts):
    problem, _notice = published(cast, now)
    problems.move(problem, "cause_known", by=cast.eve.actor, at=now)
    work(now)
    assert "it may say “Cause found”" in emil.get("/console/status/").content.decode()


@pytest.mark.parametrize(("inside", "words"), [("cause_known", "Cause found"), ("fixing", "Fix on its way")])
def test_the_page_says_where_it_stands_in_the_words_reporters_read(cast, emil, client, now, parts, inside, words):
    problem, notice = published(cast, now)
    problems.move(problem, inside, by=cast.eve.actor, at=now)
    more = {"by": cast.emil, "at": now, "next_news_at": now + DAY}
    updates.post(notice, standing.IDENTIFIED, {"en": "A new key is being put in."}, **more)
    assert f"Reporters read: {words}" in emil.get(f"/console/problems/{problem.number}/").content.decode()
    page = client.get(f"/status/incidents/{notice.key}/").content.decode()
    assert page.count(words) == 2
    other = {"Cause found", "Fix on its way"} - {words}
    assert other.pop() not in page


def test_a_component_is_shown_named_and_set_with_a_reason(cast, emil, now, parts):
    answer = emil.post("/console/status/components/billing/", {"is_shown": "1", "position": "5", "name-en": ""})
    assert answer.status_code == 422
    given = {"is_shown": "1", "position": "5", "name-en": "Bills", "group-en": "Money"}
    assert emil.post("/console/status/components/billing/", given).status_code == 302
    part = PublicComponent.objects.get(component__slug="billing")
    assert (part.names, part.groups, part.is_shown) == ({"en": "Bills"}, {"en": "Money"}, True)
    address = "/console/status/components/billing/state/"
    assert emil.post(address, {"state": "degraded_performance", "reason": ""}).status_code == 422
    assert emil.post(address, {"state": "degraded_performance", "reason": "A slow bank."}).status_code == 302
    assert "A slow bank." in emil.get("/console/status/components/billing/").content.decode()
    assert "A slow bank." not in emil.get("/status/").content.decode()


def test_a_maintenance_is_planned_moved_and_called_off(cast, emil, now, parts):
    told = {
        "title-en": "Database upgrade",
        "text-en": "Claims cannot be sent.",
        "starts": later(now, 30),
        "ends": later(now, 32),
        "parts": [parts["claims"].key],
        "begins_by_itself": "1",
    }
    assert emil.post("/console/status/maintenance/plan/", {**told, "ends": later(now, 20)}).status_code == 422
    assert emil.post("/console/status/maintenance/plan/", {**told, "starts": ""}).status_code == 422
    assert emil.post("/console/status/maintenance/plan/", told).status_code == 302
    notice = Notice.objects.get(kind="maintenance")
    assert (notice.begins_by_itself, notice.ends_by_itself) == (True, False)
    moved = {"starts": later(now, 50), "ends": later(now, 51)}
    assert emil.post(f"/console/status/maintenance/{notice.key}/move/", moved).status_code == 302
    assert emil.post(f"/console/status/maintenance/{notice.key}/call-off/").status_code == 302
    assert "Called off" in emil.get(f"/console/status/maintenance/{notice.key}/").content.decode()
    assert emil.post(f"/console/status/maintenance/{notice.key}/call-off/").status_code == 409


def test_subscribers_are_found_and_ended(cast, emil, now, parts):
    subscribed("-nora", now)
    subscribed("-hook", now, way="webhook", url="https://hooks.example.org/secret-key")
    page = emil.get("/console/status/subscribers/?q=reader-n").content.decode()
    assert "reader-nora@readers.example" in page
    assert "reader-hook" not in page
    page = emil.get("/console/status/subscribers/").content.decode()
    assert "hooks.example.org/…" in page
    assert "secret-key" not in page
    reader = Subscriber.objects.get(way="mail")
    assert emil.post(f"/console/status/subscribers/{reader.key}/end/").status_code == 302
    emil.get("/console/status/subscribers/")  # says once that it is done
    assert "reader-nora" not in emil.get("/console/status/subscribers/").content.decode()
    entry = LedgerEntry.objects.get(kind="status.unsubscribed")
    assert "reader-nora" not in repr(entry.data)


def test_what_became_of_an_update_is_seen(cast, emil, now, parts):
    subscribed(1, now - HOUR)
    _problem, notice = published(cast, now)
    send_all(now)
    page = emil.get(f"/console/status/updates/{notice.updates.get().key}/").content.decode()
    assert "reader1@readers.example" in page
    assert ">sent</a>" in page
    assert ">mailed<" not in page
    assert emil.get(f"/console/status/updates/{notice.updates.get().key}/?only=failed").status_code == 200


def test_a_protected_problem_is_hidden_here_as_everywhere(cast, now, parts):
    problem, notice = published(cast, now)
    problems.protect(problem, True, by=cast.emil.actor, at=now, reason="Personal data.")
    work(now)
    dora, emil = signed_in(cast.dora), signed_in(cast.emil)
    assert dora.get(f"/console/status/incidents/{notice.key}/").status_code == 404
    assert "Signing in fails" not in dora.get("/console/status/").content.decode()
    assert "It is not public any more" in emil.get(f"/console/status/incidents/{notice.key}/").content.decode()


def test_pages_ask_the_database_as_often_with_many_as_with_few(cast, emil, now, django_assert_max_num_queries):
    one_of_each(cast, now)
    for address in ("/console/status/", "/console/status/components/", "/console/status/subscribers/"):
        emil.get(address)
        forget_counts()
        with django_assert_max_num_queries(60) as few:
            emil.get(address)
        counted = len(few)
        if address == "/console/status/":
            for number in range(5):
                published(cast, now - number * HOUR, hits=("claims",))
        for number in range(5):
            subscribed(f"{number}{address[-6:-1]}", now)
        forget_counts()
        with django_assert_max_num_queries(counted):
            emil.get(address)


def test_the_palette_and_the_rail_lead_there(emil, cast):
    found = emil.get("/console/palette/?q=status").json()["results"]
    assert any(one["url"] == "/console/status/" for one in found)
    assert 'href="/console/status/"' in emil.get("/console/queue/").content.decode()
