"""A desk with its catalogue, and a browser that keeps cookies."""

import pytest
import time_machine
from django.test import Client

from makegood.doors.portal import allowance
from makegood.life.diagnosis import catalogue
from tests.again import again


@pytest.fixture
def desk(cast):
    again(catalogue.install)
    return cast


@pytest.fixture
def clock(monday):
    """Time stands at Monday morning until a test moves it."""
    with time_machine.travel(monday, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(desk, clock):
    allowance._drawn.clear()
    return Client(
        enforce_csrf_checks=False,
        headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
    )
