import pytest

from tests.life.case import file_report


@pytest.fixture
def report(cast, monday):
    return file_report(cast, monday)
