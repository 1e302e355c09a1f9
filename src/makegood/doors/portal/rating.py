"""How were you served: one click, by POST; then why, once. A second answer shows the first. Looking changes nothing.

The links of a mail lead here with their answer chosen, and still it takes one click on the page: machines follow links.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from makegood.doors.portal import verdict, visits
from makegood.doors.portal.visits import Visit
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.aftercare import feedback, queries, terms, wishes
from makegood.life.aftercare.models import Csat
from makegood.life.reports import access
from makegood.life.reports.models import Report

SCORES = (
    (5, gettext_lazy("Very well")),
    (4, gettext_lazy("Well")),
    (3, gettext_lazy("All right")),
    (2, gettext_lazy("Badly")),
    (1, gettext_lazy("Very badly")),
)
AGAIN = (
    (5, gettext_lazy("Very good")),
    (4, gettext_lazy("Good")),
    (3, gettext_lazy("All right")),
    (2, gettext_lazy("Bad")),
    (1, gettext_lazy("Very bad")),
)
REASONS = (
    (Csat.SPEED, gettext_lazy("How quick you were")),
    (Csat.CLARITY, gettext_lazy("How clearly you wrote")),
    (Csat.FIX, gettext_lazy("The solution itself")),
    (Csat.POLITENESS, gettext_lazy("How polite you were")),
    (Csat.COMPENSATION, gettext_lazy("How you made good for it")),
)
EFFORT = tuple(range(1, 8))


class TooLong(Refusal):
    """What was written is longer than we keep."""


@dataclass(frozen=True)
class Asked:
    """What is asked of them about our service, and what they said. ``is_again``: the one question after a recovery."""

    may_rate: bool = False
    given: Csat | None = None
    may_explain: bool = False
    is_again: bool = False
    asks_effort: bool = False

    @property
    def word(self) -> str:
        return str(dict(SCORES).get(self.given.score, "")) if self.given else ""

    @property
    def is_there(self) -> bool:
        return self.may_rate or self.given is not None


def asked(report: Report, *, now: datetime, is_own: bool) -> Asked:
    """What stands on the page of ``report``; nothing for whoever only takes part."""
    if not is_own:
        return Asked()
    given = queries.csat(report)
    if given is None:
        return Asked(may_rate=feedback.may_rate(report))
    may_explain = given.explained_at is None
    return Asked(
        given=given,
        may_explain=may_explain,
        is_again=feedback.to_rate_again(report) is not None,
        asks_effort=may_explain and terms.at_present(now).asks_effort,
    )


@require_GET
@visits.page
def arrive(request: HttpRequest, token: str, score: int, name: str) -> HttpResponse:
    """A link of the survey mail: take the secret out of the address, keep the answer it stands for."""
    if score not in dict(SCORES):
        raise access.NotFound("score")
    link = access.link_by_token(token, now=timezone.now())
    answer = redirect(f"{reverse('portal:rate', args=[link.report_id])}?{name}={score}")
    visits.open_report(request, answer, token)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@visits.page
def rate(request: HttpRequest, number: int) -> HttpResponse:
    """The question by itself, with nothing else around it; and each of its answers."""
    visit = visits.visit(request, number, now=timezone.now())
    if request.method != "POST":
        return _page(request, visit)
    try:
        _keep(visit, request.POST, now=timezone.now())
    except TooLong as refusal:
        return _page(request, visit, typed=request.POST, problem=str(refusal), status=422)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("portal:rate", number)


# Pressed by mail programs for their readers (RFC 8058): the token is the proof, and all it can do is end mails.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@visits.page
def no_surveys(request: HttpRequest, token: str) -> HttpResponse:
    """No more questions of this sort by mail, and the way back."""
    contact = wishes.contact_of(token)
    if contact is None:
        raise Http404
    if request.method == "POST":
        wants_again = request.POST.get("again") == "1"
        wishes.refuse_surveys(contact, not wants_again, by=contact.actor, at=timezone.now())
    refused = wishes.of(contact).no_surveys_at is not None
    return render(request, "portal/find/no_surveys.html", {"token": token, "refused": refused})


def _keep(visit: Visit, given: QueryDict, *, now: datetime) -> None:
    report, by = verdict.own(visit), visit.contact.actor
    words = given.get("words", "")
    if len(words) > feedback.MAX_WORDS:
        raise TooLong(
            _("That is longer than we can keep: at most %(most)s characters. Please shorten it.")
            % {"most": feedback.MAX_WORDS}
        )
    if "again" in given:
        feedback.rate_again(report, whole_number(given.get("again", "")) or 0, by=by, at=now)
        return
    why: feedback.Why = {"reasons": given.getlist("reason"), "words": words}
    if effort := whole_number(given.get("effort", "")):
        why["effort"] = effort
    if "score" in given:
        feedback.rate(report, whole_number(given.get("score", "")) or 0, by=by, at=now, **why)
    else:
        feedback.explain(report, by=by, at=now, **why)


def _page(request: HttpRequest, visit: Visit, *, status: int = 200, **more: Any) -> HttpResponse:
    now, report = timezone.now(), visit.report
    is_own = visit.contact.pk == report.contact_id
    context = {
        "report": report,
        "contact": visit.contact,
        "outcome": verdict.outcome(report, now=now, is_own=is_own),
        "asked": asked(report, now=now, is_own=is_own),
        "chosen": whole_number(request.GET.get("score", "")) or whole_number(request.GET.get("again", "")) or 0,
        **words(),
        **more,
    }
    return render(request, "portal/status/rate.html", context, status=status)


def words() -> dict[str, Any]:
    """What the question offers."""
    return {"scores": SCORES, "again_scores": AGAIN, "reasons": REASONS, "efforts": EFFORT}
