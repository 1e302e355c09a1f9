"""How were you served: from the mail and from the page, one click, without scripts; looking changes nothing."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client

from makegood.life.aftercare import actions, feedback, recovery, terms, wishes
from makegood.life.aftercare.models import Csat, Recovery
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.life.aftercare.after import HOUR, rated, solved, works
from tests.life.case import work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def asked(cast, monday):
    """It works for Ana, and the mail that asks her how she was served is out."""
    report = works(cast, monday)
    work(monday + HOUR)
    return report


@pytest.fixture
def at(monday):
    with time_machine.travel(monday + 2 * DAY, tick=False):
        yield monday + 2 * DAY


def links(text):
    return [address.split("//", 1)[1].split("/", 1)[1] for address in re.findall(r"https?://\S+/(?:how|now)/\d/", text)]


def arrive(mail, score, name="how"):
    """A browser that has followed the link of the mail for ``score``."""
    browser = Client()
    path = next(path for path in links(mail.text) if path.endswith(f"{name}/{score}/"))
    answer = browser.get(f"/{path}")
    assert answer.status_code == 302
    assert path.split("/")[1] not in answer["Location"], "the secret is taken out of the address"
    return browser, answer["Location"]


def test_the_mail_s_link_chooses_and_one_click_answers(asked, at):
    browser, to = arrive(OutgoingMail.objects.get(purpose="survey"), 4)
    for _turn in range(3):
        page = browser.get(to).content.decode()
    assert not Csat.objects.exists()
    assert re.search(r'btn--primary" name="score" value="4"', page)
    done = browser.post(to.partition("?")[0], {"score": "4"})
    assert done["Location"] == to.partition("?")[0]
    assert Csat.objects.get().score == 4
    assert "What was it about?" in browser.get(done["Location"]).content.decode()


def test_the_second_click_shows_the_first_answer(asked, at):
    browser, to = arrive(OutgoingMail.objects.get(purpose="survey"), 2)
    path = to.partition("?")[0]
    browser.post(path, {"score": "2"})
    browser.post(path, {"reason": ["speed", "fix"], "words": "Slow.", "effort": "3"})
    browser.post(path, {"score": "5"})
    browser.post(path, {"words": "Other words.", "effort": "7"})
    other, _to = arrive(OutgoingMail.objects.get(purpose="survey"), 5)
    other.post(path, {"score": "5"})
    row = Csat.objects.get()
    assert (row.score, row.reasons, row.words, row.effort) == (2, ["speed", "fix"], "Slow.", 3)
    page = other.get(path).content.decode()
    assert "Your answer: <b>Badly</b>" in page
    assert "Slow." in page
    assert 'name="score"' not in page


def test_first_of_all_whether_it_works(cast, monday, at):
    report = solved(cast, monday)
    mail = OutgoingMail.objects.filter(report=report, purpose="reply").latest("id")
    token = re.search(r"/r/([\w-]{20,})/", mail.text)[1]
    browser = Client()
    browser.get(f"/r/{token}/how/5/")
    path = f"/r/MG-{report.pk}/rate/"
    page = browser.get(path).content.decode()
    assert "First of all: does it work for you?" in page
    assert 'name="score"' not in page
    browser.post(path, {"score": "5"})
    assert not Csat.objects.exists()
    answer = browser.post(f"/r/MG-{report.pk}/solved/", {"answer": "yes", "then": "rate"})
    assert answer["Location"] == path
    assert 'name="score"' in browser.get(path).content.decode()


def test_while_we_are_at_work_nobody_is_asked(asked, cast, monday, at):
    actions.reopen(asked, by=cast.ana.actor, at=at)
    browser, to = arrive(OutgoingMail.objects.get(purpose="survey"), 5)
    assert "We are still at work on your report" in browser.get(to).content.decode()


def test_the_effort_can_be_switched_off(asked, cast, at):
    browser, to = arrive(OutgoingMail.objects.get(purpose="survey"), 5)
    path = to.partition("?")[0]
    browser.post(path, {"score": "5"})
    assert 'name="effort"' in browser.get(path).content.decode()
    terms.change(terms.Terms(asks_effort=False), by=cast.emil.actor, at=at, reason="Shorter.")
    assert 'name="effort"' not in browser.get(path).content.decode()


def test_words_too_long_are_refused_and_kept(asked, at):
    browser, to = arrive(OutgoingMail.objects.get(purpose="survey"), 3)
    path = to.partition("?")[0]
    browser.post(path, {"score": "3"})
    answer = browser.post(path, {"words": "x" * 5001, "effort": "2"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Error:" in page
    assert 'id="id_why_words_error"' in page
    assert "x" * 5001 in page
    assert Csat.objects.get().words == ""


def test_nobody_else_answers_for_them(asked, at):
    assert Client().get(f"/r/MG-{asked.pk}/rate/").status_code == 404
    assert Client().post(f"/r/MG-{asked.pk}/rate/", {"score": "1"}).status_code == 404
    assert Client().get("/r/nonsense/how/5/").status_code == 404
    browser, _to = arrive(OutgoingMail.objects.get(purpose="survey"), 5)
    assert browser.get("/r/whatever/how/9/").status_code == 404
    for score in ("0", "6", "x", "55", ""):
        browser.post(f"/r/MG-{asked.pk}/rate/", {"score": score})
    assert not Csat.objects.exists()


def test_after_a_recovery_they_say_how_it_is_now(cast, monday, at):
    report = rated(cast, monday, 1)
    work(monday + 2 * HOUR)
    recovery.keep_call(
        Recovery.objects.get(), outcome="made_good", asks_again=True, by=cast.emil.actor, at=monday + DAY
    )
    mail = OutgoingMail.objects.get(key__startswith="survey-again")
    browser, to = arrive(mail, 4, "now")
    assert "How do you feel about it now?" in browser.get(to).content.decode()
    path = to.partition("?")[0]
    browser.post(path, {"score": "5"})
    browser.post(path, {"again": "4"})
    browser.post(path, {"again": "1"})
    assert (Csat.objects.get().score, Recovery.objects.get().score_after) == (1, 4)
    assert feedback.to_rate_again(report) is None


def test_one_press_ends_such_mails_also_without_a_cookie(cast, monday, at):
    path = unquote(wishes.unsubscribe_address(cast.ana).split("//", 1)[1].split("/", 1)[1])
    browser = Client(enforce_csrf_checks=True)
    for _turn in range(3):
        assert browser.get(f"/{path}").status_code == 200
    assert wishes.of(cast.ana).no_surveys_at is None
    assert browser.post(f"/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    browser.post(f"/{path}", {"List-Unsubscribe": "One-Click"})
    assert wishes.of(cast.ana).no_surveys_at == at
    assert LedgerEntry.objects.filter(kind="survey.refused").count() == 1
    browser.post(f"/{path}", {"again": "1"})
    assert wishes.of(cast.ana).no_surveys_at is None
    assert browser.get("/no-surveys/made-up/").status_code == 404
