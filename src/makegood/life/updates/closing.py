"""How every message to a reporter ends: it names when they hear next, or says that it is the last one."""

from __future__ import annotations

from datetime import datetime

from makegood.lib.texts import in_language
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import open_promises
from makegood.life.reports.models import Report
from makegood.life.updates import scripts

NEWS_LINE = {
    "en": "You will hear from us again by {time}.",
    "de": "Sie hören wieder von uns bis {time}.",
}
FINAL_LINE = {
    "en": "This is our last message about this. If anything is still not right, simply write to us again.",
    "de": "Dies ist unsere letzte Nachricht dazu. Wenn noch etwas nicht stimmt, schreiben Sie uns einfach wieder.",
}


def ended(report: Report, words: str, named: datetime | None, *, at: datetime) -> str:
    """``words`` with the sentence that names ``named``, or that says they are final; unless they say it already."""
    if named is None:
        line = in_language(FINAL_LINE, report.language)
        return words if line in words else f"{words}\n\n{line}"
    told = scripts.told_time(report, named, now=at)
    if told in words:
        return words
    return f"{words}\n\n{in_language(NEWS_LINE, report.language).format(time=told)}"


def as_owed(report: Report, words: str, *, at: datetime) -> str:
    """The same for what promises nothing of its own, with the next time we owe anyway. ``at``: when it leaves."""
    return ended(report, words, next_owed(report, at=at), at=at)


def next_owed(report: Report, *, at: datetime) -> datetime | None:
    """When they hear from us next after ``at`` by what is promised already; None if nothing is, or all is over."""
    if not report.is_open:
        return None
    running = (promise for promise in open_promises(report) if promise.kind in kinds.NEWS)
    return min((p.due_at for p in running if p.state == Promise.OPEN and p.due_at > at), default=None)


def taken_off(report: Report, words: str, named: datetime | None, *, at: datetime) -> str:
    """``words`` without the sentence ``ended`` added to them."""
    line = in_language(FINAL_LINE, report.language)
    if named:
        told = scripts.told_time(report, named, now=at)
        line = in_language(NEWS_LINE, report.language).format(time=told)
    return words.removesuffix(line).rstrip()
