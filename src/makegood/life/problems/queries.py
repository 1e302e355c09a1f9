"""What is known of problems: members, people hit, what happened, which are offered to the public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from makegood.lib.statements import Statement
from makegood.life.people.models import Agent
from makegood.life.problems import access, states
from makegood.life.problems.models import Membership, Problem, about, key_of
from makegood.life.promises.models import Promise
from makegood.life.reports.access import SeenBy, on_visible
from makegood.life.reports.models import LedgerEntry, Message, Report

MOST_ARRIVALS = 20_000
# What a report's environment may call the release of the product it happened in.
RELEASE_FACTS = ("release", "version", "app_version")


_MEMBERSHIP: Statement[Membership] = Statement(
    lambda report: Membership.objects.filter(report=report, left_at=None).select_related("problem").order_by("id")[:1]
)


def membership_of(report: Report) -> Membership | None:
    """The membership a report has now, with its problem."""
    return _MEMBERSHIP.first(report.pk)


def problem_of(report: Report) -> Problem | None:
    """The problem a report belongs to now, whoever may see it."""
    row = membership_of(report)
    return row.problem if row else None


def problems_of(reports: Iterable[int]) -> dict[int, Problem]:
    """Report id → the problem it belongs to now, in one query."""
    rows = Membership.objects.filter(report__in=list(reports), left_at=None).select_related("problem")
    return {row.report_id: row.problem for row in rows}


def seen_of(seeker: Agent, reports: Iterable[int]) -> dict[int, Problem]:
    """As ``problems_of``, but only problems ``seeker`` may see."""
    rows = Membership.objects.filter(
        report__in=list(reports), left_at=None, problem__in=access.visible_problems(seeker).order_by().values("pk")
    )
    return {row.report_id: row.problem for row in rows.select_related("problem")}


def seen_on(seeker: Agent, report: Report) -> Problem | None:
    """``problem_of``, if ``seeker`` may see that problem."""
    rows = _SEEN_ON(seeker, report.pk)
    return rows[0].problem if rows else None


_SEEN_ON: SeenBy[Membership] = SeenBy(
    lambda seeker, report: (
        Membership.objects.filter(
            report=report, left_at=None, problem__in=access.visible_problems(seeker).order_by().values("pk")
        )
        .select_related("problem")
        .order_by("id")[:1]
    )
)


def numbers_of(seeker: Agent, reports: Iterable[int]) -> dict[int, str]:
    """As ``seen_of``, the numbers alone: what a list of reports shows."""
    rows = Membership.objects.filter(
        report__in=list(reports), left_at=None, problem__in=access.visible_problems(seeker).order_by().values("pk")
    )
    return {report: f"PRB-{problem}" for report, problem in rows.values_list("report_id", "problem_id")}


def is_hidden_from(seeker: Agent, report: Report) -> bool:
    """Whether ``report`` belongs to a problem that ``seeker`` may not see, and so may not take it out of."""
    problem = problem_of(report)
    return problem is not None and not access.visible_problems(seeker).filter(pk=problem.pk).exists()


def members(seeker: Agent, problem: Problem) -> QuerySet[Membership]:
    """The members ``seeker`` may see, newest first. The counts on the problem count all of them."""
    rows = Membership.objects.filter(on_visible(seeker), problem=problem, left_at=None)
    return rows.select_related("report", "report__contact", "report__organisation", "report__category").order_by("-id")


def every_member(problem: Problem) -> QuerySet[Report]:
    """All reports that belong to it, protected ones too: for work in the system's name, never for a screen."""
    return Report.objects.filter(memberships__problem=problem, memberships__left_at=None)


def history(problem: Problem, *, limit: int = 200) -> list[LedgerEntry]:
    """What happened to a problem, newest first."""
    rows = LedgerEntry.objects.filter(about=problem.about).select_related("report")
    return list(rows.order_by("-id")[:limit])


def happened(seeker: Agent, problem: Problem, *, limit: int = 200) -> list[LedgerEntry]:
    """``history`` as ``seeker`` may read it: nothing of reports that are not theirs to see."""
    return list(happened_to(seeker, problem).order_by("-id")[:limit])


def happened_to(seeker: Agent, problem: Problem) -> QuerySet[LedgerEntry]:
    """The same as rows to walk."""
    rows = LedgerEntry.objects.filter(Q(report=None) | on_visible(seeker), about=problem.about)
    return rows.select_related("report")


@dataclass(frozen=True)
class Seen:
    """When its members came in, and which releases they had: release → (first seen, how many)."""

    first_at: datetime | None
    last_at: datetime | None
    arrivals: list[datetime]
    releases: dict[str, tuple[datetime, int]]


def seen(problem: Problem) -> Seen:
    """Moments and releases of all members, protected ones too: numbers, no words."""
    rows = every_member(problem).order_by("received_at").values_list("received_at", "environment")[:MOST_ARRIVALS]
    arrivals: list[datetime] = []
    releases: dict[str, tuple[datetime, int]] = {}
    for at, environment in rows:
        arrivals.append(at)
        release = next((str(environment[name])[:100] for name in RELEASE_FACTS if environment.get(name)), "")
        if release:
            first, times = releases.get(release, (at, 0))
            releases[release] = (first, times + 1)
    return Seen(arrivals[0] if arrivals else None, arrivals[-1] if arrivals else None, arrivals, releases)


def about_seen(seeker: Agent) -> Q:
    """Which rows about problems ``seeker`` may see, of the ledger or of promises."""
    seen = access.visible_problems(seeker).order_by()
    named = seen.annotate(called=Concat(Value(about("")), Cast("pk", CharField()))).values("called")
    return Q(about__in=named)


def promises_seen(seeker: Agent) -> Q:
    """Which promises about problems ``seeker`` may see: for ``promises.queries``, which knows reports alone."""
    return about_seen(seeker)


def by_about(promises: Iterable[Promise]) -> dict[str, Problem]:
    """The problems that ``promises`` are about, by how they are named there; one query."""
    keys = [key for promise in promises if (key := key_of(promise.about)) is not None]
    return {problem.about: problem for problem in Problem.objects.filter(pk__in=keys)} if keys else {}


def unresolved(seeker: Agent) -> QuerySet[Problem]:
    """Problems that are not over, the lately touched first."""
    rows = access.visible_problems(seeker).filter(merged_into=None).exclude(state=states.RESOLVED)
    return rows.select_related("team", "owner", "category").order_by("-updated_at", "-id")


def offered() -> QuerySet[Problem]:
    """Known errors with public words that reporters may be shown, and no fix yet."""
    return Problem.objects.filter(is_public=True, merged_into=None, state__in=states.UNFIXED, is_protected=False)


_OFFERED: Statement[Problem] = Statement(offered)


def offered_now() -> list[Problem]:
    """The same as rows: asked of every report that comes."""
    return _OFFERED()


def first_words(reports: Iterable[int], *, longest: int = 600) -> list[tuple[int, str]]:
    """(report id, words) of the first thing each reporter said, in one query."""
    said = Message.objects.filter(report__in=list(reports), said_by="contact", is_internal=False, withdrawn_at=None)
    rows = said.order_by("report", "id").values_list("report_id", "body")
    found: dict[int, str] = {}
    for pk, body in rows:
        found.setdefault(pk, body[:longest])
    return list(found.items())
