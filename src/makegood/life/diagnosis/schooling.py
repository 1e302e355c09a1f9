"""When a field is learnt anew, by whom, and what is known of it now.

``plan`` comes round and says what is worth learning; a worker fits it beside its main loop under a lease, and keeps
the outcome as one row. What people decide in between is taken in when the next report is looked at. Killed half-way,
nothing is lost but the work: the lease runs out and another fit begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from django.db.models import Q

from makegood.engine import learning
from makegood.engine.learning import Writing
from makegood.lib.keys import public_key
from makegood.lib.statements import Statement
from makegood.life.diagnosis import lessons
from makegood.life.diagnosis.models import LearnedField

if TYPE_CHECKING:
    from makegood.engine.learning.model import Model, Opinion

Clock = Callable[[], datetime]

# Fewer filed reports say nothing worth showing.
LEAST = 30
LEASE = timedelta(minutes=10)
# What is erased is forgotten with the next fit at the latest.
LONGEST = timedelta(days=7)
_COUNTED = 2000


class Stopped(Exception):
    """The worker is going; another begins anew."""


@dataclass
class Known:
    """A model in memory, and up to when people's decisions are in it."""

    stamp: str
    model: Model
    learnt_to: datetime


_STAMPS: Statement[tuple[str, str]] = Statement(
    lambda: LearnedField.objects.exclude(stamp="").values_list("field", "stamp")
)

# By field. A process that never looks at a report as it arrives, or at words on the phone, never holds any. Threads
# share them: whoever looks holds the lock, because the looking takes in what was decided since.
_known: dict[str, Known] = {}
_lock = Lock()


def plan(now: datetime) -> list[str]:
    """Mark the fields that are worth learning anew; return them. Work of the clock."""
    wanted = []
    for field in lessons.FIELDS:
        row, _made = LearnedField.objects.defer("kept").get_or_create(field=field)
        if row.wanted_at is None and row.leased_until is None and _is_worth_it(row, now):
            LearnedField.objects.filter(pk=row.pk).update(wanted_at=now)
            wanted.append(field)
    return wanted


def _is_worth_it(row: LearnedField, now: datetime) -> bool:
    if row.learnt_to is None:
        return len(lessons.teaching(row.field, limit=LEAST)) >= LEAST
    fresh = len(lessons.teaching(row.field, since=row.learnt_to, limit=_COUNTED))
    if now - row.learnt_to > LONGEST:
        return True
    return learning.is_worth_fitting(row.lessons + fresh, row.lessons)


def due(now: datetime) -> list[str]:
    """Fields that wait to be learnt, or whose learner is gone."""
    waiting = LearnedField.objects.filter(_is_free(now), wanted_at__isnull=False)
    return list(waiting.order_by("wanted_at").values_list("field", flat=True))


def work(field: str, *, worker: str, clock: Clock, breathe: Callable[[], object] = lambda: None) -> bool:
    """Learn ``field`` anew and keep it; False if somebody else is at it. ``breathe`` may raise Stopped."""
    now = clock()
    free = LearnedField.objects.filter(_is_free(now), field=field)
    if not free.update(leased_by=worker, leased_until=now + LEASE):
        return False
    mine = LearnedField.objects.filter(field=field, leased_by=worker)
    try:
        mine.update(**_learnt(field, breathe), learnt_to=now, wanted_at=None)
    except Stopped:
        pass  # still wanted
    except Exception:
        mine.update(wanted_at=None)  # planned again in its time, not at once and for ever
        raise
    finally:
        mine.update(leased_by="", leased_until=None)
    return True


def _is_free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now)


def _learnt(field: str, breathe: Callable[[], object]) -> dict[str, object]:
    model = learning.fit(lessons.lessons(field), breathe=breathe)
    if model is None or model.lessons < LEAST:
        return {"kept": b"", "stamp": "", "lessons": model.lessons if model else 0, "right": 0.0}
    return {
        "kept": model.to_bytes(),
        "stamp": public_key(),
        "lessons": model.lessons,
        "right": model.scale.right,
    }


def opinions(write: Callable[[], Writing]) -> dict[str, tuple[Opinion | None, str]]:
    """Field → what it may be, if anything can be said, and the stamp of who says so; of the fields that are learnt.

    ``write`` is only asked for the words where anything is known at all.
    """
    with _lock:
        if not (models := known()):
            return {}
        writing = write()
        return {field: (one.model.opinion(writing), one.stamp) for field, one in models.items()}


def known() -> dict[str, Known]:
    """The fields of which something is known, with what people have decided until now. One or two queries."""
    stamps = dict(_STAMPS())
    for field in set(_known) - set(stamps):
        del _known[field]
    stale = [field for field, stamp in stamps.items() if field not in _known or _known[field].stamp != stamp]
    for row in LearnedField.objects.filter(field__in=stale) if stale else ():
        _read(row)
    if _known:
        _take_in()
    return _known


def _read(row: LearnedField) -> None:
    _known.pop(row.field, None)
    if row.learnt_to is None:
        return
    try:
        _known[row.field] = Known(row.stamp, learning.read(bytes(row.kept)), row.learnt_to)
    except learning.NotAModel:
        # Of another make, or damaged: it says nothing until it is learnt anew, which is planned at once.
        LearnedField.objects.filter(pk=row.pk, stamp=row.stamp).update(kept=b"", stamp="", learnt_to=None)


def _take_in() -> None:
    since = min(one.learnt_to for one in _known.values())
    fresh = lessons.decisions(since)
    reports = [entry.report for entry, _field in fresh if entry.report is not None]
    for (entry, field), writing in zip(fresh, lessons.writings(reports), strict=True):
        one = _known.get(field)
        if one is None or entry.at <= one.learnt_to or entry.report is None:
            continue
        one.model.nudge(writing, lessons.value_of(entry.report, field))
    for one in _known.values() if fresh else ():
        one.learnt_to = max(one.learnt_to, fresh[-1][0].at)
