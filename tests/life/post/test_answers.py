"""An answer by mail to what we had asked."""

from datetime import timedelta

import pytest

from makegood.life.beginning import begin
from makegood.life.diagnosis import free_words
from makegood.life.diagnosis.models import Answer, AskRequest, Question
from makegood.life.post import addresses
from makegood.life.updates import actions as updates
from makegood.life.updates import automatic
from tests.life.case import file_report, fresh, work
from tests.life.post.mails import arrive, mail, secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast, monday):
    begin(monday)
    addresses.default_mailbox(monday)
    made = file_report(cast, monday)
    work(monday)
    return fresh(made)


@pytest.fixture
def now(monday):
    return monday + timedelta(hours=2)


def questions(count, kind="text"):
    return list(Question.objects.filter(kind=kind, is_active=True)[:count])


def ask(report, cast, wanted, now):
    request = updates.ask(report, wanted, "Please tell us:", by=cast.dora.actor, at=now - timedelta(minutes=30))
    return [one.question for one in request.asked.all()]


def answer(report, cast, words, now):
    return arrive(mail(words, to=secret(report, cast.ana, now)), now)


def kept(report):
    return {row.question.slug: row.text for row in Answer.objects.filter(report=report).order_by("id")}


def test_the_words_answer_the_one_open_question_and_are_said_once(cast, report, now):
    (asked,) = ask(report, cast, questions(1), now)
    filing = answer(report, cast, "Since Friday noon.", now)
    assert kept(report) == {asked.slug: "Since Friday noon."}
    assert AskRequest.objects.get().state == "answered"
    assert not fresh(report).waiting_for_reporter
    said = list(report.messages.filter(said_by="contact").order_by("id").values_list("body", flat=True))
    assert said[1:] == ["Since Friday noon."]
    assert Answer.objects.get(question=asked).source == "mail"
    assert filing.outcome == "append"


def test_numbered_words_answer_numbered_questions(cast, report, now):
    first, second, third = ask(report, cast, questions(3), now)
    answer(report, cast, "Hello,\n1. In Firefox\n3) Each time,\neven twice", now)
    assert kept(report) == {first.slug: "In Firefox", third.slug: "Each time,\neven twice"}
    assert AskRequest.objects.get().state == "open"


def test_free_words_to_several_questions_stay_words_but_nobody_is_reminded(cast, report, now):
    ask(report, cast, questions(2), now)
    answer(report, cast, "It is all different now.", now)
    assert kept(report) == {}
    assert not fresh(report).waiting_for_reporter
    before = report.messages.count()
    automatic.remind_of_questions(now + timedelta(days=3))
    assert report.messages.count() == before


def test_a_choice_is_answered_by_naming_it(cast, report, now):
    question = questions(1, "yes_no")[0]
    ask(report, cast, [question], now)
    answer(report, cast, "yes!\nGreetings, Ana", now)
    assert kept(report) == {question.slug: "Yes"}


def test_a_choice_nobody_named_stays_open(cast, report, now):
    ask(report, cast, questions(1, "yes_no"), now)
    answer(report, cast, "I would not know.", now)
    assert kept(report) == {}
    assert AskRequest.objects.get().state == "open"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("1. a\n2. b", {0: "a", 1: "b"}),
        ("no numbers", {}),
        ("2. b\n1. a", {}),
        ("1. a\n4. d", {}),
        ("0. a", {}),
        ("1.50 euros", {}),
        ("1.\n2. b", {1: "b"}),
        ("Costs 1.50\n1. a", {0: "a"}),
    ],
)
def test_numbers_are_believed_only_where_they_fit(words, found):
    assert free_words.numbered(words, 3) == found
