"""A host of its own for the status page: its places stand at the top there, and nothing else of the product does."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from makegood.life.statuspage import addresses

Answer = Callable[[HttpRequest], HttpResponseBase]
# What a page needs besides itself.
_AS_THEY_ARE = ("/static/", "/favicon.ico", "/language/", addresses.PLACE)


def lead(get_response: Answer) -> Answer:
    """Middleware, before all others: they judge by the address."""

    def led(request: HttpRequest) -> HttpResponseBase:
        own = addresses.host()
        if own and request.headers.get("Host", "").lower() == own and not request.path_info.startswith(_AS_THEY_ARE):
            request.path_info = f"{addresses.PLACE}{request.path_info.lstrip('/')}"
        return get_response(request)

    return led
