"""Trackers of other systems, and the issues that stand for problems there. Belongs to ``models``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.problems.models import Problem


class Tracker(models.Model):
    """A project of a tracker. Its token rests sealed and is never shown."""

    KINDS = [("github", "GitHub"), ("gitlab", "GitLab"), ("jira", "Jira")]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    base_url = models.CharField(max_length=500)
    project = models.CharField(max_length=200)
    user = models.CharField(max_length=200, blank=True)
    issue_type = models.CharField(max_length=100, default="Bug", help_text=_("In Jira: what an issue is opened as."))
    token = models.TextField(help_text="Sealed.")
    is_active = models.BooleanField(default=True)
    secret = models.TextField(blank=True, help_text="Sealed; proves that a webhook is the tracker's.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When a webhook last told us something.")
    refused_at = models.DateTimeField(null=True, blank=True, help_text="When a webhook last showed a wrong secret.")
    trouble = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class TrackerIssue(models.Model):
    """An issue that stands for a problem. What begins with ``told_`` is how both sides stood when they were last
    brought into step: what differs from it was changed on that side.
    """

    WAITING, OPENED, FAILED = "waiting", "opened", "failed"
    STATES = [(WAITING, _("is being opened")), (OPENED, _("opened")), (FAILED, _("could not be opened"))]

    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="issues")
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="issues")
    state = models.CharField(max_length=8, choices=STATES, default=WAITING)
    reason = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    mark = models.CharField(max_length=24, unique=True, default=public_key, editable=False)
    title = models.CharField(max_length=200)
    body = models.TextField()
    key = models.CharField(max_length=60, blank=True)
    url = models.CharField(max_length=500, blank=True)
    told_title = models.CharField(max_length=500, blank=True)
    told_closed = models.BooleanField(default=False, help_text="Whether it was closed there when last looked at.")
    told_over = models.BooleanField(default=False, help_text="Whether the problem was over then.")
    told_severity = models.CharField(max_length=10, blank=True, help_text="Which severity its label says.")
    heard = models.JSONField(default=dict, blank=True, help_text="Comment → digest of its words, when last looked at.")
    said = models.JSONField(default=list, blank=True, help_text="Ids of comments that are ours.")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tracker", "problem"], name="one_issue_a_tracker")]


class TrackerWord(models.Model):
    """A comment of ours on its way to an issue, sent because a person said so."""

    issue = models.ForeignKey(TrackerIssue, on_delete=models.CASCADE, related_name="words")
    body = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)
