"""What is asked about our service, and which words call for a lead: superseded, never edited, as all terms are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.aftercare import hostility
from makegood.life.aftercare.models import FeedbackTerms
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger

WORDS = Path(__file__).parent / "hostile_words.toml"


class BadTerms(Refusal):
    """The terms cannot be used; the text says which and why."""


@cache
def shipped_words() -> dict[str, tuple[str, ...]]:
    """The list of words a new installation begins with."""
    read = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {language: tuple(entries) for language, entries in read.items()}


@dataclass(frozen=True)
class Terms:
    """``asks_effort``: the second question, how easy we made it. ``mails``: ask by mail, ``after_hours`` later."""

    asks_effort: bool = True
    mails: bool = True
    after_hours: int = 24
    words: Mapping[str, tuple[str, ...]] = field(default_factory=shipped_words)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Terms:
        """Terms as they are kept. Raises BadTerms."""
        words = {language: tuple(entries) for language, entries in (data.get("words") or {}).items()}
        hours = data.get("after_hours", 24)
        if not isinstance(hours, int) or not 0 <= hours <= 24 * 14:
            raise BadTerms(_("Ask at once (0), or up to 336 hours, two weeks, later."))
        for entries in words.values():
            if len(entries) > hostility.MOST or any(len(entry) > hostility.LONGEST for entry in entries):
                raise BadTerms(
                    _("At most %(most)s words a language, each at most %(longest)s characters long.")
                    % {"most": hostility.MOST, "longest": hostility.LONGEST}
                )
        return cls(bool(data.get("asks_effort", True)), bool(data.get("mails", True)), hours, words)


def at_present(at: datetime) -> Terms:
    """What is in force at that moment: the newest terms somebody set, else the defaults."""
    row = FeedbackTerms.objects.filter(valid_from__lte=at).order_by("-valid_from", "-id").first()
    return Terms.from_data(row.data) if row else Terms()


def change(terms: Terms, *, by: Actor, at: datetime, reason: str) -> FeedbackTerms:
    """Let ``terms`` be in force from now on. Raises BadTerms."""
    if not reason.strip():
        raise BadTerms(_("Say why, so that the next person understands."))
    data = asdict(terms) | {"words": {language: list(entries) for language, entries in terms.words.items()}}
    Terms.from_data(data)
    with transaction.atomic():
        row = FeedbackTerms.objects.create(data=data, valid_from=at, by_name=by.name, reason=reason.strip()[:300])
        ledger.record(None, "feedback.terms_changed", by=by, at=at, data=data, reason=row.reason)
    return row
