"""Whoever speaks to the reporter, or moves the report on, first sees what others said while the form was open."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.diagnosis.models import Question
from makegood.life.reports import conversation
from makegood.life.reports.models import LedgerEntry, Report
from makegood.life.updates import actions as updates
from tests.doors.console.report_cast import PART, url

pytestmark = pytest.mark.django_db

MINE = "MINESENTINEL is what I typed\r\non two lines"
FORMS = {
    "solve": {"cause": MINE, "solution": "s"},
    "ask": {"body": f"{MINE} {{{{ questions }}}}", "question": "first"},
    "escalate": {"body": f"{MINE} {{{{ promised_time }}}}", "reason": "They cannot work.", "team": "platform"},
    "follow-up": {"way": "call", "outcome": "works", "notes": MINE},
    "hand-over": {"to": "emil", "note": MINE},
    "close": {"reason": "withdrawn", "words": MINE},
    "reopen": {"reason": MINE},
}
# What is in the ledger once the form went through.
DONE = {
    "solve": "report.solved",
    "ask": "questions.asked",
    "escalate": "escalation.made",
    "follow-up": "follow_up.done",
    "hand-over": "report.handed_over",
    "close": "report.closed",
    "reopen": "report.reopened",
}


def seen_on(page: str) -> str:
    return re.search(r'name="seen" value="(\d+)"', page)[1]


@pytest.fixture(params=sorted(FORMS))
def form(request, case, cast):
    """(name, fields) of a form on a report that may be sent it."""
    name, fields = request.param, dict(FORMS[request.param])
    if name in ("follow-up", "reopen"):
        aftercare.solve(case, cause="c", solution="s", by=cast.dora.actor, at=timezone.now() - timedelta(minutes=5))
    if "question" in fields:
        fields["question"] = Question.objects.filter(is_active=True).exclude(kind="file").latest("position").slug
    if "team" in fields:
        fields["team"] = str(cast.platform.pk)
    if "to" in fields:
        fields["to"] = f"agent:{cast.emil.pk}"
    return name, fields


def is_done(case, name) -> bool:
    return LedgerEntry.objects.filter(report=case, kind=DONE[name]).exists()


def test_it_stops_once_shows_what_came_in_and_goes_on_by_a_second_click(dora, cast, case, form):
    name, fields = form
    page = dora.get(url(case, "" if name in ("close", "reopen") else f"{name}/")).content.decode()
    case = Report.objects.get(pk=case.pk)
    updates.reply(case, "THEIRSENTINEL It is not solved yet.", by=cast.emil.actor, at=timezone.now())
    before = LedgerEntry.objects.filter(report=case, kind=DONE[name]).count()
    stopped = dora.post(url(case, f"{name}/"), fields | {"seen": seen_on(page)})
    words = stopped.content.decode()
    assert stopped.status_code == 409
    assert "THEIRSENTINEL It is not solved yet." in words
    assert "MINESENTINEL" in words
    assert LedgerEntry.objects.filter(report=case, kind=DONE[name]).count() == before
    again = dora.post(url(case, f"{name}/"), fields | {"seen": seen_on(words)})
    assert again.status_code == 302, again.content.decode()[:3000]
    assert LedgerEntry.objects.filter(report=case, kind=DONE[name]).count() == before + 1


def test_going_on_anyway_needs_no_second_look(dora, cast, case, form):
    name, fields = form
    conversation.note(Report.objects.get(pk=case.pk), "Not solved.", by=cast.emil.actor, at=timezone.now())
    assert dora.post(url(case, f"{name}/"), fields | {"seen": "0", "anyway": "1"}).status_code == 302
    assert is_done(case, name)


def test_what_one_said_oneself_stops_nobody(dora, cast, case, form):
    name, fields = form
    page = dora.get(url(case, "" if name in ("close", "reopen") else f"{name}/")).content.decode()
    conversation.note(Report.objects.get(pk=case.pk), "My own note.", by=cast.dora.actor, at=timezone.now())
    assert dora.post(url(case, f"{name}/"), fields | {"seen": seen_on(page)}).status_code == 302


def test_a_dialog_that_was_stopped_stays_open_with_the_words_in_it(dora, cast, case):
    conversation.note(case, "THEIRSENTINEL", by=cast.emil.actor, at=timezone.now())
    answer = dora.post(url(case, "close/"), FORMS["close"] | {"seen": "0"}, headers=PART)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert 'hx-target="#close-form"' in words
    assert "THEIRSENTINEL" in words
    assert "MINESENTINEL" in words
    assert 'value="withdrawn" required checked' in words


def test_words_kept_from_before_are_stopped_by_what_came_since(dora, cast, case):
    page = dora.get(url(case, "solve/")).content.decode()
    dora.post(url(case, "kept/solve/"), FORMS["solve"] | {"seen": seen_on(page)})
    conversation.note(case, "THEIRSENTINEL", by=cast.emil.actor, at=timezone.now())
    later = dora.get(url(case, "solve/")).content.decode()
    assert dora.post(url(case, "solve/"), FORMS["solve"] | {"seen": seen_on(later)}).status_code == 409


def test_looking_at_the_questions_first_is_not_stopped(dora, cast, case):
    slug = Question.objects.filter(is_active=True).exclude(kind="file").latest("position").slug
    conversation.note(case, "Something new.", by=cast.emil.actor, at=timezone.now())
    sent = {"body": "Dear Ana {{ questions }}", "question": slug, "seen": "0", "do": "preview"}
    answer = dora.post(url(case, "ask/"), sent)
    assert answer.status_code == 200
