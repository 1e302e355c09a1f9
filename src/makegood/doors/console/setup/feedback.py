"""What people are asked about our service, and which words call for a lead. Counts from now on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.doors.console.gate import needs, signed_in
from makegood.life.aftercare import hostility, terms
from makegood.life.aftercare.models import FeedbackTerms
from makegood.life.aftercare.terms import Terms

LANGUAGES = dict(settings.LANGUAGES)


class TermsForm(forms.Form):
    mails = forms.BooleanField(
        label=gettext_lazy("Ask by mail too"),
        help_text=gettext_lazy("Once a report, after it works for them, unless they have answered on its page."),
        required=False,
    )
    after_hours = forms.IntegerField(
        label=gettext_lazy("How many hours later"),
        help_text=gettext_lazy("0 is at once; most people have tried it again after a day."),
        min_value=0,
        max_value=336,
    )
    asks_effort = forms.BooleanField(
        label=gettext_lazy("Ask how easy we made it"),
        help_text=gettext_lazy("A second question from 1 to 7, never needed."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"), help_text=gettext_lazy("For whoever wonders in a year."), max_length=300
    )

    def __init__(self, *args: Any, words: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES.items():
            self.fields[f"words_{code}"] = forms.CharField(
                label=_("Words that call for a lead, %(language)s") % {"language": _(name)},
                help_text=_("One word or phrase a line; * at the end takes any ending. At most %(most)s.")
                % {"most": hostility.MOST},
                widget=forms.Textarea({"rows": 10, "lang": code, "class": "textarea"}),
                initial=words.get(code, ""),
                required=False,
                max_length=hostility.MOST * (hostility.LONGEST + 1),
            )
        self.order_fields(["mails", "after_hours", "asks_effort", *(f"words_{code}" for code in LANGUAGES), "reason"])

    def terms(self) -> Terms:
        """As they are kept. Raises BadTerms."""
        given = self.cleaned_data
        words = {code: tuple(hostility.tidied(given[f"words_{code}"])) for code in LANGUAGES}
        plain = {name: given[name] for name in ("mails", "after_hours", "asks_effort")}
        return Terms(**plain, words=words)


@needs("setup.view", post="setup.feedback")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The terms in force, and new ones."""
    now = timezone.now()
    present = terms.at_present(now)
    words = {code: "\n".join(entries) for code, entries in present.words.items()}
    initial = {name: getattr(present, name) for name in ("mails", "after_hours", "asks_effort")}
    form = TermsForm(request.POST if request.method == "POST" else None, words=words, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            terms.change(form.terms(), by=signed_in(request).actor, at=now, reason=form.cleaned_data["reason"])
        except terms.BadTerms as bad:
            form.add_error(None, str(bad))
        else:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("console:setup_feedback")
    context = {
        "form": form,
        "past": FeedbackTerms.objects.order_by("-valid_from", "-pk")[:10],
        "may_change": signed_in(request).may("setup.feedback"),
    }
    return render(request, "console/setup/feedback.html", context, status=422 if form.errors else 200)
