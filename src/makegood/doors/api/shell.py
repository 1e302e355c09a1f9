"""What surrounds every answer below /api/: it is never cached, never HTML when something went wrong, and browsers may
read it only from the exact origins a token names. A middleware, before all others."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from makegood.doors.api import problems
from makegood.doors.api.problems import Problem
from makegood.life.people import tokens

Answer = Callable[[HttpRequest], HttpResponseBase]

# The public status page in the shape programs know: open to all, and there when the database is not.
_NOT_OURS = "/api/v2/"
_METHODS = "GET, HEAD, POST, PATCH, DELETE"
_TAKEN = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Accept-Language"
_SHOWN = (
    "ETag, Link, Location, Retry-After, Idempotency-Replayed, Request-Id, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset"
)


def speak(get_response: Answer) -> Answer:
    """The middleware."""

    def spoken(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/api/") or request.path_info.startswith(_NOT_OURS):
            return get_response(request)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        answer = _enquiry(request) if _is_enquiry(request) else _in_our_words(request, get_response(request))
        _let_read(request, answer)
        _head(request, answer)
        if is_head:  # The server sends no body after a HEAD; closing the answer here would end the request twice.
            request.method = "HEAD"
            if not answer.streaming:
                answer.headers.setdefault("Content-Length", str(len(answer.content)))  # type: ignore[attr-defined]
        return answer

    return spoken


def is_ours(origin: str) -> bool:
    """Whether ``origin`` is this installation itself."""
    return origin == settings.BASE_URL


def _is_enquiry(request: HttpRequest) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _enquiry(request: HttpRequest) -> HttpResponse:
    """A browser asks beforehand; it does not show the token yet, so any token's origin will do for now."""
    if not tokens.is_known_origin(request.headers.get("Origin", ""), now=timezone.now()):
        return problems.answer(Problem("origin-refused"), request=request_id(request))
    answer = HttpResponse(status=204)
    answer["Access-Control-Allow-Methods"] = _METHODS
    answer["Access-Control-Allow-Headers"] = _TAKEN
    answer["Access-Control-Max-Age"] = "600"
    return answer


def _in_our_words(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """Whatever failed on the way to us (a bad host, a broken form, an unknown address) becomes a problem too."""
    if answer.status_code < 400 or answer.get("Content-Type", "").startswith(problems.MEDIA_TYPE):
        return answer
    slug = problems.of_status(answer.status_code)
    told = problems.answer(Problem(slug), request=request_id(request))
    for name, value in answer.items():  # what guards every answer, and Allow and Retry-After
        if name not in ("Content-Type", "Content-Length"):
            told.headers.setdefault(name, value)
    return told


def _let_read(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Let pages of an allowed origin read the answer. Never with cookies: they open nothing here."""
    origin = request.headers.get("Origin")
    answer["Vary"] = ", ".join(filter(None, [answer.get("Vary"), "Origin", "Authorization"]))
    if not origin:
        return
    caller = getattr(request, "auth", None)
    known = origin in caller.token.origins if caller else tokens.is_known_origin(origin, now=timezone.now())
    if known:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Expose-Headers"] = _SHOWN


def _head(request: HttpRequest, answer: HttpResponseBase) -> None:
    answer.headers.setdefault("Cache-Control", "no-store")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Request-Id"] = request_id(request)
    if draw := getattr(request, "draw", None):
        answer["RateLimit-Limit"] = str(draw.limit)
        answer["RateLimit-Remaining"] = str(draw.left)
        answer["RateLimit-Reset"] = str(draw.reset)


def request_id(request: HttpRequest) -> str:
    """What our log calls this request."""
    return str(request.META.get("makegood.request_id", "-"))
