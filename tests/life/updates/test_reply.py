from datetime import timedelta

import pytest

from makegood.life.promises import actions as promises
from makegood.life.promises.queries import next_news, open_promises
from makegood.life.reports import access
from makegood.life.reports.conversation import AlreadyGone, EmptyMessage
from makegood.life.reports.models import LedgerEntry, Message, OutgoingMail, Report
from makegood.life.updates import actions as updates
from makegood.life.updates.actions import NoNextTime, TimesDisagree, UnclearTime
from makegood.life.updates.scripts import UnfilledPlaceholder

pytestmark = pytest.mark.django_db
TEN_MINUTES = timedelta(minutes=10)
NEWS_AT = timedelta(hours=5)


def pending(report):
    return {(promise.kind, promise.state) for promise in open_promises(report)}


def test_a_reply_keeps_the_news_that_was_due_and_promises_the_next(report, cast, monday):
    at = monday + TEN_MINUTES
    message = updates.reply(report, "We are on it.", by=cast.dora.actor, at=at, next_at=monday + NEWS_AT)
    assert pending(report) == {("next_update", "open")}
    assert next_news(report).due_at == monday + NEWS_AT == message.named_time
    kept = report.promises.get(kind="hear_back")
    assert (kept.state, kept.kept_by_message) == ("kept", message)


def test_the_words_say_when_the_reporter_hears_next_even_if_the_agent_forgot(report, cast, monday):
    at = monday + TEN_MINUTES
    message = updates.reply(report, "We are on it.", by=cast.dora.actor, at=at, next_at=monday + NEWS_AT)
    assert message.body == "We are on it.\n\nYou will hear from us again by Monday 16 November, 15:00 (CET)."


def test_the_placeholder_of_the_time_is_the_promise(report, cast, monday):
    at = monday + TEN_MINUTES
    body = "Hello {{ first_name }}, news on {{ number }} by {{ promised_time }}."
    message = updates.reply(report, body, by=cast.dora.actor, at=at, next_at=monday + NEWS_AT)
    assert message.body == f"Hello Ana, news on {report.number} by Monday 16 November, 15:00 (CET)."


def test_without_a_time_the_policy_names_one(report, cast, monday):
    message = updates.reply(report, "We are on it.", by=cast.dora.actor, at=monday + TEN_MINUTES)
    assert message.named_time > monday
    assert next_news(report).due_at == message.named_time


def test_words_and_clock_cannot_disagree(report, cast, monday):
    with pytest.raises(TimesDisagree, match=r"“16:00”.*15:00 \(CET\)"):
        updates.reply(report, "You hear from us by 16:00.", by=cast.dora.actor, at=monday, next_at=monday + NEWS_AT)
    assert not report.messages.filter(said_by="agent").exists()
    assert pending(report) == {("hear_back", "open")}


def test_a_hand_typed_time_that_agrees_is_welcome(report, cast, monday):
    body = "You will hear from us by Monday, 15:00."
    message = updates.reply(report, body, by=cast.dora.actor, at=monday, next_at=monday + NEWS_AT)
    assert message.body.startswith(body)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("You will hear from me in two hours.", 2),
        ("Next update 16:00.", 6),
        ("Wir melden uns spätestens um 15:30 Uhr.", 5.5),
        ("I will call you tomorrow at 9:30.", 23.5),
        ("We'll call you tomorrow.", 32),
    ],
)
def test_a_time_named_in_the_words_becomes_the_promise(report, cast, monday, words, hours):
    """Monday, ten o'clock: "tomorrow" is promised for when the desk closes then."""
    message = updates.reply(report, words, by=cast.dora.actor, at=monday)
    assert message.named_time == next_news(report).due_at == monday + timedelta(hours=hours)


@pytest.mark.parametrize(
    "words",
    [
        "You will hear from me in two hours.",
        "I will call you tomorrow. Next update 16:00. Expect news this afternoon.",
        "We'll call you Wednesday",
        "You will hear from us not later than 17:00 today.",
        "You have our answer within two hours.",
        "Wir melden uns morgen.",
        "Wir melden uns in zwei Stunden.",
        "Sie hören von uns bis heute 17 Uhr.",
        "Am Mittwoch rufe ich Sie an.",
        "Ich melde mich heute Nachmittag.",
    ],
)
def test_no_message_names_one_time_and_promises_another(report, cast, monday, words):
    other = monday + timedelta(days=3, hours=1)
    with pytest.raises(TimesDisagree):
        updates.reply(report, words, by=cast.dora.actor, at=monday, next_at=other)
    assert not report.messages.filter(said_by="agent").exists()


def test_a_doubtful_time_is_asked_about_where_somebody_can_be_asked(report, cast, monday):
    body, how = "You will hear from us in a few days.", {"by": cast.dora.actor, "at": monday}
    with pytest.raises(UnclearTime, match=r"“in a few days”.*15:00 \(CET\)") as refused:
        updates.reply(report, body, next_at=monday + NEWS_AT, asks=True, **how)
    assert (refused.value.promised, refused.value.moment) == (monday + NEWS_AT, None)
    message = updates.reply(report, body, next_at=monday + NEWS_AT, **how)
    assert message.body == f"{body}\n\nYou will hear from us again by Monday 16 November, 15:00 (CET)."


def test_the_question_offers_the_time_the_words_may_mean(report, cast, monday):
    with pytest.raises(UnclearTime) as refused:
        updates.prepare(report, "It will be fixed on Friday at 10:00.", by=cast.dora.actor, at=monday, asks=True)
    assert refused.value.moment == monday + timedelta(days=4)


def test_a_message_with_a_gap_cannot_be_sent(report, cast, monday):
    with pytest.raises(UnfilledPlaceholder, match=r"\{\{ solution \}\}"):
        updates.reply(report, "What we did: {{ solution }}", by=cast.dora.actor, at=monday)


def test_an_unknown_placeholder_cannot_be_sent_either(report, cast, monday):
    with pytest.raises(UnfilledPlaceholder, match=r"\{\{ shoe_size \}\}"):
        updates.reply(report, "Your {{ shoe_size }}", by=cast.dora.actor, at=monday)


def test_while_work_goes_on_no_message_is_final(report, cast, monday):
    with pytest.raises(NoNextTime):
        updates.reply(report, "That is all.", by=cast.dora.actor, at=monday, final=True)


def test_nothing_said_is_refused(report, cast, monday):
    with pytest.raises(EmptyMessage):
        updates.reply(report, "  \n ", by=cast.dora.actor, at=monday)


def test_a_time_in_the_past_is_refused(report, cast, monday):
    with pytest.raises(promises.InThePast):
        updates.reply(report, "Soon.", by=cast.dora.actor, at=monday, next_at=monday - TEN_MINUTES)


def test_the_first_reply_of_a_person_begins_the_work(report, cast, monday):
    updates.reply(report, "We are on it.", by=cast.dora.actor, at=monday)
    assert Report.objects.get(pk=report.pk).state == "investigating"


def test_sending_twice_with_the_same_key_says_it_once(report, cast, monday):
    said = [
        updates.reply(report, "We are on it.", by=cast.dora.actor, at=monday, idempotency_key="k-1") for _ in range(2)
    ]
    assert said[0] == said[1]
    assert report.messages.filter(said_by="agent").count() == 1
    assert OutgoingMail.objects.filter(report=report, purpose="reply").count() == 1


def test_the_mail_waits_for_the_undo_window(report, cast, monday):
    message = updates.reply(report, "We are on it.", by=cast.dora.actor, at=monday)
    mail = OutgoingMail.objects.get(message=message)
    assert mail.send_after == monday + timedelta(seconds=10)
    assert not access.public_messages(report, now=monday).filter(pk=message.pk).exists()
    assert access.public_messages(report, now=monday + timedelta(seconds=10)).filter(pk=message.pk).exists()


def test_asking_lets_the_clocks_wait(report, cast, monday):
    updates.reply(report, "Which page?", by=cast.dora.actor, at=monday, waiting_for_reporter=True)
    assert pending(report) == {("next_update", "paused")}
    assert Report.objects.get(pk=report.pk).waiting_for_reporter


def test_taking_a_reply_back_leaves_everything_as_it_was(report, cast, monday):
    before = Report.objects.filter(pk=report.pk).values().get()
    owed = list(report.promises.filter(state="open").values("kind", "due_at", "state"))
    later = monday + TEN_MINUTES
    message = updates.reply(report, "Which page?", by=cast.dora.actor, at=later, waiting_for_reporter=True)
    updates.unsay(message, by=cast.dora.actor, at=later + timedelta(seconds=4))
    after = Report.objects.filter(pk=report.pk).values().get()
    changing = {"version", "updated_at", "owed_state"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    assert list(report.promises.filter(state="open").values("kind", "due_at", "state")) == owed
    assert OutgoingMail.objects.get(message=message).state == "withdrawn"


def test_taking_back_restores_a_promise_that_was_paused_before(report, cast, monday):
    updates.reply(report, "Which page?", by=cast.dora.actor, at=monday, waiting_for_reporter=True)
    message = updates.reply(report, "Never mind.", by=cast.dora.actor, at=monday + TEN_MINUTES)
    assert pending(report) == {("next_update", "open")}
    updates.unsay(message, by=cast.dora.actor, at=monday + TEN_MINUTES)
    assert pending(report) == {("next_update", "paused")}
    assert Report.objects.get(pk=report.pk).waiting_for_reporter


def test_what_has_left_cannot_be_taken_back(report, cast, monday):
    message = updates.reply(report, "We are on it.", by=cast.dora.actor, at=monday)
    with pytest.raises(AlreadyGone):
        updates.unsay(message, by=cast.dora.actor, at=monday + timedelta(seconds=11))
    assert Message.objects.get(pk=message.pk).withdrawn_at is None


def test_each_step_is_in_the_ledger(report, cast, monday):
    updates.reply(report, "We are on it.", by=cast.dora.actor, at=monday)
    kinds = set(LedgerEntry.objects.filter(report=report).values_list("kind", flat=True))
    assert {"message.said", "promise.kept", "promise.made", "report.state_changed"} <= kinds


def test_a_german_reporter_reads_german(report, cast, monday):
    Report.objects.filter(pk=report.pk).update(language="de")
    report.refresh_from_db()
    body = "Sie hören von uns bis {{ promised_time }}."
    message = updates.reply(report, body, by=cast.dora.actor, at=monday, next_at=monday + NEWS_AT)
    assert message.body == "Sie hören von uns bis Montag, 16. November, 15:00 Uhr (MEZ)."
