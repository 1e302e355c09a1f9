"""Every way the API says no, one table; each is an ``application/problem+json`` as RFC 9457 has it.

``type`` is the address of a page that explains it. ``detail`` is a sentence for people, in the language asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from makegood.engine.files.blanking import NothingToBlank
from makegood.engine.files.keeping import EmptyFile, KindRefused
from makegood.engine.files.pictures import BrokenPicture
from makegood.engine.files.storage import NoSpace, TooBig
from makegood.lib.errors import Refusal
from makegood.life.aftercare.actions import NeedsWords
from makegood.life.announcements.texts import BadText
from makegood.life.compensation import letters, settling
from makegood.life.compensation import proposing as making_good
from makegood.life.diagnosis.actions import NotAnAnswer, NothingAsked
from makegood.life.diagnosis.steps import BeyondCatalogue
from makegood.life.escalation import account
from makegood.life.escalation import actions as escalation
from makegood.life.fixes.checklist import NotAnItem
from makegood.life.fixes.work import NotAChange
from makegood.life.intake.actions import KeyUsed, Unreachable
from makegood.life.knowledge import actions as articles
from makegood.life.people.reaching import BadEmail, BadPhone
from makegood.life.problems import actions as faults
from makegood.life.promises import actions as promises
from makegood.life.reports import actions as reports
from makegood.life.reports.accounts import NotEditable
from makegood.life.reports.conversation import EmptyMessage, TooLong
from makegood.life.updates.actions import NoNextTime, TimesDisagree
from makegood.life.updates.scripts import BadWording, NoScript, UnfilledPlaceholder

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """``status`` and ``title`` never change for a slug; ``says`` is for the reference."""

    status: int
    title: str
    says: Any


KINDS: dict[str, Kind] = {
    "unreadable": Kind(400, "The request cannot be read", _("The body is no JSON, or nested too deeply.")),
    "unauthenticated": Kind(401, "No valid token", _("The token is missing, wrong, expired or revoked.")),
    "not-allowed": Kind(403, "Not allowed", _("The token's owner may not do this, whatever the token's scopes.")),
    "scope-missing": Kind(403, "The token lacks a scope", _("“scope” names the scope this operation takes.")),
    "origin-refused": Kind(403, "This origin is not on the list", _("Web pages may use a token from exact origins.")),
    "not-found": Kind(404, "Not found", _("It does not exist, or it is not for this token to see.")),
    "method-not-allowed": Kind(405, "Method not allowed", _("The header “Allow” names the methods there are.")),
    "too-slow": Kind(408, "The request came too slowly", _("Send it again over a better connection.")),
    "refused": Kind(
        409,
        "The product refused",
        _(
            "Nothing has been changed. “code” names the reason for programs, “detail” tells it to people, “can_retry” "
            "says whether the same request may succeed later."
        ),
    ),
    "key-busy": Kind(409, "The first request with this key is still running", _("Ask again a little later.")),
    "changed-meanwhile": Kind(
        412, "It has changed meanwhile", _("“If-Match” names an older state. Read it again, then decide.")
    ),
    "too-large": Kind(413, "Too large", _("A body holds 1 MB, a file as much as the desk allows.")),
    "media-type": Kind(
        415, "This kind of content is not taken", _("Bodies are application/json; files are pictures, PDF, text, ZIP.")
    ),
    "invalid": Kind(
        422, "The request is not valid", _("“errors” lists every fault, each with a pointer to its place.")
    ),
    "query-not-understood": Kind(
        422, "Part of the query was not understood", _("“errors” says which part, and what may be meant.")
    ),
    "key-reused": Kind(422, "The key came before with another request", _("Use a new “Idempotency-Key”.")),
    "rate-limited": Kind(429, "Too many requests", _("Ask again after as many seconds as “Retry-After” says.")),
    "broken": Kind(500, "Something broke on our side", _("It has been written down; “request” helps us to find it.")),
    "busy": Kind(503, "Too busy at this moment", _("Ask again after as many seconds as “Retry-After” says.")),
}
_BY_STATUS = {kind.status: slug for slug, kind in reversed(KINDS.items())}

# The same request could never succeed: what it says is wrong, not the state of the report.
_INVALID = (
    *(EmptyMessage, TooLong, UnfilledPlaceholder, TimesDisagree, NoNextTime, NoScript, NeedsWords, NotAnAnswer),
    *(NothingAsked, BeyondCatalogue, Unreachable, NotEditable, account.EmptyNote, escalation.NeedsWords, EmptyFile),
    *(BadPhone, BadEmail),
    *(
        articles.NeedsWords,
        articles.NoSuchLanguage,
        faults.NeedsWords,
        faults.TooLong,
        faults.OwesNews,
        BadText,
        NotAnItem,
        NotAChange,
        NothingToBlank,
    ),
    *(letters.BadLetter, letters.SameApology, making_good.NeedsFact, making_good.OutOfBounds, settling.NoSuchCode),
    *(promises.InThePast, promises.NeedsReason, reports.NeedsReason, BrokenPicture, BadWording),
)
_FITS: tuple[tuple[tuple[type[Refusal], ...], str], ...] = (
    (_INVALID, "invalid"),
    ((TooBig,), "too-large"),
    ((KindRefused,), "media-type"),
    ((NoSpace,), "busy"),
    ((KeyUsed,), "key-reused"),
)


class Problem(Exception):
    """Raised by any part of this door; ``more`` are further members of the answer."""

    def __init__(self, slug: str, detail: str = "", *, headers: dict[str, str] | None = None, **more: Any) -> None:
        self.slug, self.detail, self.headers, self.more = slug, detail, headers or {}, more
        super().__init__(slug)


def fault(pointer: str, detail: str) -> dict[str, str]:
    """One entry of ``errors``."""
    return {"pointer": pointer, "detail": detail}


def invalid(pointer: str, detail: str) -> Problem:
    """A request with one fault."""
    return Problem("invalid", detail, errors=[fault(pointer, detail)])


def of_refusal(refusal: Refusal) -> Problem:
    """What a verb's "no" is called here."""
    slug = next((slug for kinds, slug in _FITS if isinstance(refusal, kinds)), "refused")
    code = re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()
    headers = {"Retry-After": "60"} if slug == "busy" else {}
    return Problem(slug, str(refusal), headers=headers, code=code, can_retry=refusal.can_retry)


def of_status(status: int) -> str:
    """The kind that says ``status`` in general."""
    return _BY_STATUS.get(status) or ("broken" if status >= 500 else "unreadable")


def as_json(slug: str, detail: str = "", *, request: str = "", **more: Any) -> str:
    """The body. ``request`` is the id our own log knows the request by."""
    kind = KINDS[slug]
    told = {"type": type_of(slug), "title": kind.title, "status": kind.status, "detail": detail or str(kind.says)}
    return json.dumps({**told, **({"request": request} if request else {}), **more}, ensure_ascii=False)


def answer(problem: Problem, *, request: str = "") -> HttpResponse:
    """``problem`` as an HTTP answer."""
    body = as_json(problem.slug, problem.detail, request=request, **problem.more)
    return HttpResponse(body, status=KINDS[problem.slug].status, content_type=MEDIA_TYPE, headers=problem.headers)


def type_of(slug: str) -> str:
    """The stable address of a kind."""
    return f"{settings.BASE_URL}/api/v1/errors#{slug}"


def in_words(status: int, words: str, path: str) -> tuple[bytes, bytes] | None:
    """Media type and body for an answer given before Django is reached, if ``path`` is ours."""
    if not path.startswith("/api/"):
        return None
    return MEDIA_TYPE.encode(), as_json(of_status(status), words).encode()


def names_of(statuses: Iterable[int]) -> list[str]:
    """The kinds that may come with one of ``statuses``."""
    wanted = set(statuses)
    return [slug for slug, kind in KINDS.items() if kind.status in wanted]
