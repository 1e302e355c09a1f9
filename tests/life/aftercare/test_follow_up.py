"""A follow-up that reaches nobody goes on; each is taken back whole; three hundred of one problem are one act."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions, bulk, queries, undo, wishes
from makegood.life.aftercare.models import FollowUp, Resolution
from makegood.life.people.models import Contact
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import conversation
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.again import again
from tests.life.aftercare.after import HOUR, solved
from tests.life.case import fresh, pending, told, work

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def call(report, outcome, cast, at, **more):
    actions.follow_up(report, way="call", outcome=outcome, by=cast.dora.actor, at=at, **more)
    return LedgerEntry.objects.filter(report=report, kind="follow_up.done").latest("id")


def owed(report):
    return list(
        Promise.objects.filter(report=report, state__in=Promise.PENDING)
        .order_by("id")
        .values_list("pk", "kind", "due_at", "state", "kept_at")
    )


def test_not_reached_comes_again_on_the_next_open_day(cast, monday):
    report = solved(cast, monday)
    call(report, "not_reached", cast, monday + HOUR, notes="Voicemail.")
    promise = Promise.objects.get(report=report, kind=kinds.FOLLOW_UP, state="open")
    assert promise.due_at == monday + HOUR + DAY
    assert fresh(report).state == "solved"
    assert not queries.is_followed_up(report, queries.current(report))
    assert len(told(report)) == 1  # the solution; a call in vain says nothing


def test_friday_s_try_is_made_again_on_monday(cast, monday):
    friday = monday + 4 * DAY
    report = solved(cast, friday)
    call(report, "not_reached", cast, friday + HOUR)
    promise = Promise.objects.get(report=report, kind=kinds.FOLLOW_UP, state="open")
    assert promise.due_at == friday + HOUR + 3 * DAY


def test_it_works_alone_does_not_close_before_somebody_was_reached(cast, monday):
    report = solved(cast, monday)
    call(report, "not_reached", cast, monday + HOUR)
    actions.confirm(report, "yes", by=cast.ana.actor, at=monday + 2 * HOUR)
    assert fresh(report).state == "solved"
    call(report, "not_reached", cast, monday + 3 * HOUR)
    assert fresh(report).state == "solved"
    call(report, "works", cast, monday + 4 * HOUR)
    assert fresh(report).state == "closed"


def test_who_wants_no_calls_is_followed_up_in_writing(cast, monday):
    report = solved(cast, monday)
    call(report, "no_calls", cast, monday + HOUR)
    assert wishes.of(cast.ana).no_calls_at == monday + HOUR
    assert kinds.FOLLOW_UP in pending(report)


@pytest.mark.parametrize("outcome", ["not_reached", "no_calls"])
def test_a_mail_is_not_a_call(cast, monday, outcome):
    report = solved(cast, monday)
    with pytest.raises(actions.NotSolved):
        actions.follow_up(report, way="mail", outcome=outcome, by=cast.dora.actor, at=monday + HOUR)


@pytest.mark.parametrize("outcome", [value for value, _words in FollowUp.OUTCOMES])
def test_every_outcome_is_taken_back_whole(cast, monday, outcome):
    report = solved(cast, monday)
    before, answer = owed(report), Resolution.objects.values().get()
    entry = call(report, outcome, cast, monday + HOUR)
    undo.undo(entry, by=cast.dora.actor, at=monday + HOUR + timedelta(seconds=5))
    assert fresh(report).state == "solved"
    assert fresh(report).severity == "medium"
    assert owed(report) == before
    assert Resolution.objects.values().get() == answer
    assert not FollowUp.objects.exists()
    assert wishes.of(cast.ana).no_calls_at is None
    undo.undo(entry, by=cast.dora.actor, at=monday + HOUR + timedelta(seconds=6))
    assert LedgerEntry.objects.filter(kind="report.change_undone", data__kind="follow_up.done").count() == 1


def test_asking_by_mail_is_taken_back_before_it_leaves_and_not_after(cast, monday):
    report = solved(cast, monday)
    for turn, seconds in ((1, 5), (2, 60)):
        at = monday + turn * HOUR
        actions.follow_up(report, way="mail", outcome="no_answer", by=cast.dora.actor, at=at)
        entry = LedgerEntry.objects.filter(report=report, kind="follow_up.done").latest("id")
        if seconds < 10:
            undo.undo(entry, by=cast.dora.actor, at=at + timedelta(seconds=seconds))
            assert [mail.state for mail in OutgoingMail.objects.filter(message=told_last(report, withdrawn=True))] == [
                "withdrawn"
            ]
        else:
            with pytest.raises(conversation.AlreadyGone):
                undo.undo(entry, by=cast.dora.actor, at=at + timedelta(seconds=seconds))


def told_last(report, *, withdrawn):
    said = report.messages.filter(withdrawn_at__isnull=not withdrawn)
    return said.exclude(said_by="contact").order_by("-id").first()


def test_what_moved_on_is_not_taken_back(cast, monday):
    report = solved(cast, monday)
    entry = call(report, "not_reached", cast, monday + HOUR)
    actions.confirm(report, "no", by=cast.ana.actor, at=monday + 2 * HOUR)
    with pytest.raises(undo.Conflict):
        undo.undo(entry, by=cast.dora.actor, at=monday + 3 * HOUR)


def test_who_may_not_follow_up_may_not_take_it_back(cast, monday):
    entry = call(solved(cast, monday), "not_reached", cast, monday + HOUR)
    with pytest.raises(undo.NotYours):
        undo.undo(entry, by=cast.eve.actor, at=monday + HOUR + MINUTE)


TEXTS = {"en": "Hello {{ first_name }}, does {{ number }} work now?", "de": "Geht {{ number }} jetzt?"}


@pytest.fixture
def many(cast, monday):
    """Twenty-five of Ana's reports, solved; she has said of one that it works, and one is Ben's, who reads German."""
    return again(lambda: solve_many(cast, monday), monday)


def solve_many(cast, monday):
    reports = [solved(cast, monday, key=f"ana-{number:04}") for number in range(25)]
    actions.confirm(reports[0], "yes", by=cast.ana.actor, at=monday + HOUR)
    reports[1].contact = cast.ben
    reports[1].language = "de"
    reports[1].save()
    return reports


def test_one_mail_to_many_is_one_act(many, cast, monday):
    at = monday + 2 * HOUR
    run = bulk.start(cast.dora, "follow_up", "mail", [report.pk for report in many], at=at, texts=TEXTS)
    work(at)
    run.refresh_from_db()
    assert (run.state, run.done, run.failures) == ("done", 25, [])
    assert fresh(many[0]).state == "closed"
    assert "Geht MG-" in told(many[1])[-1].body
    assert f"does {many[2].number} work now?" in told(many[2])[-1].body
    assert {queries.is_followed_up(one, queries.current(one)) for one in many} == {True}
    assert [kinds.FOLLOW_UP in pending(one) for one in many] == [False] * 25


def test_and_taken_back_as_one_within_a_minute(many, cast, monday):
    before = [owed(report) for report in many]
    at = monday + 2 * HOUR
    run = bulk.start(cast.dora, "follow_up", "mail", [report.pk for report in many], at=at, texts=TEXTS)
    work(at)
    run.refresh_from_db()
    bulk.take_back(run, at=at + timedelta(seconds=30))
    work(at + timedelta(seconds=30))
    run.refresh_from_db()
    assert (run.state, run.failures) == ("undone", [])
    assert [owed(report) for report in many] == before
    assert not FollowUp.objects.exists()
    assert {fresh(report).state for report in many} == {"solved"}
    assert not OutgoingMail.objects.filter(purpose="reply", state="queued", send_after__gt=at).exists()


def test_whose_mail_does_not_arrive_is_named_and_left_for_a_call(many, cast, monday):
    Contact.objects.filter(pk=cast.ben.pk).update(mail_problem="no such user")
    at = monday + 2 * HOUR
    run = bulk.start(cast.dora, "follow_up", "mail", [report.pk for report in many[:3]], at=at, texts=TEXTS)
    work(at)
    run.refresh_from_db()
    assert [row["number"] for row in run.failures] == [many[1].number]


def test_engineers_do_not_follow_up(many, cast, monday):
    with pytest.raises(bulk.NotABulk):
        bulk.start(cast.eve, "follow_up", "mail", [many[0].pk], at=monday, texts=TEXTS)
