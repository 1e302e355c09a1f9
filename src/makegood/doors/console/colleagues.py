"""Colleagues: what one was told, watching, handing over, who knows this, whom one can call while typing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console import happenings, keeping, meanwhile
from makegood.doors.console.casework import acted, actor, find, seeker, went
from makegood.doors.console.gate import needs, safe_next
from makegood.lib.errors import Refusal
from makegood.life.colleagues import handing, knowing, notices, watching
from makegood.life.colleagues.models import Notice
from makegood.life.people.models import Agent, Team
from makegood.life.problems.access import access_problem, visible_problems
from makegood.life.reports.access import visible_reports

MOST_SHOWN = 100


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("To"))
    note = forms.CharField(
        label=gettext_lazy("What they need to know"),
        help_text=gettext_lazy("What is done, what is next, what was promised. Only colleagues read it."),
        widget=forms.Textarea({"rows": 4}),
        max_length=20_000,
    )

    def __init__(self, *args: Any, me: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Agent.objects.filter(is_active=True, is_service=False).exclude(pk=me.pk).order_by("name")
        teams = Team.objects.filter(is_active=True).order_by("name")
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("choose")),
            (_("People"), [(f"agent:{pk}", name) for pk, name in people.values_list("pk", "name")]),
            (_("Teams"), [(f"team:{pk}", name) for pk, name in teams.values_list("pk", "name")]),
        ]

    def whom(self) -> dict[str, Any]:
        """``agent`` or ``team``, as the verb takes it."""
        kind, _colon, key = self.cleaned_data["to"].partition(":")
        return {kind: (Agent if kind == "agent" else Team).objects.get(pk=key)}


@needs("console.use")
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """What one was told lately, newest first; what one may no longer see is left out."""
    me = seeker(request)
    rows = list(
        Notice.objects.filter(agent=me).select_related("entry", "report", "problem").order_by("-id")[:MOST_SHOWN]
    )
    reports = set(
        visible_reports(me).filter(pk__in=[r.report_id for r in rows if r.report_id]).values_list("pk", flat=True)
    )
    problems = set(
        visible_problems(me).filter(pk__in=[r.problem_id for r in rows if r.problem_id]).values_list("pk", flat=True)
    )
    seen = [row for row in rows if row.report_id in reports or row.problem_id in problems]
    names = happenings.Names.for_entries([row.entry for row in seen])
    shown = [{"notice": row, "words": happenings.tell(row.entry, names)["words"]} for row in seen]
    context = {"rows": shown, "unread": notices.unread(me), "says_it_all": (Notice.UNHAPPY, Notice.CAME_BACK)}
    return render(request, "console/colleagues/told.html", context)


@needs("console.use")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Everything has been read."""
    notices.mark_read(seeker(request), at=timezone.now())
    return went(request, safe_next(request, "console:told"), _("All read."))


@needs("report.note")
@require_safe
def people(request: HttpRequest) -> JsonResponse:
    """Whom one can call with @, for choosing while one types."""
    kinds = {"person": "", "team": _("team"), "skill": _("skill")}
    rows = [{"handle": handle, "name": name, "kind": kinds[kind]} for handle, name, kind in notices.people_to_call()]
    return JsonResponse({"people": rows})


@needs("report.watch")
@require_POST
def watch_report(request: HttpRequest, number: str) -> HttpResponse:
    """Follow the report, or no longer."""
    report = find(request, number)
    if request.POST.get("stop") == "1":
        watching.unwatch(seeker(request), report)
        return acted(request, report, _("You no longer watch it."))
    watching.watch(seeker(request), report, at=timezone.now())
    return acted(request, report, _("You watch it: you hear of what happens here."))


@needs("report.watch")
@require_POST
def watch_problem(request: HttpRequest, number: str) -> HttpResponse:
    """Follow the problem, or no longer."""
    problem = access_problem(seeker(request), number)
    if request.POST.get("stop") == "1":
        watching.unwatch(seeker(request), problem)
        words = _("You no longer watch it.")
    else:
        watching.watch(seeker(request), problem, at=timezone.now())
        words = _("You watch it: you hear of what happens here.")
    return went(request, f"/console/problems/{problem.number}/", words)


@needs("report.hand_over")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Give the report to somebody else, with what they need to know."""
    report, me = find(request, number), seeker(request)
    kept, stale = keeping.opened(request, "hand-over", report), meanwhile.unseen(request, report)
    form = HandOverForm(request.POST if request.method == "POST" else None, me=me, initial=kept.told.dict())
    if request.method == "POST" and not stale and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            entry = handing.hand_over(report, by=actor(request), at=timezone.now(), note=note, **form.whom())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Handed over to %(name)s.") % {"name": entry.data["name"]}
            still_mine = visible_reports(me).filter(pk=report.pk).exists()
            answer = acted(request, report, words) if still_mine else went(request, "/console/queue/", words)
            return keeping.done(request, answer, "hand-over", report)
    context = {"report": report, "form": form, "kept": kept, **meanwhile.shown(report, kept.told, stale)}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "console/report/hand_over.html", context, status=status)


@needs("report.view")
@require_safe
def knows(request: HttpRequest, number: str) -> HttpResponse:
    """Who knows this: people who had a hand in reports like it."""
    report = find(request, number)
    found = knowing.who_knows(seeker(request), report, now=timezone.now())
    return render(request, "console/report/knows.html", {"report": report, "knowers": found})


@needs("problem.view")
@require_safe
def knows_problem(request: HttpRequest, number: str) -> HttpResponse:
    """The same of a problem: who had a hand in its reports, or in others of its kind."""
    problem = access_problem(seeker(request), number)
    found = knowing.who_knows_problem(seeker(request), problem, now=timezone.now())
    return render(request, "console/problem/knows.html", {"fault": problem, "knowers": found})


def after_note(body: str, thing: Any) -> str:
    """What to say of the handles in a note that was written: who was not told, and which mean nobody."""
    parts = [_("Note written.")]
    if names := notices.who_may_not_see(body, thing):
        parts.append(_("%(names)s may not see it and was not told.") % {"names": ", ".join(names)})
    if unknown := notices.called(body).unknown:
        parts.append(_("Nobody is called %(handles)s.") % {"handles": ", ".join(f"@{one}" for one in unknown)})
    return " ".join(parts)
