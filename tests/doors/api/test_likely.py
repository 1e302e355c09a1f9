"""What a report may be, over the API: suggestions taken and turned down, what is like it, who knows it."""

from datetime import UTC, datetime

import pytest

from makegood.life.diagnosis.models import FieldSuggestion
from makegood.life.reports.models import Category, LedgerEntry, Report
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(desk):
    return Category.objects.filter(is_active=True).order_by("pk").first()


@pytest.fixture
def suggested(report, category):
    def make(field, value, **more):
        facts = {"confidence": 0.8, "words": ["claims"], "alike": 7, "alike_of": 9, "stamp": "x", **more}
        return FieldSuggestion.objects.create(
            report_id=int(report[3:]), field=field, value=value, at=datetime.now(UTC), **facts
        )

    make("category", str(category.pk))
    make("severity", "critical")
    return make


def test_each_says_how_sure_it_is_and_because_of_what(dora, report, suggested, category):
    found = {one["field"]: one for one in dora.get(f"/reports/{report}/suggestions")["items"]}
    assert found["category"]["value"] == category.slug
    assert (found["severity"]["confidence"], found["severity"]["words"]) == (0.8, ["claims"])
    assert (found["severity"]["alike"], found["severity"]["alike_of"]) == (7, 9)


def test_one_that_is_taken_sets_the_field_and_one_that_is_dismissed_is_gone(dora, report, suggested, category):
    told = dora.post(f"/reports/{report}/suggestions/category/take", {"value": category.slug}, status=200)
    assert told["category"] == category.slug
    dora.post(f"/reports/{report}/suggestions/severity/dismiss", {"value": "critical"}, status=204)
    assert Report.objects.get(pk=int(report[3:])).severity == "medium"
    assert dora.get(f"/reports/{report}/suggestions")["items"] == []
    assert LedgerEntry.objects.filter(kind="suggestion.declined").count() == 1


def test_another_one_than_was_seen_is_refused(dora, report, suggested):
    dora.post(f"/reports/{report}/suggestions/severity/take", {"value": "high"}, status=409)
    dora.post(f"/reports/{report}/suggestions/category/take", {"value": "nothing"}, status=422)
    dora.post(f"/reports/{report}/suggestions/team/take", {"value": "x"}, status=422)


def test_it_takes_the_right_to_set_the_field(desk, report, suggested):
    suggested("kind", "question")
    Report.objects.filter(pk=int(report[3:])).update(technical_team=desk.platform)
    eve = program_of(desk.eve)
    eve.post(f"/reports/{report}/suggestions/kind/take", {"value": "question"}, status=403)
    eve.post(f"/reports/{report}/suggestions/severity/take", {"value": "critical"}, status=200)


def test_what_is_like_a_report_is_asked_without_changing_anything(dora, report):
    assert dora.get(f"/reports/{report}/like")["items"] == []
    assert dora.get("/known?q=The%20claims%20page%20shows%20error")["next"] is None
    assert dora.get(f"/reports/{report}/knowers")["items"] == []
