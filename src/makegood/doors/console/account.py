"""The account (E2): who somebody is to us, what is open, what was promised and kept, what to remember."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console import organisations
from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.lib.errors import Refusal
from makegood.life.escalation import account
from makegood.life.people import reaching
from makegood.life.people.actors import Actor
from makegood.life.people.models import Contact, Organisation
from makegood.life.problems import queries as problems
from makegood.life.reports import accounts as verbs
from makegood.life.reports.models import LedgerEntry


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the desk may put right about a person, and which organisation they belong to."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        help_text=gettext_lazy("Empty if they belong to none. Their open reports go along."),
        max_length=verbs.LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"list": "organisations", "autocomplete": "off"}),
    )
    is_new = forms.BooleanField(
        label=gettext_lazy("Add the organisation if there is none of this name"), required=False
    )

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

    def clean(self) -> dict[str, Any]:
        """The organisation by its name."""
        told: dict[str, Any] = super().clean() or {}
        name = " ".join(told.get("organisation", "").split())
        self.found = Organisation.objects.filter(name__iexact=name).first() if name else None
        if name and self.found is None and not told.get("is_new"):
            self.add_error(
                "organisation", _("There is no organisation of this name. Choose one, or tick the box below.")
            )
        return told

    def clean_phone(self) -> str:
        """By the rule of every door; what was taken before it need not be put right to change something else."""
        number: str = self.cleaned_data["phone"]
        if "phone" in self.changed_data:
            try:
                reaching.check_phone(number)
            except reaching.BadPhone as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return number

    def changed(self) -> dict[str, Any]:
        """The facts that are others now; without the organisation, which may have to be made."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name not in ("organisation", "is_new")}


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
        "may_edit": agent.may("contact.edit"),
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
    return _page(request, whose, page, people=people, key_since=_marked(whose))


@needs("contact.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    whose = account.access_contact(seeker(request), key)
    known = whose.organisation.name if whose.organisation else ""
    form = ContactForm(request.POST or None, instance=whose, initial={"organisation": known})
    if request.method == "POST" and form.is_valid():
        entry = _put_right(form, whose, by=actor(request), at=timezone.now())
        to = reverse("console:contact", args=[key])
        return went(request, to, _("Saved."), undo=organisations.undo_of(entry))
    context = {"contact": whose, "form": form, "organisations": organisations.names()}
    return render(request, "console/account/edit.html", context, status=422 if form.errors else 200)


def _put_right(form: ContactForm, whose: Contact, *, by: Actor, at: datetime) -> LedgerEntry | None:
    changed = form.changed()
    with transaction.atomic():
        if "organisation" in form.changed_data:
            name = form.cleaned_data["organisation"]
            is_new = bool(name.strip()) and form.found is None
            changed["organisation"] = verbs.add_organisation(name, by=by, at=at) if is_new else form.found
        return verbs.change_contact(whose, changed, by=by, at=at)


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


@needs("contact.note")
@require_http_methods(["GET", "HEAD", "POST"])
def remove_note(request: HttpRequest, pk: int) -> HttpResponse:
    """The remark shown once more, and why it goes."""
    found, wrong = account.access_note(seeker(request), pk), dict[str, str]()
    whose: Any = found.contact or found.organisation
    back = reverse(f"console:{'contact' if found.contact else 'organisation'}", args=[whose.key])
    if request.method == "POST":
        try:
            account.remove_note(found, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
            return went(request, back, _("The note is gone."))
        except Refusal as refusal:
            wrong = slip(refusal, {}, "note-reason")
    context = {"note": found, "whose": whose, "back": back, **wrong}
    return render(request, "console/account/remove_note.html", context, status=422 if wrong else 200)


@needs("contact.revoke_links")
@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Make every secret link of this person useless."""
    whose = account.access_contact(seeker(request), key)
    count = verbs.revoke_links_of(whose, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    words = ngettext("%(n)s link revoked.", "%(n)s links revoked.", count) % {"n": count}
    return went(request, reverse("console:contact", args=[key]), words)


def _marked(organisation: Organisation) -> LedgerEntry | None:
    """Who made it a key account, or no longer, last."""
    said = LedgerEntry.objects.filter(kind="account.key_changed", data__organisation=organisation.pk)
    return said.order_by("-at").first()


def _page(request: HttpRequest, whose: Any, page: account.Account, **more: Any) -> HttpResponse:
    agent = seeker(request)
    context = {
        "whose": whose,
        "page": page,
        "faults": problems.seen_of(agent, [one.report.pk for one in page.open_errors]),
        "may_edit": agent.may("contact.edit"),
        "may_note": agent.may("contact.note"),
        "may_revoke": agent.may("contact.revoke_links"),
        "may_mark": agent.may("contact.mark_key"),
        **more,
    }
    return render(request, "console/account/page.html", context)
