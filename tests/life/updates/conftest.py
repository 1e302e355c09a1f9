from datetime import timedelta

import pytest

from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact
from makegood.life.reports.models import Report
from tests.again import again

SOON = timedelta(minutes=5)


@pytest.fixture
def report(cast, monday) -> Report:
    """Ana's report, filed through the front door; her address is verified."""
    return again(lambda: verified_report(cast, monday), monday)


def verified_report(cast, monday) -> Report:
    Contact.objects.filter(pk=cast.ana.pk).update(email_verified_at=monday, time_zone="Europe/Berlin")
    told = Told(what="The claims page shows error 500.", email="ana@example.org", idempotency_key="ana-1")
    filed = intake.file(told, at=monday)
    return Report.objects.select_related("contact", "category", "team").get(pk=filed.report.pk)


@pytest.fixture
def received(report):
    return report.ledger.get(kind="report.received")
