"""What happened to a compensation, in the story of its report: after the name of whoever did it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.lib.money import Money
from makegood.life.compensation import explain, states
from makegood.life.reports.models import LedgerEntry


def tell(entry: LedgerEntry) -> dict[str, Any]:
    """``words`` and ``icon`` for one entry."""
    told = entry.data.get("compensation") or {}
    amount = told.get("amount")
    money = Money(amount["minor"], amount["currency"]) if amount and "currency" in amount else None
    kind = told.get("kind", states.LETTER)
    what = explain.what(kind, money, told.get("days", 0), get_language() or "en")
    words = {
        "compensation.proposed": _("proposed to make it good: %s"),
        "compensation.approved": _("approved: %s"),
        "compensation.issued": _("accepted: %s") if entry.actor_kind == "contact" else _("gave: %s"),
        "compensation.redeemed": _("noted as redeemed: %s"),
        "compensation.declined": _("declined: %s"),
        "compensation.expired": _("let expire: %s"),
        "compensation.reversed": _("took back: %s"),
        "compensation.code_renewed": _("had a lost code replaced: %s"),
    }[entry.kind]
    return {"words": words % what, "icon": "heart", "ring": ""}


KINDS = frozenset(f"compensation.{state}" for state in states.STATES) | {"compensation.code_renewed"}
