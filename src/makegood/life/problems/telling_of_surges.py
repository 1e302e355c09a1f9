"""Who hears of a surge: whoever leads the teams concerned, failing them every lead; one mail each, with the reports."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from makegood.lib.texts import in_language
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.problems.models import Surge
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import Category, LedgerEntry

MOST_NAMED = 20


def tell(entry: LedgerEntry, now: datetime) -> None:
    """On ``surge.began``: a mail to each, once."""
    surge = Surge.objects.select_related("category__default_team__lead", "component__team__lead")
    found = surge.filter(pk=entry.data.get("surge")).first()
    if found is None:
        return
    for person in whom(found):
        subject, text = words(found, language=person.language)
        queue_mail(
            None,
            to=(person.email, person.name),
            subject=subject,
            text=text,
            purpose="surge",
            key=f"surge:{found.pk}:{person.pk}",
            at=now,
            language=person.language,
        )


def whom(surge: Surge) -> list[Agent]:
    """The lead of the team that the kind belongs to; failing one, every lead."""
    team = surge.category.default_team if surge.category else surge.component.team if surge.component else None
    if team and team.lead and team.lead.is_active:
        return [team.lead]
    return list(Agent.objects.filter(role=roles.LEAD, is_active=True, is_service=False).order_by("pk")[:20])


def words(surge: Surge, *, language: str) -> tuple[str, str]:
    """(subject, text) in ``language``: figures and numbers of reports, never what anybody wrote."""
    with override(language):
        told = {"name": name(surge, language), "count": surge.count, "people": surge.people}
        subject = _("More reports than usual: %(name)s") % told
        usual = ngettext("%(n)s is usual", "%(n)s are usual", round(surge.expected)) % {"n": f"{surge.expected:.1f}"}
        first = _(
            "Within the last hour %(people)s customers sent %(count)s reports; at this time of the week %(usual)s."
        )
        numbers = ", ".join(f"MG-{pk}" for pk in surge.reports[:MOST_NAMED])
        further = len(surge.reports) - MOST_NAMED
        if further > 0:
            numbers += " " + _("and %(n)s more") % {"n": further}
        ask = _("Is it one fault? Open a problem and join the reports, so that everybody is told together.")
        return subject, "\n\n".join([first % {**told, "usual": usual}, numbers, ask, address(surge)])


def name(surge: Surge, language: str) -> str:
    """What there is more of, in words."""
    of = surge.of
    return in_language(of.names, language) or of.slug if isinstance(of, Category) else of.name


def address(surge: Surge) -> str:
    """Where the reports of it are in the queue."""
    field = "category" if surge.category_id else "component"
    query = urlencode({"q": f"state:open {field}:{surge.of.slug} age:<2h"})
    return f"{settings.BASE_URL}/console/queue/?{query}"
