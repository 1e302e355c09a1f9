"""Who is visiting: the draft in hand, the reports a secret link has opened in this browser, the zone of the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from makegood.lib.keys import token_hash
from makegood.life.intake import drafts, logins
from makegood.life.intake.models import FormDraft
from makegood.life.people.models import Contact
from makegood.life.reports import access
from makegood.life.reports.models import Report

DRAFT, OPENED, LOGIN, ZONE = "mg_draft", "mg_opened", "mg_mine", "mg_zone"
HELP, VOTED = "mg_help", "mg_voted"
# Fields of a report's page in which people write.
_FREE = ("body", "words")
_HOURS = 60 * 60 * 12
_MOST = 8
_ZONES = available_timezones()

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Visit:
    """One reporter looking at one report."""

    report: Report
    contact: Contact


def page(view: View) -> View:
    """A page of the portal: times in the reader's zone, never stored on the way, no address told to other sites."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(zone_of(request)):
            try:
                answer = view(request, *args, **kwargs)
            except access.NotFound:
                answer = render(request, "portal/find/gone.html", {"typed": _typed(request)}, status=404)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        return answer

    return shown


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The reader's own zone, if their browser told us; else the desk's."""
    return ZoneInfo(told_zone(request) or settings.DESK_TIME_ZONE)


def told_zone(request: HttpRequest) -> str:
    """The name of the zone the reader's browser told us; empty if it did not."""
    named = request.COOKIES.get(ZONE, "")
    return named if named in _ZONES else ""


def draft_of(request: HttpRequest, *, now: datetime) -> FormDraft | None:
    """The draft this browser holds, sent or not."""
    return drafts.find(request.COOKIES.get(DRAFT, ""), now=now)


def hold_draft(answer: HttpResponse, secret: str) -> None:
    _set(answer, DRAFT, secret, int(drafts.LIFE.total_seconds()))


def open_report(request: HttpRequest, answer: HttpResponse, token: str) -> None:
    """Let this browser see the report behind ``token`` for some hours; the cookie holds its hash only."""
    opened = [token_hash(token), *[one for one in _opened(request) if one != token_hash(token)]][:_MOST]
    _set(answer, OPENED, signing.dumps(opened, salt=OPENED), _HOURS)


def sign_in(answer: HttpResponse, login_id: int) -> None:
    _set(answer, LOGIN, signing.dumps(login_id, salt=LOGIN), _HOURS)


def login_of(request: HttpRequest) -> int:
    """The login this browser holds; 0 for none."""
    try:
        return int(signing.loads(request.COOKIES.get(LOGIN, ""), salt=LOGIN, max_age=_HOURS))
    except (signing.BadSignature, TypeError, ValueError):
        return 0


def contact_of(request: HttpRequest, *, now: datetime) -> Contact | None:
    """Who is signed in to their list, if anybody."""
    login_id = login_of(request)
    return logins.signed_in(login_id, now=now) if login_id else None


def help_of(request: HttpRequest) -> str:
    """The secret of the visit that was shown help; empty for none."""
    return request.COOKIES.get(HELP, "")[:64]


def hold_help(answer: HttpResponse, secret: str) -> None:
    """Let this browser be counted once for a day, whatever it looks at."""
    _set(answer, HELP, secret, 60 * 60 * 24)


def keep_votes(answer: HttpResponse, votes: str) -> None:
    """Which articles this browser has voted on: kept there, not with us."""
    _set(answer, VOTED, votes, 60 * 60 * 24 * 180)


def visit(request: HttpRequest, number: int, *, now: datetime) -> Visit:
    """The report called MG-``number``, if this browser may see it. Raises NotFound, whatever the reason."""
    found = access.report_by_hashes(_opened(request), number, now=now)
    if found is None and (contact := contact_of(request, now=now)):
        own = logins.reports_of(contact).filter(pk=number).first()
        found = (own, contact) if own else None
    if found is None:
        raise access.NotFound(str(number))
    return Visit(*found)


def latest(request: HttpRequest, *, now: datetime) -> int:
    """The number of the report opened last in this browser; 0 if there is none it may still see."""
    for one in _opened(request):
        if link := access.link_by_hash(one, now=now):
            return link.report_id
    return 0


def _typed(request: HttpRequest) -> str:
    """The words that came with a page nobody may see any more: shown again, so that they are not lost."""
    given = [(name, words) for name, words in request.POST.items() if name in _FREE or name.startswith("answer_")]
    return "\n\n".join(str(words).strip() for _name, words in given if str(words).strip())


def _opened(request: HttpRequest) -> list[str]:
    try:
        return [str(one) for one in signing.loads(request.COOKIES.get(OPENED, ""), salt=OPENED, max_age=_HOURS)]
    except (signing.BadSignature, TypeError):
        return []


def _set(answer: HttpResponse, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, httponly=True, secure=settings.USE_HTTPS, samesite="Lax")
