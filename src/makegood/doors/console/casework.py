"""What every act on a case shares: whose it is, and the answer afterwards.

With scripts the answer is the changed parts of the page and a toast; without, the page again with the words on top.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from makegood.doors.console import case_file
from makegood.doors.console.gate import is_fragment
from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.privacy import openings
from makegood.life.reports.access import access_report
from makegood.life.reports.models import Report
from makegood.life.updates.actions import UnclearTime

HEAD, STORY, COMPOSER, SIDE = "head", "story", "composer", "side"
LIVE = (HEAD, STORY, SIDE)


def seeker(request: HttpRequest) -> Agent:
    """Who knocks; the gate has let through nobody but agents."""
    assert isinstance(request.user, Agent)
    return request.user


def actor(request: HttpRequest) -> Actor:
    return seeker(request).actor


def find(request: HttpRequest, number: str) -> Report:
    """The report of the address, for this seeker; that they opened a protected one is kept. Raises NotFound."""
    report = access_report(seeker(request), number)
    openings.note(report, seeker(request), way="console", at=timezone.now())
    return report


def acted(
    request: HttpRequest, report: Report, words: str = "", *, undo: str = "", parts: Iterable[str] = LIVE, **more: Any
) -> HttpResponse:
    """The answer to an act on ``report``: what changed, ``words`` of what was done, and the address that undoes it."""
    if not is_fragment(request):
        if words:
            messages.success(request, words, extra_tags=undo)
        return redirect("console:report", number=report.pk)
    context = case_file.load(seeker(request), find(request, str(report.pk)), now=timezone.now(), request=request)
    answer = render(request, "console/report/parts.html", context | {"parts": list(parts), **more})
    return with_toast(answer, words, undo=undo)


def with_toast(answer: HttpResponse, words: str, *, undo: str = "") -> HttpResponse:
    """Let the browser say ``words`` at the foot of the page, with Undo where there is an address for it."""
    if words:
        answer["HX-Trigger"] = json.dumps({"toast": {"text": words, **({"undo": undo} if undo else {})}})
    return answer


def went(request: HttpRequest, to: str, words: str = "", *, undo: str = "") -> HttpResponse:
    """Leave for another page after an act. With ``undo``, the address that takes it back, ``words`` become a toast."""
    if words:
        messages.success(request, words, extra_tags=undo)
    if is_fragment(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = to
        return answer
    return redirect(to)


def slip(refusal: Refusal, places: Mapping[type[Refusal], str], otherwise: str) -> dict[str, str]:
    """What a form says of ``refusal``: the sentence, and the field it is about by its kind, else ``otherwise``."""
    found = (place for kind, place in places.items() if isinstance(refusal, kind))
    doubt = {"doubt": "other" if refusal.promised else "final"} if isinstance(refusal, UnclearTime) else {}
    return {"problem": str(refusal), "problem_at": next(found, otherwise), **doubt}


def asks(request: HttpRequest) -> bool:
    """Whether the agent is still to be asked what a doubtful time in their words means."""
    return request.POST.get("times") != "kept"


def undo_address(report: Report, entry: Any) -> str:
    return reverse("console:report_undo", args=[report.pk, entry.pk]) if entry else ""
