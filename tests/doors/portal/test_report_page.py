"""Ana's page: opened by a secret link, honest, hers alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.doors.portal import status
from makegood.life.aftercare import actions as aftercare
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis.models import Answer, Question, SafeStep
from makegood.life.intake import actions as intake
from makegood.life.intake import logins
from makegood.life.intake.telling import Told
from makegood.life.promises import actions as promises
from makegood.life.reports import access, conversation
from makegood.life.reports import actions as reports
from makegood.life.reports.models import AccessLink, Category, LedgerEntry, Report

from .test_form import PIXEL

pytestmark = pytest.mark.django_db
SENTINEL = "zebra-sentinel-4711"


@pytest.fixture
def filed(browser, desk, monday):
    """Ana's report, opened in her browser."""
    told = Told(what="Sign-in fails", idempotency_key="k" * 32, name="Ana Alvarez", email="ana@example.org")
    found = intake.file(told, at=monday)
    browser.get(f"/r/{found.token}/")
    return found


def without_token(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def page_of(browser, filed):
    return browser.get(f"/r/MG-{filed.report.pk}/").content.decode()


def test_the_secret_leaves_the_address_at_once(browser, desk, monday):
    told = Told(what="Sign-in fails", idempotency_key="k" * 32, email="ana@example.org")
    filed = intake.file(told, at=monday)
    answer = browser.get(f"/r/{filed.token}")
    assert answer["Location"] == f"/r/MG-{filed.report.pk}/"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert filed.token not in str(browser.cookies)
    assert filed.token not in page_of(browser, filed)
    assert browser.get("/r/")["Location"] == f"/r/MG-{filed.report.pk}/"


def test_nobody_else_sees_it_and_missing_looks_like_forbidden(browser, filed):
    stranger = Client()
    forbidden = stranger.get(f"/r/MG-{filed.report.pk}/")
    missing = stranger.get("/r/MG-999999/")
    unknown = stranger.get(f"/r/{'x' * 32}/")
    assert forbidden.status_code == missing.status_code == unknown.status_code == 404
    assert "This link does not open anything" in forbidden.content.decode()
    for verb in ("say", "answer", "tried", "solved", "rate", "works-now"):
        assert stranger.post(f"/r/MG-{filed.report.pk}/{verb}/").status_code == 404


def test_a_revoked_or_old_link_opens_nothing_any_more(browser, filed, desk, monday):
    AccessLink.objects.update(expires_at=monday - timedelta(seconds=1))
    assert browser.get(f"/r/MG-{filed.report.pk}/").status_code == 404
    AccessLink.objects.update(expires_at=monday + timedelta(days=1))
    assert browser.get(f"/r/MG-{filed.report.pk}/").status_code == 200
    access.revoke_links(filed.report, by=desk.dora.actor, at=monday)
    assert browser.get(f"/r/MG-{filed.report.pk}/").status_code == 404


def test_no_note_no_team_no_internal_file_ever_reaches_the_page(browser, filed, desk, monday):
    report = filed.report
    conversation.note(report, f"Note {SENTINEL}", by=desk.dora.actor, at=monday)
    report.attachments.create(
        name=f"{SENTINEL}.txt",
        media_type="text/plain",
        size=1,
        sha256="0",
        storage_key="x",
        is_internal=True,
        at=monday,
    )
    conversation.say(report, f"Withheld {SENTINEL}", by=desk.dora.actor, at=monday, undo=timedelta(seconds=10))
    desk.desk.name = SENTINEL
    desk.desk.save()
    for address in (f"/r/MG-{report.pk}/", f"/r/MG-{report.pk}/try/", f"/report/done/MG-{report.pk}/"):
        assert SENTINEL not in browser.get(address).content.decode()
    key = report.attachments.get().key
    assert browser.get(f"/r/MG-{report.pk}/files/{key}/").status_code == 404


def test_the_next_news_is_always_in_sight_and_lateness_is_owned(browser, filed, clock):
    assert "You hear from us by" in page_of(browser, filed)
    clock.move_to(filed.promised_at + timedelta(minutes=5))
    assert "We are late. That is on us." in page_of(browser, filed)


def test_ana_answers_with_words_and_a_picture(browser, filed):
    picture = SimpleUploadedFile("shot.png", PIXEL)
    answer = browser.post(f"/r/MG-{filed.report.pk}/say/", {"body": "Here it is", "files": picture, "key": "a"})
    assert answer.status_code == 302
    page = page_of(browser, filed)
    assert "Here it is" in page
    assert "shot.png" in page
    key = filed.report.attachments.get().key
    download = browser.get(f"/r/MG-{filed.report.pk}/files/{key}/")
    assert download["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download["Content-Security-Policy"]


def test_the_same_message_sent_twice_is_said_once(browser, filed):
    for _turn in range(2):
        browser.post(f"/r/MG-{filed.report.pk}/say/", {"body": "Hello", "key": "same"})
    assert filed.report.messages.filter(body="Hello").count() == 1


def test_a_refused_file_does_not_hold_the_words_back(browser, filed):
    bad = SimpleUploadedFile("virus.exe", b"MZ\x00\x01")
    answer = browser.post(f"/r/MG-{filed.report.pk}/say/", {"body": "My words", "files": bad})
    assert answer.status_code == 422
    assert "of a kind we do not take" in answer.content.decode()
    assert filed.report.messages.filter(body="My words").exists()


def test_an_empty_message_is_refused_in_words(browser, filed):
    answer = browser.post(f"/r/MG-{filed.report.pk}/say/", {"body": " "})
    assert answer.status_code == 422
    assert "There is nothing to send yet" in answer.content.decode()


def test_open_questions_are_cards_and_answers_land_at_their_question(browser, filed, desk, monday):
    question = Question.objects.filter(kind="text", is_general=True).exclude(fact="happened").first()
    diagnosis.ask(filed.report, [question], by=desk.dora.actor, at=monday)
    page = page_of(browser, filed)
    assert "One question for you" in page
    assert question.text_in("en") in page
    empty = browser.post(f"/r/MG-{filed.report.pk}/answer/", {})
    assert "Answer at least one" in empty.content.decode()
    browser.post(f"/r/MG-{filed.report.pk}/answer/", {f"answer_{question.slug}": "It says E42"})
    assert Answer.objects.get().text == "It says E42"
    assert "One question for you" not in page_of(browser, filed)


def test_words_of_ana_let_the_clock_go_on(browser, filed, desk, monday):
    promises.pause(filed.report, by=desk.dora.actor, at=monday, reason="asked")
    Report.objects.update(waiting_for_reporter=True)
    assert "We are waiting for your answer" in page_of(browser, filed)
    browser.post(f"/r/MG-{filed.report.pk}/say/", {"body": "Here"})
    assert "You hear from us by" in page_of(browser, filed)


def test_only_approved_steps_are_shown_and_outcomes_are_kept(browser, filed):
    address = f"/r/MG-{filed.report.pk}/try/"
    step = SafeStep.objects.get(slug="reload")
    assert step.title_in("en") in browser.get(address).content.decode()
    browser.post(f"/r/MG-{filed.report.pk}/tried/", {"step": "reload", "outcome": "did_not_help"})
    assert filed.report.trials.get().outcome == "did_not_help"
    assert LedgerEntry.objects.filter(kind="safe_step.tried").exists()
    refused = browser.post(
        f"/r/MG-{filed.report.pk}/tried/", {"step": "edit-registry", "outcome": "helped"}, follow=True
    )
    assert "not one of the safe steps" in refused.content.decode()
    SafeStep.objects.update(is_active=False)
    assert "Did it help?" not in browser.get(address).content.decode()


def test_the_alternative_of_the_category_is_offered(browser, filed):
    category = Category.objects.exclude(alternatives={}).first()
    Report.objects.update(category=category)
    words = category.alternatives["en"]
    assert words.split()[0] in page_of(browser, filed)
    assert "To get on meanwhile" in browser.get(f"/report/done/MG-{filed.report.pk}/").content.decode()


def test_any_address_gets_the_same_answer(browser, desk):
    known = browser.post("/find/", {"email": "ana@example.org"}, follow=True)
    unknown = browser.post("/find/", {"email": "nobody@example.org"}, follow=True)
    assert without_token(known) == without_token(unknown)
    assert known.redirect_chain == unknown.redirect_chain


def test_looking_up_takes_the_same_queries_for_any_address(browser, desk, django_assert_num_queries):
    browser.post("/find/", {"email": "first@example.org"})
    with CaptureQueriesContext(connection) as known:
        browser.post("/find/", {"email": "ana@example.org"})
    with django_assert_num_queries(len(known.captured_queries)):
        browser.post("/find/", {"email": "nobody@example.org"})


def test_the_list_opens_once_and_by_post_only(browser, filed, desk, monday):
    secret = logins.make(desk.ana, at=monday)
    other = Client()
    for _turn in range(3):
        assert other.get(f"/mine/{secret}/").status_code == 200
    answer = other.post(f"/mine/{secret}/show/", follow=True)
    assert "Sign-in fails" in answer.content.decode()
    assert other.get(f"/r/MG-{filed.report.pk}/").status_code == 200
    assert Client().post(f"/mine/{secret}/show/").status_code == 404
    other.post("/mine/leave/")
    assert other.get("/mine/")["Location"] == "/find/"


def test_not_solved_opens_it_again_more_urgently(browser, filed, desk, monday):
    aftercare.solve(
        filed.report,
        cause="a bug",
        solution="repaired",
        words="We repaired the sign-in.",
        by=desk.dora.actor,
        at=monday,
    )
    clock_later = monday + timedelta(minutes=1)
    with time_machine.travel(clock_later, tick=False):
        page = page_of(browser, filed)
        assert "Is it solved for you?" in page
        assert "We repaired the sign-in." in page
        browser.post(f"/r/MG-{filed.report.pk}/solved/", {"answer": "no", "words": "It still fails"})
        page = page_of(browser, filed)
    assert "It still fails" in page
    assert "Is it solved for you?" not in page
    report = Report.objects.get()
    assert (report.state, report.severity, report.reopened_count) == ("investigating", "high", 1)


def test_it_works_and_one_question_on_how_we_did(browser, filed, desk, monday):
    aftercare.solve(filed.report, cause="a bug", solution="repaired", words="Repaired.", by=desk.dora.actor, at=monday)
    address = f"/r/MG-{filed.report.pk}"
    with time_machine.travel(monday + timedelta(minutes=1), tick=False):
        for _turn in range(3):
            browser.get(f"{address}/")
        assert not LedgerEntry.objects.filter(kind="report.confirmed").exists()
        browser.post(f"{address}/solved/", {"answer": "yes"})
        assert "How well were you looked after?" in page_of(browser, filed)
        browser.post(f"{address}/rate/", {"score": "5", "words": "Quick"})
        browser.post(f"{address}/rate/", {"score": "1"})
        assert "Thank you for telling us how we did" in page_of(browser, filed)
    assert filed.report.csat.score == 5


def test_a_step_that_helped_may_close_it(browser, filed):
    page = browser.post(f"/r/MG-{filed.report.pk}/tried/", {"step": "reload", "outcome": "helped"})
    assert "Please go on looking" in page.content.decode()
    assert Report.objects.get().state == "received"
    browser.post(f"/r/MG-{filed.report.pk}/works-now/")
    assert Report.objects.get().state == "closed"
    assert "This report is closed" in page_of(browser, filed)


def test_the_page_needs_the_same_number_of_queries_for_any_number_of_messages(
    browser, filed, monday, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as few:
        page_of(browser, filed)
    assert len(few.captured_queries) <= 18
    for number in range(20):
        conversation.say(filed.report, f"Message {number}", by=filed.report.contact.actor, at=monday)
    with django_assert_num_queries(len(few.captured_queries)):
        page_of(browser, filed)


def test_the_page_says_why_this_time_and_nothing_of_what_is_ours_alone(browser, filed, desk, monday):
    page = page_of(browser, filed)
    assert "Why this time?" in page
    assert "Answer from us within 2 business hours." in page
    owed = filed.report.promises.get(kind="hear_back")
    sooner = owed.due_at - timedelta(minutes=20)
    promises.move(owed, by=desk.dora.actor, at=monday, due_at=sooner, reason="He shouted on the phone.")
    page = page_of(browser, filed)
    assert "Timed anew on" in page
    assert "shouted" not in page
    assert "Dora" not in page
    german = browser.get(f"/r/MG-{filed.report.pk}/", headers={"accept-language": "de"}).content.decode()
    assert "Warum diese Zeit?" in german
    assert "Neu festgesetzt am" in german


def test_gets_change_nothing(browser, filed):
    before = list(Report.objects.values()), LedgerEntry.objects.count(), list(AccessLink.objects.values())
    for address in (
        f"/r/{filed.token}/",
        f"/r/MG-{filed.report.pk}/",
        f"/r/MG-{filed.report.pk}/try/",
        "/mine/",
        "/r/",
    ):
        browser.get(address)
    assert before == (list(Report.objects.values()), LedgerEntry.objects.count(), list(AccessLink.objects.values()))


def test_too_many_messages_wait_and_lose_nothing(browser, filed, monkeypatch):
    monkeypatch.setattr("makegood.doors.portal.allowance.WORDS", 1)
    browser.post(f"/r/MG-{filed.report.pk}/say/", {"body": "One"})
    answer = browser.post(f"/r/MG-{filed.report.pk}/say/", {"body": "Two precious words"})
    assert answer.status_code == 429
    assert "Two precious words</textarea>" in answer.content.decode()


def closed_long_ago(browser, filed, monday):
    browser.post(f"/r/MG-{filed.report.pk}/works-now/")
    Report.objects.update(closed_at=monday - timedelta(days=30))
    return f"/r/MG-{filed.report.pk}/say/"


def test_words_on_a_report_closed_long_ago_begin_a_new_one_that_goes_on_from_it(browser, filed, monday):
    address = closed_long_ago(browser, filed, monday)
    assert "a new report that goes on from this one" in page_of(browser, filed)
    picture = SimpleUploadedFile("shot.png", PIXEL)
    answer = browser.post(address, {"body": "It came back", "key": "late-key", "files": picture}, follow=True)
    new = Report.objects.latest("id")
    assert answer.redirect_chain == [(f"/r/MG-{new.pk}/", 302)]
    assert (new.follows, new.contact, new.state) == (filed.report, filed.report.contact, "received")
    assert new.messages.get().body == "It came back"
    assert new.attachments.get().name == "shot.png"
    assert "It came back" in answer.content.decode()
    assert f"we opened {new.number} for you" in answer.content.decode()
    filed.report.refresh_from_db()
    assert filed.report.state == "closed"
    browser.post(address, {"body": "It came back", "key": "late-key"})
    assert Report.objects.count() == 2


def test_late_words_that_are_none_are_refused_like_others(browser, filed, monday):
    answer = browser.post(closed_long_ago(browser, filed, monday), {"body": " "})
    assert answer.status_code == 422
    assert Report.objects.count() == 1


def test_opened_again_the_steps_begin_anew_with_that_date(browser, filed, desk, monday, clock):
    """What was said to be found has proved not to be: no later step keeps a date, and this one has today's."""
    aftercare.solve(filed.report, cause="a bug", solution="repaired", by=desk.dora.actor, at=monday)
    clock.move_to(monday + timedelta(hours=2))
    browser.post(f"/r/MG-{filed.report.pk}/solved/", {"answer": "no"})
    report = Report.objects.get()
    assert status.dates(report) == {0: report.received_at, 1: monday + timedelta(hours=2)}


def test_a_report_taken_back_does_not_say_that_its_cause_was_found(browser, filed, desk, monday):
    page = page_of(browser, filed)
    assert "Cause found" in page
    browser.post(f"/r/MG-{filed.report.pk}/works-now/")
    page = page_of(browser, filed)
    assert "This report is closed" in page
    assert "Cause found" not in page


@pytest.fixture
def asked(browser, desk, monday):
    """Ana's question, opened in her browser."""
    told = Told(
        what="Where are my letters?", kind="question", idempotency_key="q" * 32, name="Ana", email="ana@example.org"
    )
    found = intake.file(told, at=monday)
    browser.get(f"/r/{found.token}/")
    return found


def test_a_question_walks_in_its_own_words(browser, asked, desk, monday):
    page = page_of(browser, asked)
    for words in ("Your question", "Being answered", "Answered", "Confirmed"):
        assert words in page
    for words in ("Your report", "Cause found", "Fix on its way", "Solved"):
        assert words not in page
    aftercare.solve(asked.report, solution="In your inbox.", by=desk.dora.actor, at=monday)
    page = page_of(browser, asked)
    assert "Does that answer your question?" in page
    assert "Is it solved for you?" not in page
    browser.post(f"/r/MG-{asked.report.pk}/solved/", {"answer": "yes"})
    page = page_of(browser, asked)
    assert "This question is closed" in page
    assert page.count("progress__step--done") == 4
    assert {3, 2, 1, 0} == set(status.dates(Report.objects.get()))


def test_a_question_walks_in_german_words_too(browser, asked):
    page = browser.get(f"/r/MG-{asked.report.pk}/", headers={"accept-language": "de"}).content.decode()
    for words in ("Ihre Frage", "Eingegangen", "Wird beantwortet", "Beantwortet", "Bestätigt"):
        assert words in page
    assert "Geantwortet" not in page


def test_a_question_closed_without_a_word_does_not_say_confirmed(browser, asked, desk, monday):
    aftercare.solve(asked.report, solution="In your inbox.", by=desk.dora.actor, at=monday)
    aftercare.close(Report.objects.get(), reason="silence", by=desk.dora.actor, at=monday + timedelta(days=9))
    page = page_of(browser, asked)
    assert "Confirmed" not in page
    assert page.count("progress__step--done") == 3


def test_what_was_an_error_first_is_a_question_at_every_step(browser, filed, desk, monday):
    reports.set_state(filed.report, "cause_found", by=desk.dora.actor, at=monday)
    reports.set_kind(filed.report, "question", by=desk.dora.actor, at=monday, reason="Nothing is broken")
    page = page_of(browser, filed)
    assert "Cause found" not in page
    assert "Being answered" in page
    assert Report.objects.get().get_state_display() == "being answered"
