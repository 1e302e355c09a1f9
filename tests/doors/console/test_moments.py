"""Moments as people type them: what cannot be read, or lies beyond all calendars, gets a sentence."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from makegood.doors.console.moments import NotATime, typed_moment

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["nonsense", "2027-02-30T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "12"])
def test_what_is_no_time_to_count_with_is_said(text):
    with pytest.raises(NotATime):
        typed_moment(text, now=NOW)


def test_an_hour_the_clock_skips_is_the_one_that_follows():
    with timezone.override("Europe/Berlin"):
        found = typed_moment("2027-03-28T02:30", now=NOW)
    assert found.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
