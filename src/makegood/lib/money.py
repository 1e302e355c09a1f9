"""Money: whole minor units and an ISO 4217 code. Never a float, never two currencies in one sum. Pure.

How many digits a currency has is ISO's word, because that is what billing systems count in; how it is written is the
reader's language's, by Babel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, total_ordering

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberFormatError, format_currency, is_currency, parse_decimal

# A quadrillion minor units: no compensation is that large, and every database and JSON reader holds it exactly.
MOST = 10**15
# ISO 4217: the exponents that are not two.
_EXPONENTS = {
    code: exponent
    for exponent, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}
_CODE = re.compile(r"[A-Z]{3}")
# A code needs a space before the number, a sign does not.
_LETTERS = re.compile(r"([A-Z]{3})(?=\d)")


class NotMoney(ValueError):
    """A text or number that is no amount of this currency."""


class MixedCurrencies(TypeError):
    """Two currencies met in one sum or comparison: a mistake in the code."""


@total_ordering
@dataclass(frozen=True)
class Money:
    """``minor`` units of ``currency``: ``Money(1250, "EUR")`` is 12.50 euros, ``Money(1250, "JPY")`` 1250 yen."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise NotMoney("Money is counted in whole minor units.")
        if not is_code(self.currency):
            raise NotMoney(f"There is no currency {self.currency!r}.")

    @property
    def exponent(self) -> int:
        return exponent_of(self.currency)

    @property
    def value(self) -> Decimal:
        """In major units, exactly."""
        return Decimal(self.minor).scaleb(-self.exponent)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> Money:
        if isinstance(times, bool) or not isinstance(times, int):
            raise NotMoney("Money is multiplied by whole numbers only.")
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def part(self, basis_points: int) -> Money:
        """``basis_points`` hundredths of a percent of it, rounded to the nearest minor unit, halves up."""
        sign = -1 if self.minor < 0 else 1
        return Money(sign * ((abs(self.minor) * basis_points + 5_000) // 10_000), self.currency)

    def shown(self, language: str = "en") -> str:
        """As people of ``language`` write it: ``€12.50``, ``12,50 €``."""
        pattern, locale = _pattern(language, self), _locale(language)
        words = format_currency(self.value, self.currency, locale=locale, currency_digits=False, format=pattern)
        return _LETTERS.sub("\\1\u00a0", words)

    def plain(self) -> str:
        """The bare number as programs and form fields take it: ``12.50``."""
        return f"{self.value:f}"

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money) or other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {getattr(other, 'currency', other)!r} do not mix.")
        return other.minor


def read(text: str, currency: str, language: str = "en") -> Money:
    """What somebody typed: ``12.50``, ``12,50``, ``1.250,00`` in German. Raises NotMoney."""
    if not is_code(currency):
        raise NotMoney(f"There is no currency {currency!r}.")
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if not text or len(text) > 24 or not re.fullmatch(r"[0-9.,'’]+", text):
        raise NotMoney("not an amount")
    value = _decimal(text, exponent_of(currency), language)
    scaled = value.scaleb(exponent_of(currency))
    if scaled != scaled.to_integral_value():
        raise NotMoney("more digits than the currency has")
    if scaled > MOST:
        raise NotMoney("too large")
    return Money(int(scaled), currency)


def is_code(currency: str) -> bool:
    """Whether it is the code of a currency there is or was."""
    return bool(_CODE.fullmatch(currency)) and is_currency(currency)


def exponent_of(currency: str) -> int:
    """How many digits its minor unit has: EUR 2, JPY 0, KWD 3."""
    return _EXPONENTS.get(currency, 2)


def _decimal(text: str, digits: int, language: str) -> Decimal:
    """A lone point or comma with no more digits behind it than the currency has is the decimal sign everywhere."""
    if digits and (found := re.fullmatch(rf"(\d+)[.,](\d{{1,{digits}}})", text)):
        return Decimal(f"{found[1]}.{found[2]}")
    try:
        return parse_decimal(text, locale=_locale(language), strict=True)
    except (NumberFormatError, InvalidOperation):
        raise NotMoney("not an amount") from None


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _pattern(language: str, money: Money) -> str:
    """The language's own pattern with exactly as many digits as the currency has by ISO."""
    standard = _locale(language).currency_formats["standard"].pattern
    digits = "." + "0" * money.exponent if money.exponent else ""
    return str(re.sub(r"\.0+", digits, standard))
