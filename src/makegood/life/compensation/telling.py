"""Who hears that a month's budget nears its end: leads and admins, once, by mail; numbers only."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib.money import Money
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import LedgerEntry


def tell_of_budget(entry: LedgerEntry, now: datetime) -> None:
    """On ``compensation.budget_alarm`` and ``budget_used_up``. A second run finds the mails and does nothing."""
    people = Agent.objects.filter(role__in=[roles.LEAD, roles.ADMIN], is_active=True, is_service=False)
    for person in people.order_by("pk"):
        with override(person.language):
            subject, text = words(entry, person.language)
        queue_mail(
            None,
            to=(person.email, person.name),
            subject=subject,
            text=text,
            purpose="notice",
            key=f"budget:{entry.pk}:{person.pk}",
            at=now,
            language=person.language,
        )


def words(entry: LedgerEntry, language: str) -> tuple[str, str]:
    """(subject, text), in the language in force."""
    budget = entry.data["budget"]
    told = {
        "month": budget["month"],
        "percent": budget["percent"],
        "spent": Money(budget["spent"], budget["currency"]).shown(language),
        "budget": Money(budget["budget"], budget["currency"]).shown(language),
        "link": f"{settings.BASE_URL}/console/compensation/given/",
    }
    if entry.kind == "compensation.budget_used_up":
        subject = _("The budget for compensation is used up")
        rest = _("Nothing more is given this month, unless an admin lets it go with a reason.")
    else:
        subject = _("%(percent)s %% of the budget for compensation are used") % told
        rest = _("At its end nothing more is given this month, unless an admin lets it go with a reason.")
    first = _("In %(month)s, %(spent)s of %(budget)s have been given.") % told
    return subject, f"{first}\n\n{rest}\n\n{told['link']}"
