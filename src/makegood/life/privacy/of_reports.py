"""What hangs on a report: everything said, sent, answered and noted on it; the ledger keeps the facts. The report goes
last: it stays as a number with its times, so that figures of the past stay as they were."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.engine import search, similar
from makegood.life.aftercare.models import Csat, FollowUp, Recovery, RecoveryCall, Resolution, Survey
from makegood.life.colleagues.models import Notice
from makegood.life.compensation.models import Compensation, Entry
from makegood.life.diagnosis.models import Answer, FieldSuggestion, StepTrial
from makegood.life.escalation.models import Escalation, Page
from makegood.life.hooks.models import Attempt, Delivery
from makegood.life.knowledge.models import ArticleLink
from makegood.life.learning.models import Recurrence
from makegood.life.privacy import facts
from makegood.life.privacy.holding import ERASED, Holding, both, either, of_contact, on_reports
from makegood.life.privacy.scope import Scope
from makegood.life.problems.known import REPORT
from makegood.life.problems.models import Membership
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.rca.models import TimelineRow
from makegood.life.reports import finding
from makegood.life.reports.models import Attachment, Draft, KeptForm, LedgerEntry, Message, Report
from makegood.life.searching import readings

# Kinds of entries that tell of a contact and of no report; found by kind first, for which there is an index.
_OF_CONTACTS = (
    "account.changed",
    "account.noted",
    "account.note_removed",
    "view.saved",
    "view.changed",
    "view.removed",
)

_OF_MAILS = ("mail.retried", "mail.failed", "mail.bounced")
_OF_HELD_MAIL = ("mail.held", "mail.discarded", "mail.undiscarded")


def _entries(scope: Scope) -> Q:
    found = Q(report__in=scope.reports)
    found |= Q(report__in=scope.elsewhere, actor_kind="contact", actor_id__in=scope.contacts)
    return found | _nameless(scope)


def _nameless(scope: Scope) -> Q:
    """Entries about the person that stand on no report."""
    found = Q(kind__in=_OF_CONTACTS, report=None, data__contact__in=scope.contacts)
    for email in scope.emails:
        found |= Q(kind__in=_OF_MAILS, report=None, data__to__iexact=email)
        found |= Q(kind__in=_OF_HELD_MAIL, report=None, data__sender__iexact=email)
        found |= Q(kind__in=("view.saved", "view.changed", "view.removed"), data__query__icontains=email)
    return found


def _without_words(entry: LedgerEntry) -> dict[str, Any]:
    return {"data": facts.of(entry.data), "actor_name": "" if entry.actor_kind == "contact" else entry.actor_name}


def _unsaid(row: Any) -> dict[str, Any]:
    """The name stays where it is one of ours."""
    return {} if row.by_kind == "agent" else {"by_name": ""}


def _untold(row: Delivery) -> dict[str, Any]:
    """What has not been told yet must not be told any more."""
    return {"state": Delivery.FAILED, "next_at": row.made_at} if row.state == Delivery.WAITING else {}


def _deliveries(scope: Scope, prefix: str = "") -> Q:
    """By report, and by what happened to them without one; before the ledger forgets whom that was about."""
    named = LedgerEntry.objects.filter(_nameless(scope), report=None).order_by().values("pk")
    return Q(**{f"{prefix}report_number__in": scope.reports}) | Q(**{f"{prefix}entry__in": named})


def _forget_files(rows: list[Attachment]) -> None:
    for row in rows:
        search.remove(readings.KIND, row.pk)


def _forget_reports(rows: list[Report]) -> None:
    for row in rows:
        search.remove(finding.KIND, row.pk)
        similar.remove(REPORT, row.pk)


_FILE = ("key", "report_id", "name", "media_type", "size", "at", "storage_key")
_SAID = ("key", "report_id", "said_by", "name", "body", "channel", "at", "is_internal")

ROWS: tuple[Holding, ...] = (
    Holding(
        "files",
        _("pictures and files"),
        Attachment,
        on_reports(),
        files=("storage_key", "thumbnail_key"),
        beside=_forget_files,
        shown=_FILE,
    ),
    Holding(
        "files_elsewhere",
        _("files they sent to reports of others"),
        Attachment,
        lambda scope: Q(report__in=scope.elsewhere, message__contact__in=scope.contacts),
        files=("storage_key", "thumbnail_key"),
        beside=_forget_files,
        shown=_FILE,
    ),
    Holding(
        "said_by_them",
        _("messages of theirs"),
        Message,
        either(of_contact(), both(on_reports(), said_by="contact")),
        blank={"body": ERASED, "subject": "", "name": "", "rfc_id": ""},
        shown=_SAID,
    ),
    Holding(
        "said_to_them",
        _("messages and notes on their reports"),
        Message,
        both(on_reports(), said_by__in=("agent", "system")),
        blank={"body": ERASED, "subject": ""},
        shown=_SAID,
    ),
    Holding("typing", _("drafts of answers"), Draft, on_reports(), shown=("report_id", "body", "updated_at")),
    Holding("begun_forms", _("forms of ours begun on their reports"), KeptForm, on_reports(), shown=("data",)),
    Holding(
        "answers",
        _("answers to our questions"),
        Answer,
        on_reports(),
        shown=("report_id", "question__slug", "text", "by_name", "at"),
    ),
    Holding(
        "steps",
        _("what was tried"),
        StepTrial,
        on_reports(),
        blank={"notes": ""},
        change=_unsaid,
        still=~Q(notes="") | (~Q(by_kind="agent") & ~Q(by_name="")),
        shown=("report_id", "step__slug", "outcome", "notes", "at"),
    ),
    Holding("suggested", _("words that suggested a category"), FieldSuggestion, on_reports()),
    Holding(
        "resolutions",
        _("cause and solution as told, and what they answered"),
        Resolution,
        on_reports(),
        blank={"cause": "", "solution": ERASED, "reporter_words": ERASED, "to_do": "", "answer_words": ""},
        shown=("report_id", "solution", "reporter_words", "to_do", "answer", "answer_words", "at"),
    ),
    Holding(
        "follow_ups",
        _("notes of calls"),
        FollowUp,
        on_reports(),
        blank={"notes": "", "before": {}},
        shown=("report_id", "way", "outcome", "notes", "at"),
    ),
    Holding(
        "feedback",
        _("how they were served, in their words"),
        Csat,
        either(on_reports(), of_contact()),
        blank={"words": "", "contact": None},
        shown=("report_id", "score", "reasons", "words", "effort", "at"),
    ),
    Holding(
        "surveys",
        _("that they were asked how they were served"),
        Survey,
        either(on_reports(), of_contact()),
        blank={"contact": None},
        shown=("report_id", "asked_at"),
    ),
    Holding(
        "recoveries",
        _("why a lead called them"),
        Recovery,
        on_reports(),
        blank={"why": [], "notes": ""},
        shown=("report_id", "outcome", "notes", "opened_at"),
    ),
    Holding(
        "recovery_calls",
        _("notes of a lead's calls"),
        RecoveryCall,
        on_reports("recovery__report"),
        blank={"notes": "", "before": {}},
        shown=("outcome", "notes", "at"),
    ),
    Holding(
        "compensations",
        _("letters that came with compensation"),
        Compensation,
        either(on_reports(), of_contact()),
        blank={"letter": "", "letter_hash": ""},
        shown=("number", "kind", "minor", "currency", "letter", "state", "proposed_at"),
    ),
    Holding(
        "compensation_words",
        _("reasons beside compensation; the amounts stay"),
        Entry,
        either(on_reports("compensation__report"), of_contact("compensation__contact")),
        blank={"reason": ""},
        change=lambda row: {} if row.actor_kind == "agent" else {"actor_name": ""},
        still=~Q(reason="") | (Q(actor_kind="contact") & ~Q(actor_name="")),
        shown=("state", "minor", "currency", "reason", "at"),
    ),
    Holding("answered", _("who said that an article answers"), ArticleLink, on_reports(), blank={"by_name": ""}),
    Holding(
        "documents",
        _("error documents as they were handed over"),
        Escalation,
        on_reports(),
        blank={"reason": "", "document": {}, "document_sha256": "", "end_reason": ""},
        shown=("report_id", "reason", "document", "at"),
    ),
    Holding("pages", _("calls of colleagues about them"), Page, on_reports(), blank={"text": ERASED, "reason": ""}),
    Holding("notices", _("notices to colleagues"), Notice, on_reports(), blank={"by_name": ""}),
    Holding(
        "hooks",
        _("what other systems were told"),
        Delivery,
        _deliveries,
        blank={"body": "{}", "last_reason": ""},
        change=_untold,
    ),
    Holding(
        "hook_tries",
        _("what other systems answered"),
        Attempt,
        lambda scope: _deliveries(scope, "delivery__"),
        blank={"answer": "", "reason": ""},
    ),
    Holding(
        "promises",
        _("reasons of promises"),
        Promise,
        on_reports(),
        blank={"reason": "", "made_by": ""},
        shown=("report_id", "kind", "state", "due_at", "kept_at", "reason"),
    ),
    Holding(
        "promise_steps",
        _("reasons of what happened to promises"),
        PromiseStep,
        on_reports("promise__report"),
        blank={"reason": "", "by_name": ""},
    ),
    Holding("recurrences", _("what was the same in a report"), Recurrence, on_reports(), blank={"reasons": []}),
    Holding(
        "members",
        _("who put a report into a problem, and why"),
        Membership,
        on_reports(),
        blank={"joined_by": "", "left_by": "", "left_reason": ""},
    ),
    Holding(
        "timelines",
        _("words in timelines of analyses"),
        TimelineRow,
        on_reports(),
        blank={"words": "", "facts": {}, "evidence": ""},
    ),
    Holding(
        "ledger",
        _("words in the history; that it happened stays"),
        LedgerEntry,
        _entries,
        blank={"reason": ""},
        change=_without_words,
        still=Q(data__erased__isnull=True),
        shown=("id", "report_id", "kind", "at", "actor_kind", "actor_name", "data", "reason"),
    ),
    Holding(
        "reports",
        _("reports: title and machine; the number and the times stay"),
        Report,
        lambda scope: Q(pk__in=scope.reports),
        blank={"title": ERASED, "environment": {}, "priority_reason": ""},
        beside=_forget_reports,
        shown=("pk", "title", "state", "severity", "channel", "environment", "received_at", "solved_at", "closed_at"),
    ),
)
