"""One's own keys: every single-key command can be given another letter (WCAG 2.1.4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.ui import keymap
from makegood.life.reports import staff

# The other keys are chords and sequences, which never get in the way of speech input or a slip of the hand.
CHANGEABLE = tuple(command for command in keymap.COMMANDS if len(command.keys[0]) == 1)


class MyKeys(forms.Form):
    """A field for each command with a key of its own; empty means the usual key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for command in CHANGEABLE:
            attributes = {"maxlength": 1, "size": 2, "autocapitalize": "off", "autocomplete": "off"}
            self.fields[command.name] = forms.CharField(
                label=str(command.label),
                max_length=1,
                required=False,
                widget=forms.TextInput(attributes),
                error_messages={"max_length": _("Enter a single key.")},
            )

    def clean(self) -> dict[str, Any]:
        """No two commands on one key, and nothing that only half exists on a keyboard."""
        taken: dict[str, str] = {}
        for command in CHANGEABLE:
            key = (self.cleaned_data.get(command.name) or command.keys[0]).lower()
            if not key.isprintable():
                self.add_error(command.name, _("Enter a letter, a digit or a sign."))
            elif key in taken:
                self.add_error(
                    command.name, _("“%(key)s” is taken by “%(other)s”.") % {"key": key, "other": taken[key]}
                )
            elif key == "g":
                self.add_error(command.name, _("“g” begins the keys that go somewhere."))
            taken.setdefault(key, str(command.label))
        return self.cleaned_data

    def own(self) -> dict[str, str]:
        """Command → key, only where it differs from the usual one."""
        given = {command: (self.cleaned_data.get(command.name) or "").lower() for command in CHANGEABLE}
        return {command.name: key for command, key in given.items() if key and key != command.keys[0]}


@needs("console.use")
@require_http_methods(["GET", "POST"])
def my_keys(request: HttpRequest) -> HttpResponse:
    agent = signed_in(request)
    form = MyKeys(request.POST if request.method == "POST" else None, initial=_present(agent.preferences))
    if request.method == "POST" and form.is_valid():
        staff.prefer(agent, keymap=form.own())
        messages.success(request, _("Saved."))
        return redirect("console:my_keys")
    context = {"form": form, "page_here": "me"}
    return render(request, "console/login/keys.html", context, status=422 if form.errors else 200)


def _present(preferences: dict[str, Any]) -> dict[str, str]:
    return {**{command.name: command.keys[0] for command in CHANGEABLE}, **preferences.get("keymap", {})}
