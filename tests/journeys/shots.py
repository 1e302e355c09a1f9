"""Pictures of screens: three widths, both modes, as a member of the cast or of the demo. For builders and the README.

    .venv/bin/python -m tests.journeys.shots /console/ /report/ --as dora --out /tmp/shots --base http://127.0.0.1:8000

Without ``--base`` a server of its own is started on the database of MAKEGOOD_DATA_DIR. Whoever ``--as`` names is
found by the beginning of their address, and made if there is nobody. ``--axe`` prints what axe-core finds.
"""

import argparse
import os
import re
import socket
import sys
import threading
import time
from pathlib import Path

from tests.journeys.chromium import CHROMIUM, FLAGS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
WIDTHS = (1440, 768, 360)
ROLES = {"dora": "agent", "eve": "engineer", "emil": "lead", "ada": "admin"}


def serve() -> str:
    """Start this installation, live stream included, on a free port of loopback; give its address."""
    import uvicorn

    from makegood.config.asgi import Application, Server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    application = Application()
    config = uvicorn.Config(application, host="127.0.0.1", port=port, lifespan="off", ws="none", log_config=None)
    server = Server(config, application)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    return f"http://127.0.0.1:{port}"


def session_of(name: str) -> str:
    """A signed-in session of somebody; gives the cookie's value."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from makegood.life.people.models import Agent

    agent = Agent.objects.filter(email__startswith=name, is_active=True).first()
    if agent is None:
        email, role = f"{name}@desk.example", ROLES.get(name, "agent")
        agent = Agent.objects.create(email=email, name=name.title(), role=role, created_at=timezone.now())
    store = SessionStore()
    store[SESSION_KEY] = str(agent.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def browser_of(playwright):
    """Debian's Chromium, quiet."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--as", dest="who", default="")
    parser.add_argument("--out", default="/tmp/shots", type=Path)
    parser.add_argument("--base", default="")
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    parser.add_argument("--modes", default="light,dark")
    parser.add_argument("--fold", action="store_true", help="only what is seen without scrolling")
    parser.add_argument("--axe", action="store_true")
    options = parser.parse_args(argv)

    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    options.out.mkdir(parents=True, exist_ok=True)
    base = options.base.rstrip("/") or serve()
    cookie = session_of(options.who) if options.who else ""
    found = 0
    with sync_playwright() as playwright:
        browser = browser_of(playwright)
        for mode in options.modes.split(","):
            for width in map(int, options.widths.split(",")):
                found += _shoot(browser, options, base=base, cookie=cookie, mode=mode, width=width)
        browser.close()
    return 1 if found else 0


def _shoot(browser, options, *, base, cookie, mode, width) -> int:
    from tests.journeys.axe import problems

    size = {"width": width, "height": 780 if width < 700 else 900}
    context = browser.new_context(viewport=size, color_scheme=mode, has_touch=width < 700, locale="en-GB")
    if cookie:
        context.add_cookies([{"name": "mg_session", "value": cookie, "url": base}])
    page = context.new_page()
    page.on("console", lambda message: message.type == "error" and print(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: print(f"{page.url}: {error}"))
    found = 0
    for url in options.urls:
        answer = page.goto(base + url)
        page.wait_for_load_state("load")
        page.wait_for_timeout(150)
        name = re.sub(r"[^a-z0-9]+", "-", url.lower()).strip("-") or "home"
        path = options.out / f"{name}-{width}-{mode}.png"
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=path, full_page=not options.fold)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        print(path, answer.status, f"too wide by {wide} px" if wide > 0 else "")
        if options.axe:
            words = problems(page)
            found += len(words)
            print("\n".join(words))
    context.close()
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
