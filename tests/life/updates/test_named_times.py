from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.lib import times
from makegood.life.promises.calendars import BusinessCalendar
from makegood.life.updates.named_times import disagreeing, doubtful, find, read

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


# What is promised, and the moment the words stand for where there is one (in Berlin; the desk works 9 to 17).
WEEK = BusinessCalendar(
    "Europe/Berlin", {day: ((time(9), time(17)),) for day in range(5)}, frozenset({date(2026, 11, 18)})
)
PROMISES = [
    ("You will hear from me in two hours.", "16 12:00"),
    ("You will hear from us in half an hour.", "16 10:30"),
    ("I'll get back to you within 90 minutes.", "16 11:30"),
    ("We reply within two hours.", "16 12:00"),
    ("I will call you tomorrow.", "17 17:00"),
    ("Next update 16:00.", "16 16:00"),
    ("Next update: 4 pm", "16 16:00"),
    ("Expect news this afternoon.", "16 17:00"),
    ("We'll call you Thursday", "19 17:00"),
    ("You will hear from us not later than 17:00 today.", "16 17:00"),
    ("Tomorrow at 9:15 I will ring you.", "17 09:15"),
    ("I will write to you on the 20th.", "20 17:00"),
    ("It was our fault and we'll call you tomorrow.", "17 17:00"),
    ("We will be in touch on Thursday morning.", "19 12:00"),
    ("We reply by close of business tomorrow.", "17 17:00"),
    ("We will write to you in two business days.", "19 17:00"),
    ("I'll ring you at 15 o'clock.", "16 15:00"),
    ("Expect a call from Eve at 14:30.", "16 14:30"),
    ("You hear from us by Wednesday.", None),  # a holiday here: the desk is closed
    ("I'll ring you at 9.", None),
    ("I'll ring you at nine.", None),
    ("You hear from us by midnight.", "17 00:00"),
    ("You hear from us by midnight on Friday.", None),
    ("We'll be in touch by 17h today.", "16 17:00"),
    ("We will call you at 1530.", "16 15:30"),
    ("We will call you on Thu at 10 am.", "19 10:00"),
    ("We'll call you Fri, 20 Nov. at 9:30 am.", "20 09:30"),
    ("We'll get back to you on 3 Dec at 10:00.", "33 10:00"),
    ("We'll call on 20/11/2026 at 10:00.", "20 10:00"),
    ("We'll call on 3/12/2026 at 10:00.", None),
    ("We reply in two and a half hours.", "16 12:30"),
    ("We answer in an hour and a half.", "16 11:30"),
    ("You hear from us before 3 today.", None),
    ("You hear from us by 5 pm your time.", "16 17:00"),
    ("We'll call you at half past three.", None),
    ("We'll call you next Thursday.", None),
    ("We'll call you on Monday.", None),
    ("I'll call you between 2 and 4 pm.", "16 16:00"),
    ("We will write to you in two weeks.", None),
    ("Wir melden uns morgen.", "17 17:00"),
    ("Sie hören in zwei Stunden von uns.", "16 12:00"),
    ("In einer halben Stunde rufe ich Sie an.", "16 10:30"),
    ("Wir melden uns bis heute 17 Uhr.", "16 17:00"),
    ("Wir melden uns am Donnerstag bei Ihnen.", "19 17:00"),
    ("Heute Nachmittag rufe ich Sie an.", "16 17:00"),
    ("Ich rufe Sie morgen Vormittag zurück.", "17 12:00"),
    ("Wir werden Sie morgen um 9 Uhr anrufen.", "17 09:00"),
    ("Wir melden uns in 2 Werktagen.", "19 17:00"),
    ("Nächster Zwischenstand: 16:00 Uhr", "16 16:00"),
    ("Sie erhalten innerhalb von 24 Stunden eine Antwort.", "17 10:00"),
    ("Wir melden uns spätestens in 3 Stunden.", "16 13:00"),
    ("Bis Feierabend melde ich mich.", "16 17:00"),
    ("Sie hören bis 15.30 von uns.", "16 15:30"),
    ("Bis Mitternacht hören Sie von uns.", "17 00:00"),
    ("Wir rufen Sie um zehn an.", None),
    ("Wir melden uns am Do um 10 Uhr.", "19 10:00"),
    ("Wir melden uns Fr., 20. Nov., 9:30 Uhr.", "20 09:30"),
    ("Wir antworten in zweieinhalb Stunden.", "16 12:30"),
    ("Ich rufe Sie zwischen 14 und 16 Uhr an.", "16 16:00"),
    ("Ich rufe Sie um halb vier an.", None),
    ("In zwei bis drei Tagen hören Sie von uns.", None),
]
FAR = datetime(2027, 1, 20, 4, 45, tzinfo=BERLIN)
IN_DOUBT = [
    "You will hear from us in a few days.",
    "We will be in touch next week.",
    "You will have news by the end of the week.",
    "You get an update every two hours.",
    "We will let you know what happened on Tuesday.",
    "It will be fixed tomorrow.",
    "You hear from us by 5 pm UTC.",
    "You hear from us by 17:00 GMT+2.",
    "We'll call you at 3 pm EST tomorrow.",
    "Wir melden uns am 31.02. um 10 Uhr.",
    "We'll be in touch on 31 November at 10:00.",
    "We will send you the new card within two days.",
    "I'll look at it again on Friday.",
    "Sie hören in den nächsten Tagen von uns.",
    "Wir melden uns nächste Woche.",
    "Bis Ende der Woche hören Sie von uns.",
    "Wir melden uns alle zwei Stunden.",
    "Wir kümmern uns am Freitag darum.",
    "Ab 15 Uhr rufe ich Sie an.",
    "Der Fehler wird am Freitag behoben.",
]
NEITHER = [
    *("the error came at 14:00 yesterday", "It has been broken since Wednesday.", "Seit Mittwoch geht es nicht."),
    *("Version 4.18 fixes it.", "You were born on 12.03.1980.", "Geburtsdatum: 12.03.1980", "Release 2026.11 is out."),
    *("Try again in ten minutes.", "Please wait two hours; then try again.", "The invoice is due in 14 days."),
    *("Guten Morgen Ana, danke für Ihre Nachricht.", "Good morning and thank you for telling us today."),
    *("I called you yesterday at 3 pm.", "We have received your message of 14:02 and read it."),
    *("Ihre Nachricht von heute 14 Uhr haben wir erhalten.", "Am Mittwoch trat der Fehler auf, wir melden uns."),
    *("Die Störung war am Mittwoch um 9 Uhr vorbei.", "Der Fehler trat gestern um 14:00 Uhr auf."),
    *("Rufen Sie uns bis 17 Uhr an.", "Wenn Sie bis Freitag antworten, geht es schneller."),
    *("Our hotline can be reached from 9:00 to 17:00.", "Unsere Hotline ist von 9 bis 17 Uhr besetzt."),
    *("We are working on it today and will write to you.", "The page took 3 minutes to load today."),
    *("Answer within 14 days and we open it again.", "Antworten Sie innerhalb von 14 Tagen."),
    *("Your order of 12 November is complete.", "Die Rechnung ist in 14 Tagen fällig.", "Error 16:00:12 in line 4"),
    *("So we will look, and write when we know.", "Do you see it? Sat down and waited.", "Call us at ten to one odds."),
    *("It cost him by one of us 15.30 Euro.", "Mo is my name.", "We are one team of ten."),
    *("We spoke on Monday at 10:00.", "Wir haben am Montag um 10 Uhr telefoniert und Sie informiert."),
]


def at_berlin(text):
    day, clock = text.split()
    return datetime.combine(date(2026, 11, 1) + timedelta(days=int(day) - 1), time.fromisoformat(clock), BERLIN)


@pytest.mark.parametrize(("words", "moment"), PROMISES)
def test_a_promise_in_words_is_seen_and_stands_for_a_moment(words, moment):
    [named] = find(words, now=NOW, zone=BERLIN, desk=WEEK)
    assert named.moment == (moment and at_berlin(moment))
    assert named.moment is None or named.agrees(named.moment)
    assert disagreeing(words, FAR, now=NOW, zone=BERLIN, desk=WEEK) == named


@pytest.mark.parametrize("words", IN_DOUBT)
def test_what_may_be_a_promise_is_asked_about_and_contradicts_nothing(words):
    assert find(words, now=NOW, zone=BERLIN) == []
    assert doubtful(words, FAR, now=NOW, zone=BERLIN)


@pytest.mark.parametrize("words", [*NEITHER, *NOT_OURS])
def test_what_is_no_promise_is_not_even_asked_about(words):
    assert list(read(words, now=NOW, zone=BERLIN)) == []


def test_a_doubt_that_fits_the_promise_is_none():
    assert doubtful("It will be fixed tomorrow.", PROMISED, now=NOW, zone=BERLIN) is None
    assert doubtful("Bis Ende der Woche hören Sie von uns.", PROMISED, now=NOW, zone=BERLIN)


def test_each_of_several_times_has_to_be_the_promise():
    words = "I will call you tomorrow. Next update 16:00. Expect news this afternoon."
    assert [named.words for named in find(words, now=NOW, zone=BERLIN)] == ["tomorrow", "16:00", "this afternoon"]
    assert disagreeing(words, PROMISED, now=NOW, zone=BERLIN).words == "16:00"
    assert disagreeing(words, PROMISED + timedelta(hours=1), now=NOW, zone=BERLIN).words == "this afternoon"


def test_in_two_hours_is_about_then_and_within_two_hours_any_time_until_then():
    for minutes, about, until in ((20, False, True), (100, True, True), (120, True, True), (180, False, False)):
        promised = NOW + timedelta(minutes=minutes)
        assert (disagreeing("You hear from us in two hours.", promised, now=NOW, zone=BERLIN) is None) == about
        assert (disagreeing("You hear from us within two hours.", promised, now=NOW, zone=BERLIN) is None) == until


def test_two_hours_are_two_hours_when_the_clock_is_put_forward():
    now = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half past one in Berlin; at two it becomes three
    [named] = find("You will hear from us in two hours.", now=now, zone=BERLIN)
    assert named.moment == now + timedelta(hours=2)


MINUTES = st.integers(0, 24 * 60 - 1)
DAYS = st.integers(0, 5)
SAID = {
    "en": (
        "You will hear from us by {time}.",
        "We'll call you on {time}.",
        "Next update: {time}",
        "Expect news {time}.",
    ),
    "de": ("Sie hören von uns bis {time}.", "Wir melden uns am {time}.", "Nächster Zwischenstand: {time}"),
}


@given(MINUTES, DAYS, st.sampled_from([(lang, said) for lang, group in SAID.items() for said in group]))
def test_the_time_we_would_write_ourselves_is_always_read_as_that_moment(minutes, days, how):
    language, said = how
    promised = datetime(2026, 11, 17, 0, 0, tzinfo=BERLIN) + timedelta(days=days, minutes=minutes)
    told = times.in_words(promised, language=language, zone=BERLIN, now=NOW)
    found = find(said.format(time=told), now=NOW, zone=BERLIN)
    assert len(found) == 1
    assert found[0].agrees(promised)
    assert not found[0].agrees(promised + timedelta(days=1))
    assert not found[0].agrees(promised + timedelta(minutes=7))


@given(st.text(alphabet="ab .,:;-0123456789", max_size=80), st.sampled_from([p for p, _moment in PROMISES]))
def test_reading_never_fails_whatever_stands_around(noise, words):
    for text in (noise + words, words + noise, noise.join(words)):
        for named in read(text, now=NOW, zone=BERLIN, desk=WEEK):
            named.agrees(PROMISED.astimezone(BERLIN))


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


@pytest.mark.parametrize("name", ["Etc/GMT+3", "MET", "Europe/London", "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_zone_we_write_ourselves_is_the_readers(name, language):
    zone = ZoneInfo(name)
    told = times.in_words(PROMISED, language=language, zone=zone, now=NOW)
    [named] = find(
        {"en": "You hear from us by {}.", "de": "Sie hören von uns bis {}."}[language].format(told), now=NOW, zone=zone
    )
    assert named.agrees(PROMISED.astimezone(zone))
