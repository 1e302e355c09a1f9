"""What hangs on the person: the contact, their links, mails from and to their addresses, drafts, remarks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.fields import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from makegood.engine import search
from makegood.engine.models import Bucket
from makegood.life.aftercare.models import Wish
from makegood.life.intake.models import DraftFile, FormDraft, Incoming, ReporterLogin
from makegood.life.people.models import AccountNote, Contact
from makegood.life.post.models import IncomingMail
from makegood.life.privacy.holding import ERASED, Holding, Whose, both, either, of_contact, on_reports, with_address
from makegood.life.privacy.models import Archive
from makegood.life.privacy.scope import Scope
from makegood.life.reports.models import (
    AccessLink,
    KeptForm,
    MailAttempt,
    OutgoingMail,
    Participant,
    ReplyAddress,
    SavedView,
)
from makegood.life.statuspage.models import Asking, Subscriber
from makegood.life.transfer.models import ImportedRow

_NOT_LEFT = ("queued", "sending", "failed", "held")


def _says_an_address(path: str) -> Whose:
    """Rows whose JSON or text names an address of theirs."""

    def whose(scope: Scope) -> Q:
        found = Q(pk__in=[])
        for email in scope.emails:
            found |= Q(**{f"{path}__icontains": email})
        return found

    return whose


def _drafts(path: str = "pk") -> Whose:
    """Forms being filled in, and filed ones that are still kept: those that name an address of theirs."""

    def whose(scope: Scope) -> Q:
        found = Q(report__in=scope.reports)
        if scope.emails:
            named = FormDraft.objects.annotate(text=Cast("data", TextField()))
            wanted = Q()
            for email in scope.emails:
                wanted |= Q(text__icontains=email)
            found |= Q(pk__in=named.filter(wanted).values("pk"))
        return Q(**{f"{path}__in": FormDraft.objects.filter(found).values("pk")})

    return whose


def _calls(scope: Scope) -> Q:
    """Calls being taken that name an address of theirs."""
    named = KeptForm.objects.filter(report__isnull=True).annotate(text=Cast("data", TextField()))
    wanted = Q(pk__in=[])
    for email in scope.emails:
        wanted |= Q(text__icontains=email)
    return Q(pk__in=named.filter(wanted).values("pk"))


def _incoming(scope: Scope) -> Q:
    found = Q(report__in=scope.reports)
    for email in scope.emails:
        found |= Q(raw__email__iexact=email)
    return found


def _unsent(mail: OutgoingMail) -> dict[str, Any]:
    """What has not left must not leave any more."""
    return {"state": "withdrawn"} if mail.state in _NOT_LEFT else {}


def _forget_contacts(rows: list[Contact]) -> None:
    for row in rows:
        search.remove("contact", row.pk)


_MAILS = either(on_reports(), with_address("to_email"))

MAILS_IN = Holding(
    "mails_in",
    _("mails of theirs, as they came"),
    IncomingMail,
    either(on_reports(), with_address("sender"), with_address("envelope_from"), with_address("returned__to_email")),
    blank={
        **dict.fromkeys(("sender", "sender_name", "subject", "rfc_id", "storage_key", "reason", "error"), ""),
        "content_hash": "",
        "envelope_from": None,
        "envelope_to": [],
    },
    files=("storage_key",),
    shown=("key", "sender", "sender_name", "subject", "received_at", "outcome", "storage_key"),
)
ROWS: tuple[Holding, ...] = (
    Holding(
        "contact",
        _("the contact: name, addresses, numbers"),
        Contact,
        of_contact("pk"),
        blank={
            **dict.fromkeys(
                (
                    "name",
                    "phone",
                    "second_email",
                    "preferred_way",
                    "member_number",
                    "mail_problem",
                    "time_zone",
                    "plan",
                ),
                "",
            ),
            "email": None,
            "email_verified_at": None,
            "organisation": None,
        },
        beside=_forget_contacts,
        shown=(
            *("key", "name", "email", "email_verified_at", "phone", "second_email", "preferred_way", "member_number"),
            *("language", "time_zone", "organisation__name", "created_at"),
        ),
    ),
    # Before our mails, whose address they are found by.
    MAILS_IN,
    Holding(
        "mail_tries",
        _("answers of mail servers"),
        MailAttempt,
        either(on_reports("mail__report"), with_address("mail__to_email")),
        blank={"reason": ""},
    ),
    Holding(
        "mails_out",
        _("mails of ours to them"),
        OutgoingMail,
        _MAILS,
        blank={
            **dict.fromkeys(("to_email", "to_name", "html", "reply_to", "references", "in_reply_to"), ""),
            **dict.fromkeys(("last_reason", "bounce_reason", "unsubscribe_url"), ""),
            "subject": ERASED,
            "text": ERASED,
        },
        change=_unsent,
        shown=("to_email", "to_name", "subject", "text", "state", "made_at", "sent_at", "purpose"),
    ),
    Holding(
        "draft_files",
        _("files of forms being filled in"),
        DraftFile,
        _drafts("draft"),
        files=("storage_key", "thumbnail_key"),
    ),
    Holding("drafts", _("forms being filled in"), FormDraft, _drafts(), shown=("data", "made_at")),
    Holding("calls_begun", _("calls being taken"), KeptForm, _calls, shown=("data", "updated_at")),
    Holding(
        "arrived",
        _("what they sent, as it arrived"),
        Incoming,
        _incoming,
        blank={"raw": {}, "error": ""},
        change=lambda row: {"idempotency_key": f"erased:{row.pk}"},
        shown=("channel", "raw", "received_at"),
    ),
    Holding("logins", _("links to the list of their reports"), ReporterLogin, of_contact()),
    Holding("links", _("secret links"), AccessLink, either(of_contact(), on_reports())),
    Holding("reply_addresses", _("secret reply addresses"), ReplyAddress, either(of_contact(), on_reports())),
    Holding(
        "taking_part",
        _("that they take part in reports, and who does in theirs"),
        Participant,
        either(of_contact(), on_reports()),
        shown=("report_id", "state", "why", "proposed_at"),
    ),
    Holding("remarks", _("remarks on them"), AccountNote, of_contact(), shown=("text", "by_name", "at")),
    Holding("wishes", _("what they do not want from us"), Wish, of_contact(), shown=("no_surveys_at", "no_calls_at")),
    Holding(
        "imported", _("what they are called in systems they came from"), ImportedRow, either(of_contact(), on_reports())
    ),
    Holding("views", _("saved views that name them"), SavedView, _says_an_address("query")),
    Holding(
        "subscriptions",
        _("subscriptions to news of the status page"),
        Subscriber,
        with_address("email"),
        shown=("email", "way", "url", "language", "since", "ended_at"),
    ),
    Holding("asked_to_subscribe", _("subscriptions asked for"), Asking, with_address("email")),
    Holding("limits", _("how often they were written to lately"), Bucket, _says_an_address("key")),
    Holding(
        "archives",
        _("archives written for them"),
        Archive,
        both(of_contact(), state=Archive.DONE),
        blank={"storage_key": "", "state": Archive.GONE, "reason": ""},
        files=("storage_key",),
    ),
)
