"""Business hours: several blocks a day, holidays by hand or by country, a time zone. Each edit counts from now on."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.login_forms import check_zone
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.promises import policies, queries
from makegood.life.promises.models import Calendar, CalendarVersion
from makegood.life.reports.access import NotFound

_BLOCK = re.compile(r"^(\d{1,2}):?(\d{2})?\s*[-–]\s*(\d{1,2}):?(\d{2})?$")
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})\s*(.*)$")


class HoursForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Such as Europe/Berlin."),
        max_length=64,
        validators=[check_zone],
    )
    holidays = forms.CharField(
        label=gettext_lazy("Holidays"),
        help_text=gettext_lazy("One a line: the day, then its name. Such as 2026-12-25 Christmas Day."),
        widget=forms.Textarea({"rows": 10}),
        required=False,
    )
    country = forms.CharField(
        label=gettext_lazy("Add the public holidays of"),
        help_text=gettext_lazy("A country such as DE, or a part of it such as DE-BY. This year and the next two."),
        max_length=9,
        required=False,
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("Count in these hours where nothing else is said"), required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for day, name in WEEKDAYS.items():
            self.fields[f"day_{day}"] = forms.CharField(
                label=name, max_length=100, required=False, widget=forms.TextInput({"placeholder": ""})
            )
        self.order_fields(["name", "time_zone", *(f"day_{day}" for day in WEEKDAYS)])
        self.fields["day_0"].help_text = _("Such as 8:00-12:00, 13:00-18:00. Empty: closed.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for day in WEEKDAYS:
            try:
                cleaned[f"day_{day}"] = _blocks(str(cleaned.get(f"day_{day}", "")))
            except ValidationError as error:
                self.add_error(f"day_{day}", error)
        return cleaned

    def clean_holidays(self) -> dict[str, str]:
        return dict(_holiday(line.strip()) for line in self.cleaned_data["holidays"].splitlines() if line.strip())

    def hours(self, now: datetime) -> policies.Hours:
        """What the verb takes, with the holidays of the country added. Raises BadHours."""
        given = self.cleaned_data
        days = dict(given["holidays"])
        if given["country"]:
            country, _dash, part = given["country"].upper().strip().partition("-")
            years = range(now.year, now.year + 3)
            days = {**policies.public_holidays(country, part, years, get_language() or "en"), **days}
        blocks = {str(day): given[f"day_{day}"] for day in WEEKDAYS}
        return policies.Hours(given["time_zone"], blocks, days)


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = [(each, _week(queries.hours_in_force(each.pk, now))) for each in Calendar.objects.order_by("name")]
    context = {"calendars": found, "may_change": signed_in(request).may("setup.promises")}
    return render(request, "console/setup/calendars.html", context)


@needs("setup.view", post="setup.promises")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The hours of one calendar; without a short name a new one."""
    now = timezone.now()
    calendar = Calendar.objects.filter(slug=slug).first()
    if slug and calendar is None:
        raise NotFound(slug)
    form = HoursForm(request.POST if request.method == "POST" else None, initial=_initial(calendar, now))
    if request.method == "POST" and form.is_valid() and _save(form, calendar, signed_in(request), now):
        messages.success(request, _("Saved. Clocks count in these hours from now on."))
        return redirect("console:setup_calendars")
    past = calendar.versions.order_by("-valid_from", "-pk")[:10] if calendar else []
    context = {
        "form": form,
        "calendar": calendar,
        "past": [(version, _week(version)) for version in past],
        "may_change": signed_in(request).may("setup.promises"),
    }
    return render(request, "console/setup/calendar.html", context, status=422 if form.errors else 200)


def _save(form: HoursForm, calendar: Calendar | None, agent: Agent, now: datetime) -> bool:
    by: dict[str, Any] = {"by": agent.actor, "at": now}
    try:
        hours = form.hours(now)
    except Refusal as refusal:
        form.add_error("country", str(refusal))
        return False
    try:
        with transaction.atomic():
            if calendar is None:
                slug = re.sub(r"[^a-z0-9]+", "-", form.cleaned_data["name"].lower()).strip("-")[:40] or "hours"
                calendar = policies.add_calendar(slug, form.cleaned_data["name"], hours=hours, **by)
            else:
                policies.set_hours(calendar, hours, **by)
            if form.cleaned_data["is_default"] and not calendar.is_default:
                policies.make_default(calendar, **by)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _initial(calendar: Calendar | None, now: datetime) -> dict[str, Any]:
    if calendar is None:
        return {"time_zone": str(timezone.get_current_timezone())}
    version = queries.hours_in_force(calendar.pk, now)
    days = {f"day_{day}": _in_words(version.blocks.get(str(day), [])) for day in WEEKDAYS}
    listed = "\n".join(f"{day} {name}" for day, name in sorted(version.holidays.items()))
    facts = {"name": calendar.name, "time_zone": version.time_zone, "is_default": calendar.is_default}
    return {**facts, **days, "holidays": listed}


def _week(version: CalendarVersion) -> list[tuple[Any, str]]:
    return [(name, _in_words(version.blocks.get(str(day), [])) or _("closed")) for day, name in WEEKDAYS.items()]


def _in_words(blocks: list[list[str]]) -> str:
    return ", ".join(f"{opens}-{closes}" for opens, closes in blocks)


def _blocks(text: str) -> list[list[str]]:
    """The opening hours of a day. Raises ValidationError, so that it stands at that day and not above all seven."""
    found = [_block(part.strip()) for part in text.split(",") if part.strip()]
    moments = [moment for block in found for moment in block]
    if moments != sorted(moments) or any(opens == closes for opens, closes in found) or moments[-1:] > ["24:00"]:
        raise ValidationError(
            _("“%(text)s” is not in order: each part ends after it begins, and before the next one begins.")
            % {"text": text}
        )
    return found


def _block(text: str) -> list[str]:
    found = _BLOCK.match(text)
    if not found or any(int(part or 0) > 59 for part in found.group(2, 4)) or int(found[1]) > 23 or int(found[3]) > 24:
        raise ValidationError(_("“%(text)s” should look like 8:00-12:00.") % {"text": text})
    return [f"{int(found[1]):02}:{found[2] or '00'}", f"{int(found[3]):02}:{found[4] or '00'}"]


def _holiday(line: str) -> tuple[str, str]:
    found = _DAY.match(line)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        raise ValidationError(_("“%(line)s” should begin with a day such as 2026-12-25.") % {"line": line})
    return day.isoformat(), found[2].strip()
