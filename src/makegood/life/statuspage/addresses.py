"""Where things of the status page stand: one place that builds every link to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from makegood.life.statuspage.models import Notice

# Below the desk's own address; a host of its own has it at the top.
PLACE = "/status/"


def base() -> str:
    """The whole address of the page, with a slash at the end."""
    return f"{settings.STATUS_URL}/" if settings.STATUS_URL else f"{settings.BASE_URL}{PLACE}"


def host() -> str:
    """The host of its own, with its port if it has one; empty without."""
    return urlsplit(settings.STATUS_URL).netloc.lower()


def path_of(notice_key: str, kind: str) -> str:
    """The permanent place of a notice, below ``base`` or ``PLACE``."""
    return f"{'incidents' if kind == Notice.TROUBLE else 'maintenance'}/{notice_key}/"


def link_of(notice_key: str, kind: str) -> str:
    return f"{base()}{path_of(notice_key, kind)}"


def confirm_link(token: str) -> str:
    return f"{base()}confirm/{token}/"


def leave_link(token: str) -> str:
    return f"{base()}unsubscribe/{token}/"
