"""Figures as words: minutes, shares, counts."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from makegood.life.insights.plots.base import COUNT, DATE, MINUTES, MONEY, NUMBER, SHARE

HOUR, DAY = 60, 1440


def in_words(value: int | float | str | None, kind: str) -> str:
    """A figure as a person reads it; a dash where there is nothing to say."""
    if value is None:
        return "–"
    if kind == DATE:
        return date_format(date.fromisoformat(str(value)), pgettext("date format", "j M Y"))
    if isinstance(value, str):
        return value
    if kind == MINUTES:
        return minutes(int(value))
    if kind == SHARE:
        return _("%(n)s %%") % {"n": round(100 * value)}
    if kind == NUMBER:
        return number_format(value, 1)
    if kind == MONEY:
        return number_format(value, 2, force_grouping=True)
    if kind == COUNT:
        return number_format(int(value), 0, force_grouping=True)
    return str(value)


def minutes(value: int) -> str:
    if value < HOUR:
        return _("%(n)s min") % {"n": value}
    if value < DAY:
        return (
            _("%(h)s h %(m)s min") % {"h": value // HOUR, "m": value % HOUR}
            if value % HOUR
            else _("%(n)s h") % {"n": value // HOUR}
        )
    days, hours = value // DAY, value % DAY // HOUR
    return _("%(d)s d %(h)s h") % {"d": days, "h": hours} if hours else _("%(d)s d") % {"d": days}
