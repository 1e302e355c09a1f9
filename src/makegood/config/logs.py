"""What we write down about our own work: one line per request and per event worth knowing, never a secret.

Paths are redacted (a status link is a key), query strings, bodies, cookies and addresses of people never appear.
"""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, TextIO, cast

import structlog

# Anywhere in a part: mail programs hang a full stop or a bracket on the end of a link.
_SECRET_PART = re.compile(r"[0-9A-Za-z_-]{24,}")
_SECRET_IN_TEXT = re.compile(r"(?<=/)[^/\s?]*?[0-9A-Za-z_-]{24,}[^/\s?]*")
_EVENT_WIDTH = 24
_PLAIN_NEEDS = frozenset({"timestamp", "level", "event"})
_CONSOLE_NEEDS = frozenset({"logger", "logger_name", "exc_info", "exception", "stack"})
_QUOTED = frozenset(" \t=\r\n\"'")
_SECRET_NAMES = re.compile(r"token|secret|password|cookie|authori[sz]ation|session", re.IGNORECASE)


def redact(path: str) -> str:
    """``path`` with every part long enough to be a secret replaced."""
    return "/".join("…" if _SECRET_PART.search(part) else part for part in path.split("/"))[:300]


class _Stderr(io.TextIOBase):
    """Whatever standard error is at the moment of writing: loggers are kept longer than a redirected stream lives."""

    def write(self, words: str) -> int:
        return sys.stderr.write(words)

    def flush(self) -> None:
        sys.stderr.flush()


def set_up(style: str = "text", level: int = logging.INFO) -> None:
    """Lead structlog and the standard library's logging to one stream: ``text`` for eyes, ``json`` for machines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
    ]
    last: Any = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=_EVENT_WIDTH,
            # The pretty one prints local variables: words of reporters and secrets must not reach a log.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    if style != "json" and not sys.stderr.isatty():
        last = _Plain(last)
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, last] if style == "json" else [*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Stderr())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared, _redact_text], processor=last
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def tell_request(log: Any, scope: dict[str, Any], status: int, seconds: float) -> None:
    """One line for one finished request; static files and health probes only when they fail."""
    path = scope["path"]
    if status < 400 and path.startswith(("/static/", "/healthz", "/readyz", "/metrics")):
        return
    log.info(
        "request",
        id=scope.get("request_id"),
        method=scope["method"],
        path=redact(path),
        status=status,
        ms=round(seconds * 1000, 1),
    )


class _Plain:
    """A line without colours just as ``console`` writes it, in a fraction of the time: every request has one."""

    def __init__(self, console: Any) -> None:
        self.console = console

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> Any:
        if not event.keys() >= _PLAIN_NEEDS or not _CONSOLE_NEEDS.isdisjoint(event):
            return self.console(logger, method, event)
        begin = f"{event.pop('timestamp')} [{event.pop('level'):9}] {event.pop('event'):{_EVENT_WIDTH}}"
        return " ".join([begin, *(f"{name}={_shown(event[name])}" for name in sorted(event))]).rstrip(" ")


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and _QUOTED.isdisjoint(value) else repr(value)


def _hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in event:
        if _is_secret(name):
            event[name] = "…"
    return event


@lru_cache(500)
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def _redact_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Django and others write whole paths into their sentences."""
    event["event"] = _SECRET_IN_TEXT.sub("…", str(event["event"]))
    return event
