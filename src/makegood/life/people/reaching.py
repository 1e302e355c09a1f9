"""How somebody is reached: what can be a phone number or an e-mail address, for every door. Knows no database.

What a person typed stays in their form when it is refused; nothing is cut to fit.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal

# Nobody can be called under fewer, within one country or out of it.
FEWEST_DIGITS = 5
LONGEST_PHONE, LONGEST_EMAIL = 40, 254


class BadPhone(Refusal):
    """Nobody can be called under this."""


class BadEmail(Refusal):
    """No mail can arrive there."""


def check_phone(number: str) -> None:
    """Raise BadPhone unless ``number`` can be called; none at all is fine."""
    if len(number) > LONGEST_PHONE:
        raise BadPhone(_("Write one phone number here, of at most %d characters.") % LONGEST_PHONE)
    if number.strip() and sum(sign.isdigit() for sign in number) < FEWEST_DIGITS:
        raise BadPhone(_("This phone number is not complete. It looks like +49 30 1234567."))


def check_email(address: str) -> None:
    """Raise BadEmail unless mail can be sent to ``address``; none at all is fine."""
    try:
        if address.strip():
            validate_email(address.strip())
            MaxLengthValidator(LONGEST_EMAIL)(address.strip())
    except ValidationError:
        raise BadEmail(_("This e-mail address is not complete. It looks like name@example.org.")) from None
