"""Money as people type it in a form."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.money import Money, NotMoney, exponent_of, read


class NotAnAmount(Refusal):
    """What was typed is no amount of this currency."""


def amount(text: str, currency: str) -> Money | None:
    """What was typed, None for nothing. Raises NotAnAmount."""
    if not text.strip():
        return None
    try:
        return read(text, currency, get_language() or "en")
    except NotMoney:
        raise NotAnAmount(words(currency)) from None


def words(currency: str) -> str:
    """How an amount of a currency is written."""
    example = Money(12 * 10 ** exponent_of(currency), currency).plain()
    return _("Write an amount such as %(example)s, in %(currency)s.") % {"example": example, "currency": currency}
