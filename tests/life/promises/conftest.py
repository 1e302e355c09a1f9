"""A report of Ana's, as intake would file it, and short words for moments."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.life.reports.models import Report

BERLIN = ZoneInfo("Europe/Berlin")


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN)


def minutes(count):
    return timedelta(minutes=count)


def hours(count):
    return timedelta(hours=count)


def make_report(cast, at, severity="medium", **more):
    return Report.objects.create(
        title="Upload fails",
        contact=cast.ana,
        organisation=cast.acme,
        severity=severity,
        severity_rank=["critical", "high", "medium", "low"].index(severity),
        received_at=at,
        updated_at=at,
        **more,
    )


@pytest.fixture
def report(cast, monday):
    return make_report(cast, monday)
