"""Is it well? /healthz (this process answers), /readyz (the whole works), /metrics (figures for Prometheus)."""

from __future__ import annotations

import hmac
import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from makegood.doors.clock import heart
from makegood.engine.models import Job
from makegood.life.post import queries as post
from makegood.life.reports import fetching, sending
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report

WORKER_SILENT_AFTER = timedelta(seconds=60)
MAIL_LATE_AFTER = timedelta(minutes=10)
_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
# On a large desk counting takes longer than all the rest; monitors ask every few seconds, and more than one of them.
COUNTED_EVERY = timedelta(seconds=10)
_migrated = False


@dataclass
class _Standing:
    """Open reports as they were ``at`` a moment."""

    at: datetime
    by_severity: Counter[str] = field(default_factory=Counter)
    by_state: Counter[str] = field(default_factory=Counter)
    overdue: int = 0


_counted: _Standing | None = None


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as this process can answer; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when reports can be taken and are worked on, else 503; says of each part whether it is well."""
    now = timezone.now()
    parts = {"database": _database(now)}
    if parts["database"] == "ok":
        parts |= {"migrations": _migrations(), "worker": _worker(now), "mail": _mail(now)}
    is_well = all(word == "ok" for word in parts.values())
    return JsonResponse(parts, status=200 if is_well else 503)


def _database(now: datetime) -> str:
    """Whether it takes writes."""
    try:
        heart.beat("readyz", now)
    except Error:
        return "does not take writes"
    return "ok"


def _migrations() -> str:
    global _migrated  # noqa: PLW0603 - once applied they stay applied; asking costs 50 ms
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _migrated else "missing: run makegood prepare"


def _worker(now: datetime) -> str:
    seen = heart.last_beat()
    return "ok" if seen and now - seen < WORKER_SILENT_AFTER else "not seen for a minute"


def _mail(now: datetime) -> str:
    late = sending.overdue(now=now)
    return "ok" if late < MAIL_LATE_AFTER else f"the oldest mail has waited {int(late.total_seconds() // 60)} min"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges read from the database, so that several processes cannot disagree; open reports as of ten seconds ago at
    most."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(generate_latest(_gauges(timezone.now())), content_type="text/plain; version=0.0.4")


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in _FORWARDED):
        return False  # A proxy on this machine asks for somebody elsewhere.
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _gauges(now: datetime) -> CollectorRegistry:
    registry = CollectorRegistry()
    by_severity = Gauge("makegood_open_reports", "Open reports.", ["severity"], registry=registry)
    by_state = Gauge("makegood_owed", "Open reports by the state of what is owed next.", ["state"], registry=registry)
    standing = _standing(now)
    for severity, count in standing.by_severity.items():
        by_severity.labels(severity).set(count)
    for state, count in standing.by_state.items():
        by_state.labels(state or "none").set(count)
    _set(registry, "makegood_owed_overdue", "Open reports whose next promise is past its time.", standing.overdue)
    waiting = Job.objects.filter(done_at=None, parked_at=None).count()
    _set(registry, "makegood_jobs_waiting", "Jobs not done yet.", waiting)
    parked = Job.objects.filter(parked_at__isnull=False).count()
    _set(registry, "makegood_jobs_parked", "Jobs given up until a person looks.", parked)
    first = Job.objects.filter(done_at=None, parked_at=None, run_at__lte=now).order_by("run_at").first()
    lag = (now - first.run_at).total_seconds() if first else 0
    _set(registry, "makegood_queue_lag_seconds", "How long the oldest due job has waited.", lag)
    undelivered = LedgerEntry.objects.filter(delivered_at=None).count()
    _set(registry, "makegood_ledger_undelivered", "Ledger entries whose reactions are not queued.", undelivered)
    _set(
        registry,
        "makegood_mail_lag_seconds",
        "How long the oldest due mail has waited.",
        sending.overdue(now=now).total_seconds(),
    )
    mailbox_lag = Gauge(
        "makegood_mailbox_lag_seconds", "Seconds since a mailbox was last read.", ["mailbox"], registry=registry
    )
    for mailbox, seconds in fetching.lags(now=now).items():
        mailbox_lag.labels(mailbox).set(seconds)
    _gauge_incoming(registry, now)
    failed = OutgoingMail.objects.filter(state="failed").count()
    _set(registry, "makegood_mail_failed", "Mails given up.", failed)
    seen = heart.last_beat()
    _set(
        registry,
        "makegood_worker_seen_seconds",
        "Seconds since the worker was seen.",
        (now - seen).total_seconds() if seen else -1,
    )
    return registry


def _standing(now: datetime) -> _Standing:
    """How many open reports there are, counted in one walk over them, and not again for some seconds."""
    global _counted  # noqa: PLW0603 - each process counts for itself
    if _counted and timedelta(0) <= now - _counted.at < COUNTED_EVERY:
        return _counted
    standing = _Standing(now)
    overdue = Count("id", filter=Q(owed_at__lt=now) & ~Q(owed_state="paused"))
    still_open = Report.objects.exclude(state="closed").values_list("severity", "owed_state")
    for severity, state, count, late in still_open.annotate(reports=Count("id"), overdue=overdue).order_by():
        standing.by_severity[severity] += count
        standing.by_state[state] += count
        standing.overdue += late
    _counted = standing
    return standing


def forget_counts() -> None:
    """Count anew the next time."""
    global _counted  # noqa: PLW0603
    _counted = None


def _gauge_incoming(registry: CollectorRegistry, now: datetime) -> None:
    lag = post.waiting_for(now=now).total_seconds()
    _set(registry, "makegood_mail_in_lag_seconds", "How long the oldest mail that came in waits to be filed.", lag)
    _set(registry, "makegood_mail_held", "Mails that wait for a person to look at them.", post.held().count())


def _set(registry: CollectorRegistry, name: str, purpose: str, value: float) -> None:
    Gauge(name, purpose, registry=registry).set(value)
