"""Articles beside a report and beside a call: what may answer it, linked with one key, and its words in the reply."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console import compose_form
from makegood.doors.console.casework import actor, find, seeker, with_toast
from makegood.doors.console.gate import is_fragment, needs
from makegood.life.knowledge import access, linking, rendering, using
from makegood.life.knowledge.models import Article, Wording
from makegood.life.reports import conversation
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report
from makegood.life.updates import scripts

LONGEST = 200


@needs("report.view")
@require_safe
def at_report(request: HttpRequest, number: str) -> HttpResponse:
    """What answers the report and what may; with ``q`` what fits other words. A page of its own without scripts."""
    report = find(request, number)
    context = _beside(request, report)
    if context["words"] and request.method == "GET":
        found = len(context["offered"])
        using.searched(context["words"], get_language() or "en", door=using.CONSOLE, found=found, at=timezone.now())
    template = "console/knowledge/_beside.html" if is_fragment(request) else "console/knowledge/beside.html"
    return render(request, template, context)


@needs("report.view", post="article.link")
@require_POST
def act(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """link, unlink, ``words``: link it and put what to do into the reply, ``address``: the same with its address."""
    report, article = find(request, number), access.access_article(seeker(request), key)
    agent, now, deed = seeker(request), timezone.now(), request.POST.get("do", "link")
    if deed not in ("link", "unlink", "words", "address"):
        raise NotFound(deed)
    if deed == "unlink":
        linking.unlink(article, report, by=agent, at=now)
        return _answer(request, report, _("%s no longer answers it.") % article, now=now)
    linking.link(article, report, by=agent, at=now)
    if deed == "link" or not agent.may("report.reply"):
        return _answer(request, report, _("%s answers it.") % article, now=now)
    body = _with_words(request, report, article, with_address=deed == "address")
    return _answer(request, report, _("%s is in your reply. Read it before you send it.") % article, now=now, body=body)


@needs("report.take_by_phone")
@require_POST
def on_phone(request: HttpRequest) -> HttpResponse:
    """What may answer the words typed so far, while somebody is on the phone."""
    words, language = request.POST.get("what", "")[:4_000], get_language() or "en"
    found = linking.like(seeker(request), words, language) if len(words.split()) > 1 else []
    return render(request, "console/knowledge/_phone.html", {"offered": [_shown(one) for one in found]})


def _beside(request: HttpRequest, report: Report) -> dict[str, Any]:
    agent, words = seeker(request), " ".join(request.GET.get("q", "").split())[:LONGEST]
    there = linking.linked_to(agent, report)
    known = {one.article_id for one in there}
    language = report.language
    found = linking.like(agent, words, language, most=8) if words else linking.suggested(agent, report)
    return {
        "report": report,
        "linked": [_shown(one) for one in there],
        "offered": [_shown(one) for one in found if one.article_id not in known],
        "words": words,
        "may_reply": agent.may("report.reply"),
        "may_write": agent.may("article.write"),
    }


def _shown(wording: Wording) -> dict[str, Any]:
    return {
        "wording": wording,
        "article": wording.article,
        "summary": rendering.summary(wording, longest=140),
        "said": rendering.said(wording),
        "url": linking.address(wording),
    }


def _with_words(request: HttpRequest, report: Report, article: Article, *, with_address: bool) -> str:
    """The reply so far with the article in it: where a script says {{ article }}, else behind what is typed."""
    wording = linking.wordings([article], report.language)[0]
    address = linking.address(wording)
    known = scripts.known_values(report, by=actor(request))
    words = scripts.fill(rendering.said(wording), known)
    added = _("You find what to do here: %s") % address if with_address and address else words
    typed = request.POST.get("body", "").strip()
    filled = scripts.fill(typed, {**known, "article": words, "article_link": address})
    return filled if filled != scripts.fill(typed, known) else f"{typed}\n\n{added}".strip()


def _answer(
    request: HttpRequest, report: Report, words: str, *, now: datetime, body: str | None = None
) -> HttpResponse:
    """The list anew, and the composer with the words in it; without scripts the draft brings them back."""
    if not is_fragment(request):
        if body is not None:
            conversation.save_draft(report, seeker(request), body, is_internal=False, at=now)
        return redirect("console:report", number=report.pk)
    context = _beside(request, report)
    if body is not None:
        context = compose_form.composer_context(seeker(request), report, now=now, request=request) | context
        context |= {"body": body, "is_note": False, "take_focus": True, "with_composer": True}
        context["next_value"] = request.POST.get("next_at") or context["next_value"]
        context["seen"] = request.POST.get("seen") or context["seen"]
    return with_toast(render(request, "console/knowledge/used.html", context), words)
