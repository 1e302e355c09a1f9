"""Webhooks of git hosts and trackers: proved, kept, answered at once. What they mean is the worker's business."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from makegood.channels.code import Knock
from makegood.engine import limits
from makegood.lib.net import network_of
from makegood.life.fixes import deliveries, tracker_hooks

WRONG_PER_MINUTE = 30
_PLAIN = "text/plain; charset=utf-8"


@csrf_exempt
@never_cache
@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    """202 for a new one, 200 for a repeat or nothing of ours, 401 without a word for what nobody we know has sent."""
    now = timezone.now()
    if request.content_type != "application/json":
        return HttpResponse("Send application/json.", status=415, content_type=_PLAIN)
    is_tracker = tracker_hooks.is_known(key)
    if not is_tracker and not deliveries.is_known(key):  # before anything large is read
        return _unknown(request)
    body = request.read(deliveries.LARGEST + 1)
    if len(body) > deliveries.LARGEST:
        return HttpResponse("Too large.", status=413, content_type=_PLAIN)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        knock = Knock(headers, body)
        is_new = tracker_hooks.take(key, knock, at=now) if is_tracker else deliveries.take(key, knock, at=now)[1]
    except deliveries.NotGenuine:
        return _unknown(request)
    except deliveries.Unusable as unusable:
        return HttpResponse(str(unusable), status=422, content_type=_PLAIN)
    return HttpResponse(status=202 if is_new else 200, content_type=_PLAIN)


def _unknown(request: HttpRequest) -> HttpResponse:
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    wait = limits.take("hooks.wrong", network, rate=WRONG_PER_MINUTE, per=timedelta(minutes=1), now=timezone.now())
    if wait:
        return HttpResponse(status=429, headers={"Retry-After": str(ceil(wait))}, content_type=_PLAIN)
    return HttpResponse(status=401, content_type=_PLAIN)


urlpatterns = [path("<slug:key>/", take, name="hooks_in")]
