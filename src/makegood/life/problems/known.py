"""Is this known? What a report is compared by, and the problems and reports most like it, best first, with the reason.

The index is ``engine.similar``; here stands what of a report or problem goes into it, and who may see a hit. Nothing is
ever joined because texts are alike: this suggests, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from makegood.engine import similar as index
from makegood.engine.similar import Document, Hit, Question, Reasons
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Membership, Problem, about
from makegood.life.problems.queries import membership_of
from makegood.life.reports import states
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import LedgerEntry, Report

REPORT, PROBLEM = "report", "problem"
MOST_WORDS = 6_000
# On the scale of ``engine.similar`` 0 is neither known nor new, 12 the same words a moment ago. An agent judges for
# themselves; what customers are offered is above what 19 of 20 new reports reach (bench/README.md, "Likeness").
LIKELY, OFFERED = 0.0, 4.0


@dataclass(frozen=True)
class Suggestion:
    """A problem, or a report that belongs to none; why it is suggested. ``score`` compares between questions."""

    problem: Problem | None
    report: Report | None
    score: float
    votes: int
    reasons: Reasons

    @property
    def number(self) -> str:
        thing = self.problem or self.report
        return thing.number if thing else ""


def like(seeker: Agent, report: Report, *, now: datetime, most: int = 8) -> list[Suggestion]:
    """Problems and reports like a report, for a seeker: nothing they may not see is shown, or votes."""
    own = Membership.objects.filter(report=report, left_at=None).values_list("problem_id", flat=True).first()
    hits = index.similar(question_of(report), now=now, k=4 * most, kinds=(REPORT, PROBLEM), visible=_visible_to(seeker))
    return [one for one in _suggestions(hits) if not (one.problem and one.problem.pk == own)][:most]


def like_words(seeker: Agent, words: str, *, now: datetime, most: int = 5, **facets: str) -> list[Suggestion]:
    """The same for words somebody is typing; ``facets`` as known so far: category (slug), component (slug), page."""
    if len(words.split()) < 2:
        return []
    title, text = _split(words)
    question = Question(title=title, text=text, facets={name: value for name, value in facets.items() if value})
    hits = index.similar(question, now=now, k=4 * most, kinds=(REPORT, PROBLEM), visible=_visible_to(seeker))
    return _suggestions(hits)[:most]


def problems_like(
    question: Question, among: Iterable[int], *, now: datetime, most: int = 3
) -> list[tuple[int, float, Reasons]]:
    """Of the problems ``among`` (ids), those like ``question``: (id, score, reasons), best first.

    Their member reports vote for them; what these say is compared, never shown.
    """
    wanted = set(among)
    if not wanted:
        return []
    clusters = {about(pk): pk for pk in wanted}
    hits = index.similar(question, now=now, k=60, kinds=(REPORT, PROBLEM))
    best: dict[int, tuple[float, Reasons]] = {}
    for hit in hits:
        pk = clusters.get(hit.cluster)
        if pk is None or hit.score < OFFERED or not _is_worth_showing(hit):
            continue
        if pk not in best or hit.score > best[pk][0]:
            best[pk] = (hit.score, hit.reasons)
    ranked = sorted(best.items(), key=lambda one: -one[1][0])
    return [(pk, score, reasons) for pk, (score, reasons) in ranked][:most]


def question_of_words(words: str, **facets: str) -> Question:
    """What somebody wrote, as a question; ``facets``: category, component, page as far as known."""
    title, text = _split(words)
    return Question(title=title, text=text, facets={name: value for name, value in facets.items() if value})


def question_of(report: Report) -> Question:
    """A report as a question to the index."""
    document = _document(report, _said(report.pk), "")
    return Question(
        title=document.title,
        text=document.text,
        facets=document.facets,
        context=document.context,
        own=(REPORT, report.pk),
    )


# What goes into the index: reactions, at least once, idempotent.


def index_report(entry: LedgerEntry, _now: datetime) -> None:
    """On words of the reporter, and on what a report is compared by: make it comparable as it is now."""
    if entry.report is not None and (entry.kind != "message.said" or entry.actor_kind == "contact"):
        put_report(entry.report)


def index_problem(entry: LedgerEntry, _now: datetime) -> None:
    """On what is written of a problem."""
    problem = Problem.objects.filter(pk=entry.data.get("problem")).select_related("category").first()
    if problem is not None:
        put_problem(problem)


def regroup(entry: LedgerEntry, _now: datetime) -> None:
    """On joining and leaving: a report votes for the problem it belongs to."""
    if entry.report is not None:
        row = Membership.objects.filter(report=entry.report, left_at=None).values_list("problem_id", flat=True).first()
        index.regroup(REPORT, [entry.report.pk], cluster=about(row) if row else "")


def put_report(report: Report) -> bool:
    """Index one report by its title, what its reporter said and what is known of the machine; spam leaves."""
    if report.close_reason == "spam":
        return index.remove(REPORT, report.pk)
    row = membership_of(report)
    return index.put(_document(report, _said(report.pk), about(row.problem_id) if row else ""))


def put_problem(problem: Problem) -> bool:
    """Index one problem by its words, internal and public; one merged into another leaves."""
    if problem.merged_into_id:
        return index.remove(PROBLEM, problem.pk)
    return index.put(_document_of_problem(problem))


def index_all(*, batch: int = 2_000) -> int:
    """Index every report and problem anew; how many there are."""
    count = 0
    with index.rebuilding():
        last = 0
        while reports := list(_rows(last, batch)):
            members = dict(
                Membership.objects.filter(report__in=[one.pk for one in reports], left_at=None).values_list(
                    "report_id", "problem_id"
                )
            )
            said = _said_of([one.pk for one in reports])
            index.put_new(
                _document(one, said.get(one.pk, ""), about(members[one.pk]) if one.pk in members else "")
                for one in reports
                if one.close_reason != "spam"
            )
            last, count = reports[-1].pk, count + len(reports)
        problems = list(Problem.objects.filter(merged_into=None).select_related("category"))
        index.put_new(_document_of_problem(problem) for problem in problems)
    return count + len(problems)


def understand_all() -> Iterator[int]:
    """Let the sentence model read each report and problem that it has not read, newest first: how many, ever so often.

    Each is a transaction of its own: stopped at any moment, what was read stays.
    """
    done = 0
    before: int | None = None
    while some := index.not_understood(before=before):
        reports = Report.objects.in_bulk([ref for _place, kind, ref in some if kind == REPORT])
        problems = Problem.objects.select_related("category").in_bulk(
            [ref for _place, kind, ref in some if kind == PROBLEM]
        )
        for _place, kind, ref in some:
            if kind == REPORT and ref in reports:
                put_report(reports[ref])
            elif kind == PROBLEM and ref in problems:
                put_problem(problems[ref])
        done, before = done + len(some), some[-1][0]
        yield done


# The parts.


def _suggestions(hits: list[Hit]) -> list[Suggestion]:
    """Hits as problems and reports: members of one problem become that problem, once, with its best reasons."""
    problem_ids = {int(hit.cluster.partition(":")[2]) for hit in hits if hit.cluster}
    problem_ids |= {hit.ref for hit in hits if hit.kind == PROBLEM}
    problems = Problem.objects.select_related("team", "owner").in_bulk(problem_ids)
    reports = Report.objects.select_related("contact", "organisation", "category").in_bulk(
        [hit.ref for hit in hits if hit.kind == REPORT and not hit.cluster]
    )
    found: dict[tuple[str, int], Suggestion] = {}
    for hit in hits:
        if not _is_worth_showing(hit):
            continue
        number = hit.ref if hit.kind == PROBLEM else int(hit.cluster.partition(":")[2]) if hit.cluster else 0
        key = (PROBLEM, number) if number else (REPORT, hit.ref)
        problem, report = problems.get(number), reports.get(hit.ref) if not number else None
        if key not in found and (problem or report):
            found[key] = Suggestion(problem, report, hit.score, hit.votes, hit.reasons)
    return list(found.values())


def _is_worth_showing(hit: Hit) -> bool:
    """One common word is no reason: it takes what a machine said, two words, or a word and the same kind or place."""
    why = hit.reasons
    return hit.score >= LIKELY and bool(why.signatures or len(why.words) >= 2 or (why.words and why.facets))


def _visible_to(seeker: Agent) -> Callable[[list[tuple[str, int]]], set[tuple[str, int]]]:
    def visible(refs: list[tuple[str, int]]) -> set[tuple[str, int]]:
        reports = visible_reports(seeker).filter(pk__in=[ref for kind, ref in refs if kind == REPORT])
        problems = visible_problems(seeker).filter(pk__in=[ref for kind, ref in refs if kind == PROBLEM])
        seen = {(REPORT, pk) for pk in reports.order_by().values_list("pk", flat=True)}
        hidden = set(
            Membership.objects.filter(report__in=[pk for _kind, pk in seen], left_at=None, problem__is_protected=True)
            .exclude(problem__in=visible_problems(seeker).order_by().values("pk"))
            .values_list("report_id", flat=True)
        )
        return {one for one in seen if one[1] not in hidden} | {
            (PROBLEM, pk) for pk in problems.order_by().values_list("pk", flat=True)
        }

    return visible


def _split(words: str) -> tuple[str, str]:
    """The first line or sentence as the title, and everything as the text."""
    first = words.strip().split("\n", 1)[0]
    return first[:200], words[:MOST_WORDS]


def _document(report: Report, said: str, cluster: str) -> Document:
    environment = report.environment or {}
    facets = {
        "category": f"{report.category_id or ''}",
        "component": f"{report.component_id or ''}",
        "page": str(environment.get("page", ""))[:200],
        "kind": "question" if report.kind == states.QUESTION else "",
    }
    return Document(
        kind=REPORT,
        ref=report.pk,
        title=report.title,
        text=said,
        created_at=report.received_at,
        cluster=cluster,
        facets={name: value for name, value in facets.items() if value},
        context=" ".join(str(environment.get(name, "")) for name in ("browser", "os", "device", "release")).strip(),
    )


def _document_of_problem(problem: Problem) -> Document:
    public = [*problem.public_titles.values(), *problem.public_texts.values()]
    parts = [problem.symptom, *problem.signatures, *public, problem.workaround]
    facets = {"category": f"{problem.category_id or ''}"}
    return Document(
        kind=PROBLEM,
        ref=problem.pk,
        title=problem.title,
        text="\n".join(part for part in parts if part)[:MOST_WORDS],
        created_at=problem.last_joined_at or problem.opened_at,
        cluster=problem.about,
        facets={name: value for name, value in facets.items() if value},
    )


def _said(report: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS + " AND report_id = %s ORDER BY id", [SYSTEM.kind, report])
        return "\n".join(body for (_pk, body) in cursor.fetchall())[:MOST_WORDS]


_WORDS = (
    "SELECT report_id, body FROM reports_message WHERE withdrawn_at IS NULL AND NOT is_internal"
    " AND said_by <> %s AND said_by <> 'agent'"
)


def _said_of(reports: list[int]) -> dict[int, str]:
    marks = ", ".join(["%s"] * len(reports))
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"{_WORDS} AND report_id IN ({marks}) ORDER BY report_id, id", [SYSTEM.kind, *reports])  # noqa: S608 - placeholders only
        for pk, body in cursor.fetchall():
            found.setdefault(pk, []).append(body)
    return {pk: "\n".join(bodies)[:MOST_WORDS] for pk, bodies in found.items()}


def _rows(after: int, batch: int) -> Any:
    return Report.objects.filter(pk__gt=after).order_by("pk")[:batch]
