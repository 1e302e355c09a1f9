"""One person: found, what we hold of them, an archive of it, and erasing them after a look at exactly what goes."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.casework import seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.engine.files import serving
from makegood.lib.errors import Refusal
from makegood.life.escalation import account
from makegood.life.people.models import Contact
from makegood.life.privacy import certificate, erasing, handing
from makegood.life.privacy.models import Archive, Erasure
from makegood.life.reports.access import NotFound

SHOWN = 50


@needs("privacy.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Find a person; what was asked for so far."""
    words, agent, now = request.GET.get("q", "").strip()[:200], seeker(request), timezone.now()
    archives = Archive.objects.select_related("contact").order_by("-pk")[:SHOWN]
    context = {
        "words": words,
        "found": account.find_contacts(agent, words) if words else [],
        "erasures": Erasure.objects.order_by("-pk")[:SHOWN],
        "archives": [(one, one.expires_at is not None and one.expires_at > now) for one in archives],
    }
    return render(request, "console/setup/privacy/index.html", context)


@needs("privacy.view")
@require_safe
def person(request: HttpRequest, key: str) -> HttpResponse:
    """What we hold of them, kind by kind: at the same time the dry run of erasing them."""
    return _person(request, _find(request, key))


@needs("privacy.view")
@require_POST
def hand(request: HttpRequest, key: str) -> HttpResponse:
    """Have the archive written."""
    found = _find(request, key)
    try:
        handing.order(found, by=seeker(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        return _person(request, found, **slip(refusal, {}, "hand-reason"))
    words = _("It is being written. The download appears here and is kept for three days.")
    return went(request, reverse("console:setup_privacy"), words)


@needs("privacy.erase")
@require_POST
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """Erase them, once what is asked for was typed."""
    found, told = _find(request, key), request.POST
    try:
        made = erasing.start(
            found, by=seeker(request), at=timezone.now(), typed=told.get("typed", ""), reason=told.get("reason", "")
        )
    except Refusal as refusal:
        place = "erase-reason" if erasing.is_confirmed(found, told.get("typed", "")) else "erase-typed"
        return _person(request, found, **slip(refusal, {}, place))
    return went(request, reverse("console:setup_erasure", args=[made.key]))


@needs("privacy.erase")
@require_safe
def erasure(request: HttpRequest, key: str) -> HttpResponse:
    """How far it is; at the end the certificate."""
    found = erasing.access_erasure(seeker(request), key)
    context = {
        "erasure": found,
        "lines": certificate.lines(found),
        "done": sum(found.removed.values()),
        "total": max(sum(found.expected.values()), sum(found.removed.values()), 1),
        "place": certificate.says(found.place) if found.place else "",
        "is_stuck": erasing.is_stuck(found),
    }
    return render(request, "console/setup/privacy/erasure.html", context)


@needs("privacy.erase")
@require_POST
def go_on(request: HttpRequest, key: str) -> HttpResponse:
    """Go on after a fault was put right."""
    erasing.begin_again(erasing.access_erasure(seeker(request), key), by=seeker(request), at=timezone.now())
    return went(request, reverse("console:setup_erasure", args=[key]), _("It goes on."))


@needs("privacy.erase")
@require_safe
def paper(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The certificate to take away: pdf or json."""
    found = erasing.access_erasure(seeker(request), key)
    if found.state != Erasure.DONE or form not in ("pdf", "json"):
        raise NotFound(key)
    zone = ZoneInfo(seeker(request).time_zone or settings.DESK_TIME_ZONE)
    body = certificate.as_pdf(found, zone=zone) if form == "pdf" else certificate.as_json(found)
    answer = HttpResponse(body, content_type=f"application/{form}")
    answer["Content-Disposition"] = f'attachment; filename="erasure-{found.key}.{form}"'
    return answer


@needs("privacy.view")
@require_POST
def fetch(request: HttpRequest, key: str) -> HttpResponse:
    """An archive. By POST, because it leaves a line in the audit."""
    found = handing.fetch(seeker(request), key, at=timezone.now())
    try:
        answer = serving.download(found.storage_key, name=f"person-{found.key}.zip", media_type="application/zip")
    except FileNotFoundError:
        raise NotFound(key) from None
    return cast(HttpResponse, answer)


def _find(request: HttpRequest, key: str) -> Contact:
    return account.access_contact(seeker(request), key)


def _person(request: HttpRequest, found: Contact, **wrong: Any) -> HttpResponse:
    held = erasing.look(found)
    context = {
        "whose": found,
        "held": held,
        "total": sum(one.count for one in held),
        "open_reports": erasing.open_reports(found),
        "to_type": erasing.to_type(found),
        "under_way": Erasure.objects.filter(contact=found, finished_at=None).first(),
        "told": request.POST,
        **wrong,
    }
    return render(request, "console/setup/privacy/person.html", context, status=422 if wrong else 200)
