"""Trackers: projects of other systems in which issues stand for our problems."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import history_lines
from makegood.life.fixes import trackers
from makegood.life.fixes.models import Tracker
from makegood.life.reports import setup
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry

_KINDS = (*setup.KINDS, "tracker.secret_made")


class TrackerForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("System"), choices=Tracker.KINDS)
    base_url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("https://api.github.com, https://gitlab.com or https://company.atlassian.net"),
    )
    project = forms.CharField(
        label=gettext_lazy("Project"),
        max_length=200,
        help_text=gettext_lazy("company/portal, or in Jira the key of the project."),
    )
    user = forms.CharField(
        label=gettext_lazy("User"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only for Jira Cloud: the address that belongs to the token."),
    )
    issue_type = forms.CharField(
        label=gettext_lazy("Type of issues"),
        max_length=100,
        required=False,
        initial="Bug",
        help_text=gettext_lazy("Only for Jira: as the project calls it, such as Bug, Task or Incident."),
    )
    token = forms.CharField(
        label=gettext_lazy("Token"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy("It is kept sealed and never shown again. Empty: the present one stays."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Use it"), required=False, initial=True)


@needs("setup.repositories")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    found = Tracker.objects.annotate(count=Count("issues")).order_by("name")
    rows = [{"tracker": one, "state": _state(one)} for one in found]
    return render(request, "console/trackers/list.html", {"rows": rows})


@needs("setup.repositories")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = TrackerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            trackers.add(by=signed_in(request).actor, at=timezone.now(), **form.cleaned_data)
        except trackers.BadTracker as bad:
            form.add_error(None, str(bad))
        else:
            messages.success(request, _("Added. Test whether signing in works."))
            return redirect("console:setup_trackers")
    return render(request, "console/trackers/edit.html", {"form": form}, status=422 if form.errors else 200)


@needs("setup.repositories")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    tracker = _tracker(key)
    initial = {name: getattr(tracker, name) for name in trackers.FACTS}
    form = TrackerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            trackers.change(tracker, by=signed_in(request).actor, at=timezone.now(), **form.cleaned_data)
        except trackers.BadTracker as bad:
            form.add_error(None, str(bad))
        else:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("console:setup_tracker", key=key)
    entries = LedgerEntry.objects.filter(kind__in=_KINDS, data__what=trackers.WHAT, data__id=tracker.pk).order_by("-pk")
    context: dict[str, Any] = {"form": form, "tracker": tracker, "history": history_lines(entries)}
    context["hook_url"] = trackers.hook_url(tracker)
    return render(request, "console/trackers/edit.html", context, status=422 if form.errors else 200)


@needs("setup.repositories")
@require_POST
def test(request: HttpRequest, key: str) -> HttpResponse:
    """Whether signing in works and the project is there."""
    if trouble := trackers.check(_tracker(key), at=timezone.now()):
        messages.error(request, trouble)
    else:
        messages.success(request, _("Signing in works, and the project is there."))
    return redirect("console:setup_tracker", key=key)


@needs("setup.repositories")
@require_POST
def rotate(request: HttpRequest, key: str) -> HttpResponse:
    """A new webhook secret, shown once; the old one opens no longer."""
    tracker = _tracker(key)
    secret = trackers.make_secret(tracker, by=signed_in(request).actor, at=timezone.now())
    context = {"tracker": tracker, "secret": secret, "hook_url": trackers.hook_url(tracker)}
    return render(request, "console/trackers/secret.html", context)


@needs("setup.repositories")
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    trackers.remove(_tracker(key), by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("Taken away. Its issues stay there."))
    return redirect("console:setup_trackers")


def _tracker(key: str) -> Tracker:
    found = Tracker.objects.filter(key=key).first()
    if found is None:
        raise NotFound(key)
    return found


def _state(tracker: Tracker) -> tuple[str, str]:
    """Its ring and a word for it."""
    if not tracker.is_active:
        return "paused", _("paused")
    if tracker.trouble:
        return "broken", _("fails")
    if tracker.refused_at and tracker.refused_at > (tracker.told_at or tracker.created_at):
        return "at_risk", _("shows a wrong secret")
    return ("kept", _("works")) if tracker.asked_at else ("running", _("not asked yet"))


urlpatterns = [
    path("", listing, name="setup_trackers"),
    path("add/", add, name="setup_tracker_add"),
    path("<slug:key>/", edit, name="setup_tracker"),
    path("<slug:key>/test/", test, name="setup_tracker_test"),
    path("<slug:key>/secret/", rotate, name="setup_tracker_secret"),
    path("<slug:key>/remove/", remove, name="setup_tracker_remove"),
]
