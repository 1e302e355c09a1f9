"""Reports keep coming in while web and worker are killed: what was answered exists exactly once, and is acknowledged
once.

A journal of what was sent and what was answered is held against the database afterwards.
"""

import collections
import http.client
import json
import random
import threading
import time
from urllib.parse import urlencode

import pytest

from tests.product import Product, children_of, kill
from tests.sink import Sink

CSRF = "a" * 32
REPORTS = 60
WRITERS = 4
FOUND = (
    "import json; from makegood.life.intake.models import Incoming\n"
    "print(json.dumps(list(Incoming.objects.values_list('idempotency_key', 'report_id'))))"
)
MAILED = (
    "from makegood.life.reports.models import OutgoingMail as M\n"
    "print(M.objects.exclude(state='sent').count(), M.objects.filter(to_email__endswith='@fire.example').count())"
)


def post(port, key):
    """Send one report; the number it was given, or None if there was no answer."""
    form = {"csrfmiddlewaretoken": CSRF, "key": key, "what": f"The page shows {key}", "email": f"{key}@fire.example"}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"mg_csrf={CSRF}"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/report/send/", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if answer.status >= 500:
        return None
    assert answer.status == 303, answer.status
    return int(answer.headers["Location"].rstrip("/").rpartition("MG-")[2])


class Journal:
    def __init__(self, port):
        self.port, self.answered, self.unanswered = port, collections.defaultdict(set), set()
        self.waiting = [f"report-number-{n:04d}" for n in range(REPORTS)]

    def write(self):
        """One customer after the other; who gets no answer is noted and tries again later."""
        while self.waiting:
            key = self.waiting.pop()
            number = post(self.port, key)
            if number is None:
                self.unanswered.add(key)
                time.sleep(0.05)
            else:
                self.answered[key].add(number)


@pytest.fixture
def product(tmp_path):
    with Sink() as sink, Product(tmp_path, SMTP_URL=sink.url) as running:
        running.sink = sink
        yield running


@pytest.mark.long
def test_nothing_answered_is_lost_and_nothing_is_there_twice(product):
    supervisor = product.start("serve", "--port", str(product.port))
    product.wait_until(lambda: product.get("/readyz")[0] == 200, 40)
    journal, generator = Journal(product.port), random.Random(11)
    writers = [threading.Thread(target=journal.write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for victim in ("web", "worker", "web", "worker"):
        time.sleep(generator.uniform(0.2, 0.6))
        if pid := children_of(supervisor.pid).get(victim):
            kill(pid)
    for writer in writers:
        writer.join()
    product.wait_until(lambda: product.get("/readyz")[0] == 200, 40)
    # Who got no answer sends again with the same key, some of those who got one press the button twice.
    for key in [*journal.unanswered, *list(journal.answered)[:10]]:
        product.wait_until(lambda key=key: journal.answered[key].add(post(product.port, key)) or journal.answered[key])
    numbers = {key: next(iter(found)) for key, found in journal.answered.items() if len(found) == 1}
    assert len(numbers) == REPORTS, "Each was answered, always with the same number."
    filed = dict(map(tuple, json.loads(product.ask(FOUND))))
    assert {key: filed[key] for key in numbers} == numbers
    assert len(set(numbers.values())) == len(filed) == REPORTS
    # Mails a killed worker had in hand wait for their lease.
    product.wait_until(lambda: product.ask(MAILED) == f"0 {REPORTS}", 120, every=0.5)
    ids = collections.defaultdict(set)
    for mail in product.sink.mails:
        ids[mail["To"]].add(mail["Message-ID"])
    assert len(ids) == REPORTS
    assert all(len(found) == 1 for found in ids.values())
