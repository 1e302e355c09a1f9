"""The pages of the form. Whatever is typed is kept before it is judged, so that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.doors.portal import allowance, guess, helping, known, machine, questions, telling, uploads, visits
from makegood.doors.portal.forms import Page
from makegood.doors.portal.questions import Step
from makegood.lib.texts import in_language
from makegood.life.intake import drafts
from makegood.life.intake.models import FormDraft
from makegood.life.knowledge.public import Line
from makegood.life.problems.offering import Offer
from makegood.life.statuspage import snapshot


@require_GET
@visits.page
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what to have at hand, what not to send."""
    draft = unsent(request)
    language = get_language() or "en"
    troubles = [in_language(titles, language) for titles in snapshot.trouble_titles()]
    context = {"has_draft": draft is not None and bool(draft.data), "troubles": troubles}
    answer = render(request, "portal/start.html", context)
    answer["Accept-CH"] = machine.HINTS_WANTED
    return answer


@require_http_methods(["GET", "POST"])
@visits.page
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """One question."""
    one = questions.BY_SLUG.get(slug)
    if one is None:
        raise Http404
    return _take(request, one) if request.method == "POST" else _ask(request, one, unsent(request))


@require_POST
@visits.page
def autosave(request: HttpRequest) -> HttpResponse:
    """What has been typed so far, sent by the browser every few seconds."""
    answer = HttpResponse(status=204)
    kept = _keep(request, answer)
    return answer if kept else HttpResponse(status=429)


@require_POST
@visits.page
def forget(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    draft = unsent(request)
    if draft is not None:
        drafts.forget(draft)
    answer = redirect("portal:start")
    answer.delete_cookie(visits.DRAFT)
    return answer


@require_GET
@visits.page
def later(request: HttpRequest) -> HttpResponse:
    """Saved; how to come back."""
    return render(request, "portal/report/later.html", {"draft": unsent(request)})


def unsent(request: HttpRequest) -> FormDraft | None:
    """The draft in hand that has not been sent yet."""
    draft = visits.draft_of(request, now=timezone.now())
    return draft if draft and draft.report_id is None else None


def _take(request: HttpRequest, one: Step) -> HttpResponse:
    moved = HttpResponse(status=303)
    draft = _keep(request, moved)
    data = {**(draft.data if draft else {}), **telling.kept(request.POST.dict())}
    if "known" in request.POST and draft:
        return _known(moved, data)
    if "helped" in request.POST and draft:
        return _helped(request, moved, draft, one)
    form = _form(one, data, bound=True)
    refused = (
        [] if draft else [_("Too many forms were started from your network just now. Wait a minute, then continue.")]
    )
    if draft and request.FILES:
        refused = uploads.add(request, draft)
    if refused or not form.is_valid():
        answer = _ask(request, one, draft, form=form, refused=refused)
        for name, morsel in moved.cookies.items():
            answer.cookies[name] = morsel
        answer.status_code = 422 if draft else 429
        return answer
    moved["Location"] = _next_address(request, one, data)
    return moved


def _known(moved: HttpResponse, data: dict[str, str]) -> HttpResponse:
    """The reporter said which known error it is: all that is left to say is how to reach them. Or that it is none."""
    is_one = data["known"] != known.NONE
    moved["Location"] = redirect("portal:step", "reach" if is_one else "kind").url
    return moved


def _helped(request: HttpRequest, moved: HttpResponse, draft: FormDraft, one: Step) -> HttpResponse:
    """An article solved it, or did not: then it is not shown again, and the same page goes on."""
    moved["Location"] = redirect("portal:step", one.slug).url
    kept = helping.told(request, moved, draft.data)
    if kept:
        drafts.save(draft, kept, at=timezone.now())
    return moved


def _keep(request: HttpRequest, answer: HttpResponse) -> FormDraft | None:
    """Save what came into the draft in hand, or into a new one; None when this address has started too many."""
    now, draft = timezone.now(), unsent(request)
    if draft is None:
        begun = allowance.begin_draft(request, now=now)
        if begun is None:
            return None
        draft, secret = begun
        visits.hold_draft(answer, secret)
    return drafts.save(draft, telling.kept(request.POST.dict()), at=now)


def _next_address(request: HttpRequest, one: Step, data: dict[str, str]) -> str:
    if "leave" in request.POST:
        return redirect("portal:later").url
    if "add" in request.POST:
        return redirect("portal:step", one.slug).url
    if request.POST.get("back_to") == "check":
        return redirect("portal:check").url
    after = questions.neighbours(one, data)[1]
    return (redirect("portal:step", after.slug) if after else redirect("portal:check")).url


def _form(one: Step, data: dict[str, str], *, bound: bool = False) -> Page:
    more = {"category": data.get("category", "")} if one.slug == "more" else {}
    return one.form(data, **more) if bound else one.form(initial=data, **more)


def _ask(
    request: HttpRequest,
    one: Step,
    draft: FormDraft | None,
    *,
    form: Page | None = None,
    refused: list[str] | None = None,
) -> HttpResponse:
    data = dict(draft.data) if draft else {}
    if one.slug == "where":
        data = {**machine.of(request), **{name: value for name, value in data.items() if value}}
    before, _after, place, count = questions.neighbours(one, data)
    form = form or _form(one, data)
    is_early = one.slug in ("what", "kind")
    offers = known.offers(data, now=timezone.now()) if is_early else []
    articles = helping.offers(data) if is_early and not data.get("known") else []
    is_folded = one.slug == "kind" and _were_offered(data, [*offers, *articles])
    context: dict[str, Any] = {
        "step": one,
        "form": form,
        "before": before,
        "place": place,
        "count": count,
        "refused": refused or [],
        "files": list(draft.files.all()) if draft else [],
        "limit_mb": settings.UPLOAD_MAX_BYTES // 1_000_000,
        "back_to": request.POST.get("back_to") or request.GET.get("back_to", ""),
        "offers": offers,
        "articles": articles,
        "is_folded": is_folded,
        "kinds": guess.arrange(form, data.get("what", ""), get_language(), now=timezone.now())
        if one.slug == "kind"
        else None,
    }
    answer = render(request, one.template, context)
    helping.shown(request, answer, [] if is_folded else articles)
    return answer


def _were_offered(data: dict[str, str], lines: Sequence[Offer | Line]) -> bool:
    """Whether the page before has shown all of them: then they are folded and do not push the question down."""
    return bool(lines) and {line.key for line in lines} <= set(data.get("offered", "").split())
