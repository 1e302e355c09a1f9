"""Who is told what happens here, each telling, and each try of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from makegood.lib.keys import public_key
from makegood.life.reports.models import LedgerEntry


def delivery_key() -> str:
    """The webhook-id: the same through all tries, so that a receiver can drop repeats."""
    return f"msg_{public_key(20)}"


class Endpoint(models.Model):
    """A receiver of webhooks. Its secrets rest sealed; nothing shows them again after they were made."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, help_text='Ledger kinds, or groups such as "report.*". Empty: all.')
    include_words = models.BooleanField(default=False, help_text="Whether what people wrote is told too.")
    secret = models.TextField(help_text="Sealed.")
    old_secret = models.TextField(blank=True, help_text="Sealed; signs beside the new one for a while.")
    old_secret_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=300, blank=True, help_text="Why it was switched off by itself.")
    off_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Tries in a row that failed.")
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True, help_text="Nothing is sent before.")
    taken_at = models.DateTimeField(null=True, blank=True, help_text="When it last took something.")
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One thing told to one endpoint. Its body is written once, so that every try says the same."""

    WAITING, SENT, FAILED = "waiting", "sent", "failed"
    STATES = [(s, s) for s in (WAITING, SENT, FAILED)]

    key = models.CharField(max_length=40, unique=True, default=delivery_key, editable=False)
    endpoint = models.ForeignKey(Endpoint, db_index=False, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(
        LedgerEntry, db_index=False, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=40)
    report_number = models.BigIntegerField(null=True, blank=True)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=STATES, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(default=0)
    last_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "entry"], name="hook_told_once")]
        indexes = [
            models.Index(fields=["endpoint", "next_at", "id"], name="hook_due", condition=Q(state="waiting")),
            models.Index(fields=["endpoint", "-id"], name="hook_log"),
            models.Index(fields=["made_at"], name="hook_made"),
            models.Index(fields=["entry"], name="hook_entry"),
        ]


class Attempt(models.Model):
    """One try of a delivery and what the receiver answered."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0, help_text="0: there was no answer.")
    answer = models.TextField(blank=True, help_text="Its first kilobyte.")
    reason = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
