"""Mentions, watching, handing over and who knows this, as agents meet them."""

import json

import pytest

from makegood.life.colleagues import watching
from makegood.life.colleagues.models import Notice
from makegood.life.people.models import Skill
from makegood.life.reports import conversation
from makegood.life.reports.models import LedgerEntry
from tests.life.case import file_report, fresh, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast, monday):
    made = file_report(cast, monday)
    work(monday)
    return made


def test_a_note_that_calls_somebody_says_who_was_not_told(client, cast, report):
    client.force_login(cast.dora)
    body = "@emil-ek and @eve-eriksen: seen before? @nobody"
    answer = client.post(f"/console/reports/{report.pk}/note/", {"body": body}, headers={"HX-Request": "true"})
    words = json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert "Eve Eriksen may not see it and was not told." in words
    assert "Nobody is called @nobody." in words
    assert "Emil" not in words


def test_what_one_was_told_is_listed_until_one_looks(client, cast, report, monday):
    conversation.note(report, "@emil-ek look", by=cast.dora.actor, at=monday)
    work(monday)
    client.force_login(cast.emil)
    page = client.get("/console/for-you/").content.decode()
    assert report.title in page
    assert "you were mentioned" in page
    client.get(f"/console/reports/{report.pk}/")
    assert Notice.objects.get().read_at is not None


def test_all_is_read_at_once(client, cast, report, monday):
    conversation.note(report, "@emil-ek look", by=cast.dora.actor, at=monday)
    work(monday)
    client.force_login(cast.emil)
    client.post("/console/for-you/read/")
    assert not Notice.objects.filter(read_at=None).exists()


def test_what_one_may_no_longer_see_is_not_listed(client, cast, report, monday):
    conversation.note(report, "@emil-ek look", by=cast.dora.actor, at=monday)
    work(monday)
    Notice.objects.update(agent=cast.eve)
    client.force_login(cast.eve)
    assert report.title not in client.get("/console/for-you/").content.decode()


def test_watching_is_a_switch(client, cast, report):
    client.force_login(cast.dora)
    client.post(f"/console/reports/{report.pk}/watch/")
    assert watching.is_watched(cast.dora, report)
    assert "Watched by" in client.get(f"/console/reports/{report.pk}/").content.decode()
    client.post(f"/console/reports/{report.pk}/watch/", {"stop": "1"})
    assert not watching.is_watched(cast.dora, report)


def test_handing_over_needs_whom_and_what(client, cast, report):
    client.force_login(cast.dora)
    address = f"/console/reports/{report.pk}/hand-over/"
    assert client.post(address, {"to": f"agent:{cast.emil.pk}", "note": ""}).status_code == 422
    assert client.post(address, {"to": "agent:999999", "note": "Take it."}).status_code == 422
    refused = client.post(address, {"to": f"agent:{cast.eve.pk}", "note": "Promised news at four."})
    if refused.status_code == 422:
        assert "Promised news at four." in refused.content.decode()
    done = client.post(address, {"to": f"agent:{cast.emil.pk}", "note": "Promised news at four."})
    assert done.status_code == 302
    assert fresh(report).assignee_id == cast.emil.pk
    assert LedgerEntry.objects.filter(kind="report.handed_over", report=report).exists()


def test_whom_one_can_call_is_offered_to_staff_only(client, cast, report):
    cast.ada.skills.add(Skill.objects.create(slug="payments", name="Payments"))
    assert client.get("/console/colleagues/").status_code == 302
    client.force_login(cast.dora)
    people = client.get("/console/colleagues/").json()["people"]
    assert {"handle": "payments", "name": "Payments", "kind": "skill"} in people


def test_who_knows_this_has_a_page(client, cast, report):
    client.force_login(cast.dora)
    assert "Nobody has solved one like it" in client.get(f"/console/reports/{report.pk}/knows/").content.decode()


def test_skills_are_set_up_with_the_people_who_have_them(client, cast):
    client.force_login(cast.emil)
    given = {"name": "Payments", "slug": "payments", "agents": [cast.ada.pk, cast.eve.pk]}
    assert client.post("/console/setup/things/skill/add/", given).status_code == 302
    assert set(Skill.objects.get().agents.all()) == {cast.ada, cast.eve}
