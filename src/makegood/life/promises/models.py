"""Promises as rows, and what they are made on: calendars and policies, which are never edited but superseded."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.life.people.models import Agent, Team
from makegood.life.promises import clocks
from makegood.life.promises.kinds import KINDS
from makegood.life.reports import states
from makegood.life.reports.models import Message, Report

KIND_CHOICES = [(kind, kind) for kind in KINDS]
SEVERITY_CHOICES = [(severity, severity) for severity in states.SEVERITIES]


class Calendar(models.Model):
    """The hours of a desk or team, by name. What the hours are stands in its newest version."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True, help_text=_("For public holidays, such as DE."))
    subdivision = models.CharField(max_length=6, blank=True, help_text=_("Such as BY for Bavaria."))
    teams = models.ManyToManyField(Team, blank=True, related_name="calendars")

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """Opening hours as they were from a moment on. Promises point at the version they were counted in."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="versions")
    time_zone = models.CharField(max_length=64)
    blocks = models.JSONField(default=dict, help_text=_('Weekday to blocks: {"0": [["08:00", "12:00"]]}.'))
    holidays = models.JSONField(default=dict, help_text=_('Day to name: {"2026-12-25": "Christmas Day"}.'))
    valid_from = models.DateTimeField()
    by_name = models.CharField(max_length=200)


class Policy(models.Model):
    """How soon one kind of promise is due at one severity, and who is told when it is broken. Append-only."""

    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    severity = models.CharField(max_length=10, choices=SEVERITY_CHOICES)
    target_minutes = models.PositiveIntegerField()
    is_business = models.BooleanField(help_text=_("Counts open hours only; else by the wall clock."))
    calendar = models.ForeignKey(
        Calendar, null=True, blank=True, on_delete=models.PROTECT, help_text=_("Empty: the team's, else the default.")
    )
    at_risk_percent = models.PositiveSmallIntegerField(default=80)
    rungs = models.JSONField(default=list, help_text=_('The ladder: [{"after_minutes": 0, "whom": "backup"}].'))
    valid_from = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)

    @property
    def target(self) -> timedelta:
        return timedelta(minutes=self.target_minutes)


class BookStamp(models.Model):
    """One row whose value changes with every edit of policies or calendars: how a process knows its copy is old."""

    value = models.CharField(max_length=16)


class Promise(models.Model):
    """Something owed: what, to whom, by whom, by when, and what became of it."""

    OPEN, PAUSED, KEPT, WITHDRAWN = "open", "paused", "kept", "withdrawn"
    STATES = [(state, state) for state in (OPEN, PAUSED, KEPT, WITHDRAWN)]
    PENDING = (OPEN, PAUSED)

    # Keys are not indexed one by one: a promise is found by its report or its moments, and written on every report.
    report = models.ForeignKey(
        Report, db_index=False, null=True, blank=True, on_delete=models.CASCADE, related_name="promises"
    )
    about = models.CharField(
        max_length=40, blank=True, help_text="What it is about if not a report, such as problem:12."
    )
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    owed_to = models.CharField(max_length=10, help_text="reporter, team or ourselves.")
    severity = models.CharField(max_length=10, choices=SEVERITY_CHOICES)
    team = models.ForeignKey(Team, db_index=False, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agent = models.ForeignKey(Agent, db_index=False, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    message = models.ForeignKey(
        Message, db_index=False, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kept_by_message = models.ForeignKey(
        Message, db_index=False, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)
    made_by = models.CharField(max_length=200)

    policy = models.ForeignKey(Policy, db_index=False, on_delete=models.PROTECT, related_name="+")
    hours = models.ForeignKey(
        CalendarVersion,
        db_index=False,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="None: wall clock.",
    )
    made_at = models.DateTimeField()
    counted_from = models.DateTimeField(help_text="made_at, or when it was last timed anew.")
    timing = models.PositiveSmallIntegerField(default=1, help_text="How often it has been timed.")
    cycle = models.PositiveSmallIntegerField(default=0, help_text="How often the report had been reopened.")
    named_at = models.DateTimeField(null=True, blank=True, help_text="The time named to somebody, if one was.")

    state = models.CharField(max_length=10, choices=STATES, default=OPEN)
    due_at = models.DateTimeField()
    at_risk_at = models.DateTimeField()
    next_step_at = models.DateTimeField(null=True, blank=True, help_text="When the sweep must look at it again.")
    broken_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_step_at"], name="promise_next_step", condition=Q(state="open")),
            models.Index(fields=["report", "id"], name="promise_report"),
            models.Index(fields=["due_at"], name="promise_due"),
            models.Index(fields=["due_at"], name="promise_open_due", condition=Q(state="open")),
            models.Index(fields=["kind", "due_at"], name="promise_open_kind", condition=Q(state="open")),
            models.Index(fields=["due_at"], name="promise_paused_due", condition=Q(state="paused")),
            models.Index(fields=["about", "id"], name="promise_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_pending(self) -> bool:
        return self.state in self.PENDING

    def ring(self, now: datetime) -> str:
        """The word for its ring: running, at_risk, broken, paused, kept, or withdrawn."""
        if self.state == self.OPEN:
            return ring_of(self.due_at, self.at_risk_at, now)
        return self.state

    def share_used(self, now: datetime) -> float:
        """How much of the time has passed, 0 to 1, by the wall: for drawing, not for judging."""
        whole = (self.due_at - self.counted_from).total_seconds()
        return min(1.0, max(0.0, (now - self.counted_from).total_seconds() / whole)) if whole > 0 else 1.0


def ring_of(due_at: datetime, at_risk_at: datetime, now: datetime) -> str:
    """running, at_risk or broken: the state of an open promise."""
    if due_at <= now:
        return clocks.BROKEN
    return clocks.AT_RISK if at_risk_at <= now else clocks.RUNNING


class PromiseStep(models.Model):
    """One thing that happened to a promise between its making and its end; unique, so that it happens exactly once."""

    PAUSED, RESUMED, MOVED, AT_RISK, BROKEN, RUNG = "paused", "resumed", "moved", "at_risk", "broken", "rung"
    # The reporter was told another time: this promise ended, and another one stands for it.
    PUT_OFF = "put_off"

    promise = models.ForeignKey(Promise, db_index=False, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10)
    timing = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(default=0, help_text="The rung, or the how manieth pause.")
    moment = models.DateTimeField(help_text="When it was to happen.")
    at = models.DateTimeField(help_text="When it was noticed: later than its moment if the worker was away.")
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "kind", "timing", "number"], name="one_step_each"),
        ]
