"""The verbs on a problem itself. Each: lock, check, change, record, one transaction.

Joining and leaving stand in ``membership``, promised public news in ``news``; what follows from facts of version
control comes from further up and calls ``move``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.problems import access, states
from makegood.life.problems.models import Problem, ProblemNote
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.reports import ledger
from makegood.life.reports import states as report_states
from makegood.life.reports.conversation import checked_body
from makegood.life.reports.models import Category, Component, LedgerEntry, Report

WATCHED_FOR = timedelta(days=30)
LONGEST_TITLE = 200
# What ``edit`` may set, and how long each may be.
WORDS = {"title": LONGEST_TITLE, "symptom": 10_000, "cause": 10_000, "workaround": 10_000, "fix": 10_000}
PUBLIC_WORDS = {"public_titles": 200, "public_texts": 5_000, "public_workarounds": 5_000}
MOST_SIGNATURES = 20
MOST_VERSIONS = 100


class NeedsWords(Refusal):
    """Something has to be written down before this can be done."""


class TooLong(Refusal):
    """More words than there is room for."""


class OwesNews(Refusal):
    """The public was promised more: it is resolved with the last word to them, or with the reason for none."""


class Conflict(Refusal):
    """Somebody else changed the problem meanwhile."""


def open_problem(title: str, *, by: Actor, at: datetime, of: Report | None = None, **facts: Any) -> Problem:
    """Open a problem; ``of`` lends its category, component, severity, team and protection (join it separately).

    ``facts``: as for ``edit``. Raises NeedsWords, TooLong.
    """
    title = " ".join(title.split())
    if not title:
        raise NeedsWords(_("Give the problem a title: what goes wrong, in a few words."))
    fields = _checked(facts | {"title": title})
    lent = _lent(of) if of else {}
    with transaction.atomic():
        problem = Problem.objects.create(**{**lent, **fields}, opened_at=at, opened_by=by.name, updated_at=at)
        if of and of.component:
            problem.components.add(of.component)
        data = {"title": problem.title, "of": of.number if of else ""}
        record(problem, "problem.opened", by=by, at=at, data=data)
    return problem


def withdraw(problem: Problem, *, by: Actor, at: datetime) -> None:
    """Take back that it was opened: nobody sees it any more. Raises Conflict while reports belong to it."""
    with transaction.atomic():
        fresh = access.lock(problem)
        if fresh.memberships.filter(left_at=None).exists():
            raise Conflict(_("Reports belong to it. Take them out first."))
        put(problem, fresh, "problem.withdrawn", by=by, at=at, fields={"withdrawn_at": at})


def edit(problem: Problem, *, by: Actor, at: datetime, expected: int | None = None, **facts: Any) -> LedgerEntry | None:
    """Set words and facts: title, symptom, signatures, cause, workaround, fix, affected_versions, category, severity,
    public_titles, public_texts, public_workarounds (language → words). None if nothing changed.

    ``expected``: the version the person was looking at. Raises Conflict, TooLong, NeedsWords.
    """
    fields = _checked(facts)
    with transaction.atomic():
        fresh = access.lock(problem)
        if expected is not None and fresh.version != expected:
            raise Conflict(_("Somebody changed this problem meanwhile. Look at what is new, then decide again."))
        changed = {name: value for name, value in fields.items() if getattr(fresh, name) != value}
        if not changed:
            return None
        entry = put(problem, fresh, "problem.changed", by=by, at=at, fields=changed)
        if changed.get("cause", "").strip() and fresh.state in (states.OPEN, states.INVESTIGATING, states.CAME_BACK):
            move(problem, states.CAUSE_KNOWN, by=by, at=at, reason=_("The cause was written down."))
    return entry


def set_components(problem: Problem, components: Iterable[Component], *, by: Actor, at: datetime) -> None:
    """The parts of the product it touches, exactly these."""
    wanted = sorted(components, key=lambda one: one.pk)
    with transaction.atomic():
        fresh = access.lock(problem)
        before = sorted(problem.components.values_list("slug", flat=True))
        after = [one.slug for one in wanted]
        if before == sorted(after):
            return
        problem.components.set(wanted)
        data = {"from": {"components": before}, "to": {"components": after}}
        _touch(problem, fresh, at)
        record(problem, "problem.changed", by=by, at=at, data=data)


def hand_to(
    problem: Problem, *, by: Actor, at: datetime, team: Team | None, owner: Agent | None, note: str = ""
) -> None:
    """Give the problem to a team and a person (or nobody), with a word on why. The same again does nothing."""
    with transaction.atomic():
        fresh = access.lock(problem)
        fields = {"team": team, "owner": owner}
        if (fresh.team_id, fresh.owner_id) == (team.pk if team else None, owner.pk if owner else None):
            return
        names = {"team_name": str(team or ""), "owner_name": str(owner or "")}
        put(problem, fresh, "problem.handed", by=by, at=at, fields=fields, reason=note.strip(), data=names)
        promises.hand(problem.about, team=team, agent=owner)


def move(
    problem: Problem,
    state: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    is_news_settled: bool = False,
    **facts: Any,
) -> bool:
    """Go to ``state`` by the table of moves; False if it is there already. ``facts``: ``fixed_in``, ``released_at``,
    ``watching_until``. ``is_news_settled``: what the public is told last is seen to (``statuspage.ending``).
    Raises NotAMove, in words, and OwesNews.
    """
    with transaction.atomic():
        fresh = access.lock(problem)
        if fresh.state == state:
            return False
        try:
            states.check_move(fresh.state, state)
        except states.NotAMove:
            names = dict(Problem.STATES)
            words = {"old": names.get(fresh.state, fresh.state), "new": names.get(state, state)}
            raise states.NotAMove(_("A problem cannot go from “%(old)s” to “%(new)s”.") % words) from None
        if state == states.RESOLVED and by.is_staff and not is_news_settled:
            _refuse_owing_news(fresh)
        fields = {"state": state, **_moments(fresh, state, at), **facts}
        kind = "problem.came_back" if state == states.CAME_BACK else "problem.state_changed"
        put(problem, fresh, kind, by=by, at=at, fields=fields, reason=reason.strip())
    return True


def _refuse_owing_news(fresh: Problem) -> None:
    """At the end of its watch the page speaks by itself; a person who ends it knows what there is to say."""
    if fresh.is_public and promises.pending(fresh.about, kinds.PUBLIC_NEWS):
        raise OwesNews(
            _("The public was promised news of it. Whoever leads says the last word, or why there is none, with this.")
        )


def protect(problem: Problem, is_protected: bool, *, by: Actor, at: datetime, reason: str) -> None:
    """Narrow (or widen again) who may see the problem; what few may see is told to the public no longer.

    Raises NeedsWords without a reason.
    """
    if not reason.strip():
        raise NeedsWords(_("Say why, so that the next person understands."))
    with transaction.atomic():
        fresh = access.lock(problem)
        if fresh.is_protected == is_protected:
            return
        if is_protected and fresh.is_public:
            gone = {"is_public": False, "next_news_at": None}
            put(problem, fresh, "problem.unpublished", by=by, at=at, fields=gone, reason=reason.strip())
            promises.withdraw(fresh.about, kinds.PUBLIC_NEWS, by=by, at=at, reason=reason.strip())
            fresh = access.lock(problem)
        fields = {"is_protected": is_protected}
        put(problem, fresh, "problem.protected", by=by, at=at, fields=fields, reason=reason.strip())


def note(problem: Problem, body: str, *, by: Actor, at: datetime, idempotency_key: str | None = None) -> ProblemNote:
    """Say something to colleagues about it. The same key again returns the first. Raises EmptyMessage, TooLong."""
    body = checked_body(body)
    with transaction.atomic():
        access.lock(problem)
        earlier = idempotency_key and ProblemNote.objects.filter(idempotency_key=idempotency_key).first()
        if earlier:
            return earlier
        said = ProblemNote.objects.create(
            problem=problem,
            agent_id=by.id if by.is_staff else None,
            name=by.name,
            body=body,
            at=at,
            idempotency_key=idempotency_key or None,
        )
        record(problem, "problem.noted", by=by, at=at, data={"note": said.pk})
    return said


def reword(note: ProblemNote, body: str, *, by: Actor, at: datetime) -> None:
    """Let a note say what its author says by now elsewhere. Raises EmptyMessage, TooLong."""
    body = checked_body(body)
    with transaction.atomic():
        access.lock(note.problem)
        note.body, note.removed_at, note.removed_by = body, None, ""
        note.save(update_fields=["body", "removed_at", "removed_by"])
        record(note.problem, "problem.note_changed", by=by, at=at, data={"note": note.pk})


def remove(note: ProblemNote, *, by: Actor, at: datetime) -> None:
    """Mark a note as removed where it was written. What it said stays."""
    with transaction.atomic():
        access.lock(note.problem)
        if ProblemNote.objects.filter(pk=note.pk, removed_at=None).update(removed_at=at):
            record(note.problem, "problem.note_removed", by=by, at=at, data={"note": note.pk})


def record(problem: Problem, kind: str, *, by: Actor, at: datetime, **more: Any) -> LedgerEntry:
    """Write a ledger entry about a problem. ``more``: as for ``ledger.record``; ``report`` for one of its members."""
    report = more.pop("report", None)
    data = {"problem": problem.pk, **more.pop("data", {})}
    return ledger.record(report, kind, by=by, at=at, data=data, about=problem.about, **more)


def _lent(report: Report) -> dict[str, Any]:
    technical = report.technical_team or (report.component and report.component.team)
    return {
        "category": report.category,
        "severity": report.severity,
        "team": technical or report.team,
        "is_protected": report.is_protected,
    }


def _moments(fresh: Problem, state: str, at: datetime) -> dict[str, Any]:
    """The moments and counts that go with entering ``state``."""
    if state == states.CAUSE_KNOWN:
        return {"cause_known_at": fresh.cause_known_at or at}
    if state == states.RELEASED:
        return {"released_at": at, "watching_until": None, "resolved_at": None}
    if state == states.WATCHING:
        return {"watching_until": at + WATCHED_FOR, "resolved_at": None}
    if state == states.RESOLVED:
        return {"resolved_at": at, "watching_until": fresh.watching_until or at + WATCHED_FOR}
    if state == states.CAME_BACK:
        count = fresh.came_back_count + 1
        return {"came_back_at": at, "came_back_count": count, "resolved_at": None, "watching_until": None}
    return {}


def put(
    problem: Problem, fresh: Problem, kind: str, *, by: Actor, at: datetime, fields: dict[str, Any], **more: Any
) -> LedgerEntry:
    """Write ``fields`` on the locked ``fresh`` and on ``problem``, count the version up, record old and new values."""
    before = {name: _plain(getattr(fresh, name)) for name in fields}
    Problem.objects.filter(pk=fresh.pk).update(**fields, version=fresh.version + 1, updated_at=at)
    for name, value in {**fields, "version": fresh.version + 1, "updated_at": at}.items():
        setattr(problem, name, value)
    data = {"from": before, "to": {name: _plain(value) for name, value in fields.items()}, **more.pop("data", {})}
    return record(problem, kind, by=by, at=at, data=data, **more)


def _touch(problem: Problem, fresh: Problem, at: datetime) -> None:
    Problem.objects.filter(pk=fresh.pk).update(version=fresh.version + 1, updated_at=at)
    problem.version, problem.updated_at = fresh.version + 1, at


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they may be written. Raises TooLong, NeedsWords; an unknown name is a mistake in the code."""
    fields: dict[str, Any] = {}
    for name, value in facts.items():
        if name in WORDS:
            fields[name] = _fitting(str(value).strip(), WORDS[name])
        elif name in PUBLIC_WORDS:
            fields[name] = {
                str(language)[:8]: _fitting(str(words).strip(), PUBLIC_WORDS[name])
                for language, words in dict(value).items()
                if str(words).strip()
            }
        elif name == "signatures":
            fields[name] = _lines(value, MOST_SIGNATURES, 500)
        elif name == "affected_versions":
            fields[name] = _lines(value, MOST_VERSIONS, 100)
        elif name == "severity":
            if value not in report_states.SEVERITIES:
                raise NeedsWords(_("Choose how bad it is for those hit."))
            fields[name] = value
        elif name == "category":
            fields[name] = value if isinstance(value, Category) else None
        else:
            raise TypeError(f"A problem has no fact called {name}.")
    if "title" in fields and not fields["title"]:
        raise NeedsWords(_("Give the problem a title: what goes wrong, in a few words."))
    return fields


def _lines(values: Iterable[str], most: int, longest: int) -> list[str]:
    lines = list(dict.fromkeys(" ".join(str(value).split()) for value in values if str(value).strip()))
    if len(lines) > most:
        raise TooLong(_("At most %d lines fit here.") % most)
    return [_fitting(line, longest) for line in lines]


def _fitting(words: str, longest: int) -> str:
    words = words.replace("\x00", "")
    if len(words) > longest:
        raise TooLong(_("That is too long: at most %d characters fit here.") % longest)
    return words


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.pk if hasattr(value, "pk") else value
