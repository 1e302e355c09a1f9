"""The reviews there are; one of them, as it is now or as it was signed; on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.life.insights import pack, reviews, sheet
from makegood.life.insights.days import day_of
from makegood.life.insights.models import Review
from makegood.life.insights.rolling import zone
from makegood.life.people.models import Agent
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.promises.names import name

SHOWN = 60


@needs("review.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows = list(Review.objects.order_by("-first", "-id").defer("figures", "notes")[:SHOWN])
    found = [(review, sheet.title(review)) for review in rows]
    late = pack.late_improvements(timezone.now())
    return render(request, "console/reviews/list.html", {"rows": found, "late": late})


@needs("review.view")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    review = reviews.access_review(signed_in(request), key)
    return render(request, "console/reviews/page.html", context(request, review, timezone.now()))


@needs("review.view")
@require_safe
def pdf(request: HttpRequest, key: str) -> HttpResponse:
    agent = signed_in(request)
    review = reviews.access_review(agent, key)
    found = pack.of(review, agent, now=timezone.now())
    # Loaded when asked for: what draws on paper takes 40 MB.
    paper = import_module("makegood.life.insights.paper")
    answer = HttpResponse(paper.draw(review, found, agent), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="review-{review.kind}-{review.first}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@needs("review.view")
@require_safe
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """Where mails and calls lead: /console/reviews/REV-3/."""
    return redirect("console:review", key=reviews.access_review(signed_in(request), number).key)


@needs("review.view")
@require_safe
def improvement(request: HttpRequest, number: str) -> HttpResponse:
    """Where mails and calls about an improvement lead: to its review."""
    digits = number.upper().removeprefix("IMP-")
    pk = int(digits) if digits.isdecimal() and len(digits) < 18 else 0
    return redirect("console:review", key=reviews.access_improvement(signed_in(request), pk).review.key)


def context(request: HttpRequest, review: Review, now: datetime) -> dict[str, Any]:
    agent = signed_in(request)
    found = pack.of(review, agent, now=now)
    broken = [one["kind"] for one in found["kept"] if one["broken"]]
    return {
        "review": review,
        "title": sheet.title(review),
        "signature": sheet.signature(review),
        "sections": sheet.sections(review, found, agent),
        "improvements": [(one, f"problem-{one.pk}") for one in review.improvements.select_related("owner", "action")],
        "owed": next(iter(promises.pending(review.about, kinds.REVIEW)), None),
        "reasons": [(kind, name(kind), review.reasons.get(kind, "")) for kind in broken],
        "people": Agent.objects.filter(is_active=True, is_service=False).order_by("name"),
        "tomorrow": day_of(now, zone()) + timedelta(days=1),
        "fortnight": day_of(now, zone()) + timedelta(days=14),
        "may_sign": agent.may("review.sign"),
    }
