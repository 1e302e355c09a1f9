"""A desk at work, and programs that knock."""

from datetime import UTC, datetime

import pytest

from makegood.life.beginning import begin
from makegood.life.promises import book
from tests.again import STARTED, again
from tests.doors.api.knocking import program_of


@pytest.fixture
def desk(cast):
    """The people, the catalogue, promises and scripts: everything a report needs."""
    now = min(datetime.now(UTC), STARTED)
    again(lambda: install(now), now)
    return cast


def install(now):
    book.install_defaults(now)
    begin(now)


@pytest.fixture
def dora(desk):
    """A program with Dora's token and every scope."""
    return program_of(desk.dora)


@pytest.fixture
def report(dora):
    """MG-n, filed through the API."""
    told = {"what": "The claims page shows error 500.", "reporter": {"name": "Ana", "email": "ana@example.org"}}
    return dora.post("/reports", told)["number"]
