"""Services, the programs that work in their own name, and every token there is."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import history_lines
from makegood.doors.console.token_forms import ServiceForm
from makegood.doors.console.tokens import SHOWN, make_for, told
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent, Team
from makegood.life.reports import ledger, staff, tokens
from makegood.life.reports.models import LedgerEntry


@needs("setup.tokens")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Services, and all tokens of everybody."""
    teams, living = Prefetch("teams", Team.objects.order_by("name")), Q(tokens__revoked_at=None)
    services = Agent.objects.filter(is_service=True).annotate(count=Count("tokens", filter=living))
    context = {
        "services": services.prefetch_related(teams).order_by("-is_active", "name")[:SHOWN],
        "rows": [told(row, timezone.now()) for row in tokens.visible_tokens(signed_in(request))[:SHOWN]],
    }
    return render(request, "console/tokens/all.html", context)


@needs("setup.tokens")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = ServiceForm(request.POST if request.method == "POST" else None, initial={"role": "agent"})
    del form.fields["is_active"]
    if request.method == "POST" and form.is_valid():
        try:
            service = tokens.add_service(by=signed_in(request).actor, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Added. Now make its first token."))
            return redirect("console:setup_service_token", service.key)
    return render(request, "console/tokens/service.html", {"form": form}, status=422 if form.errors else 200)


@needs("setup.tokens")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    service = tokens.access_service(key)
    names = ("name", "role", "is_active")
    initial = {**{name: getattr(service, name) for name in names}, "teams": list(service.teams.all())}
    form = ServiceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(form, service, signed_in(request)):
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("console:setup_tokens")
    kinds = ledger.kinds_of("service.", "staff.", "token.")
    entries = LedgerEntry.objects.filter(kind__in=kinds, data__agent=service.pk).order_by("-pk")
    rows = [told(row, timezone.now()) for row in tokens.visible_tokens(signed_in(request)).filter(agent=service)]
    context = {"form": form, "service": service, "rows": rows, "history": history_lines(entries)}
    return render(request, "console/tokens/service.html", context, status=422 if form.errors else 200)


@needs("setup.tokens")
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, key: str) -> HttpResponse:
    """A token of a service."""
    return make_for(request, tokens.access_service(key))


def _save(form: ServiceForm, service: Agent, by: Agent) -> bool:
    facts = {name: form.cleaned_data[name] for name in ("name", "role", "is_active")}
    try:
        with transaction.atomic():
            staff.change_person(service, facts, by=by.actor, at=timezone.now())
            staff.set_teams(service, form.cleaned_data["teams"], by=by.actor, at=timezone.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
