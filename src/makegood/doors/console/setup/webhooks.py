"""Webhooks: who is told what happens, whether it arrives, and telling it again."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import history_lines
from makegood.doors.console.setup.webhook_forms import EndpointForm, ReplayForm
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.hooks import endpoints, replaying
from makegood.life.hooks.models import Delivery, Endpoint
from makegood.life.reports import setup
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry

PAGE = 50
STATES = {
    Delivery.WAITING: gettext_lazy("waiting"),
    Delivery.SENT: gettext_lazy("taken"),
    Delivery.FAILED: gettext_lazy("given up"),
}
_RINGS = {Delivery.WAITING: "running", Delivery.SENT: "kept", Delivery.FAILED: "broken"}


@needs("setup.hooks")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every endpoint with how it fares."""
    waiting = Count("deliveries", filter=Q(deliveries__state=Delivery.WAITING))
    rows = [
        {"endpoint": one, "host": _host(one), "state": _state(one), "kinds": _kinds(one)}
        for one in Endpoint.objects.annotate(waiting=waiting).order_by("name", "pk")
    ]
    return render(request, "console/hooks/list.html", {"rows": rows})


@needs("setup.hooks")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new endpoint; its secret is shown once, in the answer."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = endpoints.add(by=signed_in(request).actor, at=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.add_error("url", str(refusal))
        else:
            return _show_secret(request, endpoint, secret)
    return render(request, "console/hooks/edit.html", {"form": form}, status=422 if form.errors else 200)


@needs("setup.hooks")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """One endpoint: how it fares, what it was told, and telling it again."""
    endpoint = _endpoint(key)
    state = request.GET.get("state", "")
    found: QuerySet[Delivery] = endpoint.deliveries.all()
    found = found.filter(state=state) if state in STATES else found
    shown, after = _walk(found, request.GET.get("after", ""))
    counts = dict(endpoint.deliveries.values_list("state").annotate(Count("pk")).order_by())
    context = {
        "endpoint": endpoint,
        "host": _host(endpoint),
        "off_reason": _(endpoint.off_reason) if endpoint.off_reason else "",
        "fares": _state(endpoint),
        "kinds": _kinds(endpoint),
        "rows": [
            {"delivery": one, "ring": _RINGS[one.state], "state": STATES[one.state], "why": _why(one)} for one in shown
        ],
        "states": [(name, words, counts.get(name, 0)) for name, words in STATES.items()],
        "state": state,
        "after": urlencode({**({"state": state} if state else {}), "after": after}) if after else "",
        "replay": ReplayForm(initial={"since": timezone.localtime() - timedelta(days=1)}),
        "history": history_lines(_history(endpoint)),
        "signs_twice": endpoint.old_secret_until and endpoint.old_secret_until > timezone.now(),
    }
    return render(request, "console/hooks/page.html", context)


@needs("setup.hooks")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    endpoint = _endpoint(key)
    form = EndpointForm(request.POST if request.method == "POST" else None, initial=EndpointForm.of(endpoint))
    if request.method == "POST" and form.is_valid():
        try:
            endpoints.change(endpoint, by=signed_in(request).actor, at=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.add_error("url", str(refusal))
        else:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("console:setup_hook", key=key)
    context = {"form": form, "endpoint": endpoint}
    return render(request, "console/hooks/edit.html", context, status=422 if form.errors else 200)


@needs("setup.hooks")
@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Pause it, or let it go on: then what waits goes at once."""
    endpoint = _endpoint(key)
    endpoints.change(endpoint, is_active=not endpoint.is_active, by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("It is told again from now on.") if endpoint.is_active else _("It is told nothing."))
    return redirect("console:setup_hook", key=key)


@needs("setup.hooks")
@require_POST
def test(request: HttpRequest, key: str) -> HttpResponse:
    endpoints.send_test(_endpoint(key), at=timezone.now())
    messages.success(request, _("A test is on its way. What came of it stands at the top of the list in a moment."))
    return redirect("console:setup_hook", key=key)


@needs("setup.hooks")
@require_POST
def rotate(request: HttpRequest, key: str) -> HttpResponse:
    """A new secret, shown once; the old one signs beside it for a day."""
    endpoint = _endpoint(key)
    return _show_secret(
        request, endpoint, endpoints.rotate_secret(endpoint, by=signed_in(request).actor, at=timezone.now())
    )


@needs("setup.hooks")
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    endpoints.remove(_endpoint(key), by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("Taken away, with its log."))
    return redirect("console:setup_hooks")


@needs("setup.hooks")
@require_POST
def replay(request: HttpRequest, key: str) -> HttpResponse:
    """All it did not take since a moment, again."""
    endpoint, form = _endpoint(key), ReplayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say since when."))
        return redirect("console:setup_hook", key=key)
    since, also_sent = form.cleaned_data["since"], form.cleaned_data["also_sent"]
    by, now = signed_in(request).actor, timezone.now()
    count = replaying.all_since(endpoint, since, by=by, at=now, also_sent=also_sent)
    words = ngettext("%(n)s delivery is in line.", "%(n)s deliveries are in line.", count)
    messages.success(request, words % {"n": count})
    return redirect("console:setup_hook", key=key)


@needs("setup.hooks")
@require_safe
def delivery(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One telling: its body and every try."""
    found = _delivery(key, pk)
    context = {
        "delivery": found,
        "body": json.dumps(json.loads(found.body), indent=2, ensure_ascii=False),
        "endpoint": found.endpoint,
        "state": STATES[found.state],
        "ring": _RINGS[found.state],
        "why": _why(found),
        "tries": found.tries.order_by("pk"),
    }
    return render(request, "console/hooks/delivery.html", context)


@needs("setup.hooks")
@require_POST
def again(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    replaying.again(_delivery(key, pk), at=timezone.now())
    messages.success(request, _("It is in line again, under the id it had."))
    return redirect("console:setup_hook_delivery", key=key, pk=pk)


def _endpoint(key: str) -> Endpoint:
    found = Endpoint.objects.filter(key=key).first()
    if found is None:
        raise NotFound(key)
    return found


def _delivery(key: str, pk: int) -> Delivery:
    found = Delivery.objects.filter(pk=pk, endpoint__key=key).select_related("endpoint").first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _show_secret(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    return render(request, "console/hooks/secret.html", {"endpoint": endpoint, "secret": secret})


def _host(endpoint: Endpoint) -> str:
    """Of the address only the host: the rest may be a key to the receiver."""
    return urlsplit(endpoint.url).hostname or ""


def _kinds(endpoint: Endpoint) -> str:
    return ", ".join(endpoint.kinds) or _("everything")


def _why(delivery: Delivery) -> str:
    """Why it was not taken, in a sentence; empty if it was, or was not tried."""
    if not delivery.last_reason or not delivery.last_status:
        return delivery.last_reason
    told = {"status": delivery.last_status}
    if 300 <= delivery.last_status < 400:
        return _("The receiver answered %(status)s, a redirect; redirects are not followed.") % told
    return _("The receiver answered %(status)s.") % told


def _state(endpoint: Endpoint) -> tuple[str, str]:
    """Its ring and a word for it."""
    if not endpoint.is_active:
        return ("broken", _("switched off: it failed")) if endpoint.off_at else ("paused", _("paused"))
    if endpoint.failing_since:
        return "at_risk", _("fails")
    return ("kept", _("works")) if endpoint.taken_at else ("running", _("nothing sent yet"))


def _history(endpoint: Endpoint) -> QuerySet[LedgerEntry]:
    kinds = (*setup.KINDS, "hook.secret_rotated", "hook.switched_off", "hook.replayed")
    return LedgerEntry.objects.filter(kind__in=kinds, data__what=endpoints.WHAT, data__id=endpoint.pk).order_by("-pk")


def _walk(rows: QuerySet[Delivery], after: str) -> tuple[list[Delivery], str]:
    before = whole_number(after)
    rows = rows.filter(pk__lt=before) if before is not None else rows
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""
