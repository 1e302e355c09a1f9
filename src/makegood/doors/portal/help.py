"""Help pages: search and list, one article, "did it help?", pictures, the feed and the site map. Public words only.

A look or a search is counted without address or name; what is read by programs, or ahead of a click, is not.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from ua_parser import parse_device

from makegood.doors.portal import allowance, feeds, visits
from makegood.engine.files import serving
from makegood.life.knowledge import public, using

LANGUAGES = dict(settings.LANGUAGES)
LONGEST = 200


@require_safe
@visits.page
def home(request: HttpRequest) -> HttpResponse:
    """What helps most, or what fits the words asked."""
    language = _reading(request)
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    found = public.search(words, language) if words else public.listing(language)
    answer = render(
        request,
        "portal/help/home.html",
        {"words": words, "found": found, "language": language, "feed": _absolute("portal:help_feed", language)},
    )
    if words and counts(request):
        using.searched(words, language, door=using.HELP, found=len(found), at=timezone.now())
        if found:
            help_shown(request, answer, [], language, door=using.HELP)
    return answer


@require_safe
@visits.page
def article(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """One article, in the language of its address."""
    found = _find(language, slug)
    missing = _missing(request, found)
    with override(found.language):
        context = {
            "article": found,
            "related": public.related(found),
            "canonical": _absolute("portal:help_article", found.language, found.slug),
            "alternates": [
                (code, LANGUAGES.get(code, code), _absolute("portal:help_article", code, other))
                for code, other in found.languages.items()
            ],
            "missing": missing,
            "vote": _vote_of(request, found.key),
        }
        answer = render(request, "portal/help/article.html", context)
    answer["Cache-Control"] = "private, no-cache"
    answer["Last-Modified"] = http_date(found.changed_at.timestamp())
    answer["Content-Language"] = found.language
    if counts(request):
        using.read(found.id, found.language, door=using.HELP, at=timezone.now())
        help_shown(request, answer, [], found.language, door=using.HELP)
    return answer


@require_POST
@visits.page
def vote(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Whether it helped; once a browser and article."""
    found, now = _find(language, slug), timezone.now()
    helped = request.POST.get("helped") == "yes"
    answer = redirect("portal:help_article", language, slug)
    answer["Location"] += "#vote"
    if _vote_of(request, found.key) or allowance.voting(request, now=now):
        return answer
    using.voted(found.id, found.language, door=using.HELP, helped=helped, at=now)
    if helped:
        using.said_solved(visits.help_of(request), at=now)
    told = [f"{found.key}{'+' if helped else '-'}", *_votes(request)][:40]
    visits.keep_votes(answer, " ".join(told))
    if not helped:
        messages.info(request, _("Thank you. Somebody will look at it."))
    return answer


@require_safe
@visits.page
def picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """A picture of a public article."""
    found = public.picture(key)
    try:
        if found is None:
            raise FileNotFoundError
        answer = serving.picture(found.storage_key, media_type=found.media_type)
    except FileNotFoundError:
        raise Http404 from None
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
def feed(request: HttpRequest, language: str) -> HttpResponse:
    """The articles of a language that changed last, as Atom."""
    if language not in LANGUAGES:
        raise Http404
    return _cached(request, f"feed:{language}", "application/atom+xml", lambda: feeds.atom(language))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public article in every language, each with the others."""
    return _cached(request, "map", "application/xml", feeds.sitemap)


def counts(request: HttpRequest) -> bool:
    """Whether this look is one of a person, and there is room for it."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return False
    device = parse_device(request.headers.get("User-Agent", "")[:400])
    if device is not None and device.family == "Spider":
        return False
    return not allowance.reading(request, now=timezone.now())


def help_shown(request: HttpRequest, answer: HttpResponse, articles: list[int], language: str, *, door: str) -> None:
    """Remember that this browser was shown help, and which articles it had not asked for."""
    now = timezone.now()
    visit, secret = using.begin_visit(visits.help_of(request), door=door, at=now)
    new = using.help_shown(visit, articles, at=now)
    using.shown(new, language, door=door, at=now)
    visits.hold_help(answer, secret)


def _find(language: str, slug: str) -> public.PublicArticle:
    found = public.article(language, slug, picture=reverse("portal:help_picture", args=["KEY"]).replace("KEY", "{key}"))
    if found is None:
        raise Http404
    return found


def _reading(request: HttpRequest) -> str:
    """The language of the reader, as far as we speak it."""
    short = (get_language() or "en").split("-")[0]
    return short if short in LANGUAGES else "en"


def _missing(request: HttpRequest, found: public.PublicArticle) -> str:
    """The reader's language, if the article is not there in it."""
    wanted = _reading(request) if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) else ""
    return LANGUAGES.get(wanted, "") if wanted and wanted not in found.languages else ""


def _votes(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(visits.VOTED, "").split()


def _vote_of(request: HttpRequest, key: str) -> str:
    """How this browser voted on it: "yes", "no", or nothing yet."""
    told = _votes(request)
    return "yes" if f"{key}+" in told else "no" if f"{key}-" in told else ""


def _cached(request: HttpRequest, name: str, media: str, make: Callable[[], str]) -> HttpResponse:
    """A document for programs: may be kept an hour by anybody, and is not sent again while nothing changed."""
    changed = public.changed_at()
    tag = quote_etag(f"{name}:{changed.timestamp() if changed else 0}")
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(make(), content_type=f"{media}; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = tag, "public, max-age=3600"
    if changed:
        answer["Last-Modified"] = http_date(changed.timestamp())
    return answer


def _absolute(name: str, *args: str) -> str:
    return settings.BASE_URL + reverse(name, args=args)
