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


QUESTION = {"slug": "which-card", "texts": {"en": "Which card did you use?"}, "fact": "expected"}


def test_a_question_is_added_hung_on_a_category_and_changed_if_nobody_did_meanwhile(emil):
    made = emil.post("/questions", {**QUESTION, "hints": {"en": "It stands on its front.", "de": ""}})
    assert (made["hints"], made["kind"], made["weight"], made["is_active"]) == (
        {"en": "It stands on its front."},
        "text",
        3,
        True,
    )
    emil.post("/categories", {**PAYMENTS, "questions": ["which-card"]})
    emil.get("/questions/which-card")
    tag = emil.last["ETag"]
    changed = emil.patch("/questions/which-card", {"weight": 9}, if_match=tag)
    assert (changed["weight"], changed["texts"]) == (9, QUESTION["texts"])
    emil.patch("/questions/which-card", {"weight": 1}, if_match=tag, status=412)
    assert "which-card" in [one["slug"] for one in emil.get("/questions")["items"]]
    assert LedgerEntry.objects.filter(kind="setup.changed", data__what="question").count() == 1


def test_choices_belong_to_questions_with_choices(emil):
    card = {"value": "visa", "texts": {"en": "Visa"}}
    emil.post("/questions", {**QUESTION, "kind": "choice", "choices": [card, card]}, status=422)
    emil.post("/questions", {**QUESTION, "choices": [card]}, status=422)
    emil.post("/questions", {**QUESTION, "fact": "no-such-line"}, status=422)
    assert emil.told()["errors"][0]["pointer"] == "#/fact"
    both = [card, {"value": "other", "texts": {"en": "Another"}}]
    emil.post("/questions", {**QUESTION, "kind": "choice", "choices": both})
    listed = {one["slug"]: one for one in emil.get("/questions")["items"]}
    assert listed["which-card"]["choices"] == ["visa", "other"]


def test_a_safe_step_is_added_whole_and_switched_off(emil):
    step = {
        "slug": "paper-form",
        "titles": {"en": "Try another browser"},
        "what_it_does": {"en": "It opens the page elsewhere."},
        "cannot_break": {"en": "Nothing is changed."},
        "instructions": {"en": "Open it.\nSign in."},
        "not_when": ["cannot_sign_in_again"],
    }
    emil.post("/safe-steps", {**step, "cannot_break": {"en": " "}}, status=422)
    assert emil.post("/safe-steps", step)["risk"] == "none"
    listed = {one["slug"]: one for one in emil.get("/safe-steps")["items"]}
    assert listed["paper-form"]["instructions"] == ["Open it.", "Sign in."]
    assert emil.patch("/safe-steps/paper-form", {"is_active": False})["not_when"] == ["cannot_sign_in_again"]
    assert "paper-form" not in [one["slug"] for one in emil.get("/safe-steps")["items"]]


def test_questions_and_steps_are_changed_by_leads_alone(desk):
    for person in (desk.dora, desk.eve):
        program_of(person).post("/questions", QUESTION, status=403)
        program_of(person).patch("/safe-steps/reload", {"is_active": False}, status=403)
