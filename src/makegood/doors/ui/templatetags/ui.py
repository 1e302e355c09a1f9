"""The template words of Makegood: ``{% load ui %}``. Each is shown, with a snippet, in docs/develop/frontend.md."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from makegood.doors.ui import keymap, rings, slips, words
from makegood.doors.ui.assets import asset as address

register = template.Library()

SEVERITIES = {
    "critical": (4, gettext_lazy("Critical")),
    "high": (3, gettext_lazy("High")),
    "medium": (2, gettext_lazy("Medium")),
    "low": (1, gettext_lazy("Low")),
}
# Each step a reporter is told, as ``reports.states`` calls it; the first five in this order are those of an error.
STEPS = {
    "received": gettext_lazy("Received"),
    "looked_into": gettext_lazy("Being looked into"),
    "cause_found": gettext_lazy("Cause found"),
    "fix_on_its_way": gettext_lazy("Fix on its way"),
    "solved": gettext_lazy("Solved"),
    "being_answered": gettext_lazy("Being answered"),
    "answered": pgettext_lazy("of a question", "Answered"),
    "confirmed": gettext_lazy("Confirmed"),
}
OF_AN_ERROR = tuple(STEPS)[:5]


@register.simple_tag
def asset(path: str) -> str:
    """The address of a built file, with a mark of its content."""
    return address(path)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite; with ``label`` it speaks, without it is decoration."""
    return _icon(str(name), str(label), css)


@lru_cache(1000)
def _icon(name: str, label: str, css: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    # The size is for a page whose styles did not arrive.
    drawing = '<svg class="icon {}" width="20" height="20" {}><use href="{}#{}"/></svg>'
    return format_html(drawing, css, spoken, address("ui/icons.svg"), name)


@register.simple_tag
def ring(state: str, share: float | None = None, label: object = "", css: str = "") -> SafeString:
    return rings.ring(state, share, label, css)


@register.simple_tag(takes_context=True)
def browser_data(context: template.Context, keys: bool = False) -> SafeString:
    """Words, and for the console the keymap, as JSON blocks: data, not script, so the CSP lets them pass."""
    own = _own_keys(context)
    return _browser_data(keys, own, get_language())


@lru_cache(500)
def _browser_data(keys: bool, own: tuple[tuple[str, str], ...], _language: str | None) -> SafeString:
    blocks = json_script(words.for_browser(), "browser-words")
    if keys:
        blocks += json_script(keymap.for_browser(dict(own)), "keymap")
    return blocks


def _own_keys(context: template.Context) -> tuple[tuple[str, str], ...]:
    preferences = getattr(getattr(context.get("request"), "user", None), "preferences", None) or {}
    return tuple(sorted((preferences.get("keymap") or {}).items()))


@register.simple_tag(takes_context=True)
def keys_list(context: template.Context) -> SafeString:
    """All keys by group, as the ``?`` dialog shows them."""
    return _keys_list(_own_keys(context), get_language())


@lru_cache(500)
def _keys_list(own: tuple[tuple[str, str], ...], _language: str | None) -> SafeString:
    commands = keymap.for_browser(dict(own))
    groups = [(title, [c for c in commands if c["group"] == group]) for group, title in keymap.GROUPS.items()]
    return render_to_string("ui/parts/keys.html", {"groups": [(title, found) for title, found in groups if found]})


@register.filter
def chord_parts(chord: str) -> list[str]:
    """'shift+mod+Enter' as the words on the keys: ⇧, Ctrl, ↵."""
    named = {"mod": _("Ctrl"), "shift": "⇧", "Enter": "↵", "Escape": "Esc", "ArrowDown": "↓", "ArrowUp": "↑"}
    parts = chord.split(" ") if " " in chord else (chord.split("+") if len(chord) > 1 else [chord])
    return [named.get(part, part.upper() if part.isalpha() and len(part) == 1 else part) for part in parts]


@register.simple_tag
def mark() -> SafeString:
    return rings.mark()


@register.simple_tag
def completeness(percent: int, label: str = "") -> SafeString:
    text = format_html("<span>{}</span>", label) if label else ""
    return format_html('<span class="whole">{}{}</span>', rings.completeness(percent), text)


@register.filter
def quoted(words: object) -> str:
    """Somebody's own words between the quotation marks of the reader's language."""
    return _("“%(words)s”") % {"words": words}


@register.simple_tag
def severity(value: object) -> SafeString:
    """Four bars, as many filled as it is bad, and the word. Takes the word or anything whose str() is the word."""
    return _severity(str(value or ""), get_language())


@lru_cache(100)
def _severity(value: str, _language: str | None) -> SafeString:
    filled, word = SEVERITIES.get(value, (0, _("not set")))
    bars = "".join(
        f'<rect x="{1 + i * 4}" y="{10 - i * 2.6:.1f}" width="3" height="{4 + i * 2.6:.1f}" rx=".6" '
        f'class="sev__{"on" if i < filled else "off"}"/>'
        for i in range(4)
    )
    svg = SafeString(f'<svg viewBox="0 0 17 15" aria-hidden="true">{bars}</svg>')
    return format_html('<span class="sev sev--{}">{}{}</span>', value or "none", svg, word)


@register.simple_tag
def moment(value: datetime | None, style: str = "relative", css: str = "") -> SafeString:
    """A moment as <time>: relative, absolute, clock or due in the text; the absolute with its zone on hover."""
    if value is None:
        return SafeString("")
    now = timezone.now()
    full = words.absolute(value)
    text = full if style == "absolute" else getattr(words, style)(value, now)
    # Not format_html: its layers cost more than the rest, and a list has two hundred moments.
    return SafeString(
        f'<time class="num {escape(css)}" datetime="{value.isoformat()}" title="{escape(full)}" '
        f'data-moment="{escape(style)}">{escape(text)}</time>'
    )


@register.simple_tag
def due(owed: Any, state: str = "") -> SafeString:
    """Ring and words of something owed: a promise (or a moment with its state)."""
    at = owed if isinstance(owed, datetime) else getattr(owed, "due_at", None)
    named = rings.normal(state or _state_of(owed))
    if at is None or named in {"kept", "paused", "withdrawn"}:
        return rings.ring(named, label=rings.WORDS[named]) if at or named != "running" else SafeString("")
    if named in {"running", "at_risk"} and at < timezone.now():
        named = "broken"
    soon = "ring--soon" if named != "broken" and at - timezone.now() <= SOON else ""
    return rings.ring(named, _share_left(owed), moment(at, "due"), css=soon)


@register.simple_tag
def person(name: object, ours: bool = False, small: bool = False) -> SafeString:
    """A person's initials and name; ``ours`` for staff, ``small`` hides the name from the eye only."""
    if name and not getattr(name, "called", True):  # a contact of whom nothing is known, or is left
        return _person(capfirst(str(name)), "?", ours, small)
    return _person(str(name or _("Nobody")), str(name or "?"), ours, small)


@lru_cache(1000)
def _person(shown: str, name: str, ours: bool, small: bool) -> SafeString:
    parts = name.split() or ["?"]
    initials = (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()
    return format_html(
        '<span class="person {}"><span class="person__face" aria-hidden="true">{}</span>'
        '<span class="{}">{}</span></span>',
        "person--us" if ours else "",
        initials,
        "hush" if small else "cut",
        shown,
    )


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, optional: bool | None = None, css: str = "", title: bool = False) -> dict[str, object]:
    """A form field with label, hint and error as one unit; ``title`` makes the label the page's heading."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or ("textarea" if "area" in type(widget).__name__.lower() else "select")
    grouped = kind in {"radio", "checkbox"} and hasattr(widget, "choices")
    described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs = {"class": f"{_CLASSES.get(kind, 'input')} {css}".strip(), "aria-describedby": " ".join(described) or False}
    attrs["aria-invalid"] = "true" if bound.errors else False
    return {
        "field": bound,
        "slip": next(iter(slips.sentences(bound)), ""),
        "control": "" if grouped or kind == "checkbox" else bound.as_widget(attrs=attrs),
        "kind": "group" if grouped else kind,
        "optional": not bound.field.required if optional is None else optional,
        "described": " ".join(described),
        "title": title,
    }


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(*forms: Any) -> dict[str, object]:
    """GOV.UK's summary: always at the top, takes the focus, links to each field in the same words."""
    found = []
    for form in forms:
        for bound in form or ():
            first = (
                f"{bound.auto_id}_0"
                if hasattr(bound.field.widget, "choices") and bound.field.widget.__class__.__name__ != "Select"
                else bound.auto_id
            )
            found += [(first, sentence) for sentence in slips.sentences(bound)]
        found += [("", error) for error in (form.non_field_errors() if form else ())]
    return {"errors": found}


@register.inclusion_tag("ui/parts/progress.html")
def progress_line(
    now_at: int, dates: Mapping[int, datetime] | None = None, names: Sequence[str] = OF_AN_ERROR
) -> dict[str, object]:
    """The reporter's steps by ``names``; ``now_at`` is where we are, counted from 0 (past the last one: all done),
    ``dates`` when each was reached."""
    dates = dates or {}
    steps = []
    for index, word in enumerate(STEPS[name] for name in names):
        state = "done" if index < now_at else "now" if index == now_at else "later"
        drawn = rings.drawing("kept") if state == "done" else rings.drawing("running", 0.5 if state == "now" else 0)
        steps.append({"word": word, "state": state, "svg": drawn, "at": dates.get(index)})
    return {"steps": steps}


@register.inclusion_tag("ui/parts/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, str]:
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("ui/parts/pages.html")
def pages(before: str = "", after: str = "", words: str = "") -> dict[str, str]:
    """Cursor paging: two query strings, either may be empty, and words such as '1 to 50 of 812'."""
    return {"before": before, "after": after, "words": words}


SOON = timedelta(minutes=15)
_CLASSES = {"textarea": "textarea", "select": "select", "checkbox": "", "file": "input input--file"}


def _state_of(owed: Any) -> str:
    if getattr(owed, "broken_at", None) and not getattr(owed, "kept_at", None):
        return "broken"
    shown = str(getattr(owed, "shown_state", None) or getattr(owed, "state", ""))
    risk = getattr(owed, "at_risk_at", None)
    if rings.normal(shown) == "running" and isinstance(risk, datetime) and risk <= timezone.now():
        return "at_risk"
    return shown


def _share_left(owed: Any) -> float | None:
    made, due_at = getattr(owed, "made_at", None), getattr(owed, "due_at", None)
    if made is None or due_at is None or due_at <= made:
        return None
    return (due_at - timezone.now()) / (due_at - made)
