"""Who is told what: one notice a person and cause, in the console at once, and by mail where it cannot wait.

Nobody is told of what they may not see: a mention of somebody who may not see the report does nothing, and the writer
hears so before it is sent. Mails name the number and who wrote, never what was written: they leave the house.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib.statements import Statement
from makegood.life.colleagues import handles
from makegood.life.colleagues.models import Notice, Watch
from makegood.life.people.models import Agent, Skill, Team
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem, ProblemNote
from makegood.life.reports.access import visible_reports
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import LedgerEntry, Message, Report

MOST_PEOPLE = 50
# Of what those who watch are told (see ``reactions``), this also by mail.
WATCHED_BY_MAIL = frozenset(
    {"report.reopened", "report.solved", "report.closed", "escalation.made", "problem.came_back", "problem.published"}
)

_ACTIVE = Watch.objects.filter(agent__is_active=True).select_related("agent")
_UNREAD: Statement[int] = Statement(
    lambda agent: Notice.objects.filter(agent=agent, read_at=None).values_list("pk", flat=True)[:100]
)
_WATCH_REPORT: Statement[Watch] = Statement(lambda report: _ACTIVE.filter(report=report))
# Whoever watches a problem that was merged into another follows both until that is taken back.
_WATCH_PROBLEM: Statement[Watch] = Statement(
    lambda problem: _ACTIVE.filter(Q(problem=problem) | Q(problem__merged_into=problem))
)


@dataclass(frozen=True)
class Called:
    """Who is meant by the handles of a text, by which of them; and the handles that mean nobody."""

    people: dict[int, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def called(text: str) -> Called:
    """Look the handles of ``text`` up: people by name, teams, skills; a person's own handle comes first."""
    wanted = handles.found(text)
    if not wanted:
        return Called()
    active = Agent.objects.filter(is_active=True, is_service=False)
    names: dict[str, list[int]] = {}
    for pk, name, email in active.values_list("pk", "name", "email"):
        for handle in {handles.of(name), handles.of(email.partition("@")[0])}:
            names.setdefault(handle, []).append(pk)
    people: dict[int, str] = {}
    unknown = []
    for handle in wanted:
        meant = names.get(handle) or _of_group(handle, active)
        if not meant:
            unknown.append(handle)
        for pk in meant:
            people.setdefault(pk, "" if handle in names else handle)
    return Called(dict(list(people.items())[:MOST_PEOPLE]), tuple(unknown))


def who_may_not_see(text: str, thing: Report | Problem) -> list[str]:
    """Names of people mentioned in ``text`` by their own name who may not see ``thing``."""
    people = Agent.objects.filter(pk__in=[pk for pk, group in called(text).people.items() if not group])
    return [person.name for person in people if not may_see(person, thing)]


def may_see(person: Agent, thing: Report | Problem) -> bool:
    """Whether ``thing`` is for ``person`` to see."""
    rows = visible_reports(person) if isinstance(thing, Report) else visible_problems(person)
    return rows.filter(pk=thing.pk).exists()


def unread(agent: Agent) -> int:
    """How many notices wait for ``agent``, counted to a hundred."""
    return len(_UNREAD(agent.pk))


def mark_read(agent: Agent, *, at: datetime, report: Report | None = None, problem: Problem | None = None) -> int:
    """Everything told of one thing, or (neither given) everything, has been read."""
    rows = Notice.objects.filter(agent=agent, read_at=None)
    if report is not None:
        rows = rows.filter(report=report)
    if problem is not None:
        rows = rows.filter(problem=problem)
    return rows.update(read_at=at)


# Reactions: at least once, idempotent by (person, entry).


def tell_mentioned(entry: LedgerEntry, now: datetime) -> None:
    """On ``note.written`` and ``problem.noted``: whoever is mentioned."""
    text, thing = _note_of(entry)
    if thing is None:
        return
    people = called(text).people
    for person in Agent.objects.filter(pk__in=people).exclude(pk=entry.actor_id or 0):
        tell(person, thing, entry, why=Notice.MENTION, by_mail=True, called_as=people[person.pk], at=now)


def tell_handed(entry: LedgerEntry, now: datetime) -> None:
    """On ``report.handed_over``: whoever has it now, a person or everybody of a team."""
    if entry.report is None:
        return
    person = entry.data.get("agent")
    rows = Agent.objects.filter(is_active=True, is_service=False)
    rows = rows.filter(pk=person) if person else rows.filter(teams=entry.data.get("team"))
    for one in rows.exclude(pk=entry.actor_id or 0)[:MOST_PEOPLE]:
        tell(one, entry.report, entry, why=Notice.HANDED, by_mail=True, at=now)


def tell_watchers(entry: LedgerEntry, now: datetime) -> None:
    """On what happens to a watched report or problem: whoever watches, but for who did it."""
    problem = Problem.objects.filter(pk=entry.data.get("problem")).first() if entry.about else None
    thing = problem or entry.report
    if thing is None:
        return
    by_mail = entry.kind in WATCHED_BY_MAIL
    me = entry.actor_id if entry.actor_kind == "agent" else None
    watches = (_WATCH_PROBLEM if problem else _WATCH_REPORT)(thing.pk)
    for agent in [watch.agent for watch in watches if watch.agent_id != me]:
        tell(agent, thing, entry, why=Notice.WATCHED, by_mail=by_mail, at=now)


def tell(
    person: Agent,
    thing: Report | Problem,
    entry: LedgerEntry,
    *,
    why: str,
    at: datetime,
    by_mail: bool = False,
    called_as: str = "",
) -> Notice | None:
    """Tell one person, if they may see it and were not told of this entry before."""
    if not may_see(person, thing):
        return None
    around = {"report": thing} if isinstance(thing, Report) else {"problem": thing}
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                agent=person, why=why, called=called_as, entry=entry, by_name=entry.actor_name, at=at, **around
            )
            if by_mail:
                _mail(notice, thing, at=at)
    except IntegrityError:
        return None
    return notice


def _of_group(handle: str, active: QuerySet[Agent]) -> list[int]:
    team = Team.objects.filter(slug=handle, is_active=True).first()
    if team:
        return list(active.filter(teams=team).values_list("pk", flat=True)[:MOST_PEOPLE])
    skill = Skill.objects.filter(slug=handle).first()
    return list(active.filter(skills=skill).values_list("pk", flat=True)[:MOST_PEOPLE]) if skill else []


def _note_of(entry: LedgerEntry) -> tuple[str, Report | Problem | None]:
    if entry.kind == "problem.noted":
        note = ProblemNote.objects.filter(pk=entry.data.get("note")).select_related("problem").first()
        return (note.body, note.problem) if note else ("", None)
    message = Message.objects.filter(pk=entry.data.get("message"), is_internal=True).first()
    return (message.body, entry.report) if message else ("", None)


def _mail(notice: Notice, thing: Report | Problem, *, at: datetime) -> None:
    person = notice.agent
    with override(person.language):
        subject, text = words(notice, thing)
    queue_mail(
        None,
        to=(person.email, person.name),
        subject=subject,
        text=text,
        purpose="notice",
        key=f"notice:{notice.pk}",
        at=at,
        language=person.language,
    )


def words(notice: Notice, thing: Report | Problem) -> tuple[str, str]:
    """(subject, text) of the mail, in the language in force."""
    told = {"number": thing.number, "name": notice.by_name, "group": notice.called}
    subjects = {
        Notice.MENTION: _("%(number)s: %(name)s mentions you"),
        Notice.HANDED: _("%(number)s: %(name)s hands it to you"),
        Notice.WATCHED: _("%(number)s: something new on what you watch"),
        Notice.CAME_BACK: _("%(number)s came back"),
        Notice.DOUBTED: _("%(number)s may have come back"),
        Notice.ACTION: _("%(number)s: an action is up to you"),
        Notice.UNHAPPY: _("%(number)s: the reporter is unhappy, please call them within a business day"),
    }
    lines = [subjects[notice.why] % told + "."]
    if notice.called:
        lines.append(_("You are called as one of @%(group)s.") % told)
    place = f"reports/{thing.pk}" if isinstance(thing, Report) else f"problems/{thing.number}"
    return subjects[notice.why] % told, "\n\n".join([*lines, f"{settings.BASE_URL}/console/{place}/"])


def people_to_call() -> Iterable[tuple[str, str, str]]:
    """(handle, name, kind) of everybody and every group that can be called, for choosing while one types."""
    active = Agent.objects.filter(is_active=True, is_service=False).order_by("name")
    for name in active.values_list("name", flat=True)[:500]:
        if handle := handles.of(name):
            yield handle, name, "person"
    for slug, name in Team.objects.filter(is_active=True).order_by("name").values_list("slug", "name")[:100]:
        yield slug, name, "team"
    for slug, name in (
        Skill.objects.filter(agents__is_active=True).distinct().order_by("name").values_list("slug", "name")
    ):
        yield slug, name, "skill"
