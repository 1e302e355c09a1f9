import pytest

from makegood.life.diagnosis import actions, steps
from makegood.life.diagnosis.models import SafeStep
from makegood.life.diagnosis.steps import BeyondCatalogue, NotNow
from makegood.life.reports.models import Category, Report

pytestmark = pytest.mark.django_db


def suggested(report):
    return {suggestion.step.slug: suggestion for suggestion in steps.suggest(report)}


def test_only_the_steps_of_the_category_are_suggested_in_its_order(report):
    assert list(suggested(report)) == ["note-time", "screenshot", "reload", "private-window", "check-status"]


def test_reloading_is_withheld_until_we_know_that_nothing_gets_lost(report, cast, monday, question):
    assert suggested(report)["reload"].reason == "Ask first whether a form with unsaved entries is open."
    for slug in ("unsaved-form", "payment-under-way"):
        actions.answer(report, question(slug), "no", by=cast.ana.actor, at=monday)
    assert suggested(report)["reload"].state == "offered"


@pytest.mark.parametrize("condition", ["unsaved-form", "payment-under-way"])
def test_reloading_is_never_offered_over_an_open_form_or_a_payment(report, cast, monday, question, condition):
    actions.answer(report, question(condition), "yes", by=cast.ana.actor, at=monday)
    assert suggested(report)["reload"].state == "withheld"
    with pytest.raises(NotNow):
        steps.record_trial(report, "reload", "helped", by=cast.dora.actor, at=monday)


def test_harmless_steps_are_offered_whatever_the_condition(report, cast, monday, question):
    actions.answer(report, question("payment-under-way"), "yes", by=cast.ana.actor, at=monday)
    assert suggested(report)["screenshot"].state == "offered"


def test_what_was_tried_is_remembered_with_its_outcome(report, cast, monday):
    steps.record_trial(report, "private-window", "did_not_help", by=cast.dora.actor, at=monday, notes="Same page.")
    tried = suggested(report)["private-window"]
    assert (tried.state, tried.trial.outcome, tried.trial.notes) == ("tried", "did_not_help", "Same page.")
    entry = report.ledger.get(kind="safe_step.tried")
    assert entry.data["step"] == "private-window"


@pytest.mark.parametrize("step", ["edit-registry", "disable-antivirus", ""])
def test_anything_beyond_the_catalogue_is_refused_with_the_reason(report, cast, monday, step):
    with pytest.raises(BeyondCatalogue, match="not one of the safe steps.*escalate"):
        steps.record_trial(report, step, "helped", by=cast.dora.actor, at=monday)
    assert not report.trials.exists()


def test_a_retired_step_is_beyond_the_catalogue(report, cast, monday):
    step = SafeStep.objects.get(slug="reload")
    SafeStep.objects.filter(pk=step.pk).update(is_active=False)
    with pytest.raises(BeyondCatalogue):
        steps.record_trial(report, step, "helped", by=cast.dora.actor, at=monday)


def test_signing_out_is_withheld_from_who_could_be_locked_out(report, cast, monday, question):
    Report.objects.filter(pk=report.pk).update(category=Category.objects.get(slug="profile-wrong"))
    report = Report.objects.select_related("contact", "category").get(pk=report.pk)
    assert suggested(report)["sign-out-in"].state == "withheld"
    actions.answer(report, question("cannot-sign-in-again"), "yes", by=cast.ana.actor, at=monday)
    assert "locked out" in suggested(report)["sign-out-in"].reason


def test_without_a_category_the_whole_catalogue_is_there(report):
    Report.objects.filter(pk=report.pk).update(category=None)
    report = Report.objects.select_related("contact", "category").get(pk=report.pk)
    assert len(suggested(report)) == SafeStep.objects.count()
