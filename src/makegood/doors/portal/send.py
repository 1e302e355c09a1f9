"""Check the answers, send, and be told the number and the promise."""

from __future__ import annotations

import logging
import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from makegood.doors.portal import allowance, known, summary, telling, visits
from makegood.doors.portal.telling import Problem
from makegood.lib.errors import Refusal
from makegood.lib.keys import public_key
from makegood.lib.texts import in_language
from makegood.life.intake import actions as intake
from makegood.life.intake import drafts
from makegood.life.intake.models import FormDraft
from makegood.life.knowledge import using
from makegood.life.promises.queries import next_news
from makegood.life.reports import access

log = logging.getLogger(__name__)
_KEY = re.compile(r"[0-9A-Za-z_-]{16,64}")


@require_GET
@visits.page
def check(request: HttpRequest) -> HttpResponse:
    """All answers, each with a way to change it."""
    draft = visits.draft_of(request, now=timezone.now())
    if draft is None:
        return redirect("portal:step", "what")
    if draft.report_id is not None:
        return redirect("portal:done", draft.report_id)
    return _show(request, draft)


@require_POST
@visits.page
def send(request: HttpRequest) -> HttpResponse:
    """File the report: from the draft, or from this POST alone. Twice gives the same number."""
    now = timezone.now()
    draft = visits.draft_of(request, now=now)
    if draft and draft.report_id and not _is_whole(request):
        return redirect("portal:done", draft.report_id)
    if draft and draft.report_id:
        draft = None
    data = {**(draft.data if draft else {}), **telling.kept(request.POST.dict())}
    found = telling.problems(data)
    if found:
        return _put_right(request, draft, data, found)
    if wait := allowance.report(request, now=now):
        return _put_right(request, draft, data, [_later(wait)], status=429)
    key = draft.idempotency_key if draft else _key_of(request)
    told = telling.told(data, key=key, language=get_language() or "en", zone=visits.told_zone(request))
    try:
        filed = intake.file(told, at=now, draft=draft)
    except intake.KeptUnfiled as kept:
        return render(request, "portal/report/kept.html", {"sentence": str(kept)}, status=202)
    except Refusal as no:
        return _put_right(request, draft, data, [Problem("what", "what", str(no))])
    answer = redirect("portal:done", filed.report.pk)
    answer.status_code = 303
    visits.open_report(request, answer, filed.token)
    using.report_sent(visits.help_of(request), at=now)
    return answer


@require_GET
@visits.page
def done(request: HttpRequest, number: int) -> HttpResponse:
    """The number, what happens next, and by when."""
    visit = visits.visit(request, number, now=timezone.now())
    category = visit.report.category
    context = {
        "report": visit.report,
        "contact": visit.contact,
        "name": _given_name(visit),
        "news": next_news(visit.report),
        "alternative": in_language(category.alternatives, get_language() or "en") if category else "",
        "category": in_language(category.reporter_names, get_language() or "en") if category else "",
    }
    return render(request, "portal/report/done.html", context)


def _given_name(visit: visits.Visit) -> str:
    """The name this form gave, never one we know from elsewhere: the address may have been a stranger's guess."""
    first = access.public_messages(visit.report, now=timezone.now()).values_list("name", flat=True).first() or ""
    return "" if first in (visit.contact.email, visit.contact.phone) else first


def _is_whole(request: HttpRequest) -> bool:
    """Whether this POST carries a report of its own rather than the word to send the draft."""
    return bool(request.POST.get("what", "").strip())


def _key_of(request: HttpRequest) -> str:
    given = request.POST.get("key", "")
    return given if _KEY.fullmatch(given) else public_key(32)


def _later(wait: float) -> Problem:
    sentence = _("Many reports come from your network just now. Nothing is lost: send again in %(n)s seconds.")
    return Problem("check", "", sentence % {"n": int(wait) + 1})


def _put_right(
    request: HttpRequest, draft: FormDraft | None, data: dict[str, str], found: list[Problem], *, status: int = 422
) -> HttpResponse:
    """Show the answers again with what must be put right; what came is in the draft before anything else."""
    now, secret = timezone.now(), ""
    if draft is None:
        begun = allowance.begin_draft(request, now=now)
        if begun is None:
            return render(
                request, "portal/report/check.html", {"rows": summary.rows(data), "problems": found}, status=429
            )
        draft, secret = begun
    draft = drafts.save(draft, telling.kept(data), at=now)
    answer = _show(request, draft, found)
    answer.status_code = status
    if secret:
        visits.hold_draft(answer, secret)
    return answer


def _show(request: HttpRequest, draft: FormDraft, found: list[Problem] | None = None) -> HttpResponse:
    rows = summary.rows(draft.data)
    context = {
        "rows": rows,
        "left_open": [row for row in rows if not row.value],
        "files": list(draft.files.all()),
        "problems": found or [],
        "chosen": known.chosen(draft.data),
        "key": draft.idempotency_key,
    }
    return render(request, "portal/report/check.html", context)
