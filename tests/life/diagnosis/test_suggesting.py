"""Category, severity and kind, suggested from what the desk has filed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.life.diagnosis import actions, lessons, schooling, suggesting
from makegood.life.diagnosis.models import FieldSuggestion, LearnedField
from makegood.life.diagnosis.suggesting import Moved
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import actions as reports
from makegood.life.reports import conversation
from makegood.life.reports import undo as undoing
from makegood.life.reports.models import Category, LedgerEntry, Report
from tests.again import again
from tests.life.diagnosis.history import past

HOUR = timedelta(hours=1)


def learn(now):
    """What the clock and the worker do: see what is worth learning, and learn it."""
    schooling.plan(now)
    for field in schooling.due(now):
        assert schooling.work(field, worker="one", clock=lambda: now)


@pytest.fixture
def learnt(cast, monday, shipped):
    again(lambda: (past(cast, monday), learn(monday)), monday)


def arrive(at, what="Help, my password is refused again and I cannot log in.", key="ana-1", **told):
    filed = intake.file(Told(what=what, email="ana@example.org", idempotency_key=key, **told), at=at)
    suggesting.suggest_on_arrival(filed.report.ledger.get(kind="report.received"), at)
    return Report.objects.get(pk=filed.report.pk)


def category(slug):
    return Category.objects.get(slug=slug)


def newest(report, kind):
    return LedgerEntry.objects.select_related("report").filter(report=report, kind=kind).latest("id")


def state_of(report, field="category"):
    return FieldSuggestion.objects.get(report=report, field=field).state


def test_a_fresh_desk_is_told_nothing(cast, monday, shipped):
    past(cast, monday, count=schooling.LEAST - 3)
    learn(monday)
    assert suggesting.open_ones(arrive(monday)) == {}
    assert not FieldSuggestion.objects.exists()


def test_what_arrives_gets_a_category_with_reasons_from_its_own_words(learnt, monday):
    report = arrive(monday)
    one = suggesting.open_ones(report)["category"]
    assert one.value == str(category("sign-in-failure").pk)
    assert one.confidence >= suggesting.SAID_FROM["category"]
    assert "password" in one.words
    said = (report.title + " " + report.messages.get().body).lower()
    assert all(word in said for word in one.words)
    assert one.alike_of >= one.alike > 0
    assert report.category is None, "never applied by itself"


def test_severity_is_suggested_too_where_it_differs(learnt, monday):
    assert suggesting.open_ones(arrive(monday))["severity"].value == "high"
    assert "severity" not in suggesting.open_ones(arrive(monday, "The price on my invoice is wrong.", key="2"))


def test_what_is_set_already_is_not_suggested(learnt, monday):
    assert "category" not in suggesting.open_ones(arrive(monday, category="sign-in-failure"))


def test_looking_twice_changes_nothing(learnt, monday):
    report = arrive(monday)
    first = list(FieldSuggestion.objects.values_list("field", "value", "state"))
    suggesting.suggest_on_arrival(newest(report, "report.received"), monday)
    assert list(FieldSuggestion.objects.values_list("field", "value", "state")) == first


def test_taking_it_sets_the_field_and_can_be_undone(learnt, cast, monday):
    report, value = arrive(monday), str(category("sign-in-failure").pk)
    suggesting.take(report, "category", value, by=cast.dora.actor, at=monday + HOUR)
    assert Report.objects.get(pk=report.pk).category == category("sign-in-failure")
    assert state_of(report) == FieldSuggestion.TAKEN
    undoing.undo(newest(report, "report.category_changed"), by=cast.dora.actor, at=monday + HOUR)
    suggesting.judge(newest(report, "report.change_undone"), monday + HOUR)
    assert state_of(report) == FieldSuggestion.OPEN


def test_a_severity_taken_moves_the_promises_with_it(learnt, cast, monday):
    report = arrive(monday)
    suggesting.take(report, "severity", "high", by=cast.dora.actor, at=monday + HOUR)
    assert Report.objects.get(pk=report.pk).severity == "high"
    assert newest(report, "report.severity_changed").actor_name == "Dora Dahl"


def test_turned_down_it_never_comes_back(learnt, cast, monday):
    report, value = arrive(monday), str(category("sign-in-failure").pk)
    suggesting.turn_down(report, "category", value, by=cast.dora.actor, at=monday + HOUR)
    assert newest(report, "suggestion.declined").data == {"field": "category", "value": value}
    say_more(report, "And the password page now says that I am locked out of my account.", monday + HOUR)
    assert "category" not in suggesting.open_ones(report)
    with pytest.raises(Moved):
        suggesting.take(report, "category", value, by=cast.dora.actor, at=monday + HOUR)


def test_what_was_seen_must_be_what_is_taken(learnt, cast, monday):
    report = arrive(monday)
    with pytest.raises(Moved):
        suggesting.take(report, "category", str(category("price-wrong").pk), by=cast.dora.actor, at=monday)
    assert state_of(report) == FieldSuggestion.OPEN


@pytest.mark.parametrize(
    ("slug", "state"), [("sign-in-failure", FieldSuggestion.TAKEN), ("price-wrong", FieldSuggestion.CORRECTED)]
)
def test_setting_the_field_by_hand_settles_it(learnt, cast, monday, slug, state):
    report = arrive(monday)
    actions.classify(report, category(slug), by=cast.dora.actor, at=monday + HOUR)
    suggesting.judge(newest(report, "report.category_changed"), monday + HOUR)
    assert state_of(report) == state


def test_what_nobody_minded_counts_against_it_when_the_report_ends(learnt, cast, monday):
    report = arrive(monday)
    reports.set_state(report, "closed", by=SYSTEM, at=monday + HOUR, close_reason="silence", closed_at=monday + HOUR)
    entry = newest(report, "report.state_changed")
    entry.kind = "report.closed"
    suggesting.judge(entry, monday + HOUR)
    assert state_of(report) == FieldSuggestion.PASSED


def say_more(report, body, at):
    conversation.say(report, body, by=report.contact.actor, at=at, channel="web")
    suggesting.suggest_again(newest(report, "message.said"), at)


def test_more_words_may_change_it(learnt, monday):
    report = arrive(monday, "Something is odd today.")
    FieldSuggestion.objects.filter(report=report).delete()
    say_more(
        report, "The price on the invoice is wrong: the discount is missing, the invoice is too high.", monday + HOUR
    )
    assert suggesting.open_ones(report)["category"].value == str(category("price-wrong").pk)


def test_more_words_do_not_question_what_a_person_has_set(learnt, cast, monday):
    report = arrive(monday, "Something is odd today.")
    FieldSuggestion.objects.filter(report=report).delete()
    actions.classify(report, category("search-empty"), by=cast.dora.actor, at=monday)
    say_more(
        report, "The price on the invoice is wrong: the discount is missing, the invoice is too high.", monday + HOUR
    )
    assert "category" not in suggesting.open_ones(report)


def test_whoever_took_the_call_is_not_told_another_category(learnt, monday):
    assert "category" not in suggesting.open_ones(arrive(monday, channel="phone", category="price-wrong"))


def test_a_correction_counts_from_the_next_report_on(learnt, cast, monday):
    words = "The tariff table of the family plan stays grey"
    for n in range(3):
        report = arrive(monday, words, key=f"t{n}")
        actions.classify(report, category("images-missing"), by=cast.dora.actor, at=monday + HOUR * (n + 1))
    later = monday + HOUR * 9
    ranked = dict(schooling.known()["category"].model.opinion(lessons.writings([report])[0], limit=9).ranked)
    assert max(ranked, key=ranked.get) == str(category("images-missing").pk)
    assert arrive(later, words, key="t9").pk


def test_protected_reports_teach_nothing(cast, monday, shipped):
    past(cast, monday, is_protected=True)
    learn(monday)
    assert not LearnedField.objects.exclude(stamp="").exists()


def test_spam_and_what_was_taken_back_teach_nothing(cast, monday, shipped):
    past(cast, monday)
    Report.objects.update(close_reason="spam")
    assert lessons.teaching("category") == []


def test_nothing_is_learnt_anew_until_it_is_worth_it(learnt, cast, monday):
    assert schooling.plan(monday + HOUR) == []
    past(cast, monday + timedelta(days=3), count=30)
    assert set(schooling.plan(monday + timedelta(days=3))) == set(lessons.FIELDS)


def test_what_was_learnt_is_learnt_anew_within_a_week_so_that_what_is_erased_is_forgotten(learnt, monday):
    assert schooling.plan(monday + timedelta(days=6)) == []
    assert set(schooling.plan(monday + timedelta(days=8))) == set(lessons.FIELDS)


def test_two_workers_do_not_learn_the_same(cast, monday, shipped):
    past(cast, monday)
    schooling.plan(monday)

    def second():
        assert not schooling.work("category", worker="two", clock=lambda: monday)
        assert "category" not in schooling.due(monday)

    assert schooling.work("category", worker="one", clock=lambda: monday, breathe=second)


def test_a_learner_that_was_killed_is_followed_by_another(cast, monday, shipped):
    past(cast, monday)
    schooling.plan(monday)

    LearnedField.objects.filter(field="category").update(leased_by="gone", leased_until=monday + schooling.LEASE)
    assert "category" not in schooling.due(monday)
    later = monday + schooling.LEASE + HOUR
    assert "category" in schooling.due(later)
    assert schooling.work("category", worker="two", clock=lambda: later)
    assert LearnedField.objects.get(field="category").stamp


def test_told_to_stop_it_leaves_the_work_to_the_next(cast, monday, shipped):
    past(cast, monday)
    schooling.plan(monday)

    def stop():
        raise schooling.Stopped

    schooling.work("category", worker="one", clock=lambda: monday, breathe=stop)
    assert "category" in schooling.due(monday)


def test_what_fails_is_not_tried_at_once_and_for_ever(cast, monday, shipped):
    past(cast, monday)
    schooling.plan(monday)

    def fail():
        raise ValueError

    with pytest.raises(ValueError):
        schooling.work("category", worker="one", clock=lambda: monday, breathe=fail)
    assert "category" not in schooling.due(monday)
    assert "category" in schooling.plan(monday)


def test_a_damaged_model_says_nothing_and_is_made_anew(learnt, cast, monday):
    LearnedField.objects.filter(field="category").update(kept=b"broken", stamp="another")
    assert "category" not in suggesting.open_ones(arrive(monday))
    learn(monday + HOUR)
    assert "category" in suggesting.open_ones(arrive(monday + HOUR, key="2"))


def test_how_suggestions_fared_is_counted(learnt, cast, monday):
    value = str(category("sign-in-failure").pk)
    for n in range(3):
        suggesting.take(arrive(monday, key=f"k{n}"), "category", value, by=cast.dora.actor, at=monday)
    suggesting.turn_down(arrive(monday, key="no"), "category", value, by=cast.dora.actor, at=monday)
    record = {one.field: one for one in suggesting.records(monday + HOUR)}["category"]
    assert (record.shown, record.taken, record.lessons) == (4, 3, 60)
    assert record.right > 0.8
    assert {one.shown for one in suggesting.records(monday + timedelta(days=100))} == {0}


def test_looking_at_what_arrived_asks_little(learnt, monday):
    report = arrive(monday)
    FieldSuggestion.objects.all().delete()
    entry = newest(report, "report.received")
    with CaptureQueriesContext(connection) as asked:
        suggesting.suggest_on_arrival(entry, monday)
    # stamps, decisions since, words, suggestions before; then what is said: two rows and the word to open pages
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 8


def test_a_desk_that_has_learnt_nothing_asks_once(shipped, cast, monday):
    filed = intake.file(Told(what="Odd", email="ana@example.org", idempotency_key="q"), at=monday)
    entry = newest(filed.report, "report.received")
    with CaptureQueriesContext(connection) as asked:
        suggesting.suggest_on_arrival(entry, monday)
    assert len(asked) == 1


def test_words_on_the_phone_are_looked_at_and_nothing_is_kept(learnt, monday):
    words = "Help, my password is refused again and I cannot log in."
    found = suggesting.of_words(words, channel="phone", now=monday)
    assert found["category"].value == str(category("sign-in-failure").pk)
    assert found["category"].words
    assert suggesting.of_words("Help", channel="phone", now=monday) == {}
    assert not FieldSuggestion.objects.exists()
