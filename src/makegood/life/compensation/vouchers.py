"""Codes that redeem: 140 random bits in groups of four, kept as a hash only. Pure but for the two that touch rows."""

from __future__ import annotations

import re
from datetime import datetime

from makegood.lib.keys import public_key, token_hash
from makegood.life.compensation.models import Compensation, Voucher

LENGTH, GROUP = 28, 4
_READ = str.maketrans({"o": "0", "i": "1", "l": "1"})
_FORM = re.compile(rf"[0-9a-hjkmnp-tv-z]{{{LENGTH}}}")


def mint(compensation: Compensation, *, at: datetime) -> str:
    """A new code for a locked compensation, as it is shown this once; an older one ends."""
    code = public_key(LENGTH)
    Voucher.objects.filter(compensation=compensation, ended_at=None).update(ended_at=at)
    Voucher.objects.create(compensation=compensation, code_hash=token_hash(code), made_at=at)
    return grouped(code)


def of_code(typed: str) -> Compensation | None:
    """What a code as somebody typed it belongs to; None for one that is no code of ours or has ended."""
    code = plain(typed)
    if not code:
        return None
    found = Voucher.objects.filter(code_hash=token_hash(code), ended_at=None).select_related("compensation").first()
    return found.compensation if found else None


def grouped(code: str) -> str:
    """As people read it aloud: ``7H3K-9W2M-…``."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP)).upper()


def plain(typed: str) -> str:
    """The code in what was typed, whatever the case, groups and look-alike letters; empty if it cannot be one."""
    code = re.sub(r"[\s-]", "", typed[:200]).lower().translate(_READ)
    return code if _FORM.fullmatch(code) else ""
