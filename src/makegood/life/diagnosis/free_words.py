"""Answers in free words: a mail that answers what we had asked is read as the answer, where there is no doubt which."""

from __future__ import annotations

import re
from datetime import datetime

from makegood.life.diagnosis import actions, queries
from makegood.life.diagnosis.models import Answer, AskRequest, Question
from makegood.life.people.actors import Actor
from makegood.life.reports.models import Message, Report

_NUMBERED = re.compile(r"^[ \t]*(\d{1,2})[.):](?=\s|$)[ \t]*", re.MULTILINE)


def read_answers(report: Report, message: Message, *, by: Actor, at: datetime) -> list[Answer]:
    """Keep what ``message`` answers: the one open question, or several under the numbers we had given them.

    Whatever it answers, it is an answer: nobody is reminded of these questions any more. Call it within the
    transaction in which the message was said.
    """
    asked = [one.question for one in queries.open_questions(report)]
    if not asked:
        return []
    words = {0: message.body} if len(asked) == 1 else _numbered(report, message.body)
    kept = []
    for place, text in words.items():
        answer = _fitting(asked[place], text, report.language)
        if answer:
            kept.append((asked[place], answer))
    AskRequest.objects.filter(report=report, state="open").update(remind_at=None)
    return actions.keep_said(report, kept, by=by, at=at) if kept else []


def _numbered(report: Report, words: str) -> dict[int, str]:
    """By number only while the numbers are sure: one request, of which everything is still open."""
    requests = [list(request.asked.all()) for request in queries.open_requests(report)]
    if len(requests) != 1 or any(asked.answer_id for asked in requests[0]):
        return {}
    return numbered(words, len(requests[0]))


def numbered(words: str, count: int) -> dict[int, str]:
    """What stands behind "1.", "2)" and so on, place → words; empty unless the numbers rise and fit ``count``."""
    marks = list(_NUMBERED.finditer(words))
    places = [int(mark[1]) - 1 for mark in marks]
    if not marks or places != sorted(set(places)) or places[-1] >= count or places[0] < 0:
        return {}
    ends = [mark.start() for mark in marks[1:]] + [len(words)]
    found = {place: words[m.end() : end].strip() for place, m, end in zip(places, marks, ends, strict=True)}
    return {place: text for place, text in found.items() if text}


def _fitting(question: Question, words: str, language: str) -> str:
    """The words as an answer, or the choice they name in their first line; empty if they name none."""
    options = question.choices_in(language)
    if not options:
        return words.strip() if len(words) <= actions.MAX_ANSWER else ""
    lines = words.strip().splitlines()
    said = lines[0].strip(" .,!").casefold() if lines else ""
    named = (value for value, label in options if said in {value.casefold(), label.casefold()})
    return next(named, "")
