"""Signing in and out, one-time links, one's own settings."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console import carried
from makegood.doors.console import login_forms as forms
from makegood.doors.console.gate import needs, open_to_all, safe_next, signed_in
from makegood.engine import limits
from makegood.lib.errors import Refusal
from makegood.lib.net import network_of
from makegood.life.people.models import Agent
from makegood.life.reports import staff


@open_to_all
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One answer, in one time, for a wrong password, an unknown address and a person who is switched off."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(safe_next(request))
    form = forms.SignIn(request.POST if request.method == "POST" else None)
    wait = 0.0
    if request.method == "POST" and form.is_valid():
        wait = _throttle(request, form.cleaned_data["email"])
        agent = None if wait else authenticate(request, **_credentials(form.cleaned_data))
        if agent is not None:
            start_session(request, agent)
            return _go_on(request, agent)
        form.add_error(None, _wait_words(wait) if wait else _("The address or the password is not right."))
    status = 429 if wait else 422 if form.errors else 200
    context = {"form": form, "next": safe_next(request), "carried": request.POST.get("carried", "")}
    return render(request, "console/login/sign_in.html", context, status=status)


def _go_on(request: HttpRequest, agent: Agent) -> HttpResponse:
    """To where they were going; what was typed when the session had run out is shown first, to be sent or left."""
    found = carried.opened(request.POST.get("carried", ""))
    if found is None:
        return redirect(safe_next(request))
    with translation.override(agent.language):
        return render(request, "console/login/go_on.html", {"carried": found})


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect(f"/console/login/?{urlencode({'out': 1})}")


@open_to_all
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """First admin, invitation, new password: looking changes nothing, the POST uses the link up."""
    now = timezone.now()
    try:
        link = staff.find_link(token, now=now)
    except staff.LinkSpent as spent:
        return render(request, "console/login/spent.html", {"refusal": str(spent)}, status=410)
    form = (
        forms.FirstAdmin(request.POST if request.method == "POST" else None)
        if link.agent is None
        else forms.Welcome(request.POST if request.method == "POST" else None)
    )
    if request.method == "POST" and form.is_valid():
        try:
            agent = staff.use_link(token, at=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("password" if isinstance(refusal, staff.WeakPassword) else None, str(refusal))
        else:
            start_session(request, agent)
            return redirect("console:home")
    context = {"form": form, "link": link, "token": token}
    status = 422 if form.errors else 200
    return render(request, "console/login/welcome.html", context, status=status)


@needs("console.use")
@require_http_methods(["GET", "POST"])
def my_settings(request: HttpRequest) -> HttpResponse:
    agent = signed_in(request)
    kept = forms.MySettings.values_of(agent, request.COOKIES)
    form = forms.MySettings(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        staff.change_person(agent, form.facts(), by=agent.actor, at=timezone.now())
        staff.prefer(agent, keys=form.cleaned_data["keys"] or "on")
        with translation.override(agent.language):
            messages.success(request, _("Saved."))
        return _keep_display(redirect("console:me"), form.cleaned_data)
    context = {"form": form, "password_form": forms.NewPassword(), "page_here": "me"}
    return render(request, "console/login/me.html", context, status=422 if form.errors else 200)


@needs("console.use")
@sensitive_post_parameters("present", "new")
@require_POST
def my_password(request: HttpRequest) -> HttpResponse:
    agent = signed_in(request)
    form = forms.NewPassword(request.POST)
    if form.is_valid():
        try:
            staff.change_password(agent, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("new" if isinstance(refusal, staff.WeakPassword) else "present", str(refusal))
        else:
            update_session_auth_hash(request, agent)
            messages.success(request, _("Your password is changed. Other devices have been signed out."))
            return redirect("console:me")
    settings_form = forms.MySettings(initial=forms.MySettings.values_of(agent, request.COOKIES))
    context = {"form": settings_form, "password_form": form, "page_here": "me"}
    return render(request, "console/login/me.html", context, status=422)


def _keep_display(response: HttpResponse, chosen: dict[str, Any]) -> HttpResponse:
    """Colours and rows belong to the device, so they live in cookies, as the menu in the top bar keeps them."""
    for name in ("theme", "density"):
        response.set_cookie(f"mg_{name}", chosen[name], max_age=31536000, samesite="Lax")
    return response


def _credentials(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {"username": cleaned["email"], "password": cleaned["password"]}


def _throttle(request: HttpRequest, email: str) -> float:
    """Seconds to wait, 0 if free. The same for known and unknown addresses; neither is kept in clear."""
    now = timezone.now()
    account = hashlib.sha256(email.encode()).hexdigest()[:32]
    address = network_of(request.META.get("REMOTE_ADDR", ""))
    return limits.take("sign-in-account", account, rate=10, per=timedelta(minutes=15), now=now) or limits.take(
        "sign-in-address", address, rate=60, per=timedelta(minutes=15), now=now
    )


def _wait_words(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return translation.ngettext(
        "Too many tries. Wait a minute, then try again.",
        "Too many tries. Wait %(minutes)s minutes, then try again.",
        minutes,
    ) % {"minutes": minutes}
