"""What every test may ask for."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers for a few seconds must not reach the next test."""
    from makegood.doors.console import views_query

    views_query.forget_counts()
    translation.deactivate()


@pytest.fixture
def cast(db):
    """The people of tests/cast.py, saved."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def monday():
    from tests.cast import MONDAY

    return MONDAY
