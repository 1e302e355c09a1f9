"""``{% load console_fixes %}{% fix_panel problem %}``: the fix of a problem, on any page of the console."""

from __future__ import annotations

from typing import Any

from django import template

from makegood.doors.console.fix import panel
from makegood.doors.console.gate import signed_in
from makegood.life.problems.models import Problem

register = template.Library()


@register.inclusion_tag("console/fix/panel.html", takes_context=True)
def fix_panel(context: template.Context, fault: Problem) -> dict[str, Any]:
    """The panel; its forms lead back to the page it stands on."""
    request = context["request"]
    token = {"csrf_token": context.get("csrf_token"), "request": request}
    return {**panel(signed_in(request), fault), **token, "next": request.path}
