"""Mail that arrived: raw bytes kept first, what came of it written down afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.reports.models import Mailbox, Message, OutgoingMail, Report


class IncomingMail(models.Model):
    """One raw mail. Its bytes lie in ``engine.files`` under ``storage_key`` as they came, whatever became of it.

    Empty ``outcome``: kept, not filed yet; ``try_after`` says when it is tried next.
    """

    NEW_REPORT, APPEND, IGNORE_AUTO, BOUNCE, QUARANTINED, DUPLICATE, PARKED = (
        "new_report",
        "append",
        "ignore_auto",
        "bounce_recorded",
        "quarantined",
        "duplicate",
        "parked",
    )
    # What a person decides about.
    FOR_A_PERSON = (QUARANTINED, PARKED)
    OUTCOMES = [
        (NEW_REPORT, _("new report")),
        (APPEND, _("added to a report")),
        (IGNORE_AUTO, _("automatic mail, kept without an answer")),
        (BOUNCE, _("a mail of ours came back")),
        (QUARANTINED, _("held for a person to look at")),
        (DUPLICATE, _("had come before")),
        (PARKED, _("could not be read")),
    ]
    SOURCES = [("imap", "IMAP"), ("smtp", "SMTP"), ("pipe", _("pipe")), ("file", _("file"))]
    DECISIONS = [("released", _("released")), ("attached", _("added to a report")), ("discarded", _("discarded"))]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    mailbox = models.ForeignKey(
        Mailbox, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    source = models.CharField(max_length=6, choices=SOURCES)
    storage_key = models.CharField(max_length=80, db_index=True)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    envelope_from = models.CharField(max_length=320, null=True, blank=True, help_text="Empty is the null sender.")
    envelope_to = models.JSONField(default=list, blank=True)
    received_at = models.DateTimeField()

    filed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(help_text="When it is filed, or tried again.")
    outcome = models.CharField(max_length=16, blank=True, choices=OUTCOMES)
    reason = models.CharField(max_length=300, blank=True, help_text="Why this outcome: a word of judging's table.")
    error = models.TextField(blank=True)

    content_hash = models.CharField(max_length=64, blank=True, help_text="Of sender, subject, words and files.")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="As the mail says.")
    rfc_id = models.CharField(max_length=998, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    is_verified = models.BooleanField(default=False, help_text="Our own server saw that the From domain stands for it.")

    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="incoming_mails")
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    returned = models.ForeignKey(
        OutgoingMail,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="Which mail of ours came back with it.",
    )
    decision = models.CharField(max_length=10, blank=True, choices=DECISIONS)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="incoming_mail_unfiled", condition=Q(outcome="")),
            models.Index(
                fields=["-id"],
                name="incoming_mail_held",
                condition=Q(outcome="quarantined", decided_at=None),
            ),
            models.Index(
                fields=["-id"],
                name="incoming_mail_parked",
                condition=Q(outcome="parked", decided_at=None),
            ),
            models.Index(fields=["-received_at", "-id"], name="incoming_mail_newest"),
            models.Index(
                fields=["-decided_at", "-id"], name="incoming_mail_decided", condition=Q(decided_at__isnull=False)
            ),
            models.Index(fields=["received_at", "id"], name="incoming_mail_raw", condition=~Q(storage_key="")),
            models.Index(fields=["rfc_id"], name="incoming_mail_rfc_id", condition=~Q(rfc_id="")),
            models.Index(fields=["message"], name="incoming_mail_message", condition=Q(message__isnull=False)),
            models.Index(fields=["returned"], name="incoming_mail_returned", condition=Q(returned__isnull=False)),
            models.Index(fields=["content_hash"], name="incoming_mail_content", condition=~Q(content_hash="")),
        ]
        constraints = [
            # Two workers at once must not file the same words twice.
            models.UniqueConstraint(
                fields=["content_hash", "sent_at"],
                name="incoming_mail_filed_once",
                condition=Q(outcome__in=["new_report", "append", "quarantined"]) & ~Q(content_hash=""),
            )
        ]

    def __str__(self) -> str:
        return self.key
