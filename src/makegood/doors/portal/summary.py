"""The answers as the reporter reads them before sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.doors.portal import questions, telling
from makegood.lib.texts import in_language
from makegood.life.reports.models import Category


@dataclass(frozen=True)
class Row:
    """One answer: under which words, what was said, on which page to change it, and its field for error links."""

    label: str
    value: str
    step: str
    field: str


def rows(data: Mapping[str, str]) -> list[Row]:
    """Every question of this report with its answer; empty ones too, so that nothing seems hidden."""
    found = []
    for step in questions.steps_for(data):
        if step.slug == "pictures":
            continue
        more = {"category": data.get("category", "")} if step.slug == "more" else {}
        form = step.form(initial=dict(data), **more)
        for name, field in form.fields.items():
            value = _words(name, data.get(name, ""), field)
            if name == "screen" or (not value and name in ("second_email", "preferred_way")):
                continue
            found.append(Row(str(field.label), value, step.slug, name))
    return found


def _words(name: str, value: str, field: object) -> str:
    if name == "category":
        return _category(value)
    choices = dict(getattr(field, "choices", None) or ())
    return str(choices.get(value, value) or "").strip()


def _category(value: str) -> str:
    if value == telling.UNSURE:
        return _("I am not sure")
    found = Category.objects.filter(slug=value.removeprefix(telling.QUESTION)).first() if value else None
    return in_language(found.reporter_names, get_language() or "en") if found else ""
