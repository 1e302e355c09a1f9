"""The verbs of set-up: add and change the rows an admin edits, each with a ledger entry that says from what to what.

They take any row of ``life``, so that one pair of verbs and one history serve teams, categories, questions and all that
follows. Things with rules of their own (policies, calendars, scripts, people) have verbs of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import LedgerEntry

KINDS = ("setup.added", "setup.changed", "setup.removed")
# Whoever knows one can use it: the history tells that it changed, and whose host it leads to.
_SECRET = frozenset({"page_webhook", "secret", "old_secret", "token"})


class NameTaken(Refusal):
    """Another row of the kind carries that short name."""


class InUse(Refusal):
    """Something still hangs on it."""


def add(what: str, thing: models.Model, *, by: Actor, at: datetime) -> None:
    """Save a new ``thing`` called ``what`` (team, category …) in the history. Raises NameTaken."""
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
            values = {f.attname: plain(getattr(thing, f.attname)) for f in thing._meta.concrete_fields}
            _record("setup.added", what, thing, by=by, at=at, changes={"to": values})
    except IntegrityError:
        raise NameTaken(_("That short name is taken. Choose another.")) from None


def change(what: str, thing: models.Model, values: Mapping[str, Any], *, by: Actor, at: datetime) -> bool:
    """Set ``values``; nothing is written if they are so already. Raises NameTaken. True if something changed."""
    before = {name: plain(getattr(thing, name)) for name in values}
    after = {name: plain(value) for name, value in values.items()}
    changed = [name for name in values if before[name] != after[name]]
    if not changed:
        return False
    for name in changed:
        setattr(thing, name, values[name])
    try:
        with transaction.atomic():
            thing.save(update_fields=changed)
            changes = {"from": {n: before[n] for n in changed}, "to": {n: after[n] for n in changed}}
            _record("setup.changed", what, thing, by=by, at=at, changes=changes)
    except IntegrityError:
        raise NameTaken(_("That short name is taken. Choose another.")) from None
    return True


def link(
    what: str, thing: models.Model, rows: type[models.Model], wanted: Iterable[int], *, by: Actor, at: datetime
) -> bool:
    """Make ``thing`` hang together with exactly ``wanted`` (keys, in order) through ``rows``, a join model of two."""
    here, there = _sides(rows, thing)
    keys = list(dict.fromkeys(wanted))
    with transaction.atomic():
        kept = rows._default_manager.filter(**{here: thing}).order_by("pk")
        before = list(kept.values_list(f"{there}_id", flat=True))
        if before == keys:
            return False
        kept.delete()
        placed = {f.name for f in rows._meta.concrete_fields} >= {"position"}
        rows._default_manager.bulk_create(
            rows(**{here: thing, f"{there}_id": key, **({"position": place} if placed else {})})
            for place, key in enumerate(keys)
        )
        _record("setup.changed", what, thing, by=by, at=at, changes={"from": {there: before}, "to": {there: keys}})
    return True


def remove(what: str, thing: models.Model, *, by: Actor, at: datetime) -> None:
    """Take ``thing`` away for good. Raises InUse."""
    try:
        with transaction.atomic():
            values = {f.attname: plain(getattr(thing, f.attname)) for f in thing._meta.concrete_fields}
            _record("setup.removed", what, thing, by=by, at=at, changes={"from": values})
            thing.delete()
    except models.ProtectedError:
        raise InUse(_("Reports still use it. Switch it off instead.")) from None


def history(what: str, key: int) -> models.QuerySet[LedgerEntry]:
    """What happened to one thing of the set-up, newest first."""
    return LedgerEntry.objects.filter(kind__in=KINDS, data__what=what, data__id=key).order_by("-pk")


def edited(what: str) -> dict[int, set[str]]:
    """Which fields of the things called ``what`` a person has set, by key. What stands in none of them came with a
    release and may be renewed by one."""
    found: dict[int, set[str]] = defaultdict(set)
    for data in LedgerEntry.objects.filter(kind__in=KINDS, data__what=what).values_list("data", flat=True):
        found[data["id"]].update(data.get("to", {}))
    return found


def plain(value: Any) -> Any:
    """A value as the ledger keeps it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value


def veiled(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` as the history may tell them: of a secret address its host, of any other secret that there is one."""
    return {name: _veil(value) if name in _SECRET else value for name, value in values.items()}


def _veil(value: Any) -> str:
    host = urlsplit(str(value or "")).hostname
    return f"{host}/…" if host else "…" if value else ""


def _sides(rows: type[models.Model], thing: models.Model) -> tuple[str, str]:
    keys = [f for f in rows._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    here = next(f.name for f in keys if isinstance(thing, f.related_model))
    return here, next(f.name for f in keys if f.name != here)


def _record(kind: str, what: str, thing: models.Model, *, by: Actor, at: datetime, changes: dict[str, Any]) -> None:
    name = str(getattr(thing, "name", "") or getattr(thing, "slug", "") or thing.pk)
    told = {side: veiled(values) for side, values in changes.items()}
    ledger.record(None, kind, by=by, at=at, data={"what": what, "id": thing.pk, "name": name, **told})
