"""Unguessable names: public keys for rows, secret tokens for links. Pure; no models.

Keys use Crockford's base 32 (no I, L, O, U), so that they survive being read aloud.
"""

import hashlib
import re
import secrets

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_PLAIN = re.compile(r"[0-9A-Za-z_.:-]{1,64}")


def public_key(length: int = 12) -> str:
    """A random name of ``length`` characters, 5 bits each; fit for URLs, says nothing about order or count."""
    return "".join([_CROCKFORD[byte & 31] for byte in secrets.token_bytes(length)])


def secret_token() -> str:
    """A secret of 160 bits for a link. Only its ``token_hash`` may be stored."""
    return public_key(32)


def idempotency_key(given: str | None) -> str:
    """The key a form or a machine sent, at most 64 plain characters; anything else becomes its SHA-256 in hex, so that
    the same strange key still means the same request. Empty for none."""
    given = given or ""
    if _PLAIN.fullmatch(given):
        return given
    return hashlib.sha256(given.encode(errors="surrogatepass")).hexdigest() if given else ""


def token_hash(token: str) -> str:
    """SHA-256 of a secret token in hex; the form in which secrets rest. An empty token is refused."""
    if not token:
        raise ValueError("An empty token has no hash: it must never match anything.")
    return hashlib.sha256(token.encode()).hexdigest()
