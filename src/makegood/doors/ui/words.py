"""Moments in words. Pure: ``now`` is given. The browser's ticker (frontend/shared/times.ts) says the same."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from makegood.lib import times

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def span(seconds: float) -> str:
    """A stretch of time, short: '15 min', '2 h', '3 days'."""
    seconds = abs(seconds)
    if seconds < 90 * _MINUTE:
        return _("%(n)s min") % {"n": max(1, round(seconds / _MINUTE))}
    if seconds < 36 * _HOUR:
        return _("%(n)s h") % {"n": round(seconds / _HOUR)}
    days = round(seconds / _DAY)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def relative(moment: datetime, now: datetime) -> str:
    """'just now', '5 min ago', 'in 2 h'; further than a week away: the date."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < 45:
        return _("just now")
    if abs(seconds) > 7 * _DAY:
        local = timezone.localtime(moment)
        return _day(local) if local.year == timezone.localtime(now).year else f"{_day(local)} {local.year}"
    text = span(seconds)
    return _("in %(span)s") % {"span": text} if seconds > 0 else _("%(span)s ago") % {"span": text}


def due(moment: datetime, now: datetime) -> str:
    """'due in 2 h', 'due now', 'late 15 min'."""
    seconds = (moment - now).total_seconds()
    if -30 < seconds < 45:
        return _("due now")
    return (_("due in %(span)s") if seconds > 0 else _("late %(span)s")) % {"span": span(seconds)}


def absolute(moment: datetime) -> str:
    """Date, time and zone in the zone of whoever reads: 'Tue 24 Nov 2026, 15:00 CET'."""
    minute = moment.replace(second=0, microsecond=0)
    return _absolute_in(minute, timezone.get_current_timezone(), get_language() or "en")


# A list is looked at again and again, with the same moments in it.
@lru_cache(5000)
def _absolute_in(minute: datetime, zone: tzinfo, language: str) -> str:
    local = timezone.localtime(minute, zone)
    named = times.zone_name(local, language=language, zone=zone)
    return _at(f"{_weekday(local)} {local.year}", f"{local:%H:%M}") + f" {named}"


def clock(moment: datetime, now: datetime) -> str:
    """The time one promises by: 'today 15:00', 'tomorrow 09:30', 'Tue 24 Nov, 15:00'; the zone is said elsewhere."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    time = f"{local:%H:%M}"
    if local.date() == today:
        return _("today %(time)s") % {"time": time}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": time}
    return _at(_weekday(local), time)


def between(first: datetime, last: datetime, now: datetime) -> str:
    """From when to when, the day said once: 'Tue 24 Nov, 14:18 to 16:02'."""
    start, end = clock(first, now), clock(last, now)
    if start == end:
        return start
    if timezone.localtime(first).date() == timezone.localtime(last).date():
        end = f"{timezone.localtime(last):%H:%M}"
    return _("%(first)s to %(last)s") % {"first": start, "last": end}


# Once a day and language: a list has two hundred moments of few days. Not Django's own date_format, which takes ten
# times as long.


def _day(local: datetime) -> str:
    """'24 Nov'."""
    return _day_in(local.date(), get_language())


def _weekday(local: datetime) -> str:
    return _weekday_in(local.date(), get_language())


@lru_cache(2000)
def _day_in(local: date, _language: str | None) -> str:
    month = str(MONTHS_3[local.month]).title()
    return pgettext("day of a month, as in 24 Nov", "%(day)s %(month)s") % {"day": local.day, "month": month}


@lru_cache(2000)
def _weekday_in(local: date, language: str | None) -> str:
    words = {"weekday": WEEKDAYS_ABBR[local.weekday()], "day": _day_in(local, language)}
    return pgettext("as in Tue 24 Nov", "%(weekday)s %(day)s") % words


def _at(day: str, time: str) -> str:
    return pgettext("a day and a time of day", "%(day)s, %(time)s") % {"day": day, "time": time}


def for_browser() -> dict[str, str]:
    """The patterns the browser's own code speaks with, in the reader's language."""
    return {
        "min": _("%(n)s min"),
        "h": _("%(n)s h"),
        "day": ngettext("%(n)s day", "%(n)s days", 1),
        "days": ngettext("%(n)s day", "%(n)s days", 2),
        "now": _("just now"),
        "in": _("in %(span)s"),
        "ago": _("%(span)s ago"),
        "due_now": _("due now"),
        "due_in": _("due in %(span)s"),
        "late": _("late %(span)s"),
        "undo": _("Undo"),
        "undo_hint": _("Press z to undo."),
        "undone": _("Undone."),
        "open": pgettext("what one does", "Open"),
        "close": _("Close"),
        "failed": _("That did not work. Nothing was changed."),
        "broke": _("Something broke on our side. Nothing was changed; what you typed is still here."),
        "offline": _("No connection. Nothing was changed."),
        "no_answer": _("No answer from the server. What you typed is still here; try again."),
        "signed_out": _("You have been signed out. What you typed is still here: sign in beside it, then try again."),
        "sign_in": _("Sign in"),
        "draft_saved": pgettext("what was typed", "Kept %(time)s"),
        "draft_here": _("Kept on this device"),
        "draft_restored": _("Your draft is back"),
        "selected": _("%(n)s selected"),
        "n_reports": ngettext("%(n)s report", "%(n)s reports", 2),
        "all_in_view": _("all in this view"),
        "me": _("Me"),
        "actions": _("On this page"),
        "go": _("Go to"),
        "other": _("Other"),
        "recent": _("Recent"),
        "call": _("Call a colleague"),
        "call_hint": _("Arrow keys choose, Enter takes."),
        "nothing": _("Nothing fits. Try a number, a name or another word."),
        "n_shown": _("%(n)s shown"),
        "matches": _("%(n)s matches"),
        "remove": _("Remove"),
        "too_big": _("%(name)s is too big: at most %(limit)s MB a file. Your text is not affected."),
        "wrong_type": _("%(name)s is a kind of file we cannot take. Pictures, PDF, text and archives are fine."),
        "upload_broken": _("%(name)s could not be sent. Your text is not affected; try again."),
        "uploading": _("Sending %(name)s"),
        "uploaded": _("%(name)s added"),
        "removed": _("%(name)s removed"),
        "saved_at": _("Saved at %(time)s"),
        "saved_here": _("Kept in this browser until you send it"),
        "restored": _("What you wrote earlier is back."),
        "copied": _("Copied"),
        "ctrl": _("Ctrl"),
    }
