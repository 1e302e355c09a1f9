"""Webhooks of trackers: proved, then the issue they name is looked at. Nothing they say is believed but which issue."""

from __future__ import annotations

from datetime import datetime, timedelta

from makegood.channels.code import IssueTold, Knock, Unreadable
from makegood.channels.registry import ISSUE_HOSTS
from makegood.engine.secrets import NotOurs, unseal
from makegood.life.fixes import deliveries, keeping_step
from makegood.life.fixes.models import Tracker


def is_known(key: str) -> bool:
    """Whether a tracker that may send webhooks has this key."""
    return Tracker.objects.filter(key=key, is_active=True).exclude(secret="").exists()


def take(key: str, knock: Knock, *, at: datetime) -> bool:
    """Have the issue looked at that was told of; True if it stands for a problem. Raises NotGenuine, Unusable."""
    tracker = Tracker.objects.filter(key=key, is_active=True).exclude(secret="").first()
    if tracker is None or not _is_genuine(tracker, knock, at=at):
        raise deliveries.NotGenuine
    host, payload = ISSUE_HOSTS[tracker.kind], deliveries.read(knock.body)
    try:
        facts = host.facts(host.event(knock), payload, at=at) or []
    except Unreadable as unreadable:
        raise deliveries.Unusable(str(unreadable)) from None
    Tracker.objects.filter(pk=tracker.pk).update(told_at=at)
    numbers: list[str] = []
    for one in facts:
        if isinstance(one, IssueTold):
            numbers += keeping_step.touch(tracker.kind, one, at=at, tracker=tracker)
    return bool(numbers)


def _is_genuine(tracker: Tracker, knock: Knock, *, at: datetime) -> bool:
    """A wrong secret is noted, so that set-up can say so."""
    try:
        if ISSUE_HOSTS[tracker.kind].is_genuine(knock, unseal(tracker.secret)):
            return True
    except NotOurs:
        pass  # sealed under another key: nothing can be proved, which set-up shows
    told = Tracker.objects.filter(pk=tracker.pk).exclude(refused_at__gt=at - timedelta(minutes=1))
    told.update(refused_at=at)
    return False
