"""One form for every plain thing of set-up, made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from makegood.doors.console.setup.specs import Item, Thing

LONGEST_TEXT = 300
LONGEST_AREA = 5000
_LANGUAGES = dict(settings.LANGUAGES)


class ThingForm(forms.Form):
    """Fields by the items of ``thing``; ``values`` gives what its verbs take, ``links`` what hangs on it."""

    def __init__(self, thing: Thing, row: models.Model, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=_initial(thing, row))
        self.thing, self.row = thing, row
        for item in thing.items:
            self.fields.update(_fields(item))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for item in self.thing.items:
            if item.is_required and item.kind.startswith("texts") and not any(self._texts(item, cleaned).values()):
                self.add_error(
                    f"{item.name}_en", _("Write “%(label)s” in at least one language.") % {"label": item.label}
                )
        return cleaned

    def values(self) -> dict[str, Any]:
        """Column to value, ready for ``life.reports.setup``."""
        found: dict[str, Any] = {}
        for item in self.thing.items:
            if item.kind.startswith("texts"):
                found[item.name] = self._texts(item, self.cleaned_data)
            elif item.kind == "row":
                found[f"{item.name}_id"] = int(self.cleaned_data[item.name]) if self.cleaned_data[item.name] else None
            elif item.kind != "many":
                found[item.name] = self.cleaned_data[item.name]
        return found

    def links(self) -> list[tuple[Item, list[int]]]:
        many = [item for item in self.thing.items if item.kind == "many"]
        return [(item, [int(key) for key in self.cleaned_data[item.name]]) for item in many]

    def _texts(self, item: Item, cleaned: Mapping[str, Any]) -> dict[str, str]:
        given = {code: (cleaned.get(f"{item.name}_{code}") or "").strip() for code in _LANGUAGES}
        return {code: text for code, text in given.items() if text}


def _initial(thing: Thing, row: models.Model) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in thing.items:
        if item.kind.startswith("texts"):
            found |= {f"{item.name}_{code}": getattr(row, item.name).get(code, "") for code in _LANGUAGES}
        elif item.kind == "row":
            found[item.name] = getattr(row, f"{item.name}_id")
        elif item.kind == "many":
            found[item.name] = _linked(item, row)
        else:
            found[item.name] = getattr(row, item.name)
    return found


def _linked(item: Item, row: models.Model) -> list[int]:
    if item.rows is None or row.pk is None:
        return []
    keys = [f for f in item.rows._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    here = next(f.name for f in keys if isinstance(row, f.related_model))
    there = next(f.attname for f in keys if f.name != here)
    return list(item.rows._default_manager.filter(**{here: row}).values_list(there, flat=True))


def _fields(item: Item) -> dict[str, forms.Field]:
    if item.kind.startswith("texts"):
        return {f"{item.name}_{code}": _text(item, name) for code, name in _LANGUAGES.items()}
    common: dict[str, Any] = {"label": item.label, "help_text": item.help, "required": item.is_required}
    if item.kind == "check":
        return {item.name: forms.BooleanField(**common)}
    if item.kind == "number":
        return {item.name: forms.IntegerField(min_value=item.least, max_value=item.most, **common)}
    if item.kind in {"many", "set"}:
        options = list(item.options()) if item.options else []
        widget = forms.CheckboxSelectMultiple
        return {item.name: forms.MultipleChoiceField(choices=options, widget=widget, **common)}
    if item.kind in {"choice", "row"}:
        options = list(item.options()) if item.options else []
        none = [] if item.is_required else [("", _("Nobody or none"))]
        return {item.name: forms.ChoiceField(choices=[*none, *options], **common)}
    return {item.name: _plain_text(item, common)}


def _plain_text(item: Item, common: dict[str, Any]) -> forms.Field:
    if item.name == "slug":
        message = _("Use small letters, digits and hyphens only.")
        return forms.CharField(max_length=40, validators=[RegexValidator(r"^[a-z0-9-]+$", message)], **common)
    if item.name == "email":
        return forms.EmailField(**common)
    if item.name == "page_webhook":
        return forms.URLField(assume_scheme="https", **common)
    return forms.CharField(max_length=100, **common)


def _text(item: Item, language: str) -> forms.Field:
    is_area = item.kind == "texts_area"
    return forms.CharField(
        label=_("%(label)s, %(language)s") % {"label": item.label, "language": _(language)},
        help_text=item.help,
        required=False,
        max_length=LONGEST_AREA if is_area else LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}) if is_area else forms.TextInput(),
    )
