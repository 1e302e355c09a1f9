"""A report in the middle of its life, for the tests of the report page."""

from datetime import timedelta

from django.test import Client

from makegood.life.diagnosis import catalogue
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.promises import book
from makegood.life.reports import actions, conversation
from makegood.life.reports.models import Category, Report
from makegood.life.updates import wording


def file_report(cast, at, *, what="The page says 500 after I press Save.", key="k-1", **told):
    """Ana's report as the portal would file it."""
    details = {"email": cast.ana.email, "name": cast.ana.name, **told}
    filed = intake.file(Told(idempotency_key=key, channel="web", what=what, **details), at=at)
    return filed.report


def make_case(cast, at) -> Report:
    """Filed, put to the desk, with a note on it."""
    book.install_defaults(at)
    catalogue.install()
    wording.install(at)
    report = file_report(cast, at)
    category = Category.objects.filter(is_question=False).first()
    dora = cast.dora.actor
    actions.set_category(report, category, by=dora, at=at + timedelta(minutes=1))
    actions.set_team(report, cast.desk, by=dora, at=at + timedelta(minutes=1))
    conversation.note(report, "NOTESENTINEL she sounded upset", by=dora, at=at + timedelta(minutes=2))
    return Report.objects.get(pk=report.pk)


PART = {"HX-Request": "true"}


def signed_in(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def url(report, rest=""):
    return f"/console/reports/{report.pk}/{rest}"
