"""What arrived, verbatim; what is still being written; who asked for their list."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from makegood.lib.keys import public_key
from makegood.life.people.models import Contact
from makegood.life.reports.models import Report


class Incoming(models.Model):
    """One thing that knocked, exactly as it came. Without ``report`` it could not be filed yet; ``error`` says why."""

    channel = models.CharField(max_length=10)
    idempotency_key = models.CharField(max_length=80, unique=True)
    raw = models.JSONField(default=dict)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="incoming")
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="incoming_unfiled", condition=Q(report=None))]


class FormDraft(models.Model):
    """A form being filled in. Found by a secret in a cookie; filed once, under its own ``idempotency_key``."""

    token_hash = models.CharField(max_length=64, unique=True)
    idempotency_key = models.CharField(max_length=40, unique=True)
    data = models.JSONField(default=dict)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class DraftFile(models.Model):
    """A file added to a draft; becomes an attachment when the draft is filed."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    draft = models.ForeignKey(FormDraft, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=80, db_index=True)
    thumbnail_key = models.CharField(max_length=80, blank=True, db_index=True)
    is_picture = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class ReporterLogin(models.Model):
    """A link to the list of one's own reports: used once, by POST, then good for a few hours in that browser."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="logins")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
