"""Every setting an operator can give, in one table: name, type, default, what it is for.

``docs/operate/settings.md`` is checked against this table, and ``makegood check`` reads it. Values come from the
environment only. Why not a settings library: the table *is* the documentation, and 30 variables need no more.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(ValueError):
    """A variable holds something that cannot be used; the text says which, why, and what would do."""


@dataclass(frozen=True)
class Setting:
    name: str
    kind: type
    default: Any
    purpose: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("MAKEGOOD_DATA_DIR", Path, "data", "Where the database, files and logs lie."),
    Setting("MAKEGOOD_MODE", str, "production", "production (names what is unsafe) or demo; makegood demo sets it."),
    Setting(
        "MAKEGOOD_SECRET_KEY",
        str,
        "",
        "Signs sessions and links; made and kept in the data directory if empty.",
        True,
    ),
    Setting(
        "MAKEGOOD_BASE_URL",
        str,
        "http://127.0.0.1:8000",
        "The address people use; links in mails are built from it.",
    ),
    Setting(
        "MAKEGOOD_STATUS_URL", str, "", "A host of its own for the status page, such as https://status.example.org."
    ),
    Setting("MAKEGOOD_ALLOWED_HOSTS", list, "", "Further host names to answer to, separated by commas."),
    Setting("MAKEGOOD_TRUSTED_PROXIES", list, "", "Addresses of reverse proxies whose X-Forwarded-* are believed."),
    Setting(
        "DATABASE_URL",
        str,
        "",
        "postgres://user:password@host/name; SQLite in the data directory if empty.",
        True,
    ),
    Setting("MAKEGOOD_DESK_NAME", str, "Fairfield Health", "The name customers know the desk by."),
    Setting("MAKEGOOD_DESK_EMAIL", str, "help@fairfield.example", "The one stable From address."),
    Setting("MAKEGOOD_DESK_PHONE", str, "+1 555 0100", "Shown when the form cannot be used."),
    Setting("MAKEGOOD_EMERGENCY_PHONE", str, "911", "Shown beside the emergency notice of the report form."),
    Setting("MAKEGOOD_TIME_ZONE", str, "Europe/Berlin", "Zone of people who have not chosen one."),
    Setting("MAKEGOOD_LANGUAGE", str, "en", "Language of people who have not chosen one: en or de."),
    Setting("SMTP_URL", str, "", "smtp://user:password@host:587?tls=starttls; the embedded outbox if empty.", True),
    Setting("MAKEGOOD_DKIM", str, "", "selector:/path/to/key.pem: mail is signed with this RSA key; not if empty."),
    Setting(
        "MAKEGOOD_SMTP_LISTEN", str, "", "127.0.0.1:2525: a mail server of yours hands mail over there; off if empty."
    ),
    Setting("MAKEGOOD_MAIL_PER_RECIPIENT", int, 20, "Most mails to one address in an hour, over all channels."),
    Setting("MAKEGOOD_MAIL_PER_HOUR", int, 2000, "Most mails in an hour in total."),
    Setting("MAKEGOOD_GIT_FOLDERS", list, "", "Folders whose git repositories may be read for fixes; none if empty."),
    Setting("MAKEGOOD_PRIVATE_HOOKS", list, "", "Hosts inside our own network that may be called all the same."),
    Setting("MAKEGOOD_UPLOAD_MB", int, 20, "Largest single file a reporter may attach."),
    Setting("MAKEGOOD_REPORTS_PER_HOUR", int, 600, "Most reports taken by form from one network address in an hour."),
    Setting(
        "MAKEGOOD_CAME_BACK_AT",
        list,
        "3,20,2",
        "A fix is not believed after 3 “no”, or 20 % of the answers from 2 “no” on: count,percent,least.",
    ),
    Setting(
        "MAKEGOOD_RCA_SEVERITIES",
        list,
        "critical,high",
        "Problems of these severities owe a root cause analysis: critical, high, medium, low; or none.",
    ),
    Setting("MAKEGOOD_LINK_DAYS", int, 180, "How long a status link stays valid."),
    Setting("MAKEGOOD_LOG", str, "text", "text or json."),
    Setting(
        "MAKEGOOD_METRICS_TOKEN",
        str,
        "",
        "Bearer token for /metrics; only loopback may read it if empty.",
        True,
    ),
    Setting(
        "MAKEGOOD_SQLITE_SYNC",
        str,
        "NORMAL",
        "NORMAL or FULL: FULL survives power cuts without losing the last commits.",
    ),
    Setting("MAKEGOOD_THREADS", int, 4, "Request threads of a web process."),
)


_KINDS: dict[type, str] = {int: "a whole number", Path: "a path", str: "words"}


def read(name: str, environ: Mapping[str, str] | None = None) -> Any:
    """Return the value of setting ``name`` in its declared type. Raises BadSetting, naming the remedy."""
    environ = os.environ if environ is None else environ
    setting = next(s for s in SETTINGS if s.name == name)
    raw = environ.get(name, "").strip() or str(setting.default)
    if setting.kind is list:
        return [part.strip() for part in raw.split(",") if part.strip()]
    try:
        return setting.kind(raw)
    except (TypeError, ValueError):
        raise BadSetting(f"{name} is {raw!r} but must be {_KINDS[setting.kind]}.") from None


def came_back_at(parts: list[str]) -> tuple[int, int, int]:
    """Read ``count,percent,least``. Raises BadSetting."""
    if len(parts) != 3 or not all(part.isdigit() and int(part) > 0 for part in parts) or int(parts[1]) > 100:
        raise BadSetting("MAKEGOOD_CAME_BACK_AT must look like 3,20,2: count, percent, least.")
    count, percent, least = map(int, parts)
    return count, percent, least


def severities(parts: list[str]) -> frozenset[str]:
    """Read severities by name; ``none`` alone is none of them. Raises BadSetting."""
    if not set(parts) <= {"critical", "high", "medium", "low"} and parts != ["none"]:
        raise BadSetting("MAKEGOOD_RCA_SEVERITIES must name severities, such as critical,high; or say none.")
    return frozenset(parts) - {"none"}


def address_to_listen_on(text: str) -> tuple[str, int] | None:
    """Read ``host:port``; None for an empty text. Raises BadSetting."""
    host, _colon, port = text.rpartition(":")
    if not text:
        return None
    if not host or not port.isdigit() or int(port) > 65535:
        raise BadSetting("MAKEGOOD_SMTP_LISTEN must look like 127.0.0.1:2525.")
    return host.strip("[]"), int(port)


def database_from_url(url: str) -> dict[str, Any]:
    """Translate postgres://user:password@host:port/name?sslmode=… into Django's settings. Raises BadSetting.

    Options are the driver's, and ``prepare=no``: no prepared statements, for poolers that give each transaction another
    session.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL must look like postgres://user:password@host:5432/name.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if options.pop("prepare", "yes") != "no":
        options["prepare_threshold"] = 0
    return {
        "ENGINE": "makegood.engine.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
