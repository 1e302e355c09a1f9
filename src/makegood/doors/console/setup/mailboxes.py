"""Mailboxes: the addresses customers write to, how their mail comes in, how it stands with each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import is_fragment, needs, signed_in
from makegood.doors.console.setup.frame import history_lines
from makegood.doors.console.setup.mailbox_form import WAYS, MailboxForm, Way, way_of
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.reports import fetching, mailboxes, setup
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Mailbox


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = Mailbox.objects.select_related("team").order_by("-is_active", "address")
    found = [(mailbox, way_of(mailbox).name, fetching.state_of(mailbox, now=now)) for mailbox in rows]
    context = {"mailboxes": found, "may_change": signed_in(request).may("setup.mailboxes")}
    return render(request, "console/setup/mailboxes.html", context)


@needs("setup.mailboxes")
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """By which way shall mail come in?"""
    return render(request, "console/setup/mailbox_ways.html", {"ways": WAYS.values()})


@needs("setup.mailboxes")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, way: str) -> HttpResponse:
    if way not in WAYS:
        raise NotFound(way)
    return _form_page(request, WAYS[way], Mailbox(language=settings.LANGUAGE_CODE, created_at=timezone.now()))


@needs("setup.view", post="setup.mailboxes")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One mailbox; who may only look sees it greyed."""
    mailbox = _mailbox(pk)
    return _form_page(request, way_of(mailbox), mailbox)


@needs("setup.mailboxes")
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause it, or let it go on."""
    mailbox, by = _mailbox(pk), signed_in(request).actor
    if mailbox.is_active:
        mailboxes.pause(mailbox, by=by, at=timezone.now())
        messages.success(request, _("Paused. Nothing is fetched or taken until you resume it."))
    else:
        mailboxes.resume(mailbox, by=by, at=timezone.now())
        messages.success(request, _("It goes on. What came meanwhile is fetched now."))
    return redirect("console:setup_mailbox", pk=pk)


def _form_page(request: HttpRequest, way: Way, mailbox: Mailbox) -> HttpResponse:
    agent, is_post = signed_in(request), request.method == "POST"
    form = MailboxForm(way, mailbox, request.POST if is_post else None)
    trial: dict[str, Any] = {}
    if is_post and request.POST.get("do") == "test":
        trial = _try_out(form)
        if is_fragment(request):
            return render(request, "console/setup/_trial.html", {"trial": trial})
    elif is_post and form.is_valid() and _save(form, agent):
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("console:setup_mailboxes")
    context = {
        "form": form,
        "way": way,
        "mailbox": mailbox,
        "state": fetching.state_of(mailbox, now=timezone.now()) if mailbox.pk else None,
        "trial": trial,
        "may_change": agent.may("setup.mailboxes"),
        "listens_on": settings.SMTP_LISTEN,
        "history": history_lines(setup.history(mailboxes.WHAT, mailbox.pk)) if mailbox.pk else [],
    }
    return render(request, "console/setup/mailbox.html", context, status=422 if form.errors else 200)


def _save(form: MailboxForm, agent: Agent) -> bool:
    given: dict[str, Any] = {**form.secrets(), "by": agent.actor, "at": timezone.now()}
    try:
        if form.mailbox.pk is None:
            mailboxes.add(form.facts(), **given)
        else:
            mailboxes.change(form.mailbox, form.facts(), **given)
    except Refusal as refusal:
        place = "token_url" if isinstance(refusal, mailboxes.UnknownTokenHost) else "address"
        form.add_error(place if place in form.fields else None, str(refusal))
        return False
    return True


def _try_out(form: MailboxForm) -> dict[str, Any]:
    """What came of signing in with what the form says, saved or not."""
    if not form.is_valid():
        wrong = ", ".join(str(form.fields[name].label) for name in form.errors if name in form.fields)
        return {"is_well": False, "words": _("Fill in first: %(fields)s.") % {"fields": wrong}}
    try:
        count = mailboxes.try_out(mailboxes.drawn(form.mailbox, form.facts(), **form.secrets()))
    except Refusal as refusal:
        return {"is_well": False, "words": str(refusal)}
    words = ngettext(
        "We signed in and found %(count)d unread mail.", "We signed in and found %(count)d unread mails.", count
    )
    return {"is_well": True, "words": words % {"count": count}}


def _mailbox(pk: int) -> Mailbox:
    mailbox = Mailbox.objects.filter(pk=pk).first()
    if mailbox is None:
        raise NotFound(str(pk))
    return mailbox
