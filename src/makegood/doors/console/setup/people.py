"""People: inviting, roles, teams, switching off, new-password links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import history_lines
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent, Team
from makegood.life.reports import ledger, staff
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry

ROLE_WORDS = {
    "agent": gettext_lazy("Agent: takes reports, answers, escalates"),
    "engineer": gettext_lazy("Engineer: sees and answers what was escalated to their teams"),
    "lead": gettext_lazy("Lead: all of that, plus scripts, rotas, catalogue and audit"),
    "admin": gettext_lazy("Admin: everything, including people and promises"),
}


class PersonForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(ROLE_WORDS.items()), widget=forms.RadioSelect)
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teams"),
        queryset=Team.objects.filter(is_active=True).order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    page_webhook = forms.URLField(
        label=gettext_lazy("Webhook for pages"),
        help_text=gettext_lazy("Besides mail: an https address that their pager or chat gives."),
        assume_scheme="https",
        required=False,
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("May sign in"),
        help_text=gettext_lazy("Off: signed out everywhere at once. Their reports stay; hand them on."),
        required=False,
    )


class InviteForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(ROLE_WORDS.items()), widget=forms.RadioSelect)
    teams = PersonForm.base_fields["teams"]


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    teams = Prefetch("teams", Team.objects.order_by("name"))
    people = Agent.objects.filter(is_service=False).order_by("-is_active", "name").prefetch_related(teams)[:500]
    context = {"people": people, "may_change": signed_in(request).may("setup.people")}
    return render(request, "console/setup/people.html", context)


@needs("setup.people")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Add a person; their one-time link is shown once, here, for the admin to hand over."""
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"role": "agent"})
    if request.method == "POST" and form.is_valid():
        try:
            person, token = staff.invite(by=signed_in(request).actor, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            return _show_link(request, person, token)
    return render(request, "console/setup/invite.html", {"form": form}, status=422 if form.errors else 200)


@needs("setup.people")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    person = _person(key)
    form = PersonForm(request.POST if request.method == "POST" else None, initial=_initial(person))
    if request.method == "POST" and form.is_valid() and _save(form, person, signed_in(request)):
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("console:setup_people")
    entries = LedgerEntry.objects.filter(kind__in=ledger.kinds_of("staff."), data__agent=person.pk).order_by("-pk")
    context = {"form": form, "person": person, "history": history_lines(entries)}
    return render(request, "console/setup/person.html", context, status=422 if form.errors else 200)


@needs("setup.people")
@require_POST
def new_link(request: HttpRequest, key: str) -> HttpResponse:
    """A link for a new password (or to join, if they never did); ends earlier ones."""
    person = _person(key)
    purpose = "password" if person.has_usable_password() else "invite"
    token = staff.make_one_time_link(purpose, at=timezone.now(), agent=person, by=signed_in(request).actor)
    return _show_link(request, person, token)


def _show_link(request: HttpRequest, person: Agent, token: str) -> HttpResponse:
    link = f"{settings.BASE_URL}{reverse('console:welcome', args=[token])}"
    return render(request, "console/setup/invited.html", {"person": person, "link": link})


def _person(key: str) -> Agent:
    person = Agent.objects.filter(key=key, is_service=False).first()
    if person is None:
        raise NotFound(key)
    return person


def _initial(person: Agent) -> dict[str, Any]:
    names = ("name", "role", "phone", "page_webhook", "is_active")
    return {**{name: getattr(person, name) for name in names}, "teams": list(person.teams.all())}


def _save(form: PersonForm, person: Agent, by: Agent) -> bool:
    facts = {name: value for name, value in form.cleaned_data.items() if name != "teams"}
    try:
        with transaction.atomic():
            staff.change_person(person, facts, by=by.actor, at=timezone.now())
            staff.set_teams(person, form.cleaned_data["teams"], by=by.actor, at=timezone.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
