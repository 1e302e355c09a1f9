"""Review, approval, publication, and taking the document with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.analyses.frame import address, back, find_rca, load
from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.gate import needs, zone_of
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.announcements import actions as announcements
from makegood.life.announcements.models import Announcement
from makegood.life.people.models import Agent
from makegood.life.rca import causes, document, drawing, review, writing
from makegood.life.rca.models import Rca
from makegood.life.reports.access import NotFound

RIGHTS = {
    "submit": "rca.edit",
    "hand": "rca.edit",
    "forget": "rca.edit",
    "approve": "rca.review",
    "send-back": "rca.review",
    "waive": "rca.waive",
    "publish": "rca.publish",
    "take-back": "rca.publish",
    "announce": "problem.announce",
}
PLACES: dict[str, str] = {"send-back": "back-reason", "take-back": "back-reason", "waive": "waive-reason"}


def _right(method: str, parts: dict[str, Any]) -> str:
    return RIGHTS.get(str(parts["deed"]), "") if method == "POST" else ""


@needs("rca.view", finer=_right)
@require_POST
def act(request: HttpRequest, number: str, deed: str) -> HttpResponse:
    """What moves it on or back; a "no" is said where it can be put right."""
    if deed not in DEEDS:
        raise NotFound(deed)
    rca = find_rca(request, number)
    try:
        return DEEDS[deed](request, rca)
    except review.Unanswered as refusal:
        return went(request, address(rca.problem) + f"?missing={refusal.field}#r-{refusal.field}", str(refusal))
    except (review.NeedsReason, review.OnlyWeakActions) as refusal:
        return _again(request, rca, refusal, PLACES.get(deed, "waive-reason"))


@needs("rca.view")
@require_safe
def export(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The document as Markdown or PDF, the causes as a picture or a list; the name of the file carries numbers only."""
    rca, agent = find_rca(request, number), seeker(request)
    if form not in FORMS:
        raise Http404(form)
    media_type, write = FORMS[form]
    answer = HttpResponse(write(rca, agent), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{rca.problem.number}-{rca.number}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _submit(request: HttpRequest, rca: Rca) -> HttpResponse:
    review.submit(rca, by=actor(request), at=timezone.now())
    return back(request, rca, _("It is with whoever reviews it now."), part="rca_document")


def _approve(request: HttpRequest, rca: Rca) -> HttpResponse:
    review.approve(rca, by=seeker(request), at=timezone.now())
    return back(request, rca, _("Approved, with your name."), part="rca_document")


def _send_back(request: HttpRequest, rca: Rca) -> HttpResponse:
    review.send_back(rca, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    return back(request, rca, _("It is a draft again."))


def _waive(request: HttpRequest, rca: Rca) -> HttpResponse:
    review.waive(rca, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    return back(request, rca, _("Signed, with your name and the reason."), part="rca_document")


def _publish(request: HttpRequest, rca: Rca) -> HttpResponse:
    review.publish(rca, by=actor(request), at=timezone.now())
    words = _("Published. The public may read the outward part.") if rca.public_texts else _("Published, for us alone.")
    return back(request, rca, words, part="rca_document")


def _hand(request: HttpRequest, rca: Rca) -> HttpResponse:
    key = whole_number(request.POST.get("owner", ""))
    person = Agent.objects.filter(pk=key, is_service=False).first() if key is not None else None
    if person is None:
        raise writing.CannotOwn(_("Choose somebody to hand it to."))
    writing.hand_to(rca, person, by=actor(request), at=timezone.now())
    return back(request, rca, _("%s has it now.") % person.name)


def _forget(request: HttpRequest, rca: Rca) -> HttpResponse:
    writing.forget_draft(rca, seeker(request))
    return back(request, rca, _("Your unsaved words are gone."))


def _announce(request: HttpRequest, rca: Rca) -> HttpResponse:
    """Begin a word to everybody with the outward part; it is looked at and sent as every other one."""
    texts, kind = dict(review.published_text(rca.problem)), Announcement.NEWS
    now = timezone.now()
    due = announcements.default_news_at(rca.problem, at=now + announcements.HELD)
    announcements.save(rca.problem, kind, texts, by=seeker(request), at=now, next_news_at=due)
    to = reverse("console:problem_tell", args=[rca.problem.number]) + f"?kind={kind}"
    return went(request, to, _("Begun with the outward part. Look at it before it leaves."))


def _again(request: HttpRequest, rca: Rca, refusal: Refusal, place: str) -> HttpResponse:
    agent, now = seeker(request), timezone.now()
    sheet = document.lay_out(rca, agent, language=agent.language, zone=zone_of(agent), now=now)
    context = load(request, rca, "document", now=now) | {"sheet": sheet} | slip(refusal, {}, place)
    return render(request, "console/analyses/document.html", context, status=422)


def _sheet(rca: Rca, agent: Agent) -> Any:
    return document.lay_out(rca, agent, language=agent.language, zone=zone_of(agent), now=timezone.now())


def _list(rca: Rca, agent: Agent) -> str:
    return "\n".join(drawing.as_list(causes.whole(rca))) + "\n"


DEEDS: dict[str, Callable[[HttpRequest, Rca], HttpResponse]] = {
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "take-back": _send_back,
    "waive": _waive,
    "publish": _publish,
    "hand": _hand,
    "forget": _forget,
    "announce": _announce,
}
FORMS: dict[str, tuple[str, Callable[[Rca, Agent], str | bytes]]] = {
    "md": ("text/markdown; charset=utf-8", lambda rca, agent: document.to_markdown(_sheet(rca, agent))),
    "pdf": ("application/pdf", lambda rca, agent: document.to_pdf(_sheet(rca, agent))),
    "svg": ("image/svg+xml", lambda rca, agent: document.to_svg(rca)),
    "txt": ("text/plain; charset=utf-8", _list),
}
