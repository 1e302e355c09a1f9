"""What tests of the console may ask for."""

from datetime import timedelta
from functools import partial

import pytest

from tests.again import STARTED, again
from tests.doors.console.problem_cast import open_fault
from tests.doors.console.queue_cast import make_waiting
from tests.doors.console.report_cast import make_case, signed_in


@pytest.fixture
def case(cast):
    """A report in work of an hour ago, with a conversation (``report_cast``)."""
    at = STARTED - timedelta(hours=1)
    return again(lambda: make_case(cast, at), at)


@pytest.fixture
def dora(cast):
    """Dora, signed in."""
    return signed_in(cast.dora)


@pytest.fixture
def make(cast):
    """Make a report that stands in the queue (``queue_cast``)."""
    return partial(make_waiting, cast)


@pytest.fixture
def fault(cast, case):
    """A problem with two members: the case of Ana, and one of Cem (``problem_cast``)."""
    return again(lambda: open_fault(cast, case))
