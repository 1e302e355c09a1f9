"""DKIM signatures (RFC 6376) with the key a setting names: ``selector:/path/to/key.pem``.

The domain is that of the From address, so that the signature is aligned as DMARC wants it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

LEAST_BITS = 1024
# What a relay may not change unseen. Reply-To is listed twice, so that none can be added either.
_SIGNED = (
    "from to subject date message-id reply-to reply-to in-reply-to references mime-version content-type "
    "content-transfer-encoding auto-submitted"
)
_HEADERS = [name.encode() for name in _SIGNED.split()]


class BadKey(ValueError):
    """The setting or its key cannot be used; says what would do."""


@dataclass(frozen=True)
class Signer:
    """Signs mails; ``record`` is what the DNS must say for others to check it."""

    selector: str
    key: RSAPrivateKey

    @classmethod
    def from_setting(cls, text: str) -> Signer | None:
        """Read ``selector:/path``; None for an empty setting. Raises BadKey."""
        if not text:
            return None
        selector, _colon, path = text.partition(":")
        if not path or not selector.replace("-", "").replace(".", "").isalnum() or not selector.isascii():
            raise BadKey("It must look like selector:/path/to/key.pem.")
        try:
            key = load_pem_private_key(Path(path).read_bytes(), None)
        except OSError as trouble:
            raise BadKey(f"{path} cannot be read: {trouble.strerror}.") from trouble
        except (ValueError, TypeError, UnsupportedAlgorithm) as trouble:
            raise BadKey(f"{path} holds no private key in PEM form without a password.") from trouble
        if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
            raise BadKey(f"{path} must hold an RSA key of 2048 bits: openssl genrsa -out {path} 2048")
        return cls(selector, key)

    def sign(self, wire: bytes, from_email: str) -> bytes:
        """``wire`` with a signature of the From address's domain on top."""
        signature: Any = dkim.sign(
            wire,
            self.selector.encode(),
            domain_of(from_email).encode(),
            self.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_HEADERS,
        )
        return bytes(signature) + wire

    def record(self, domain: str) -> tuple[str, str]:
        """Name and text of the TXT record to publish for ``domain``."""
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"{self.selector}._domainkey.{domain}", f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
