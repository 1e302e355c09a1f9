"""Held mails: the list, and what a person decides about one or many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.casework import with_toast
from makegood.doors.console.gate import is_fragment, needs, signed_in
from makegood.doors.console.mail import frame
from makegood.lib.errors import Refusal
from makegood.life.post import access, actions, queries
from makegood.life.post.models import IncomingMail
from makegood.life.post.wording import why
from makegood.life.reports.access import NotFound, access_report

AT_ONCE = 200


@needs("mail.handle")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("console:mail_held")


@needs("mail.handle")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Newest first, each with the reason it is held."""
    context = {"tabs": frame.tabs(signed_in(request), "held"), **_listed(request)}
    return render(request, "console/mail/held.html", context)


@needs("mail.handle")
@require_POST
def release(request: HttpRequest, key: str) -> HttpResponse:
    """Make it a report of its own."""
    mail = _one(request, key)
    report = actions.release(mail, by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("It is %(number)s now, and has been acknowledged.") % {"number": report.number})
    return redirect("console:report", number=report.pk)


@needs("mail.handle")
@require_POST
def attach(request: HttpRequest, key: str) -> HttpResponse:
    """Add it to the report whose number was typed."""
    agent, mail = signed_in(request), _one(request, key)
    try:
        report = access_report(agent, request.POST.get("report", ""))
    except NotFound as missing:
        raise Refusal(_("There is no report with this number that you may see.")) from missing
    accept = bool(request.POST.get("accept"))
    actions.attach(mail, report, by=agent.actor, at=timezone.now(), accept=accept)
    messages.success(request, _("Added to %(number)s.") % {"number": report.number})
    return redirect("console:report", number=report.pk)


@needs("mail.handle")
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Put the ticked ones away; for a day that can be taken back."""
    mails = _ticked(request)
    done = _each(mails, lambda mail: actions.discard(mail, by=signed_in(request).actor, at=timezone.now()))
    words = ngettext("%(n)s mail put away.", "%(n)s mails put away.", len(done)) % {"n": len(done)}
    keys = ",".join(mail.key for mail in done)
    return _answer(request, words, undo=f"{reverse('console:mail_undiscard')}?{urlencode({'mail': keys})}")


@needs("mail.handle")
@require_POST
def undiscard(request: HttpRequest) -> HttpResponse:
    """Take that back."""
    mails = _ticked(request)
    done = _each(mails, lambda mail: actions.undiscard(mail, by=signed_in(request).actor, at=timezone.now()))
    words = ngettext("%(n)s mail is held again.", "%(n)s mails are held again.", len(done)) % {"n": len(done)}
    return _answer(request, words)


def _one(request: HttpRequest, key: str) -> IncomingMail:
    found = access.access_held(signed_in(request), [key])
    if not found:
        raise NotFound(key)
    return found[0]


def _ticked(request: HttpRequest) -> list[IncomingMail]:
    """The mails a form or an address names. Raises Refusal if there is none, or too many."""
    keys = request.POST.getlist("mail") or request.GET.get("mail", "").split(",")
    if len(keys) > AT_ONCE:
        raise Refusal(_("At most %s mails at once.") % AT_ONCE)
    found = access.access_held(signed_in(request), keys)
    if not found:
        raise Refusal(_("Select a mail first."))
    return found


def _each(mails: Iterable[IncomingMail], act: Callable[[IncomingMail], None]) -> list[IncomingMail]:
    """Do it to each; what somebody else decided meanwhile stays theirs. Raises the last refusal if none was done."""
    done: list[IncomingMail] = []
    refusal: Refusal | None = None
    for mail in mails:
        try:
            act(mail)
            done.append(mail)
        except Refusal as refused:
            refusal = refused
    if refusal is not None and not done:
        raise refusal
    return done


def _listed(request: HttpRequest) -> dict[str, Any]:
    shown, after = frame.walk(queries.held(), request)
    return {
        "rows": [(mail, why(mail)) for mail in shown],
        "unreadable": [(mail, why(mail)) for mail in queries.unreadable()[: frame.PAGE]],
        "away": queries.put_away(since=timezone.now() - actions.UNDISCARD_WITHIN)[:20],
        "after": urlencode({"after": after}) if after else "",
    }


def _answer(request: HttpRequest, words: str, *, undo: str = "") -> HttpResponse:
    """The list as it is now, with the words and the way back."""
    if is_fragment(request):
        return with_toast(render(request, "console/mail/held_rows.html", _listed(request)), words, undo=undo)
    messages.success(request, words)
    return redirect("console:mail_held")
