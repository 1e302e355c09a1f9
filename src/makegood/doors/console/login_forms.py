"""The forms of signing in and of one's own settings. Password managers find what they look for; pasting works."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.life.people.directory import canonical_email
from makegood.life.people.models import Agent


class SignIn(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "autofocus": True, "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an address like name@example.org."),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def clean_email(self) -> str:
        return canonical_email(self.cleaned_data["email"])


def _new_password(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a password.")},
    )


HINT = _("At least 10 characters. A few words you can remember are better than a riddle.")


class Welcome(forms.Form):
    password = _new_password(_("Your new password"), HINT)


class FirstAdmin(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an address like name@example.org."),
        },
    )
    password = _new_password(_("A password"), HINT)


class NewPassword(forms.Form):
    prefix = "password"

    present = forms.CharField(
        label=_("Your present password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your present password.")},
    )
    new = _new_password(_("Your new password"), HINT)


@lru_cache
def zones() -> tuple[str, ...]:
    return tuple(
        sorted(
            name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
        )
    )


def zone_choices() -> list[tuple[str, Any]]:
    desk = settings.DESK_TIME_ZONE
    return [("", _("As the desk (%(zone)s)") % {"zone": desk}), *((name, name.replace("_", " ")) for name in zones())]


def check_zone(name: str) -> None:
    if name and name not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list."))


class MySettings(forms.Form):
    FACTS = ("name", "phone", "language", "time_zone")

    name = forms.CharField(label=_("Name"), help_text=_("Reporters read it below our answers."), max_length=200)
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("For colleagues and for paging; reporters never see it."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=zone_choices)
    theme = forms.ChoiceField(
        label=_("Colours"), choices=[("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]
    )
    density = forms.ChoiceField(label=_("Rows"), choices=[("compact", _("Compact")), ("comfortable", _("Comfortable"))])
    keys = forms.ChoiceField(
        label=_("Single keys"),
        help_text=_("Off: only keys with Ctrl or Cmd, and everything by mouse, Tab and the palette."),
        choices=[("on", _("On")), ("off", _("Off"))],
    )

    @classmethod
    def values_of(cls, agent: Agent, cookies: Mapping[str, str]) -> dict[str, Any]:
        return {
            **{name: getattr(agent, name) for name in cls.FACTS},
            "keys": agent.preferences.get("keys", "on"),
            "theme": cookies.get("mg_theme", "system"),
            "density": cookies.get("mg_density", "compact"),
        }

    def facts(self) -> dict[str, Any]:
        """What others see or mails need; the rest is a matter of taste."""
        return {name: self.cleaned_data[name] for name in self.FACTS}
