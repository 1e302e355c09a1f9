"""Causes: what contributed to what, with evidence, and a warning where a person is blamed."""

import re
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from makegood.life.rca import causes, document, review, writing
from makegood.life.rca.models import CauseLink
from makegood.life.reports.access import NotFound
from tests.again import again
from tests.life.rca.study import DAY, analysed


@pytest.fixture
def rca(cast, monday):
    return again(lambda: analysed(cast, monday), monday)


@pytest.fixture
def add(rca, cast, monday):
    def put(words, *effects, **facts):
        keys = [one.pk for one in effects]
        return causes.add(rca, words, by=cast.eve.actor, at=monday + DAY, effects=keys, **facts)

    return put


def test_several_ways_to_ask_why(rca, add):
    event = add("The claims page answers 500")
    machine = add("The gateway points to a machine that is gone", event, kind="condition")
    add("A target is taken without a question", machine, kind="missing", confidence="sure")
    add("The probe asks the gateway itself", event, road="escape", kind="decision")
    graph = causes.whole(rca)
    told = [[cause.words.split()[1] for cause in path] for path in graph.paths]
    assert told == [["claims", "gateway", "target"], ["claims", "probe"]]
    assert graph.blaming == {}


def test_they_are_drawn_in_the_pdf_on_one_page_however_many(rca, add, cast, monday):
    event = add("The claims page answers 500")
    for n in range(9):
        add(f"Target {n} is taken without a question", event, kind=("condition", "decision", "missing")[n % 3])
    sheet = document.lay_out(rca, cast.eve, language="en", zone=ZoneInfo("UTC"), now=monday + DAY)
    pages = PdfReader(BytesIO(document.to_pdf(sheet))).pages
    (drawn,) = [page for page in pages if "missing control" in page.extract_text()]
    arrows = re.findall(rb" m (?:[\d.]+ ){6}c\b", drawn.get_contents().get_data())
    assert "Target 8 is taken" in drawn.extract_text()
    # Three lines of three: one bend from the first, three from the second, five from the third.
    assert len(arrows) == 3 * (1 + 3 + 5)


def test_a_leaf_that_blames_a_person_is_said_and_allowed(rca, add, cast, monday):
    event = add("The claims page answers 500")
    blamed = add("Eve Eriksen set the wrong target", event)
    graph = causes.whole(rca)
    assert graph.blaming == {blamed.pk: "Eve Eriksen"}
    add("Any target is taken", blamed)
    assert causes.whole(rca).blaming == {}


def test_nothing_is_a_cause_of_itself(rca, add, cast, monday):
    first = add("First")
    second = add("Second", first)
    third = add("Third", second)
    with pytest.raises(causes.InACircle):
        causes.edit(first, by=cast.eve.actor, at=monday + DAY, effects=[third.pk])
    assert CauseLink.objects.filter(cause=first).count() == 0
    assert CauseLink.objects.filter(cause=second).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        CauseLink.objects.create(rca=rca, cause=first, effect=first)


def test_a_cause_of_another_analysis_is_not_there(rca, add, cast, monday):
    with pytest.raises(NotFound):
        causes.add(rca, "Alone", by=cast.eve.actor, at=monday + DAY, effects=[999_999])


def test_two_people_at_one_box(rca, add, cast, monday):
    box = add("First words")
    seen = box.version
    causes.edit(box, by=cast.eve.actor, at=monday + DAY, expected=seen, words="Eve's words")
    with pytest.raises(causes.Conflict):
        causes.edit(box, by=cast.emil.actor, at=monday + DAY, expected=seen, words="Emil's words")


def test_a_box_says_something_that_fits(rca, cast, monday):
    with pytest.raises(causes.NeedsWords):
        causes.add(rca, "  ", by=cast.eve.actor, at=monday + DAY)
    with pytest.raises(writing.TooLong):
        causes.add(rca, "x" * 301, by=cast.eve.actor, at=monday + DAY)


def test_removed_with_its_arrows_and_never_under_review(rca, add, cast, monday):
    event = add("Event")
    middle = add("Middle", event)
    add("End", middle)
    causes.remove(middle, by=cast.eve.actor, at=monday + DAY)
    assert len(causes.whole(rca).links) == 0
    review.submit(rca, by=cast.eve.actor, at=monday + DAY)
    with pytest.raises(writing.NotADraft):
        causes.remove(event, by=cast.eve.actor, at=monday + DAY)
