"""Control characters stop here: no field, filter, cookie or address carries one further in.

NUL ends a text in PostgreSQL with an error, others reach mails, logs and documents; nobody can type them. They are
taken out rather than refused, so that what a person pasted is not lost. Tabs stay. Lines end in LF from here on: a
browser posts CR LF, and no rule further in should have to know.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from makegood.lib.texts import FOREIGN, as_typed

# No row has such a number, and SQLite cannot even be asked for it.
_ENDLESS = re.compile(r"\d{19}")

Answer = Callable[[HttpRequest], HttpResponse]


def clean(get_response: Answer) -> Answer:
    """Middleware, before sessions: their key comes from a cookie."""

    def cleaned(request: HttpRequest) -> HttpResponse:
        if FOREIGN.search(request.path_info) or _ENDLESS.search(request.path_info):
            return HttpResponse(_("There is no such page."), status=404, content_type="text/plain; charset=utf-8")
        if any(map(FOREIGN.search, request.COOKIES.values())):
            request.COOKIES = {name: text for name, text in request.COOKIES.items() if not FOREIGN.search(text)}
        if "%" in request.META.get("QUERY_STRING", "") and _is_dirty(request.GET):
            request.GET = _without(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and _is_dirty(request.POST):
            request.POST = _without(request.POST)  # type: ignore[assignment]
        return get_response(request)

    return cleaned


def _is_dirty(values: QueryDict) -> bool:
    return any(FOREIGN.search(name) or any(map(FOREIGN.search, texts)) for name, texts in values.lists())


def _without(values: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, texts in values.lists():
        kept.setlist(as_typed(name), [as_typed(text) for text in texts])
    kept._mutable = False
    return kept
