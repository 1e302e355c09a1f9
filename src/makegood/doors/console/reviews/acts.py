"""What is done with a review: writing in it, deciding, ending an improvement, signing. A slip loses nothing typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.insights.asked import day
from makegood.doors.console.reviews import pages
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.insights import reviews
from makegood.life.insights.models import Improvement, Review
from makegood.life.people.models import Agent
from makegood.life.problems.access import access_problem
from makegood.life.promises import kinds
from makegood.life.reports.access import NotFound


@needs("review.edit")
@require_POST
def write(request: HttpRequest, key: str) -> HttpResponse:
    agent, given = signed_in(request), request.POST
    review = reviews.access_review(agent, key)
    reasons = {kind: given.get(f"why-{kind}", "") for kind in kinds.KINDS}
    version = whole_number(given.get("version", "")) or 0
    try:
        reviews.write(
            review, by=agent.actor, at=timezone.now(), version=version, notes=given.get("notes", ""), reasons=reasons
        )
    except Refusal as refusal:
        review.notes, review.reasons = given.get("notes", ""), reasons
        return _slip(request, review, "notes", str(refusal))
    messages.success(request, _("Kept."))
    return redirect("console:review", key=review.key)


@needs("review.edit")
@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    agent, given, now = signed_in(request), request.POST, timezone.now()
    review = reviews.access_review(agent, key)
    owner = Agent.objects.filter(key=given.get("owner", ""), is_active=True, is_service=False).first()
    due_on = day(given.get("due_on", ""))
    if owner is None:
        return _slip(request, review, "owner", _("Choose who takes care of it."))
    if due_on is None:
        return _slip(request, review, "due_on", _("Choose the day by which it is done."))
    try:
        reviews.decide(review, given.get("words", ""), by=agent.actor, at=now, owner=owner, due_on=due_on)
    except reviews.NeedsWords as refusal:
        return _slip(request, review, "words", str(refusal))
    except reviews.Signed as refusal:
        return _slip(request, review, "words", str(refusal))
    except Refusal as refusal:
        return _slip(request, review, "due_on", str(refusal))
    messages.success(request, _("Decided; %(name)s has promised it.") % {"name": owner.name})
    return redirect("console:review", key=review.key)


@needs("review.edit")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    agent = signed_in(request)
    improvement = reviews.access_improvement(agent, pk)
    state = Improvement.DONE if request.POST.get("state") == Improvement.DONE else Improvement.DROPPED
    reason = request.POST.get("reason", "").strip()[:1000]
    reviews.end(improvement, state, by=agent.actor, at=timezone.now(), reason=reason)
    messages.success(request, _("Done.") if state == Improvement.DONE else _("Dropped, with your reason."))
    return redirect("console:review", key=improvement.review.key)


@needs("review.edit")
@require_POST
def make_action(request: HttpRequest, pk: int) -> HttpResponse:
    agent = signed_in(request)
    improvement = reviews.access_improvement(agent, pk)
    number = request.POST.get("problem", "").strip()[:40]
    try:
        problem = access_problem(agent, number)
    except NotFound:
        words = _("There is no problem %(number)s. Give its number, such as PRB-12.") % {"number": number}
        return _slip(request, improvement.review, f"problem-{pk}", words)
    action = reviews.make_action(improvement, problem, by=agent.actor, at=timezone.now())
    messages.success(request, _("It is %(number)s now.") % {"number": action.number})
    return redirect("console:review", key=improvement.review.key)


@needs("review.sign")
@require_POST
def sign(request: HttpRequest, key: str) -> HttpResponse:
    agent = signed_in(request)
    review = reviews.sign(reviews.access_review(agent, key), by=agent, at=timezone.now())
    messages.success(request, _("Signed. The review stays as it is now."))
    return redirect("console:review", key=review.key)


def _slip(request: HttpRequest, review: Review, field: str, words: str) -> HttpResponse:
    """The page again, with the sentence beside the field and everything as it was typed."""
    shown = pages.context(request, review, timezone.now())
    shown |= {"problem_at": field, "problem": words, "typed": request.POST}
    return render(request, "console/reviews/page.html", shown, status=422)
