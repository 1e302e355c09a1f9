"""Tallies of days, how far they are kept, and the regular review."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.people.models import Agent
from makegood.life.rca.models import Action


class Tally(models.Model):
    """How often one thing happened on one day of the desk's zone: in all (``group`` empty) or within one group.

    ``parts``: name → value → how often, such as ``{"hour": {"9": 4}}``; ``people`` is a list of contacts instead.
    """

    day = models.DateField()
    measure = models.CharField(max_length=16)
    group = models.CharField(max_length=12, blank=True, help_text="category, component, severity, channel or team.")
    key = models.CharField(max_length=20, blank=True, help_text="Which of the group: its number or word; 0 is none.")
    count = models.PositiveIntegerField()
    parts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "group", "day", "key"], name="one_tally")]
        indexes = [models.Index(fields=["day"], name="tally_day")]


class Roll(models.Model):
    """One row: up to which ledger entry the tallies are right, and which days wait to be counted anew."""

    mark = models.BigIntegerField(default=0)
    zone = models.CharField(max_length=64)
    waiting = models.JSONField(default=list, help_text="Days, newest first.")
    today = models.DateField(null=True, blank=True, help_text="The newest day that has been counted.")
    rolled_at = models.DateTimeField(null=True, blank=True)


class Review(models.Model):
    """The regular look back on one week or month (L6). Once signed, ``figures`` is what it says, for ever."""

    WEEK, MONTH = "week", "month"
    KINDS = [(WEEK, _("weekly review")), (MONTH, _("monthly review"))]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    kind = models.CharField(max_length=6, choices=KINDS)
    first = models.DateField()
    last = models.DateField()
    opened_at = models.DateTimeField()
    notes = models.TextField(blank=True)
    reasons = models.JSONField(default=dict, blank=True, help_text="Why promises were broken: kind → words.")
    version = models.PositiveIntegerField(default=1)
    figures = models.JSONField(null=True, blank=True, help_text="As they were when it was signed.")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    signed_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "first"], name="one_review"),
            # A signed review holds its figures, whoever writes the row.
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(figures__isnull=False), name="a_signed_review_keeps_its_figures"
            ),
        ]
        indexes = [models.Index(fields=["-first", "-id"], name="review_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}"

    @property
    def about(self) -> str:
        """How the ledger and promises point at it."""
        return f"review:{self.pk}"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


class Improvement(models.Model):
    """One thing to do better next, decided in a review, with an owner and a day; a promise to ourselves."""

    OPEN, DONE, DROPPED, ACTION = "open", "done", "dropped", "action"
    STATES = [(OPEN, _("open")), (DONE, _("done")), (DROPPED, _("dropped")), (ACTION, _("an action now"))]

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="improvements")
    words = models.CharField(max_length=300)
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    owner_name = models.CharField(max_length=200)
    action = models.OneToOneField(
        Action,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What it became, if it is about a problem; then that action is what is owed.",
    )
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=STATES, default=OPEN)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["due_on"], name="improvement_open", condition=Q(state="open"))]

    @property
    def about(self) -> str:
        return f"improvement:{self.pk}"


class WeeklyMail(models.Model):
    """Somebody asked for the week in figures by mail."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
