import pytest

from makegood.life.diagnosis import catalogue, completeness, steps
from makegood.life.diagnosis.models import Question, SafeStep
from makegood.life.reports import setup, states
from makegood.life.reports.models import Category

pytestmark = pytest.mark.django_db

# The nineteen of the first deployment (A2), in the order in which it names them.
NINETEEN = (
    *("server-error", "database-timeout", "service-unavailable", "sign-in-failure", "page-stuck", "search-empty"),
    *("provider-data", "images-missing", "form-not-submitting", "filters-wrong", "price-wrong", "profile-wrong"),
    *("navigation", "feature-missing", "not-syncing", "entitlement-wrong", "dependants-missing", "history-missing"),
    "changes-not-saved",
)
NEVER = ("password", "registry", "antivirus", "firewall", "certificate", "command prompt", "terminal", "delete your")


def test_all_nineteen_categories_are_there_each_complete():
    entries = {entry["slug"]: entry for entry in catalogue.read("categories")}
    assert tuple(entries)[:19] == NINETEEN
    for slug in NINETEEN:
        entry = entries[slug]
        assert entry["severity"] in states.SEVERITIES
        assert entry["team"]
        assert entry["questions"]
        assert entry["steps"]
        for part in ("names", "reporter_names", "hints", "alternatives"):
            assert all(entry[part][language] for language in ("en", "de")), (slug, part)


def test_questions_are_told_apart_from_errors(shipped):
    assert set(Category.objects.filter(is_question=True).values_list("slug", flat=True)) == {
        "how-to",
        "where-is",
        "other-question",
    }


def test_every_word_is_there_in_both_languages():
    for name, parts in {"questions": ("labels", "texts"), "steps": ("titles", "what_it_does", "instructions")}.items():
        for entry in catalogue.read(name):
            for part in parts:
                assert all(entry[part][language].strip() for language in ("en", "de")), (entry["slug"], part)


def test_every_fact_of_the_document_has_a_general_question_or_comes_by_itself():
    asked = {entry["fact"] for entry in catalogue.read("questions") if entry.get("general")}
    assert set(completeness.BY_SLUG) - asked == {"happened", "logs"}


def test_every_condition_of_a_step_can_be_asked_about():
    asked = {entry["fact"] for entry in catalogue.read("questions")}
    for entry in catalogue.read("steps"):
        assert set(entry["not_when"]) <= set(steps.CONDITIONS) <= asked
    assert set(steps.CONDITIONS) == completeness.CONDITIONS


def test_a_step_that_changes_something_says_when_not_to_try_it():
    for entry in catalogue.read("steps"):
        if entry["risk"] != "none":
            assert "unsaved_form" in entry["not_when"], entry["slug"]


def test_no_step_touches_what_a_safe_step_never_may():
    for entry in catalogue.read("steps"):
        words = (entry["instructions"]["en"] + entry["titles"]["en"]).lower()
        assert not [word for word in NEVER if word in words], entry["slug"]


def test_installing_again_changes_nothing_an_admin_edited(shipped, cast, monday):
    by = {"by": cast.ada.actor, "at": monday}
    menus = {"names": {"en": "Menus"}, "is_active": False}
    setup.change("category", Category.objects.get(slug="navigation"), menus, **by)
    setup.change("question", Question.objects.get(slug="steps"), {"texts": {"en": "How?"}}, **by)
    setup.change("step", SafeStep.objects.get(slug="reload"), {"is_active": False}, **by)
    Category.objects.get(slug="navigation").category_questions.all().delete()
    assert catalogue.install() == 0
    assert Category.objects.get(slug="navigation").names == {"en": "Menus"}
    assert not Category.objects.get(slug="navigation").category_questions.exists()
    assert Question.objects.get(slug="steps").texts == {"en": "How?"}
    assert not SafeStep.objects.get(slug="reload").is_active


def test_words_nobody_edited_become_those_of_the_release(shipped, cast, monday):
    """As an installation of an earlier release has them: other words everywhere, a severity and one name of its own."""
    old = {"en": "Old words", "de": "Alte Worte"}
    Category.objects.update(names=old, hints=old)
    SafeStep.objects.update(titles=old)
    mine = Category.objects.get(slug="navigation")
    setup.change("category", mine, {"names": {"en": "Menus"}, "default_severity": "low"}, by=cast.ada.actor, at=monday)
    assert catalogue.install() == Category.objects.count() + SafeStep.objects.count()
    mine.refresh_from_db()
    shipping = {entry["slug"]: entry for entry in catalogue.read("categories")}["navigation"]
    assert (mine.names, mine.default_severity, mine.hints) == ({"en": "Menus"}, "low", shipping["hints"])
    assert not Category.objects.filter(names=old).exists()
    assert not SafeStep.objects.filter(titles=old).exists()
    assert catalogue.install() == 0


def test_a_thing_of_ones_own_under_a_name_that_ships_keeps_its_words(shipped, cast, monday):
    SafeStep.objects.filter(slug="reload").delete()
    own = SafeStep(slug="reload", titles={"en": "Press F5"}, what_it_does={}, cannot_break={}, instructions={})
    setup.add("step", own, by=cast.ada.actor, at=monday)
    assert catalogue.install() == 0
    assert SafeStep.objects.get(slug="reload").titles == {"en": "Press F5"}
