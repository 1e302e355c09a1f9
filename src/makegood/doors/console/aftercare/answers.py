"""The single answers behind the figures: score, reasons, words, and the report each belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.aftercare import period
from makegood.doors.console.aftercare.period import Chosen
from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.lib.texts import whole_number
from makegood.life.aftercare import results
from makegood.life.aftercare.models import Csat, Recovery
from makegood.life.people.models import Agent
from makegood.life.transfer import exports
from makegood.life.transfer.exporting import csv_lines

SHOWN = 30
AT_MOST = 10_000
SCORES = {
    "": gettext_lazy("All"),
    "top": gettext_lazy("4 and 5"),
    "middle": gettext_lazy("3"),
    "low": gettext_lazy("1 and 2"),
}
_VALUES = {"top": Csat.TOP, "middle": (3,), "low": Csat.LOW}


@dataclass(frozen=True)
class Answer:
    csat: Csat
    reasons: list[Any]
    recovery: Recovery | None


@needs("feedback.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    agent, now = seeker(request), timezone.now()
    chosen = period.chosen(request, now, **_more(request))
    called = period.names(get_language() or "en")
    rows = _rows(agent, chosen)
    before = whole_number(request.GET.get("before", ""))
    if before and (edge := Csat.objects.filter(pk=before).first()):
        rows = rows.filter(at__lte=edge.at).exclude(at=edge.at, pk__gte=edge.pk)
    shown = list(rows[: SHOWN + 1])
    context = {
        "chosen": chosen,
        "periods": period.PERIODS,
        "answers": told(shown[:SHOWN]),
        "after": chosen.query(by="", before=shown[SHOWN - 1].pk) if len(shown) > SHOWN else "",
        "filters": filters(chosen, called),
        "filtered": filtered(chosen, called),
        "scores": [(value, words, chosen.query(by="", score=value)) for value, words in SCORES.items()],
        "may_export": agent.may("report.export"),
        "query": chosen.query(by=""),
        "back": chosen.query(score="", said="", q="", reason=""),
        "reasons": Csat.REASONS,
    }
    return render(request, "console/aftercare/answers.html", context)


@needs("report.export")
@require_POST
def table(request: HttpRequest) -> HttpResponse:
    """The same as a table to take away, at most ten thousand; by POST, because it leaves a line in the audit."""
    agent, now = seeker(request), timezone.now()
    chosen = period.chosen(request, now, **_more(request))
    rows = list(_rows(agent, chosen)[:AT_MOST])
    exports.record_view(f"feedback {chosen.query(by='')}"[:400], len(rows), by=agent.actor, at=now)
    header = ("report", "at", "score", "reasons", "effort", "words", "category", "component", "team", "release")
    lines = (_cells(row) for row in rows)
    answer = HttpResponse("\ufeff" + "".join(csv_lines(header, lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="answers-{chosen.first}-{chosen.last}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def told(rows: Iterable[Csat]) -> list[Answer]:
    """Answers with their reasons in words and the recovery each asked for; one query more."""
    found = list(rows)
    recoveries, names = results.recoveries_of(found), dict(Csat.REASONS)
    return [Answer(row, [names[one] for one in row.reasons if one in names], recoveries.get(row.pk)) for row in found]


def filters(chosen: Chosen, called: dict[str, dict[int, str]]) -> list[dict[str, Any]]:
    """The choices of the form: a list a dimension."""
    labels = {
        results.CATEGORY: gettext_lazy("Category"),
        results.COMPONENT: gettext_lazy("Component"),
        results.TEAM: gettext_lazy("Team"),
    }
    found = [
        {"name": by, "label": label, "options": list(called[by].items()), "value": getattr(chosen.wanted, by)}
        for by, label in labels.items()
        if called[by]
    ]
    releases = results.releases(chosen.wanted)
    if releases:
        options = [(release, release) for release in releases]
        found.append(
            {"name": "release", "label": gettext_lazy("Release"), "options": options, "value": chosen.wanted.release}
        )
    return found


def filtered(chosen: Chosen, called: dict[str, dict[int, str]]) -> list[str]:
    """What the figures are narrowed to, in words."""
    found = [
        called[by].get(key, "")
        for by in (results.CATEGORY, results.COMPONENT, results.TEAM)
        if (key := getattr(chosen.wanted, by)) is not None
    ]
    return [*filter(None, found), *filter(None, [chosen.wanted.release])]


def _more(request: HttpRequest) -> dict[str, str]:
    given = request.GET
    score = given.get("score", "")
    reason = given.get("reason", "")
    return {
        "score": score if score in _VALUES else "",
        "said": "1" if given.get("said") == "1" else "",
        "reason": reason if reason in dict(Csat.REASONS) else "",
        "q": given.get("q", "").replace("\x00", "").strip()[:100],
    }


def _rows(agent: Agent, chosen: Chosen) -> QuerySet[Csat]:
    more = chosen.more
    rows = results.answers(agent, chosen.wanted, said=bool(more["said"]), find=more["q"], reason=more["reason"])
    return rows.filter(score__in=_VALUES[more["score"]]) if more["score"] else rows


def _cells(row: Csat) -> tuple[Any, ...]:
    survey = row.report.survey
    category, component, team = survey.category, survey.component, survey.team
    return (
        *(row.report.number, row.at, row.score, ", ".join(row.reasons), row.effort, row.words),
        category.slug if category else "",
        component.slug if component else "",
        team.name if team else "",
        survey.release,
    )
