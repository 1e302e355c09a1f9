"""Nothing is published that nobody else has read, and no severe one without the answer about our monitoring."""

import pytest
from django.db import IntegrityError, transaction

from makegood.life.problems.models import Problem
from makegood.life.promises.models import Promise
from makegood.life.rca import actions, review, writing
from makegood.life.rca.models import Rca
from makegood.life.rca.states import NotAMove
from tests.again import again
from tests.life.rca.study import DAY, action, analysed


@pytest.fixture
def rca(cast, monday):
    return again(lambda: analysed(cast, monday), monday)


@pytest.fixture
def at(monday):
    return monday + DAY


def test_without_the_answer_about_monitoring_there_is_no_review(rca, cast, at):
    writing.edit(rca, by=cast.eve.actor, at=at, monitoring_gap="  ")
    with pytest.raises(review.Unanswered, match="monitoring") as refusal:
        review.submit(rca, by=cast.eve.actor, at=at)
    assert refusal.value.field == "monitoring_gap"
    assert Rca.objects.get().state == "draft"


@pytest.mark.parametrize("field", ["overview", "trigger", "root_cause"])
def test_nor_without_what_happened_what_set_it_off_and_why(rca, cast, at, field):
    writing.edit(rca, by=cast.eve.actor, at=at, **{field: ""})
    with pytest.raises(review.Unanswered) as refusal:
        review.submit(rca, by=cast.eve.actor, at=at)
    assert refusal.value.field == field


def test_the_owner_cannot_approve_nor_who_submitted_it(rca, cast, at):
    action(cast, rca, at)
    review.submit(rca, by=cast.emil.actor, at=at)
    for person in (cast.eve, cast.emil):
        with pytest.raises(review.NotYours):
            review.approve(rca, by=person, at=at)
    review.approve(rca, by=cast.ada, at=at)
    assert rca.reviewer == cast.ada


def test_the_database_holds_the_two_apart_as_well(rca, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rca.objects.filter(pk=rca.pk).update(reviewer=rca.owner)


def test_only_weak_actions_take_a_signature(rca, cast, at):
    action(cast, rca, at, strength="weak", title="Tell everybody to look twice")
    review.submit(rca, by=cast.eve.actor, at=at)
    with pytest.raises(review.OnlyWeakActions):
        review.approve(rca, by=cast.emil, at=at)
    with pytest.raises(review.NeedsReason):
        review.waive(rca, by=cast.emil.actor, at=at, reason=" ")
    review.waive(rca, by=cast.emil.actor, at=at, reason="The gateway is replaced in March.")
    review.approve(rca, by=cast.emil, at=at)
    rca.refresh_from_db()
    assert (rca.waived_by, rca.waiver) == ("Emil Ek", "The gateway is replaced in March.")


def test_a_declined_strong_one_does_not_count(rca, cast, at):
    strong = action(cast, rca, at, strength="strong")
    review.submit(rca, by=cast.eve.actor, at=at)
    actions.decline(strong, by=cast.emil.actor, at=at, reason="Too dear.")
    with pytest.raises(review.OnlyWeakActions):
        review.approve(rca, by=cast.emil, at=at)


def test_a_medium_problem_may_have_weak_ones(cast, monday, settings):
    settings.RCA_SEVERITIES = frozenset({"medium"})
    rca = analysed(cast, monday, severity="medium")
    review.submit(rca, by=cast.eve.actor, at=monday + DAY)
    review.approve(rca, by=cast.emil, at=monday + DAY)
    assert rca.state == "approved"


def test_the_public_reads_the_outward_part_once_it_is_published(rca, cast, at):
    writing.edit(rca, by=cast.eve.actor, at=at, public_texts={"en": "A machine was gone.", "de": ""})
    action(cast, rca, at)
    assert review.published_text(rca.problem) == {}
    review.submit(rca, by=cast.eve.actor, at=at)
    review.approve(rca, by=cast.emil, at=at)
    assert review.published_text(rca.problem) == {}
    with pytest.raises(NotAMove):
        review.submit(rca, by=cast.eve.actor, at=at)
    review.publish(rca, by=cast.emil.actor, at=at)
    assert review.published_text(rca.problem) == {"en": "A machine was gone."}
    assert Promise.objects.get(about=rca.about).state == Promise.KEPT
    Problem.objects.update(is_protected=True)
    assert review.published_text(Problem.objects.get()) == {}


def test_taken_back_it_is_read_no_more(rca, cast, at):
    writing.edit(rca, by=cast.eve.actor, at=at, public_texts={"en": "A machine was gone."})
    action(cast, rca, at)
    review.submit(rca, by=cast.eve.actor, at=at)
    review.approve(rca, by=cast.emil, at=at)
    review.publish(rca, by=cast.emil.actor, at=at)
    with pytest.raises(review.NeedsReason):
        review.send_back(rca, by=cast.emil.actor, at=at, reason="")
    review.send_back(rca, by=cast.emil.actor, at=at, reason="The second node was missed.")
    assert review.published_text(rca.problem) == {}
    assert (rca.state, rca.reviewer, rca.published_at) == ("draft", None, None)


def test_the_numbers_are_kept_as_they_were_when_it_was_submitted(rca, cast, at):
    assert rca.impact == {}
    review.submit(rca, by=cast.eve.actor, at=at)
    assert rca.impact["reports"] == 2
    assert rca.impact["people"] == 2
    assert rca.impact["promises_due"] >= rca.impact["promises_broken"] > 0
