"""Two reports of one person become one, with a way back; two of different people never do."""

from datetime import timedelta

import pytest

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
