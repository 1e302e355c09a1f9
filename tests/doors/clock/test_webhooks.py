"""The real worker: a receiver that hangs holds up nobody, and what a killed worker was telling is told by the next."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.product import Product, free_port, kill

MAKE = """
from django.utils import timezone
from makegood.life.hooks import endpoints
from makegood.life.people.actors import SYSTEM
for name, port in (("slow", {slow}), ("quick", {quick})):
    endpoints.add(name, f"http://127.0.0.1:{{port}}/", by=SYSTEM, at=timezone.now(), kinds=["report.received"])
"""
REPORT = """
from django.utils import timezone
from makegood.life.intake import actions
from makegood.life.intake.telling import Told
actions.file(Told(what="It is broken.", email="ana@example.org", idempotency_key="{key}"), at=timezone.now())
"""
UNSETTLED = "from makegood.life.hooks.models import Delivery as D; print(D.objects.exclude(state='sent').count())"


class Receiver:
    """A real HTTP server; while ``held`` it takes requests and does not answer."""

    def __init__(self, held=False):
        self.got, self.free, self.port = [], threading.Event(), free_port()
        if not held:
            self.free.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(self.headers["webhook-id"])
                receiver.free.wait(30)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_words):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.free.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receivers():
    slow, quick = Receiver(held=True), Receiver()
    yield slow, quick
    slow.close()
    quick.close()


def test_a_hanging_receiver_a_killed_worker_and_nothing_lost(tmp_path, receivers):
    slow, quick = receivers
    with Product(tmp_path, MAKEGOOD_PRIVATE_HOOKS="127.0.0.1") as product:
        product.run("prepare")
        product.ask(MAKE.format(slow=slow.port, quick=quick.port))
        worker = product.start_forked("worker")
        for number in range(3):
            product.ask(REPORT.format(key=f"key-{number}"))
        product.wait_until(lambda: len(set(quick.got)) == 3 and slow.got)
        assert len(set(slow.got)) == 1  # it still holds the first

        kill(worker.pid)
        worker.wait()
        slow.free.set()
        began = time.monotonic()
        product.start_forked("worker")
        product.wait_until(lambda: len(set(slow.got)) == 3)
        product.wait_until(lambda: product.ask(UNSETTLED) == "0", every=0.3)
        assert time.monotonic() - began < 60
        assert slow.got[0] == slow.got[1]  # under the id it had
        assert len(set(quick.got)) == 3
