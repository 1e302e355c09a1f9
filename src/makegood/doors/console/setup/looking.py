"""Looking after the desk: the mail log, the audit, the health of what runs behind it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import change_words
from makegood.engine.models import Heartbeat, Job
from makegood.lib.texts import whole_number
from makegood.life.reports import mail_log, sending
from makegood.life.reports.access import NotFound
from makegood.life.reports.ledger import KINDS
from makegood.life.reports.models import LedgerEntry, OutgoingMail

PAGE = 50
STATES = {
    "queued": gettext_lazy("waiting to leave"),
    "sending": gettext_lazy("being sent"),
    "sent": gettext_lazy("sent"),
    "failed": gettext_lazy("given up"),
    "held": gettext_lazy("held"),
    "withdrawn": gettext_lazy("taken back"),
    "suppressed": gettext_lazy("not sent on purpose"),
}
PURPOSES = {
    "acknowledgement": gettext_lazy("acknowledgement"),
    "apology": gettext_lazy("honest note on a broken promise"),
    "link": gettext_lazy("new link"),
    "page": gettext_lazy("page"),
    "reminder": gettext_lazy("reminder of open questions"),
    "reply": gettext_lazy("answer"),
    "update": gettext_lazy("update"),
}
# A link is a key to an account or to what a reporter sees: nobody reads it here, but for whoever tries the demo.
_SECRET = re.compile(r"(/(?:console/welcome|r|mine)/)[a-z0-9]{20,}")
_STAFF_SECRET = re.compile(r"(/console/welcome/)[a-z0-9]+")


@needs("mail.view")
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Newest first; by state, by address."""
    state, address = request.GET.get("state", ""), request.GET.get("to", "").strip().lower()
    found = OutgoingMail.objects.select_related("report")
    found = found.filter(state=state) if state in STATES else found
    found = found.filter(to_email__istartswith=address) if address else found
    shown, after = _walk(found, request)
    here = {key: value for key, value in (("state", state), ("to", address)) if value}
    counts = dict(
        OutgoingMail.objects.filter(state__in=["queued", "failed", "held"]).values_list("state").annotate(Count("pk"))
    )
    context = {
        "mails": [(mail, STATES.get(mail.state, mail.state)) for mail in shown],
        "states": STATES.items(),
        "state": state,
        "to": address,
        "counts": [(STATES[name], number) for name, number in counts.items()],
        "after": urlencode({**here, "after": after}) if after else "",
        "is_embedded": not settings.SMTP_URL,
        "may_retry": signed_in(request).may("mail.retry"),
    }
    return render(request, "console/setup/mails.html", context)


@needs("mail.view")
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it reads, with every try."""
    found = OutgoingMail.objects.select_related("report").filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    context = {
        "mail": found,
        "state": STATES.get(found.state, found.state),
        "purpose": PURPOSES.get(found.purpose, found.purpose),
        "text": (_STAFF_SECRET if settings.MODE == "demo" else _SECRET).sub(r"\1…", found.text),
        "tries": found.tries.order_by("pk"),
        "may_retry": signed_in(request).may("mail.retry") and found.state in {"failed", "suppressed", "held"},
    }
    return render(request, "console/setup/mail.html", context)


@needs("mail.retry")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    found = OutgoingMail.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    mail_log.send_again(found, by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("It is in line again."))
    return redirect("console:setup_mail_one", pk=pk)


@needs("audit.view")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The ledger, by person, kind, report and day."""
    given = {name: request.GET.get(name, "").strip() for name in ("who", "kind", "report", "day")}
    shown, after = _walk(_entries(given), request)
    here = {name: value for name, value in given.items() if value}
    context = {
        "lines": [{"entry": e, "words": change_words(e) or _(KINDS.get(e.kind, e.kind))} for e in shown],
        "given": given,
        "kinds": sorted(KINDS),
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
        "parked": Job.objects.filter(parked_at__isnull=False).order_by("-parked_at")[:20],
    }
    return render(request, "console/setup/health.html", context)


def _walk(rows: QuerySet[Any], request: HttpRequest) -> tuple[list[Any], str]:
    after = request.GET.get("after", "")
    before = whole_number(after)
    rows = rows.filter(pk__lt=before) if before is not None else rows
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


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
    stuck = Job.objects.aggregate(parked=Count("pk", filter=Q(parked_at__isnull=False)))["parked"]
    failed = OutgoingMail.objects.filter(state="failed").count()
    is_alive = beat is not None and (now - beat.at).total_seconds() < 60
    lag = (now - due.run_at).total_seconds() if due else 0
    return [
        _check(is_alive, _("The worker is at work"), _("The worker has not been seen for a minute. Is it started?")),
        _check(lag < 60, _("Jobs start on time"), _("The oldest job has waited %(n)s s.") % {"n": int(lag)}),
        _check(not stuck, _("No job has been given up"), _("%(n)s jobs were given up; see below.") % {"n": stuck}),
        _check(waiting < 500, _("What happened is followed up at once"), _("%(n)s entries wait.") % {"n": waiting}),
        _check(late_mail.total_seconds() < 600, _("Mail leaves on time"), _("The oldest mail is late.")),
        _check(not failed, _("No mail has been given up"), _("%(n)s mails were given up.") % {"n": failed}),
    ]


def _check(is_well: bool, good: str, bad: str) -> dict[str, Any]:
    return {"is_well": is_well, "words": good if is_well else bad}
