"""A code somebody reads out or shows: redeem it, once."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.compensation.shown import what
from makegood.doors.console.gate import needs
from makegood.engine import limits
from makegood.lib.errors import Refusal
from makegood.life.compensation import settling

# Nobody guesses 140 bits; a program that tries is stopped all the same.
TRIES, WITHIN = 30, timedelta(minutes=1)


class TooMany(Refusal):
    """Codes are tried faster than anybody reads them out."""

    can_retry = True


@needs("compensation.redeem")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            if limits.take("redeem", str(seeker(request).pk), rate=TRIES, per=WITHIN, now=timezone.now()):
                raise TooMany(_("That were many codes in a minute. Wait a moment, then try again."))
            done = settling.redeem_code(
                request.POST.get("code", ""),
                by=actor(request),
                at=timezone.now(),
                reference=request.POST.get("reference", ""),
            )
            words = _("Redeemed: %s.") % what(done)
            return went(request, reverse("console:compensation_redeem"), words)
        except Refusal as refusal:
            wrong = slip(refusal, {}, "code")
    context = {"told": request.POST, **wrong}
    return render(request, "console/compensation/redeem.html", context, status=422 if wrong else 200)
