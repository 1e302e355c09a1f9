"""Another time for what a reporter was told: only in words to them, and the old one counts as it was."""

from datetime import timedelta

import pytest

from makegood.life.escalation import actions as escalations
from makegood.life.promises import kinds
from makegood.life.promises.actions import InThePast, MustBeTold, NeedsReason, NotPending
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import kept_share, next_news
from makegood.life.reports.models import OutgoingMail
from makegood.life.updates import actions, hearing, moving
from makegood.life.updates.actions import TimesDisagree
from tests.life.case import told

WORDS = "We need longer, and we are sorry. You will hear from us by {{ promised_time }}."
WEEKS = timedelta(days=20)


@pytest.fixture
def owed(report):
    return report.promises.get(kind=kinds.HEAR_BACK)


def move(promise, cast, at, *, due_at, words=WORDS, reason="The supplier is away."):
    return moving.move(promise, by=cast.dora.actor, at=at, due_at=due_at, reason=reason, words=words)


def fresh(promise):
    return Promise.objects.get(pk=promise.pk)


def test_a_later_time_without_a_word_to_the_reporter_is_refused(report, owed, cast, monday):
    with pytest.raises(MustBeTold):
        move(owed, cast, monday, due_at=owed.due_at + WEEKS, words=" ")
    assert fresh(owed).due_at == owed.due_at
    assert next_news(report).pk == owed.pk


def test_a_later_time_is_promised_by_the_message_that_names_it(report, owed, cast, monday):
    due_at = owed.due_at + WEEKS
    message = move(owed, cast, monday, due_at=due_at)
    assert (message.named_time, told(report)[-1]) == (due_at, message)
    assert "{{" not in message.body
    again = next_news(report)
    assert (again.kind, again.due_at, again.named_at, again.message) == (kinds.HEAR_BACK, due_at, due_at, message)
    assert OutgoingMail.objects.filter(message=message).exists()


def test_put_off_in_time_counts_as_neither_kept_nor_broken(report, owed, cast, monday):
    move(owed, cast, monday, due_at=owed.due_at + WEEKS)
    old = fresh(owed)
    assert (old.state, old.kept_at, old.broken_at) == (Promise.WITHDRAWN, None, None)
    [whole, *_rest] = kept_share(cast.emil, start=owed.due_at, end=owed.due_at + timedelta(1), now=monday)
    assert (whole.kept, whole.broken) == (0, 0)


def test_put_off_when_it_was_late_it_stays_broken(report, owed, cast, monday):
    late = owed.due_at + timedelta(hours=1)
    move(owed, cast, late, due_at=late + WEEKS)
    actions.reply(report, "Here is what we found.", by=cast.dora.actor, at=late + timedelta(hours=1))
    assert (fresh(owed).state, fresh(owed).broken_at) == (Promise.WITHDRAWN, owed.due_at)
    shares = kept_share(cast.emil, start=owed.due_at, end=owed.due_at + timedelta(minutes=1), now=late)
    assert (shares[0].kept, shares[0].broken) == (0, 1)


def test_a_sooner_time_needs_no_words_and_sends_none(report, owed, cast, monday):
    before = OutgoingMail.objects.count()
    assert move(owed, cast, monday, due_at=monday + timedelta(minutes=30), words="") is None
    assert next_news(report).due_at == monday + timedelta(minutes=30)
    assert OutgoingMail.objects.count() == before
    # And back to what they were told is later than they are told now.
    with pytest.raises(MustBeTold):
        move(fresh(owed), cast, monday, due_at=owed.due_at, words="")


def test_words_that_name_another_time_are_refused_and_nothing_moves(report, owed, cast, monday):
    with pytest.raises(TimesDisagree):
        move(owed, cast, monday, due_at=owed.due_at + WEEKS, words="You will hear from us tomorrow at 15:00.")
    assert fresh(owed).is_pending
    assert told(report) == []


def test_it_needs_a_reason_a_time_to_come_and_a_promise_that_is_open(report, owed, cast, monday):
    with pytest.raises(NeedsReason):
        move(owed, cast, monday, due_at=owed.due_at + WEEKS, reason=" ")
    with pytest.raises(InThePast):
        move(owed, cast, monday, due_at=monday)
    actions.reply(report, "Here is what we found.", by=cast.dora.actor, at=monday)
    with pytest.raises(NotPending):
        move(owed, cast, monday, due_at=owed.due_at + WEEKS)
    assert len(told(report)) == 1


def test_what_is_owed_inside_the_house_moves_with_a_reason_and_nobody_outside_hears(report, cast, monday):
    escalations.escalate(report, by=cast.dora.actor, at=monday, team=cast.platform, reason="Urgent.")
    inside, said = report.promises.get(kind=kinds.ACCEPT), len(told(report))
    assert move(inside, cast, monday, due_at=inside.due_at + WEEKS, words="") is None
    assert fresh(inside).due_at == inside.due_at + WEEKS
    with pytest.raises(moving.NotTheirs):
        move(inside, cast, monday, due_at=inside.due_at + 2 * WEEKS)
    assert len(told(report)) == said


@pytest.fixture
def news(report, owed, cast, monday):
    """News is owed as well: we promised some, then the reporter wrote again."""
    actions.reply(report, "We are on it.", by=cast.dora.actor, at=monday)
    hearing.hear(report, "It is worse now.", by=cast.ana.actor, at=monday + timedelta(minutes=5))
    return report.promises.get(kind=kinds.NEXT_UPDATE, state=Promise.OPEN)


def of(report, *state):
    return [p.kind for p in report.promises.filter(state__in=state, owed_to=kinds.REPORTER).order_by("pk")]


def test_a_later_time_is_one_for_all_they_were_to_hear_before(report, news, cast, monday):
    again = report.promises.get(kind=kinds.HEAR_BACK, state=Promise.OPEN)
    due_at = max(again.due_at, news.due_at) + WEEKS
    message = move(again, cast, monday + timedelta(minutes=10), due_at=due_at)
    assert [(p.kind, p.due_at) for p in report.promises.filter(state__in=Promise.PENDING)] == [(again.kind, due_at)]
    assert {fresh(news).state, fresh(again).state} == {Promise.WITHDRAWN}
    assert news.steps.filter(kind="put_off").exists()
    assert next_news(report).due_at == due_at
    actions.unsay(message, by=cast.dora.actor, at=monday + timedelta(minutes=10, seconds=5))
    assert {p.pk for p in report.promises.filter(state__in=Promise.PENDING)} == {again.pk, news.pk}


def test_what_is_due_after_the_new_time_stays_as_it_was_told(report, news, cast, monday):
    again = report.promises.get(kind=kinds.HEAR_BACK, state=Promise.OPEN)
    first, last = sorted((again, news), key=lambda one: one.due_at)
    assert first.due_at < last.due_at
    between = first.due_at + (last.due_at - first.due_at) / 2
    move(first, cast, monday + timedelta(minutes=10), due_at=between)
    assert fresh(last).state == Promise.OPEN
    assert next_news(report).due_at == between


def test_taken_back_before_it_left_the_old_time_is_owed_again(report, owed, cast, monday):
    message = move(owed, cast, monday, due_at=owed.due_at + WEEKS)
    actions.unsay(message, by=cast.dora.actor, at=monday + timedelta(seconds=5))
    assert (next_news(report).pk, next_news(report).due_at) == (owed.pk, owed.due_at)
    assert Promise.objects.filter(message=message, state__in=Promise.PENDING).count() == 0


def test_whoever_has_the_ball_keeps_it(report, cast, monday):
    by = cast.dora.actor
    actions.reply(report, "Which browser?", by=by, at=monday, waiting_for_reporter=True)
    paused = next_news(report)
    report.refresh_from_db()
    paused.report = report
    move(paused, cast, monday + timedelta(hours=1), due_at=paused.due_at + WEEKS)
    report.refresh_from_db()
    assert report.waiting_for_reporter
    assert next_news(report).state == Promise.PAUSED


def test_the_words_to_begin_with_leave_the_time_to_the_promise(report, cast, monday):
    words = moving.draft(report, by=cast.dora.actor, at=monday)
    assert "{{ promised_time }}" in words
    assert "Ana" in words
