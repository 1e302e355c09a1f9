"""Secrets that we must be able to read again (a mailbox's password, a webhook's key), sealed in the database.

The key is derived from ``SECRET_KEY``, which lies outside the database: a copy of the database alone opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"makegood sealed secrets 1"


class NotOurs(ValueError):
    """The text was not sealed under this installation's key: another secret key, or damaged."""

    def __init__(self) -> None:
        super().__init__("A kept secret cannot be opened with this secret key. Enter it again, or restore the old key.")


def seal(text: str) -> str:
    """``text`` encrypted and signed; twice the same text gives different results."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was given to ``seal``. Raises NotOurs. An empty text was never sealed and stays empty."""
    if not sealed:
        return ""
    try:
        return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise NotOurs from None


@cache
def _box(*secret_keys: str) -> MultiFernet:
    """The first key seals, every one opens: so a secret key can be replaced."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in secret_keys])


def _derived(secret_key: str) -> bytes:
    return hashlib.blake2b(_PURPOSE, key=hashlib.sha512(secret_key.encode()).digest(), digest_size=32).digest()
