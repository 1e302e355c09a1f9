"""What the mail pages share: their tabs, the words for outcomes and states, walking a long list."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.statements import Statement
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent
from makegood.life.post import queries

PAGE = 50
# More held mails than this are told as "999+".
MOST_COUNTED = 999
STATES = {
    "queued": gettext_lazy("waiting to leave"),
    "sending": gettext_lazy("being sent"),
    "sent": gettext_lazy("sent"),
    "failed": gettext_lazy("given up"),
    "held": gettext_lazy("held"),
    "withdrawn": gettext_lazy("taken back"),
    "suppressed": gettext_lazy("not sent on purpose"),
}
PURPOSES = {
    "acknowledgement": gettext_lazy("acknowledgement"),
    "announcement": gettext_lazy("word to everybody a problem hit"),
    "announcement_test": gettext_lazy("trial of a word to everybody"),
    "apology": gettext_lazy("honest note on a broken promise"),
    "compensation": gettext_lazy("offer to make good"),
    "insights": gettext_lazy("figures of the week"),
    "link": gettext_lazy("new link"),
    "notice": gettext_lazy("notice to a colleague"),
    "page": gettext_lazy("call to whoever is on duty"),
    "reminder": gettext_lazy("reminder of open questions"),
    "reply": gettext_lazy("answer"),
    "review": gettext_lazy("regular review"),
    "status": gettext_lazy("news of the status page"),
    "status_confirm": gettext_lazy("question whether a subscriber wants news"),
    "surge": gettext_lazy("warning of a spike"),
    "survey": gettext_lazy("question how we did"),
    "update": gettext_lazy("update"),
}
TRIES = {
    "sent": gettext_lazy("taken by the mail server"),
    "later": gettext_lazy("not now"),
    "refused": gettext_lazy("refused for good"),
}


def tabs(agent: Agent, here: str) -> list[dict[str, Any]]:
    """The lists this agent may look at; ``here`` is the one shown."""
    offered = (
        ("held", _("Held"), "mail.handle"),
        ("arrived", _("Came in"), "mail.view"),
        ("sent", _("Went out"), "mail.view"),
    )
    return [
        {
            "name": name,
            "url": reverse(f"console:mail_{route}"),
            "current": route == here,
            "count": held_count() if route == "held" else "",
        }
        for route, name, action in offered
        if agent.may(action)
    ]


def held_count() -> str:
    """How many mails wait for a decision, as a badge shows it; empty for none."""
    count = len(_HELD()) + len(_UNREADABLE())
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


_HELD: Statement[int] = Statement(lambda: queries.held().values_list("pk", flat=True)[: MOST_COUNTED + 1])
_UNREADABLE: Statement[int] = Statement(lambda: queries.unreadable().values_list("pk", flat=True)[: MOST_COUNTED + 1])


def walk(rows: QuerySet[Any], request: HttpRequest) -> tuple[list[Any], str]:
    """One page of ``rows``, newest first, and the cursor of the next; empty when there is none."""
    before = whole_number(request.GET.get("after", ""))
    rows = rows.filter(pk__lt=before) if before is not None else rows
    found: list[Model] = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""
