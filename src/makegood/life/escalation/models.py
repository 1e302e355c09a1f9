"""Escalations, with the error document as it was handed over, and the pages sent for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.life.people.models import Agent, Team
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Component, Message, OutgoingMail, Report


class Escalation(models.Model):
    """One hand-over of a report to a technical team. At most one of a report is open."""

    WAITING, ACCEPTED, ASKED_BACK, ANSWERED = "waiting", "accepted", "asked_back", "answered"
    HANDED_BACK, SOLVED, CALLED_OFF = "handed_back", "solved", "called_off"
    STATES = [
        (WAITING, _("waiting to be accepted")),
        (ACCEPTED, _("accepted")),
        (ASKED_BACK, _("question to the desk")),
        (ANSWERED, _("answered")),
        (HANDED_BACK, _("handed back")),
        (SOLVED, _("solved")),
        (CALLED_OFF, _("called off")),
    ]
    OPEN = (WAITING, ACCEPTED, ASKED_BACK, ANSWERED)

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="escalations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="escalations")
    component = models.ForeignKey(Component, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    severity = models.CharField(max_length=10, choices=Report.SEVERITIES)
    cycle = models.PositiveSmallIntegerField(default=0, help_text="How often the report had been reopened.")
    state = models.CharField(max_length=12, choices=STATES, default=WAITING)
    reason = models.TextField(blank=True, help_text=_("What the desk says to the technical team."))
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    document = models.JSONField(default=dict, help_text="The error document as it was handed over.")
    document_sha256 = models.CharField(max_length=64, blank=True)
    completeness = models.PositiveSmallIntegerField(default=0)

    accepted_by = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="accepted_escalations"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    asked_back_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="The first technical answer.")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "state", "at"], name="escalation_queue", condition=Q(ended_at=None)),
            models.Index(fields=["-ended_at", "-id"], name="escalation_ended", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["report", "-id"], name="escalation_report"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(ended_at=None), name="one_open_escalation")
        ]

    def __str__(self) -> str:
        return f"MG-{self.report_id} to {self.team}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class TechnicalNote(models.Model):
    """A question of the technical team to the desk, the desk's answer, or the team's technical answer, in order."""

    QUESTION, ANSWER_BACK, ANSWER = "question", "answer_back", "answer"
    KINDS = [
        (QUESTION, _("question to the desk")),
        (ANSWER_BACK, _("answer of the desk")),
        (ANSWER, _("technical answer")),
    ]

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=KINDS)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", help_text="The internal note.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Page(models.Model):
    """One call to one person or team by one channel, for one rung of one promise; its key makes a second impossible."""

    QUEUED, SENT, FAILED = "queued", "sent", "failed"
    STATES = [(state, state) for state in (QUEUED, SENT, FAILED)]

    key = models.CharField(max_length=120, unique=True)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="pages")
    about = models.CharField(max_length=40, blank=True, help_text="What it is about if it is no report: problem:12.")
    escalation = models.ForeignKey(Escalation, null=True, blank=True, on_delete=models.CASCADE, related_name="pages")
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.CASCADE, related_name="pages")
    whom = models.CharField(max_length=12, help_text="duty, backup, team, lead, manager or executive.")
    wanted = models.CharField(max_length=12, blank=True, help_text="Whom the ladder named, if nobody was there.")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="pages")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="pages")
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=500)
    text = models.TextField()
    mail = models.ForeignKey(OutgoingMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="pages")
    state = models.CharField(max_length=10, choices=STATES, default=QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True, help_text="Why it failed, or waits.")
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["report", "-id"], name="page_report")]
