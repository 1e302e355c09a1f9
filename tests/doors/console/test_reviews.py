"""Holding the review, as Emil does it: read, write, decide, sign, take the paper along."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from makegood.life.beginning import begin
from makegood.life.insights import reviews, rolling
from makegood.life.insights.days import day_of
from makegood.life.insights.models import Improvement, Review
from makegood.life.problems import actions as problems
from makegood.life.promises import book
from tests.again import STARTED, again
from tests.life.case import file_report

DAY = timedelta(days=1)


@pytest.fixture
def now():
    return STARTED


@pytest.fixture
def review(cast, now):
    return again(lambda: opened(cast, now), now)


def opened(cast, now):
    book.install_defaults(now - 60 * DAY)
    begin(now)
    file_report(cast, now - 8 * DAY)
    rolling.rebuild(now)
    reviews.open_due(now)
    return Review.objects.get(kind="week")


@pytest.fixture
def emil(cast, review):
    client = Client()
    client.force_login(cast.emil)
    return client


def at(name, review):
    return reverse(f"console:{name}", args=[review.key])


def decide(client, cast, review, now, **more):
    told = {"words": "Two people at noon", "owner": cast.dora.key, "due_on": str(day_of(now, rolling.zone()) + 9 * DAY)}
    return client.post(at("review_decide", review), {**told, **more})


def test_the_list_leads_to_the_review_and_its_paper(emil, review):
    page = emil.get(reverse("console:reviews")).content.decode()
    assert at("review", review) in page
    paper = emil.get(at("review_pdf", review))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")


def test_it_is_written_decided_and_signed(emil, cast, review, now):
    emil.post(at("review_write", review), {"version": "1", "notes": "A quiet week.", "why-hear_back": "Two were ill."})
    decide(emil, cast, review, now)
    page = emil.get(at("review", review)).content.decode()
    assert "A quiet week." in page
    assert "Two people at noon" in page
    emil.post(at("review_sign", review))
    page = emil.get(at("review", review)).content.decode()
    assert "Signed by Emil Ek" in page
    assert "Sign this review" not in page
    assert "Keep</button>" not in page


def test_a_slip_is_said_beside_its_field_and_nothing_typed_is_lost(emil, cast, review, now):
    for wrong, field in (({"owner": ""}, "owner"), ({"due_on": "soon"}, "due_on"), ({"words": "ü" * 400}, "words")):
        answer = decide(emil, cast, review, now, **wrong)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="{field}-error"' in page
        assert (wrong.get("words") or "Two people at noon") in page
    past = decide(emil, cast, review, now, due_on="2001-01-01")
    assert past.status_code == 422
    assert not Improvement.objects.exists()


def test_who_wrote_later_than_somebody_else_keeps_their_words(emil, review):
    emil.post(at("review_write", review), {"version": "1", "notes": "First."})
    answer = emil.post(at("review_write", review), {"version": "1", "notes": "Second."})
    assert answer.status_code == 422
    assert "Second." in answer.content.decode()
    assert Review.objects.get(pk=review.pk).notes == "First."


def test_an_improvement_is_done_dropped_or_made_an_action(emil, cast, review, now):
    for words in ("one", "two", "three"):
        decide(emil, cast, review, now, words=words)
    one, two, three = Improvement.objects.order_by("pk")
    emil.post(reverse("console:improvement_end", args=[one.pk]), {"state": "done"})
    assert emil.post(reverse("console:improvement_end", args=[two.pk]), {"state": "dropped"}).status_code == 409
    emil.post(reverse("console:improvement_end", args=[two.pk]), {"state": "dropped", "reason": "No longer."})
    problem = problems.open_problem("The claims page answers 500", by=cast.emil.actor, at=now)
    assert emil.post(reverse("console:improvement_action", args=[three.pk]), {"problem": "PRB-99"}).status_code == 422
    emil.post(reverse("console:improvement_action", args=[three.pk]), {"problem": problem.number})
    assert list(Improvement.objects.order_by("pk").values_list("state", flat=True)) == ["done", "dropped", "action"]


def test_what_mails_and_calls_name_leads_to_the_review(emil, cast, review, now):
    decide(emil, cast, review, now)
    improvement = Improvement.objects.get()
    for address in (f"/console/reviews/REV-{review.pk}/", f"/console/improvements/IMP-{improvement.pk}/"):
        assert emil.get(address)["Location"] == at("review", review)


def test_whoever_does_not_lead_is_told_whom_to_ask(cast, review):
    client = Client()
    client.force_login(cast.dora)
    for name in ("review", "review_pdf"):
        assert client.get(at(name, review)).status_code == 403
    assert client.post(at("review_sign", review)).status_code == 403
    assert not Review.objects.get(pk=review.pk).is_signed
