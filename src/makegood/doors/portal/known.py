"""Is it something we know of already? Offered while the reporter writes, and on their page; "me too" with one click.

Only public words of staff are shown, and how many others; never a word or a name of anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.portal import allowance, helping, telling, visits
from makegood.lib.errors import Refusal
from makegood.life.problems import offering
from makegood.life.problems.offering import Offer
from makegood.life.reports import states
from makegood.life.reports.models import Report

NONE = "none"


def offers(data: Mapping[str, str], *, now: datetime) -> list[Offer]:
    """What the answers of a draft may be about; nothing once the reporter has said which it is, or that it is none."""
    if data.get("known"):
        return []
    told = {"page": data.get("page", ""), "category": telling.category_of(data)}
    told["references"] = data.get(f"{telling.ANSWER}reference-code", "")
    return offering.for_words(data.get("what", ""), get_language() or "en", now=now, **told)


def chosen(data: Mapping[str, str]) -> Offer | None:
    """The known error the reporter said it is, if it is still offered."""
    return offering.by_key(data.get("known", ""), get_language() or "en")


def offer_for(report: Report, *, now: datetime) -> Offer | None:
    """What a report that belongs to no problem may be about, while it is looked into."""
    if report.state not in (states.RECEIVED, states.INVESTIGATING):
        return None
    return offering.for_report(report, get_language() or "en", now=now)


@require_POST
@visits.page
def typing(request: HttpRequest) -> HttpResponse:
    """What the words so far may be about, as a part of the page; empty if nothing, or if it is asked too often."""
    now = timezone.now()
    if allowance.typing(request, now=now):
        return HttpResponse("")
    data = {**from_draft(request, now=now), **telling.kept(request.POST.dict())}
    articles = [] if data.get("known") else helping.offers(data)
    answer = render(request, "portal/parts/typing.html", {"offers": offers(data, now=now), "articles": articles})
    helping.shown(request, answer, articles)
    return answer


def from_draft(request: HttpRequest, *, now: datetime) -> dict[str, str]:
    """What the draft in hand keeps beside what is being typed: articles that did not help, page and category."""
    draft = visits.draft_of(request, now=now)
    return {name: draft.data.get(name, "") for name in ("unhelpful", "page", "category")} if draft else {}


@require_POST
@visits.page
def me_too(request: HttpRequest, number: int) -> HttpResponse:
    """The reporter's word on what their page offers: that is it, or it is something else."""
    now = timezone.now()
    visit = visits.visit(request, number, now=now)
    key, by = request.POST.get("known", "")[:32], visit.contact.actor
    if request.POST.get("answer") == "no":
        offering.not_mine(visit.report, key, by=by, at=now)
        messages.success(request, _("Thank you. We look into yours by itself."))
        return redirect("portal:report", number)
    try:
        offering.me_too(visit.report, key, by=by, at=now)
        messages.success(request, _("Thank you. You hear all news of it here."))
    except Refusal as no:
        messages.info(request, str(no))
    return redirect("portal:report", number)
