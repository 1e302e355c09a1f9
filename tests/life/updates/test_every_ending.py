"""Every message to a reporter names when they hear next, or says that it is the last: all moments, both languages."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from makegood.lib.texts import in_language
from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import words
from makegood.life.beginning import begin
from makegood.life.diagnosis.models import Question
from makegood.life.promises import kinds, reasons
from makegood.life.promises.explain import explain
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import next_news, promised_time
from makegood.life.reports.models import Message, OutgoingMail, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import automatic, closing, scripts
from makegood.life.updates.models import Script
from tests.again import again

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
# Not messages on a report: what an agent reads aloud, and the link to the list of one's reports.
OTHER = {"follow_up_call", "follow_up_call_works", "recovery_call", "link_again"}
VALUES = dict.fromkeys(("questions", "solution", "to_do", "missed_time", "news", "made_good_with"), "something")


@pytest.fixture(params=["en", "de"])
def case(report, monday, request):
    again(lambda: begin(monday), monday)
    Report.objects.filter(pk=report.pk).update(language=request.param)
    report.refresh_from_db()
    return report


def names_or_ends(report, body, named, at):
    if named is None:
        return in_language(closing.FINAL_LINE, report.language) in body
    return scripts.told_time(report, named, now=at) in body


@pytest.mark.parametrize("moment", sorted(set(scripts.MOMENTS) - OTHER))
def test_of_whatever_moment_it_is(case, cast, monday, moment):
    next_at = promised_time(kinds.NEXT_UPDATE, case.severity, monday)
    said = automatic.say(case, moment, at=monday, next_at=next_at, values=VALUES)
    assert names_or_ends(case, said.body, next_at, monday)
    draft = scripts.render(moment, case, now=monday, by=cast.dora.actor, values=VALUES).body
    prepared = updates.prepare(case, scripts.drop_gaps(draft, scripts.OPTIONAL), by=cast.dora.actor, at=monday)
    assert names_or_ends(case, prepared.body, prepared.named_time, monday)


@pytest.mark.parametrize("moment", sorted({"acknowledgement", "answer_reminder", "promise_broken"}))
def test_even_with_words_from_before_they_were_checked(case, monday, moment):
    Script.objects.filter(moment=moment).update(bodies={"en": "Thank you.", "de": "Danke."})
    next_at = monday + timedelta(hours=3)
    said = automatic.say(case, moment, at=monday, next_at=next_at)
    assert names_or_ends(case, said.body, next_at, monday)
    assert (said.named_time, said.is_final) == (next_at, False)


@pytest.mark.parametrize("moment", sorted(words.PLAIN))
def test_the_plain_words_too_where_every_script_is_off(case, cast, monday, moment):
    Script.objects.update(is_active=False)
    plain = words.words_for(moment, case, by=cast.dora.actor, at=monday)
    said = words.complete(plain, solution="Made room.", to_do="")
    prepared = updates.prepare(case, said, by=cast.dora.actor, at=monday)
    assert names_or_ends(case, prepared.body, prepared.named_time, monday)


def test_the_reminder_of_questions_names_when_we_go_on_without_the_answers(case, cast, monday):
    updates.ask(case, [Question.objects.get(slug="steps")], "?", by=cast.dora.actor, at=monday)
    then = monday + timedelta(days=2, minutes=1)
    assert automatic.remind_of_questions(then) == 1
    said = Message.objects.filter(report=case).latest("id")
    assert said.named_time > monday + timedelta(days=7)
    assert names_or_ends(case, said.body, said.named_time, then)
    owed = Promise.objects.get(report=case, due_at=said.named_time)
    assert (owed.kind, owed.state) == (kinds.NEXT_UPDATE, "paused")
    assert Report.objects.get(pk=case.pk).owed_state == "paused"
    assert automatic.remind_of_questions(monday + timedelta(days=7, minutes=1)) == 1
    owed.refresh_from_db()
    assert (owed.state, owed.due_at) == ("open", said.named_time)


def test_why_the_clock_stands_still_after_a_reminder_is_said_in_the_language_of_the_reader(case, cast, monday):
    updates.ask(case, [Question.objects.get(slug="steps")], "?", by=cast.dora.actor, at=monday)
    with override("de"):
        automatic.remind_of_questions(monday + timedelta(days=2, minutes=1))
    owed = Promise.objects.filter(report=case, kind=kinds.NEXT_UPDATE, state="paused").latest("id")
    assert set(owed.steps.exclude(reason="").values_list("reason", flat=True)) == {reasons.WAITING_FOR_REPORTER}
    for language, told in (
        ("de", "Wartet auf die Antwort der meldenden Person."),
        ("en", reasons.WAITING_FOR_REPORTER),
    ):
        assert told in " ".join(explain(owed, language, BERLIN))


def test_a_reminder_names_what_is_running_already(case, cast, monday):
    updates.ask(case, [Question.objects.get(slug="steps")], "?", by=cast.dora.actor, at=monday)
    then = monday + timedelta(days=2, minutes=1)
    updates.reply(case, "One more thing.", by=cast.dora.actor, at=then, next_at=then + timedelta(hours=2))
    automatic.remind_of_questions(then + timedelta(minutes=1))
    assert Message.objects.filter(report=case).latest("id").named_time == then + timedelta(hours=2)


def test_an_acknowledgement_so_late_that_the_promise_has_passed_makes_a_new_one(case, monday):
    then = monday + timedelta(days=3)
    automatic.acknowledge(case.ledger.get(kind="report.received"), then)
    said = Message.objects.filter(report=case, said_by="system").latest("id")
    assert said.named_time > then
    assert names_or_ends(case, said.body, said.named_time, then)
    assert case.promises.filter(due_at=said.named_time, state="open").exists()


def test_the_question_how_they_were_served_says_what_still_comes(case, cast, monday):
    aftercare.solve(case, by=cast.dora.actor, at=monday, cause="A full disk.", solution="Made room.")
    assert names_or_ends(case, closing.as_owed(case, "How?", at=monday), next_news(case).due_at, monday)
    aftercare.confirm(case, "yes", by=case.contact.actor, at=monday + timedelta(hours=1))
    aftercare.follow_up(case, way="call", outcome="works", by=cast.dora.actor, at=monday + timedelta(hours=2))
    assert names_or_ends(case, closing.as_owed(case, "How?", at=monday + timedelta(hours=3)), None, monday)
    for mail in OutgoingMail.objects.filter(report=case, purpose="survey"):
        assert in_language(closing.FINAL_LINE, case.language)[:20] in mail.text
