"""Two reports of one person become one, with a way back; two of different people never do."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from makegood.life.aftercare import merging
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Report
from tests.life.case import file_report, fresh, pending, told

MINUTE = timedelta(minutes=1)


@pytest.fixture
def two(cast, monday):
    return file_report(cast, monday, key="merge-one-01"), file_report(cast, monday, key="merge-two-02")


def test_the_one_goes_on_in_the_other_and_its_reporter_is_told(cast, monday, two):
    one, other = two
    merging.merge(one, other, by=cast.dora.actor, at=monday)
    merging.merge(one, other, by=cast.dora.actor, at=monday)
    now = fresh(one)
    assert (now.duplicate_of, now.state, now.close_reason) == (other, "closed", "duplicate")
    assert other.number in told(one)[-1].body
    assert pending(one) == []
    assert pending(other)


def test_it_is_taken_back_and_owes_news_again(cast, monday, two):
    one, other = two
    said = one.messages.count()
    merging.merge(one, other, by=cast.dora.actor, at=monday)
    merging.unmerge(one, by=cast.dora.actor, at=monday + MINUTE)
    now = fresh(one)
    assert (now.duplicate_of, now.state) == (None, "investigating")
    assert Promise.objects.filter(report=one, state__in=Promise.PENDING).exists()
    assert one.messages.count() > said
    with pytest.raises(merging.CannotMerge):
        merging.unmerge(one, by=cast.dora.actor, at=monday + MINUTE)


def test_reports_of_different_people_are_never_merged(cast, monday, two):
    one, other = two
    Report.objects.filter(pk=other.pk).update(contact=cast.cem)
    with pytest.raises(merging.CannotMerge):
        merging.merge(one, fresh(other), by=cast.dora.actor, at=monday)
    assert fresh(one).state != "closed"


def test_no_chains_and_no_circles(cast, monday, two):
    one, other = two
    third = file_report(cast, monday, key="merge-three-03")
    merging.merge(one, other, by=cast.dora.actor, at=monday)
    for report, into in ((other, one), (third, one), (other, third), (third, third)):
        with pytest.raises(merging.CannotMerge):
            merging.merge(fresh(report), fresh(into), by=cast.dora.actor, at=monday)


def as_it_is(report):
    """All that is kept of a report but when it was touched, and what it owes."""
    row = {**model_to_dict(fresh(report)), "version": 0, "updated_at": None}
    return row, sorted(Promise.objects.filter(report=report, state__in=Promise.PENDING).values_list("kind", "due_at"))


def test_while_our_words_wait_it_is_taken_back_without_a_trace(cast, monday, two):
    one, other = two
    before, said = as_it_is(one), told(one)
    merging.merge(one, other, by=cast.dora.actor, at=monday)
    merging.take_back(one, by=cast.dora.actor, at=monday + timedelta(seconds=5))
    assert as_it_is(one) == before
    assert told(one) == said


def test_once_they_have_left_taking_back_says_so(cast, monday, two):
    one, other = two
    merging.merge(one, other, by=cast.dora.actor, at=monday)
    merging.take_back(one, by=cast.dora.actor, at=monday + MINUTE)
    assert (fresh(one).duplicate_of, fresh(one).state) == (None, "investigating")
    assert "by itself again" in told(one)[-1].body
    with pytest.raises(merging.CannotMerge):
        merging.take_back(one, by=cast.dora.actor, at=monday + MINUTE)
