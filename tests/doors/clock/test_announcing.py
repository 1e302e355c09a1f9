"""The real worker, killed again and again while it tells everybody: each hears it once, under one Message-ID."""

import collections
import random
import time

import pytest

from tests.product import Product, kill
from tests.sink import Sink

COUNT = 60
MAKE = f"""
from datetime import timedelta
from django.utils import timezone
from makegood.life.people.models import Agent
from tests.life.announcements.crowd import crowd, fixed
from makegood.life.problems import actions as problems
now = timezone.now()
emil = Agent.objects.create(email="emil@desk.example", name="Emil Ek", role="lead", created_at=now)
problem = problems.open_problem("The claims page answers 500", by=emil.actor, at=now)
problems.edit(problem, by=emil.actor, at=now, cause="A full disk.", fix="Made room.")
crowd(problem, {COUNT}, now, by=emil.actor)
problem.refresh_from_db()
fixed(problem, emil, now, held=timedelta(0))
"""
TIME_PASSES = """
from django.utils import timezone as t
from makegood.engine.models import Job
from makegood.life.reports.models import OutgoingMail as M
M.objects.filter(state="sending").update(leased_until=t.now())
Job.objects.filter(done_at=None, parked_at=None).update(leased_until=None, run_at=t.now())
"""
STATE = """
import collections
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.reports.models import Message, OutgoingMail
mails = OutgoingMail.objects.filter(purpose="announcement")
words = Message.objects.filter(idempotency_key__startswith="announcement:")
said = collections.Counter(Recipient.objects.values_list("state", flat=True))
print(Announcement.objects.get().state, dict(said), words.count(), mails.filter(state="sent").count(), mails.count())
"""
WORDS = "it works again"


@pytest.fixture
def sink():
    with Sink() as running:
        yield running


@pytest.fixture
def product(tmp_path, sink):
    with Product(tmp_path, SMTP_URL=sink.url) as running:
        running.run("prepare", "--port", str(running.port))
        yield running


def heard(sink):
    return [mail for mail in list(sink.mails) if WORDS in mail.get_body(("plain",)).get_content()]


@pytest.mark.long
def test_killed_again_and_again_it_tells_each_exactly_once(product, sink):
    product.ask(MAKE)
    generator = random.Random(11)
    for _ in range(5):
        before = len(sink.mails)
        worker = product.start_forked("worker")
        product.wait_until(lambda before=before: len(sink.mails) > before + 3 or len(heard(sink)) >= COUNT)
        time.sleep(generator.uniform(0, 0.4))
        kill(worker.pid)
        worker.wait()
        product.ask(TIME_PASSES)
    product.start_forked("worker")
    product.wait_until(lambda: product.ask(STATE) == f"done {{'said': {COUNT}}} {COUNT} {COUNT} {COUNT}", 90, every=0.3)
    names = collections.defaultdict(set)
    for mail in heard(sink):
        names[mail["To"]].add(mail["Message-ID"])
    assert len(names) == COUNT
    assert all(len(ids) == 1 for ids in names.values())
    assert len({name for ids in names.values() for name in ids}) == COUNT
