"""What other pages show of making good. Apart from the views, which need the page of a report themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from makegood.life.compensation import access, explain, states
from makegood.life.compensation.models import Compensation
from makegood.life.people.models import Agent

RINGS = {
    states.PROPOSED: "running",
    states.APPROVED: "running",
    states.ISSUED: "at_risk",
    states.REDEEMED: "kept",
    states.DECLINED: "withdrawn",
    states.EXPIRED: "withdrawn",
    states.REVERSED: "broken",
}


def of_report(agent: Agent, report: Any) -> list[dict[str, Any]]:
    """What the side of a report shows of it."""
    return [{"one": one, "what": what(one), "ring": RINGS[one.state]} for one in access.of_report(agent, report)]


def what(one: Compensation) -> str:
    """What is given, in the reader's language."""
    return explain.what(one.kind, one.amount, one.days, get_language() or "en")
