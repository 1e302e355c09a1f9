"""Overruling a priority, of a report or a problem, with a reason; and letting it be computed again."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.doors.console import priority_words
from makegood.doors.console.casework import acted, actor, find, seeker, went
from makegood.doors.console.gate import needs
from makegood.life.problems import ranking
from makegood.life.problems.access import access_problem
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report


class DecideForm(forms.Form):
    value = forms.TypedChoiceField(
        label=gettext_lazy("Decide otherwise"), choices=list(priority_words.NAMES.items()), coerce=int
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("For whoever wonders why it stands where it stands."),
        max_length=500,
    )


@needs("report.overrule_priority")
@require_http_methods(["GET", "HEAD", "POST"])
def of_report(request: HttpRequest, number: str) -> HttpResponse:
    """The form to overrule the priority of a report, and the deed."""
    report = find(request, number)
    form = _decide(request, report)
    return _page(request, report, form) if form else acted(request, report, _words(report))


@needs("report.overrule_priority")
@require_http_methods(["GET", "HEAD", "POST"])
def of_problem(request: HttpRequest, number: str) -> HttpResponse:
    """The same for a problem."""
    problem = access_problem(seeker(request), number)
    form = _decide(request, problem)
    return (
        _page(request, problem, form)
        if form
        else went(request, f"/console/problems/{problem.number}/", _words(problem))
    )


def _decide(request: HttpRequest, thing: Report | Problem) -> DecideForm | None:
    """Do what was asked and return nothing; or the form, to be filled in or put right."""
    if request.method != "POST":
        return DecideForm(initial={"value": thing.priority})
    by, at = actor(request), timezone.now()
    if request.POST.get("value") == "computed":
        ranking.overrule(thing, None, by=by, at=at, reason=_("Computed again."))
        return None
    form = DecideForm(request.POST)
    if not form.is_valid():
        return form
    ranking.overrule(thing, form.cleaned_data["value"], by=by, at=at, reason=form.cleaned_data["reason"])
    return None


def _words(thing: Report | Problem) -> str:
    return _("The priority is as you decided.") if thing.priority_by else _("The priority is computed again.")


def _page(request: HttpRequest, thing: Report | Problem, form: DecideForm) -> HttpResponse:
    is_report = isinstance(thing, Report)
    around = {"report": thing} if is_report else {"problem": thing}
    page = "console/report/priority.html" if is_report else "console/problem/priority.html"
    shown = {"thing": thing, "form": form, "priority": priority_words.panel(thing), **around}
    return render(request, page, shown, status=422 if form.errors else 200)
