import pytest

from makegood.life.diagnosis import catalogue
from makegood.life.diagnosis.models import Question
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.reports.models import Report
from tests.again import again


@pytest.fixture
def shipped(db):
    """The catalogue as it ships."""
    again(catalogue.install)


@pytest.fixture
def report(cast, monday, shipped) -> Report:
    """Ana's report of an error page, filed through the front door."""
    told = Told(
        what="The claims page shows error 500.",
        email="ana@example.org",
        idempotency_key="ana-1",
        category="server-error",
        hindrance="blocked",
        environment={"browser": "Firefox 143", "os": "Windows 11", "page": "/claims"},
    )
    filed = intake.file(told, at=monday)
    return Report.objects.select_related("contact", "category", "team").get(pk=filed.report.pk)


@pytest.fixture
def question(shipped):
    """A question by its slug."""
    return lambda slug: Question.objects.get(slug=slug)
