"""Who follows what, and what somebody was told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry, Report


class Watch(models.Model):
    """An agent follows a report or a problem."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="watches")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="watches")
    problem = models.ForeignKey(Problem, null=True, blank=True, on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "report"], condition=Q(report__isnull=False), name="one_watch_of_a_report"
            ),
            models.UniqueConstraint(
                fields=["agent", "problem"], condition=Q(problem__isnull=False), name="one_watch_of_a_problem"
            ),
            models.CheckConstraint(condition=Q(report=None) ^ Q(problem=None), name="watch_of_one_thing"),
        ]


class Notice(models.Model):
    """Something one person is told, once for each cause; unread until they open it."""

    MENTION, HANDED, WATCHED, CAME_BACK, DOUBTED = "mention", "handed", "watched", "came_back", "doubted"
    ACTION = "action"
    UNHAPPY = "unhappy"
    WHY = [
        (MENTION, _("you were mentioned")),
        (HANDED, _("it was handed to you")),
        (WATCHED, _("you watch it")),
        (CAME_BACK, _("it came back, and it is yours")),
        (DOUBTED, _("it may have come back, and it is yours")),
        (ACTION, _("an action of it is up to you")),
        (UNHAPPY, _("somebody is unhappy with us, and you call them")),
    ]

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notices")
    why = models.CharField(max_length=10, choices=WHY)
    called = models.CharField(max_length=80, blank=True, help_text="By which handle, if by a team's or a skill's.")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    problem = models.ForeignKey(Problem, null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "entry"], name="noticed_once")]
        indexes = [
            models.Index(fields=["agent", "-id"], name="notice_of"),
            models.Index(fields=["agent"], name="notice_unread", condition=Q(read_at=None)),
        ]
