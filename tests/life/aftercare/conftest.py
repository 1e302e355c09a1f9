import pytest

from tests.again import again
from tests.life.case import file_report


@pytest.fixture
def report(cast, monday):
    return again(lambda: file_report(cast, monday), monday)
