"""Bad settings, as Django system checks: what is wrong, and the remedy. Read by every start and `makegood check`."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from makegood.channels.mail.composing import is_address
from makegood.channels.mail.signing import BadKey, Signer
from makegood.channels.mail.smtp import Server
from makegood.config import env
from makegood.engine.similar import sentences
from makegood.life.reports.reply_addresses import LONGEST_LOCAL

TAG = "makegood"
_LEAST_TOKEN = 16
_MOST_LINK_DAYS = 3650
_ENCRYPTED = ("require", "verify-ca", "verify-full")


@register(TAG)
def addresses(**_: Any) -> list[CheckMessage]:
    """The base URL, the desk's address and telephone numbers can be used."""
    found: list[CheckMessage] = []
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        hint = "Set MAKEGOOD_BASE_URL=https://errors.example.com (no path, no slash at the end)."
        found.append(Error(f"MAKEGOOD_BASE_URL is {settings.BASE_URL!r}.", hint=hint, id="makegood.E001"))
    own = urlsplit(settings.STATUS_URL)
    if settings.STATUS_URL and (own.scheme not in {"http", "https"} or not own.hostname or own.path):
        hint = "Set MAKEGOOD_STATUS_URL=https://status.example.com (no path), or leave it empty."
        found.append(Error(f"MAKEGOOD_STATUS_URL is {settings.STATUS_URL!r}.", hint=hint, id="makegood.E060"))
    if settings.STATUS_URL and own.netloc.lower() == parts.netloc.lower():
        hint = "Give the status page another host, or leave MAKEGOOD_STATUS_URL empty: it stands at /status/ anyway."
        found.append(Error("The status page would hide the desk on its own host.", hint=hint, id="makegood.E061"))
    if not is_address(settings.DESK_EMAIL):
        hint = "Set MAKEGOOD_DESK_EMAIL to one plain address, such as help@example.com."
        found.append(Error(f"MAKEGOOD_DESK_EMAIL is {settings.DESK_EMAIL!r}.", hint=hint, id="makegood.E002"))
    try:
        ZoneInfo(settings.DESK_TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        hint = "Set MAKEGOOD_TIME_ZONE to a name such as Europe/Berlin or America/New_York."
        found.append(Error(f"MAKEGOOD_TIME_ZONE is {settings.DESK_TIME_ZONE!r}.", hint=hint, id="makegood.E003"))
    if settings.LANGUAGE_CODE not in dict(settings.LANGUAGES):
        hint = "Set MAKEGOOD_LANGUAGE to en or de."
        found.append(Error(f"MAKEGOOD_LANGUAGE is {settings.LANGUAGE_CODE!r}.", hint=hint, id="makegood.E004"))
    return found


@register(TAG)
def mode(**_: Any) -> list[CheckMessage]:
    """The mode is one of the two there are."""
    if settings.MODE in {"demo", "production"}:
        return []
    hint = "Leave MAKEGOOD_MODE empty, or set it to demo for a demo."
    return [Error(f"MAKEGOOD_MODE is {settings.MODE!r}.", hint=hint, id="makegood.E005")]


@register(TAG)
def demo(**_: Any) -> list[CheckMessage]:
    """A demo is for this machine alone: its logins stand in the documentation."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    if settings.MODE != "demo" or is_loopback(host):
        return []
    hint = "Leave MAKEGOOD_MODE empty and run makegood serve for people, or keep the demo at http://127.0.0.1."
    return [Warning(f"A demo whose passwords everybody knows stands at {host}.", hint=hint, id="makegood.W014")]


@register(TAG)
def words(**_: Any) -> list[CheckMessage]:
    """Settings that take one of a few words have one of them; no host name stands for all."""
    found: list[CheckMessage] = []
    for name, allowed in (("MAKEGOOD_SQLITE_SYNC", ("NORMAL", "FULL")), ("MAKEGOOD_LOG", ("text", "json"))):
        if (given := env.read(name)).lower() not in [one.lower() for one in allowed]:
            hint = f"Set {name} to {' or '.join(allowed)}."
            found.append(Error(f"{name} is {given!r}.", hint=hint, id="makegood.E041"))
    if any(host in ("*", ".") for host in settings.ALLOWED_HOSTS):
        hint = "Name the hosts: MAKEGOOD_ALLOWED_HOSTS=errors.example.com,help.example.com"
        found.append(Warning("Makegood answers to every host name.", hint=hint, id="makegood.W032"))
    if 0 < len(settings.METRICS_TOKEN) < _LEAST_TOKEN:
        hint = f"Set MAKEGOOD_METRICS_TOKEN to {_LEAST_TOKEN} random characters or more, or leave it empty."
        found.append(Warning("MAKEGOOD_METRICS_TOKEN can be guessed.", hint=hint, id="makegood.W042"))
    return found


@register(TAG)
def database(**_: Any) -> list[CheckMessage]:
    """What goes to a database on another machine is encrypted."""
    given = settings.DATABASES["default"]
    host, mode_of_tls = given.get("HOST") or "", given.get("OPTIONS", {}).get("sslmode", "")
    if not host or host.startswith("/") or is_loopback(host) or mode_of_tls in _ENCRYPTED:
        return []
    hint = "Add ?sslmode=verify-full (or require, in a network of your own) to DATABASE_URL."
    return [Warning(f"What goes to the database at {host} may not be encrypted.", hint=hint, id="makegood.W033")]


@register(TAG)
def mail(**_: Any) -> list[CheckMessage]:
    """SMTP_URL can be used; in production there is one, and it is encrypted."""
    if not settings.SMTP_URL:
        if settings.MODE != "production":
            return []
        hint = "Set SMTP_URL=smtp://user:password@host:587 — until then reporters get no mail; it stays in the outbox."
        return [Warning("No SMTP server is named.", hint=hint, id="makegood.W006")]
    try:
        server = Server.from_url(settings.SMTP_URL)
    except ValueError as wrong:
        return [Error("SMTP_URL cannot be used.", hint=str(wrong), id="makegood.E006")]
    if server.tls == "none" and not is_loopback(server.host):
        hint = "Drop ?tls=none from SMTP_URL, or use smtps://host:465."
        return [Warning(f"Mail to {server.host} goes unencrypted.", hint=hint, id="makegood.W007")]
    return []


@register(TAG)
def listener(**_: Any) -> list[CheckMessage]:
    """The SMTP listener can be opened, and not to the internet."""
    try:
        place = env.address_to_listen_on(settings.SMTP_LISTEN)
    except env.BadSetting as wrong:
        hint = "Set MAKEGOOD_SMTP_LISTEN=127.0.0.1:2525, or leave it empty."
        return [Error(str(wrong), hint=hint, id="makegood.E050")]
    if place is None or is_loopback(place[0]):
        return []
    hint = "Listen on 127.0.0.1 behind a mail server that checks what comes; the listener itself has no TLS."
    return [Warning(f"The SMTP listener can be reached from outside, on {place[0]}.", hint=hint, id="makegood.W051")]


@register(TAG)
def signing(**_: Any) -> list[CheckMessage]:
    """The key that signs mail can be read by us, and by nobody else."""
    try:
        signer = Signer.from_setting(settings.DKIM)
    except BadKey as wrong:
        return [Error("MAKEGOOD_DKIM cannot be used.", hint=str(wrong), id="makegood.E008")]
    path = Path(settings.DKIM.partition(":")[2])
    if signer and path.stat().st_mode & 0o077:
        return [Warning("Others on this machine can read the DKIM key.", hint=f"chmod 600 {path}", id="makegood.W008")]
    return []


@register(TAG)
def reply_addresses(**_: Any) -> list[CheckMessage]:
    """The desk's address leaves room for the secret that answers come back to."""
    if len(settings.DESK_EMAIL.partition("@")[0]) <= LONGEST_LOCAL:
        return []
    hint = f"Use an address with at most {LONGEST_LOCAL} characters before the @, so that answers find their report."
    return [Warning("MAKEGOOD_DESK_EMAIL is too long for secret reply addresses.", hint=hint, id="makegood.W009")]


@register(TAG)
def production(**_: Any) -> list[CheckMessage]:
    """What is harmless in a demo and unsafe on the internet."""
    if settings.MODE != "production":
        return []
    found: list[CheckMessage] = []
    host = urlsplit(settings.BASE_URL).hostname or ""
    if not settings.USE_HTTPS and not is_loopback(host):
        hint = "Put a proxy with TLS in front and set MAKEGOOD_BASE_URL=https://…; status links are keys."
        found.append(Error("People would reach Makegood without encryption.", hint=hint, id="makegood.E010"))
    if settings.USE_HTTPS and not settings.TRUSTED_PROXIES:
        hint = "Set MAKEGOOD_TRUSTED_PROXIES to the proxy's address; else every visitor seems to come from the proxy."
        found.append(Warning("No proxy is trusted.", hint=hint, id="makegood.W011"))
    if is_loopback(host):
        hint = "Set MAKEGOOD_BASE_URL=https://errors.example.com: the address people use, from which links are built."
        found.append(Warning(f"Links lead to {host}, which nobody else can open.", hint=hint, id="makegood.W015"))
    if ours := [name for name in ("EMAIL", "NAME", "PHONE") if _is_of_the_demo(f"MAKEGOOD_DESK_{name}")]:
        hint = f"Set {', '.join(f'MAKEGOOD_DESK_{name}' for name in ours)} to your own."
        found.append(Warning("People would read of the desk of the demo.", hint=hint, id="makegood.W012"))
    if len(settings.SECRET_KEY) < 40:
        hint = "Set MAKEGOOD_SECRET_KEY to 50 random characters, or leave it empty: one is made and kept."
        found.append(Error("MAKEGOOD_SECRET_KEY is too short.", hint=hint, id="makegood.E013"))
    return found


@register(TAG)
def data_directory(**_: Any) -> list[CheckMessage]:
    """The data directory takes files and keeps its secrets."""
    found: list[CheckMessage] = []
    if not os.access(settings.DATA_DIR, os.W_OK):
        hint = f"Give this user the right to write there: chown … {settings.DATA_DIR}"
        found.append(Error(f"{settings.DATA_DIR} takes no files.", hint=hint, id="makegood.E020"))
    others = settings.DATA_DIR.stat().st_mode
    if others & 0o002:
        hint = f"chmod 700 {settings.DATA_DIR}"
        found.append(Error("Others on this machine can change the data.", hint=hint, id="makegood.E022"))
    elif others & 0o075:
        hint = f"chmod 700 {settings.DATA_DIR}"
        found.append(Warning("Others on this machine can read what people tell.", hint=hint, id="makegood.W023"))
    key = settings.DATA_DIR / "secret-key"
    if key.exists() and key.stat().st_mode & 0o077:
        hint = f"chmod 600 {key}"
        found.append(Error("Others on this machine can read the signing key.", hint=hint, id="makegood.E021"))
    return found


@register(TAG)
def embeddings(**_: Any) -> list[CheckMessage]:
    """Where a sentence model is meant to be, all of it is there; the desk also runs without."""
    folder = sentences.folder()
    try:
        if sentences.is_wanted(folder):
            sentences.look_at(folder)
    except sentences.Unusable as trouble:
        return [Warning(f"Likeness goes by words alone: {trouble}", hint=trouble.hint, id="makegood.W070")]
    return []


@register(TAG)
def proxies(**_: Any) -> list[CheckMessage]:
    """Trusted proxies are addresses, and never everybody."""
    found: list[CheckMessage] = []
    for proxy in settings.TRUSTED_PROXIES:
        try:
            everybody = ipaddress.ip_network(proxy, strict=False).prefixlen == 0
        except ValueError:
            everybody = proxy == "*"
            if not everybody:
                hint = "Name addresses or networks: MAKEGOOD_TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8"
                found.append(Error(f"{proxy!r} is not an address.", hint=hint, id="makegood.E030"))
        if everybody:
            hint = "Name the proxy's own address; else anybody can pretend to be anybody."
            found.append(Error("Everybody is a trusted proxy.", hint=hint, id="makegood.E031"))
    return found


@register(TAG)
def numbers(**_: Any) -> list[CheckMessage]:
    """Settings that count something are positive."""
    found: list[CheckMessage] = []
    for setting in env.SETTINGS:
        if setting.kind is int and env.read(setting.name) < 1:
            hint = f"Set {setting.name} to 1 or more; {setting.default} is usual."
            found.append(Error(f"{setting.name} is {env.read(setting.name)}.", hint=hint, id="makegood.E040"))
    if settings.LINK_DAYS > _MOST_LINK_DAYS:
        hint = f"Set MAKEGOOD_LINK_DAYS to {_MOST_LINK_DAYS} or less; a new link is sent whenever one asks for it."
        found.append(Error(f"Links would be keys for {settings.LINK_DAYS} days.", hint=hint, id="makegood.E043"))
    return found


def _is_of_the_demo(name: str) -> bool:
    default = next(one.default for one in env.SETTINGS if one.name == name)
    given = str(getattr(settings, name.removeprefix("MAKEGOOD_")))
    return given == default or (name.endswith("EMAIL") and given.endswith(".example"))


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
