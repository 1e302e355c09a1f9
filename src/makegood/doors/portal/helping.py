"""Articles offered while a reporter writes: "this solved it" ends it well, "did not help" takes it away, and the words
typed so far are kept either way."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from makegood.doors.portal import help as pages
from makegood.doors.portal import visits
from makegood.life.knowledge import public, using
from makegood.life.knowledge.public import Line

SOLVED, NOT = "solved:", "not:"


def offers(data: Mapping[str, str]) -> list[Line]:
    """Articles the answers of a draft may be about, without those that did not help."""
    return public.suggest(data.get("what", ""), _language(), besides=refused(data))


def refused(data: Mapping[str, str]) -> frozenset[str]:
    """The keys of articles that did not help this reporter."""
    return frozenset(data.get("unhelpful", "").split())


def told(request: HttpRequest, answer: HttpResponse, data: Mapping[str, str]) -> dict[str, str] | None:
    """What ``helped`` in a form says: counted, and what the draft keeps of it; None if it says nothing we know."""
    said, now = request.POST.get("helped", ""), timezone.now()
    is_solved = said.startswith(SOLVED)
    line = public.by_key(said.partition(":")[2][:16], _language()) if said.startswith((SOLVED, NOT)) else None
    if line is None:
        return None
    using.voted(line.id, line.language, door=using.FORM, helped=is_solved, at=now)
    if is_solved:
        using.said_solved(visits.help_of(request), at=now)
        answer["Location"] = redirect("portal:solved_by", line.key).url
        return {}
    return {"unhelpful": " ".join([*refused(data), line.key][-20:])}


def shown(request: HttpRequest, answer: HttpResponse, lines: list[Line]) -> None:
    """Count what was offered, once a page."""
    if lines:
        pages.help_shown(request, answer, [line.id for line in lines], _language(), door=using.FORM)


@require_GET
@visits.page
def solved_by(request: HttpRequest, key: str) -> HttpResponse:
    """Nothing was sent, what was typed is kept for a while, and it goes on from here if it was not solved after all."""
    line = public.by_key(key, _language())
    return render(
        request, "portal/help/solved.html", {"line": line, "draft": visits.draft_of(request, now=timezone.now())}
    )


def _language() -> str:
    return (get_language() or "en").split("-")[0]
