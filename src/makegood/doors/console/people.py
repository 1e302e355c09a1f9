"""Who takes part in a report besides its reporter, as the desk decides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.channels.mail.composing import is_address
from makegood.doors.console.casework import HEAD, SIDE, STORY, acted, actor, find
from makegood.doors.console.gate import needs
from makegood.lib.errors import Refusal
from makegood.life.people.directory import canonical_email, find_or_add_contact
from makegood.life.reports import accounts, participants
from makegood.life.reports.access import NotFound

VERBS = {
    "accept": participants.accept,
    "decline": participants.decline,
    "remove": participants.remove,
    "make-reporter": participants.make_reporter,
}


@needs("report.people")
@require_POST
def decide(request: HttpRequest, number: str, pk: int, verb: str) -> HttpResponse:
    """Accept, decline, remove, or make them the reporter."""
    report = find(request, number)
    person = participants.of(report).filter(pk=pk).first()
    if person is None or verb not in VERBS:
        raise NotFound(str(pk))
    VERBS[verb](person, by=actor(request), at=timezone.now())
    return acted(request, report, _said(verb, str(person.contact)), parts=(HEAD, STORY, SIDE))


@needs("report.people")
@require_POST
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Let the person with this address take part at once."""
    report, now = find(request, number), timezone.now()
    email = canonical_email(request.POST.get("email", ""))
    if not is_address(email):
        raise Refusal(_("This is not an address mail can be sent to."))
    contact = find_or_add_contact(email=email, at=now, language=report.language)
    participants.invite(report, contact, by=actor(request), at=now)
    return acted(request, report, _("%(name)s takes part now.") % {"name": contact})


@needs("contact.edit")
@require_POST
def mail_works(request: HttpRequest, number: str) -> HttpResponse:
    """Mail reaches the reporter again."""
    report = find(request, number)
    accounts.mail_arrives_again(report.contact, by=actor(request), at=timezone.now())
    return acted(request, report, _("Noted."), parts=(HEAD, STORY, SIDE))


def _said(verb: str, name: str) -> str:
    words = {
        "accept": _("%(name)s takes part now."),
        "decline": _("%(name)s does not take part."),
        "remove": _("%(name)s takes part no longer."),
        "make-reporter": _("%(name)s is the reporter now."),
    }
    return words[verb] % {"name": name}
