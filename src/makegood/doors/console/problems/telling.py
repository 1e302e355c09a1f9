"""Telling everybody: a text a language, looked at with exactly the people it reaches, sent with their number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import asks, seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.doors.console.problems import reach
from makegood.doors.console.problems.finding import find
from makegood.lib.errors import Refusal
from makegood.life.announcements import access, actions, people, queries, samples, texts
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.fixes.evidence import readiness
from makegood.life.learning import watching
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.access import NotFound
from makegood.life.updates import scripts

LANGUAGES = dict(settings.LANGUAGES)
KINDS = (
    (Announcement.NEWS, gettext_lazy("News"), gettext_lazy("Work goes on. Everybody is promised the next news.")),
    (
        Announcement.FIXED,
        gettext_lazy("It is fixed"),
        gettext_lazy("Their reports are solved, they are asked whether it works, and somebody follows up."),
    ),
)
SHOWN = 50


class NotACount(Refusal):
    """The number of reports was not typed."""


PLACES: dict[type[Refusal], str] = {
    actions.PeopleChanged: "send-count",
    NotACount: "send-count",
    actions.NeedsEvidence: "send-reason",
}


@needs("problem.announce")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str) -> HttpResponse:
    """The texts, begun from the scripts or from one's own draft. Saving leads to the look."""
    problem, agent, now, wrong = find(request, number), seeker(request), timezone.now(), {}
    access.check_may_tell(agent, problem)
    kind = _kind(request, problem)
    if request.method == "POST":
        try:
            draft = actions.save(
                problem,
                kind,
                {code: request.POST.get(f"text-{code}", "") for code in LANGUAGES},
                by=agent,
                at=now,
                next_news_at=typed_moment(request.POST.get("next_news", ""), now=now),
            )
            texts.check(draft.texts)
            return went(request, reverse("console:announcement", args=[draft.key]))
        except texts.BadText as bad:
            wrong = slip(bad, {}, f"text-{bad.language}")
        except Refusal as refusal:
            wrong = slip(refusal, {NotATime: "next-news"}, "")
    context = _writing(request, problem, kind, at=now) | wrong
    return render(request, "console/problems/tell.html", context, status=422 if wrong else 200)


@needs("problem.view", post="problem.announce")
@require_http_methods(["GET", "HEAD", "POST"])
def announcement(request: HttpRequest, key: str) -> HttpResponse:
    """A draft: whom it reaches and how it reads, and sending it. Later: how far it is and what came of it."""
    found, agent, now, wrong = access.access_announcement(seeker(request), key), seeker(request), timezone.now(), {}
    if request.method == "POST":
        try:
            sent = actions.send(
                found,
                by=agent,
                at=now,
                expected=_typed_count(request),
                whom=request.POST.get("whom", ""),
                reason=request.POST.get("reason", ""),
                asks=asks(request),
            )
            words = _("It goes out in ten minutes. Until then you can stop it.")
            return went(request, reverse("console:announcement", args=[sent.key]), words)
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "")
    if not found.is_draft:
        return render(request, "console/problems/announcement.html", _progress(request, agent, found))
    context = _look(request, agent, found, at=now) | {"told": request.POST} | wrong
    return render(request, "console/problems/announcement_look.html", context, status=422 if wrong else 200)


@needs("problem.announce")
@require_http_methods(["POST"])
def act(request: HttpRequest, key: str, deed: str) -> HttpResponse:
    """begin, stop, go-on, drop, or trial: a mail to oneself."""
    found, agent, now = access.access_announcement(seeker(request), key), seeker(request), timezone.now()
    here = reverse("console:announcement", args=[key])
    if deed == "begin":
        actions.begin_now(found, by=agent, at=now)
        return went(request, here, _("It goes out now."))
    if deed == "stop":
        actions.cancel(found, by=agent, at=now)
        return went(request, here, _("Stopped. Whoever has not been told hears nothing."))
    if deed == "go-on":
        moment = typed_moment(request.POST.get("next_news", ""), now=now)
        actions.go_on(found, by=agent, at=now, next_news_at=moment)
        return went(request, here, _("It goes on with those who have not been told."))
    if deed == "drop":
        actions.drop(found)
        return went(request, reverse("console:problem", args=[found.problem.number]), _("The draft is gone."))
    if deed == "trial":
        language = request.POST.get("language", "")
        mail = samples.send_test(found, language if language in LANGUAGES else agent.language, by=agent, at=now)
        return went(request, here, _("A trial is on its way to %s.") % mail.to_email)
    raise NotFound(deed)


@needs("problem.view", post="problem.join")
@require_http_methods(["POST"])
def settle(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Say whether a report that looks like a fixed problem is the same again, or something else."""
    problem, agent = find(request, number), seeker(request)
    row, came_back = watching.access_recurrence(agent, problem, pk), request.POST.get("same") == "1"
    watching.settle(row, came_back=came_back, by=agent.actor, at=timezone.now())
    words = _("It came back.") if came_back else _("%s is about something else.") % row.report.number
    return went(request, reverse("console:problem", args=[problem.number]), words)


def told(agent: Agent, problem: Problem) -> dict[str, Any]:
    """What the page of a problem shows of it: what came back, what was told, whether this agent may tell more."""
    return {
        "recurrences": watching.seen_again(agent, problem),
        "announcements": queries.told_about(agent, problem),
        "may_tell": access.may_tell(agent, problem) and not problem.merged_into_id,
    }


def _kind(request: HttpRequest, problem: Problem) -> str:
    wanted = request.POST.get("kind") or request.GET.get("kind", "")
    if wanted in dict(Announcement.KINDS):
        return wanted
    return Announcement.FIXED if problem.is_fixed else Announcement.NEWS


def _typed_count(request: HttpRequest) -> int:
    typed = request.POST.get("count", "").strip()
    if not typed.isdecimal() or len(typed) > 9:
        raise NotACount(_("Type how many reports it reaches."))
    return int(typed)


def _writing(request: HttpRequest, problem: Problem, kind: str, *, at: datetime) -> dict[str, Any]:
    agent = seeker(request)
    draft = queries.draft_of(agent, problem, kind)
    given = draft.texts if draft else texts.suggested(kind, by=agent.actor)
    if request.method == "POST":
        given = {code: request.POST.get(f"text-{code}", "") for code in LANGUAGES}
    everybody = people.reached(problem)
    reached = [person for person in everybody if person.is_told]
    news_at = (draft and draft.next_news_at) or actions.default_news_at(problem, at=at + actions.HELD)
    return {
        "fault": problem,
        "kind": kind,
        "kinds": KINDS,
        "draft": draft,
        "languages": [
            {
                "code": code,
                "name": _(name),
                "value": given.get(code, ""),
                "readers": sum(reach.language_of(one) == code for one in reached),
            }
            for code, name in LANGUAGES.items()
        ],
        "next_news": request.POST.get("next_news") or local_value(news_at),
        "reached": len(reached),
        "left_alone": reach.reasons(people.seen_by(agent, everybody)),
        "placeholders": [(name, scripts.PLACEHOLDERS[name]) for name in texts.ALLOWED],
        "under_way": queries.under_way(problem),
    }


def _look(request: HttpRequest, agent: Agent, found: Announcement, *, at: datetime) -> dict[str, Any]:
    problem = found.problem
    everybody = people.reached(problem)
    seen = people.seen_by(agent, everybody)
    reached = [person for person in everybody if person.is_told]
    ready = readiness(problem) if found.kind == Announcement.FIXED else None
    return {
        "fault": problem,
        "announcement": found,
        "count": people.counted(everybody, seen),
        "reach": reach.shown(request, agent, found, seen),
        "samples": [
            (_(LANGUAGES.get(one.language, one.language)), _(LANGUAGES.get(one.reads, one.reads)), one)
            for one in samples.samples(found, reached, [one for one in seen if one.is_told], by=agent, at=at)
        ],
        "ready": ready,
        "may_override": agent.may("problem.announce_untested"),
        "may_send": access.may_tell(agent, problem),
        "under_way": queries.under_way(problem),
    }


def _progress(request: HttpRequest, agent: Agent, found: Announcement) -> dict[str, Any]:
    only = request.GET.get("only", "")
    rows = access.visible_recipients(agent, found)
    if only in dict(Recipient.STATES):
        rows = rows.filter(state=only)
    elif only == reach.TO_CALL:
        rows = queries.to_be_called(rows)
    elif only in (Recipient.YES, Recipient.NO):
        rows = rows.filter(answer=only)
    before = request.GET.get("after", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(report_id__lt=int(before))
    shown = list(rows[: SHOWN + 1])
    mails = queries.mails_of(found, shown)
    progress = queries.progress(found)
    return {
        "fault": found.problem,
        "announcement": found,
        "progress": progress,
        "deliveries": queries.deliveries(found),
        "answers": queries.answered(found),
        "rows": [(one, mails.get(one.message_id or 0), reach.WHY.get(one.why, one.why)) for one in shown[:SHOWN]],
        "after": shown[SHOWN - 1].report_id if len(shown) > SHOWN else "",
        "only": only,
        "to_call": queries.to_be_called(found.recipients.all()).count(),
        "states": [
            *Recipient.STATES,
            (reach.TO_CALL, _("no mail arrives: call")),
            (Recipient.YES, _("it works")),
            (Recipient.NO, _("it does not work")),
        ],
        "texts": [(code, _(LANGUAGES.get(code, code)), words) for code, words in found.texts.items()],
        "may_tell": access.may_tell(agent, found.problem),
        "can_go_on": _can_go_on(found, progress),
    }


def _can_go_on(found: Announcement, progress: queries.Progress) -> bool:
    if found.is_under_way:
        return queries.is_stuck(found)
    if actions.has_come_back(found):
        return False
    return bool(progress.waiting or progress.failed)
