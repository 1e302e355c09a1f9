"""The whole product as one ASGI application: /live/ straight from the event loop, all else through the bridge."""

from __future__ import annotations

import gc
import os
import re
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest
from django.urls import get_resolver

from makegood.config import env, logs
from makegood.config.bridge import Bridge, Limits, Receive, Scope, Send
from makegood.config.patience import PatientProtocol
from makegood.config.wsgi import application as django_application
from makegood.doors.api import problems
from makegood.engine import database
from makegood.engine.live.hub import Hub, Listener
from makegood.life.people.models import Agent
from makegood.life.reports.audience import Audience, ear_of

AUDIENCE = Audience()
FILES_AT_ONCE = 6
# Fields of a form; Django itself takes 1 MB of them, besides files.
PLAIN_BODY = 1_500_000
# Only here may a body be as large as files are.
_TAKES_FILES = re.compile(
    r"/report/(files|pictures|send)/|/r/MG-\d+/say/|/console/reports/[^/]+/evidence/|/console/setup/transfer/upload/"
    r"|/api/v1/reports/[^/]+/files",
    re.IGNORECASE,
)


class Application:
    """What uvicorn runs. ``close`` ends the live streams, so that stopping does not wait for them."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(env.read("MAKEGOOD_THREADS"), thread_name_prefix="request")
        limits = Limits(
            body=settings.UPLOAD_MAX_BYTES * FILES_AT_ONCE + 1_000_000,
            plain_body=PLAIN_BODY,
            takes_files=takes_files,
            say=problems.in_words,
        )
        first = ThreadPoolExecutor(1, thread_name_prefix="first") if database.is_embedded() else None
        self.bridge = Bridge(django_application, self.pool, limits, first)
        self.hub = Hub(who_listens, self.pool, AUDIENCE.learn)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        if scope["path"] == "/live/" and scope["method"] == "GET":
            await self.hub(scope, receive, send)
        else:
            await self.bridge(scope, receive, send)

    def close(self) -> None:
        self.hub.close()


def takes_files(path: str) -> bool:
    """Whether files may be sent to this address."""
    return _TAKES_FILES.fullmatch(path) is not None


def who_listens(scope: Scope) -> Listener | None:
    """The signed-in agent behind a request for the stream; they hear of what they may see."""
    try:
        cookies = SimpleCookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return None
    key = cookies[settings.SESSION_COOKIE_NAME].value if settings.SESSION_COOKIE_NAME in cookies else ""
    if not (key.isascii() and key.isalnum()):  # A quoted cookie may hold anything, also what no database takes.
        return None
    request = HttpRequest()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(key)
    agent = get_user(request)
    if not isinstance(agent, Agent) or not agent.is_active or not agent.may("report.view"):
        return None
    ear = ear_of(agent)
    return Listener(f"agent:{agent.pk}", lambda topic: AUDIENCE.may_hear(ear, topic))


class Server(uvicorn.Server):
    """uvicorn that closes live streams first when asked to stop."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self.application = application

    async def shutdown(self, sockets: Any = None) -> None:
        self.application.close()
        await super().shutdown(sockets)


def load() -> None:
    """Load every door now, so that the first request does not wait for it."""
    get_resolver()._populate()


def serve(host: str, port: int) -> None:
    """Run the web process until SIGTERM or SIGINT."""
    logs.set_up(env.read("MAKEGOOD_LOG"))
    proxies = env.read("MAKEGOOD_TRUSTED_PROXIES")
    application = Application()
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        http=PatientProtocol,
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=10,
    )
    gc.collect()
    gc.freeze()
    Server(config, application).run()
    application.pool.shutdown(wait=False, cancel_futures=True)
    if application.bridge.first:
        application.bridge.first.shutdown(wait=False, cancel_futures=True)
    connections.close_all()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
