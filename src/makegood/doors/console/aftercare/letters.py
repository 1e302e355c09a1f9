"""Following up with many at once: one mail to everybody who waits for it, looked at before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import asks, seeker, slip
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import end_of_day
from makegood.doors.console.problems import finding
from makegood.lib.errors import Refusal
from makegood.lib.texts import in_language
from makegood.life.aftercare import bulk, calling
from makegood.life.aftercare.models import Resolution
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time
from makegood.life.reports.models import Report
from makegood.life.updates import actions as updates
from makegood.life.updates import scripts

LANGUAGES = dict(settings.LANGUAGES)
MOST_WORDS = 10_000
SHOWN = 20


class BadWords(Refusal):
    """The words in ``language`` cannot be sent as they are."""

    def __init__(self, language: str, why: str) -> None:
        self.language = language
        super().__init__(why)


class OthersNow(Refusal):
    """Other reports than those looked at wait for a follow-up now."""


@dataclass(frozen=True)
class Reach:
    """Whom it goes to: ``asked`` are asked by mail, ``thanked`` have said already that it works, ``left`` have none."""

    asked: QuerySet[Report]
    thanked: QuerySet[Report]
    left: QuerySet[Report]

    @property
    def ids(self) -> list[int]:
        rows = self.asked.values_list("pk", flat=True)[: bulk.AT_MOST + 1]
        return [*rows, *self.thanked.values_list("pk", flat=True)[: bulk.AT_MOST + 1]]


@needs("report.follow_up", post="report.bulk")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The words, how they read, whom they reach; and sending them."""
    agent, now, wrong = seeker(request), timezone.now(), {}
    number = request.GET.get("problem", "")
    problem = finding.find(request, number) if number else None
    reach = _reach(agent, problem, now)
    texts = _texts(request)
    samples: list[dict[str, Any]] = []
    try:
        ids = reach.ids
        samples = _samples(reach, texts, agent, now)
        if request.method == "POST" and request.POST.get("deed") == "send":
            if request.POST.get("count") != str(len(ids)):
                raise OthersNow(_("Meanwhile it reaches %d reports. Look at them, then send it.") % len(ids))
            run = bulk.start(agent, "follow_up", "mail", ids, at=now, texts=texts, asks=asks(request))
            return redirect("console:bulk", key=run.key)
    except BadWords as bad:
        wrong = slip(bad, {}, f"text-{bad.language}")
    except Refusal as refusal:
        wrong = slip(refusal, {}, "")
    context = {
        "fault": problem,
        "languages": [{"code": code, "name": _(name), "value": texts[code]} for code, name in LANGUAGES.items()],
        "samples": samples,
        "asked": reach.asked[:SHOWN],
        "asked_count": reach.asked.count(),
        "thanked_count": reach.thanked.count(),
        "left": reach.left[:SHOWN],
        "left_count": reach.left.count(),
        "total": len(reach.ids),
        "query": f"?problem={problem.number}" if problem else "",
        "may_send": agent.may("report.bulk"),
        **wrong,
    }
    return render(request, "console/aftercare/letters.html", context, status=422 if wrong else 200)


def _reach(agent: Agent, problem: Problem | None, now: datetime) -> Reach:
    if problem is not None:
        rows = calling.of_problem(agent, problem)
    else:
        due = calling.letters(calling.owed(agent, until=end_of_day(now))).order_by().values("report")
        rows = Report.objects.filter(pk__in=due, state="solved").select_related("contact", "category", "team")
        rows = rows.order_by("owed_at", "id")
    no_mail = Q(contact__email=None) | ~Q(contact__mail_problem="")
    agreed = Resolution.objects.filter(
        withdrawn_at=None, answer=Resolution.YES, report__in=rows.order_by().values("pk")
    )
    has_agreed = Q(pk__in=agreed.values("report"))
    return Reach(
        asked=rows.exclude(no_mail).exclude(has_agreed),
        thanked=rows.exclude(no_mail).filter(has_agreed),
        left=rows.filter(no_mail),
    )


def _texts(request: HttpRequest) -> dict[str, str]:
    """As typed, else the script of the moment."""
    if request.method == "POST":
        return {code: request.POST.get(f"text-{code}", "").strip() for code in LANGUAGES}
    try:
        script = scripts.choose("follow_up")
    except scripts.NoScript:
        return dict.fromkeys(LANGUAGES, "")
    return {code: script.bodies.get(code, "").strip() for code in LANGUAGES}


def _samples(reach: Reach, texts: dict[str, str], agent: Agent, now: datetime) -> list[dict[str, Any]]:
    """How it reads for the first of each language, exactly as it would leave. Raises BadWords."""
    if not any(texts.values()):
        raise BadWords("en", _("Write what they are asked, at least in one language."))
    found = []
    for code, name in LANGUAGES.items():
        if len(texts[code]) > MOST_WORDS:
            raise BadWords(code, _("At most %s characters.") % MOST_WORDS)
        try:
            scripts.check(texts[code])
        except scripts.UnknownPlaceholder as unknown:
            raise BadWords(code, str(unknown)) from None
        first = reach.asked.filter(language__startswith=code).first()
        if first is None:
            continue
        words = in_language({key: text for key, text in texts.items() if text}, first.language)
        next_at = promised_time(kinds.CONFIRM, first.severity, now, first.team)
        try:
            ready = updates.prepare(first, words, by=agent.actor, at=now, next_at=next_at, kind=kinds.CONFIRM)
        except Refusal as refusal:
            raise BadWords(code if texts[code] else "en", str(refusal)) from None
        found.append({"language": _(name), "report": first, "body": ready.body, "code": code})
    return found
