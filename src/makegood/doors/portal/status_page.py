"""The public status page: live while the database answers, else the copy of a minute ago, which says so.

Everybody reads the same bytes, so browsers and caches may keep them for half a minute and ask whether they changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import structlog
from csp.decorators import csp_replace
from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from makegood.doors.portal import visits
from makegood.doors.ui.status import copy, files, pages
from makegood.doors.ui.status.pages import Reader
from makegood.life.statuspage import snapshot
from makegood.life.statuspage.models import Notice

log = structlog.get_logger("makegood.portal")

KEPT_SECONDS = 30
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
KINDS = {"incidents": Notice.TROUBLE, "maintenance": Notice.MAINTENANCE}
View = Callable[..., bytes]


class Moved(Exception):
    """What stood here goes on at another address, given relative to this one: on a host of its own too."""


def shown(path: str, *, is_open: bool = False) -> Callable[[View], Callable[..., HttpResponse]]:
    """A page made by the view, or the file of the copy called ``path``; ``is_open``: programs anywhere may read it.

    The view takes the reader first; the parts of the address fill the gaps of ``path``.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(view)
        def answered(request: HttpRequest, *, language: str | None = None, **parts: Any) -> HttpResponse:
            reader = Reader(language or _language(request), visits.zone_of(request))
            place = path.format(language=reader.language, **parts)
            try:
                content, is_copy = _made(view, reader, place, parts)
            except Moved as moved:
                return _elsewhere(request, moved)
            return _answer(request, content, place, is_copy=is_copy, is_open=is_open)

        return answered

    return decorate


@shown("{language}/index.html")
def front(reader: Reader) -> bytes:
    """All of it at a glance."""
    return pages.front(snapshot.take(timezone.now()), reader).encode()


@shown("{language}/{place}/{key}/index.html")
def notice(reader: Reader, *, place: str, key: str) -> bytes:
    """One problem or maintenance, at the address that stays."""
    now = timezone.now()
    found = snapshot.one(key, KINDS[place], now)
    if found is None:
        if key in (moved := snapshot.moved(key)) and place == "incidents":
            raise Moved(f"../{moved[key]}/")
        raise Http404
    return pages.notice(found, snapshot.names(), reader).encode()


@shown("{language}/history/index.html")
def history(reader: Reader) -> bytes:
    """What began in this month."""
    return _month(reader, files.this_month(timezone.now()))


@shown("{language}/history/{year}-{month}/index.html")
def month(reader: Reader, *, year: str, month: str) -> bytes:
    """What began in that month."""
    if not 1 <= int(month) <= 12 or year == "0000":
        raise Http404
    return _month(reader, date(int(year), int(month), 1))


@shown("{language}/{name}")
def text(reader: Reader, *, name: str) -> bytes:
    """Feeds, the calendar of maintenance, the badge."""
    return files.texts(snapshot.take(timezone.now(), with_days=False), reader.language)[name]


@shown("api/v2/{name}", is_open=True)
def machine(_reader: Reader, *, name: str) -> bytes:
    """What programs read, in the shape they know."""
    found = files.json_files(snapshot.take(timezone.now(), with_days=False)).get(name)
    if found is None:
        raise Http404
    return found


@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
@shown("{language}/frame/index.html")
def frame(reader: Reader) -> bytes:
    """One line, for a frame in another page."""
    return pages.frame(snapshot.take(timezone.now(), with_days=False), reader).encode()


def without_slash(_request: HttpRequest) -> HttpResponse:
    """The same address as people type it."""
    return redirect(reverse("portal:status_page"), permanent=True)


def _month(reader: Reader, first: date) -> bytes:
    now = timezone.now()
    span = (snapshot.first_month(now), files.this_month(now))
    if not span[0] <= first <= span[1]:
        raise Http404
    return pages.month(first, snapshot.month(first, now), snapshot.names(), reader, span=span).encode()


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language") or get_language() or settings.LANGUAGE_CODE
    return asked if asked in LANGUAGES else settings.LANGUAGE_CODE


def _made(view: View, reader: Reader, place: str, parts: dict[str, Any]) -> tuple[bytes, bool]:
    """What the view makes; when the database fails, what the copy holds. Raises Http404, or what broke."""
    try:
        return view(reader, **parts), False
    except Error as away:
        connection.close()
        found = copy.read(place)
        if found is None:
            if copy.read(f"{reader.language}/index.html") is None:
                raise
            raise Http404 from away
        log.warning("status.copy_served", page=place, error=str(away))
        return found.content, True


def _elsewhere(request: HttpRequest, moved: Moved) -> HttpResponse:
    """Not for good: problems that were merged by mistake are taken apart again."""
    query = request.META.get("QUERY_STRING", "")
    answer = redirect(f"{moved}?{query}" if query else str(moved))
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer


def _answer(request: HttpRequest, content: bytes, place: str, *, is_copy: bool, is_open: bool) -> HttpResponse:
    answer = HttpResponse(content, content_type=files.MEDIA_TYPES[place.rpartition(".")[2]])
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    answer["ETag"] = etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    if is_copy:
        answer["X-Makegood-Copy"] = "1"
    if is_open:
        answer["Access-Control-Allow-Origin"] = "*"
    else:
        answer["Referrer-Policy"] = "same-origin"
        patch_vary_headers(answer, ("Accept-Language", "Cookie"))
    return get_conditional_response(request, etag=etag, response=answer) or answer
