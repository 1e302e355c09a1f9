"""What a receiver is told of a ledger entry.

By default numbers, kinds, states and moments: nothing a person wrote and no outside person's name, because webhooks
end in chat rooms and logs. Only an endpoint that asks for words gets title, message, reason and the entry's whole data;
of a protected report nobody gets words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from makegood.life.problems.models import Problem, key_of
from makegood.life.reports.models import LedgerEntry, Message, Report

TEST = "hook.test"
_FACTS = frozenset(
    {"state", "severity", "kind", "is_protected", "is_public", "snoozed_until", "is_escalated", "labels"}
)
_PLAIN = frozenset(
    {"promises", "promise", "due_at", "late", "outcome", "way", "score", "channel", "count", "cycle"}
    # Of money: keys and numbers, which are what a billing system needs (docs/use/compensation.md).
    | {"compensation", "budget"}
)


def body_of(entry: LedgerEntry, report: Report | None, *, with_words: bool, message: Message | None = None) -> str:
    """The JSON text of one telling. ``message`` is what the entry speaks of, for endpoints that get words."""
    words = with_words and not (report is not None and report.is_protected) and not _is_hidden(entry)
    data: dict[str, Any] = {
        "entry": entry.pk,
        "report": _report(report),
        "problem": _problem(entry),
        "by": _actor(entry, words),
    }
    data["change"] = {
        side: {name: value for name, value in entry.data[side].items() if name in _FACTS}
        for side in ("from", "to")
        if isinstance(entry.data.get(side), dict)
    }
    data["details"] = {name: value for name, value in entry.data.items() if name in _PLAIN}
    if words:
        data["words"] = {
            "title": report.title if report else "",
            "message": _message(message),
            "reason": entry.reason,
            "data": entry.data,
        }
    return _text(entry.kind, entry.at, data)


def test_body(name: str, *, at: datetime) -> str:
    """What the button "send a test" sends."""
    return _text(
        TEST,
        at,
        {"entry": None, "report": None, "problem": None, "by": None, "change": {}, "details": {"endpoint": name}},
    )


def spoken_of(entries: Iterable[LedgerEntry]) -> dict[int, Message]:
    """The messages that ``entries`` speak of, by the key of the entry."""
    keys = {entry.pk: entry.data["message"] for entry in entries if isinstance(entry.data.get("message"), int)}
    found = Message.objects.in_bulk(set(keys.values())) if keys else {}
    return {entry: found[message] for entry, message in keys.items() if message in found}


def _text(kind: str, at: datetime, data: dict[str, Any]) -> str:
    body = {"type": kind, "timestamp": _moment(at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _report(report: Report | None) -> dict[str, Any] | None:
    if report is None:
        return None
    return {
        "number": report.number,
        "url": f"{settings.BASE_URL}/console/reports/{report.pk}/",
        "state": report.state,
        "severity": report.severity,
        "kind": report.kind,
        "channel": report.channel,
        "received_at": _moment(report.received_at),
    }


def _problem(entry: LedgerEntry) -> dict[str, Any] | None:
    """The problem an entry tells of: its number and where it is, nothing that was written."""
    key = key_of(entry.about)
    if key is None:
        return None
    return {"number": f"PRB-{key}", "url": f"{settings.BASE_URL}/console/problems/PRB-{key}/"}


def _is_hidden(entry: LedgerEntry) -> bool:
    """Whether it tells of a protected problem: of those nobody gets words either."""
    key = key_of(entry.about)
    return key is not None and Problem.objects.filter(pk=key, is_protected=True).exists()


def _actor(entry: LedgerEntry, with_words: bool) -> dict[str, str]:
    """Staff and the system by name; a reporter only as what they are."""
    is_outside = entry.actor_kind == "contact"
    return {"kind": entry.actor_kind, "name": "" if is_outside and not with_words else entry.actor_name}


def _message(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {"text": message.body, "is_internal": message.is_internal, "said_by": message.said_by, "name": message.name}
