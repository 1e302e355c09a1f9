"""Promises and states in the reporter's words."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.doors.ui import alike, rings, words
from makegood.doors.ui.templatetags.ui import STEPS
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import states
from makegood.life.reports.models import Report

register = template.Library()

# What the browser's code says by itself (frontend/portal), in the reader's language.
BROWSER_WORDS = {
    "restored": gettext_lazy("What you wrote earlier is back."),
    "saved_at": gettext_lazy("Saved at %(time)s"),
    "saved_here": gettext_lazy("Kept in this browser until you send it"),
    "too_big": gettext_lazy("%(name)s is larger than %(limit)s MB. Your words are safe."),
    "uploading": gettext_lazy("Adding %(name)s …"),
    "uploaded": gettext_lazy("%(name)s added"),
    "upload_broken": gettext_lazy("%(name)s did not arrive. Your words are safe; try again or go on without it."),
    "removed": gettext_lazy("%(name)s removed"),
    "remove": gettext_lazy("Remove"),
    "failed": gettext_lazy("That did not work. Nothing was changed."),
    "copied": gettext_lazy("Copied"),
}


@register.simple_tag
def browser_words() -> SafeString:
    """The words above as data a script can read; the CSP allows no other inline script."""
    return json_script({key: str(words) for key, words in BROWSER_WORDS.items()}, "browser-words")


@register.simple_tag
def at_field(errors: list[tuple[str, str]] | None, field: str) -> str:
    """What is wrong at one field, in the words of the summary; empty if nothing is."""
    return " ".join(sentence for target, sentence in errors or () if target == field)


@register.filter
def news_ring(promise: Promise) -> SafeString:
    """The ring of the next news, large."""
    now = timezone.now()
    return rings.ring(promise.ring(now), 1 - promise.share_used(now), css="ring--large")


@register.filter
def news_title(promise: Promise) -> str:
    """What is owed, in one line."""
    if promise.state == Promise.PAUSED:
        return _("We are waiting for your answer")
    if _is_late(promise):
        return _("We are late. That is on us.")
    moment = words.absolute(promise.due_at)
    if promise.kind in (kinds.FOLLOW_UP, kinds.CONFIRM):
        return _("We ask you how it goes by %(time)s") % {"time": moment}
    return _("You hear from us by %(time)s") % {"time": moment}


@register.filter
def news_words(promise: Promise) -> str:
    """What that means."""
    if promise.state == Promise.PAUSED:
        return _("As soon as you have answered, our time runs again and we go on.")
    if _is_late(promise):
        moment = words.absolute(promise.due_at)
        return _("We promised you news by %(time)s. Somebody has been told and is on it.") % {"time": moment}
    if promise.kind in (kinds.FOLLOW_UP, kinds.CONFIRM):
        return _("We want to be sure that you are helped.")
    return _("Even if there is nothing new by then, you hear from us.")


@register.filter
def news_short(promise: Promise) -> str:
    """The same for a list."""
    if promise.state == Promise.PAUSED:
        return _("Waiting for you")
    if _is_late(promise):
        return _("We are late")
    return _("News by %(time)s") % {"time": words.clock(promise.due_at, timezone.now())}


@register.filter
def reporter_step(report: Report) -> str:
    """Where it stands, in one of the reporter's words, or closed."""
    if report.state == states.CLOSED:
        return _("Closed")
    return str(STEPS[states.reporter_step(report.state, report.kind)])


@register.filter
def same_in_words(kinds: tuple[str, ...]) -> str:
    """What a known error has in common with what they wrote: "Same error message, same page"."""
    return str(capfirst(", ".join(alike.why_in_public(kinds))))


def _is_late(promise: Promise) -> bool:
    return promise.state == Promise.OPEN and promise.due_at <= timezone.now()
