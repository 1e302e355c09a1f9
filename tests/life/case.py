"""One of Ana's reports, filed through the front door, and the worker's hands: for the tests of the later stages."""

from datetime import time

from makegood.doors.clock import relay
from makegood.engine.queue import Runner
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact, Shift
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Report


def file_report(cast, at, key="ana-0001", **more):
    """Ana's report; her address is verified."""
    Contact.objects.filter(pk=cast.ana.pk).update(email_verified_at=at, time_zone="Europe/Berlin")
    told = Told(what="The claims page shows error 500.", email="ana@example.org", idempotency_key=key, **more)
    report = intake.file(told, at=at).report
    Report.objects.filter(pk=report.pk).update(team=cast.desk)
    return fresh(report)


def fresh(report):
    return Report.objects.select_related("contact", "category", "team").get(pk=report.pk)


def put_on_duty(team, agent, level=1):
    """``agent`` is on duty round the clock, all week."""
    for weekday in range(7):
        Shift.objects.create(team=team, agent=agent, level=level, weekday=weekday, starts=time(0), until=time(0))


def work(now):
    """What the worker does when it looks: ledger entries become jobs, jobs are done, until nothing is left."""
    runner = Runner(relay.handlers(), worker="test", clock=lambda: now)
    while relay.deliver(now) + runner.run_due():
        pass


def pending(report, *kinds):
    """The kinds of what is owed, sorted."""
    rows = Promise.objects.filter(report=report, state__in=Promise.PENDING)
    return sorted(p.kind for p in rows if not kinds or p.kind in kinds)


def told(report):
    """What we said to the reporter, oldest first."""
    said = report.messages.filter(is_internal=False, withdrawn_at=None).exclude(said_by="contact")
    return list(said.order_by("id"))
