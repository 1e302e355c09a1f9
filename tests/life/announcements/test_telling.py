"""One word to everybody: each in their own thread and language, once, with a promise that says what the words say."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import queries as aftercare_queries
from makegood.life.announcements import actions, people, queries, sending
from makegood.life.announcements.models import Announcement
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.problems import news as public_news
from makegood.life.problems.models import Problem
from makegood.life.promises import about, kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import participants
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.life.announcements.crowd import (
    HOUR,
    SECOND,
    carry,
    crowd,
    fixed,
    go_out,
    hit,
    mails_of,
    news,
    open_problem,
)
from tests.life.case import fresh, pending, told, work

MINUTE = timedelta(minutes=1)


@pytest.fixture
def problem(cast, monday):
    return open_problem(cast, monday)


@pytest.fixture
def by(cast):
    return cast.emil


def test_news_reaches_each_in_their_own_thread_and_language(problem, by, cast, monday):
    ana = hit(problem, "Ana", monday, by=by.actor)
    ben = hit(problem, "Ben", monday, by=by.actor, language="de")
    announcement = news(problem, by, monday)
    assert mails_of(announcement).count() == 0
    go_out(announcement, monday)
    assert told(ana)[-1].body.startswith("Hello Ana,\n\nwe found it.")
    assert told(ben)[-1].body.startswith("Guten Tag Ben,\n\nwir haben es gefunden.")
    assert {mail.to_email for mail in mails_of(announcement)} == {"ana@members.example", "ben@members.example"}
    assert not OutgoingMail.objects.filter(to_email="ana@members.example", text__contains="Ben").exists()


def test_the_words_and_the_clock_say_the_same(problem, by, monday):
    report = hit(problem, "Ana", monday, by=by.actor)
    announcement = news(problem, by, monday)
    go_out(announcement, monday)
    promise = Promise.objects.get(report=report, kind=kinds.NEXT_UPDATE, state=Promise.OPEN)
    assert promise.due_at == announcement.next_news_at == told(report)[-1].named_time
    assert pending(report) == [kinds.NEXT_UPDATE]


def test_words_that_name_another_time_go_to_nobody(problem, by, monday):
    hit(problem, "Ana", monday, by=by.actor)
    with pytest.raises(people.CannotBeSaid, match="23:15"):
        news(problem, by, monday, texts={"en": "You hear from us by 23:15."})
    assert not Announcement.objects.exclude(state="draft").exists()


def test_public_news_that_was_promised_is_kept_and_promised_anew(problem, by, monday):
    hit(problem, "Ana", monday, by=by.actor)
    words = {"public_titles": {"en": "Claims"}, "public_texts": {"en": "It shows an error."}}
    problems.edit(problem, by=by.actor, at=monday, **words)
    public_news.publish(problem, by=by.actor, at=monday, next_news_at=monday + HOUR)
    announcement = news(problem, by, monday)
    go_out(announcement, monday)
    owed = about.pending(problem.about, kinds.PUBLIC_NEWS)
    assert [promise.due_at for promise in owed] == [announcement.next_news_at]


def test_a_fix_solves_each_report_and_asks_whether_it_works(problem, by, monday):
    report = hit(problem, "Ana", monday, by=by.actor)
    announcement = fixed(problem, by, monday)
    now = go_out(announcement, monday)
    solution = aftercare_queries.current(fresh(report))
    assert (fresh(report).state, solution.cause, solution.solution) == ("solved", "A full disk.", "Made room.")
    assert "it works again" in told(report)[-1].body
    assert pending(report) == [kinds.CONFIRM, kinds.FOLLOW_UP]
    after = Problem.objects.get(pk=problem.pk)
    assert (after.state, after.watching_until > now) == ("watching", True)


def test_who_is_solved_or_closed_is_left_alone_and_listed_with_the_reason(problem, by, cast, monday):
    open_one, solved, closed, left = (hit(problem, name, monday, by=by.actor) for name in ("Ana", "Ben", "Cid", "Dee"))
    aftercare.solve(solved, by=cast.dora.actor, at=monday, cause="Ours.", solution="Done.")
    aftercare.withdraw_report(closed, by=closed.contact.actor, at=monday)
    work(monday)
    before = {report.pk: len(told(report)) for report in (solved, closed, left)}
    announcement = fixed(problem, by, monday)
    membership.leave(left, by=by.actor, at=monday + SECOND, reason="Something else.")
    go_out(announcement, monday)
    why = dict(announcement.recipients.filter(state="skipped").values_list("report", "why"))
    assert why == {solved.pk: "solved", closed.pk: "closed", left.pk: "left"}
    assert {report.pk: len(told(report)) for report in (solved, closed, left)} == before
    assert fresh(open_one).state == "solved"


def test_somebody_with_two_reports_gets_one_mail_and_both_threads_have_the_words(problem, by, monday):
    older = hit(problem, "Ana", monday, by=by.actor, key="ana-one-report")
    newer = hit(problem, "Ana", monday, by=by.actor, key="ana-two-report")
    announcement = news(problem, by, monday)
    go_out(announcement, monday)
    assert [mail.report_id for mail in mails_of(announcement)] == [newer.pk]
    assert told(older)[-1].body == told(newer)[-1].body
    ways = dict(announcement.recipients.values_list("report", "way"))
    assert ways == {newer.pk: "mail", older.pk: "elsewhere"}


def test_who_takes_part_gets_a_copy_unless_they_hear_it_themselves(problem, by, cast, monday):
    ana = hit(problem, "Ana", monday, by=by.actor)
    ben = hit(problem, "Ben", monday, by=by.actor)
    for contact in (ben.contact, cast.cem):
        participants.invite(ana, contact, by=cast.dora.actor, at=monday)
    participants.invite(ben, cast.cem, by=cast.dora.actor, at=monday)
    announcement = news(problem, by, monday)
    go_out(announcement, monday)
    assert sorted(mail.to_email for mail in mails_of(announcement)) == [
        "ana@members.example",
        "ben@members.example",
        "cem@example.org",
    ]


def test_without_an_address_the_words_stand_on_the_page(problem, by, monday):
    report = hit(problem, "Ana", monday, by=by.actor, email="", phone="+49301234")
    announcement = news(problem, by, monday)
    go_out(announcement, monday)
    assert told(report)[-1].body.startswith("Hello")
    assert announcement.recipients.get().way == "page"
    assert not mails_of(announcement).exists()


def test_a_name_that_a_stranger_may_have_typed_is_not_repeated(problem, by, monday):
    report = hit(problem, "Mallory", monday, by=by.actor)
    Contact.objects.filter(pk=report.contact_id).update(email_verified_at=None)
    announcement = news(problem, by, monday)
    go_out(announcement, monday)
    assert told(report)[-1].body.startswith("Hello,\n\nwe found it.")
    assert "Mallory," not in mails_of(announcement).get().text


def test_nothing_leaves_for_ten_minutes_and_until_then_it_can_be_taken_back(problem, by, monday):
    report = hit(problem, "Ana", monday, by=by.actor)
    work(monday)
    announcement, before = news(problem, by, monday), len(told(report))
    work(monday + 9 * MINUTE)
    actions.cancel(announcement, by=by, at=monday + 9 * MINUTE)
    work(monday + HOUR)
    assert len(told(report)) == before
    announcement.refresh_from_db()
    assert (announcement.state, announcement.started_at) == ("cancelled", None)


def test_it_may_begin_at_once_and_the_job_of_later_finds_nothing_to_do(problem, by, monday):
    report = hit(problem, "Ana", monday, by=by.actor)
    announcement = news(problem, by, monday)
    actions.begin_now(announcement, by=by, at=monday + SECOND)
    work(monday + SECOND)
    assert told(report)[-1].body.startswith("Hello Ana")
    work(monday + HOUR)
    assert len([m for m in told(report) if "we found it" in m.body]) == 1


def test_a_stop_half_way_leaves_the_rest_and_going_on_tells_only_them(problem, by, monday):
    everybody = crowd(problem, 25, monday, by=by.actor)
    announcement = news(problem, by, monday, held=0 * HOUR)
    for _slice in range(2):
        announcement.refresh_from_db()
        sending.run_slice({"announcement": announcement.pk, "turn": announcement.turn}, monday)
    actions.cancel(announcement, by=by, at=monday)
    work(monday + MINUTE)
    assert queries.progress(announcement).said == sending.SLICE
    actions.go_on(announcement, by=by, at=monday + MINUTE)
    go_out(announcement, monday + MINUTE)
    assert sorted(mail.to_email for mail in mails_of(announcement)) == sorted(r.contact.email for r in everybody)


@pytest.mark.parametrize("slices", [0, 2])
def test_nobody_else_hears_that_it_is_fixed_once_it_came_back(problem, by, cast, monday, slices):
    everybody = crowd(problem, 25, monday, by=by.actor)
    problems.move(problem, "released", by=by.actor, at=monday)
    announcement = fixed(Problem.objects.get(pk=problem.pk), by, monday)
    work(monday + 9 * MINUTE)
    begun = monday + 10 * MINUTE
    for _slice in range(slices):
        announcement.refresh_from_db()
        sending.run_slice({"announcement": announcement.pk, "turn": announcement.turn}, begun)
    problems.move(Problem.objects.get(pk=problem.pk), "came_back", by=cast.eve.actor, at=begun, reason="Seen again.")
    go_out(announcement, begun + SECOND)
    announcement.refresh_from_db()
    assert (announcement.state, Problem.objects.get(pk=problem.pk).state) == ("cancelled", "came_back")
    assert queries.progress(announcement).said == (sending.SLICE if slices else 0)
    stopped = LedgerEntry.objects.get(kind="announcement.cancelled")
    assert (stopped.actor_kind, stopped.reason) == ("system", "The problem came back.")
    with pytest.raises(actions.NotUnderWay, match="came back"):
        actions.go_on(announcement, by=by, at=begun + MINUTE)
    assert len({fresh(report).state for report in everybody}) == (2 if slices else 1)


def test_what_cannot_be_said_to_one_is_named_and_the_others_hear_it(problem, by, monday):
    ana, ben = hit(problem, "Ana", monday, by=by.actor), hit(problem, "Ben", monday, by=by.actor)
    Contact.objects.filter(pk=ana.contact_id).update(time_zone="Europe/Berlin")
    Contact.objects.filter(pk=ben.contact_id).update(time_zone="Europe/Berlin")
    announcement = news(problem, by, monday, texts={"en": "Hello, you hear from us by 18:00."})
    Contact.objects.filter(pk=ben.contact_id).update(time_zone="Pacific/Auckland")
    go_out(announcement, monday)
    failed = announcement.recipients.get(state="failed")
    assert (failed.report, "18:00" in failed.why) == (ben, True)
    assert announcement.recipients.get(report=ana).state == "said"
    Contact.objects.filter(pk=ben.contact_id).update(time_zone="Europe/Berlin")
    actions.go_on(announcement, by=by, at=monday + 12 * MINUTE)
    go_out(announcement, monday + 12 * MINUTE)
    assert queries.progress(announcement) == queries.Progress(said=2)
    assert mails_of(announcement).count() == 2


@pytest.mark.long
def test_more_than_may_wait_at_once_hear_it_once_each(problem, by, monday):
    count = sending.MOST_WAITING + 2 * sending.SLICE
    everybody = crowd(problem, count, monday, by=by.actor)
    carry(monday)
    announcement = fixed(problem, by, monday)
    go_out(announcement, monday)
    assert queries.progress(announcement) == queries.Progress(said=count)
    mails = list(mails_of(announcement))
    assert sorted(mail.to_email for mail in mails) == sorted(report.contact.email for report in everybody)
    assert len({mail.rfc_id for mail in mails}) == count
    assert queries.deliveries(announcement) == queries.Deliveries(sent=count)
    for report in everybody[::20]:
        assert len([m for m in told(report) if "it works again" in m.body]) == 1
    assert LedgerEntry.objects.get(kind="announcement.done").data["told"] == count


def test_while_its_mails_wait_the_job_waits(problem, by, monday, monkeypatch):
    monkeypatch.setattr(sending, "MOST_WAITING", 2 * sending.SLICE)
    crowd(problem, 2 * sending.MOST_WAITING, monday, by=by.actor)
    announcement = news(problem, by, monday, held=0 * HOUR)
    work(monday)
    assert queries.progress(announcement).said == sending.MOST_WAITING
    work(monday + MINUTE)
    assert queries.progress(announcement).said == sending.MOST_WAITING
    carry(monday + MINUTE)
    go_out(announcement, monday + 2 * MINUTE)
    assert queries.progress(announcement).said == 2 * sending.MOST_WAITING


def test_who_went_over_to_another_problem_with_all_of_it_is_told_all_the_same(cast, monday):
    problem, other = open_problem(cast, monday), open_problem(cast, monday)
    for name in ("Ana", "Ben"):
        hit(problem, name, monday, by=cast.emil.actor)
    announcement = news(problem, cast.emil, monday)
    membership.merge(problem, other, by=cast.emil.actor, at=monday + SECOND)
    go_out(announcement, monday)
    assert set(announcement.recipients.values_list("state", flat=True)) == {"said"}


def test_and_so_is_who_went_on_with_it_to_a_third(cast, monday):
    problem, other, third = (open_problem(cast, monday) for _ in range(3))
    hit(problem, "Ana", monday, by=cast.emil.actor)
    announcement = news(problem, cast.emil, monday)
    membership.merge(problem, other, by=cast.emil.actor, at=monday + SECOND)
    membership.merge(other, third, by=cast.emil.actor, at=monday + 2 * SECOND)
    go_out(announcement, monday)
    assert set(announcement.recipients.values_list("state", flat=True)) == {"said"}
