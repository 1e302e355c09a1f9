"""Rotas: the week of each team, stand-ins, and where nobody is on duty in the next 30 days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.login_forms import check_zone
from makegood.lib.errors import Refusal
from makegood.life.people.coverage import covered_share
from makegood.life.people.models import Agent, Shift, Team
from makegood.life.reports import rotas
from makegood.life.reports.access import NotFound

LEVELS = [(1, gettext_lazy("paged first")), (2, gettext_lazy("backup"))]
HOLES_SHOWN = 12


class _ShiftForm(forms.Form):
    agent = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=Agent.objects.none(), empty_label=gettext_lazy("choose")
    )
    level = forms.TypedChoiceField(label=gettext_lazy("As"), choices=LEVELS, coerce=int)

    def __init__(self, team: Team, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        members = Agent.objects.filter(teams=team, is_active=True, is_service=False).order_by("name")
        self.fields["agent"].queryset = members  # type: ignore[attr-defined]


class WeekForm(_ShiftForm):
    prefix = "week"

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Every"), choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple, coerce=int
    )
    starts = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    until = forms.TimeField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Earlier than the beginning means the next morning."),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Empty: the desk's."),
        max_length=64,
        required=False,
        validators=[check_zone],
    )


class OnceForm(_ShiftForm):
    prefix = "once"

    start = forms.DateTimeField(
        label=gettext_lazy("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    end = forms.DateTimeField(
        label=gettext_lazy("Until"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Each team with how much of the next 30 days it covers."""
    now, teams = timezone.now(), Team.objects.filter(is_active=True).order_by("-is_technical", "name")
    found = []
    for team in teams[:100]:
        missing = rotas.holes(rotas.shifts_of(team, now=now), now=now)
        found.append({"team": team, "share": round(covered_share(missing) * 100), "next": missing[:1]})
    return render(request, "console/setup/rotas.html", {"teams": found})


@needs("setup.view", post="setup.rotas")
@require_http_methods(["GET", "POST"])
def team_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The week, the stand-ins and the holes of one team; a POST adds a shift."""
    team, now = _team(slug), timezone.now()
    kind = request.POST.get("form")
    week = WeekForm(team, request.POST if kind == "week" else None, initial={"level": 1})
    once = OnceForm(team, request.POST if kind == "once" else None, initial={"level": 1})
    form = once if kind == "once" else week
    if request.method == "POST" and form.is_valid() and _add(form, team, signed_in(request), now):
        messages.success(request, _("The rota is changed."))
        return redirect("console:setup_rota", slug=slug)
    context = {**_picture(team, now), "week_form": week, "once_form": once}
    context["may_change"] = signed_in(request).may("setup.rotas")
    return render(request, "console/setup/rota.html", context, status=422 if form.errors else 200)


@needs("setup.rotas")
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    shift = Shift.objects.filter(team=_team(slug), pk=pk).select_related("agent").first()
    if shift is None:
        raise NotFound(str(pk))
    rotas.remove(shift, by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("The rota is changed."))
    return redirect("console:setup_rota", slug=slug)


def _team(slug: str) -> Team:
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise NotFound(slug)
    return team


def _add(form: forms.Form, team: Team, by: Agent, now: datetime) -> bool:
    given = dict(form.cleaned_data)
    agent = given.pop("agent")
    try:
        if isinstance(form, OnceForm):
            rotas.add_once(team, agent, by=by.actor, at=now, **given)
        else:
            hours = rotas.Hours(given.pop("starts"), given.pop("until"), given.pop("time_zone"))
            rotas.add_weekly(team, agent, hours=hours, by=by.actor, at=now, **given)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _picture(team: Team, now: datetime) -> dict[str, Any]:
    shifts = rotas.shifts_of(team, now=now)
    missing = rotas.holes(shifts, now=now)
    days = [{"name": name, "shifts": [s for s in shifts if s.weekday == day]} for day, name in WEEKDAYS.items()]
    return {
        "team": team,
        "days": days,
        "stand_ins": [shift for shift in shifts if shift.weekday is None],
        "holes": missing[:HOLES_SHOWN],
        "more_holes": max(0, len(missing) - HOLES_SHOWN),
        "share": round(covered_share(missing) * 100),
    }
