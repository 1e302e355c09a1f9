"""Words of the console's templates: ``{% load console_words %}``."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.doors.console import priority_words
from makegood.doors.console.mail.frame import STATES
from makegood.life.colleagues import knowing
from makegood.life.diagnosis.models import Question
from makegood.life.diagnosis.queries import Choice
from makegood.life.problems.models import Problem
from makegood.life.promises import names
from makegood.life.reports.models import OutgoingMail, Report
from makegood.life.updates.scripts import told_time

register = template.Library()
_NUMBER = re.compile(r"\bMG-(\d{1,18})\b")
_LINK = re.compile(r"(<a [^>]*>.*?</a>)", re.DOTALL)


@register.filter
def owed(kind: str) -> str:
    """What a kind of promise owes, as a noun."""
    return names.name(kind)


@register.simple_tag
def priority_mark(problem: Problem) -> SafeString:
    """Its priority as a badge, with what makes it more than its severity says."""
    css = {1: "badge badge--risk", 2: "badge"}.get(problem.priority, "badge badge--brief")
    name, shown = priority_words.name(problem.priority), priority_words.short(problem)
    return format_html('<span class="{}" title="{}">{}</span>', css, name, shown)


@register.filter
def said(body: str) -> SafeString:
    """What somebody wrote, as paragraphs: everything escaped, addresses and MG-numbers made links, quotes set apart."""
    parts = re.split(r"\n{2,}", body.strip())
    return format_html_join("", "{}", ((_paragraph(part),) for part in parts))


def _paragraph(part: str) -> SafeString:
    lines = part.split("\n")
    if all(line.startswith(">") for line in lines):
        return format_html("<blockquote>{}</blockquote>", _linked("\n".join(line.lstrip("> ") for line in lines)))
    return format_html("<p>{}</p>", _linked(part))


def _linked(text: str) -> SafeString:
    pieces = _LINK.split(urlize(text, nofollow=True, autoescape=True))
    # Numbers inside links (an address may hold one) stay as they are.
    linked = "".join(piece if n % 2 else _NUMBER.sub(_to_report, piece) for n, piece in enumerate(pieces))
    return mark_safe(linked.replace("\n", "<br>"))  # noqa: S308 - escaped by urlize


def _to_report(found: re.Match[str]) -> str:
    return f'<a href="{reverse("console:report", args=[found[1]])}">{found[0]}</a>'


@register.filter
def question_words(question: Question) -> str:
    """A question of the library in the language of whoever reads."""
    return question.text_in(get_language() or "en")


@register.filter
def known_words(choice: Choice) -> str:
    """What is known already: the words of the option for a question with options, the answer itself for the others."""
    return dict(choice.question.choices_in(get_language() or "en")).get(choice.known, choice.known)


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What ``found`` holds under ``key``; None for nothing."""
    return found.get(key)


@register.filter
def percent(share: float) -> str:
    """0.874 as 87 %; rounded down, so that 100 % means all of them."""
    return f"{int(share * 100)} %"


@register.filter
def spoken(moment: datetime, report: Report) -> str:
    """A moment as one says it to the reporter: their language, their zone."""
    return told_time(report, moment, now=timezone.now())


@register.filter
def mail_state(mail: OutgoingMail) -> str:
    """How far a mail of ours is, in the words of the mail pages."""
    return str(STATES.get(mail.state, mail.state))


@register.simple_tag
def placeholder(name: str) -> str:
    """A script's placeholder as one writes it: braces cannot stand in a template otherwise."""
    return "{{ " + name + " }}"


@register.simple_tag(takes_context=True)
def slip(context: dict[str, Any], field: str) -> SafeString:
    """The sentence of what went wrong, beside the field it is about; nothing beside the others."""
    if context.get("problem_at") != field:
        return SafeString("")
    words = '<p class="error" id="{}-error"><span class="hush">{} </span>{}</p>'
    return format_html(words, field, _("Error:"), context["problem"])


@register.simple_tag(takes_context=True)
def slipped(context: dict[str, Any], field: str, described: str = "") -> SafeString:
    """The attributes of a control: what describes it, and that it is the one to put right."""
    is_wrong = context.get("problem_at") == field
    by = " ".join(filter(None, (described, f"{field}-error" if is_wrong else "")))
    invalid = SafeString(' aria-invalid="true"' if is_wrong else "")
    return format_html('{} aria-describedby="{}"', invalid, by) if by else SafeString("")


@register.filter
def marked(pieces: list[tuple[str, bool]]) -> SafeString:
    """What a search found: every piece escaped, the hits between <mark> and </mark>."""
    return format_html_join("", "{}{}{}", ((_MARK[is_hit], piece, _UNMARK[is_hit]) for piece, is_hit in pieces))


@register.filter
def shared_in_words(why: tuple[str, ...]) -> str:
    """What reports somebody had a hand in share with this one."""
    names = {
        knowing.SAME_PROBLEM: _("same problem"),
        knowing.ALIKE: _("reads alike"),
        knowing.SAME_COMPONENT: _("same component"),
        knowing.SAME_CATEGORY: _("same category"),
    }
    return ", ".join(names[reason] for reason in why)


_MARK = {True: SafeString("<mark>"), False: ""}
_UNMARK = {True: SafeString("</mark>"), False: ""}
