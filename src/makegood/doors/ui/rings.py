"""The ring, Makegood's signature: a promise drawn as SVG, with shape and word, never colour alone. Pure; no request.

kept: closed, with a tick · running: open, its arc is the time left · at_risk: three quarters and a dot ·
broken: two shards apart · paused: closed, with bars · withdrawn: dotted.
"""

from functools import lru_cache
from typing import Any

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

WORDS = {
    "kept": _("kept"),
    "running": _("running"),
    "at_risk": _("at risk"),
    "broken": _("late"),
    "paused": _("paused"),
    "withdrawn": _("withdrawn"),
}
_SAME = {"open": "running", "due": "running", "late": "broken", "overdue": "broken", "risk": "at_risk", "": "running"}
_CIRCLE = '<circle cx="10" cy="10" r="7.5" class="{}" {}/>'
_DRAWN = {
    "kept": _CIRCLE.format("ring__line", "") + '<path d="M6.8 10.2l2.2 2.3 4.2-4.7" class="ring__line"/>',
    "at_risk": '<path d="M10 2.5a7.5 7.5 0 1 0 7.5 7.5" class="ring__line"/>'
    '<circle cx="10" cy="10" r="1.9" class="ring__dot"/>',
    "broken": '<path d="M9.6 1.9a7.5 7.5 0 0 0-3.9 13.9" class="ring__line"/>'
    '<path d="M13.6 4.2a7.5 7.5 0 0 1-3.2 13.9" class="ring__line"/>',
    "paused": _CIRCLE.format("ring__line", "") + '<path d="M8.1 7.4v5.2M11.9 7.4v5.2" class="ring__line"/>',
    "withdrawn": _CIRCLE.format("ring__line", 'stroke-dasharray="0.1 4.6"'),
}
MARK = mark_safe(  # noqa: S308 - constant
    '<path d="M27.2 12.6A12 12 0 1 1 22 5.6" fill="none" stroke="currentColor" stroke-width="3.2" '
    'stroke-linecap="round"/>'
    '<path d="M10.6 15.6l4.9 5L28.4 6.2" fill="none" stroke="currentColor" stroke-width="3.2" '
    'stroke-linecap="round" stroke-linejoin="round"/>'
)


def normal(state: str) -> str:
    """One of the six names above for any word the product uses for a promise's state."""
    state = str(state or "")
    return state if state in WORDS else _SAME.get(state, "running")


def drawing(state: str, share: float | None = None) -> SafeString:
    """The bare ``<svg>``; ``share`` is the part of the time still left, 0 to 1, for a running promise."""
    whole = 1.0 if share is None else min(1.0, max(0.0, float(share)))
    return _drawing(normal(state), round(whole * 92))


@lru_cache(1000)
def _drawing(state: str, arc: int) -> SafeString:
    inner = _DRAWN.get(state) or _running(arc)
    size = 'viewBox="0 0 20 20" width="20" height="20"'
    return mark_safe(f'<svg {size} aria-hidden="true" focusable="false">{inner}</svg>')  # noqa: S308


def ring(state: str, share: float | None = None, label: Any = "", css: str = "") -> SafeString:
    """Ring and word. Without ``label`` the state's own word stands beside it for screen readers only."""
    state = normal(state)
    shown = conditional_escape(label) if label else ""
    words = f'<span class="ring__word">{shown}</span>' if label else f'<span class="hush">{escape(WORDS[state])}</span>'
    return SafeString(f'<span class="ring ring--{state} {escape(css)}">{drawing(state, share)}{words}</span>')


def mark() -> SafeString:
    """The product's mark: a ring that a tick closes."""
    return format_html(
        '<svg class="mark mark-ring" viewBox="0 0 30 30" width="30" height="30" aria-hidden="true" focusable="false">'
        "{}</svg>",
        MARK,
    )


def completeness(percent: int) -> SafeString:
    """A ring filled to ``percent`` with the figure inside."""
    percent = min(100, max(0, int(percent)))
    arc = f'stroke-dasharray="{percent} 100" ' if percent else 'stroke-opacity="0" '
    return format_html(
        '<svg viewBox="0 0 56 56" role="img" aria-label="{}"><circle cx="28" cy="28" r="24" class="whole__track"/>'
        '<circle cx="28" cy="28" r="24" pathLength="100" {} transform="rotate(-90 28 28)" class="whole__line"/>'
        '<text x="28" y="33" class="whole__text">{}</text></svg>',
        _("%(percent)s %% complete") % {"percent": percent},
        mark_safe(arc),  # noqa: S308 - built from an integer
        f"{percent}%",
    )


def _running(left: int) -> str:
    """``left`` of 92 parts of the circle; eight stay open, so that it never looks kept."""
    track = '<circle cx="10" cy="10" r="7.5" class="ring__track"/>'
    arc = f'pathLength="100" stroke-dasharray="{left} 100" transform="rotate(-90 10 10)"'
    return track + (_CIRCLE.format("ring__line", arc) if left > 0 else "")
