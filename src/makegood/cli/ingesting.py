"""What `makegood mail ingest` does once Django is set up: keep, file, do what follows, say what came of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import Error
from django.utils import timezone

from makegood.cli import prepare
from makegood.cli.taking import mailbox_called
from makegood.doors.clock import relay
from makegood.engine.queue import Runner
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.beginning import begin
from makegood.life.post import actions, outcomes, queries
from makegood.life.post.actions import Filing
from makegood.life.post.models import IncomingMail
from makegood.life.reports.models import OutgoingMail

_LIMIT_SECONDS = 60.0
_OURS_FOR = timedelta(minutes=5)
KEYS = (
    "file",
    "outcome",
    "report",
    "reopened",
    "sender",
    "sender_name",
    "subject",
    "body",
    "attachments",
    "outbound",
    "outbound_to",
    "linked_to",
    "participants_added",
    "error",
)


def ingest(given: argparse.Namespace, mails: Iterable[tuple[str, bytes | OSError]]) -> int:
    """Keep and file each mail, print what came of it; 1 if some could not be filed."""
    prepare.migrate()
    begin(timezone.now())
    try:
        mailbox = mailbox_called(given.mailbox)
    except LookupError as none:
        print(none, file=sys.stderr)
        return 1
    sender = None if given.envelope_from is None else given.envelope_from.strip(" <>")
    envelope = {"mailbox": mailbox, "envelope_from": sender, "envelope_to": given.to or ()}
    counter = _Counter(envelope, trusted=given.authserv_id)
    failed = 0
    for name, raw in mails:
        told = counter.take(name, raw)
        failed += told["error"] is not None
        print(json.dumps(told, ensure_ascii=False) if given.json else _readable(told), flush=True)
    return 1 if failed else 0


class _Counter:
    """Takes mails one after the other, with what follows from each, so that it can be said what each caused."""

    def __init__(self, envelope: dict[str, Any], *, trusted: str | None) -> None:
        self.envelope = envelope
        self.trusted = trusted
        self.runner = Runner(relay.handlers(), worker="ingest", clock=timezone.now, limit_seconds=_LIMIT_SECONDS)
        self._follow()

    def take(self, name: str, raw: bytes | OSError) -> dict[str, Any]:
        """What came of one mail, with exactly the KEYS."""
        told = dict.fromkeys(KEYS) | {"file": name, "reopened": False, "outbound": 0}
        told |= {"attachments": [], "outbound_to": [], "participants_added": []}
        if isinstance(raw, OSError):
            return told | {"error": f"It cannot be read: {raw.strerror or raw}."}
        try:
            return told | self._file(raw)
        except (Refusal, Error) as trouble:
            return told | {"error": str(trouble) or repr(trouble)}

    def _file(self, raw: bytes) -> dict[str, Any]:
        now, before = timezone.now(), _newest_mail()
        # Filed here: a worker that runs beside us leaves it alone, unless we are killed.
        incoming = actions.keep(raw, source="file", at=now, not_before=now + _OURS_FOR, **self.envelope)
        is_known = bool(incoming.outcome)
        filing = actions.file_one(incoming, now=now, trusted=self.trusted, guarded=self.runner.guarded)
        self._follow()
        report = filing.report
        caused = (
            rows.read(OutgoingMail, "id > %s AND report_id = %s ORDER BY id", [before, report.pk]) if report else []
        )
        told = _told(filing)
        told |= {"outbound": len(caused), "outbound_to": [mail.to_email for mail in caused]}
        if is_known and filing.outcome != IncomingMail.PARKED:
            told |= {"outcome": IncomingMail.DUPLICATE, "linked_to": None}
        return told

    def _follow(self) -> None:
        while relay.follow(self.runner):
            pass


def _newest_mail() -> int:
    newest = rows.read(OutgoingMail, "1 = 1 ORDER BY id DESC LIMIT 1", [])
    return newest[0].pk if newest else 0


def _told(filing: Filing) -> dict[str, Any]:
    row, report, message, mail = filing.incoming, filing.report, filing.message, filing.mail
    if mail is None and filing.outcome not in ("", IncomingMail.PARKED):
        mail = queries.parsed_of(row)
    names = [part.name for part in mail.attachments] if mail else []
    if names and message and filing.outcome in (IncomingMail.NEW_REPORT, IncomingMail.APPEND):
        names = list(message.attachments.order_by("id").values_list("name", flat=True))
    is_new = filing.outcome == IncomingMail.NEW_REPORT
    return {
        # Put aside for its own sake or for its sender's: either way it waits, whole, for a person; "error" says why.
        "outcome": IncomingMail.QUARANTINED if filing.outcome == IncomingMail.PARKED else filing.outcome or None,
        "report": report.number if report else None,
        "reopened": filing.is_reopened,
        "sender": mail.sender.email if mail else None,
        "sender_name": mail.sender.name if mail else None,
        "subject": mail.subject if mail else None,
        "body": outcomes.words(mail) if mail else None,
        "attachments": names,
        "linked_to": f"MG-{report.follows_id}" if is_new and report and report.follows_id else None,
        "participants_added": list(filing.proposed),
        "error": filing.error or None,
    }


def _readable(told: dict[str, Any]) -> str:
    where = " ".join(filter(None, (told["report"], told["linked_to"] and f"(goes on from {told['linked_to']})")))
    words = [told["outcome"] or "not filed", where, told["sender"] or "", told["subject"] or "", told["error"] or ""]
    return f"{told['file']}: " + ", ".join(filter(None, words))
