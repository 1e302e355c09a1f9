"""Who takes part in a report besides its reporter, as the side of its page shows them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.life.reports import participants
from makegood.life.reports.models import Participant, Report

WHY = {
    "copied": gettext_lazy("was copied on a mail"),
    "forwarded": gettext_lazy("sent it in for somebody else"),
    "wrote": gettext_lazy("wrote to this report"),
    "invited": gettext_lazy("added by us"),
    "original_sender": gettext_lazy("wrote what was forwarded"),
}


def context(report: Report) -> list[Participant]:
    """Everybody proposed or taking part, each with why, and what may be decided."""
    people = participants.everybody(report.pk)
    for one in people:
        one.words = str(WHY.get(one.why, one.why))  # type: ignore[attr-defined]
        one.verbs = _verbs(one)  # type: ignore[attr-defined]
    return people


def _verbs(person: Participant) -> list[tuple[str, str, str]]:
    """(verb, words, style) in the order of what is most likely meant."""
    if person.state == participants.ACCEPTED:
        return [("remove", _("Remove"), "btn--quiet")]
    first = ("accept", _("Accept"), "")
    if person.why == "original_sender":
        first = ("make-reporter", _("Make them the reporter"), "")
    return [first, ("decline", _("Decline"), "btn--quiet")]
