"""One's own tokens for the API: made, shown once, given a new secret, revoked. Admins reach everybody's by the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import history_lines
from makegood.doors.console.token_forms import RotateForm, TokenForm
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent, ApiToken
from makegood.life.people.tokens import SCOPES
from makegood.life.reports import ledger, tokens
from makegood.life.reports.models import LedgerEntry

SHOWN = 200


@needs("token.own")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    agent, now = signed_in(request), timezone.now()
    rows = tokens.visible_tokens(agent).filter(agent=agent)[:SHOWN]
    return render(request, "console/tokens/mine.html", {"rows": [told(row, now) for row in rows]})


@needs("token.own")
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A token of one's own; its secret is shown in the answer and never again."""
    return make_for(request, signed_in(request))


@needs("token.own")
@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """What a token is and what happened to it; the ways to end it."""
    token, now = tokens.access_token(signed_in(request), key), timezone.now()
    entries = LedgerEntry.objects.filter(kind__in=ledger.kinds_of("token."), data__token=token.pk).order_by("-pk")
    scopes = [(scope, SCOPES[scope]) for scope in token.scopes]
    context = {"row": told(token, now), "token": token, "scopes": scopes, "form": RotateForm()}
    return render(request, "console/tokens/one.html", {**context, "history": history_lines(entries)})


@needs("token.own")
@require_POST
def rotate(request: HttpRequest, key: str) -> HttpResponse:
    """A new secret; the present one stays good for as long as the form says."""
    token, form = tokens.access_token(signed_in(request), key), RotateForm(request.POST)
    if not form.is_valid():
        return redirect("console:token", key)
    grace = timedelta(days=int(form.cleaned_data["grace"]))
    secret = tokens.rotate(token, by=signed_in(request).actor, at=timezone.now(), grace=grace)
    return _show(request, token, secret)


@needs("token.own")
@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    token = tokens.access_token(signed_in(request), key)
    tokens.revoke(token, by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("Revoked. “%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect(back(signed_in(request), token))


def make_for(request: HttpRequest, owner: Agent) -> HttpResponse:
    """The form for a token of ``owner``, and its secret once it is made."""
    form, now = TokenForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            by, name = signed_in(request).actor, form.cleaned_data["name"]
            token, secret = tokens.make(owner, name, by=by, at=now, **form.terms(now=now))
        except Refusal as refusal:
            form.add_error("origins" if form.cleaned_data["origins"] else None, str(refusal))
        else:
            return _show(request, token, secret)
    context = {"form": form, "owner": owner, "is_mine": owner.pk == signed_in(request).pk}
    return render(request, "console/tokens/make.html", context, status=422 if form.errors else 200)


def told(token: ApiToken, now: datetime) -> dict[str, Any]:
    """A token with what has become of it in a word."""
    is_over = token.expires_at is not None and token.expires_at <= now
    state = "revoked" if token.revoked_at else "dead" if not token.agent.is_active else "ended" if is_over else "good"
    both = token.previous_until is not None and token.previous_until > now
    return {"token": token, "state": state, "is_good": state == "good", "has_two": both and state == "good"}


def back(agent: Agent, token: ApiToken) -> str:
    """The list a token belongs to, for whoever looks."""
    return "console:my_tokens" if token.agent_id == agent.pk else "console:setup_tokens"


def _show(request: HttpRequest, token: ApiToken, secret: str) -> HttpResponse:
    context = {"token": token, "secret": secret, "back": back(signed_in(request), token)}
    return render(request, "console/tokens/secret.html", context)
