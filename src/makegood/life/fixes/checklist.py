"""What people check by hand before a fix is announced: each line with who checked it, when, and what came of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.code import FAILED, PASSED
from makegood.engine.live import publish
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.fixes import following
from makegood.life.fixes.models import CheckItem, Fix
from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions

LONGEST, LONGEST_NOTE, MOST = 300, 1000, 50


class NotAnItem(Refusal):
    """The line cannot be written, or is not there any more; the text says why."""


def add(fix: Fix, words: str, *, by: Actor, at: datetime) -> CheckItem:
    """Put a line on the list. The same words again are the same line. Raises NotAnItem."""
    words = _fitting(" ".join(words.split()), LONGEST)
    if not words:
        raise NotAnItem(_("Write what is to be checked."))
    with transaction.atomic():
        access.lock(fix.problem)
        there = fix.items.filter(removed_at=None)
        earlier = there.filter(words=words).first()
        if earlier:
            return earlier
        if there.count() >= MOST:
            raise NotAnItem(_("A list of more than %d lines is read by nobody. Take one off first.") % MOST)
        item = CheckItem.objects.create(fix=fix, words=words, added_by=by.name, added_at=at)
        _record(item, "added", by=by, at=at)
    return item


def check(item: CheckItem, outcome: str, *, by: Actor, at: datetime, note: str = "") -> bool:
    """Somebody checked it: it works, or it does not; empty: open again. False if that is what stands there."""
    if outcome not in ("", PASSED, FAILED):
        raise NotAnItem(_("Say whether it works or does not."))
    note = _fitting(note.strip(), LONGEST_NOTE)
    if outcome == FAILED and not note:
        raise NotAnItem(_("Write what does not work, so that the next person understands."))
    with transaction.atomic():
        access.lock(item.fix.problem)
        fresh = rows.lock(CheckItem, item.pk)
        if fresh.removed_at:
            raise NotAnItem(_("Somebody took this line off the list meanwhile."))
        if (fresh.outcome, fresh.note) == (outcome, note):
            return False
        item.outcome, item.note = outcome, note
        item.agent_id = by.id if by.is_staff and outcome else None
        item.done_by, item.done_at = (by.name, at) if outcome else ("", None)
        item.save(update_fields=["outcome", "note", "agent", "done_by", "done_at"])
        _record(item, outcome or "open", by=by, at=at)
    return True


def remove(item: CheckItem, *, by: Actor, at: datetime) -> bool:
    """Take a line off; what was checked stays in the history. False if it was off already."""
    with transaction.atomic():
        access.lock(item.fix.problem)
        if not CheckItem.objects.filter(pk=item.pk, removed_at=None).update(removed_at=at):
            return False
        _record(item, "removed", by=by, at=at)
    return True


def _record(item: CheckItem, outcome: str, *, by: Actor, at: datetime) -> None:
    data = {"item": item.pk, "what": item.words, "outcome": outcome}
    actions.record(item.fix.problem, "fix.checked", by=by, at=at, data=data, reason=item.note)
    publish(following.topic(item.fix.problem), at=at)


def _fitting(words: str, longest: int) -> str:
    words = words.replace("\x00", "")
    if len(words) > longest:
        raise NotAnItem(_("That is too long: at most %d characters fit here.") % longest)
    return words
