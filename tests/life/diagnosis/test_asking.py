from datetime import timedelta

import pytest

from makegood.life.diagnosis import actions, queries
from makegood.life.diagnosis.actions import AlreadyKnown, NotAnAnswer, NothingAsked
from makegood.life.diagnosis.models import AskRequest
from makegood.life.promises.queries import open_promises
from makegood.life.reports.models import Report
from makegood.life.updates import actions as updates

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


@pytest.fixture
def asked(report, cast, monday, question):
    """Dora asked Ana for the steps and for whether it happens again."""
    wanted = [question("steps"), question("repeatable")]
    return updates.ask(report, wanted, "Please: {{ questions }}", by=cast.dora.actor, at=monday)


def waiting(report):
    return Report.objects.get(pk=report.pk).waiting_for_reporter


def test_one_message_asks_everything_and_the_clock_waits(asked, report):
    body = asked.message.body
    assert "1. What did you do just before it happened" in body
    assert "2. Does it happen again" in body
    assert waiting(report)
    assert {promise.state for promise in open_promises(report)} == {"paused"}


def test_the_questions_are_cards_for_the_reporter(asked, report):
    assert [card.question.slug for card in queries.open_questions(report)] == ["steps", "repeatable"]


def test_an_answer_gives_us_the_ball_and_settles_its_question(asked, report, cast, monday):
    actions.answer_many(report, {"steps": "I pressed Claims."}, by=cast.ana.actor, at=monday + LATER)
    assert [card.question.slug for card in queries.open_questions(report)] == ["repeatable"]
    assert not waiting(report)
    assert {promise.state for promise in open_promises(report)} == {"open"}
    assert AskRequest.objects.get().state == "open"


def test_the_last_answer_settles_the_request(asked, report, cast, monday):
    given = {"steps": "I pressed Claims.", "repeatable": "always"}
    actions.answer_many(report, given, by=cast.ana.actor, at=monday + LATER)
    assert AskRequest.objects.get().state == "answered"
    assert report.ledger.filter(kind="questions.answered").count() == 1


def test_the_answers_are_read_in_the_conversation(asked, report, cast, monday):
    actions.answer_many(report, {"repeatable": "always"}, by=cast.ana.actor, at=monday + LATER)
    said = report.messages.latest("id")
    assert said.body == "Does it happen again when you try?\nEvery time"
    assert said.said_by == "contact"


def test_what_is_known_is_never_asked(report, cast, monday, question):
    with pytest.raises(AlreadyKnown, match="Firefox 143"):
        updates.ask(report, [question("browser")], "Please tell us.", by=cast.dora.actor, at=monday)
    assert not report.messages.filter(said_by="agent").exists()
    assert not waiting(report)


def test_nothing_asked_is_refused(report, cast, monday):
    with pytest.raises(NothingAsked):
        updates.ask(report, [], "Please tell us.", by=cast.dora.actor, at=monday)


def test_taking_the_question_back_withdraws_the_request(asked, report, cast, monday):
    updates.unsay(asked.message, by=cast.dora.actor, at=monday + timedelta(seconds=3))
    assert AskRequest.objects.get().state == "withdrawn"
    assert not waiting(report)
    assert {promise.state for promise in open_promises(report)} == {"open"}


def test_asking_twice_with_one_key_asks_once(report, cast, monday, question):
    for _ in range(2):
        updates.ask(
            report, [question("steps")], "Please tell us.", by=cast.dora.actor, at=monday, idempotency_key="same"
        )
    assert AskRequest.objects.count() == 1
    assert report.messages.filter(said_by="agent").count() == 1


def test_the_builder_shows_what_is_open_what_is_known_and_what_was_asked(asked, report):
    choices = {choice.question.slug: choice for choice in queries.choices(report)}
    assert choices["browser"].known == "Firefox 143"
    assert choices["how-bad"].known == "blocked"
    assert choices["steps"].is_open
    assert not choices["expected"].known
    assert "reference-code" in choices
    assert "search-words" not in choices


def test_the_newest_answer_counts_and_the_earlier_one_stays(report, cast, monday, question):
    for words in ("Chrome maybe", "Chrome 141"):
        actions.answer(report, question("device"), words, by=cast.dora.actor, at=monday, source="phone")
    assert queries.known(report).facts["device"] == "Chrome 141"
    assert report.answers.count() == 2


def test_an_answer_raises_the_completeness(report, cast, monday, question):
    actions.refresh(report)
    before = report.completeness
    actions.answer(report, question("error-message"), "Error 500", by=cast.ana.actor, at=monday)
    assert Report.objects.get(pk=report.pk).completeness > before


@pytest.mark.parametrize("words", ["", "   ", "x" * 20_001])
def test_no_answer_and_too_long_an_answer_are_refused(report, cast, monday, question, words):
    with pytest.raises(NotAnAnswer):
        actions.answer(report, question("steps"), words, by=cast.ana.actor, at=monday)


def test_a_choice_must_be_one_of_the_choices(report, cast, monday, question):
    with pytest.raises(NotAnAnswer):
        actions.answer(report, question("repeatable"), "perhaps", by=cast.ana.actor, at=monday)


def test_questions_nobody_knows_are_passed_over(report, cast, monday):
    assert actions.answer_many(report, {"no-such-question": "x", "steps": " "}, by=cast.ana.actor, at=monday) == []
