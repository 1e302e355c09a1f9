"""Real processes, killed without warning: nothing acknowledged is lost, nothing is mailed under two Message-IDs."""

import collections
import random
import signal
import time

import pytest

from tests.product import Product, children_of, kill, megabytes
from tests.sink import Sink

QUEUE_MAILS = """
from django.utils import timezone
from makegood.life.reports.delivery import queue_mail
for n in range({first}, {last}):
    queue_mail(None, to=(f"member{{n}}@example.org", ""), subject=f"Mail {{n}}", text="Hello", purpose="test",
               key=f"test-{{n}}", at=timezone.now())
"""
SHORT_LEASE = (
    "from makegood.life.reports.models import OutgoingMail as M; from django.utils import timezone as t;"
    "M.objects.filter(state='sending').update(leased_until=t.now())"
)
STATES = (
    "from makegood.life.reports.models import OutgoingMail as M; import collections;"
    "print(dict(collections.Counter(M.objects.values_list('state', flat=True))))"
)


@pytest.fixture
def sink():
    with Sink() as running:
        yield running


@pytest.fixture
def product(tmp_path, sink):
    with Product(tmp_path, SMTP_URL=sink.url) as running:
        running.run("prepare", "--port", str(running.port))
        yield running


def test_a_worker_killed_while_sending_loses_no_mail_and_repeats_none_under_another_name(product, sink):
    product.ask(QUEUE_MAILS.format(first=0, last=120))
    generator = random.Random(7)
    for _ in range(4):
        before = len(sink.mails)
        worker = product.start_forked("worker")
        product.wait_until(lambda before=before: len(sink.mails) > before + 4 or len(sink.mails) >= 120)
        time.sleep(generator.uniform(0, 0.05))
        kill(worker.pid)
        worker.wait()
        product.ask(SHORT_LEASE)  # time passes: the dead worker's leases run out
    product.start_forked("worker")
    product.wait_until(lambda: product.ask(STATES) == "{'sent': 120}", 40, every=0.3)
    names = collections.defaultdict(set)
    for mail in sink.mails:
        names[mail["To"]].add(mail["Message-ID"])
    assert len(names) == 120
    assert all(len(ids) == 1 for ids in names.values())
    assert len({i for ids in names.values() for i in ids}) == 120


def test_the_supervisor_starts_again_whatever_dies_and_stops_both_in_order(product):
    supervisor = product.start("serve", "--port", str(product.port))
    product.wait_until(lambda: product.get("/readyz")[0] == 200)
    first = children_of(supervisor.pid)
    assert set(first) == {"web", "worker"}
    kill(first["web"])
    kill(first["worker"])
    product.wait_until(lambda: product.get("/healthz")[0] == 200 and set(children_of(supervisor.pid)) == set(first))
    assert not set(children_of(supervisor.pid).values()) & set(first.values())
    everything = [supervisor.pid, *children_of(supervisor.pid).values()]
    assert sum(map(megabytes, everything)) < 250
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(20) == 0
    assert children_of(supervisor.pid) == {}


def test_children_of_a_killed_supervisor_do_not_live_on(product):
    supervisor = product.start("serve", "--port", str(product.port))
    product.wait_until(lambda: product.get("/healthz")[0] == 200)
    children = children_of(supervisor.pid)
    kill(supervisor.pid)
    supervisor.wait()
    product.wait_until(lambda: product.get("/healthz")[0] == 0)
    assert children


def test_a_ledger_entry_reaches_its_reactions_within_a_third_of_a_second_or_so(product):
    product.start_forked("worker")
    product.wait_until(lambda: "worker.started" in product.log("worker"))
    waited = product.ask(
        "import time; from django.db import transaction; from django.utils import timezone\n"
        "from makegood.life.people.actors import SYSTEM; from makegood.life.reports import ledger\n"
        "from makegood.life.reports.models import LedgerEntry as E\n"
        "with transaction.atomic(): e = ledger.record(None, 'link.made', by=SYSTEM, at=timezone.now())\n"
        "began = time.monotonic()\n"
        "while not E.objects.filter(pk=e.pk, delivered_at__isnull=False).exists(): time.sleep(0.01)\n"
        "print(time.monotonic() - began)"
    )
    assert float(waited) < 1.0


@pytest.mark.long
def test_a_backup_restored_on_a_bare_machine_is_the_same_and_sends_nothing_by_itself(product, sink, tmp_path_factory):
    product.ask(QUEUE_MAILS.format(first=0, last=3))
    product.ask(
        "import io; from makegood.engine import files; from makegood.life.reports.models import Attachment\n"
        "from django.utils import timezone\n"
        "k = files.keep(io.BytesIO(b'log line'), name='a.log', limit=99)\n"
        "Attachment.objects.create(name=k.name, media_type=k.media_type, size=k.size, sha256=k.sha256,"
        " storage_key=k.key, at=timezone.now())"
    )
    place = tmp_path_factory.mktemp("backup") / "today"
    product.run("backup", str(place))
    with Product(tmp_path_factory.mktemp("bare"), is_bare=True, SMTP_URL=sink.url) as bare:
        assert "3 reports" not in bare.run("restore", str(place)).stdout
        assert bare.ask(STATES) == "{'queued': 3}"
        assert "1 files looked at, 0 missing" in bare.run("verify").stdout
        bare.start_forked("worker")
        bare.wait_until(lambda: "worker.started" in bare.log("worker"))
        time.sleep(2)
        assert sink.mails == []
        bare.run("release-mail")
        bare.wait_until(lambda: len(sink.mails) == 3)


def test_a_damaged_backup_and_a_used_installation_are_refused(product, tmp_path_factory):
    place = tmp_path_factory.mktemp("backup") / "today"
    product.run("backup", str(place))
    product.ask(
        "from makegood.life.people.models import Agent; from django.utils import timezone;"
        "Agent.objects.create(email='a@b.example', name='A', created_at=timezone.now())"
    )
    assert "people or reports here already" in product.run("restore", str(place), check=False).stderr
    victim = next(path for path in place.rglob("*") if path.is_file() and path.name.startswith(("database", "people")))
    victim.write_bytes(b"broken")
    assert "damaged" in product.run("restore", str(place), check=False).stderr
    assert "exists already" in product.run("backup", str(place), check=False).stderr


def test_a_place_a_backup_cannot_be_written_to_is_named(product):
    done = product.run("backup", "/proc/today", check=False)
    assert done.returncode == 1
    assert "/proc/today" in done.stderr
    assert "Traceback" not in done.stderr
