"""What stays the same of a mail however often and by whatever road it arrives."""

from __future__ import annotations

import hashlib
import re

from makegood.lib.mail.parsed import Parsed


def content_hash(mail: Parsed) -> str:
    """Equal for the same words and files from the same sender at the same moment, whatever carried and encoded them.

    Message-ID, Received and every other header are left out: servers and programs rewrite them.
    """
    pieces = [
        mail.sender.email or mail.sender.name,
        mail.sent_at.isoformat() if mail.sent_at else "",
        _same(mail.subject),
        _same(mail.full_text),
        *sorted(hashlib.sha256(part.data).hexdigest() for part in mail.attachments),
    ]
    whole = "\x1f".join(f"{len(piece)}:{piece}" for piece in pieces)
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def _same(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip().casefold()
