"""Is this known? The problems and reports most like a report, best first, with the reason.

The index is ``engine.similar``; ``comparable`` says what of a report or problem goes into it, here stands when it does
and who may see a hit. Nothing is ever joined because texts are alike: this suggests, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from makegood.engine import similar as index
from makegood.engine.similar import Hit, Question, Reasons
from makegood.lib import rows, signatures
from makegood.lib.signatures import Signature
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.problems.comparable import (
    COMPARED,
    PROBLEM,
    REPORT,
    document_of,
    document_of_problem,
    question_of,
    spoken_of,
)
from makegood.life.problems.models import Membership, Problem, about
from makegood.life.problems.queries import membership_of
from makegood.life.problems.thresholds import LIKELY, OFFERED
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import LedgerEntry, Report


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
    question = question_of(report)
    said = f"{question.title}\n{question.text}"
    hits = index.similar(question, now=now, k=4 * most, kinds=(REPORT, PROBLEM), visible=_visible_to(seeker))
    found = [one for one in _suggestions(hits) if not (one.problem and one.problem.pk == own)][:most]
    return _with_listed(found, said)


def like_question(seeker: Agent, question: Question, *, now: datetime, most: int = 5) -> list[Suggestion]:
    """The same for words somebody is typing (``comparable.question_of_words``); of a single word nothing is said."""
    if len(question.text.split()) < 2:
        return []
    hits = index.similar(question, now=now, k=4 * most, kinds=(REPORT, PROBLEM), visible=_visible_to(seeker))
    return _with_listed(_suggestions(hits)[:most], question.text)


def problems_like(
    question: Question, among: Mapping[int, Problem], *, now: datetime, most: int = 3, is_together: bool = False
) -> list[tuple[int, float, Reasons]]:
    """Of the problems ``among`` (id → problem), those like ``question``: (id, score, reasons), best first.

    Their member reports vote for them; what these say is compared, never shown. The reasons are those of the likest
    one, or (``is_together``) what any of them has in common with the question. Where an error message stands that
    colleagues wrote down for one of them, that one comes first, however little else is alike.
    """
    if not among:
        return []
    clusters = {about(pk): pk for pk in among}
    hits = index.similar(question, now=now, k=60, kinds=(REPORT, PROBLEM))
    said = signatures.finder(f"{question.title}\n{question.text}")
    listed = {pk: lines for pk, problem in among.items() if (lines := said(problem.signatures))}
    best: dict[int, tuple[float, Reasons]] = {pk: (OFFERED, Reasons()) for pk in listed}
    for hit in sorted(hits, key=lambda hit: -hit.score):
        pk = clusters.get(hit.cluster)
        if pk is None or not _is_worth_showing(hit):
            continue
        if pk not in best and hit.score >= OFFERED:
            best[pk] = (hit.score, hit.reasons)
        elif pk in best and (is_together or best[pk][1] == Reasons()):
            best[pk] = (max(best[pk][0], hit.score), _together(best[pk][1], hit.reasons))
    ranked = sorted(best.items(), key=lambda one: (one[0] not in listed, -one[1][0]))[:most]
    return [(pk, score, _listed(listed.get(pk, ()), reasons)) for pk, (score, reasons) in ranked]


# What goes into the index: reactions, at least once, idempotent.


def index_report(entry: LedgerEntry, _now: datetime) -> None:
    """On words of the reporter, and on what a report is compared by: make it comparable as it is now."""
    if entry.report is not None and (entry.kind != "message.said" or entry.actor_kind == "contact"):
        put_report(entry.report)


def index_answers(entry: LedgerEntry, now: datetime) -> None:
    """On answers: those that say what a machine said make the report comparable by it."""
    answers = entry.data.get("answers", ())
    if answers and _say_what_is_compared(answers):
        index_report(entry, now)


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
    return index.put(document_of(report, spoken_of([report.pk])[report.pk], about(row.problem_id) if row else ""))


def _say_what_is_compared(answers: Sequence[int]) -> bool:
    ours, facts = rows.marks(len(answers)), rows.marks(len(COMPARED))
    sql = f"""
        SELECT 1 FROM diagnosis_answer a JOIN diagnosis_question q ON q.id = a.question_id
        WHERE a.id IN ({ours}) AND q.fact IN ({facts}) LIMIT 1"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*answers, *COMPARED])
        return cursor.fetchone() is not None


def put_problem(problem: Problem) -> bool:
    """Index one problem by its words, internal and public; one merged or withdrawn leaves."""
    if problem.merged_into_id or problem.withdrawn_at:
        return index.remove(PROBLEM, problem.pk)
    return index.put(document_of_problem(problem))


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
        if key in found:
            found[key] = replace(found[key], reasons=_together(found[key].reasons, hit.reasons))
        elif problem or report:
            found[key] = Suggestion(problem, report, hit.score, hit.votes, hit.reasons)
    return list(found.values())


def _is_worth_showing(hit: Hit) -> bool:
    """One common word is no reason: it takes what a machine said, the same page, two words, or a word and the same kind
    or place."""
    why = hit.reasons
    is_by_itself = why.signatures or "page" in why.facets or len(why.words) >= 2
    return hit.score >= LIKELY and bool(is_by_itself or (why.words and why.facets))


def _together(best: Reasons, other: Reasons) -> Reasons:
    """The reasons of two hits for one problem: its members are on a page or name an event, the problem itself does not.

    Words are those of the better hit, lest a problem of many members share every word there is.
    """
    marks = dict.fromkeys([*best.signatures, *other.signatures])
    ordered = sorted(marks, key=lambda mark: mark.kind != "reference")
    return Reasons(best.words or other.words, tuple(ordered), tuple(dict.fromkeys([*best.facets, *other.facets])))


def _with_listed(found: list[Suggestion], said: str) -> list[Suggestion]:
    find = signatures.finder(said)
    return [
        replace(one, reasons=_listed(find(one.problem.signatures), one.reasons)) if one.problem else one
        for one in found
    ]


def _listed(lines: tuple[str, ...], reasons: Reasons) -> Reasons:
    """What colleagues wrote down as error messages of a problem, ``lines`` of it that the question says too, is the
    best reason there is, also where no program's words stand around it."""
    known = {one.value for one in reasons.signatures}
    marks = [
        Signature("message", line)
        for line in lines
        if not known & {line, *(one.value for one in signatures.read(line).signatures)}
    ]
    ordered = sorted((*marks, *reasons.signatures), key=lambda mark: mark.kind != "reference")
    return replace(reasons, signatures=tuple(ordered)) if marks else reasons


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
