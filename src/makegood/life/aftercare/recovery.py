"""Making good with whoever is unhappy: a low score or hostile words, and a lead owes a call within a business day.

What asked for it stands on the row, so that the lead knows before calling: which score, which words. A call that
reaches nobody is tried again; who wants no calls is left in peace. Afterwards they may be asked once how they feel now.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.aftercare import hostility, surveys, terms, timing, wishes
from makegood.life.aftercare.models import Csat, Recovery, RecoveryCall, Resolution
from makegood.life.colleagues import notices
from makegood.life.colleagues.models import Notice
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent, Team
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises import undo as promise_undo
from makegood.life.reports import access, ledger
from makegood.life.reports.models import LedgerEntry, Message, Report

MOST_WORDS = 5000


class NoSuchOutcome(Refusal):
    """What came of the call was not said, or cannot be."""


class NotOpen(Refusal):
    """The recovery is over, or has moved on."""


class Found(TypedDict, total=False):
    """``outcome``: of ``Recovery.OUTCOMES``. ``score``: how they feel now, if they said it. ``asks_again``: by mail."""

    outcome: str
    notes: str
    score: int | None
    asks_again: bool


def visible_recoveries(seeker: Agent) -> QuerySet[Recovery]:
    """Recoveries of the reports ``seeker`` may see, newest first; only for those who look after them."""
    if not seeker.may("recovery.view"):
        return Recovery.objects.none()
    return Recovery.objects.filter(access.on_visible(seeker)).select_related("report__contact", "owner").order_by("-id")


# Reactions: at least once, idempotent by what asked for it.


def look_at_feedback(entry: LedgerEntry, now: datetime) -> None:
    """On ``feedback.given`` and ``feedback.explained``: a low score, or hostile words beside any."""
    row = Csat.objects.filter(pk=entry.data.get("csat") or 0).select_related("report").first()
    if row is None:
        return
    why: dict[str, Any] = {"csat": row.pk, "score": row.score}
    if words := _hostile(row.words, row.report, now):
        why["words"] = words
    if row.is_low or words:
        open_one(row.report, why, at=now, csat=row)


def look_at_words(entry: LedgerEntry, now: datetime) -> None:
    """On ``message.said``: hostile words of the reporter after we had called it solved."""
    key = entry.data.get("message")
    message = rows.by_key(Message, [key]).get(key or 0)
    if message is None or message.said_by != "contact" or entry.report is None:
        return
    if message.contact_id != entry.report.contact_id:
        return
    if not any(solved_at < message.at for solved_at in _SOLVED_AT(entry.report.pk)):
        return
    if words := _hostile(message.body, entry.report, now):
        open_one(entry.report, {"message": message.pk, "words": words}, at=now)


_SOLVED_AT: Statement[datetime] = Statement(
    lambda report: Resolution.objects.filter(report=report, withdrawn_at=None).values_list("at", flat=True)
)


def tell_owner(entry: LedgerEntry, now: datetime) -> None:
    """On ``recovery.opened``: the lead it falls to, at once; later the promise reminds them."""
    row = Recovery.objects.filter(pk=entry.data.get("recovery") or 0).select_related("owner", "report").first()
    if row is not None and row.is_open and row.owner is not None:
        notices.tell(row.owner, row.report, entry, why=Notice.UNHAPPY, by_mail=True, at=now)


# Verbs.


def open_one(report: Report, why: dict[str, Any], *, at: datetime, csat: Csat | None = None) -> Recovery | None:
    """Ask a lead to call: one open a report, with everything that asks for it. None if this had asked before."""
    with transaction.atomic():
        fresh = access.lock(report)
        rows = list(Recovery.objects.select_for_update().filter(report=fresh).order_by("-id"))
        if any(_source(one) == _source(why) and set(why) <= set(one) for row in rows for one in row.why):
            return None
        running = next((row for row in rows if row.is_open), None)
        if running is not None or any(_source(one) == _source(why) for row in rows for one in row.why):
            return _add(running or rows[0], why)
        promise = promises.make(fresh, kinds.RECOVERY, by=SYSTEM, at=at, team=fresh.team, agent=_lead_of(fresh))
        row = Recovery.objects.create(
            report=fresh, csat=csat, why=[why], opened_at=at, due_at=promise.due_at, owner=promise.agent
        )
        data = {"recovery": row.pk, **{name: value for name, value in why.items() if name != "words"}}
        ledger.record(fresh, "recovery.opened", by=SYSTEM, at=at, data=data)
    return row


def keep_call(recovery: Recovery, *, by: Actor, at: datetime, **found: Unpack[Found]) -> RecoveryCall:
    """A lead called, and this came of it. Raises NoSuchOutcome, NotOpen."""
    outcome, notes = found.get("outcome", ""), found.get("notes", "").strip()[:MOST_WORDS]
    score = found.get("score")
    _check(outcome, score)
    with transaction.atomic():
        report = access.lock(recovery.report)
        row = Recovery.objects.select_for_update().get(pk=recovery.pk)
        if not row.is_open:
            raise NotOpen(_("Somebody has called them already. Read what came of it before you call again."))
        call = RecoveryCall.objects.create(
            recovery=row,
            outcome=outcome,
            notes=notes,
            agent_id=by.id if by.is_staff else None,
            by_name=by.name,
            at=at,
            before={**_facts(row), "promises": promise_undo.pending_ids(report)},
        )
        promises.keep(report, kinds.RECOVERY, by=by, at=at)
        row.outcome, row.by_name, row.attempts = outcome, by.name, row.attempts + 1
        row.notes = "\n".join(part for part in (row.notes, notes) if part)
        if outcome in Recovery.REACHED:
            _reached(row, report, score, by=by, at=at, asks_again=found.get("asks_again", False))
        else:
            due_at = timing.open_days_later(report, at, 1, at=at)
            promises.make(report, kinds.RECOVERY, by=by, at=at, due_at=due_at, team=report.team, agent=row.owner)
        row.save()
        data = {"recovery": row.pk, "call": call.pk, "outcome": outcome}
        ledger.record(report, "recovery.tried", by=by, at=at, data=data, reason=notes)
    recovery.refresh_from_db()
    return call


def take_back(call: RecoveryCall, *, by: Actor, at: datetime) -> Recovery:
    """The call was put down by mistake: everything is as before it. Raises NotOpen."""
    with transaction.atomic():
        report = access.lock(call.recovery.report)
        row = Recovery.objects.select_for_update().get(pk=call.recovery_id)
        newest = row.calls.order_by("-id").first()
        if newest is None or newest.pk != call.pk:
            raise NotOpen(_("Another call came after it, so this can't be taken back by itself."))
        if row.score_after_at is not None and row.score_after_at > call.at:
            raise NotOpen(_("They have answered meanwhile, so this can't be taken back."))
        if row.asked_again_at is not None and not surveys.withdraw_again(row):
            raise NotOpen(_("The mail that asks them again has left, so this can't be taken back."))
        for name, value in call.before.items():
            if name != "promises":
                setattr(row, name, value)
        row.save()
        if call.outcome == Recovery.NO_CALLS:
            wishes.refuse_calls(report.contact, False, by=by, at=at)
        promise_undo.restore(report, call.before["promises"], by=by, at=at)
        data = {"recovery": row.pk, "call": call.pk, "outcome": call.outcome}
        ledger.record(report, "recovery.undone", by=by, at=at, data=data, reason=call.notes)
        call.delete()
    return row


# The parts of the verbs.


def _check(outcome: str, score: int | None) -> None:
    if outcome not in dict(Recovery.OUTCOMES):
        raise NoSuchOutcome(_("Say what came of the call."))
    if score is not None and score not in range(1, 6):
        raise NoSuchOutcome(_("Choose one to five."))


def _reached(row: Recovery, report: Report, score: int | None, *, by: Actor, at: datetime, asks_again: bool) -> None:
    row.reached_at, row.closed_at = at, at
    if row.outcome == Recovery.NO_CALLS:
        wishes.refuse_calls(report.contact, True, by=by, at=at)
    elif score is not None:
        row.score_after, row.score_after_at = score, at
    elif asks_again:
        row.asked_again_at = at
        surveys.ask_again(row, at=at)


def _add(row: Recovery, why: dict[str, Any]) -> Recovery:
    """What was found in the same place is told once, with all that was found there."""
    row.why = [one for one in row.why if _source(one) != _source(why)] + [why]
    row.save(update_fields=["why"])
    return row


def _source(why: dict[str, Any]) -> tuple[str, int]:
    return ("message", why["message"]) if "message" in why else ("csat", why.get("csat", 0))


def _facts(row: Recovery) -> dict[str, Any]:
    """What a call changes, as it was; moments as ISO 8601."""
    plain = {name: getattr(row, name) for name in ("outcome", "by_name", "attempts", "notes", "score_after")}
    moments = ("reached_at", "closed_at", "asked_again_at", "score_after_at")
    return plain | {name: value and value.isoformat() for name in moments for value in [getattr(row, name)]}


def _hostile(text: str, report: Report, now: datetime) -> list[str]:
    return hostility.found(text, terms.at_present(now).words, report.language) if text else []


def _lead_of(report: Report) -> Agent | None:
    """The lead of the report's team; failing that, the desk's."""
    desk = Team.objects.filter(is_technical=False, is_active=True).select_related("lead").order_by("pk").first()
    leads = [team.lead for team in (report.team, desk) if team is not None and team.lead is not None]
    return next((lead for lead in leads if lead.is_active), None)
