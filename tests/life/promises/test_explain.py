"""The story of a clock, told so that anyone can follow it."""

import pytest
from django.utils.translation import override

from makegood.life.people.actors import SYSTEM
from makegood.life.promises import actions, book, kinds, policies, reasons, sweep
from makegood.life.promises.explain import explain, length
from makegood.life.promises.models import Promise
from makegood.life.reports import actions as reports
from tests.life.promises.conftest import BERLIN, berlin, hours, make_report, minutes


def story(report, language="en", **how):
    promise = Promise.objects.select_related("policy", "hours").filter(report=report).latest("id")
    return explain(promise, language, BERLIN, **how)


HOURS = "Only open hours count: Mon–Fri 08:00–12:00 and 13:00–18:00 (Berlin)."


def test_a_promise_in_business_time_explains_its_hours(report, monday):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    assert story(report) == [
        "Promised on Monday 16 November, 10:00: Answer from us within 2 business hours.",
        HOURS,
        "Due on Monday 16 November, 12:00.",
    ]


def test_a_pause_is_told_with_its_reason_and_its_end(report, monday, cast):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.pause(report, by=cast.dora.actor, at=monday + minutes(30), reason="We waited for your answer.")
    assert story(report)[2:] == [
        "Standing still since Monday 16 November, 10:30: We waited for your answer.",
        "It has no due time until the answer comes; then the time that was left runs on.",
    ]
    actions.resume(report, by=cast.ana.actor, at=monday + hours(24))
    assert story(report)[2:] == [
        "Stood still from Monday 16 November, 10:30 to Tuesday 17 November, 10:00: We waited for your answer.",
        "Due on Tuesday 17 November, 11:30.",
    ]


def test_a_named_time_is_told_as_such(report, monday):
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=berlin(2026, 11, 17, 15))
    assert story(report) == [
        "Promised on Monday 16 November, 10:00: Next news, by the time we named, Tuesday 17 November, 15:00.",
        "Due on Tuesday 17 November, 15:00.",
    ]


def test_the_ladder_is_told_to_staff_but_not_to_the_reporter(cast, monday):
    report = make_report(cast, monday, "critical")
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    sweep.sweep(monday + minutes(11))
    actions.keep(report, kinds.HEAR_BACK, by=cast.dora.actor, at=monday + minutes(12))
    assert story(report) == [
        "Promised on Monday 16 November, 10:00: Answer from us within 10 minutes.",
        "This clock runs day and night.",
        "Most of the time was used up on Monday 16 November, 10:08. Noticed on Monday 16 November, 10:11.",
        "It was not kept by Monday 16 November, 10:10.",
        "Step 1 of the ladder on Monday 16 November, 10:10: the lead was told.",
        "Kept on Monday 16 November, 10:12, late: it was due on Monday 16 November, 10:10.",
    ]
    assert not any("lead" in sentence or "Noticed" in sentence for sentence in story(report, to_reporter=True))


def test_a_move_names_who_and_why_to_staff_only(report, monday, cast):
    promise = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.move(promise, by=cast.dora.actor, at=monday, due_at=monday + hours(1), reason="Agreed by phone.")
    assert story(report) == [
        "Promised on Monday 16 November, 10:00: Answer from us, at first by Monday 16 November, 12:00.",
        "Timed anew on Monday 16 November, 10:00 by Dora Dahl: Agreed by phone.",
        "Due on Monday 16 November, 11:00.",
    ]
    assert "Dora" not in " ".join(story(report, to_reporter=True))


def test_a_holiday_on_the_way_is_named(report, cast, monday):
    hours_now = policies.Hours("Europe/Berlin", {"0": [["08:00", "18:00"]]}, {"2026-11-23": "Founders' Day"})
    book.install_defaults(monday)
    calendar = book.Calendar.objects.get()
    policies.set_hours(calendar, hours_now, by=cast.ada.actor, at=monday)
    actions.make(report, kinds.FOLLOW_UP, by=SYSTEM, at=monday)
    assert story(report)[1:3] == [
        "Only open hours count: Mon 08:00–18:00 (Berlin).",
        "Closed on 23 November (Founders' Day).",
    ]


def test_lengths_come_out_in_the_largest_unit_that_is_even():
    assert length(hours(9), is_business=True, day=hours(9)) == "1 business day"
    assert length(hours(4), is_business=True, day=hours(9)) == "4 business hours"
    assert length(minutes(90), is_business=True, day=hours(9)) == "90 business minutes"
    assert length(hours(1), is_business=False) == "1 hour"
    assert length(hours(48), is_business=False) == "2 days"


REASONS = [
    (reasons.WAITING_FOR_REPORTER, "Waiting for the reporter's answer", "Wartet auf die Antwort der meldenden Person"),
    (reasons.DESK_ASKED, "The technical team asked the desk", "Das technische Team hat die Betreuung gefragt"),
    (reasons.SEVERITY_NOW["critical"], "The severity is critical now", "Die Schwere ist jetzt kritisch"),
    (reasons.SEVERITY_NOW["low"], "The severity is low now", "Die Schwere ist jetzt gering"),
    # As rows have it that were written before: in the language of whoever acted.
    (
        "Wartet auf die Antwort der meldenden Person.",
        "Waiting for the reporter's answer",
        "Wartet auf die Antwort der m",
    ),
    ("Die Schwere ist jetzt critical.", "The severity is critical now", "Die Schwere ist jetzt kritisch"),
    ("Agreed by phone.", "Agreed by phone", "Agreed by phone"),
]


@pytest.mark.parametrize(("kept", "english", "german"), REASONS)
def test_a_reason_of_ours_is_said_in_the_language_of_the_reader(kept, english, german):
    with override("en"):
        assert reasons.shown(kept) == english
    with override("de"):
        assert reasons.shown(kept).startswith(german)


@pytest.mark.parametrize("acts_in", ["en", "de"])
def test_no_story_mixes_languages_whoever_acted(report, monday, cast, acts_in):
    with override(acts_in):
        actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday)
        reports.set_severity(report, "high", by=SYSTEM, at=monday)
        actions.change_severity(report, by=SYSTEM, at=monday)
        actions.pause(report, by=cast.dora.actor, at=monday, reason=reasons.WAITING_FOR_REPORTER)
    german, english = " ".join(story(report, "de")), " ".join(story(report, "en"))
    assert "Die Schwere ist jetzt hoch." in german
    assert "Wartet auf die Antwort der meldenden Person." in german
    assert "The severity is high now." in english
    assert "Waiting for the reporter's answer." in english


def test_to_the_reporter_a_reason_is_said_to_them_or_not_at_all(report, monday, cast):
    promise = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.pause(report, by=cast.dora.actor, at=monday, reason=reasons.WAITING_FOR_REPORTER)
    actions.resume(report, by=cast.ana.actor, at=monday + hours(1))
    actions.pause(report, by=cast.dora.actor, at=monday + hours(1), reason="He is difficult.")
    actions.resume(report, by=cast.ana.actor, at=monday + hours(2))
    sooner = Promise.objects.get(pk=promise.pk).due_at - minutes(10)
    actions.move(promise, by=cast.dora.actor, at=monday + hours(2), due_at=sooner, reason="He shouts.")
    told = story(report, to_reporter=True)
    assert told[1:-1] == [
        "Stood still from Monday 16 November, 10:00 to Monday 16 November, 11:00: we waited for your answer.",
        "Stood still from Monday 16 November, 11:00 to Monday 16 November, 12:00.",
        "Timed anew on Monday 16 November, 12:00.",
    ]


def test_a_time_put_off_is_told_where_it_was_owed(report, monday, cast):
    from makegood.life.updates import moving

    promise = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    told = {"due_at": monday + hours(30), "reason": "The supplier is away.", "words": "By {{ promised_time }}."}
    moving.move(promise, by=cast.dora.actor, at=monday, **told)
    old = Promise.objects.select_related("policy", "hours").get(pk=promise.pk)
    assert explain(old, "en", BERLIN)[-2:] == [
        "Dora Dahl named another time on Monday 16 November, 10:00, Tuesday 17 November, 16:00: The supplier is away.",
        "Withdrawn on Monday 16 November, 10:00.",
    ]
    assert not any("Dora" in line or "supplier" in line for line in explain(old, "en", BERLIN, to_reporter=True))
