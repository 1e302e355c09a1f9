"""A worker with nothing to do looks many times a second: each look must cost the same on a desk of any age."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from makegood.channels.registry import mail_carrier
from makegood.doors.clock import rounds
from makegood.doors.clock.worker import Worker
from makegood.life import reactions
from makegood.life.diagnosis import schooling
from makegood.life.hooks import sending as hooks
from makegood.life.people.actors import SYSTEM
from makegood.life.promises import about
from makegood.life.reports import sending
from makegood.life.searching import readings
from makegood.life.statuspage import hooking
from makegood.life.transfer import exports, imports
from tests.scans import whole_reads

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are read from SQLite"),
]


def test_no_look_reads_a_growing_table_whole(cast):
    now = timezone.now()
    with whole_reads() as found:
        Worker()._work_step()
        sending.send_due(mail_carrier(settings.SMTP_URL), clock=timezone.now)
        sending.overdue(now=now)
        for errand in (hooks, hooking, imports, exports, readings, schooling):
            errand.due(now)
        rounds.sweep_promises(now)
        for _every, work in {**rounds.UPKEEP, **reactions.PERIODIC}.values():
            work(now)
        about.withdraw("problem:7", by=SYSTEM, at=now, reason="None was made.")
    assert not found, "\n".join(f"{tables}: {sql}" for sql, tables in found.items())


def test_a_table_read_whole_is_noticed(cast):
    with whole_reads() as found:
        list(cast.ana.reports.model.objects.filter(title__contains="x"))
    assert list(found.values()) == [{"reports_report"}]
