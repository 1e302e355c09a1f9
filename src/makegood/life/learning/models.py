"""Reports that look like a problem that was fixed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report


class Recurrence(models.Model):
    """One report held against one fixed problem, in its watching window; a person decides what is open."""

    SIGNATURE, LIKENESS, MEMBER = "signature", "likeness", "member"
    SIGNS = [
        (SIGNATURE, _("the same words of a machine")),
        (LIKENESS, _("much alike")),
        (MEMBER, _("joined the problem")),
    ]
    CAME_BACK, SUSPECTED, OLDER, CONFIRMED, DISMISSED = "came_back", "suspected", "older", "confirmed", "dismissed"
    STATES = [
        (CAME_BACK, _("it came back")),
        (SUSPECTED, _("it may have come back")),
        (OLDER, _("from a release without the fix")),
        (CONFIRMED, _("it came back, as a colleague decided")),
        (DISMISSED, _("something else, as a colleague decided")),
    ]

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="recurrences")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="recurrences")
    sign = models.CharField(max_length=10, choices=SIGNS)
    reasons = models.JSONField(default=list, help_text="What is the same, in words.")
    score = models.FloatField(default=0)
    release = models.CharField(max_length=100, blank=True, help_text="What the report comes from, as far as known.")
    has_fix = models.BooleanField(null=True, help_text="Whether that contains the fix; None: unknown.")
    state = models.CharField(max_length=10, choices=STATES)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "report"], name="one_recurrence")]
        indexes = [
            models.Index(fields=["problem", "-id"], name="recurrence_open", condition=Q(state="suspected")),
        ]
