"""A time in the words that may be a promise is asked about at every door words leave by, not only at the reply."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare.models import FollowUp
from makegood.life.announcements.models import Announcement
from makegood.life.beginning import begin
from makegood.life.promises import book
from makegood.life.promises.models import Promise
from makegood.life.reports.models import BulkRun, Report
from tests.doors.console.report_cast import PART, url
from tests.life.announcements.crowd import crowd, open_problem

VAGUE = "We will write to you again in a few days."
OTHER = "We will write to you again by 24 December 2031."
ASKED, ASKED_OF_THE_LAST = "Yes, the words and the promise are meant like this", "No, it is no promise: send it"
MEANT = {"times": "kept"}


@pytest.fixture
def solved(cast, case):
    at = timezone.now() - timedelta(minutes=30)
    aftercare.solve(case, cause="A full disk.", solution="Made room.", by=cast.dora.actor, at=at)
    return case


def asks(answer, *, asked=ASKED):
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "“in a few days”" in shown
    assert asked in shown
    assert VAGUE in shown, "nothing typed is lost"


def refuses(answer, words="by 24 December 2031"):
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words.removeprefix("by ") in shown
    assert 'name="times"' not in shown, "two times cannot both be meant"


def state(report):
    return Report.objects.get(pk=report.pk).state


def test_closing_a_report(dora, case):
    told = {"reason": "withdrawn", "words": VAGUE}
    for headers in ({}, PART):
        answer = dora.post(url(case, "close/"), told, headers=headers)
        asks(answer, asked=ASKED_OF_THE_LAST)
        assert 'value="withdrawn" required checked' in answer.content.decode()
    refuses(dora.post(url(case, "close/"), {**told, "words": OTHER}))
    refuses(dora.post(url(case, "close/"), {**told, **MEANT, "words": OTHER}))
    assert state(case) != "closed"
    assert dora.post(url(case, "close/"), {**told, **MEANT}).status_code == 302
    assert state(case) == "closed"


def test_closing_by_the_script_asks_nothing(dora, case):
    assert dora.post(url(case, "close/"), {"reason": "withdrawn", "words": ""}).status_code == 302
    assert state(case) == "closed"


@pytest.mark.parametrize(("outcome", "after"), [("works", "closed"), ("not_solved", "investigating")])
def test_a_follow_up_that_ends_it_or_opens_it_again(dora, solved, outcome, after):
    told = {"way": "call", "outcome": outcome, "words": VAGUE}
    asks(dora.post(url(solved, "follow-up/"), told), asked=ASKED_OF_THE_LAST if after == "closed" else ASKED)
    refuses(dora.post(url(solved, "follow-up/"), {**told, "words": OTHER}))
    assert not FollowUp.objects.exists()
    assert dora.post(url(solved, "follow-up/"), {**told, **MEANT}).status_code == 302
    assert state(solved) == after


def test_closing_many_from_the_queue(dora, case):
    told = {"change": "close:withdrawn", "ids": str(case.pk), "words": VAGUE}
    asks(dora.post("/console/bulk/start/", told), asked=ASKED_OF_THE_LAST)
    refuses(dora.post("/console/bulk/start/", {**told, "words": OTHER}))
    assert not BulkRun.objects.exists()
    assert dora.post("/console/bulk/start/", {**told, "change": "close:spam"}).status_code == 302, "nothing is said"
    assert dora.post("/console/bulk/start/", {**told, **MEANT}).status_code == 302
    assert BulkRun.objects.count() == 2


def test_following_up_with_many(dora, cast, solved):
    from_calls = "/console/calls/letters/"
    Promise.objects.filter(report=solved).update(due_at=timezone.now())
    count = dora.get(from_calls).context["total"]
    assert count == 1
    told = {"text-en": VAGUE, "text-de": "", "count": count, "deed": "send"}
    asks(dora.post(from_calls, told))
    refuses(dora.post(from_calls, {**told, "text-en": OTHER}))
    assert not BulkRun.objects.exists()
    assert dora.post(from_calls, {**told, **MEANT}).status_code == 302
    assert BulkRun.objects.count() == 1


def test_putting_off_a_promise(dora, case):
    owed = Promise.objects.filter(report=case, owed_to="reporter", state="open").first()
    later = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    told = {"due_at": later, "reason": "The disk is on its way.", "words": VAGUE}
    address = reverse("console:report_promise", args=[case.pk, owed.pk])
    asks(dora.post(address, told))
    refuses(dora.post(address, {**told, "words": OTHER}))
    assert dora.post(address, {**told, **MEANT}).status_code == 302


@pytest.fixture
def crowded(cast):
    now = timezone.now()
    book.install_defaults(now)
    begin(now)
    problem = open_problem(cast, now)
    crowd(problem, 3, now, by=cast.emil.actor)
    return problem


@pytest.fixture
def emil(cast):
    client = Client()
    client.force_login(cast.emil)
    return client


def look(emil, problem, words):
    """The address of the draft, looked at before it leaves."""
    later = (timezone.now() + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    told = {"kind": "news", "text-en": words, "next_news": later}
    return emil.post(reverse("console:problem_tell", args=[problem.number]), told)["Location"]


def test_telling_everybody(emil, crowded):
    draft = look(emil, crowded, VAGUE)
    answer = emil.post(draft, {"count": "3"})
    asks(answer)
    assert "To people who read English: " in answer.content.decode()
    assert Announcement.objects.get().is_draft
    refuses(emil.post(look(emil, crowded, OTHER), {"count": "3"}))
    assert emil.post(look(emil, crowded, VAGUE), {"count": "3", **MEANT}).status_code == 302
    assert not Announcement.objects.get().is_draft
