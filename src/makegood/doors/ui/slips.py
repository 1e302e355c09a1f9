"""What is wrong with a field, in a sentence that stands by itself: where Django names no field, we do."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.forms import BoundField, Field
from django.utils.translation import gettext as _

# Of validators: true of any field, so they name none.
_OF_VALIDATORS = frozenset({"min_value", "max_value", "step_size", "min_length", "max_length", "max_digits"})


def sentences(bound: BoundField) -> list[str]:
    """One for each slip; the same in the summary above and beside the field."""
    return [_sentence(bound, slip) for slip in bound.errors.as_data()]


def _sentence(bound: BoundField, slip: ValidationError) -> str:
    words, label = str(slip.messages[0]), str(bound.label)
    if not _is_general(bound.field, slip):
        return words
    if slip.code == "required":
        has_choices = hasattr(bound.field.widget, "choices")
        told = _("Choose something at “%(label)s”.") if has_choices else _("Fill in “%(label)s”.")
        return told % {"label": label}
    return _("“%(label)s”: %(words)s") % {"label": label, "words": words}


def _is_general(field: Field, slip: ValidationError) -> bool:
    """Whether these are Django's own words for any field, not ones written for this one."""
    if slip.code in _OF_VALIDATORS:
        return True
    own = [getattr(each, "default_error_messages", {}).get(slip.code) for each in type(field).__mro__]
    return slip.code is not None and any(words is not None and words == slip.message for words in own)
