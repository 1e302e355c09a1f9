"""The watch over what was fixed: each new report is held against it, and the watch ends by itself.

Text alone never joins a report: what a machine said, word for word, may; what is only much alike is proposed. From a
release with the fix either says that the problem came back, if it is filed under the same category or component. From
an older one nothing follows. Where nobody knows the release, or has filed it yet, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib import rows, signatures
from makegood.lib.errors import Refusal
from makegood.life.diagnosis.models import Answer
from makegood.life.learning import containment
from makegood.life.learning.models import Recurrence
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent
from makegood.life.problems import access, comparable, known, membership, states
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Membership, Problem
from makegood.life.problems.thresholds import ALIKE, MUCH_ALIKE
from makegood.life.reports import access as report_access
from makegood.life.reports import states as report_states
from makegood.life.reports.models import LedgerEntry, Report

EVERY = timedelta(minutes=1)


class Settled(Refusal):
    """Somebody has decided it already."""


@dataclass(frozen=True)
class Sign:
    """What speaks for a problem having come back. ``is_sure``: that it is in the same place and happened since."""

    kind: str
    reasons: tuple[str, ...]
    score: float = 0.0
    is_sure: bool = True

    @property
    def is_strong(self) -> bool:
        """Whether a release with the fix is all it takes to say that it came back."""
        return self.kind != Recurrence.LIKENESS or (self.is_sure and self.score >= MUCH_ALIKE)


def look(entry: LedgerEntry, now: datetime) -> None:
    """On a new report, and when more is known of it: hold it against everything watched."""
    report = entry.report
    if report is None or report.kind != report_states.ERROR:
        return
    watched = {problem.pk: problem for problem in _watched(report, now)}
    if not watched:
        return
    row = membership.member_row(report)
    if row is not None:
        if row.problem_id in watched:
            note(watched[row.problem_id], report, Sign(Recurrence.MEMBER, ()), at=now)
        return
    found = signs(report, watched.values(), now=now)
    for pk, sign in found.items():
        note(watched[pk], report, sign, at=now)
    _let_go(report, [one for pk, one in watched.items() if pk not in found], at=now)


def signs(report: Report, watched: Iterable[Problem], *, now: datetime) -> dict[int, Sign]:
    """Problem → what speaks for it, of those ``watched``: a machine's words first, then likeness."""
    ones = {problem.pk: problem for problem in watched}
    question = comparable.question_of(report)
    said = "\n".join([question.title, question.text, *_answers(report)])
    found: dict[int, Sign] = {}
    told_again: set[int] = set()
    for pk, score, why in known.problems_like(question, ones, now=now):
        exact = tuple(one.value for one in why.signatures if one.kind in signatures.TELLING)
        # One event told of again happened before the fix as likely as after it: a person looks at the moment.
        events = tuple(one.value for one in why.signatures if one.kind == "reference")
        is_same_place = _is_same_place(report, ones[pk])
        if events:
            found[pk] = Sign(Recurrence.LIKENESS, (*events, *exact, *why.words), score, is_sure=False)
        elif exact:
            found[pk] = Sign(Recurrence.SIGNATURE, exact, score)
        elif score >= ALIKE and is_same_place is not False:
            found[pk] = Sign(Recurrence.LIKENESS, why.words, score, is_sure=bool(is_same_place))
        told_again.update({pk} if events else ())
    for pk, problem in ones.items():
        is_settled = pk in told_again or (pk in found and found[pk].kind == Recurrence.SIGNATURE)
        if not is_settled and (exact := signatures.lines_in(said, problem.signatures)):
            found[pk] = Sign(Recurrence.SIGNATURE, exact, found[pk].score if pk in found else 0.0)
    return found


def note(problem: Problem, report: Report, sign: Sign, *, at: datetime) -> Recurrence | None:
    """Write down what was found and do what follows; None if it was decided before. The same again changes nothing."""
    origin = containment.of(report, problem)
    with transaction.atomic():
        report_access.lock(report)
        fresh = access.lock(problem)
        earlier = Recurrence.objects.filter(problem=problem, report=report).first()
        if not fresh.is_watched(at):
            return None
        state = _verdict(sign, origin.has_fix)
        if earlier and not _is_open(earlier) or (earlier and _says(earlier) == (state, origin.has_fix)):
            return None
        facts: dict[str, Any] = {"release": origin.release, "has_fix": origin.has_fix, "state": state, "at": at}
        facts |= {"sign": sign.kind, "reasons": list(sign.reasons)[:10], "score": sign.score}
        facts |= {"decided_by": "", "decided_at": None}
        row, _new = Recurrence.objects.update_or_create(problem=problem, report=report, defaults=facts)
        if state == Recurrence.CAME_BACK:
            _come_back(row, by=SYSTEM, at=at, joins=sign.kind == Recurrence.SIGNATURE)
        elif state == Recurrence.SUSPECTED:
            _record(row, "recurrence.suspected", by=SYSTEM, at=at)
    return row


def settle(row: Recurrence, *, came_back: bool, by: Actor, at: datetime) -> Recurrence:
    """A person decides: it is the same again (the report joins, the problem came back), or something else. Of itself
    only the latter is decided (``_let_go``).

    Raises Settled.
    """
    with transaction.atomic():
        report_access.lock(row.report)
        access.lock(row.problem)
        fresh = Recurrence.objects.select_related("problem", "report").get(pk=row.pk)
        wanted = Recurrence.CONFIRMED if came_back else Recurrence.DISMISSED
        if fresh.state == wanted:
            return fresh
        if fresh.state in (Recurrence.CONFIRMED, Recurrence.DISMISSED):
            raise Settled(_("Somebody has decided this already."))
        fresh.state, fresh.decided_by, fresh.decided_at = wanted, by.name, at
        fresh.save(update_fields=["state", "decided_by", "decided_at"])
        _record(fresh, "recurrence.settled", by=by, at=at)
        if came_back:
            _come_back(fresh, by=by, at=at, joins=True)
    return fresh


def end_watches(now: datetime) -> int:
    """Periodic: what was watched to its end is resolved, each once; what may have come back waits for a decision."""
    due = Problem.objects.filter(state=states.WATCHING, watching_until__lte=now, merged_into=None)
    open_ones = Recurrence.objects.filter(state=Recurrence.SUSPECTED).values("problem")
    return sum(_end(problem, now) for problem in due.exclude(pk__in=open_ones).order_by("pk")[:200])


def seen_again(seeker: Agent, problem: Problem, *, limit: int = 20) -> list[Recurrence]:
    """Reports that look like it came back, newest first, of those ``seeker`` may see: decided, and to be decided."""
    seen = Recurrence.objects.filter(report_access.on_visible(seeker), problem=problem)
    known_ones = seen.exclude(state=Recurrence.DISMISSED)
    return list(known_ones.select_related("report", "report__contact").order_by("-id")[:limit])


def access_recurrence(seeker: Agent, problem: Problem, pk: int) -> Recurrence:
    """One of a problem, if ``seeker`` may see its report. Raises NotFound."""
    mine = Recurrence.objects.filter(report_access.on_visible(seeker), problem=problem, pk=pk)
    found = mine.select_related("problem", "report").first()
    if found is None:
        raise report_access.NotFound(str(pk))
    return found


# The parts.


def _is_open(row: Recurrence) -> bool:
    """Still to be decided; what let go of by itself may be suspected again."""
    let_go = row.state == Recurrence.DISMISSED and row.decided_by == SYSTEM.name
    return row.state == Recurrence.SUSPECTED or let_go


def _says(row: Recurrence) -> tuple[str, bool | None]:
    return row.state, row.has_fix


def _verdict(sign: Sign, has_fix: bool | None) -> str:
    if has_fix is False:
        return Recurrence.OLDER
    return Recurrence.CAME_BACK if has_fix and sign.is_strong else Recurrence.SUSPECTED


def _end(problem: Problem, now: datetime) -> bool:
    with transaction.atomic():
        fresh = access.lock(problem)
        if fresh.state != states.WATCHING or fresh.watching_until is None or fresh.watching_until > now:
            return False
        with override(settings.LANGUAGE_CODE):
            reason = _("Nothing of it came back while it was watched.")
        return problems.move(problem, states.RESOLVED, by=SYSTEM, at=now, reason=reason)


def _come_back(row: Recurrence, *, by: Actor, at: datetime, joins: bool) -> None:
    if joins:
        how = Membership.AGENT if by.is_staff else Membership.MACHINE
        membership.join(row.problem, row.report, by=by, at=at, how=how, reason=", ".join(map(str, row.reasons))[:500])
    if access.lock(row.problem).is_fixed:
        with override(settings.LANGUAGE_CODE):
            told = {"number": row.report.number, "release": row.release or "?"}
            reason = _("%(number)s shows it again, from %(release)s.") % told
        problems.move(row.problem, states.CAME_BACK, by=by, at=at, reason=reason)


def _record(row: Recurrence, kind: str, *, by: Actor, at: datetime) -> None:
    data = {"recurrence": row.pk, "sign": row.sign, "state": row.state, "release": row.release}
    problems.record(row.problem, kind, by=by, at=at, report=row.report, data=data)


def _watched(report: Report, now: datetime) -> list[Problem]:
    """Fixed before the report came and in its watching window, as ``Problem.is_watched`` has it."""
    where = (
        f"state IN ({rows.marks(len(states.FIXED))}) AND merged_into_id IS NULL"
        " AND (watching_until IS NULL OR watching_until >= %s) AND (released_at IS NULL OR released_at <= %s)"
    )
    return rows.read(Problem, where, [*states.FIXED, rows.moment(now), rows.moment(report.received_at)])


def _is_same_place(report: Report, problem: Problem) -> bool | None:
    """The same category, or one of the problem's components; None of a report that nobody has filed yet."""
    if report.category_id is None and report.component_id is None:
        return None
    if report.category_id and report.category_id == problem.category_id:
        return True
    return bool(report.component_id and problem.components.filter(pk=report.component_id).exists())


def _let_go(report: Report, problems_: list[Problem], *, at: datetime) -> None:
    """It reads alike and is now filed elsewhere: it is no longer suspected. Filed here after all, it is again."""
    if not problems_ or (report.category_id is None and report.component_id is None):
        return
    mine = Recurrence.objects.filter(report=report, problem__in=problems_, state=Recurrence.SUSPECTED)
    for row in mine.filter(sign=Recurrence.LIKENESS).select_related("problem", "report"):
        if _is_same_place(report, row.problem) is False:
            settle(row, came_back=False, by=SYSTEM, at=at)


def _answers(report: Report) -> list[str]:
    return list(Answer.objects.filter(report=report).values_list("text", flat=True)[:50])
