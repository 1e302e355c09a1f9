"""Why something is suggested, in words: what is the same, the strongest reason first."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from makegood.engine.similar import Reasons

_MOST_MARKS, _MOST_WORDS, _LONGEST = 2, 5, 80


def why(reasons: Reasons) -> tuple[str, ...]:
    """For staff: the same event first, what a machine said, the same page, component or category, and shared words."""
    names = {**_machine(), **_facets()}
    marks = [mark for mark in reasons.signatures if mark.kind in names]
    found = [f"{names[mark.kind]}: {mark.value[:_LONGEST]}" for mark in marks[:_MOST_MARKS]]
    found += [names[facet] for facet in reasons.facets if facet in names]
    if reasons.words:
        found.append(_("shared words: %(words)s") % {"words": ", ".join(_whole(reasons.words)[:_MOST_WORDS])})
    return tuple(found)


def _whole(words: tuple[str, ...]) -> list[str]:
    """Without the parts of a composed name that stands among them."""
    return [word for word in words if not any(word in other for other in words if other != word)]


def why_in_public(kinds: Iterable[str]) -> tuple[str, ...]:
    """For reporters: kinds of what is the same, and never the words, which others wrote."""
    names = {
        "reference": _("same error event"),
        "message": _("same error message"),
        "exception": _("same error"),
        "code": _("same error code"),
        "page": _("same page"),
        "category": _("same kind of error"),
    }
    return tuple(dict.fromkeys(names[kind] for kind in kinds if kind in names))


def _machine() -> dict[str, str]:
    return {
        "reference": _("same error event"),
        "message": _("same error message"),
        "exception": _("same error"),
        "code": _("same error code"),
        "status": _("same status"),
        "path": _("same address"),
        "frame": _("same place in the program"),
    }


def _facets() -> dict[str, str]:
    return {"page": _("same page"), "component": _("same component"), "category": _("same category")}
