"""Mail that goes out: every mail that left, waits or failed, and why; a mail that was given up can try again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.mail.frame import PURPOSES, STATES, TRIES, tabs, walk
from makegood.life.reports import mail_log
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import OutgoingMail

BOUNCED = "bounced"


@needs("mail.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Newest first; by state, by address."""
    state, address = request.GET.get("state", ""), request.GET.get("to", "").strip().lower()
    found = OutgoingMail.objects.select_related("report")
    if state == BOUNCED:
        found = found.exclude(bounced_at=None)
    elif state in STATES:
        found = found.filter(state=state)
    found = found.filter(to_email__istartswith=address) if address else found
    shown, after = walk(found, request)
    here = {key: value for key, value in (("state", state), ("to", address)) if value}
    context = {
        "tabs": tabs(signed_in(request), "sent"),
        "mails": [(mail, STATES.get(mail.state, mail.state)) for mail in shown],
        "states": [*STATES.items(), (BOUNCED, _("came back"))],
        "state": state,
        "to": address,
        "counts": _counts(),
        "after": urlencode({**here, "after": after}) if after else "",
        "is_embedded": not settings.SMTP_URL,
        "is_filtered": bool(here),
    }
    return render(request, "console/mail/sent.html", context)


@needs("mail.view")
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it reads, with every try."""
    found = _find(pk)
    context = {
        "mail": found,
        "state": STATES.get(found.state, found.state),
        "purpose": PURPOSES.get(found.purpose, found.purpose),
        "text": mail_log.readable(found),
        "tries": [(attempt, TRIES.get(attempt.outcome, attempt.outcome)) for attempt in found.tries.order_by("pk")],
        "may_retry": signed_in(request).may("mail.retry") and found.state in mail_log.STUCK,
    }
    return render(request, "console/mail/sent_one.html", context)


@needs("mail.retry")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    mail_log.send_again(_find(pk), by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("It is in line again."))
    return redirect("console:mail_sent_one", pk=pk)


def _find(pk: int) -> OutgoingMail:
    found = OutgoingMail.objects.select_related("report").filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _counts() -> list[tuple[object, int]]:
    """What is not as it should be, counted."""
    stuck = OutgoingMail.objects.filter(state__in=["queued", "failed", "held"])
    counts = dict(stuck.values_list("state").annotate(Count("pk")))
    return [(STATES[name], number) for name, number in counts.items()]
