"""Who is sent the news, and what became of each update on its way to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.casework import actor, seeker, went
from makegood.doors.console.gate import needs
from makegood.doors.console.mail.frame import STATES as MAILS
from makegood.doors.ui.status import words
from makegood.lib.texts import in_language, whole_number
from makegood.life.statuspage import access, sending, steps, subscribing
from makegood.life.statuspage.models import Delivery, PublicComponent, Subscriber

SHOWN = 50


@needs("status.subscribers")
@require_safe
def deliveries(request: HttpRequest, key: str) -> HttpResponse:
    """One update: its words as they were told, and what became of it for each subscriber."""
    agent = seeker(request)
    found, only = access.access_update(agent, key), request.GET.get("only", "")
    rows = found.deliveries.select_related("subscriber", "mail").order_by("-pk")
    if only in dict(Delivery.STATES):
        rows = rows.filter(state=only)
    before = whole_number(request.GET.get("after", ""))
    shown = list((rows.filter(pk__lt=before) if before is not None else rows)[: SHOWN + 1])
    names = {**dict(Delivery.STATES), Delivery.MAILED: MAILS["sent"]}  # one word here and on the pages of mails
    context = {
        "update": found,
        "notice": found.notice,
        "title": in_language(found.titles, agent.language),
        "state": words.NOTICES[steps.of([found])[found.pk]],
        "texts": found.texts.items(),
        "counts": sending.counts(found),
        "rows": [(one, _where(one.subscriber), names[one.state]) for one in shown[:SHOWN]],
        "after": shown[SHOWN - 1].pk if len(shown) > SHOWN else "",
        "only": only,
        "states": names.items(),
    }
    return render(request, "console/status/deliveries.html", context)


@needs("status.subscribers")
@require_safe
def subscribers(request: HttpRequest) -> HttpResponse:
    """Whoever asked for news and confirmed it; found by the beginning of their address."""
    wanted = request.GET.get("q", "").strip().lower()[:254]
    rows = Subscriber.objects.filter(ended_at=None).order_by("-pk")
    if wanted:
        rows = rows.filter(email__startswith=wanted)
    before = whole_number(request.GET.get("after", ""))
    shown = list((rows.filter(pk__lt=before) if before is not None else rows)[: SHOWN + 1])
    names = {one.key: in_language(one.names, seeker(request).language) for one in PublicComponent.objects.all()}
    context = {
        "rows": [_reader(one, names) for one in shown[:SHOWN]],
        "after": shown[SHOWN - 1].pk if len(shown) > SHOWN else "",
        "wanted": wanted,
        "total": Subscriber.objects.filter(ended_at=None).count(),
    }
    return render(request, "console/status/subscribers.html", context)


@needs("status.subscribers")
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Tell somebody nothing more, because they asked us in another way."""
    found = access.access_subscriber(key)
    subscribing.end(found, "by a colleague", by=actor(request), at=timezone.now())
    words_of = _("%s gets no more news.") % found.email
    return went(request, reverse("console:status_subscribers"), words_of)


def _reader(one: Subscriber, names: dict[str, str]) -> dict[str, Any]:
    return {
        "subscriber": one,
        "where": _where(one),
        "parts": ", ".join(names[key] for key in one.components if key in names),
        "least": one.get_least_display(),
    }


def _where(one: Subscriber) -> str:
    """Of a webhook's address only the host: the rest may be a key to the receiver."""
    return f"{urlsplit(one.url).hostname or ''}/…" if one.way == Subscriber.HOOK else one.email
