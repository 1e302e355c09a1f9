"""Whatever goes wrong when Ana sends something from her page, her words are there, and no promise is empty."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from makegood.doors.portal import speak, telling
from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare.models import Resolution
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis.models import Answer, Question
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.promises.models import Promise
from makegood.life.reports.models import LedgerEntry, Report
from makegood.life.updates import actions as updates

from .test_form import PIXEL

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "It is still white.\nAnd the button is gone."


@pytest.fixture
def report(browser, monday):
    """Ana's report, opened in her browser."""
    told = Told(what="Sign-in fails", idempotency_key="k" * 32, name="Ana Alvarez", email="ana@example.org")
    filed = intake.file(told, at=monday)
    browser.get(f"/r/{filed.token}/")
    return filed.report


@pytest.fixture
def asked(report, desk, monday):
    """Dora has asked one thing."""
    question = Question.objects.get(slug="began-at")
    updates.ask(report, [question], "One question:", by=desk.dora.actor, at=monday, undo=timedelta(0))
    return question


def solve(report, desk, at):
    return aftercare.solve(report, cause="a bug", solution="repaired", words="Repaired.", by=desk.dora.actor, at=at)


def path(report, verb):
    return f"/r/MG-{report.pk}/{verb}/"


@pytest.mark.parametrize(("verb", "field"), [("say", "body"), ("solved", "words"), ("answer", "answer_began-at")])
def test_a_page_left_open_overnight_gives_the_words_back(report, verb, field):
    late = Client().post(path(report, verb), {field: WORDS, "answer": "no"})
    assert late.status_code == 404
    page = late.content.decode()
    assert WORDS in page
    assert "It has not been sent" in page


def test_only_looking_shows_no_words_of_anybody(report):
    assert "<textarea" not in Client().get(f"/r/MG-{report.pk}/?body=planted").content.decode()


def test_an_answer_too_long_comes_back_whole(browser, report, asked):
    words = "word " * diagnosis.MAX_ANSWER
    answer = browser.post(path(report, "answer"), {"answer_began-at": words + "the end"})
    assert answer.status_code == 422
    assert "the end</textarea>" in answer.content.decode()
    assert not Answer.objects.exists()


def test_an_answer_to_a_report_closed_meanwhile_opens_it_again(browser, report, asked, desk, monday, clock):
    aftercare.close(report, reason="silence", by=desk.dora.actor, at=monday + HOUR)
    clock.move_to(monday + 2 * HOUR)
    browser.post(path(report, "answer"), {"answer_began-at": "Since Friday"})
    assert Report.objects.get().state == "investigating"
    assert Answer.objects.get().text == "Since Friday"
    assert Promise.objects.filter(state__in=Promise.PENDING).exists()


def test_an_answer_to_a_solved_report_is_owed_a_word(browser, report, asked, desk, monday, clock):
    solve(report, desk, monday)
    before = Promise.objects.filter(kind="hear_back").count()
    clock.move_to(monday + HOUR)
    browser.post(path(report, "answer"), {"answer_began-at": "Since Friday"})
    assert Promise.objects.filter(kind="hear_back", state__in=Promise.PENDING).count() > 0
    assert Promise.objects.filter(kind="hear_back").count() == before + 1


def test_an_answer_weeks_after_closing_stands_in_the_box_that_opens_a_new_report(
    browser, report, asked, desk, monday, clock
):
    aftercare.close(report, reason="silence", by=desk.dora.actor, at=monday)
    Report.objects.update(closed_at=monday - 20 * DAY)
    answer = browser.post(path(report, "answer"), {"answer_began-at": "Since Friday"})
    assert answer.status_code == 422
    assert "Since Friday</textarea>" in answer.content.decode()
    assert not Answer.objects.exists()


def test_a_no_that_comes_too_late_keeps_its_words(browser, report, desk, monday, clock):
    solve(report, desk, monday)
    aftercare.close(report, reason="silence", by=desk.dora.actor, at=monday + HOUR)
    Report.objects.update(closed_at=monday - 20 * DAY)
    clock.move_to(monday + 2 * HOUR)
    answer = browser.post(path(report, "solved"), {"answer": "no", "words": WORDS})
    assert answer.status_code == 422
    assert f"{WORDS}</textarea>" in answer.content.decode()
    assert "closed for more than two weeks. Send it as a message" in answer.content.decode()


def test_a_second_click_on_no_is_the_first_and_other_words_are_kept(browser, report, desk, monday, clock):
    solve(report, desk, monday)
    clock.move_to(monday + HOUR)
    for _click in range(2):
        answer = browser.post(path(report, "solved"), {"answer": "no", "words": WORDS})
        assert answer.status_code == 302
    assert report.messages.filter(said_by="contact", body=WORDS).count() == 1
    assert Report.objects.get().reopened_count == 1
    late = browser.post(path(report, "solved"), {"answer": "no", "words": "Something else"})
    assert late.status_code == 422
    assert "Something else</textarea>" in late.content.decode()


def test_words_beside_the_verdict_are_never_cut(browser, report, desk, monday, clock):
    solve(report, desk, monday)
    clock.move_to(monday + HOUR)
    browser.post(path(report, "solved"), {"answer": "no", "words": "x" * 7_000 + " the end"})
    assert report.messages.filter(body__endswith="the end").exists()


def test_nobody_is_told_that_we_ask_again_about_what_is_closed(browser, report, desk, monday, clock):
    solve(report, desk, monday)
    aftercare.close(report, reason="silence", by=desk.dora.actor, at=monday + HOUR)
    clock.move_to(monday + 2 * HOUR)
    answer = browser.post(path(report, "solved"), {"answer": "not_yet", "words": WORDS})
    page = answer.content.decode()
    assert "We ask again" not in page
    assert "closed meanwhile" in page
    assert f"{WORDS}</textarea>" in page
    assert Resolution.objects.get().answer == ""
    assert not LedgerEntry.objects.filter(kind="report.not_checked_yet").exists()


def test_more_files_than_go_with_a_message_are_named(browser, report):
    files = [SimpleUploadedFile(f"p{n}.png", PIXEL, "image/png") for n in range(speak.MOST_FILES + 2)]
    answer = browser.post(path(report, "say"), {"body": "See here", "files": files})
    assert answer.status_code == 422
    assert "p10.png, p11.png" in answer.content.decode()
    assert report.attachments.count() == speak.MOST_FILES


def test_a_message_with_a_file_sent_by_two_clicks_holds_the_file_once(browser, report):
    for _click in range(2):
        file = SimpleUploadedFile("error.png", PIXEL, "image/png")
        browser.post(path(report, "say"), {"body": "See here", "files": [file], "key": "k" * 22})
    assert report.messages.filter(said_by="contact", body="See here").count() == 1
    assert report.attachments.count() == 1


def test_who_sent_words_with_a_bad_file_is_told_that_the_words_arrived(browser, report):
    file = SimpleUploadedFile("tool.exe", b"MZ" + b"\0" * 200, "application/octet-stream")
    page = browser.post(path(report, "say"), {"body": "See here", "files": [file]}).content.decode()
    assert "Your words have reached us." in page
    assert report.messages.filter(body="See here").count() == 1


def test_a_refusal_stands_at_its_field_too_and_only_there(browser, report):
    page = browser.post(path(report, "say"), {"body": " "}).content.decode()
    assert 'id="id_body_error"' in page
    assert 'id="id_files_error"' not in page


def test_a_large_number_is_written_as_the_reader_writes_it():
    with translation.override("de"):
        assert "20.000" in telling.too_long_words(20_000)
    with translation.override("en"):
        assert "20,000" in telling.too_long_words(20_000)
