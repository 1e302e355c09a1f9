"""Scripts: the words for each moment, edited with a preview and checked placeholders; earlier wordings stay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.reports.access import NotFound
from makegood.life.updates import scripts
from makegood.life.updates.models import Script

LANGUAGES = dict(settings.LANGUAGES)
# What a preview puts in the place of each placeholder, in the language of the words: a person nobody knows.
SAMPLE = {
    "first_name": "Ana",
    "number": "MG-1042",
    "agent": "Dora",
    "status_link": "https://help.example/r/…",
    "article_link": "https://help.example/help/…",
    "alternative": gettext_lazy("Our desk can do the same for you by telephone."),
    "known_error": gettext_lazy("Others see this too, and we are at work on it."),
    "questions": gettext_lazy("1. When did it begin?\n2. What exactly does the message say?"),
    "solution": gettext_lazy("A link led to the wrong page. It leads to the right one again."),
    "to_do": gettext_lazy("Sign out once and in again."),
    "promised_time": gettext_lazy("Monday 16 November, 15:00 (CET)"),
    "missed_time": gettext_lazy("Monday 16 November, 14:00 (CET)"),
    "news": gettext_lazy("We have found the cause."),
    "made_good_with": gettext_lazy("a month free of charge"),
    "article": gettext_lazy("Open the page in a private window."),
}


class ScriptForm(forms.Form):
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"),
        help_text=gettext_lazy("If every script of a moment is off, nothing is sent at that moment by itself."),
        required=False,
    )

    def __init__(self, script: Script, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.script = script
        for code, name in LANGUAGES.items():
            language = {"language": _(name)}
            self.fields[f"titles_{code}"] = forms.CharField(
                label=_("What agents call it, %(language)s") % language, max_length=100
            )
            self.fields[f"subjects_{code}"] = forms.CharField(
                label=_("Subject of the mail, %(language)s") % language, max_length=200, required=False
            )
            self.fields[f"bodies_{code}"] = forms.CharField(
                label=_("The words, %(language)s") % language,
                max_length=10_000,
                widget=forms.Textarea({"rows": 12}),
            )
            for part in ("titles", "subjects", "bodies"):
                self.initial[f"{part}_{code}"] = getattr(script, part).get(code, "")
        self.initial["is_active"] = script.is_active

    def wording(self) -> dict[str, dict[str, str]]:
        parts = ("titles", "subjects", "bodies")
        return {part: {code: self._text(f"{part}_{code}") for code in LANGUAGES} for part in parts}

    def _text(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip()


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    may_add = signed_in(request).may("setup.scripts")
    found = [
        {"script": script, "title": script.title_in(language), "moment": scripts.MOMENTS.get(script.moment, "")}
        for script in Script.objects.order_by("position", "slug")
    ]
    return render(request, "console/setup/scripts.html", {"scripts": found, "may_add": may_add})


class NewScriptForm(ScriptForm):
    """``ScriptForm`` with the moment it is for, which stays as it is once chosen."""

    field_order = ("moment", "is_active")
    moment = forms.ChoiceField(
        label=gettext_lazy("Moment"),
        choices=[(name, words) for name, words in scripts.MOMENTS.items()],
        help_text=gettext_lazy("When agents are offered it. What is said by itself stays as it is."),
    )


@needs("setup.scripts")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A script of one's own. ``preview`` shows it without saving."""
    form = NewScriptForm(Script(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _checked(form) and "preview" not in request.POST:
        words: Any = {**form.wording(), "is_active": form.cleaned_data["is_active"]}
        scripts.add(form.cleaned_data["moment"], by=signed_in(request).actor, at=timezone.now(), **words)
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("console:setup_scripts")
    bodies = form.wording()["bodies"] if form.is_bound and form.is_valid() else {}
    context = _context(form, bodies) | {"title": _("Add a script"), "script": form.script, "may_change": True}
    return render(request, "console/setup/script.html", context, status=422 if form.errors else 200)


@needs("setup.view", post="setup.scripts")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, what it will read like, and the earlier wordings. ``preview`` shows without saving."""
    script = Script.objects.filter(slug=slug).first()
    if script is None:
        raise NotFound(slug)
    form = ScriptForm(script, request.POST if request.method == "POST" else None)
    wants_preview = "preview" in request.POST
    if request.method == "POST" and form.is_valid() and _checked(form) and not wants_preview:
        _save(form, script, signed_in(request))
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("console:setup_scripts")
    bodies = form.wording()["bodies"] if form.is_bound and form.is_valid() else script.bodies
    context = _context(form, bodies) | {
        "title": script.title_in(get_language() or "en"),
        "script": script,
        "versions": script.versions.all()[:10],
        "may_change": signed_in(request).may("setup.scripts"),
    }
    return render(request, "console/setup/script.html", context, status=422 if form.errors else 200)


def _context(form: ScriptForm, bodies: dict[str, str]) -> dict[str, Any]:
    shown = [(_(LANGUAGES[code]), preview(text, code)) for code, text in bodies.items() if text]
    return {"form": form, "preview": shown, "placeholders": scripts.PLACEHOLDERS.items()}


def preview(body: str, language: str) -> str:
    """The words with a sample in each place, so that one reads them as a reporter would."""
    with override(language):
        sample = {name: str(words) for name, words in SAMPLE.items()}
    return scripts.fill(body, {**sample, "desk": settings.DESK_NAME, "desk_phone": settings.DESK_PHONE})


def _checked(form: ScriptForm) -> bool:
    for code in LANGUAGES:
        words = form.wording()
        try:
            scripts.check_body(
                form.cleaned_data.get("moment", form.script.moment), words["bodies"][code], at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(f"bodies_{code}", str(refusal))
        try:
            scripts.check(words["subjects"][code], allowed=scripts.IN_SUBJECT)
        except Refusal as refusal:
            form.add_error(f"subjects_{code}", str(refusal))
    return not form.errors


def _save(form: ScriptForm, script: Script, by: Agent) -> None:
    words: Any = form.wording()
    scripts.edit(script, by=by.actor, at=timezone.now(), is_active=form.cleaned_data["is_active"], **words)
