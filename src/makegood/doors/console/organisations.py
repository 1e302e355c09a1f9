"""Organisations: made, put right, marked as key accounts with a reason; and any change of an account taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console.casework import actor, seeker, went, with_toast
from makegood.doors.console.gate import is_fragment, needs
from makegood.life.escalation import account
from makegood.life.people.models import Contact, Organisation
from makegood.life.reports import accounts as verbs
from makegood.life.reports.models import LedgerEntry

MOST_NAMES = 300


class OrganisationForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=verbs.LONGEST_NAME)
    plan = forms.CharField(label=gettext_lazy("Plan or tier"), max_length=verbs.LONGEST_PLAN, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy(
            "Who they are to us. What every colleague must see first belongs in a note on their page."
        ),
        widget=forms.Textarea({"rows": 4}),
        max_length=verbs.LONGEST_NOTE,
        required=False,
    )


class KeyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("For whoever wonders why their reports stand where they stand."),
        max_length=500,
    )


@needs("contact.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None, initial={"name": request.GET.get("name", "")[:200]})
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.add_organisation(**form.cleaned_data, by=actor(request), at=timezone.now())
        except (verbs.NeedsName, verbs.NotEditable) as no:
            form.add_error("name", str(no))
        else:
            return went(request, _address(made), _("%(name)s is there.") % {"name": made.name})
    return _form(request, form, None)


@needs("contact.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    whose = account.access_organisation(seeker(request), key)
    kept = {name: getattr(whose, name) for name in ("name", "plan", "note")}
    form = OrganisationForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            entry = verbs.change_organisation(whose, form.cleaned_data, by=actor(request), at=timezone.now())
        except (verbs.NeedsName, verbs.NotEditable) as no:
            form.add_error("name", str(no))
        else:
            return went(request, _address(whose), _("Saved."), undo=undo_of(entry))
    return _form(request, form, whose)


@needs("contact.mark_key")
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, key: str) -> HttpResponse:
    """Make it a key account, or no longer, with the reason."""
    whose = account.access_organisation(seeker(request), key)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_key, reason = request.POST.get("stop") != "1", form.cleaned_data["reason"]
        entry = verbs.mark_key_account(whose, is_key, by=actor(request), at=timezone.now(), reason=reason)
        words = _("%(name)s is a key account.") if is_key else _("%(name)s is no longer a key account.")
        return went(request, _address(whose), words % {"name": whose.name}, undo=undo_of(entry))
    context = {"organisation": whose, "form": form}
    return render(request, "console/account/key.html", context, status=422 if form.errors else 200)


@needs("contact.edit")
@require_POST
def undo(request: HttpRequest, entry: int) -> HttpResponse:
    """Take one change of a contact or an organisation back, within a day and if nothing has changed since."""
    agent = seeker(request)
    happened = get_object_or_404(LedgerEntry, pk=entry, kind__in=verbs.UNDO_TAKES)
    rows: Any = account.visible_contacts(agent) if "contact" in happened.data else account.visible_organisations(agent)
    whose = get_object_or_404(rows, pk=happened.data.get("contact") or happened.data.get("organisation"))
    verbs.undo(happened, by=actor(request), at=timezone.now())
    if is_fragment(request):
        return with_toast(HttpResponse(status=204), _("Taken back."))
    to = reverse("console:contact", args=[whose.key]) if isinstance(whose, Contact) else _address(whose)
    return went(request, to, _("Taken back."))


def undo_of(entry: LedgerEntry | None) -> str:
    """The address that takes a change of an account back; empty if there is nothing to take back."""
    return reverse("console:account_undo", args=[entry.pk]) if entry else ""


def names() -> list[str]:
    """Names of organisations to choose from while one types."""
    return list(Organisation.objects.order_by("name").values_list("name", flat=True)[:MOST_NAMES])


def _address(organisation: Organisation) -> str:
    return reverse("console:organisation", args=[organisation.key])


def _form(request: HttpRequest, form: OrganisationForm, whose: Organisation | None) -> HttpResponse:
    context = {"organisation": whose, "form": form}
    return render(request, "console/account/organisation.html", context, status=422 if form.errors else 200)
