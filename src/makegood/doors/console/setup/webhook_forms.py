"""The forms of webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.life.hooks import endpoints
from makegood.life.hooks.models import Endpoint

GROUPS = (
    ("report.*", _("Reports: received, moved, assigned, solved, closed")),
    ("message.*", _("Messages: said or taken back")),
    ("note.*", _("Internal notes")),
    ("promise.*", _("Promises: made, kept, at risk, broken")),
    ("escalation.*", _("Escalations: made, accepted, answered")),
    ("feedback.*", _("Feedback of reporters")),
    ("recovery.*", _("Calls to unhappy reporters")),
    ("compensation.*", _("Compensation: proposed, approved, issued, redeemed, taken back; budgets")),
    ("attachment.*", _("Files: attached or taken away")),
    ("mail.*", _("Mails: sent or failed")),
)
_GROUPS = {name for name, _words in GROUPS}


class EndpointForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    url = forms.CharField(label=_("Address"), max_length=500, help_text=_("Where we POST to. It begins with https://"))
    groups = forms.MultipleChoiceField(
        label=_("What it is told"),
        choices=GROUPS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Choose nothing, and it is told everything."),
    )
    more = forms.CharField(
        label=_("Single kinds besides"),
        max_length=2000,
        required=False,
        help_text=_("As in the audit, separated by commas: report.closed, hook.switched_off"),
    )
    include_words = forms.BooleanField(
        label=_("Tell people's words too"),
        required=False,
        help_text=_("Titles, messages, reasons, names of reporters. Without it: numbers, states and times only."),
    )

    def facts(self) -> dict[str, Any]:
        """What the verbs of endpoints take."""
        given = self.cleaned_data
        kinds = [*given["groups"], *(part for part in given["more"].replace("\n", ",").split(",") if part.strip())]
        return {**{name: given[name] for name in ("name", "url", "include_words")}, "kinds": kinds}

    @staticmethod
    def of(endpoint: Endpoint) -> dict[str, Any]:
        return {
            **{name: getattr(endpoint, name) for name in ("name", "url", "include_words")},
            "groups": [kind for kind in endpoint.kinds if kind in _GROUPS],
            "more": ", ".join(kind for kind in endpoint.kinds if kind not in _GROUPS),
        }

    def clean_more(self) -> str:
        words: str = self.cleaned_data["more"]
        try:
            endpoints.checked_kinds(words.replace("\n", ",").split(","))
        except endpoints.BadEndpoint as bad:
            raise forms.ValidationError(str(bad)) from bad
        return words


class ReplayForm(forms.Form):
    since = forms.DateTimeField(
        label=_("Since"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    also_sent = forms.BooleanField(
        label=_("Also what it has taken already"),
        required=False,
        help_text=_("For a receiver that lost what it had. Each keeps its id, so repeats can be told."),
    )
