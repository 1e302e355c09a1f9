"""The forms of API tokens and services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from makegood.life.people.models import Agent, Team
from makegood.life.people.tokens import SCOPES
from makegood.life.reports.tokens import SERVICE_ROLES

ENDS = [
    ("30", gettext_lazy("in 30 days")),
    ("90", gettext_lazy("in 90 days")),
    ("365", gettext_lazy("in a year")),
    ("never", gettext_lazy("never, until it is revoked")),
]
GRACES = [
    ("1", gettext_lazy("another day")),
    ("7", gettext_lazy("another week")),
    ("0", gettext_lazy("no longer: it may have leaked")),
]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What uses it, such as “nightly export”.")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[(scope, capfirst(says)) for scope, says in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("As little as it needs. It can never do more than its owner may."),
        error_messages={"required": gettext_lazy("Choose at least one thing.")},
    )
    ends = forms.ChoiceField(label=gettext_lazy("It ends"), choices=ENDS, initial="90", widget=forms.RadioSelect)
    origins = forms.CharField(
        label=gettext_lazy("Web pages that may use it"),
        help_text=gettext_lazy("One origin a line, such as https://app.example.org. Empty: none, only programs."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        required=False,
    )

    def terms(self, *, now: datetime) -> dict[str, Any]:
        """What ``tokens.make`` takes."""
        days = self.cleaned_data["ends"]
        return {
            "scopes": self.cleaned_data["scopes"],
            "origins": self.cleaned_data["origins"].split(),
            "expires_at": now + timedelta(days=int(days)) if days != "never" else None,
        }


class RotateForm(forms.Form):
    grace = forms.ChoiceField(
        label=gettext_lazy("The present secret is good for"), choices=GRACES, widget=forms.RadioSelect, initial="1"
    )


class ServiceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("It stands in the history of all it does.")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Works as"),
        choices=[(role, name) for role, name in Agent.ROLES if role in SERVICE_ROLES],
        widget=forms.RadioSelect,
    )
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teams"),
        queryset=Team.objects.filter(is_active=True).order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("May work"),
        help_text=gettext_lazy("Off: all its tokens are dead at once."),
        required=False,
        initial=True,
    )
