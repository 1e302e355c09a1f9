"""The question by mail: once, a day after, with a way to end it; never to whoever should not get it."""

from datetime import timedelta

import pytest

from makegood.channels.mail.composing import compose
from makegood.life.aftercare import actions, feedback, terms, wishes
from makegood.life.aftercare.models import Survey
from makegood.life.people.models import Contact
from makegood.life.reports.models import OutgoingMail, Report
from makegood.life.reports.sending import as_letter
from tests.life.aftercare.after import HOUR, solved, works
from tests.life.case import file_report, fresh, work

DAY = timedelta(days=1)


def surveys():
    return OutgoingMail.objects.filter(purpose="survey")


def test_a_day_after_it_works_they_are_asked_once(cast, monday):
    report = works(cast, monday)
    work(monday + HOUR)
    mail = surveys().get()
    assert mail.send_after == monday + HOUR + DAY
    assert mail.text.count("/how/") == 5
    actions.follow_up(report, way="call", outcome="works", by=cast.dora.actor, at=monday + 2 * HOUR)
    work(monday + 3 * HOUR)
    assert surveys().count() == 1
    assert Survey.objects.get().asked_at == monday + HOUR


def test_the_mail_says_how_to_end_such_mails_and_no_other_does(cast, monday):
    works(cast, monday)
    work(monday + HOUR)
    told = {mail.purpose: compose(as_letter(mail)).decode() for mail in OutgoingMail.objects.all()}
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in told["survey"]
    assert f"List-Unsubscribe: <{wishes.unsubscribe_address(cast.ana)}>\r\n" in told["survey"]
    assert [purpose for purpose, words in told.items() if "List-Unsubscribe" in words] == ["survey"]


def test_who_has_answered_on_the_page_gets_no_mail(cast, monday):
    report = works(cast, monday)
    work(monday + HOUR)
    feedback.rate(report, 5, by=cast.ana.actor, at=monday + 2 * HOUR)
    assert surveys().get().state == "withdrawn"
    work(monday + 3 * HOUR)
    assert surveys().count() == 1


def test_open_again_it_was_not_asked_yet(cast, monday):
    report = works(cast, monday)
    work(monday + HOUR)
    actions.reopen(report, by=cast.ana.actor, at=monday + 2 * HOUR)
    work(monday + 2 * HOUR)
    assert surveys().get().state == "withdrawn"
    assert not Survey.objects.exists()
    actions.solve(fresh(report), cause="c", solution="s", by=cast.dora.actor, at=monday + 3 * HOUR)
    actions.confirm(fresh(report), "yes", by=cast.ana.actor, at=monday + 4 * HOUR)
    work(monday + 4 * HOUR)
    assert sorted(surveys().values_list("state", flat=True)) == ["queued", "withdrawn"]


def test_a_question_that_has_left_is_not_asked_a_second_time(cast, monday):
    report = works(cast, monday)
    work(monday + HOUR)
    surveys().update(state="sent", sent_at=monday + DAY)
    actions.reopen(report, by=cast.ana.actor, at=monday + 2 * DAY)
    work(monday + 2 * DAY)
    actions.solve(fresh(report), cause="c", solution="s", by=cast.dora.actor, at=monday + 3 * DAY)
    actions.confirm(fresh(report), "yes", by=cast.ana.actor, at=monday + 4 * DAY)
    work(monday + 4 * DAY)
    assert surveys().count() == 1


@pytest.mark.parametrize("why", ["refused", "dead address", "machine", "no address", "switched off"])
def test_some_are_never_asked_by_mail(cast, monday, why):
    report = file_report(cast, monday)
    if why == "refused":
        wishes.refuse_surveys(cast.ana, True, by=cast.ana.actor, at=monday)
    if why == "dead address":
        Contact.objects.filter(pk=cast.ana.pk).update(mail_problem="no such user")
    if why == "machine":
        Report.objects.filter(pk=report.pk).update(is_from_machine=True)
    if why == "no address":
        Contact.objects.filter(pk=cast.ana.pk).update(email=None)
    if why == "switched off":
        terms.change(terms.Terms(mails=False), by=cast.emil.actor, at=monday, reason="Too many mails.")
    actions.solve(fresh(report), cause="c", solution="s", by=cast.dora.actor, at=monday)
    actions.confirm(fresh(report), "yes", by=cast.ana.actor, at=monday + HOUR)
    work(monday + HOUR)
    assert not surveys().exists()
    assert feedback.may_rate(fresh(report))


def test_what_was_closed_without_its_reporter_asks_nobody(cast, monday):
    duplicate, silent = file_report(cast, monday), solved(cast, monday, key="ana-0002")
    actions.close(duplicate, reason="duplicate", words="It goes on there.", by=cast.dora.actor, at=monday + HOUR)
    actions.close(silent, reason="silence", by=cast.dora.actor, at=monday + DAY)
    work(monday + DAY)
    assert not surveys().exists()
    assert not Survey.objects.exists()


def test_a_wish_is_taken_back_as_easily(cast, monday):
    token = wishes.unsubscribe_address(cast.ana).rstrip("/").rsplit("/", 1)[1].replace("%3A", ":")
    assert wishes.contact_of(token) == cast.ana
    assert wishes.contact_of(token[:-1]) is None
    wishes.refuse_surveys(cast.ana, True, by=cast.ana.actor, at=monday)
    wishes.refuse_surveys(cast.ana, False, by=cast.ana.actor, at=monday)
    assert wishes.of(cast.ana).no_surveys_at is None
