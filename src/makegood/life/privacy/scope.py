"""Whose things: a person with all that finds their traces, or reports whose time is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property

from makegood.engine.secrets import seal, unseal
from makegood.life.people.models import Contact
from makegood.life.reports.models import Message, Report

_SHORTEST = 5


@dataclass(frozen=True)
class Scope:
    """``words`` name the person wherever they stand: addresses, numbers, their full name. ``only``: these reports, and
    nothing besides."""

    contacts: tuple[int, ...] = ()
    emails: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    only: tuple[int, ...] | None = None

    @cached_property
    def reports(self) -> list[int]:
        """Reports that are theirs. Keys and no query: only so can a database look for either of two things by index."""
        if self.only is not None:
            return list(self.only)
        return list(Report.objects.filter(contact__in=self.contacts).order_by("pk").values_list("pk", flat=True))

    @cached_property
    def elsewhere(self) -> list[int]:
        """Reports of others on which they said something."""
        said = Message.objects.filter(contact__in=self.contacts).order_by("report")
        return sorted(set(said.values_list("report", flat=True).distinct()) - set(self.reports))

    def sealed(self) -> str:
        return seal(json.dumps(asdict(self)))

    @classmethod
    def opened(cls, text: str) -> Scope:
        told = json.loads(unseal(text))
        only = None if told["only"] is None else tuple(told["only"])
        return cls(tuple(told["contacts"]), tuple(told["emails"]), tuple(told["words"]), only)


def of_person(contact: Contact) -> Scope:
    """Everything of a contact, and what was sent to or came from their addresses."""
    emails = _known(contact.email, contact.second_email)
    name = contact.name.strip() if len(contact.name.split()) > 1 else ""
    words = [word for word in (*emails, name, contact.phone, contact.member_number) if len(word) >= _SHORTEST]
    return Scope(contacts=(contact.pk,), emails=emails, words=tuple(dict.fromkeys(words)))


def of_reports(keys: Iterable[int]) -> Scope:
    """These reports, whoever reported them."""
    return Scope(only=tuple(keys))


def _known(*addresses: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.strip().lower() for address in addresses if address and address.strip()))
