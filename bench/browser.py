"""What people see and when, in a real Chromium: the largest thing painted, and the repaint after a key.

Portal pages are opened on a phone's screen over slow 4G (150 ms there and back, 1.6 Mbit/s down, 0.75 up: the mobile
network Lighthouse simulates) with a processor slowed down four times; the console on a desk's screen with neither. The
floor is a page of one sentence from a bare server, opened under the same conditions: what connection and browser cost
before any page of ours. A key's repaint is measured in the page itself, from the event to the task after the frame that
shows it.
"""

from __future__ import annotations

import contextlib
import http.server
import statistics
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.journeys.chromium import CHROMIUM, FLAGS

from bench import recording
from bench.intake import FORM
from bench.load import Client
from bench.processes import free_port, makegood, running
from bench.reading import QUEUE, sign_in
from makegood.life.reports.models import Report

LOOKS = 9
PRESSES = 50
BARS = {"portal": 1500.0, "console": 1200.0, "key": 50.0}
_PHONE = {"width": 360, "height": 740}
_DESK = {"width": 1440, "height": 900}
_SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
_SLOWER = 4
_LARGEST = """() => new Promise((done) => {
  let seen = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) seen = one.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(seen), 300);
})"""
# From the key to the task after the next frame: what the handlers changed is on the screen by then.
_WATCH_KEYS = """() => {
  window.repaints = [];
  const channel = new MessageChannel();
  let pressed = 0;
  channel.port1.onmessage = () => window.repaints.push(performance.now() - pressed);
  addEventListener("keydown", (event) => {
    pressed = event.timeStamp;
    requestAnimationFrame(() => channel.port2.postMessage(0));
  }, true);
}"""
_HERE = "document.activeElement?.closest('.row')?.dataset.href ?? ''"
_WEIGHT = """() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
  .reduce((sum, one) => sum + one.transferSize, 0)"""


def measure(folder: Path) -> list[dict[str, object]]:
    """Pages of the portal and the console on whatever the database holds; one row each. Raises RuntimeError where there
    is no Chromium."""
    if CHROMIUM is None:
        raise RuntimeError("No Chromium here (Debian: apt install chromium-headless-shell).")
    port = free_port()
    env = {"MAKEGOOD_BASE_URL": f"http://127.0.0.1:{port}"}
    url = f"http://127.0.0.1:{port}"
    with running(makegood("web", "--port", str(port)), url=f"{url}/healthz", env=env, log=folder / "web.log"):
        sent, visitor = _report(port)
        agent = sign_in(port).cookies
        first = Report.objects.exclude(state="closed").order_by("-pk").values_list("pk", flat=True)[0]
        with sync_playwright() as playwright, _bare() as bare:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                phone = {"bare page": bare, "report form": f"{url}/report/what/", "status page": f"{url}{sent}"}
                desk = {"bare page": bare, "queue": url + QUEUE, "report page": f"{url}/console/reports/{first}/"}
                rows = _painted(browser, "portal", phone, visitor, url)
                rows += _painted(browser, "console", desk, agent, url)
                rows += _keys(browser, url + QUEUE, agent, url)
            finally:
                browser.close()
    return rows


def _painted(
    browser: Any, where: str, pages: dict[str, str], cookies: dict[str, str], site: str
) -> list[dict[str, object]]:
    """Each page opened several times by a browser that knows none of its files."""
    rows, floor = [], 0.0
    for name, address in pages.items():
        taken, weight = [], 0
        for _look in range(LOOKS):
            with _page(browser, where, cookies, site) as page:
                page.goto(address, wait_until="load")
                taken.append(page.evaluate(_LARGEST))
                weight = page.evaluate(_WEIGHT)
        at75 = statistics.quantiles(taken, n=4)[2]
        floor = floor or at75
        met = f"{BARS[where]:.0f} ms: {'met' if at75 <= BARS[where] else 'MISSED'}" if address.startswith(site) else ""
        rows.append(
            {
                "what": f"{where}, {name}: largest paint",
                "p50 ms": round(statistics.median(taken)),
                "p75 ms": round(at75),
                "times floor": round(at75 / floor, 1),
                "KB": round(weight / 1024),
                "bar": met,
            }
        )
    return rows


def _keys(browser: Any, address: str, cookies: dict[str, str], site: str) -> list[dict[str, object]]:
    """``j`` again and again down a full page of the queue, as quickly as the browser takes it."""
    with _page(browser, "console", cookies, site) as page:
        page.goto(address, wait_until="networkidle")
        page.evaluate(_WATCH_KEYS)
        rows = page.locator("#selection .row").count()
        places = set()
        for _press in range(PRESSES):
            page.keyboard.press("j")
            places.add(page.evaluate(_HERE))
        page.wait_for_function(f"window.repaints.length >= {PRESSES}")
        taken = sorted(page.evaluate("window.repaints"))
    if len(places) < min(PRESSES, rows) - 1:
        raise RuntimeError(f"{PRESSES} times j led to {len(places)} rows")
    at95 = taken[int(len(taken) * 0.95)]
    return [
        {
            "what": f"console, j {PRESSES} times: repaint",
            "p50 ms": round(statistics.median(taken), 1),
            "p95 ms": round(at95, 1),
            "bar": f"{BARS['key']:.0f} ms: {'met' if at95 <= BARS['key'] else 'MISSED'}",
        }
    ]


@contextlib.contextmanager
def _page(browser: Any, where: str, cookies: dict[str, str], site: str) -> Iterator[Page]:
    is_phone = where == "portal"
    context = browser.new_context(viewport=_PHONE if is_phone else _DESK, is_mobile=is_phone, has_touch=is_phone)
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    page = context.new_page()
    if is_phone:
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", _SLOW_4G)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    try:
        yield page
    finally:
        context.close()


def _report(port: int) -> tuple[str, dict[str, str]]:
    """A report sent by the form: the address of its page, and the visitor's cookies."""
    visitor = Client(port)
    _status, _headers, page = visitor.ask("GET", "/report/what/")
    token = page.decode().split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    status, headers, _body = visitor.ask("POST", "/report/send/", recording.body(7_000_000, token), FORM)
    if status != 303:
        raise RuntimeError(f"The form answered {status}")
    return headers["Location"], visitor.cookies


@contextlib.contextmanager
def _bare() -> Iterator[str]:
    """A page of one sentence."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the library's name
            words = b"<!doctype html><title>Bare</title><h1>One sentence and nothing else.</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
