"""What was found and done, whether the reporter agrees, how we followed up, and how we served them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.life.people.models import Agent, Contact
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Message, Report


class Resolution(models.Model):
    """One time we said "solved". The newest that is not withdrawn counts; a reopened report gets a new one."""

    YES, NO, NOT_YET = "yes", "no", "not_yet"
    ANSWERS = [(YES, _("it works for me")), (NO, _("not solved")), (NOT_YET, _("not checked yet"))]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="resolutions")
    cycle = models.PositiveSmallIntegerField(default=0)
    cause = models.TextField(blank=True)
    solution = models.TextField()
    reporter_words = models.TextField(help_text=_("What we told the reporter."))
    to_do = models.TextField(blank=True, help_text=_("What the reporter needs to do."))
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=16, help_text="The state before, for undo.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    answer = models.CharField(max_length=8, choices=ANSWERS, blank=True)
    answer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    remind_at = models.DateTimeField(null=True, blank=True, help_text="The next step of silence: remind, or close.")

    class Meta:
        indexes = [
            models.Index(fields=["report", "-id"], name="resolution_report"),
            models.Index(fields=["remind_at"], name="resolution_silent", condition=Q(remind_at__isnull=False)),
        ]


class FollowUp(models.Model):
    """We asked again how it is going, by mail or call, and what came of it."""

    WAYS = [("call", _("call")), ("mail", _("mail"))]
    WORKS, NOT_SOLVED, NOT_YET, NO_ANSWER = "works", "not_solved", "not_yet", "no_answer"
    OUTCOMES = [
        (WORKS, _("it works for them")),
        (NOT_SOLVED, _("it is not solved")),
        (NOT_YET, _("they have not checked yet")),
        (NO_ANSWER, _("asked; no answer so far")),
    ]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="follow_ups")
    resolution = models.ForeignKey(
        Resolution, null=True, blank=True, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    way = models.CharField(max_length=6, choices=WAYS)
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    notes = models.TextField(blank=True)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Csat(models.Model):
    """How the reporter felt served: one question, asked once a report."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="csat")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    score = models.PositiveSmallIntegerField(help_text=_("1 very bad to 5 very good."))
    words = models.TextField(blank=True)
    at = models.DateTimeField()
