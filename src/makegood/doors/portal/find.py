"""The link is lost: ask for a new one. Known or unknown address, the page and its timing are the same."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.doors.portal import visits
from makegood.engine import limits
from makegood.engine.queue import enqueue
from makegood.lib.keys import public_key
from makegood.lib.net import network_of
from makegood.life.intake import logins
from makegood.life.people import reaching
from makegood.life.promises.queries import next_news_of

ASKED, PER = 20, timedelta(hours=1)
SHOWN = 50


class FindForm(forms.Form):
    use_required_attribute = False
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("The one you gave us with the report."),
        error_messages={"required": _("Tell us the e-mail address you gave us with the report.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "type": "email", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].strip()
        try:
            reaching.check_email(address)
        except reaching.BadEmail as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return address


@require_http_methods(["GET", "POST"])
@visits.page
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the address; a job looks it up later, so that nobody learns who reports here."""
    form = FindForm(request.POST or None, label_suffix="")
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/find/find.html", {"form": form}, status=422 if request.POST else 200)
    now = timezone.now()
    if limits.take("find", network_of(request.META["REMOTE_ADDR"]), rate=ASKED, per=PER, now=now):
        form.add_error(None, _("You asked for many links just now. Wait a few minutes, then try again."))
        return render(request, "portal/find/find.html", {"form": form}, status=429)
    enqueue("updates.send_links", public_key(20), {"address": form.cleaned_data["email"]}, run_at=now)
    return redirect("portal:find_sent")


@require_GET
@visits.page
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/find/sent.html")


@require_GET
@visits.page
def confirm_login(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button: mail scanners that follow links use nothing up."""
    answer = render(request, "portal/find/confirm_login.html", {"token": token})
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_POST
@visits.page
def log_in(request: HttpRequest, token: str) -> HttpResponse:
    """Use the link up and show the list."""
    try:
        login = logins.use(token, at=timezone.now())
    except logins.LinkUsedUp as no:
        return render(request, "portal/find/gone.html", {"sentence": str(no)}, status=404)
    answer = redirect("portal:mine")
    visits.sign_in(answer, login.pk)
    return answer


@require_GET
@visits.page
def mine(request: HttpRequest) -> HttpResponse:
    """All my reports, newest first."""
    contact = visits.contact_of(request, now=timezone.now())
    if contact is None:
        return redirect("portal:find")
    reports = list(logins.reports_of(contact)[:SHOWN])
    news = next_news_of([report for report in reports if report.is_open])
    rows = [{"report": report, "news": news.get(report.pk)} for report in reports]
    return render(request, "portal/find/mine.html", {"rows": rows, "contact": contact})


@require_POST
@visits.page
def leave(request: HttpRequest) -> HttpResponse:
    """Forget this browser."""
    if login_id := visits.login_of(request):
        logins.leave(login_id, at=timezone.now())
    answer = redirect("portal:start")
    for name in (visits.LOGIN, visits.OPENED):
        answer.delete_cookie(name)
    return answer
