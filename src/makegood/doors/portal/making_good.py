"""What we offer to make good (screen 7): see it, take it or not, with a confirmation; a code is shown once.

Looking changes nothing. A second answer shows the first.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.portal import verdict, visits
from makegood.lib.errors import Refusal
from makegood.lib.texts import as_typed
from makegood.life.compensation import offers
from makegood.life.compensation.offers import Offer
from makegood.life.reports import access

ACCEPT, REFUSE, NEW_CODE = "accept", "refuse", "new-code"


@require_safe
@visits.page
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Every offer on this report, the newest first, each with where it stands."""
    visit = visits.visit(request, number, now=timezone.now())
    found = shown_to(visit)
    if not found:
        raise access.NotFound(str(number))
    return render(request, "portal/status/offer.html", {"report": visit.report, "offers": found})


@require_POST
@visits.page
def answer(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """First yes or no, then "are you sure", then done: the second POST carries ``sure``."""
    visit = visits.visit(request, number, now=timezone.now())
    found = next((one for one in shown_to(visit) if one.key == key), None)
    if found is None:
        raise access.NotFound(key)
    deed = request.POST.get("answer", "")
    if deed not in (ACCEPT, REFUSE, NEW_CODE):
        return redirect("portal:offer", number)
    if not request.POST.get("sure") and (found.is_open or deed == NEW_CODE):
        context = {"report": visit.report, "offer": found, "deed": deed}
        return render(request, "portal/status/offer_sure.html", context)
    try:
        return _done(request, visit, found, deed)
    except Refusal as no:
        messages.error(request, str(no))
    return redirect("portal:offer", visit.report.pk)


def shown_to(visit: visits.Visit) -> list[Offer]:
    """What whoever visits was offered; only the reporter was offered anything."""
    if visit.contact.pk != visit.report.contact_id:
        return []
    language = get_language() or "en"
    return offers.offers_of(visit.report, visit.contact, now=timezone.now(), language=language)


def _done(request: HttpRequest, visit: visits.Visit, found: Offer, deed: str) -> HttpResponse:
    report, contact, now = verdict.own(visit), visit.contact, timezone.now()
    if deed == REFUSE:
        said = as_typed(request.POST.get("words", ""))[:2000]
        offers.refuse(report, contact, found.key, by=contact.actor, at=now, said=said)
        messages.success(request, _("Thank you for telling us. Nothing more is needed."))
        return redirect("portal:offer", report.pk)
    take = offers.accept if deed == ACCEPT else offers.new_code
    code = take(report, contact, found.key, by=contact.actor, at=now)
    if not code:
        messages.success(request, _("Thank you. It is on its way; you need not do anything more."))
        return redirect("portal:offer", report.pk)
    latest = next(one for one in shown_to(visit) if one.key == found.key)
    return render(request, "portal/status/offer_code.html", {"report": report, "offer": latest, "code": code})
