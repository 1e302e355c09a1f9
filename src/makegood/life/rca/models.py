"""The analysis of a problem with its timeline and causes; actions with the steps they took."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.people.models import Agent, Team
from makegood.life.problems.models import Problem
from makegood.life.promises.models import Promise
from makegood.life.rca import states, terms
from makegood.life.reports.models import LedgerEntry, Report


class Rca(models.Model):
    """What went wrong and why, of one problem; RCA-n where n is the primary key. One unfinished at a time."""

    STATES = [
        (states.DRAFT, _("draft")),
        (states.IN_REVIEW, _("in review")),
        (states.APPROVED, _("approved")),
        (states.PUBLISHED, _("published")),
    ]

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="analyses")
    state = models.CharField(max_length=10, choices=STATES, default=states.DRAFT)
    is_required = models.BooleanField(default=False, help_text="Its severity asks for it; else somebody began it.")
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="analyses")
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    overview = models.TextField(blank=True)
    trigger_kind = models.CharField(max_length=16, choices=terms.TRIGGERS, blank=True)
    trigger = models.TextField(blank=True)
    cause_kind = models.CharField(max_length=16, choices=terms.CAUSE_KINDS, blank=True)
    root_cause = models.TextField(blank=True)
    factors = models.TextField(blank=True)
    began_at = models.DateTimeField(null=True, blank=True, help_text="When it began to hurt somebody.")
    detected_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it hurt nobody any more.")
    detected_by = models.CharField(max_length=16, choices=terms.DETECTIONS, blank=True)
    detection = models.TextField(blank=True)
    monitoring_gap = models.TextField(blank=True, help_text="Why our monitoring did not see it before the customer.")
    mended_for_now = models.TextField(blank=True)
    mended_for_good = models.TextField(blank=True)
    data_lost = models.TextField(blank=True)
    went_well = models.TextField(blank=True)
    went_badly = models.TextField(blank=True)
    luck = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    internal_text = models.TextField(blank=True)
    public_texts = models.JSONField(default=dict, blank=True, help_text="The outward part, per language.")
    impact = models.JSONField(default=dict, blank=True, help_text="The numbers as they were when it was submitted.")

    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=200)
    updated_at = models.DateTimeField()
    drafted_at = models.DateTimeField(null=True, blank=True, help_text="When the timeline was last drafted.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=200, blank=True)
    reviewer = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.CharField(max_length=200, blank=True, help_text="Who answers for weak actions only.")
    waiver = models.TextField(blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["problem"], condition=~Q(state="published"), name="one_unfinished_analysis"
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(reviewer=None) | ~Q(reviewer=F("owner")), name="analysis_of_two"
            ),
        ]
        indexes = [models.Index(fields=["problem", "-id"], name="analysis_of_problem")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"RCA-{self.pk}"

    @property
    def about(self) -> str:
        """How its promise points at it."""
        return f"rca:{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == states.DRAFT


class RcaDraft(models.Model):
    """What somebody is typing and has not saved yet: kept for them, and shown to others as theirs."""

    rca = models.ForeignKey(Rca, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField(default=dict)
    version = models.PositiveIntegerField(help_text="The version they began from.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rca", "agent"], name="one_analysis_draft")]


class TimelineRow(models.Model):
    """One line of what happened. Drafted: ``source`` names the entries it stands for, ``kind`` and ``facts`` say what.
    By hand: ``source`` is empty, ``words`` say it all. Words typed over a drafted line are kept.
    """

    rca = models.ForeignKey(Rca, on_delete=models.CASCADE, related_name="rows")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="Several of a kind: when the last one was.")
    source = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    count = models.PositiveIntegerField(default=1)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(LedgerEntry, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(blank=True)
    evidence = models.CharField(max_length=500, blank=True, help_text="A link that shows it.")
    is_hidden = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=200, blank=True, help_text="Who touched it; such a row is never lost.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rca", "source"], condition=~Q(source=""), name="one_row_of_a_source")
        ]
        indexes = [models.Index(fields=["rca", "at", "id"], name="analysis_timeline")]

    @property
    def is_by_hand(self) -> bool:
        return not self.source


class Cause(models.Model):
    """One box of the drawing: a fact, a condition, a decision or a control that is missing."""

    rca = models.ForeignKey(Rca, on_delete=models.CASCADE, related_name="causes")
    words = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=terms.NODE_KINDS, default=terms.FACT)
    road = models.CharField(max_length=12, choices=terms.ROADS, default=terms.OCCURRENCE)
    confidence = models.CharField(max_length=8, choices=terms.CONFIDENCES, default="likely")
    evidence = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class CauseLink(models.Model):
    """``cause`` contributed to ``effect``."""

    rca = models.ForeignKey(Rca, on_delete=models.CASCADE, related_name="links")
    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="contributed_to")
    effect = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="came_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "effect"], name="one_link_each"),
            models.CheckConstraint(condition=~Q(cause=F("effect")), name="no_cause_of_itself"),
        ]


class Action(models.Model):
    """What we do about it; ACT-n where n is the primary key. Doing it by a day, and checking it later, are promises."""

    STATES = [
        (states.PROPOSED, _("proposed")),
        (states.ACCEPTED, _("accepted")),
        (states.IN_PROGRESS, _("in progress")),
        (states.IMPLEMENTED, _("implemented")),
        (states.VERIFYING, _("being checked")),
        (states.EFFECTIVE, _("effective")),
        (states.INEFFECTIVE, _("ineffective")),
        (states.DECLINED, _("declined")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="actions")
    rca = models.ForeignKey(Rca, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions")
    title = models.CharField(max_length=200)
    details = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=terms.ACTION_KINDS, default=terms.PREVENT)
    strength = models.CharField(max_length=8, choices=terms.STRENGTHS, default=terms.MEDIUM)
    state = models.CharField(max_length=12, choices=STATES, default=states.PROPOSED)
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions")
    verifier = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="to_verify")
    verified_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    measure = models.TextField(blank=True, help_text="How we shall see that it worked; said before it is done.")
    verify_after_days = models.PositiveSmallIntegerField(default=30)
    wanted_by = models.DateTimeField(null=True, blank=True, help_text="The day named before it was accepted.")
    promise = models.ForeignKey(
        Promise, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="What is owed now."
    )
    outcome = models.TextField(blank=True, help_text="What the check showed, why it was declined, or why it failed.")
    version = models.PositiveIntegerField(default=1)

    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=200)
    updated_at = models.DateTimeField()
    implemented_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Effective, ineffective or declined since.")
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None) | Q(verifier=None) | ~Q(verifier=F("owner")), name="verifier_is_another"
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(verified_by=None) | ~Q(verified_by=F("owner")), name="verified_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["problem", "id"], name="action_of_problem"),
            models.Index(fields=["owner", "state"], name="action_of_owner"),
            models.Index(fields=["state", "-id"], name="action_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ACT-{self.pk}"

    @property
    def about(self) -> str:
        """How its promises point at it."""
        return f"action:{self.pk}"

    @property
    def checks_from(self) -> datetime | None:
        """From when on it can be said whether it worked."""
        return self.implemented_at + timedelta(days=self.verify_after_days) if self.implemented_at else None


class ActionStep(models.Model):
    """An action came to a state: what the page tells of it, and what the burn-down is drawn from. Append-only."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=Action.STATES)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    words = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["action", "id"], name="action_steps"),
            models.Index(fields=["at"], name="steps_at"),
        ]
