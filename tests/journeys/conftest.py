"""A real server, a real browser: journeys skip with a word where Chromium is not installed.

``site`` is the whole product (bridge and live stream included) on a free port of loopback, over the test database; one
server a worker, an empty database a test. ``people`` is the cast, ``desk`` a desk in working order, with a report in
every state (tests.journeys.desk). ``signed_in("dora")`` is a page of a member of the cast, ``new_page()`` anybody's.
``check_axe(page)`` fails on any finding. Playwright's ``wait_for_function`` with a string needs eval, which our CSP
refuses: use locators.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait

import pytest

from tests.journeys.axe import problems
from tests.journeys.chromium import CHROMIUM, FLAGS

PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        word = "No Chromium here: journeys need it (Debian: apt install chromium-headless-shell)."
        if os.environ.get("MAKEGOOD_REQUIRE_BROWSER") == "1":
            pytest.fail(word)
        pytest.skip(word)
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(django_db_setup, django_db_blocker):
    """The address of the running product: one for all journeys of this worker. It always looks at its database."""
    with django_db_blocker.unblock():
        yield from _serve()


def _serve():
    import uvicorn

    from makegood.config.asgi import Application, Server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    application = Application()
    config = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=port,
        lifespan="off",
        ws="none",
        log_config=None,
        timeout_graceful_shutdown=2,
    )
    server = Server(config, application)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
    _close_connections(application.pool)


@pytest.fixture
def site(transactional_db, server, settings):
    """The address of the running product, over an empty database."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = server
    return server


@pytest.fixture
def people(site):
    """The cast, saved where the site can see it."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def desk(people):
    """A desk in working order, and no report yet."""
    from tests.journeys.desk import furnish

    return furnish(people)


@pytest.fixture
def new_page(browser, site) -> Callable:
    """Open a browser of its own: ``new_page(width=360, mode="dark")``. Errors in its console fail the test."""
    contexts, errors = [], []

    def open_page(width: int = 1280, height: int = 800, mode: str = "light", **options):
        options = {"locale": "en-GB", "timezone_id": "Europe/Berlin", **options}
        context = browser.new_context(
            base_url=site, viewport={"width": width, "height": height}, color_scheme=mode, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        context.on("page", lambda page: _listen(page, errors))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def signed_in(new_page, people, site) -> Callable:
    """A page of somebody of the cast who is signed in already: ``signed_in("dora", width=360)``."""
    from tests.journeys.shots import session_of

    def enter(name: str, **options):
        page = new_page(**options)
        page.context.add_cookies([{"name": "mg_session", "value": session_of(name), "url": site}])
        return page

    return enter


@pytest.fixture
def check_axe() -> Callable:
    def check(page, context=None) -> None:
        found = problems(page, context)
        assert found == [], "\n".join([page.url, *found])

    return check


def _listen(page, errors) -> None:
    """Whatever the browser complains about is an error, but for answers that say no on purpose (4xx) and no network."""
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on("console", lambda message: _is_complaint(message) and errors.append(f"{page.url}: {message.text}"))


def _is_complaint(message) -> bool:
    if message.type != "error":
        return "Content Security Policy" in message.text
    # "Failed to fetch": a part was still on its way when the page was left, or the server was taken away.
    return not any(part in message.text for part in ("status of 4", "net::ERR_", "TypeError: Failed to fetch"))


def _close_connections(pool) -> None:
    """The bridge's threads keep their database connections: close them, or the test database cannot be dropped."""
    from django.db import connections

    size = pool._max_workers
    together = threading.Barrier(size)

    def close() -> None:
        together.wait(5)
        connections.close_all()

    wait([pool.submit(close) for _ in range(size)], timeout=6)
    pool.shutdown(wait=False, cancel_futures=True)
