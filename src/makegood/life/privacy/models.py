"""Erasures and archives under way or done, rules of how long things are kept, and who opened what few may see."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.people.models import Agent, Contact
from makegood.life.reports.models import Report


class Erasure(models.Model):
    """One person made unknown. Afterwards the row is the certificate: counts and moments, nobody's name or words.

    ``person`` is what finds their traces while it runs, sealed; it is emptied at the end.
    """

    QUEUED, RUNNING, SHEDDING, DONE, FAILED = "queued", "running", "shedding", "done", "failed"
    STATES = [
        (QUEUED, _("in line")),
        (RUNNING, _("being erased")),
        (SHEDDING, _("what was written over is let go of")),
        (DONE, _("erased")),
        (FAILED, _("stopped by a fault")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    contact_key = models.CharField(max_length=16, blank=True, help_text="What the person was called here: no name.")
    person = models.TextField(blank=True, help_text="Sealed; empty once it is done.")
    state = models.CharField(max_length=8, choices=STATES, default=QUEUED)
    reason = models.CharField(max_length=300, help_text=_("Why, without names: “letter of 12 November”."))
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expected = models.JSONField(default=dict, help_text="Of each kind, as counted when it was asked for.")
    removed = models.JSONField(default=dict, help_text="Of each kind, as removed so far.")
    place = models.CharField(max_length=40, blank=True, help_text="The kind in hand.")
    turn = models.PositiveIntegerField(default=0, help_text="The slice in line; an older one does nothing.")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(state__in=["queued", "running", "shedding"]) & ~Q(contact=None),
                name="one_erasure_at_a_time",
            )
        ]

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.QUEUED, self.RUNNING, self.SHEDDING)


class Archive(models.Model):
    """Everything we hold of a person, written by a job as one archive and kept for a few days."""

    RUNNING, DONE, FAILED, GONE = "running", "done", "failed", "gone"
    STATES = [
        (RUNNING, _("being written")),
        (DONE, _("ready")),
        (FAILED, _("given up")),
        (GONE, _("no longer kept")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=STATES, default=RUNNING)
    reason = models.CharField(max_length=300)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    storage_key = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)


class Rule(models.Model):
    """How long one kind of thing is kept. Without ``days`` it is kept until somebody erases it."""

    what = models.SlugField(max_length=30, unique=True)
    days = models.PositiveIntegerField(null=True, blank=True)
    changed_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    worked = models.PositiveBigIntegerField(default=0, help_text="How many things it has let go of so far.")


class Opening(models.Model):
    """A person opened a protected report: once for each quarter of an hour they were at it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="openings")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=10, help_text="console or api.")
    slot = models.BigIntegerField(help_text="Unix time divided by a quarter of an hour.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "agent", "slot"], name="one_opening")]
        indexes = [
            models.Index(fields=["report", "-id"], name="opening_report"),
            models.Index(fields=["at"], name="opening_at"),
        ]
