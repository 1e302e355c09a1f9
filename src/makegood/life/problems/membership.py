"""Joining and leaving: a report belongs to a problem, and nothing of the report is changed by it.

Each reporter keeps their own thread, their own promises, their own page. So leaving restores exactly what was: there
is nothing to restore but the row that says when the report belonged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions, news, queries
from makegood.life.problems.models import Membership, Problem, about
from makegood.life.reports import access as report_access
from makegood.life.reports.models import LedgerEntry, Report


class CannotJoin(Refusal):
    """This report and this problem do not go together now; the text says why."""


def join(
    problem: Problem, report: Report, *, by: Actor, at: datetime, how: str = Membership.AGENT, reason: str = ""
) -> Membership:
    """Make ``report`` a member; it leaves another problem first. The same again returns what is.

    Raises CannotJoin for a problem merged into another.
    """
    with transaction.atomic():
        report_access.lock(report)
        fresh = access.lock(problem)
        if fresh.merged_into_id:
            raise CannotJoin(_("This problem was merged into PRB-%d; join that one.") % fresh.merged_into_id)
        now = member_row(report)
        if fresh.withdrawn_at:
            raise CannotJoin(_("This problem was taken back; choose another one."))
        if now and now.problem_id == problem.pk:
            return now
        if now:
            leave(report, by=by, at=at, reason=_("It joined %s.") % problem.number)
        member = Membership.objects.create(problem=problem, report=report, how=how, joined_at=at, joined_by=by.name)
        data = {
            "membership": member.pk,
            "number": problem.number,
            "how": how,
            "before": now.problem_id if now else None,
        }
        actions.record(problem, "problem.joined", by=by, at=at, report=report, data=data, reason=reason.strip())
        _count(problem, at=at)
    return member


def leave(report: Report, *, by: Actor, at: datetime, reason: str = "") -> Membership | None:
    """Take the report out of its problem; None if it was in none."""
    with transaction.atomic():
        report_access.lock(report)
        member = member_row(report)
        if member is None:
            return None
        problem = access.lock(member.problem)
        member.left_at, member.left_by, member.left_reason = at, by.name, reason.strip()
        member.save(update_fields=["left_at", "left_by", "left_reason"])
        data = {"membership": member.pk, "number": problem.number}
        actions.record(problem, "problem.left", by=by, at=at, report=report, data=data, reason=reason.strip())
        _count(problem, at=at)
    return member


def rejoin(row: Membership, *, by: Actor, at: datetime, reason: str = "") -> Membership:
    """Let a report that left belong again exactly as before: since when, how and by whom. Raises CannotJoin."""
    with transaction.atomic():
        report_access.lock(row.report)
        problem = access.lock(row.problem)
        if member_row(row.report) or problem.merged_into_id or problem.withdrawn_at:
            raise CannotJoin(
                _("This was changed again meanwhile, so the earlier change can't be taken back by itself.")
            )
        row.left_at, row.left_by, row.left_reason = None, "", ""
        row.save(update_fields=["left_at", "left_by", "left_reason"])
        data = {"membership": row.pk, "number": problem.number, "how": row.how, "before": None}
        actions.record(problem, "problem.joined", by=by, at=at, report=row.report, data=data, reason=reason)
        _count(problem, at=at)
    return row


def last_row(problem: Problem, report: Report) -> Membership | None:
    """The newest membership of ``report`` in ``problem`` that is over."""
    rows = Membership.objects.filter(problem=problem, report=report).exclude(left_at=None)
    return rows.select_related("problem", "report").order_by("-left_at", "-pk").first()


def split(problem: Problem, reports: Iterable[Report], title: str, *, by: Actor, at: datetime) -> Problem:
    """Open another problem with the facts of this one, and let these members go over to it. Raises CannotJoin."""
    with transaction.atomic():
        fresh = access.lock(problem)
        going = [one for one in reports if (row := member_row(one)) and row.problem_id == problem.pk]
        if not going:
            raise CannotJoin(_("Choose the reports that are about something else."))
        facts = {"severity": fresh.severity, "category": fresh.category, "symptom": fresh.symptom}
        other = actions.open_problem(title, by=by, at=at, of=None, **facts)
        actions.hand_to(other, by=by, at=at, team=fresh.team, owner=fresh.owner)
        if fresh.is_protected:
            actions.protect(other, True, by=by, at=at, reason=_("As %s, which it was split from.") % fresh.number)
        other.components.set(fresh.components.all())
        for report in going:
            join(other, report, by=by, at=at, reason=_("Split from %s.") % fresh.number)
        data = {"into": other.number, "other": other.pk, "reports": [one.number for one in going]}
        actions.record(problem, "problem.split", by=by, at=at, data=data)
    return other


def merge(problem: Problem, into: Problem, *, by: Actor, at: datetime) -> int:
    """Two problems prove to be one: every member goes over, the first points at the other, and so does whatever was
    merged into it before. So where a problem went is always one step away. Returns how many reports went.

    ``unmerge`` takes it back. Raises CannotJoin.
    """
    if problem.pk == into.pk:
        raise CannotJoin(_("A problem cannot be merged into itself."))
    with transaction.atomic():
        for one in sorted((problem, into), key=lambda one: one.pk):
            access.lock(one)
        fresh, target = access.lock(problem), access.lock(into)
        if fresh.merged_into_id or target.merged_into_id:
            raise CannotJoin(_("One of them has been merged already."))
        rows = list(Membership.objects.filter(problem=problem, left_at=None).select_related("report"))
        data = {"into": into.pk, "number": into.number, "reports": [row.report_id for row in rows]}
        for row in rows:
            join(into, row.report, by=by, at=at, reason=_("%s was merged into it.") % problem.number)
        data |= {"was_public": fresh.is_public, "news_at": fresh.next_news_at.isoformat() if fresh.next_news_at else ""}
        news.fall_silent(problem, by=by, at=at, reason=_("It was merged into %s.") % into.number)
        Problem.objects.filter(Q(pk=problem.pk) | Q(merged_into=problem)).update(merged_into=into, updated_at=at)
        problem.merged_into = into
        actions.record(problem, "problem.merged", by=by, at=at, data=data)
    return len(rows)


def unmerge(problem: Problem, *, by: Actor, at: datetime) -> int:
    """Take a merge back, also one that others followed: whoever went over then, and went no other way since, returns
    from where it all stands now, and belongs as they did before. Returns how many did.

    Raises CannotJoin.
    """
    with transaction.atomic():
        fresh = access.lock(problem)
        entry = _merging(fresh)
        if entry is None:
            raise CannotJoin(_("This problem has not been merged into another."))
        here = fresh.merged_into_id or entry.data["into"]
        back, along = _went_over(entry, here), _went_along(problem, here)
        Problem.objects.filter(pk__in=along).update(merged_into=problem, updated_at=at)
        Problem.objects.filter(pk=problem.pk).update(merged_into=None, updated_at=at)
        problem.merged_into = None
        if entry.data.get("was_public"):
            news.speak_again(problem, by=by, at=at, due_at=parse_datetime(entry.data.get("news_at") or ""))
        for report in back:
            leave(report, by=by, at=at, reason=_("The merge was taken back."))
            before = last_row(problem, report)
            assert before is not None
            rejoin(before, by=by, at=at, reason=_("The merge was taken back."))
        actions.record(problem, "problem.unmerged", by=by, at=at, data={"from": here})
    return len(back)


def member_row(report: Report) -> Membership | None:
    """The membership a report has now."""
    return queries.membership_of(report)


def count_anew(problem: Problem, *, at: datetime) -> None:
    """Count members, people and organisations from the rows, as every join and leave does."""
    with transaction.atomic():
        _count(access.lock(problem), at=at)


def _merging(fresh: Problem) -> LedgerEntry | None:
    """The entry that tells of the merge in force."""
    if fresh.merged_into_id is None:
        return None
    return LedgerEntry.objects.filter(about=fresh.about, kind="problem.merged").order_by("-id").first()


def _way(entry: LedgerEntry, here: int) -> list[LedgerEntry]:
    """The merges that led from the one ``entry`` tells of to ``here``, in order."""
    merges = [entry]
    while (place := merges[-1].data["into"]) != here:
        later = LedgerEntry.objects.filter(about=about(place), kind="problem.merged", id__gt=merges[-1].pk)
        if (following := later.order_by("-id").first()) is None:
            break
        merges.append(following)
    return merges


def _went_over(entry: LedgerEntry, here: int) -> list[Report]:
    """The reports that came ``here`` by that merge and those that followed it, and by nothing else since."""
    last = _way(entry, here)[-1]
    rows = Membership.objects.filter(problem_id=here, left_at=None, report__in=entry.data["reports"])
    return [row.report for row in rows.filter(joined_at=last.at).select_related("report")]


def _went_along(problem: Problem, here: int) -> list[int]:
    """What had been merged into ``problem`` and came ``here`` with it."""
    found = {one.pk: _merging(one) for one in Problem.objects.filter(merged_into=here).exclude(pk=problem.pk)}
    return [pk for pk, own in found.items() if own and problem.pk in [step.data["into"] for step in _way(own, here)]]


def _count(problem: Problem, *, at: datetime) -> None:
    now = Membership.objects.filter(problem=problem, left_at=None)
    counts = now.aggregate(
        reports=Count("pk"),
        people=Count("report__contact", distinct=True),
        organisations=Count("report__organisation", distinct=True),
        last=Max("joined_at"),
    )
    fields = {
        "reports_count": counts["reports"],
        "people_count": counts["people"],
        "organisations_count": counts["organisations"],
        "last_joined_at": counts["last"],
        "updated_at": at,
    }
    Problem.objects.filter(pk=problem.pk).update(**fields)
    for name, value in fields.items():
        setattr(problem, name, value)
