"""What an export consists of: one entry a table, field by field. ``docs/operate/import-export.md`` is compared with it.

Never part of it: passwords, tokens, secrets, status links, the texts of mails (they hold such links), sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from makegood.life.aftercare.models import Csat, FollowUp, Recovery, Resolution
from makegood.life.compensation.models import Compensation, Entry
from makegood.life.escalation.models import Escalation
from makegood.life.people.models import AccountNote, Agent, Contact, Organisation, Team
from makegood.life.promises.models import Promise
from makegood.life.reports.models import (
    Attachment,
    Category,
    Component,
    LedgerEntry,
    Message,
    OutgoingMail,
    Participant,
    Report,
)

Fields = dict[str, str]


@dataclass(frozen=True)
class Table:
    """``fields``: name in the export → path in the model. ``since``: the path of the moment that ``--since`` asks."""

    name: str
    model: type[models.Model]
    fields: Fields
    since: str = ""
    order: tuple[str, ...] = ("pk",)
    keep: Callable[[models.QuerySet[Any]], models.QuerySet[Any]] = staticmethod(lambda rows: rows)

    def rows(self, since: datetime | None) -> models.QuerySet[Any]:
        """The rows as tuples in the order of ``fields``."""
        found = self.keep(self.model._default_manager.all())
        if since is not None and self.since:
            found = found.filter(**{f"{self.since}__gte": since})
        return found.order_by(*self.order).values_list(*self.fields.values())


def _same(*names: str) -> Fields:
    return {name: name for name in names}


_OF_REPORT: Fields = {"report": "report_id"}

TABLES: tuple[Table, ...] = (
    Table("organisations", Organisation, _same("key", "name", "is_key_account", "plan", "note", "created_at")),
    Table(
        "contacts",
        Contact,
        _same("key", "name", "email", "email_verified_at", "phone", "second_email", "preferred_way")
        | _same("member_number", "plan", "language", "time_zone", "mail_problem", "created_at")
        | {"organisation": "organisation__name"},
    ),
    Table(
        "account_notes",
        AccountNote,
        {"contact": "contact__key", "organisation": "organisation__key"} | _same("text", "by_name", "at", "is_pinned"),
    ),
    Table("teams", Team, _same("slug", "name", "is_technical", "is_active")),
    Table("agents", Agent, _same("key", "email", "name", "role", "is_active", "language", "created_at")),
    Table(
        "categories",
        Category,
        _same("slug", "names", "reporter_names", "default_severity", "is_question", "position", "is_active")
        | {"default_team": "default_team__slug"},
    ),
    Table("components", Component, _same("slug", "name", "is_active") | {"team": "team__slug"}),
    Table(
        "reports",
        Report,
        {"number": "pk"}
        | _same("key", "title", "kind", "state", "severity", "hindrance", "channel", "language", "environment")
        | {"category": "category__slug", "component": "component__slug", "team": "team__slug"}
        | {"technical_team": "technical_team__slug", "assignee": "assignee__email", "contact": "contact__key"}
        | {"organisation": "organisation__name", "duplicate_of": "duplicate_of_id", "follows": "follows_id"}
        | _same("completeness", "received_at", "updated_at", "first_answered_at", "solved_at", "closed_at")
        | _same("close_reason", "reopened_count", "waiting_for_reporter", "is_escalated", "is_protected")
        | _same("snoozed_until", "last_said_at", "last_said_by", "owed_at", "owed_kind", "owed_state", "version"),
        since="updated_at",
    ),
    Table(
        "labels",
        Report.labels.through,
        {**_OF_REPORT, "label": "label__name"},
        since="report__updated_at",
        order=("report_id", "label__name"),
    ),
    Table(
        "participants",
        Participant,
        {**_OF_REPORT, "contact": "contact__key"} | _same("state", "why", "proposed_at", "decided_at", "decided_by"),
        since="report__updated_at",
    ),
    Table(
        "messages",
        Message,
        {**_OF_REPORT}
        | _same("key", "is_internal", "said_by", "name", "body", "channel", "script", "named_time", "is_final")
        | {"agent": "agent__email", "contact": "contact__key"}
        | _same("at", "visible_at", "withdrawn_at"),
        since="report__updated_at",
        order=("report_id", "pk"),
    ),
    Table(
        "attachments",
        Attachment,
        {**_OF_REPORT, "message": "message__key", "file": "storage_key"}
        | _same("key", "name", "media_type", "size", "sha256", "is_internal", "added_by", "at", "removed_at"),
        since="report__updated_at",
        order=("report_id", "pk"),
        keep=lambda rows: rows.filter(report__isnull=False),
    ),
    Table(
        "promises",
        Promise,
        {**_OF_REPORT, "team": "team__slug", "agent": "agent__email"}
        | _same("kind", "owed_to", "severity", "state", "reason", "made_by", "made_at", "due_at", "named_at")
        | _same("broken_at", "kept_at", "withdrawn_at"),
        since="report__updated_at",
    ),
    Table(
        "escalations",
        Escalation,
        {**_OF_REPORT, "team": "team__slug", "component": "component__slug", "accepted_by": "accepted_by__email"}
        | _same("severity", "state", "reason", "by_name", "at", "accepted_at", "answered_at", "ended_at", "end_reason")
        | _same("completeness", "document"),
        since="report__updated_at",
    ),
    Table(
        "resolutions",
        Resolution,
        {**_OF_REPORT}
        | _same("cause", "solution", "reporter_words", "to_do", "by_name", "at", "answer", "answer_words")
        | _same("answered_at", "withdrawn_at"),
        since="report__updated_at",
    ),
    Table(
        "follow_ups",
        FollowUp,
        {**_OF_REPORT} | _same("way", "outcome", "notes", "by_name", "at"),
        since="report__updated_at",
    ),
    Table(
        "feedback",
        Csat,
        {**_OF_REPORT} | _same("score", "reasons", "words", "effort", "at"),
        since="report__updated_at",
    ),
    Table(
        "recoveries",
        Recovery,
        {**_OF_REPORT}
        | _same("why", "opened_at", "due_at", "attempts", "outcome", "notes", "by_name", "reached_at", "closed_at")
        | _same("score_after", "score_after_at"),
        since="report__updated_at",
    ),
    Table(
        "compensations",
        Compensation,
        {"report": "number", "contact": "contact__key", "policy": "policy__slug", "version": "policy__version"}
        | _same("key", "cause", "failure", "kind", "currency", "minor", "days", "steps", "facts", "letter")
        | _same("is_related", "state", "proposed_at", "offer_until", "redeem_until"),
        since="state_at",
    ),
    Table(
        "compensation_entries",
        Entry,
        {"compensation": "compensation__key"}
        | _same("step", "state", "currency", "minor", "booked", "budget_month", "actor_kind", "actor_name")
        | _same("is_automatic", "over_budget", "reason", "at"),
        since="at",
        order=("compensation_id", "step"),
    ),
    Table(
        "mails",
        OutgoingMail,
        {**_OF_REPORT} | _same("purpose", "to_email", "subject", "state", "made_at", "sent_at", "last_reason"),
        since="made_at",
    ),
    Table(
        "ledger",
        LedgerEntry,
        {"id": "pk", **_OF_REPORT} | _same("kind", "at", "actor_kind", "actor_name", "data", "reason"),
        since="at",
    ),
)
BY_NAME = {table.name: table for table in TABLES}
