"""What came back was not prevented: a reaction, idempotent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.life.people.actors import SYSTEM
from makegood.life.rca import actions, states
from makegood.life.rca.models import Action
from makegood.life.reports.models import LedgerEntry


def prove_wrong(entry: LedgerEntry, now: datetime) -> None:
    """On ``problem.came_back``: what was thought to be done, or found effective, before that moment did not work."""
    thought_done = Action.objects.filter(problem=entry.data.get("problem"), state__in=states.THOUGHT_DONE)
    before = thought_done.filter(implemented_at__lte=entry.at)
    for action in before.select_related("problem", "promise").order_by("pk"):
        with override(settings.LANGUAGE_CODE):
            reason = _("%s came back.") % action.problem.number
        actions.prove_wrong(action, by=SYSTEM, at=now, reason=reason)
