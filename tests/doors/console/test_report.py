"""The report page: the story, speaking, the facts at the side; who may, what is stopped, what is never overwritten."""

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.doors.console import views_query
from makegood.life.aftercare import actions as aftercare
from makegood.life.promises.models import Promise
from makegood.life.reports import actions, conversation
from makegood.life.reports.models import Draft, Message, Report
from tests.doors.console.report_cast import PART, file_report, signed_in, url

pytestmark = pytest.mark.django_db


def test_the_page_tells_the_story_in_plain_words(dora, case):
    page = dora.get(url(case)).content.decode()
    assert "Ana Alvarez" in page
    assert "sent the report" in page
    assert "moved it to Member desk" in page
    assert "NOTESENTINEL" in page
    assert "news to Ana Alvarez" in page


def test_the_number_may_be_written_with_its_letters(dora, case):
    assert dora.get(f"/console/reports/MG-{case.pk}/").status_code == 200


def test_what_the_reporter_wrote_cannot_become_markup(dora, cast, case):
    conversation.say(
        case, "<script>alert(1)</script> see MG-1 & https://x.example/MG-2", by=cast.ana.actor, at=timezone.now()
    )
    page = dora.get(url(case)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="https://x.example/MG-2"' in page


def test_the_number_of_queries_does_not_grow_with_the_story(dora, cast, case):
    def count():
        views_query.forget_counts()
        with CaptureQueriesContext(connection) as queries:
            dora.get(url(case))
        return len(queries)

    count()  # What a process learns once: templates, texts.
    few = count()
    for n in range(40):
        conversation.say(case, f"word {n}", by=cast.ana.actor, at=timezone.now())
        actions.set_labels(case, [f"label-{n}"], by=cast.dora.actor, at=timezone.now())
    assert count() == few
    assert few <= 60


def test_a_reply_names_the_next_time_and_waits_ten_seconds(dora, cast, case):
    next_at = timezone.localtime(timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    answer = dora.post(url(case, "reply/"), {"body": "Dear Ana, I am on it.", "next_at": next_at})
    assert answer.status_code == 302
    message = case.messages.filter(is_internal=False, agent=cast.dora).get()
    assert message.visible_at > message.at
    assert message.named_time
    assert Promise.objects.filter(report=case, kind="next_update", state="open", due_at=message.named_time).exists()


def test_a_reply_can_be_taken_back_and_its_words_return(dora, cast, case):
    dora.post(url(case, "reply/"), {"body": "Too early."})
    message = case.messages.filter(is_internal=False, agent=cast.dora).get()
    dora.post(url(case, f"unsay/{message.key}/"))
    message.refresh_from_db()
    assert message.withdrawn_at
    assert Draft.objects.get(report=case, agent=cast.dora).body == "Too early."


def test_only_its_writer_takes_a_reply_back(dora, cast, case):
    dora.post(url(case, "reply/"), {"body": "Mine."})
    message = case.messages.filter(is_internal=False, agent=cast.dora).get()
    assert signed_in(cast.emil).post(url(case, f"unsay/{message.key}/")).status_code == 404


def test_sending_stops_when_something_new_was_said_meanwhile(dora, cast, case):
    seen = case.messages.order_by("-id").first().pk
    conversation.say(case, "Wait, it works again", by=cast.ana.actor, at=timezone.now())
    answer = dora.post(url(case, "reply/"), {"body": "Please try again.", "seen": seen}, headers=PART)
    page = answer.content.decode()
    assert "Wait, it works again" in page
    assert "Please try again." in page
    assert "Send anyway" in page
    assert not case.messages.filter(agent=cast.dora, is_internal=False).exists()
    dora.post(url(case, "reply/"), {"body": "Please try again.", "seen": seen, "anyway": "1"}, headers=PART)
    assert case.messages.filter(agent=cast.dora, is_internal=False).exists()


def test_a_gap_in_the_words_keeps_them_from_being_sent(dora, case):
    answer = dora.post(url(case, "reply/"), {"body": "Hello, {{ solution }}"}, headers=PART)
    page = answer.content.decode()
    assert "Not sent." in page
    assert "{{ solution }}" in page


def test_the_same_form_twice_is_one_reply(dora, cast, case):
    for _ in range(2):
        dora.post(url(case, "reply/"), {"body": "Once.", "key": "same-key"})
    assert case.messages.filter(agent=cast.dora, is_internal=False).count() == 1


def test_an_engineer_writes_notes_and_does_not_reply(cast, case):
    actions.set_team(case, cast.platform, by=cast.dora.actor, at=timezone.now())
    eve = signed_in(cast.eve)
    assert eve.get(url(case)).status_code == 200
    assert eve.post(url(case, "reply/"), {"body": "Hi"}).status_code == 403
    eve.post(url(case, "note/"), {"body": "Looking at the log."})
    assert case.messages.filter(is_internal=True, agent=cast.eve).exists()


def test_an_engineer_of_another_team_finds_nothing(cast, case):
    assert signed_in(cast.eve).get(url(case)).status_code == 404


def test_a_script_fills_the_composer_and_says_nothing(dora, case):
    before = Message.objects.count()
    answer = dora.post(url(case, "compose/"), {"do": "script:investigating", "mode": "reply"}, headers=PART)
    assert "Ana" in answer.content.decode()
    assert Message.objects.count() == before


def test_a_script_never_takes_away_what_was_typed(dora, case):
    told = {"do": "script:investigating", "mode": "reply", "body": "My own words."}
    assert "My own words." in dora.post(url(case, "compose/"), told, headers=PART).content.decode()


def test_a_preview_shows_the_words_with_their_time(dora, case):
    answer = dora.post(url(case, "compose/"), {"do": "preview", "body": "Dear Ana, soon."}, headers=PART)
    assert "You will hear from us again by" in answer.content.decode()


def test_a_draft_is_kept_and_shown_to_others(dora, cast, case):
    dora.post(url(case, "draft/"), {"body": "half a thought", "mode": "reply"})
    assert "half a thought" in dora.get(url(case)).content.decode()
    assert "Draft by Dora Dahl" in signed_in(cast.emil).get(url(case)).content.decode()


def test_a_field_is_saved_alone_and_can_be_taken_back(dora, case):
    answer = dora.post(url(case, "field/severity/"), {"value": "critical", "was": case.severity}, headers=PART)
    assert '"undo"' in answer["HX-Trigger"]
    assert Report.objects.get(pk=case.pk).severity == "critical"
    entry = case.ledger.filter(kind="report.severity_changed").last()
    dora.post(url(case, f"undo/{entry.pk}/"), headers=PART)
    assert Report.objects.get(pk=case.pk).severity == case.severity


def test_a_field_somebody_else_changed_is_shown_and_not_overwritten(dora, cast, case):
    actions.set_severity(case, "low", by=cast.emil.actor, at=timezone.now())
    answer = dora.post(url(case, "field/severity/"), {"value": "critical", "was": "high"}, headers=PART)
    page = answer.content.decode()
    assert "Emil Ek" in page
    assert Report.objects.get(pk=case.pk).severity == "low"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "question"),
        ("labels", "upload claims"),
        ("snooze", "tomorrow"),
        ("state", "cause_found"),
        ("assignee", ""),
    ],
)
def test_every_field_can_be_set(dora, case, name, value):
    assert dora.post(url(case, f"field/{name}/"), {"value": value}, headers=PART).status_code == 200


@pytest.mark.parametrize(("name", "value"), [("severity", "odd"), ("state", "closed!"), ("team", "999"), ("kind", "x")])
def test_a_value_that_is_none_is_refused_in_words(dora, case, name, value):
    answer = dora.post(url(case, f"field/{name}/"), {"value": value}, headers=PART)
    assert answer.status_code == 409
    assert answer.content


def test_take_makes_it_mine(dora, cast, case):
    dora.post(url(case, "take/"))
    assert Report.objects.get(pk=case.pk).assignee == cast.dora


def test_a_duplicate_of_a_report_one_may_not_see_is_not_found(dora, cast, case):
    other = file_report(cast, timezone.now(), key="k-2", what="It fails for me too.")
    dora.post(url(case, "duplicate/"), {"of": other.number})
    assert Report.objects.get(pk=case.pk).duplicate_of == other
    assert dora.post(url(case, "duplicate/"), {"of": "MG-99999"}).status_code == 404


def test_presence_is_told_to_others_and_reading_is_noted(dora, cast, case):
    dora.post(url(case, "presence/"), {"state": "replying"})
    assert "Dora Dahl is writing a reply" in signed_in(cast.emil).get(url(case)).content.decode()
    assert case.read_marks.get(agent=cast.dora).message_id == case.messages.last().pk


def test_solved_is_told_confirmed_by_following_up_and_closed(dora, case):
    found = {"cause": "A full disk.", "solution": "Made room.", "words": "Dear Ana, it works again."}
    assert dora.post(url(case, "solve/"), found).status_code == 302
    assert Report.objects.get(pk=case.pk).state == "solved"
    dora.post(url(case, "follow-up/"), {"way": "call", "outcome": "works", "notes": "Happy."})
    assert Report.objects.get(pk=case.pk).state == "closed"
    assert dora.get(url(case)).status_code == 200


@pytest.mark.parametrize("to_do", ["", "Sign in again.\r\nThen reload."])
def test_the_words_of_the_page_can_be_sent_as_a_browser_sends_them(dora, case, to_do):
    page = dora.get(url(case, "solve/")).content.decode()
    words = unescape(re.search(r'<textarea[^>]*name="words"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])
    found = {"cause": "A full disk.\r\nOf ours.", "solution": "Made room.", "to_do": to_do}
    answer = dora.post(url(case, "solve/"), {**found, "words": re.sub(r"\r?\n", "\r\n", words)})
    assert answer.status_code == 302
    body = case.messages.latest("id").body
    assert "what we did: Made room.\n\n" in body
    assert ("What you need to do" in body) == bool(to_do)
    assert "\r" not in body


def test_words_of_one_paragraph_with_a_gap_are_refused_by_the_name_of_the_gap(dora, case):
    found = {"cause": "A full disk.", "solution": "Made room.", "words": "{{ solution }} Then: {{ to_do }}"}
    answer = dora.post(url(case, "solve/"), found)
    assert answer.status_code == 422
    assert "Fill in {{ to_do }} first" in answer.content.decode()


def test_solving_without_a_cause_keeps_what_was_typed(dora, case):
    answer = dora.post(url(case, "solve/"), {"cause": "", "solution": "Made room."})
    assert answer.status_code == 422
    assert "Made room." in answer.content.decode()


def test_a_closed_report_opens_again_one_step_more_severe(dora, cast, case):
    at = timezone.now()
    aftercare.close(case, reason="withdrawn", by=cast.dora.actor, at=at)
    dora.post(url(case, "reopen/"), {"reason": "It is back."})
    assert Report.objects.get(pk=case.pk).state == "investigating"


def test_the_neighbours_are_those_owed_before_and_after(dora, cast, case):
    other = file_report(cast, timezone.now(), key="k-3", what="Another one entirely.")
    there = dora.get(url(case, "next/next/"))
    back = dora.get(url(case, "next/previous/"))
    assert {there.url, back.url} & {f"/console/reports/{other.pk}/"}


def test_solving_can_be_taken_back_on_the_page_without_scripts(dora, case):
    answer = dora.post(url(case, "solve/"), {"cause": "A full disk", "solution": "Room was made"}, follow=True)
    page = answer.content.decode()
    address = re.search(r'<noscript><form class="banner banner--kept" method="post" action="([^"]+)"', page)[1]
    assert f'data-undo="{address}"' in page
    assert Report.objects.get(pk=case.pk).state == "solved"
    dora.post(address)
    assert Report.objects.get(pk=case.pk).state != "solved"


def answered(answer):
    return unescape(answer.content.decode())


def test_a_time_in_the_words_that_is_not_promised_can_be_promised_with_one_press(dora, case):
    sent = {"body": "I will call you tomorrow at 9:30.", "next_at": "2030-01-02T10:00", "then": "wait"}
    page = answered(dora.post(url(case, "reply/"), sent))
    then, words = re.search(r'name="then" value="(wait\|[^"]+)">([^<]+)<', page).groups()
    assert words.startswith("Promise ")
    assert dora.post(url(case, "reply/"), {**sent, "then": then}).status_code == 302
    said = case.messages.latest("id")
    assert said.named_time.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == "09:30"
    assert Report.objects.get(pk=case.pk).waiting_for_reporter


def test_a_doubtful_time_is_asked_about_and_confirmed_with_one_press(dora, case):
    sent = {"body": "You will hear from us in a few days.", "next_at": "2030-01-02T10:00"}
    page = answered(dora.post(url(case, "reply/"), sent))
    assert "“in a few days”" in page
    assert "You will hear from us in a few days." in page
    offer = r'name="then" value="(send\|kept)">Yes, Wednesday 2 January 2030, 10:00 \(CET\) is meant<'
    then = re.search(offer, page)[1]
    assert dora.post(url(case, "reply/"), {**sent, "then": then}).status_code == 302
    assert case.messages.latest("id").body.startswith(sent["body"])


@pytest.mark.parametrize(
    ("place", "field", "more"),
    [
        ("solve/", "words", {"cause": "A full disk.", "solution": "Made room."}),
        ("escalate/", "body", {"reason": "Urgent."}),
        ("ask/", "body", {"question": "steps"}),
    ],
)
def test_other_pages_ask_about_a_doubtful_time_too(dora, case, place, field, more):
    sent = {field: "We will be in touch in a few days.", **more}
    page = answered(dora.post(url(case, place), sent))
    assert "“in a few days”" in page
    assert 'name="times" value="kept"' in page
    assert dora.post(url(case, place), {**sent, "times": "kept"}).status_code == 302
