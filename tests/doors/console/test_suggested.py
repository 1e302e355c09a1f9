"""What a field might be, beside the field: shown with its reason, taken or turned down with one press."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.life.diagnosis.models import FieldSuggestion
from makegood.life.people.models import Agent
from makegood.life.reports.models import Category, Report
from tests.again import STARTED, again
from tests.doors.console.report_cast import PART, make_case, signed_in, url

NOW = timezone.now


@pytest.fixture
def case(cast, db):
    return again(lambda: make_case(cast, STARTED - timedelta(hours=1)))


def suggest(report, field="category", value=None, **more):
    value = value or str(Category.objects.get(slug="sign-in-failure").pk)
    given = {"confidence": 0.843, "words": ["password", "login"], "alike": 14, "alike_of": 16, **more}
    return FieldSuggestion.objects.create(report=report, field=field, value=value, stamp="s", at=NOW(), **given)


def test_it_says_what_how_sure_and_why(case, cast):
    suggest(case)
    page = " ".join(signed_in(cast.dora).get(url(case)).content.decode().split())
    assert "Suggested: <strong>Sign-in and authentication failure</strong>, 84 % sure" in page
    assert "because of “password”, “login”; 14 of 16 reports that say “password” were filed so" in page


def test_nothing_is_shown_without_one(case, cast):
    assert "Suggested:" not in signed_in(cast.dora).get(url(case)).content.decode()


@pytest.mark.parametrize(
    "setting", [{"state": "declined"}, {"value": "999999"}, {"words": ["<script>alert(1)</script>"]}]
)
def test_what_is_settled_or_gone_is_not_shown_and_words_are_only_words(case, cast, setting):
    suggest(case, **setting)
    page = signed_in(cast.dora).get(url(case)).content.decode()
    assert ("Suggested:" in page) == ("words" in setting)
    assert "<script>alert" not in page


def test_taking_it_sets_the_field_and_offers_to_undo(case, cast):
    row = suggest(case)
    answer = signed_in(cast.dora).post(url(case, "suggested/category/take/"), {"value": row.value}, headers=PART)
    assert answer.status_code == 200
    assert "Category changed." in answer.headers["HX-Trigger"]
    assert "undo" in answer.headers["HX-Trigger"]
    assert Report.objects.get(pk=case.pk).category.slug == "sign-in-failure"
    assert "Suggested:" not in answer.content.decode()


def test_without_scripts_it_works_as_well(case, cast):
    row = suggest(case, "severity", "high")
    answer = signed_in(cast.dora).post(url(case, "suggested/severity/take/"), {"value": row.value})
    assert answer.status_code == 302
    assert Report.objects.get(pk=case.pk).severity == "high"


def test_turned_down_it_is_gone_and_the_field_stays(case, cast):
    row, before = suggest(case), case.category
    client = signed_in(cast.dora)
    client.post(url(case, "suggested/category/not-this/"), {"value": row.value})
    assert Report.objects.get(pk=case.pk).category == before
    assert "Suggested:" not in client.get(url(case)).content.decode()
    assert case.ledger.filter(kind="suggestion.declined", actor_name="Dora Dahl").count() == 1


def test_what_changed_meanwhile_is_said_and_changes_nothing(case, cast):
    suggest(case)
    answer = signed_in(cast.dora).post(url(case, "suggested/category/take/"), {"value": "1"})
    assert answer.status_code == 409 or "changed meanwhile" in answer.content.decode()
    assert Report.objects.get(pk=case.pk).category == case.category


@pytest.mark.parametrize("rest", ["suggested/assignee/take/", "suggested/category/perhaps/", "suggested/x/take/"])
def test_only_these_fields_and_answers_exist(case, cast, rest):
    assert signed_in(cast.dora).post(url(case, rest), {"value": "1"}).status_code == 404


def test_an_engineer_is_not_offered_what_they_may_not_set(case, cast):
    Report.objects.filter(pk=case.pk).update(assignee=cast.eve)
    suggest(case, "kind", "question")
    client = signed_in(Agent.objects.get(pk=cast.eve.pk))
    assert "Suggested:" not in client.get(url(case)).content.decode()
    assert client.post(url(case, "suggested/kind/take/"), {"value": "question"}).status_code == 403


def test_three_suggestions_ask_as_often_as_none(case, cast):
    client = signed_in(cast.dora)
    client.get(url(case))
    with CaptureQueriesContext(connection) as none:
        client.get(url(case))
    suggest(case)
    suggest(case, "severity", "high")
    suggest(case, "kind", "question")
    with CaptureQueriesContext(connection) as three:
        client.get(url(case))
    assert len(three) == len(none)


def test_health_tells_how_suggestions_fared(case, cast):
    suggest(case, state="taken", settled_at=NOW())
    other = Report.objects.create(title="x", contact=cast.ana, received_at=NOW(), updated_at=NOW())
    suggest(other, state="declined", settled_at=NOW())
    page = " ".join(signed_in(cast.ada).get("/console/setup/health/").content.decode().split())
    assert "1 of 2 (50 %)" in page
    assert "Not enough yet" in page


@pytest.fixture
def on_the_phone(monkeypatch):
    """What the caller tells so far reads like a question about signing in."""

    def told(words, *, channel, now):
        key = str(Category.objects.get(slug="sign-in-failure").pk)
        facts = {"confidence": 0.8, "words": ["password"], "alike": 3, "alike_of": 4}
        values = {"category": key, "kind": "question"}
        return {field: FieldSuggestion(field=field, value=value, **facts) for field, value in values.items()}

    monkeypatch.setattr("makegood.life.diagnosis.suggesting.of_words", told)


def test_on_the_phone_it_is_offered_while_one_types_and_sets_its_part_of_the_form(case, cast, on_the_phone):
    dora = signed_in(cast.dora)
    part = dora.post("/console/phone/known/", {"what": "My password is refused."}).content.decode()
    assert "Suggested: <strong>Sign-in and authentication failure</strong>, 80 % sure" in part
    assert 'hx-target="#phone-category"' in part
    assert "part=kind&amp;use=question" in part
    picked = dora.get("/console/phone/form/?part=pick&use=sign-in-failure&category=").content.decode()
    assert '<option value="sign-in-failure" selected>' in picked
    kind = dora.get("/console/phone/form/?part=kind&use=question&kind=error").content.decode()
    assert 'value="question" checked' in kind


def test_on_the_phone_what_is_chosen_already_is_not_suggested(case, cast, on_the_phone):
    told = {"what": "My password is refused.", "category": "sign-in-failure", "kind": "question"}
    assert "Suggested:" not in signed_in(cast.dora).post("/console/phone/known/", told).content.decode()


def test_the_queue_is_filtered_by_what_waits_for_a_decision(case, cast):
    row, dora = suggest(case), signed_in(cast.dora)

    def listed(query):
        return f'id="row-{case.pk}"' in dora.get(f"/console/queue/?q=state:open+{query}").content.decode()

    assert listed("suggested:any") and listed("suggested:category")  # noqa: PT018 - one thing said twice
    assert not listed("suggested:severity")
    assert not listed("suggested:none")
    FieldSuggestion.objects.filter(pk=row.pk).update(state="declined")
    assert not listed("suggested:any")
    assert listed("suggested:none")
