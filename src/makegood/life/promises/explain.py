"""Why a clock ran, stood still and fell due as it did: sentences anyone can read, from facts written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from makegood.life.promises import book, names, reasons
from makegood.life.promises.models import CalendarVersion, Policy, Promise, PromiseStep

_NOTICED_LATE = timedelta(minutes=2)


def explain(promise: Promise, language: str, tz: ZoneInfo, *, to_reporter: bool = False) -> list[str]:
    """The story of one promise in order, in ``language`` and in the zone ``tz``.

    ``to_reporter`` leaves out who did what inside the house: no names, no ladder, no reason a colleague typed.
    """
    with override(language):
        steps = sorted(promise.steps.all(), key=lambda step: (step.at, step.pk))
        # Words that put it off may be taken back before they leave: then it never happened.
        steps = [step for step in steps if step.kind != PromiseStep.PUT_OFF or step.at == promise.withdrawn_at]
        if to_reporter:
            steps = [step for step in steps if step.kind not in (PromiseStep.RUNG, PromiseStep.AT_RISK)]
        return [
            _made(promise, steps, tz),
            *_hours(promise, tz),
            *(sentence for step in steps if (sentence := _happened(step, steps, tz, to_reporter))),
            *_ended(promise, tz),
        ]


def target(promise: Promise) -> str:
    """The time a policy gives, in words: "4 business hours", "30 minutes", "1 business day"."""
    version = promise.hours if promise.policy.is_business else None
    day = book.calendar_of(version).day_length() if version else timedelta(days=1)
    return length(promise.policy.target, is_business=promise.policy.is_business, day=day)


def of_policy(policy: Policy, *, now: datetime) -> str:
    """The time a policy gives by the hours in force: '4 business hours', '1 business day', '30 minutes'."""
    return length(policy.target, is_business=policy.is_business, day=business_day(policy, now=now))


def within(policy: Policy, *, now: datetime) -> str:
    """The same as it stands alone, in a table: 'within 4 business hours'."""
    return _("within %(time)s") % {"time": of_policy(policy, now=now)}


def business_day(policy: Policy, *, now: datetime) -> timedelta:
    """How long a day is where this policy counts: an ordinary working day of its calendar, or a day of the clock."""
    if not policy.is_business:
        return timedelta(days=1)
    terms = book.current(now)
    return terms.hours(terms.version(policy, None, now)).day_length()


def length(time: timedelta, *, is_business: bool, day: timedelta = timedelta(days=1)) -> str:
    """A stretch of time in words, in whole days (``day`` long) or hours where it comes out even."""
    if day and time % day == timedelta(0):
        count = time // day
        if is_business:
            return ngettext("%(n)s business day", "%(n)s business days", count) % {"n": count}
        return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}
    count, rest = divmod(time, timedelta(hours=1))
    if not rest:
        if is_business:
            return ngettext("%(n)s business hour", "%(n)s business hours", count) % {"n": count}
        return ngettext("%(n)s hour", "%(n)s hours", count) % {"n": count}
    count = time // timedelta(minutes=1)
    if is_business:
        return ngettext("%(n)s business minute", "%(n)s business minutes", count) % {"n": count}
    return ngettext("%(n)s minute", "%(n)s minutes", count) % {"n": count}


def week(version: CalendarVersion) -> str:
    """Opening hours in one line: "Mon–Fri 08:00–12:00 and 13:00–18:00"."""
    days = [(day, [tuple(block) for block in version.blocks.get(str(day), [])]) for day in range(7)]
    parts = []
    for blocks, group in groupby(days, key=lambda item: item[1]):
        if blocks:
            numbers = [day for day, _blocks in group]
            names = str(WEEKDAYS_ABBR[numbers[0]])
            if len(numbers) > 1:
                names += f"–{WEEKDAYS_ABBR[numbers[-1]]}"
            spans = [f"{opens}–{'24:00' if closes == '00:00' else closes}" for opens, closes in blocks]
            parts.append(names + " " + _(" and ").join(spans))
    return ", ".join(parts)


def _when(moment: datetime, tz: ZoneInfo) -> str:
    # Translators: a date format, such as "Monday 16 November, 15:00"; see Django's date filter.
    return date_format(moment.astimezone(tz), pgettext("date format", "l j F, H:i"))


def _made(promise: Promise, steps: list[PromiseStep], tz: ZoneInfo) -> str:
    words = {"when": _when(promise.made_at, tz), "what": names.name(promise.kind)}
    moved = [step for step in steps if step.kind == PromiseStep.MOVED]
    if moved:
        first = datetime.fromisoformat(moved[0].data["was_due_at"])
        return _("Promised on %(when)s: %(what)s, at first by %(due)s.") % {**words, "due": _when(first, tz)}
    if promise.named_at:
        named = _when(promise.named_at, tz)
        return _("Promised on %(when)s: %(what)s, by the time we named, %(due)s.") % {**words, "due": named}
    return _("Promised on %(when)s: %(what)s within %(target)s.") % {**words, "target": target(promise)}


def _hours(promise: Promise, tz: ZoneInfo) -> Iterator[str]:
    if promise.named_at:
        return
    version = promise.hours
    if version is None:
        yield _("This clock runs day and night.")
        return
    place = version.time_zone.split("/")[-1].replace("_", " ")
    yield _("Only open hours count: %(week)s (%(place)s).") % {"week": week(version), "place": place}
    pattern = pgettext("date format", "j F")
    closed = [
        f"{date_format(date.fromisoformat(day), pattern)} ({name})"
        for day, name in version.holidays.items()
        if promise.made_at.astimezone(tz).date() <= date.fromisoformat(day) <= promise.due_at.astimezone(tz).date()
    ]
    if closed:
        yield _("Closed on %(days)s.") % {"days": ", ".join(closed)}


def _happened(step: PromiseStep, steps: list[PromiseStep], tz: ZoneInfo, to_reporter: bool) -> str:
    reason = reasons.shown(step.reason, to_reporter=to_reporter)
    words = {"when": _when(step.at, tz), "reason": reason, "name": step.by_name}
    if step.kind == PromiseStep.PAUSED:
        return _paused(step, steps, words, tz)
    if step.kind == PromiseStep.MOVED:
        if not to_reporter:
            return _("Timed anew on %(when)s by %(name)s: %(reason)s.") % words
        return (_("Timed anew on %(when)s: %(reason)s.") if reason else _("Timed anew on %(when)s.")) % words
    if step.kind == PromiseStep.PUT_OFF:
        return _put_off(step, words, tz, to_reporter)
    late = step.at - step.moment > _NOTICED_LATE
    words["moment"] = _when(step.moment, tz)
    if step.kind == PromiseStep.AT_RISK:
        sentence = _("Most of the time was used up on %(moment)s.") % words
    elif step.kind == PromiseStep.BROKEN:
        sentence = _("It was not kept by %(moment)s.") % words
    elif step.kind == PromiseStep.RUNG:
        sentence = _("Step %(number)s of the ladder on %(moment)s: %(whom)s was told.") % {
            **words,
            "number": step.number,
            "whom": names.whom(step.data.get("whom", "")),
        }
    else:
        return ""
    if late and not to_reporter:
        sentence += " " + _("Noticed on %(when)s.") % words
    return sentence


def _paused(step: PromiseStep, steps: list[PromiseStep], words: dict[str, str], tz: ZoneInfo) -> str:
    ends = [other for other in steps if other.kind == PromiseStep.RESUMED and other.number >= step.number]
    if not ends:
        whole = _("Standing still since %(when)s: %(reason)s.")
        return (whole if words["reason"] else _("Standing still since %(when)s.")) % words
    words["end"] = _when(ends[0].at, tz)
    whole = _("Stood still from %(when)s to %(end)s: %(reason)s.")
    return (whole if words["reason"] else _("Stood still from %(when)s to %(end)s.")) % words


def _put_off(step: PromiseStep, words: dict[str, str], tz: ZoneInfo, to_reporter: bool) -> str:
    words["due"] = _when(datetime.fromisoformat(step.data["due_at"]), tz)
    template = _("On %(when)s we named another time, %(due)s.")
    return (template if to_reporter else _("%(name)s named another time on %(when)s, %(due)s: %(reason)s.")) % words


def _ended(promise: Promise, tz: ZoneInfo) -> Iterator[str]:
    due = {"due": _when(promise.due_at, tz)}
    if promise.state == Promise.KEPT and promise.kept_at:
        due["when"] = _when(promise.kept_at, tz)
        if promise.broken_at is None:
            yield _("Kept on %(when)s, due on %(due)s.") % due
        else:
            yield _("Kept on %(when)s, late: it was due on %(due)s.") % due
    elif promise.state == Promise.WITHDRAWN and promise.withdrawn_at:
        yield _("Withdrawn on %(when)s.") % {"when": _when(promise.withdrawn_at, tz)}
    elif promise.state == Promise.PAUSED:
        yield _("It has no due time until the answer comes; then the time that was left runs on.")
    elif promise.state == Promise.OPEN:
        yield _("Due on %(due)s.") % due
