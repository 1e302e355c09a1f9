"""Taking a report by phone (screen 18): one page in the order of the talk, the caller's open reports beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console import call, keeping
from makegood.doors.console.casework import actor, find, seeker, slip
from makegood.doors.console.gate import needs
from makegood.lib.errors import Refusal
from makegood.lib.keys import secret_token
from makegood.life.escalation import account
from makegood.life.intake import actions as intake
from makegood.life.people import reaching
from makegood.life.promises.queries import next_news
from makegood.life.reports.access import NotFound
from makegood.life.reports.conversation import EmptyMessage, TooLong

_PLACES = {
    intake.Unreachable: "phone-number",
    reaching.BadPhone: "phone-number",
    reaching.BadEmail: "email",
    TooLong: "what",
}
PARTS = ("category", "pick", "kind")


@needs("report.take_by_phone")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form; POST files it, or reads it back first."""
    now, kept = timezone.now(), keeping.opened(request, keeping.PHONE)
    wrong: dict[str, str] = {}
    told = kept.told
    if request.method == "POST" and told.get("do") != "read_back":
        try:
            filed = intake.take_by_phone(call.told(told), by=actor(request), at=now)
            return keeping.done(request, redirect("console:phone_taken", number=filed.report.pk), keeping.PHONE)
        except EmptyMessage:
            wrong = {"problem": _("Write down what happened first."), "problem_at": "what"}
        except Refusal as refusal:
            wrong = slip(refusal, _PLACES, "")
    context = _context(request, told) | wrong | {"kept": kept}
    if told.get("do") == "read_back":
        context["read_back"] = call.read_back(told)
    return render(request, "console/phone/page.html", context, status=422 if wrong else 200)


@needs("report.take_by_phone")
@require_safe
def callers(request: HttpRequest) -> HttpResponse:
    """Who it may be, while the name is being typed."""
    found = account.find_contacts(seeker(request), request.GET.get("caller", ""))
    return render(request, "console/phone/_callers.html", {"found": found, "words": request.GET.get("caller", "")})


@needs("report.take_by_phone")
@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """A part of the form for the caller or the category just chosen, or with what was suggested chosen."""
    told, part = request.GET.copy(), request.GET.get("part", "")
    if part in ("pick", "kind"):
        told["category" if part == "pick" else "kind"] = told.get("use", "")
    return render(request, f"console/phone/_{part if part in PARTS else 'caller'}.html", _context(request, told))


@needs("report.take_by_phone")
@require_safe
def taken(request: HttpRequest, number: str) -> HttpResponse:
    """What to say before hanging up: the number and the promised time."""
    report = find(request, number)
    context = {"report": report, "news": next_news(report), "alternative": call.alternative(report)}
    return render(request, "console/phone/taken.html", context)


def _context(request: HttpRequest, told: QueryDict) -> dict[str, Any]:
    agent, language = seeker(request), get_language() or "en"
    # A call that was begun keeps its caller, whatever contact's page one comes from.
    contact, key = None, told.get("contact", "") or ("" if told.get("what") else request.GET.get("contact", ""))
    if key:
        try:
            contact = account.access_contact(agent, key)
        except NotFound:
            contact = None
    category = call.category(told.get("category", ""))
    return {
        "told": told,
        "contact": contact,
        "caller": call.caller(told, contact),
        "account": account.of_contact(agent, contact, now=timezone.now()) if contact else None,
        "categories": call.categories(language),
        "category": category,
        "category_words": call.category_words(category, language),
        "questions": call.questions(category, language, told),
        "hindrances": call.hindrances(),
        "key": told.get("key") or secret_token(),
        "fact_fields": call.fact_fields(told),
        "place_fields": call.place_fields(told),
        "is_question": told.get("kind") == "question",
        "hint": _("Autosaved while you type."),
    }
