"""The forms of compensation policies, and of the limits, caps and budget of a currency."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.doors.console.compensation import typed
from makegood.doors.console.setup.policies import minutes, span
from makegood.lib.money import Money, is_code
from makegood.life.compensation import explain, policies, rules
from makegood.life.compensation.models import KINDS, Policy
from makegood.life.people.models import Agent
from makegood.life.reports.models import Report

LANGUAGES = settings.LANGUAGES
_SHARE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?")
_MOST_MINUTES = 5_000_000
_MOST_DAYS = 3660


class PolicyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("What is given"), choices=KINDS)
    trigger = forms.ChoiceField(label=gettext_lazy("When"), choices=Policy.TRIGGERS)
    severities = forms.MultipleChoiceField(
        label=gettext_lazy("How bad"),
        choices=Report.SEVERITIES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Choose none for any."),
    )
    from_minutes = forms.CharField(
        label=gettext_lazy("Out for at least"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Such as 4 h or 2 d; empty for any time."),
    )
    below_minutes = forms.CharField(
        label=gettext_lazy("And for less than"), max_length=40, required=False, help_text=gettext_lazy("Such as 2 d.")
    )
    plan = forms.CharField(
        label=gettext_lazy("Only for the plan"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("As it stands with the customer or their organisation; empty for everybody."),
    )
    tier = forms.IntegerField(
        label=gettext_lazy("Tier"),
        min_value=1,
        max_value=9,
        initial=1,
        help_text=gettext_lazy("1 for a first failure; 2 for whom the same cause fails a second time, in place of 1."),
    )
    form = forms.ChoiceField(label=gettext_lazy("How much"), choices=Policy.FORMS)
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("Three letters, such as EUR. Not for an apology or doing it again."),
    )
    rate_minor = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Once, or for each started hour or day. For longer service: what a day is worth."),
    )
    basis_points = forms.CharField(
        label=gettext_lazy("Share in percent"),
        max_length=6,
        required=False,
        help_text=gettext_lazy("Of an amount that a colleague states: 10 or 12.5."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days longer"),
        min_value=0,
        max_value=_MOST_DAYS,
        required=False,
        help_text=gettext_lazy("For longer service only: days once, or for each started day it was out."),
    )
    least_minor = forms.CharField(label=gettext_lazy("At least"), max_length=24, required=False)
    most_minor = forms.CharField(label=gettext_lazy("At most"), max_length=24, required=False)
    is_automatic = forms.BooleanField(
        label=gettext_lazy("Give it without asking anybody"),
        required=False,
        help_text=gettext_lazy("An entitlement: approved by itself, within caps and budget. It needs a most."),
    )
    offer_days = forms.IntegerField(
        label=gettext_lazy("The offer stands for days"), min_value=1, max_value=_MOST_DAYS, initial=30
    )
    code_days = forms.IntegerField(
        label=gettext_lazy("It can be redeemed for days"), min_value=1, max_value=_MOST_DAYS, initial=365
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place among those that fit equally well"), min_value=0, max_value=9999, initial=100
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        help_text=gettext_lazy("For whoever wonders in a year."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            self.fields[f"terms_{code}"] = forms.CharField(
                label=_("Terms the customer reads, %s") % _(name),
                widget=forms.Textarea({"rows": 3}),
                max_length=2000,
                required=False,
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any]:
        """Times in minutes, amounts in minor units of the currency, the share in hundredths of a percent."""
        given = self.cleaned_data
        given["currency"] = given.get("currency", "").strip().upper()
        readers = (
            ("from_minutes", lambda text: _minutes(text) or 0),
            ("below_minutes", _minutes),
            ("rate_minor", lambda text: _minor(text, given["currency"]) or 0),
            ("least_minor", lambda text: _minor(text, given["currency"])),
            ("most_minor", lambda text: _minor(text, given["currency"])),
            ("basis_points", _share),
        )
        for name, read in readers:
            if name in given:
                try:
                    given[name] = read(given[name].strip())
                except ValidationError as slip:
                    self.add_error(name, slip)
        return given

    def facts(self) -> dict[str, Any]:
        """What ``policies.set_policy`` takes."""
        given = dict(self.cleaned_data)
        given.pop("reason")
        terms = {code: given.pop(f"terms_{code}").strip() for code, _name in LANGUAGES}
        given["days"] = given["days"] or 0
        return {**given, "terms": {code: words for code, words in terms.items() if words}}

    @staticmethod
    def of(policy: Policy) -> dict[str, Any]:
        names = ("name", "kind", "trigger", "severities", "plan", "tier", "form", "currency", "days", "is_automatic")
        shown = {name: getattr(policy, name) for name in (*names, "offer_days", "code_days", "position", "is_active")}
        for name in ("rate_minor", "least_minor", "most_minor"):
            value = getattr(policy, name)
            shown[name] = Money(value, policy.currency).plain() if policy.currency and value is not None else ""
        shown["basis_points"] = explain.percent(policy.basis_points) if policy.basis_points else ""
        shown["from_minutes"] = span(policy.from_minutes) if policy.from_minutes else ""
        shown["below_minutes"] = span(policy.below_minutes) if policy.below_minutes is not None else ""
        return {**shown, **{f"terms_{code}": policy.terms.get(code, "") for code, _name in LANGUAGES}}

    def slug(self) -> str:
        """A short name for a new policy, from its name; one that is free."""
        base = slugify(self.cleaned_data["name"])[:50].strip("-") or "policy"
        taken = set(Policy.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(
            name for number in range(1, 10_000) if (name := base if number == 1 else f"{base}-{number}") not in taken
        )


class RulesForm(forms.Form):
    """Of one currency: what each role may, what one customer gets, what a month holds."""

    rolling_days = forms.IntegerField(
        label=gettext_lazy("One person's approvals are added up over days"), min_value=1, max_value=_MOST_DAYS
    )
    customer_most = forms.CharField(
        label=gettext_lazy("One customer gets at most"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Empty: no bound."),
    )
    customer_count = forms.IntegerField(
        label=gettext_lazy("And at most so many times"), min_value=0, max_value=1000, required=False
    )
    customer_days = forms.IntegerField(label=gettext_lazy("Within how many days"), min_value=1, max_value=_MOST_DAYS)
    budget = forms.CharField(
        label=gettext_lazy("Budget of a month"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Empty: none. At the end of it only an admin lets something go, with a reason."),
    )
    alarm_percent = forms.IntegerField(
        label=gettext_lazy("Say so when this much is used"),
        help_text=gettext_lazy("In percent."),
        min_value=1,
        max_value=100,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        help_text=gettext_lazy("For whoever wonders in a year."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        names = dict(Agent.ROLES)
        for role in rules.ROLES:
            words = {"role": names[role]}
            self.fields[f"{role}_alone"] = forms.CharField(
                label=_("%(role)s: decides alone up to") % words, max_length=24
            )
            self.fields[f"{role}_approve"] = forms.CharField(
                label=_("%(role)s: approves what others propose up to") % words,
                max_length=24,
                required=False,
                help_text=_("Empty: any amount."),
            )
            self.fields[f"{role}_rolling"] = forms.CharField(
                label=_("%(role)s: approves in all within the days below up to") % words,
                max_length=24,
                required=False,
                help_text=_("Empty: no bound."),
            )
        first = [f"{role}_{what}" for role in rules.ROLES for what in ("alone", "approve", "rolling")]
        self.order_fields([*first, *(name for name in self.fields if name not in first)])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        amounts = ["customer_most", "budget"]
        amounts += [f"{role}_{what}" for role in rules.ROLES for what in ("alone", "approve", "rolling")]
        for name in amounts:
            if name in given:
                try:
                    given[name] = _minor(given[name].strip(), self.currency)
                except ValidationError as slip:
                    self.add_error(name, slip)
        return given

    def wanted(self) -> rules.Rules:
        given = self.cleaned_data
        limits = {
            role: rules.Limit(given[f"{role}_alone"] or 0, given[f"{role}_approve"], given[f"{role}_rolling"])
            for role in rules.ROLES
        }
        names = ("rolling_days", "customer_days", "customer_most", "customer_count", "budget", "alarm_percent")
        return rules.Rules(limits=limits, **{name: given[name] for name in names})

    @staticmethod
    def of(found: rules.Rules, currency: str) -> dict[str, Any]:
        def plain(minor: int | None) -> str:
            return "" if minor is None else Money(minor, currency).plain()

        shown: dict[str, Any] = {}
        for role in rules.ROLES:
            limit = found.limit(role)
            shown |= {f"{role}_alone": plain(limit.alone), f"{role}_approve": plain(limit.approve)}
            shown[f"{role}_rolling"] = plain(limit.rolling)
        numbers = ("rolling_days", "customer_days", "customer_count", "alarm_percent")
        shown |= {name: getattr(found, name) for name in numbers}
        return {**shown, "customer_most": plain(found.customer_most), "budget": plain(found.budget)}


class CurrencyForm(forms.Form):
    currency = forms.CharField(
        label=gettext_lazy("Currency"), max_length=3, help_text=gettext_lazy("Three letters, such as EUR.")
    )

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].strip().upper()
        if not is_code(code):
            raise ValidationError(_("There is no currency “%s”. Write three letters, such as EUR.") % code)
        return code


def field_of(refusal: policies.BadPolicy | policies.BadRules, form: forms.Form) -> str | None:
    """The field of ``form`` that a refusal is about; None for the form as a whole."""
    name = refusal.field.replace(".", "_")
    return name if name in form.fields else None


def _minutes(text: str) -> int | None:
    if not text:
        return None
    found = minutes(text)
    if found > _MOST_MINUTES:
        raise ValidationError(_("Write a time such as 30 min, 4 h or 2 d."))
    return found


def _minor(text: str, currency: str) -> int | None:
    if not text:
        return None
    if not is_code(currency):
        raise ValidationError(_("Name the currency first."))
    try:
        found = typed.amount(text, currency)
    except typed.NotAnAmount as no:
        raise ValidationError(str(no)) from no
    return found.minor if found else None


def _share(text: str) -> int:
    if not text:
        return 0
    found = _SHARE.fullmatch(text.removesuffix("%").strip())
    if not found:
        raise ValidationError(_("Write a share such as 10 or 12.5."))
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
