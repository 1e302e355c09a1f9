"""The day's calls: who is to be called today and since when, in the order of what is owed; and who is written to.

A follow-up is a call for whoever likes the telephone, reported by it, or has no mail that arrives, and for what was
bad; everybody else is written to. A recovery is always a call. Nobody who wants no calls stands here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.texts import paragraphs
from makegood.life.aftercare import actions, recovery, undo
from makegood.life.aftercare.models import FollowUp, Recovery, RecoveryCall, Resolution, Wish
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.problems import access as problem_access
from makegood.life.problems import queries as problems
from makegood.life.problems.models import Membership, Problem
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import visible
from makegood.life.reports import access, states
from makegood.life.reports.access import NotFound, visible_reports
from makegood.life.reports.models import LedgerEntry, Message, Report
from makegood.life.updates import scripts

_PRESSING = (states.CRITICAL, states.HIGH)


@dataclass(frozen=True)
class Call:
    """One call: what is owed, to whom, and what there is to know before dialling."""

    promise: Promise
    report: Report
    solution: Resolution | None = None
    recovery: Recovery | None = None
    tries: int = 0
    problem: str = ""
    first_words: str = ""

    @property
    def is_recovery(self) -> bool:
        return self.recovery is not None


@dataclass(frozen=True)
class Crowd:
    """Follow-ups of one problem that are due: a mail to all of them is one act."""

    problem: Problem
    count: int


def owed(seeker: Agent, *, until: datetime) -> QuerySet[Promise]:
    """Every call and follow-up due before ``until`` that ``seeker`` may make, and every recovery that nobody has tried
    yet: whoever is unhappy is not left to the last hour of what was promised. What is due first comes first."""
    wanted = Q(pk__in=[])
    if seeker.may("report.follow_up"):
        wanted |= _follow_ups(until)
    if seeker.may("recovery.work"):
        wanted |= _recoveries(until)
    rows = visible(seeker).filter(wanted, state=Promise.OPEN)
    return rows.select_related("report__contact__organisation", "report__team", "report__category").order_by(
        "due_at", "id"
    )


def _follow_ups(until: datetime) -> Q:
    return Q(kind=kinds.FOLLOW_UP, due_at__lt=until)


def _recoveries(until: datetime) -> Q:
    untried = Recovery.objects.filter(report=OuterRef("report"), closed_at=None, attempts=0)
    return Q(kind=kinds.RECOVERY) & (Q(due_at__lt=until) | Q(Exists(untried)))


def calls(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    """Those of ``owed`` that are made by telephone."""
    return rows.filter(_is_call()).exclude(_wants_none())


def letters(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    """Those of ``owed`` that are made in writing."""
    return rows.filter(kind=kinds.FOLLOW_UP).exclude(_is_call() & ~_wants_none())


def quiet(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    """Recoveries of people with no telephone, or who want no calls: the lead writes, or lets it be."""
    return rows.filter(kind=kinds.RECOVERY).exclude(_is_call() & ~_wants_none())


def waiting(seeker: Agent, *, until: datetime) -> int:
    """How many calls are due before ``until``, counted to a hundred: for the rail."""
    found = len(_FOLLOW_UPS(seeker, until)) if seeker.may("report.follow_up") else 0
    return min(100, found + len(_RECOVERIES(seeker, until)) if seeker.may("recovery.work") else found)


# Each kind by itself: the databases walk an index for one of them, and read everything that is owed for both.
_FOLLOW_UPS: access.SeenBy[int] = access.SeenBy(lambda seeker, until: _counted(seeker, _follow_ups(until)))
_RECOVERIES: access.SeenBy[int] = access.SeenBy(lambda seeker, until: _counted(seeker, _recoveries(until)))


def _counted(seeker: Agent, wanted: Q) -> QuerySet[Promise, int]:
    found = calls(visible(seeker).filter(wanted, state=Promise.OPEN))
    return found.order_by().values_list("pk", flat=True)[:100]


def told(rows: Iterable[Promise], seeker: Agent) -> list[Call]:
    """What there is to know of each; a handful of queries, however many."""
    found = list(rows)
    ids = [row.report_id or 0 for row in found]
    solutions = _newest(Resolution.objects.filter(report__in=ids, withdrawn_at=None))
    recoveries = {row.report_id: row for row in Recovery.objects.filter(report__in=ids, closed_at=None)}
    tries = _tries(ids, solutions)
    numbers = problems.numbers_of(seeker, ids)
    said = dict(problems.first_words(ids, longest=400))
    return [
        Call(
            promise=row,
            report=report,
            solution=solutions.get(report.pk),
            recovery=recoveries.get(report.pk) if row.kind == kinds.RECOVERY else None,
            tries=tries.get(report.pk, 0),
            problem=numbers.get(report.pk, ""),
            first_words=said.get(report.pk, ""),
        )
        for row in found
        if (report := row.report) is not None
    ]


def crowds(seeker: Agent, rows: QuerySet[Promise], *, least: int = 2) -> list[Crowd]:
    """Problems with several follow-ups among ``rows``, the largest first; only problems ``seeker`` may see."""
    ids = rows.filter(kind=kinds.FOLLOW_UP).order_by().values("report_id")
    seen = problem_access.visible_problems(seeker).order_by().values("pk")
    counted = (
        Membership.objects.filter(left_at=None, report__in=ids, problem__in=seen)
        .order_by()
        .values("problem")
        .annotate(n=Count("pk"))
        .filter(n__gte=least)
        .order_by("-n", "problem")
    )[:20]
    counts = {row["problem"]: row["n"] for row in counted}
    found = Problem.objects.in_bulk(counts)
    return [Crowd(found[pk], count) for pk, count in counts.items()]


def of_problem(seeker: Agent, problem: Problem) -> QuerySet[Report]:
    """Its reports that wait for their follow-up and that ``seeker`` may see, what is owed next first."""
    waiting = Promise.objects.filter(report=OuterRef("pk"), kind=kinds.FOLLOW_UP, state__in=Promise.PENDING)
    members = visible_reports(seeker).filter(memberships__problem=problem, memberships__left_at=None)
    rows = members.filter(Exists(waiting), state=states.SOLVED).select_related("contact", "category", "team")
    return rows.order_by("owed_at", "id")


def access_call(seeker: Agent, promise_id: int) -> Promise:
    """One of the calls ``seeker`` may make, whenever it is due; also one that is over. Raises NotFound."""
    wanted = {kinds.FOLLOW_UP: "report.follow_up", kinds.RECOVERY: "recovery.work"}
    rows = visible(seeker).filter(
        pk=promise_id, kind__in=[kind for kind, action in wanted.items() if seeker.may(action)]
    )
    found = rows.select_related("report__contact__organisation", "report__team", "report__category").first()
    if found is None:
        raise NotFound(str(promise_id))
    return found


class AlreadyMade(Refusal):
    """Somebody was quicker: this call is no longer owed."""


class Came(TypedDict, total=False):
    """What came of a call; ``score`` and ``asks_again`` for a recovery only (see ``recovery.Found``)."""

    outcome: str
    notes: str
    score: int | None
    asks_again: bool


def keep(promise: Promise, *, by: Actor, at: datetime, **came: Unpack[Came]) -> LedgerEntry:
    """Write down what came of the call that ``promise`` owes; returns the entry that takes it back. The same call
    twice is refused: raises AlreadyMade, and as ``actions.follow_up`` and ``recovery.keep_call``."""
    assert promise.report is not None, "calls are about reports"
    with transaction.atomic():
        report = access.lock(promise.report)
        if not Promise.objects.filter(pk=promise.pk, state__in=Promise.PENDING).exists():
            raise AlreadyMade(_("Somebody has made this call already. Read what came of it before you call again."))
        if promise.kind == kinds.RECOVERY:
            row = Recovery.objects.filter(report=report, closed_at=None).first()
            if row is None:
                raise AlreadyMade(_("Nobody is owed this call any more."))
            recovery.keep_call(row, by=by, at=at, **came)
            kind = "recovery.tried"
        else:
            outcome, notes = came.get("outcome", ""), came.get("notes", "")
            actions.follow_up(report, way="call", outcome=outcome, notes=notes, by=by, at=at)
            kind = "follow_up.done"
    return LedgerEntry.objects.filter(report=report, kind=kind, at=at).latest("id")


def take_back(seeker: Agent, entry_id: int, *, at: datetime) -> Report:
    """Undo the call that an entry tells of, of a report ``seeker`` may see. Raises NotFound, and as ``undo.undo``."""
    entry = LedgerEntry.objects.filter(pk=entry_id, report__in=visible_reports(seeker)).select_related("report").first()
    if entry is None or entry.report is None:
        raise NotFound(str(entry_id))
    if entry.kind == "recovery.tried" and seeker.may("recovery.work"):
        call = RecoveryCall.objects.filter(pk=entry.data.get("call") or 0).select_related("recovery__report").first()
        if call is None:
            raise undo.CannotUndo(_("This can no longer be taken back."))
        recovery.take_back(call, by=seeker.actor, at=at)
    elif entry.kind == "follow_up.done":
        undo.undo(entry, by=seeker.actor, at=at)
    else:
        raise NotFound(str(entry_id))
    return entry.report


def script(call: Call, *, by: Actor, now: datetime) -> str:
    """What to say, in the reporter's language, with the gaps filled as far as the facts go."""
    works = call.solution is not None and call.solution.answer == Resolution.YES
    moment = "recovery_call" if call.is_recovery else "follow_up_call_works" if works else "follow_up_call"
    solution = call.solution.reporter_words if call.solution else ""
    try:
        draft = scripts.render(moment, call.report, now=now, by=by, values={"solution": _gist(solution)})
    except scripts.NoScript:
        return ""
    return scripts.drop_gaps(draft.body, draft.missing)


def is_open(promise: Promise) -> bool:
    """Whether it is still to be made."""
    return promise.state in Promise.PENDING


def said_lately(report: Report, *, count: int = 3) -> list[Message]:
    """The last public words on both sides, oldest first: what to have read before dialling."""
    rows = report.messages.filter(is_internal=False, withdrawn_at=None).order_by("-id")[:count]
    return list(reversed(rows))


def _is_call() -> Q:
    contact = "report__contact__"
    has_phone = ~Q(**{f"{contact}phone": ""})
    likes_it = Q(**{f"{contact}preferred_way": "phone"}) | Q(report__channel="phone")
    no_mail = Q(**{f"{contact}email": None}) | ~Q(**{f"{contact}mail_problem": ""})
    is_bad = Q(report__severity__in=_PRESSING)
    return has_phone & (Q(kind=kinds.RECOVERY) | likes_it | no_mail | is_bad)


def _wants_none() -> Q:
    return Q(Exists(Wish.objects.filter(contact=OuterRef("report__contact"), no_calls_at__isnull=False)))


def _newest(rows: QuerySet[Resolution]) -> dict[int, Resolution]:
    return {row.report_id: row for row in rows.order_by("id")}


def _tries(ids: list[int], solutions: dict[int, Resolution]) -> dict[int, int]:
    """Calls in vain since the solution that stands."""
    rows = FollowUp.objects.filter(report__in=ids, outcome=FollowUp.NOT_REACHED)
    counts: dict[int, int] = {}
    for report, resolution in rows.values_list("report_id", "resolution_id"):
        if report in solutions and solutions[report].pk == resolution:
            counts[report] = counts.get(report, 0) + 1
    return counts


def _gist(words: str) -> str:
    """The paragraph that tells: the first that is neither greeting nor empty, at most two sentences' length."""
    parts = [" ".join(part.split()) for part in paragraphs(words)]
    telling = next((part for part in parts if len(part) > 40), parts[0] if parts else "")
    return telling if len(telling) <= 280 else f"{telling[:280].rsplit(' ', 1)[0]} …"
