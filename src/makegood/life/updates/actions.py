"""How staff speak to a reporter: the words, the promise in them and the mail are one act, and can be taken back.

Every message names when the reporter hears next, or says it is final; the time in the words is the promise's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis.models import AskRequest, Question
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds, reasons
from makegood.life.promises import undo as promise_undo
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import desk_hours, promised_time
from makegood.life.reports import access, conversation, states
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Message, Report
from makegood.life.updates import closing, mails, named_times, scripts
from makegood.life.updates.models import SaidReply

UNDO = timedelta(seconds=10)
# What a public word of ours settles. Following up and confirming are acts of their own.
SETTLED = (kinds.ACKNOWLEDGE, kinds.HEAR_BACK, kinds.NEXT_UPDATE)


class TimesDisagree(Refusal):
    """The words name another time than the promise; ``moment``: the one they name, if it can still be promised."""

    def __init__(self, words: str, moment: datetime | None = None) -> None:
        self.moment = moment
        super().__init__(words)


class UnclearTime(TimesDisagree):
    """The words may promise a time; whoever writes has to say whether ``promised`` is what they mean."""

    def __init__(self, words: str, moment: datetime | None, promised: datetime | None) -> None:
        self.promised = promised
        super().__init__(words, moment)


class NoNextTime(Refusal):
    """Work goes on, so the reporter must be told when they hear next."""


class How(TypedDict, total=False):
    """``next_at``: when they hear next (default: as the words name it, else by policy).

    ``final``: they need not expect more from us. ``waiting_for_reporter``: they have the ball, our clocks stand still.
    ``undo``: how long it can be taken back. ``kind``: which promise the named time is (default: the next update).
    ``purpose``: what the mail is for, in the log.
    ``unmailed``: contacts who get no mail of it, because they get the same words in another thread.
    ``puts_off``: the promise whose time these words move, and why; it and nothing else is settled by them.
    ``asks``: somebody is there to be asked what a doubtful time in the words means (UnclearTime).
    """

    next_at: datetime | None
    final: bool
    script: str
    undo: timedelta
    waiting_for_reporter: bool
    idempotency_key: str | None
    kind: str
    purpose: str
    unmailed: Collection[int]
    puts_off: tuple[Promise, str]
    asks: bool


@dataclass(frozen=True)
class Prepared:
    """The words exactly as the reporter will read them, and the time they name (None: final)."""

    body: str
    named_time: datetime | None


def prepare(report: Report, body: str, *, by: Actor, at: datetime, **how: Unpack[How]) -> Prepared:
    """Check and complete what is about to be said; also the preview. Changes nothing.

    Raises EmptyMessage, TooLong, UnfilledPlaceholder, TimesDisagree, UnclearTime, NoNextTime, InThePast.
    """
    final, next_at = how.get("final", False), how.get("next_at")
    if final and next_at:
        raise TimesDisagree(_("A message is either final or names the next time, not both."))
    if final and report.state in states.IN_WORK:
        raise NoNextTime(_("We are still working on this. Name the time of the next news, or solve the report first."))
    kind = how.get("kind") or kinds.NEXT_UPDATE
    named = None if final else next_at or _named_in(report, body, at=at)
    if named is None and not final:
        named = promised_time(kind, report.severity, at, report.team)
    if named is not None and named <= at:
        raise promises.InThePast(_("That time has already passed. Name one that is still to come."))
    words = _filled(report, conversation.checked_body(body), named, by=by, at=at)
    check_times(report, words, named, at=at, asks=how.get("asks", False))
    return Prepared(closing.ended(report, words, named, at=at), named)


def check_times(report: Report, words: str, named: datetime | None, *, at: datetime, asks: bool = True) -> None:
    """Raise TimesDisagree unless every time that ``words`` promise is ``named`` (None: they are final); if there is
    somebody to be asked, UnclearTime for one that may promise another.
    """
    _refuse_disagreement(report, words, named, at=at)
    if asks:
        _ask_when_unclear(report, words, named, at=at)


def reply(report: Report, body: str, *, by: Actor, at: datetime, **how: Unpack[How]) -> Message:
    """Say ``body`` to the reporter: keep the news that was due, promise the next, owe the mail. Raises as ``prepare``.

    The same ``idempotency_key`` again returns the first message and changes nothing.
    """
    with transaction.atomic():
        report_now = access.lock(report)
        earlier = Message.objects.filter(idempotency_key=how.get("idempotency_key") or None).first()
        if earlier and how.get("idempotency_key"):
            return earlier
        prepared = prepare(report_now, body, by=by, at=at, **how)
        before = _before(report_now)
        message = _say(report, prepared, by=by, at=at, **how)
        SaidReply.objects.create(message=message, before=before)
        _settle(report, message, by=by, at=at, **how)
        _hand_the_ball(report, by=by, at=at, waiting=how.get("waiting_for_reporter", False))
        if report_now.state == states.RECEIVED and by.is_staff:
            reports.set_state(report, states.INVESTIGATING, by=by, at=at)
        purpose, unmailed = how.get("purpose") or "reply", how.get("unmailed", ())
        mails.queue_message(report, message, at=at, purpose=purpose, unmailed=unmailed)
        promises.ensure_owed(report, by=by, at=at)
    return message


def ask(
    report: Report, questions: Iterable[Question], body: str, *, by: Actor, at: datetime, **how: Unpack[How]
) -> AskRequest:
    """Put ``questions`` to the reporter in one message (``{{ questions }}`` in ``body``, else they follow it).

    The clocks wait for the answer. Raises as ``reply``, and AlreadyKnown, NothingAsked.
    """
    wanted = list(questions)
    with transaction.atomic():
        body = with_questions(report, body, wanted)
        how.setdefault("script", "ask")
        how["waiting_for_reporter"] = True
        message = reply(report, body, by=by, at=at, **how)
        existing = AskRequest.objects.filter(message=message).first()
        return existing or diagnosis.ask(report, wanted, by=by, at=at, message=message)


def with_questions(report: Report, body: str, questions: Iterable[Question]) -> str:
    """``body`` with the questions listed where it says so, else at its end."""
    listed = "\n".join(f"{n}. {question.text_in(report.language)}" for n, question in enumerate(questions, 1))
    filled = scripts.fill(body, {"questions": listed, "first_name": "{{ first_name }}"})
    return filled if listed in filled else f"{filled}\n\n{listed}"


def unsay(message: Message, *, by: Actor, at: datetime) -> Message:
    """Take a reply back inside its undo window; promises, state and waiting are as they were. Raises AlreadyGone."""
    with transaction.atomic():
        report = access.lock(message.report)
        gone = conversation.withdraw(message, by=by, at=at)
        said = SaidReply.objects.filter(message=message).first()
        if said is None:
            return gone
        for request in AskRequest.objects.filter(message=message, state="open"):
            diagnosis.withdraw_ask(request, by=by, at=at, reason=_("The message was taken back."))
        if not said.before["waiting"]:
            promises.resume(report, by=by, at=at)
        promise_undo.take_back(report, message, said.before["promises"], by=by, at=at)
        _restore(report, said.before, by=by, at=at)
        promises.ensure_owed(report, by=by, at=at)
        said.delete()
    return gone


def _filled(report: Report, words: str, named: datetime | None, *, by: Actor, at: datetime) -> str:
    values = scripts.known_values(report, by=by)
    values["status_link"] = mails.portal_address()
    if named:
        values["promised_time"] = scripts.told_time(report, named, now=at)
    filled = scripts.fill(words, values)
    if gaps := scripts.unfilled(filled):
        raise scripts.UnfilledPlaceholder(gaps)
    return filled


def _reading(report: Report, at: datetime) -> named_times.Reading:
    """How the reporter reads times: at this moment, where they live, with the hours of the team in charge."""
    return {"now": at, "zone": scripts.reporter_zone(report), "desk": desk_hours(at, report.team)}


def _named_in(report: Report, body: str, *, at: datetime) -> datetime | None:
    """The one moment to come that the words surely promise: it becomes the promise."""
    found = named_times.find(body, **_reading(report, at))
    moments = {named.moment for named in found}
    only = moments.pop() if len(moments) == 1 else None
    return only if only and only > at else None


def _refuse_disagreement(report: Report, words: str, named: datetime | None, *, at: datetime) -> None:
    if named is None:
        found = named_times.find(words, **_reading(report, at))
        if found:
            raise TimesDisagree(_("The message is final, yet it names a time: “%s”.") % found[0].words)
        return
    other = named_times.disagreeing(words, named, **_reading(report, at))
    if other:
        raise TimesDisagree(
            _("The message says “%(words)s”, but the promise is for %(promise)s. Change one of them.")
            % {"words": other.words, "promise": scripts.told_time(report, named, now=at)},
            _to_come(other.moment, at),
        )


def _ask_when_unclear(report: Report, words: str, named: datetime | None, *, at: datetime) -> None:
    doubt = named_times.doubtful(words, named, **_reading(report, at))
    if doubt and named is None:
        raise UnclearTime(
            _("The message is final, yet “%s” may be read as a promise. Is it one?") % doubt.words, None, None
        )
    if doubt and named:
        raise UnclearTime(
            _("The reporter may read “%(words)s” as a promise; what they are promised is %(promise)s. Is that meant?")
            % {"words": doubt.words, "promise": scripts.told_time(report, named, now=at)},
            _to_come(doubt.moment, at),
            named,
        )


def _to_come(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment > at else None


def _say(report: Report, prepared: Prepared, *, by: Actor, at: datetime, **how: Any) -> Message:
    return conversation.say(
        report,
        prepared.body,
        by=by,
        at=at,
        undo=how.get("undo", UNDO),
        script=how.get("script", ""),
        named_time=prepared.named_time,
        is_final=prepared.named_time is None,
        idempotency_key=how.get("idempotency_key") or None,
    )


def _settle(report: Report, message: Message, *, by: Actor, at: datetime, **how: Unpack[How]) -> None:
    """What ``message`` keeps, and what it promises."""
    if "puts_off" in how:
        promise, reason = how["puts_off"]
        promises.keep(report, kinds.ACKNOWLEDGE, by=by, at=at, message=message)
        promises.put_off(report, promise, by=by, at=at, message=message, reason=reason)
        return
    settled = (*SETTLED, kinds.FIRST_ANSWER) if by.role == roles.ENGINEER else SETTLED
    promises.keep(report, *settled, by=by, at=at, message=message)
    if message.named_time:
        kind = how.get("kind") or kinds.NEXT_UPDATE
        promises.make(report, kind, by=by, at=at, due_at=message.named_time, message=message)


def _hand_the_ball(report: Report, *, by: Actor, at: datetime, waiting: bool) -> None:
    """``waiting``: the reporter has it, and our clocks stand still."""
    if waiting:
        promises.pause(report, by=by, at=at, reason=reasons.WAITING_FOR_REPORTER)
    if report.waiting_for_reporter != waiting:
        _set(report, waiting_for_reporter=waiting)
    if not waiting:
        promises.resume(report, by=by, at=at)


def _set(report: Report, **fields: Any) -> None:
    Report.objects.filter(pk=report.pk).update(**fields)
    for name, value in fields.items():
        setattr(report, name, value)


def _before(report: Report) -> dict[str, Any]:
    return {
        "promises": promise_undo.pending_ids(report),
        "waiting": report.waiting_for_reporter,
        "state": report.state,
        "first_answered_at": report.first_answered_at.isoformat() if report.first_answered_at else None,
        "last_said_at": report.last_said_at.isoformat() if report.last_said_at else None,
        "last_said_by": report.last_said_by,
    }


def _restore(report: Report, before: dict[str, Any], *, by: Actor, at: datetime) -> None:
    said = {
        name: datetime.fromisoformat(before[name]) if before[name] else None
        for name in ("first_answered_at", "last_said_at")
    }
    _set(report, waiting_for_reporter=before["waiting"], last_said_by=before["last_said_by"], **said)
    if report.state != before["state"] == states.RECEIVED:
        fields = {"state": before["state"]}
        reports.change(report, "report.change_undone", by=by, at=at, fields=fields)
