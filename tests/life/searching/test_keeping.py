"""The index stays in step with what it tells of, and can be made anew."""

import pytest

from makegood.life.reports import accounts
from tests.life.case import file_report, work


@pytest.fixture
def report(desk, now):
    report = file_report(desk, now)
    work(now)
    return report


def test_facts_put_right_are_found_and_the_old_ones_are_not(desk, report, now, find):
    accounts.change_contact(desk.ana, {"name": "Ana Quintero"}, by=desk.dora.actor, at=now)
    work(now)
