"""A desk with its promises and words set up, and whoever reads files beside the worker."""

import io

import pytest

from makegood.life.diagnosis import catalogue
from makegood.life.promises import book
from makegood.life.reports import attachments
from makegood.life.searching import asking, readings
from makegood.life.updates import wording
from tests.again import again
from tests.life.case import work


@pytest.fixture
def now(monday):
    return monday


@pytest.fixture
def desk(cast, now, settings, tmp_path):
    settings.DATA_DIR = str(tmp_path)
    again(lambda: install(now), now)
    return cast


def install(now):
    book.install_defaults(now)
    catalogue.install()
    wording.install(now)


@pytest.fixture
def read_files(now):
    """The worker's hands, and the errand that reads files."""

    def read():
        work(now)
        readings.work(clock=lambda: now, stopping=lambda: False)

    return read


@pytest.fixture
def attach(desk, now):
    def attach(report, name, data, **details):
        return attachments.attach(report, io.BytesIO(data), name=name, by=desk.dora.actor, at=now, **details)

    return attach


@pytest.fixture
def find(now):
    """What a seeker finds, as (place, words of the title or number) pairs."""

    def find(seeker, text):
        asked = asking.understand(seeker, text, now=now)
        if len(asked.places) == 1:
            groups = [asking.look(asked, asked.places[0])]
        else:
            groups = asking.overview(asked)
        return [(group.place, _name(hit.thing)) for group in groups for hit in group.hits]

    return find


def _name(thing):
    return getattr(thing, "number", "") or thing.name
