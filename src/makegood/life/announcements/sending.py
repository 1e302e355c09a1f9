"""The job: tell the next few, put itself in line again. Killed at any moment, nobody is told twice or left out.

A slice is one transaction: message, promise, mail row and the recipient's mark are there together or not at all, and
a mail leaves only once it is a row, under the Message-ID it was given then. Slices of one announcement wait for one
another at its row. A message carries a key of announcement and report, so even a fault of ours could not say it twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.engine.live import publish
from makegood.engine.queue.runner import OutOfTime
from makegood.lib.errors import Refusal
from makegood.life.aftercare import actions as aftercare
from makegood.life.announcements import access, actions, people
from makegood.life.announcements import texts as words
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.problems import actions as problems
from makegood.life.problems import membership, news, states
from makegood.life.problems.models import Problem
from makegood.life.promises import kinds
from makegood.life.reports import access as report_access
from makegood.life.reports import participants
from makegood.life.reports.models import Message, OutgoingMail, Participant, Report
from makegood.life.updates import actions as updates

log = logging.getLogger(__name__)

# Few at a time: on SQLite a slice holds the one write lock, and people are waiting to save.
SLICE = 10
# So many of its mails may wait to leave; more, and an acknowledgement would stand behind them.
MOST_WAITING = 100
PAUSE = timedelta(seconds=10)
PURPOSE = "announcement"
AT_ONCE = timedelta(0)


def run_slice(payload: dict[str, Any], now: datetime) -> None:
    """Tell the next few, unless it was stopped or another job has taken over."""
    with transaction.atomic():
        fresh = access.lock(payload["announcement"])
        if fresh.turn != payload["turn"] or not fresh.is_under_way:
            return
        with override(fresh.agent.language if fresh.agent else None):
            if actions.has_come_back(fresh):
                actions.stop(fresh, at=now, reason=_("The problem came back."))
            elif fresh.state == Announcement.QUEUED:
                # By itself: who joins a problem holds a report first and the problem then, a slice many reports.
                _begin(fresh, now)
                actions.in_line_again(fresh, at=now)
            elif _mails_waiting() >= MOST_WAITING:
                actions.in_line_again(fresh, at=now + PAUSE)
            else:
                _tell_some(fresh, now)
        publish(f"announcement:{fresh.key}", fresh.key, at=now)


def _begin(fresh: Announcement, now: datetime) -> None:
    """What it means for the problem itself: the public's next news, or that the fix is out and watched."""
    by, problem = speaker(fresh), fresh.problem
    actions.change(fresh, state=Announcement.RUNNING, started_at=now)
    actions.record(fresh, "announcement.started", by=SYSTEM, at=now)
    if fresh.kind == Announcement.NEWS:
        if problem.is_public:
            news.promise_news(problem, by=by, at=now, due_at=fresh.next_news_at)
        return
    news.tell_no_more(problem, by=by, at=now)
    _watch(problem, by=by, at=now)


def _tell_some(fresh: Announcement, now: datetime) -> None:
    waiting = list(_waiting(fresh)[:SLICE])
    heard = _mailed(fresh)
    for recipient in waiting:
        _tell(fresh, recipient, heard, now)
    if len(waiting) < SLICE:
        _finish(fresh, now)
    else:
        actions.in_line_again(fresh, at=now)


def _watch(problem: Problem, *, by: Actor, at: datetime) -> None:
    why = _("Everybody it hit is told that it is fixed.")
    if not problem.is_fixed:
        problems.move(problem, states.RELEASED, by=by, at=at, reason=why)
    if problem.state == states.RELEASED:
        problems.move(problem, states.WATCHING, by=by, at=at, reason=why)


def _finish(fresh: Announcement, now: datetime) -> None:
    actions.change(fresh, state=Announcement.DONE, finished_at=now)
    states_of = list(fresh.recipients.values_list("state", flat=True))
    data = {"told": states_of.count(Recipient.SAID), "failed": states_of.count(Recipient.FAILED)}
    actions.record(fresh, "announcement.done", by=SYSTEM, at=now, data=data)


def _tell(fresh: Announcement, recipient: Recipient, heard: set[int], now: datetime) -> None:
    """One person, in a savepoint of their own: what fails leaves nothing of it behind and keeps nobody else waiting."""
    report = recipient.report
    why = _reason_now(fresh, report_access.lock(report))
    if why:
        _mark(recipient, Recipient.SKIPPED, why=why, at=now)
        return
    unmailed = heard | _hear_it_elsewhere(fresh, report)
    try:
        with transaction.atomic():
            message = _say(fresh, report, frozenset(unmailed), now)
    except (Error, OutOfTime):
        raise
    except Refusal as refusal:
        _mark(recipient, Recipient.FAILED, why=str(refusal), at=now)
        return
    except Exception as trouble:
        log.exception("announcement.failed %s for %s", fresh.key, report.number)
        why = _("Something broke on our side: %s") % type(trouble).__name__
        _mark(recipient, Recipient.FAILED, why=why, at=now)
        return
    _mark(recipient, Recipient.SAID, at=now, way=people.way_to(report, heard), message=message)
    heard.add(report.contact_id)


def _say(fresh: Announcement, report: Report, unmailed: frozenset[int], now: datetime) -> Message:
    by, key = speaker(fresh), f"announcement:{fresh.pk}:{report.pk}"
    said = words.words_for(fresh.texts, report)
    if fresh.kind == Announcement.NEWS:
        return updates.reply(
            report,
            said,
            by=by,
            at=now,
            next_at=fresh.next_news_at,
            kind=kinds.NEXT_UPDATE,
            script=words.MOMENTS[fresh.kind].replace("_", "-"),
            undo=AT_ONCE,
            purpose=PURPOSE,
            unmailed=unmailed,
            idempotency_key=key,
        )
    resolution = aftercare.solve(
        report,
        by=by,
        at=now,
        cause=fresh.problem.cause,
        solution=fresh.problem.fix,
        words=said,
        undo=AT_ONCE,
        purpose=PURPOSE,
        unmailed=unmailed,
        idempotency_key=key,
    )
    assert resolution.message is not None
    return resolution.message


def speaker(fresh: Announcement) -> Actor:
    """In whose name it is said."""
    return fresh.agent.actor if fresh.agent else Actor(SYSTEM.kind, None, fresh.made_by)


def _reason_now(fresh: Announcement, report: Report) -> str:
    """What may have changed since it was sent: it left the problem (not: went over with all of it to another), or was
    solved or closed meanwhile."""
    member = membership.member_row(report)
    if member is None or member.problem_id not in (fresh.problem_id, fresh.problem.merged_into_id):
        return people.LEFT
    return people.reason_to_leave(report)


def _waiting(fresh: Announcement) -> Any:
    rows = fresh.recipients.filter(state=Recipient.WAITING).order_by("-report_id")
    return rows.select_related("report", "report__contact", "report__category", "report__team", "report__mailbox")


def _mailed(fresh: Announcement) -> set[int]:
    """Contacts who have had it as reporters, in whichever thread."""
    return set(fresh.recipients.filter(state=Recipient.SAID).values_list("contact_id", flat=True))


def _hear_it_elsewhere(fresh: Announcement, report: Report) -> set[int]:
    """Whoever takes part in ``report`` but hears it in a thread of their own or had a copy: nobody gets two."""
    here = list(participants.accepted(report).values_list("contact_id", flat=True))
    if not here:
        return set()
    told = Recipient.objects.filter(announcement=fresh)
    own = told.filter(contact__in=here).exclude(state=Recipient.SKIPPED).values_list("contact_id", flat=True)
    elsewhere = told.filter(state=Recipient.SAID).values("report")
    copies = Participant.objects.filter(report__in=elsewhere, contact__in=here, state=participants.ACCEPTED)
    return {*own, *copies.values_list("contact_id", flat=True)}


def _mails_waiting() -> int:
    """Mails of announcements nobody has tried to carry yet: those our own ceilings hold back too."""
    waiting = OutgoingMail.objects.filter(purpose=PURPOSE, state__in=["queued", "sending"], attempts=0)
    return len(waiting.order_by().values_list("pk")[:MOST_WAITING])


def _mark(recipient: Recipient, state: str, *, at: datetime, **fields: Any) -> None:
    fields = {"why": "", **fields, "state": state, "at": at}
    fields["why"] = fields["why"][:500]
    Recipient.objects.filter(pk=recipient.pk).update(**fields)
