"""``{% load console_learning %}{% learning_panel problem %}``: the analysis and the actions of a problem."""

from __future__ import annotations

from typing import Any

from django import template

from makegood.doors.console.gate import signed_in
from makegood.life.problems.models import Problem
from makegood.life.rca import access, queries

register = template.Library()


@register.inclusion_tag("console/analyses/panel.html", takes_context=True)
def learning_panel(context: template.Context, fault: Problem) -> dict[str, Any]:
    """Two queries, however many there are."""
    agent = signed_in(context["request"])
    return {
        "fault": fault,
        "rca": access.newest_of(agent, fault),
        "actions": queries.of_problem(agent, fault),
        "may_add": agent.may("action.edit"),
    }
