"""News of the status page: ask for it, confirm it, end it. Nothing changes by a GET; mail scanners use nothing up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from makegood.doors.portal import visits
from makegood.engine import limits
from makegood.lib.net import network_of
from makegood.lib.texts import in_language
from makegood.life.people import reaching
from makegood.life.statuspage import standing, subscribing
from makegood.life.statuspage.models import PublicComponent, Subscriber
from makegood.life.statuspage.subscribing import Wish

ASKED, PER = 20, timedelta(hours=1)


class SubscribeForm(forms.Form):
    """What somebody wants to hear of, and where."""

    use_required_attribute = False
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We write to it once, to ask whether it was you."),
        error_messages={"required": _("Tell us your e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "type": "email", "spellcheck": "false"}),
    )
    way = forms.ChoiceField(
        label=_("How you want to hear"),
        choices=[
            (Subscriber.MAIL, _("By mail")),
            (Subscriber.HOOK, _("By webhook: we call an address of yours")),
        ],
        initial=Subscriber.MAIL,
        widget=forms.RadioSelect,
    )
    url = forms.CharField(
        label=_("The address of the webhook"),
        max_length=500,
        required=False,
        help_text=_("Only for a webhook. It begins with https://. The key that signs the calls is shown once."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "url", "spellcheck": "false"}),
    )
    components = forms.MultipleChoiceField(
        label=_("Only of these parts"),
        required=False,
        help_text=_("None chosen: of all."),
        widget=forms.CheckboxSelectMultiple,
    )
    least = forms.ChoiceField(
        label=_("How bad a problem must be"),
        choices=[
            (standing.NONE, _("Everything")),
            (standing.SERIOUS, _("Major problems and worse")),
            (standing.CRITICAL, _("Critical problems only")),
        ],
        initial=standing.NONE,
        widget=forms.RadioSelect,
    )
    with_maintenance = forms.BooleanField(label=_("Planned maintenance too"), required=False, initial=True)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        language = get_language() or settings.LANGUAGE_CODE
        parts = PublicComponent.objects.filter(is_shown=True, component__is_active=True)
        choices = [(one.key, in_language(one.names, language)) for one in parts]
        self.fields["components"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            del self.fields["components"]

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].strip()
        try:
            reaching.check_email(address)
        except reaching.BadEmail as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("way") == Subscriber.HOOK and "url" not in self.errors:
            try:
                cleaned["url"] = subscribing.checked_url(cleaned.get("url", ""))
            except subscribing.BadHook as bad:
                self.add_error("url", str(bad))
        return cleaned

    def wish(self, request: HttpRequest) -> Wish:
        told = self.cleaned_data
        return Wish(
            email=told["email"],
            way=told["way"],
            url=told["url"],
            language=get_language() or settings.LANGUAGE_CODE,
            time_zone=visits.told_zone(request),
            components=tuple(told.get("components", ())),
            least=told["least"],
            with_maintenance=told["with_maintenance"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
@visits.page
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask. The answer is the same whatever the address, and so is its time: the rest is a job."""
    with translation.override(_asked_language(request)):
        form = SubscribeForm(request.POST if request.method == "POST" else None)
        if request.method != "POST" or not form.is_valid():
            status = 422 if request.method == "POST" else 200
            return render(request, "portal/status_page/subscribe.html", {"form": form}, status=status)
        now = timezone.now()
        if limits.take("status", network_of(request.META["REMOTE_ADDR"]), rate=ASKED, per=PER, now=now):
            form.add_error(None, _("You asked often just now. Wait a few minutes, then try again."))
            return render(request, "portal/status_page/subscribe.html", {"form": form}, status=429)
        subscribing.ask(form.wish(request), at=now)
        return redirect("portal:status_asked")


@require_GET
@visits.page
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/status_page/asked.html")


@require_http_methods(["GET", "HEAD", "POST"])
@visits.page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; pressing it is the yes."""
    try:
        if request.method != "POST":
            wish = subscribing.asked(token, now=timezone.now())
            with translation.override(wish.language):
                return _secret(render(request, "portal/status_page/confirm.html", {"wish": wish}))
        found, secret = subscribing.confirm(token, at=timezone.now())
    except subscribing.LinkUsedUp as no:
        return _secret(render(request, "portal/status_page/gone.html", {"sentence": str(no)}, status=404))
    with translation.override(found.language):
        return _secret(render(request, "portal/status_page/confirmed.html", {"subscriber": found, "secret": secret}))


@csrf_exempt  # RFC 8058: the mail program posts, and the secret in the address is what proves it.
@require_http_methods(["GET", "HEAD", "POST"])
@visits.page
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, or one POST of a mail program. Twice is once."""
    try:
        found = subscribing.of_link(token)
        if request.method == "POST":
            found = subscribing.leave(token, at=timezone.now())
    except subscribing.LinkUsedUp as no:
        return _secret(render(request, "portal/status_page/gone.html", {"sentence": str(no)}, status=404))
    context = {"is_over": request.method == "POST" or found.ended_at is not None, "subscriber": found}
    with translation.override(found.language):
        return _secret(render(request, "portal/status_page/unsubscribe.html", context))


def _secret(answer: HttpResponse) -> HttpResponse:
    """A secret stands in the address: no search engine keeps it. No other site is told (``visits.page``); our own must
    be, or the browser would send the form without its origin."""
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _asked_language(request: HttpRequest) -> str:
    asked_for = request.GET.get("language", "")
    return asked_for if asked_for in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
