"""Imports and exports under way or done, and which foreign thing became which of ours."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.people.models import Agent, Contact
from makegood.life.reports.models import Report


class ImportedRow(models.Model):
    """One thing of another system that is here already: a second import of it changes nothing."""

    source = models.CharField(max_length=60, help_text="The other system, as named by whoever imported.")
    what = models.CharField(max_length=10, help_text="report or person.")
    foreign_id = models.CharField(max_length=120)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="imported_as")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="imported_as")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "what", "foreign_id"], name="imported_once")]


class ImportRun(models.Model):
    """One file from another system on its way in: first looked at, then taken over."""

    LOOKING, LOOKED, RUNNING, DONE, STOPPED, FAILED = "looking", "looked", "running", "done", "stopped", "failed"
    STATES = [
        (LOOKING, _("being looked at")),
        (LOOKED, _("looked at, not started")),
        (RUNNING, _("running")),
        (DONE, _("done")),
        (STOPPED, _("stopped")),
        (FAILED, _("given up")),
    ]
    WORKED_ON = (LOOKING, RUNNING)

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    file_format = models.CharField(max_length=10)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    storage_key = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    news_by = models.DateTimeField(null=True, blank=True, help_text="When open reports are owed news; empty: policy.")
    state = models.CharField(max_length=8, choices=STATES, default=LOOKING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="Rows read, whatever came of them.")
    made = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="Rows that had been imported before.")
    bad = models.PositiveIntegerField(default=0)
    looked = models.JSONField(default=dict, help_text="What the dry run found.")
    problems = models.JSONField(default=list, help_text='[{"where": "row 7", "what": "…"}], the first few hundred.')
    error = models.CharField(max_length=500, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], name="import_at_work", condition=Q(state__in=["looking", "running"]))
        ]


class ExportRun(models.Model):
    """Everything of ours, written by a job and kept for a day."""

    RUNNING, DONE, FAILED, GONE = "running", "done", "failed", "gone"
    STATES = [
        (RUNNING, _("being written")),
        (DONE, _("ready")),
        (FAILED, _("given up")),
        (GONE, _("no longer kept")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    file_format = models.CharField(max_length=5)
    since = models.DateTimeField(null=True, blank=True)
    with_files = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=STATES, default=RUNNING)
    rows = models.PositiveIntegerField(default=0, help_text="Written so far.")
    storage_key = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="export_at_work", condition=Q(state="running"))]
