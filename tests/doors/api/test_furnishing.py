"""What a desk works with, changed by a program: the same verbs, rights and history as in set-up."""

import pytest

from makegood.life.reports.models import Category, Component, LedgerEntry
from makegood.life.updates.models import Script, ScriptVersion
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db

PAYMENTS = {
    "slug": "payments",
    "names": {"en": "Payment fails", "de": "Zahlung schlägt fehl"},
    "reporter_names": {"en": "I cannot pay", "de": ""},
    "default_severity": "high",
    "default_team": "platform",
}


@pytest.fixture
def emil(desk):
    return program_of(desk.emil)


def test_a_category_is_added_with_what_hangs_on_it_and_offered_at_once(emil):
    question = emil.get("/questions")["items"][0]["slug"]
    step = emil.get("/safe-steps")["items"][0]["slug"]
    made = emil.post("/categories", {**PAYMENTS, "questions": [question], "safe_steps": [step]})
    assert emil.last.status_code == 201
    assert (made["names"]["de"], made["reporter_names"]) == ("Zahlung schlägt fehl", {"en": "I cannot pay"})
    assert (made["questions"], made["safe_steps"], made["default_team"]) == ([question], [step], "platform")
    assert "payments" in [one["slug"] for one in emil.get("/categories")["items"]]
    filed = emil.post("/reports", {"what": "I pay.", "category": "payments", "reporter": {"email": "ana@example.org"}})
    assert emil.get(f"/reports/{filed['number']}")["severity"] == "high"
    assert LedgerEntry.objects.filter(kind="setup.added", data__what="category", data__name="payments").count() == 1


def test_only_what_is_given_is_changed_and_an_old_tag_is_refused(emil):
    emil.post("/categories", PAYMENTS)
    emil.get("/categories/payments")
    tag = emil.last["ETag"]
    changed = emil.patch("/categories/payments", {"is_active": False}, if_match=tag)
    assert (changed["is_active"], changed["default_severity"], changed["default_team"]) == (False, "high", "platform")
    emil.patch("/categories/payments", {"position": 3}, if_match=tag, status=412)
    entry = LedgerEntry.objects.filter(kind="setup.changed").latest("pk")
    assert (entry.actor_name, entry.data["to"]) == ("Emil Ek", {"is_active": False})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"names": {"en": " "}}, "#/names"),
        ({"names": {"xx": "what"}}, "#/names/xx"),
        ({"names": {"en": "x" * 301}}, "#/names/en"),
        ({"slug": "Not so"}, "#/slug"),
        ({"slug": "x" * 41}, "#/slug"),
        ({"position": 70_000}, "#/position"),
        ({"default_team": "nobody"}, "#/default_team"),
        ({"questions": ["nothing"]}, "#/questions/0"),
        ({"colour": "red"}, "#/colour"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(emil, change, place):
    emil.post("/categories", {**PAYMENTS, **change}, status=422)
    assert emil.told()["errors"][0]["pointer"].startswith(place)
    assert not Category.objects.filter(slug="payments").exists()


def test_a_short_name_is_taken_once(emil):
    emil.post("/categories", PAYMENTS)
    emil.post("/categories", PAYMENTS, status=409)


def test_components_belong_to_technical_teams(emil):
    emil.post("/components", {"slug": "pay", "name": "Pay", "team": "desk"}, status=422)
    assert emil.post("/components", {"slug": "pay", "name": "Pay", "team": "platform"})["team"] == "platform"
    assert emil.patch("/components/pay", {"team": None})["team"] is None
    assert Component.objects.get(slug="pay").name == "Pay"


def test_the_words_of_a_script_are_changed_by_language_and_the_earlier_ones_stay(emil):
    before = emil.get("/scripts/escalated")
    after = emil.patch("/scripts/escalated", {"bodies": {"en": "Hello {{ first_name }}, {{ promised_time }}."}})
    assert after["bodies"]["en"].startswith("Hello {{ first_name }}")
    assert after["bodies"]["de"] == before["bodies"]["de"]
    assert after["version"] == before["version"] + 1
    assert ScriptVersion.objects.filter(script__slug="escalated").exists()
    emil.patch("/scripts/escalated", {"bodies": {"en": "Hello {{ password }}"}}, status=409)
    emil.patch("/scripts/escalated", {"bodies": {"en": "  "}}, status=422)
    assert Script.objects.get(slug="escalated").version == after["version"]


def test_agents_and_engineers_change_nothing(desk):
    for person in (desk.dora, desk.eve):
        program = program_of(person)
        for method, path, body in (
            ("POST", "/categories", PAYMENTS),
            ("PATCH", "/scripts/escalated", {"is_active": False}),
            ("POST", "/components", {"slug": "pay", "name": "Pay"}),
        ):
            program.ask(method, path, body, status=403)
