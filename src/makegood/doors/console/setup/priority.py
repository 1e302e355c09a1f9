"""What priorities are judged by: the matrix of severity and impact, and when many is many. Counts from now on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.doors.console import priority_words
from makegood.doors.console.gate import needs, signed_in
from makegood.life.problems import priority, ranking
from makegood.life.problems.models import PriorityTerms
from makegood.life.problems.priority import Terms
from makegood.life.reports.models import Report

IMPACTS = {
    1: gettext_lazy("many, or the core lost"),
    2: gettext_lazy("some, or a key account"),
    3: gettext_lazy("few, or a way round"),
    4: gettext_lazy("only looks wrong"),
}


class TermsForm(forms.Form):
    some_people = forms.IntegerField(label=gettext_lazy("Some are, from"), min_value=2, max_value=1_000_000)
    many_people = forms.IntegerField(label=gettext_lazy("Many are, from"), min_value=3, max_value=1_000_000)
    long_days = forms.IntegerField(
        label=gettext_lazy("A wait is long, from"),
        help_text=gettext_lazy("In days. It raises P3 and P4 by one step."),
        min_value=1,
        max_value=365,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        help_text=gettext_lazy("For whoever wonders in a year."),
        max_length=300,
    )

    def __init__(self, *args: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row, line in enumerate(terms.matrix):
            for column, value in enumerate(line):
                label = _("%(impact)s, %(severity)s") % {
                    "impact": IMPACTS[row + 1],
                    "severity": Report.SEVERITIES[column][1],
                }
                self.fields[f"cell_{row}_{column}"] = forms.TypedChoiceField(
                    label=label,
                    choices=[(n, f"P{n}") for n in priority.VALUES],
                    coerce=int,
                    initial=value,
                    widget=forms.Select({"class": "select"}),
                )

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The matrix, a row an impact."""
        return [(str(IMPACTS[row + 1]), [self[f"cell_{row}_{column}"] for column in range(4)]) for row in range(4)]

    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in ("some_people", "many_people", "long_days", "reason")]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("some_people", 0) >= given.get("many_people", 1 << 31):
            self.add_error("many_people", _("Many must be more than some."))
        return given

    def data_of(self) -> dict[str, Any]:
        """The terms as they are kept."""
        given = self.cleaned_data
        matrix = [[given[f"cell_{row}_{column}"] for column in range(4)] for row in range(4)]
        return {**{name: given[name] for name in ("some_people", "many_people", "long_days")}, "matrix": matrix}


@needs("setup.view", post="setup.priority")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The terms in force, and new ones."""
    now = timezone.now()
    terms = ranking.terms(at=now)
    initial = {name: getattr(terms, name) for name in ("some_people", "many_people", "long_days")}
    form = TermsForm(request.POST if request.method == "POST" else None, terms=terms, initial=initial)
    if request.method == "POST" and form.is_valid():
        by = signed_in(request).actor
        ranking.set_terms(form.data_of(), by=by, at=now, reason=form.cleaned_data["reason"])
        messages.success(request, _("Saved. Open reports are weighed anew within a minute."))
        return redirect("console:setup_priority")
    context = {
        "form": form,
        "severities": [name for _value, name in Report.SEVERITIES],
        "names": [priority_words.name(value) for value in priority.VALUES],
        "past": PriorityTerms.objects.order_by("-valid_from", "-pk")[:10],
        "may_change": signed_in(request).may("setup.priority"),
    }
    return render(request, "console/setup/priority.html", context, status=422 if form.errors else 200)
