from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from makegood.life.updates.named_times import disagreeing, find

# Monday 16 November 2026, 10:00 in Berlin.
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
PROMISED = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)  # Tuesday, 15:00 in Berlin

AGREE = [
    "You hear from us by 15:00 tomorrow.",
    "You will hear from us by Tuesday, 3 pm.",
    "You'll hear from us by 3:00 p.m. on Tuesday.",
    "We will write again by 17 November, 15:00.",
    "We will write again by November 17th, 15:00.",
    "News by 2026-11-17 15:00 at the latest.",
    "Next news from us by Tuesday 17 November, 15:00 (CET).",
    "I will call you at 3 pm tomorrow.",
    "You hear from me by tomorrow.",
    "Sie hören von uns bis morgen um 15 Uhr.",
    "Sie hören von uns bis Dienstag, 17. November, 15:00 Uhr (MEZ).",
    "Sie hören von uns bis spätestens 17.11. um 15.00 Uhr.",
    "Wir melden uns spätestens am Dienstag um 15 Uhr.",
    "Ich melde mich bis zum 17. November.",
]
DISAGREE = [
    "You hear from us by 16:00.",
    "You hear from us by 15:00 today.",
    "We will write again by Wednesday.",
    "We will write again by Friday, 3 pm at the latest.",
    "You will have news by 18 November.",
    "I will call you at 9:30 tomorrow.",
    "You will hear from me by noon tomorrow.",
    "Sie hören von uns bis 16 Uhr.",
    "Sie hören von uns bis heute 15 Uhr.",
    "Sie hören von uns bis spätestens Freitag.",
    "Wir melden uns am Mittwoch um 15 Uhr.",
    "Sie hören wieder von uns bis zum 24.11.",
    "Wir rufen Sie morgen um 9 Uhr an.",
]
NOT_OURS = [
    "Thank you. We saw the error at 14:02 and again at 16:30.",
    "The log shows it failed at 09:12:33 on 12 November.",
    'You wrote: "it worked until 14:00 yesterday".',
    "Sie schrieben: „bis 14:00 Uhr ging es noch“.",
    "> You hear from us by 16:00.",
    "Please send us the picture by Friday.",
    "Bitte antworten Sie bis Freitag, 12 Uhr.",
    "If you answer by 18:00, it goes faster.",
    "Our desk is open until 18:00.",
    "Wir sind bis 18 Uhr erreichbar.",
    "It was down until 11:30 this morning.",
    "Es war bis 11:30 Uhr gestört.",
    "The error began at 8:15 and was over by 8:40.",
    "Version 4.18 replaces 4.17 by the end.",
    "We go step by step.",
    "This may last until we find the cause.",
    "It costs 12.50 by card.",
    "Das kann bis zu 3 Tage dauern.",
    "Der Fehler trat bis gestern 18 Uhr auf.",
    "Your appointment on Wednesday at 9:00 is safe.",
    "Ihr Termin am Mittwoch um 9:00 Uhr bleibt bestehen.",
    "We saw it happen by chance on Monday.",
    "The form can be sent until 30 November.",
    "Das Formular kann noch bis 30. November gesendet werden.",
]


@pytest.mark.parametrize("words", AGREE)
def test_words_that_name_the_promised_time_agree(words):
    assert find(words, now=NOW, zone=BERLIN)
    assert disagreeing(words, PROMISED, now=NOW, zone=BERLIN) is None


@pytest.mark.parametrize("words", DISAGREE)
def test_words_that_name_another_time_are_caught(words):
    assert disagreeing(words, PROMISED, now=NOW, zone=BERLIN) is not None


@pytest.mark.parametrize("words", NOT_OURS)
def test_times_that_are_no_promise_of_ours_never_alarm(words):
    assert disagreeing(words, PROMISED, now=NOW, zone=BERLIN) is None


def test_the_readers_zone_counts():
    new_york = ZoneInfo("America/New_York")
    assert disagreeing("You hear from us by 9:00 tomorrow.", PROMISED, now=NOW, zone=new_york) is None
    assert disagreeing("You hear from us by 15:00 tomorrow.", PROMISED, now=NOW, zone=new_york) is not None


def test_a_long_message_is_read_in_no_time():
    words = "We will look at this and that, by and by, until it is right. " * 1500
    assert find(words, now=NOW, zone=BERLIN) == []
