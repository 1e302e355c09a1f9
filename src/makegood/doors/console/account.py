"""The account (E2): who somebody is to us, what is open, what was promised and kept, what to remember."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.casework import actor, seeker, went
from makegood.doors.console.gate import needs
from makegood.life.escalation import account
from makegood.life.people.models import Contact
from makegood.life.problems import queries as problems
from makegood.life.reports import accounts as verbs


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the desk may put right about a person."""

    class Meta:
        model = Contact
        fields = ("name", "phone", "second_email", "preferred_way", "member_number", "plan", "language", "time_zone")
        labels = {
            "name": gettext_lazy("Name"),
            "phone": gettext_lazy("Phone"),
            "second_email": gettext_lazy("Second e-mail address"),
            "preferred_way": gettext_lazy("Prefers"),
            "member_number": gettext_lazy("Member number"),
            "plan": gettext_lazy("Plan or tier"),
            "language": gettext_lazy("Language"),
            "time_zone": gettext_lazy("Time zone"),
        }
        widgets = {"language": forms.Select(choices=[("en", "English"), ("de", "Deutsch")])}


@needs("contact.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Find a person by name, address, phone or member number, or an organisation; before that, who waits for us."""
    words, agent = request.GET.get("q", "").strip(), seeker(request)
    context = {
        "words": words,
        "found": account.find_contacts(agent, words, limit=30),
        "organisations": account.find_organisations(agent, words),
        "waiting": [] if words else account.owed_next(agent),
    }
    return render(request, "console/account/find.html", context)


@needs("contact.view")
@require_safe
def contact(request: HttpRequest, key: str) -> HttpResponse:
    whose = account.access_contact(seeker(request), key)
    return _page(request, whose, account.of_contact(seeker(request), whose, now=timezone.now()))


@needs("contact.view")
@require_safe
def organisation(request: HttpRequest, key: str) -> HttpResponse:
    whose = account.access_organisation(seeker(request), key)
    people = list(account.contacts_of(seeker(request), whose)[:100])
    page = account.of_organisation(seeker(request), whose, now=timezone.now())
    return _page(request, whose, page, people=people)


@needs("contact.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    whose = account.access_contact(seeker(request), key)
    form = ContactForm(request.POST or None, instance=whose)
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        verbs.change_contact(whose, changed, by=actor(request), at=timezone.now())
        return went(request, reverse("console:contact", args=[key]), _("Saved."))
    status = 422 if form.errors else 200
    return render(request, "console/account/edit.html", {"contact": whose, "form": form}, status=status)


@needs("contact.note")
@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    whose = account.access_contact(seeker(request), key)
    account.write_note(whose, request.POST.get("text", ""), by=actor(request), at=timezone.now())
    return redirect("console:contact", key=key)


@needs("contact.note")
@require_POST
def organisation_note(request: HttpRequest, key: str) -> HttpResponse:
    whose = account.access_organisation(seeker(request), key)
    account.write_note(whose, request.POST.get("text", ""), by=actor(request), at=timezone.now())
    return redirect("console:organisation", key=key)


@needs("contact.edit")
@require_POST
def organisation_plan(request: HttpRequest, key: str) -> HttpResponse:
    """Which plan or tier an organisation has; policies of compensation may ask for it."""
    whose = account.access_organisation(seeker(request), key)
    verbs.set_plan(whose, request.POST.get("plan", ""), by=actor(request), at=timezone.now())
    return went(request, reverse("console:organisation", args=[key]), _("Saved."))


@needs("contact.revoke_links")
@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Make every secret link of this person useless."""
    whose = account.access_contact(seeker(request), key)
    count = verbs.revoke_links_of(whose, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    words = ngettext("%(n)s link revoked.", "%(n)s links revoked.", count) % {"n": count}
    return went(request, reverse("console:contact", args=[key]), words)


def _page(request: HttpRequest, whose: Any, page: account.Account, **more: Any) -> HttpResponse:
    agent = seeker(request)
    context = {
        "whose": whose,
        "page": page,
        "faults": problems.seen_of(agent, [one.report.pk for one in page.open_errors]),
        "may_edit": agent.may("contact.edit"),
        "may_note": agent.may("contact.note"),
        "may_revoke": agent.may("contact.revoke_links"),
        **more,
    }
    return render(request, "console/account/page.html", context)
