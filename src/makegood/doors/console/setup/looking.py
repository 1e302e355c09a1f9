"""Looking after the desk: the audit, and the health of what runs behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from makegood.doors.console import happenings
from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.doors.console.mail.frame import PAGE
from makegood.doors.console.setup import subjects
from makegood.doors.console.setup.frame import change_words
from makegood.engine.models import Heartbeat, Job
from makegood.lib.texts import whole_number
from makegood.life.diagnosis import suggesting
from makegood.life.people.models import Agent
from makegood.life.reports import fetching, sending
from makegood.life.reports.ledger import KINDS
from makegood.life.reports.models import LedgerEntry, OutgoingMail


@needs("audit.view")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The ledger, by person, kind, report and day."""
    given = {name: request.GET.get(name, "").strip() for name in ("who", "kind", "report", "day")}
    shown, after = _walk(_entries(given), request.GET.get("after", ""))
    here = {name: value for name, value in given.items() if value}
    context = {
        "lines": _lines(seeker(request), shown),
        "given": given,
        "kinds": sorted((kind, _(meaning)) for kind, meaning in KINDS.items()),
        "after": urlencode({**here, "after": after}) if after else "",
    }
    return render(request, "console/setup/audit.html", context)


@needs("setup.view")
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "checks": _checks(now),
        "beats": Heartbeat.objects.order_by("name"),
        "learnt": _learnt(now),
        "parked": Job.objects.filter(parked_at__isnull=False).order_by("-parked_at")[:20],
    }
    return render(request, "console/setup/health.html", context)


def _walk(rows: QuerySet[LedgerEntry], cursor: str) -> tuple[list[LedgerEntry], str]:
    """One page, newest first by the moment it tells of, and the cursor of the next: number and moment of the last."""
    number, _gap, moment = cursor.partition("-")
    key, at = whole_number(number), _moment(moment)
    if key is not None and at is not None:
        rows = rows.filter(at__lte=at).exclude(at=at, pk__gte=key)
    found = list(rows.order_by("-at", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.pk}-{last.at.isoformat()}" if last else ""


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
        return at.astimezone(UTC) if at is not None and at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _lines(agent: Agent, entries: list[LedgerEntry]) -> list[dict[str, Any]]:
    """Each entry in words: what happened to a report as its own page tells it, everything else by its meaning."""
    names, about = happenings.Names.for_entries(entries), subjects.of_entries(agent, entries)
    return [{"entry": entry, "about": about.get(entry.pk), **_told(entry, names)} for entry in entries]


def _told(entry: LedgerEntry, names: happenings.Names) -> dict[str, str]:
    if entry.kind.startswith("promise.") or (entry.report_id and not entry.kind.startswith(("setup.", "mail."))):
        return {"words": happenings.tell(entry, names)["words"], "details": ""}
    return {"words": _(KINDS.get(entry.kind, entry.kind)), "details": change_words(entry, with_plain=False)}


def _entries(given: dict[str, str]) -> QuerySet[LedgerEntry]:
    found = LedgerEntry.objects.select_related("report")
    if given["who"]:
        found = found.filter(actor_name__icontains=given["who"])
    if given["kind"]:
        found = found.filter(kind__startswith=given["kind"])
    number = given["report"].upper().removeprefix("MG-")
    if number:
        report = whole_number(number)
        found = found.filter(report=report) if report is not None else found.none()
    day = _day(given["day"])
    return found.filter(at__date=day) if day else found


def _day(text: str) -> Any:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


def _checks(now: datetime) -> list[dict[str, Any]]:
    beat = Heartbeat.objects.filter(name="worker").first()
    late_mail = sending.overdue(now=now)
    due = Job.objects.filter(done_at=None, parked_at=None, run_at__lte=now).order_by("run_at").first()
    waiting = LedgerEntry.objects.filter(delivered_at=None).count()
    stuck = Job.objects.filter(parked_at__isnull=False).count()
    failed = OutgoingMail.objects.filter(state="failed").count()
    unread = ", ".join(fetching.in_trouble(now=now))
    is_alive = beat is not None and (now - beat.at).total_seconds() < 60
    lag = (now - due.run_at).total_seconds() if due else 0
    return [
        _check(is_alive, _("The worker is at work"), _("The worker has not been seen for a minute. Is it started?")),
        _check(lag < 60, _("Jobs start on time"), _("The oldest job has waited %(n)s s.") % {"n": int(lag)}),
        _check(not stuck, _("No job has been given up"), _("%(n)s jobs were given up; see below.") % {"n": stuck}),
        _check(waiting < 500, _("What happened is followed up at once"), _("%(n)s entries wait.") % {"n": waiting}),
        _check(late_mail.total_seconds() < 600, _("Mail leaves on time"), _("The oldest mail is late.")),
        _check(not unread, _("Every mailbox is read"), _("Not read now: %(names)s.") % {"names": unread}),
        _check(not failed, _("No mail has been given up"), _("%(n)s mails were given up.") % {"n": failed}),
    ]


def _learnt(now: datetime) -> list[dict[str, Any]]:
    """What the desk's own filing has taught, and how its suggestions fared; nothing before anything is known."""
    names = {"category": _("Category"), "severity": _("Severity"), "kind": _("Kind")}
    return [
        {
            "name": names[one.field],
            "lessons": one.lessons,
            "at": one.learnt_to,
            "right": round(100 * one.right) if one.right else None,
            "shown": one.shown,
            "taken": one.taken,
            "percent": round(100 * one.taken / one.shown) if one.shown else None,
        }
        for one in suggesting.records(now)
    ]


def _check(is_well: bool, good: str, bad: str) -> dict[str, Any]:
    return {"is_well": is_well, "words": good if is_well else bad}
