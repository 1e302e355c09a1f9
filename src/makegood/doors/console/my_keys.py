"""One's own keys: every command can be given others (WCAG 2.1.4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.ui import keymap
from makegood.life.reports import staff

LONGEST = 20
UNREADABLE = gettext_lazy(
    "Enter a key (q), two keys with a space between (g t), or keys held together (Shift+A, Ctrl+Enter)."
)


class MyKeys(forms.Form):
    """A field for each command; empty means the usual keys."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for command in keymap.COMMANDS:
            attributes = {"size": 8, "autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}
            self.fields[command.name] = forms.CharField(
                label=str(command.label),
                max_length=LONGEST,
                required=False,
                widget=forms.TextInput(attributes),
                error_messages={"max_length": UNREADABLE},
            )

    def clean(self) -> dict[str, Any]:
        """No two commands on the same keys, and no key alone that begins a sequence."""
        taken = {keys: str(command.label) for command in keymap.COMMANDS for keys in command.keys[1:]}
        begins = set[str]()
        for command, keys in self._chosen().items():
            if not keys:
                self.add_error(command.name, str(UNREADABLE))
            elif keys in taken:
                words = _("“%(key)s” is taken by “%(other)s”.")
                self.add_error(command.name, words % {"key": keymap.written(keys), "other": taken[keys]})
            taken.setdefault(keys, str(command.label))
            begins |= {keys[0]} if " " in keys else set()
        for command, keys in self._chosen().items():
            if keys in begins:
                words = _("“%(key)s” begins other keys, such as “%(other)s”.")
                other = next(one for one in taken if one.startswith(f"{keys} "))
                self.add_error(command.name, words % {"key": keys, "other": other})
        return self.cleaned_data

    def _chosen(self) -> dict[keymap.Command, str]:
        """Command → its keys after this form; "" where what was typed cannot be read."""
        typed = {command: (self.cleaned_data.get(command.name) or "").strip() for command in keymap.COMMANDS}
        return {command: keymap.read(words) if words else command.keys[0] for command, words in typed.items()}

    def own(self) -> dict[str, str]:
        """Command → keys, only where they differ from the usual ones."""
        return {command.name: keys for command, keys in self._chosen().items() if keys != command.keys[0]}


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
    own = preferences.get("keymap", {})
    return {command.name: keymap.written(own.get(command.name, command.keys[0])) for command in keymap.COMMANDS}
