"""Killed at every step over many mails, and at any moment: the same outcome as undisturbed, none lost, none twice."""

import json
import random
import time

import pytest

from tests.doors.mailbox import dovecot as real
from tests.doors.mailbox.dovecot import PASSWORD, Dovecot
from tests.length import examples
from tests.product import Product, kill

MAILS = examples(150)
# So many are fetched at once while we kill: fewer than usual, so that many times is soon.
AT_ONCE = 12
SET_UP = """
from django.utils import timezone
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import mailboxes
facts = dict(slug="help", name="Help", address="help@fairfield.example", host="127.0.0.1", port={port}, tls="none")
mailboxes.add(facts | dict(user="{user}", done_folder="Filed"), secret="{password}", by=SYSTEM, at=timezone.now())
"""
# Looks until nothing waits; dies by SIGKILL before or after the n-th call of one function.
LOOK = """
import os, signal
from django.utils import timezone
from makegood.channels.imap import session as imap
from makegood.channels.imap.session import Session
from makegood.doors.mailbox import looking
from makegood.engine import files
from makegood.life.post import actions
from makegood.life.reports import fetching, mailboxes
from makegood.life.reports.models import Mailbox

def deadly(owner, name, when, count):
    original, calls = getattr(owner, name), []
    def wrapped(*words, **more):
        calls.append(1)
        if when == "before" and len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*words, **more)
        if when == "after" and len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, wrapped)

owners = dict(Session=Session, files=files, actions=actions, looking=looking, fetching=fetching)
imap._MOST_AT_ONCE = {at_once}
step = {step!r}
if step:
    deadly(owners[step[0]], *step[1:])
box = Mailbox.objects.get()
with Session(mailboxes.account_of(box)) as session:
    print(looking.look(box, session, clock=timezone.now, go_on=lambda: True))
"""
STEPS = [
    ("Session", "_open_folder", "after", 1),
    ("Session", "after", "after", 1),
    ("Session", "_bodies", "after", 1),
    ("files", "store", "after", 3),
    ("actions", "keep", "after", 8),
    ("looking", "_keep", "after", 10),
    ("Session", "settle", "before", 2),
    ("Session", "_move", "before", 2),
    ("Session", "settle", "after", 1),
    ("fetching", "advance", "before", 1),
    ("fetching", "advance", "after", 2),
    ("Session", "_bodies", "before", 3),
    ("looking", "_keep", "before", 18),
    ("fetching", "looked", "before", 1),
]
OUTCOMES = """
import json
from makegood.life.post.models import IncomingMail as M
from makegood.life.reports.models import Report, Message
print(json.dumps(dict(
    mails=sorted(M.objects.values_list("sha256", "outcome")),
    sizes=sum(M.objects.values_list("size", flat=True)),
    titles=sorted(Report.objects.filter(channel="mail").values_list("title", flat=True)),
    words=Message.objects.filter(said_by="contact").count())))
"""
# What a killed worker had in hand is tried again a little later.
FILE_ALL = """
from datetime import timedelta
from django.utils import timezone
from makegood.life.post import actions
while actions.file_due(timezone.now() + timedelta(minutes=10), limit=100): pass
"""


def mails():
    """Reports of many people, answers within their own threads, repeats, machines."""
    for n in range(MAILS):
        person = f"person{n % 180}@members{n % 60}.example"
        subject, words, more = f"Page {n} is broken", f"Page {n} shows error {n * 7}.", ""
        if n % 10 == 3:
            more = "Auto-Submitted: auto-replied\r\n"
        if n % 25 == 9:  # said twice under two Message-IDs
            subject, words = "Twice", f"The page of {person} is white."
        yield (
            f"From: {person}\r\nTo: help@fairfield.example\r\nSubject: {subject}\r\n"
            f"Message-ID: <{n}@members.example>\r\nDate: Mon, 16 Nov 2026 10:00:{n % 60:02} +0100\r\n"
            f"{more}\r\n{words}\r\n"
        ).encode()


@pytest.fixture
def dovecot():
    real.require()
    with Dovecot() as server:
        yield server


def desk(folder, dovecot, user):
    """An installation that fetches what lies for ``user``."""
    folder.mkdir()
    dovecot.put(user, mails())
    product = Product(folder)
    product.run("prepare", "--port", str(product.port))
    product.ask(SET_UP.format(port=dovecot.port, user=user, password=PASSWORD))
    return product


def look(product, step=None):
    loaded = ["makegood.doors.mailbox.looking", "makegood.life.post.actions"]
    return product.fork(LOOK.format(step=step, at_once=AT_ONCE), load=loaded)


def outcomes(product):
    product.ask(FILE_ALL)
    return json.loads(product.ask(OUTCOMES))


@pytest.mark.long
def test_killed_at_each_step_the_outcome_is_the_same_as_undisturbed(tmp_path, dovecot):
    with desk(tmp_path / "calm", dovecot, "calm") as calm, desk(tmp_path / "killed", dovecot, "killed") as killed:
        assert look(calm).stdout.strip() == str(MAILS)
        for step in STEPS:
            assert look(killed, step).returncode == -9, step
        assert look(killed).returncode == 0
        assert dovecot.look("killed") == []
        assert len(dovecot.look("killed", "Filed")) == MAILS
        expected, found = outcomes(calm), outcomes(killed)
        assert len(expected["mails"]) == MAILS
        assert found == expected


@pytest.mark.long
def test_a_worker_killed_at_any_moment_while_it_fetches_and_files_loses_nothing(tmp_path, dovecot):
    generator = random.Random(11)
    with desk(tmp_path / "killed", dovecot, "killed") as product:
        for _ in range(examples(3)):
            worker = product.start_forked("worker")
            product.wait_until(lambda: "mailbox.opened" in product.log("worker"), 30)
            (product.folder / "worker.log").write_text("")
            time.sleep(generator.uniform(0, 0.8))
            kill(worker.pid)
            worker.wait()
        worker = product.start_forked("worker")
        product.wait_until(lambda: not dovecot.look("killed"), 60)
        worker.terminate()
        worker.wait()
        assert len(dovecot.look("killed", "Filed")) == MAILS
        found = outcomes(product)
        assert len({digest for digest, _outcome in found["mails"]}) == len(found["mails"]) == MAILS
        assert all(outcome for _digest, outcome in found["mails"])
        new = sum(outcome == "new_report" for _digest, outcome in found["mails"])
        assert len(found["titles"]) == new
