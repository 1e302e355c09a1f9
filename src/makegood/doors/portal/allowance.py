"""How much one network address may ask of us. Whoever is refused is told so in words, and keeps what they typed.

Reports are counted in a bucket shared by all processes, drawn from ten at a time: each process spends what it drew
without asking the database again; what it does not spend within the minute is lost. So the limit costs one report in
ten a write, and is never exceeded, only met a little early.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from makegood.engine import limits
from makegood.lib.net import network_of
from makegood.life.intake import drafts
from makegood.life.intake.models import FormDraft

PER = timedelta(hours=1)
DRAWN = 10
NEW_DRAFTS, UPLOADS, WORDS, TYPING, READING, VOTING = 120, 200, 60, 1_200, 600, 60
MEGABYTES = 1_000
_KEPT_FOR = timedelta(minutes=1)
_lock = threading.Lock()
_drawn: dict[str, tuple[int, datetime]] = {}


def report(request: HttpRequest, *, now: datetime) -> float:
    """Spend one report; 0.0 when granted, else the seconds to wait."""
    address, rate = network_of(request.META["REMOTE_ADDR"]), settings.REPORTS_PER_HOUR
    if _spend(address, now):
        return 0.0
    cost = min(DRAWN, rate)
    wait = limits.take("send", address, rate=rate, per=PER, now=now, cost=cost)
    if wait and cost > 1:
        cost, wait = 1, limits.take("send", address, rate=rate, per=PER, now=now)
    if not wait:
        _keep(address, cost - 1, now)
    return wait


def begin_draft(request: HttpRequest, *, now: datetime) -> tuple[FormDraft, str] | None:
    """A new draft and its secret; None when this address has begun too many."""
    if limits.take("draft", network_of(request.META["REMOTE_ADDR"]), rate=NEW_DRAFTS, per=PER, now=now):
        return None
    return drafts.begin(at=now)


def upload(request: HttpRequest, *, now: datetime) -> float:
    """Spend one request that carries files, and its megabytes; 0.0 when granted, else the seconds to wait."""
    address = network_of(request.META["REMOTE_ADDR"])
    weight = int(request.META.get("CONTENT_LENGTH") or 0) // 1_000_000
    wait = limits.take("upload", address, rate=UPLOADS, per=PER, now=now)
    return wait or limits.take("upload-mb", address, rate=MEGABYTES, per=PER, now=now, cost=min(weight, MEGABYTES))


def typing(request: HttpRequest, *, now: datetime) -> float:
    """Spend one look for known errors while somebody types."""
    return limits.take("typing", network_of(request.META["REMOTE_ADDR"]), rate=TYPING, per=PER, now=now)


def reading(request: HttpRequest, *, now: datetime) -> float:
    """Spend one look at help that is counted; beyond it help is shown all the same."""
    return limits.take("help", network_of(request.META["REMOTE_ADDR"]), rate=READING, per=PER, now=now)


def voting(request: HttpRequest, *, now: datetime) -> float:
    """Spend one word on whether an article helped."""
    return limits.take("vote", network_of(request.META["REMOTE_ADDR"]), rate=VOTING, per=PER, now=now)


def words(report_id: int, *, now: datetime) -> float:
    """Spend one message or set of answers on a report; 0.0 when granted, else the seconds to wait."""
    return limits.take("words", str(report_id), rate=WORDS, per=PER, now=now)


def _spend(address: str, now: datetime) -> bool:
    with _lock:
        left, until = _drawn.get(address, (0, now))
        if left and now < until:
            _drawn[address] = (left - 1, until)
            return True
    return False


def _keep(address: str, left: int, now: datetime) -> None:
    with _lock:
        if len(_drawn) > 10_000:
            _drawn.clear()
        _drawn[address] = (left, now + _KEPT_FOR)
