"""Writing an article: from nothing, a problem, a report or a search; in another language; with preview and autosave."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console import keeping
from makegood.doors.console.casework import find as find_report
from makegood.doors.console.casework import seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.knowledge.finding import address, find, picture_address
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.knowledge import actions, drafting, linking, rendering
from makegood.life.knowledge.drafting import Proposal
from makegood.life.knowledge.models import Article, ArticlePicture, Wording
from makegood.life.problems.access import access_problem
from makegood.life.reports.access import NotFound

LANGUAGES = dict(settings.LANGUAGES)
# field → label, lines, hint
FIELDS: tuple[tuple[str, Any, int, Any], ...] = (
    (
        "issue",
        gettext_lazy("What people see or ask"),
        6,
        gettext_lazy("In their words. Quotes begin with “>”; leave out what points to a person."),
    ),
    ("environment", gettext_lazy("Where it happens"), 3, gettext_lazy("Part, device, release; one a line.")),
    (
        "resolution",
        gettext_lazy("What to do"),
        9,
        gettext_lazy("Numbered steps. Until it is written, it is work in progress."),
    ),
    ("cause", gettext_lazy("Why it happens"), 3, gettext_lazy("Reporters read it too, once it is public.")),
    (
        "search_words",
        gettext_lazy("Other words people look for it by"),
        2,
        gettext_lazy("One a line: error messages, slips of the pen, words of other countries."),
    ),
)


@needs("article.view", post="article.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new article. ``problem``, ``report`` or ``words`` in the address say what it begins from."""
    agent, wrong = seeker(request), dict[str, Any]()
    begun = _begun(request)
    language = _language(request, begun.language)
    if request.method == "POST":
        try:
            now = timezone.now()
            article = actions.write(request.POST.dict(), by=agent, at=now, language=language, **begun.facts)
            _follow(request, article, language)
            answer = went(request, address(article, language), _("%s is written. Colleagues find it now.") % article)
            return keeping.told_of(answer, _kept_new(begun))
        except Refusal as refusal:
            wrong = _wrong(refusal)
    texts = begun.texts
    kept = actions.draft_of(agent, None, language) if not any(texts.values()) else None
    context = _form(request, texts=kept.texts if kept else texts, language=language) | {
        "begun": begun,
        "source": _source(begun),
        "is_kept": kept is not None,
        "keep_url": _kept_new(begun),
        **wrong,
    }
    return render(request, "console/knowledge/edit.html", context, status=422 if wrong else 200)


@needs("article.view", post="article.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Change the words of one language, or add it."""
    article, agent, wrong = find(request, key), seeker(request), dict[str, Any]()
    if language not in LANGUAGES:
        raise NotFound(language)
    wording = Wording.objects.filter(article=article, language=language).first()
    if request.method == "POST":
        try:
            _save(request, article, wording, language)
            return keeping.told_of(went(request, address(article, language), _("Saved.")), _kept_at(article, language))
        except actions.Conflict as conflict:
            wording = Wording.objects.get(article=article, language=language)
            wrong = slip(conflict, {}, "") | {"theirs": _differing(request, wording)}
        except Refusal as refusal:
            wrong = _wrong(refusal)
    kept = actions.draft_of(agent, article, language)
    saved = rendering.texts_of(wording) if wording else dict.fromkeys(Wording.TEXTS, "")
    original = Wording.objects.filter(article=article, language=article.language).exclude(language=language).first()
    context = _form(request, texts=kept.texts if kept else saved, language=language) | {
        "article": article,
        "wording": wording,
        "version": _version(wording, kept, wrong),
        "keep_url": _kept_at(article, language),
        "is_kept": kept is not None,
        "original": original,
        "original_parts": rendering.parts(rendering.texts_of(original), picture=lambda _key: "") if original else [],
        "pictures": list(ArticlePicture.objects.filter(article=article).order_by("id")),
        "may_edit": agent.may("article.publish" if article.is_shown else "article.write"),
        **wrong,
    }
    return render(request, "console/knowledge/edit.html", context, status=422 if wrong else 200)


@needs("article.write")
@require_POST
def keep(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Keep what is being typed."""
    article, told = find(request, key), request.POST
    if language not in LANGUAGES:
        raise NotFound(language)
    version = whole_number(told.get("version", "")) or 0
    actions.save_draft(seeker(request), article, language, told.dict(), at=timezone.now(), of_version=version)
    return HttpResponse(status=204)


@needs("article.write")
@require_POST
def keep_new(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed of an article there is not yet."""
    language = _language(request, "en")
    actions.save_draft(seeker(request), None, language, request.POST.dict(), at=timezone.now())
    return HttpResponse(status=204)


@needs("article.view")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What has been typed, as it will be read."""
    texts = {name: request.POST.get(name, "")[: actions.LONGEST[name]] for name in actions.LONGEST}
    keys = set(
        ArticlePicture.objects.filter(article__key=request.POST.get("key", "")[:16]).values_list("key", flat=True)
    )
    parts = rendering.parts(texts, picture=lambda key: picture_address(key) if key in keys else "")
    return render(request, "console/knowledge/preview.html", {"title": texts["title"], "parts": parts})


def _save(request: HttpRequest, article: Article, wording: Wording | None, language: str) -> None:
    told, by, now = request.POST, seeker(request), timezone.now()
    if wording is None:
        actions.translate(article, language, told.dict(), by=by, at=now)
        return
    actions.edit(
        wording,
        told.dict(),
        by=by,
        at=now,
        expected=whole_number(told.get("version", "")) or 0,
        why=told.get("why", ""),
        is_current=told.get("is_current", "1") == "1",
    )


def _begun(request: HttpRequest) -> Proposal:
    """What the article begins from. Raises NotFound, Protected."""
    asked, agent = request.GET, seeker(request)
    if asked.get("problem"):
        return drafting.from_problem(agent, access_problem(agent, asked["problem"][:30]), _language(request, "en"))
    if asked.get("report"):
        return drafting.from_report(find_report(request, asked["report"][:30]))
    if asked.get("words"):
        return drafting.from_search(asked["words"][:200], _language(request, get_language() or "en"))
    return Proposal(dict.fromkeys(Wording.TEXTS, ""), (get_language() or "en").split("-")[0])


def _follow(request: HttpRequest, article: Article, language: str) -> None:
    """What it was begun from is tied to it: the report it answers, the search it looks after."""
    now, by = timezone.now(), seeker(request)
    if article.report and by.may("article.link"):
        linking.link(article, article.report, by=by, at=now)
    if words := request.GET.get("words"):
        drafting.settle_search(words, language, article=article, by=by, at=now)


def _kept_at(article: Article, language: str) -> str:
    return reverse("console:article_keep", args=[article.key, language])


def _kept_new(begun: Proposal) -> str:
    """What is begun from one thing is not mixed with what was begun from another."""
    source = _source(begun)
    return reverse("console:article_keep_new") + (f"?{urlencode({'of': source})}" if source else "")


def _source(begun: Proposal) -> str:
    thing = begun.facts.get("problem") or begun.facts.get("report")
    return thing.number if thing else ""


def _form(request: HttpRequest, *, texts: dict[str, str], language: str) -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else texts
    return {
        "title_typed": typed.get("title", ""),
        "fields": [(name, label, lines, hint, typed.get(name, "")) for name, label, lines, hint in FIELDS],
        "language": language,
        "language_name": LANGUAGES.get(language, language),
        "languages": settings.LANGUAGES,
        "why": request.POST.get("why", ""),
        "keep_url": "",
    }


def _version(wording: Wording | None, kept: Any, wrong: dict[str, Any]) -> int:
    """The version the words on the form were written upon; after a conflict the person has seen the newest."""
    if wording is None:
        return 0
    return kept.of_version if kept and kept.of_version and not wrong.get("theirs") else wording.version


def _differing(request: HttpRequest, wording: Wording) -> list[dict[str, str]]:
    labels = {"title": _("Title"), **{name: str(label) for name, label, *_more in FIELDS}}
    mine = {name: request.POST.get(name, "").strip() for name in labels}
    return [
        {"label": label, "theirs": getattr(wording, name), "mine": mine[name]}
        for name, label in labels.items()
        if mine[name] != getattr(wording, name)
    ]


def _wrong(refusal: Refusal) -> dict[str, Any]:
    return {
        "problem": str(refusal),
        "problem_at": f"a-{refusal.field}" if isinstance(refusal, actions.NeedsWords) else "",
    }


def _language(request: HttpRequest, otherwise: str) -> str:
    named = (request.POST.get("language") or request.GET.get("language", "")).split("-")[0]
    short = otherwise.split("-")[0]
    return named if named in LANGUAGES else short if short in LANGUAGES else "en"
