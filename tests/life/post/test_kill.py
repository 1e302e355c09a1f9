"""Killed with -9 wherever it hurts: afterwards everything is as if nothing had happened. Real processes, many mails."""

import hashlib
import json
import random
import signal
import time

import pytest

from tests.length import examples
from tests.life.post import generator
from tests.once import once
from tests.product import Product

COUNT = examples(168)
SNAPSHOT = """
import json
from collections import Counter
from makegood.engine import files
from makegood.life.post.models import IncomingMail
from makegood.life.reports.models import *
from makegood.life.reports.models import LedgerEntry
# The worker also sends, and preparing makes a link for the first admin.
BESIDES = ["mail.sent", "staff.link_made"]
report_of = lambda row: row.report and [row.report.title, row.report.contact.email]
def raw(row):
    import hashlib
    return hashlib.sha256(files.open_file(row.storage_key).read()).hexdigest()
print(json.dumps({
    "mails": sorted([r.sha256, raw(r), r.outcome, r.reason, report_of(r)] for r in IncomingMail.objects.all()),
    "reports": sorted([r.title, r.contact.email, r.state, r.messages.count()] for r in Report.objects.all()),
    "said": sorted([m.said_by, m.name, m.channel, m.body.split(chr(10))[0] if m.said_by == "contact" else ""]
                   for m in Message.objects.all()),
    "files": sorted([a.name, a.sha256, a.media_type, a.message.body] for a in Attachment.objects.all()),
    "stored": sorted(len(files.open_file(a.storage_key).read()) for a in Attachment.objects.all()),
    "people": sorted([p.contact.email, p.why, p.state] for p in Participant.objects.all()),
    "mailed": sorted([m.to_email, m.purpose] for m in OutgoingMail.objects.all()),
    "happened": sorted(Counter(LedgerEntry.objects.exclude(kind__in=BESIDES).values_list("kind", flat=True)).items()),
    "undelivered": LedgerEntry.objects.filter(delivered_at=None).count(),
}))
"""

# The process that files, killed at a call: (module, function, before or after it, at which call).
KILLED = """
import importlib, os, signal, sys
module, name, when, at = sys.argv[1:5]
owner = importlib.import_module(module)
real, calls = getattr(owner, name), 0
def wrapped(*given, **more):
    global calls
    calls += 1
    if calls == int(at) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    made = real(*given, **more)
    if calls == int(at) and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return made
setattr(owner, name, wrapped)
from makegood.cli import main
main(sys.argv[5:])
"""
POST = "makegood.life.post"
STEPS = [
    ("makegood.engine.files.storage", "_sync_folder", "before", 4),
    ("makegood.engine.files", "store", "after", 13),
    (f"{POST}.actions", "keep", "after", 10),
    (f"{POST}.filing", "_begin", "after", 12),
    (f"{POST}.filing", "store_files", "after", 8),
    (f"{POST}.evidence", "gather", "after", 15),
    (f"{POST}.outcomes", "new_report", "after", 6),
    (f"{POST}.outcomes", "append", "after", 3),
    (f"{POST}.outcomes", "act", "after", 11),
    (f"{POST}.filing", "_read_and_file", "after", 12),
    ("makegood.doors.clock.relay", "follow", "before", 17),
    ("makegood.life.updates.mails", "queue_message", "after", 4),
    ("makegood.doors.clock.relay", "_follow_together", "after", 7),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The mails as files, in the order they were sent."""
    made = tmp_path_factory.mktemp("mails")
    for n, raw in enumerate(generator.mails(COUNT)):
        (made / f"{n:04}.eml").write_bytes(raw)
    return made


@pytest.fixture
def undisturbed(folder, tmp_path_factory):
    """Call it for what comes of the mails when nobody is killed. Both tests compare with it, maybe at the same time."""
    return lambda: once("undisturbed", lambda: file_in_peace(folder, tmp_path_factory.mktemp("calm")))


def file_in_peace(folder, place):
    with Product(place) as product:
        done = product.run(*command(folder))
        found = snapshot(product)
    outcomes = [json.loads(line)["outcome"] for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(outcomes) == COUNT
    assert len(found["mails"]) == COUNT
    kinds = {"new_report", "append", "duplicate", "ignore_auto", "bounce_recorded", "quarantined"}
    assert set(outcomes) == kinds
    assert all(kept == sha256 for kept, sha256, *_rest in found["mails"])
    return found


def command(folder):
    return ["mail", "ingest", str(folder), "--json", "--authserv-id", generator.OUR_MX]


def snapshot(product):
    return json.loads(product.ask(SNAPSHOT).splitlines()[-1])


def assert_same(found, wanted):
    for name in wanted:
        assert found[name] == wanted[name], name


@pytest.mark.long
def test_killed_at_each_step_it_ends_as_if_nothing_had_happened(folder, undisturbed, tmp_path):
    with Product(tmp_path) as product:
        for step in STEPS:
            done = product.fork(KILLED, *map(str, step), *command(folder), load=["makegood.cli.ingesting"])
            assert done.returncode == -signal.SIGKILL, (step, done.stderr[-2000:])
        product.run(*command(folder))
        assert_same(snapshot(product), undisturbed())


@pytest.mark.long
def test_a_worker_killed_again_and_again_loses_nothing_and_does_nothing_twice(folder, undisturbed, tmp_path):
    keep = f"""
from pathlib import Path
from django.utils import timezone
from makegood.life.post import actions, addresses
box = addresses.default_mailbox(timezone.now())
type(box).objects.update(authserv_id={generator.OUR_MX!r})
box.refresh_from_db()
for path in sorted(Path({str(folder)!r}).iterdir()):
    actions.keep(path.read_bytes(), source="imap", mailbox=box, at=timezone.now())
"""
    pending = """
from makegood.engine.models import Job
from makegood.life.post.models import IncomingMail
from makegood.life.reports.models import LedgerEntry
undone = Job.objects.filter(done_at=None, parked_at=None)
undelivered = LedgerEntry.objects.filter(delivered_at=None)
print(IncomingMail.objects.filter(outcome="").count() + undelivered.count() + undone.count())
"""
    chance = random.Random(7)
    with Product(tmp_path) as product:
        product.run("prepare")
        product.ask(keep)
        for _time in range(examples(3)):
            worker = product.start_forked("worker")
            product.wait_until(lambda: "worker.started" in product.log("worker").split("KILLED")[-1])
            time.sleep(chance.uniform(0.1, 1.0))
            worker.kill()
            worker.wait()
            with (product.folder / "worker.log").open("a") as log:
                log.write("KILLED\n")
        product.start_forked("worker")
        product.wait_until(lambda: product.ask(pending) == "0", seconds=180, every=0.2)
        assert_same(snapshot(product), undisturbed())


def test_the_mails_are_what_they_are(folder):
    """The generator gives the same bytes each time, or the two runs above could not be compared."""
    for n, path in enumerate(sorted(folder.iterdir())):
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(generator.one(n)).digest()
