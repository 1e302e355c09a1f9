"""Problems, who belongs to them, and what colleagues note on them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent, Team
from makegood.life.problems import states
from makegood.life.reports import states as report_states
from makegood.life.reports.models import Category, Component, Report


class Problem(models.Model):
    """The fault behind reports; PRB-n where n is the primary key. Words for us and words for the public are apart."""

    STATES = [
        (states.OPEN, _("open")),
        (states.INVESTIGATING, _("investigating")),
        (states.CAUSE_KNOWN, _("cause known")),
        (states.FIXING, _("fix under way")),
        (states.RELEASED, _("released")),
        (states.WATCHING, _("watching")),
        (states.RESOLVED, _("resolved")),
        (states.CAME_BACK, _("came back")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=STATES, default=states.OPEN)
    severity = models.CharField(max_length=10, choices=Report.SEVERITIES, default=report_states.MEDIUM)
    priority = models.PositiveSmallIntegerField(default=3, help_text="1 now to 4 when it fits.")
    priority_why = models.JSONField(default=dict, blank=True, help_text="value, impact and reasons as computed.")
    priority_by = models.CharField(max_length=200, blank=True, help_text="Who overruled it, if somebody did.")
    priority_reason = models.TextField(blank=True)
    symptom = models.TextField(blank=True, help_text=_("What people see, in plain words."))
    signatures = models.JSONField(
        default=list, blank=True, help_text=_("Error messages, codes or frames that give it away, one each.")
    )
    cause = models.TextField(blank=True, help_text=_("Why it happens; for us."))
    workaround = models.TextField(blank=True, help_text=_("How to get on meanwhile; for us."))
    fix = models.TextField(blank=True, help_text=_("What was, or is to be, changed; for us."))
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="problems")
    components = models.ManyToManyField(Component, blank=True, related_name="problems")
    affected_versions = models.JSONField(default=list, blank=True, help_text=_("Releases that have the fault."))
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="problems")
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="problems")
    is_protected = models.BooleanField(default=False, help_text="Only its team, its owner and leads may see it.")

    is_public = models.BooleanField(default=False, help_text="Offered to reporters, with the public words only.")
    public_titles = models.JSONField(default=dict, blank=True, help_text=_("Per language."))
    public_texts = models.JSONField(default=dict, blank=True, help_text=_("Per language."))
    public_workarounds = models.JSONField(default=dict, blank=True, help_text=_("Safe steps only; per language."))
    published_at = models.DateTimeField(null=True, blank=True)
    # The time of the running promise of public news; kept in step by ``news``, so that a form can show it at once.
    next_news_at = models.DateTimeField(null=True, blank=True)
    last_news_at = models.DateTimeField(null=True, blank=True, help_text="When the public last heard of it.")

    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    updated_at = models.DateTimeField()
    cause_known_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    fixed_in = models.CharField(max_length=100, blank=True, help_text=_("The first release that contains the fix."))
    watching_until = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    came_back_at = models.DateTimeField(null=True, blank=True)
    came_back_count = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="Opened by a slip and taken back: nobody sees it any more."
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="absorbed")
    version = models.PositiveIntegerField(default=1)

    # Counted anew by ``membership`` in the transaction of every join and leave.
    reports_count = models.PositiveIntegerField(default=0)
    people_count = models.PositiveIntegerField(default=0)
    organisations_count = models.PositiveIntegerField(default=0)
    last_joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="problem_unresolved", condition=~Q(state="resolved")),
            models.Index(fields=["-opened_at", "-id"], name="problem_opened"),
            models.Index(fields=["id"], name="problem_public", condition=Q(is_public=True)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"PRB-{self.pk}"

    @property
    def about(self) -> str:
        """How the ledger and promises point at it."""
        return about(self.pk)

    @property
    def is_known_error(self) -> bool:
        """Cause or workaround known, and no fix with the customers yet."""
        return self.state in states.UNFIXED and bool(self.cause.strip() or self.workaround.strip())

    @property
    def is_fixed(self) -> bool:
        return states.is_fixed(self.state)

    def is_watched(self, now: datetime) -> bool:
        """Whether a similar report would mean that it came back."""
        return self.is_fixed and (self.watching_until is None or now <= self.watching_until)


def about(problem_id: int | str) -> str:
    """The value of ``about`` in the ledger and in promises for a problem."""
    return f"problem:{problem_id}"


def key_of(about: str) -> int | None:
    """The primary key in ``problem:12``; None for anything else."""
    kind, _colon, key = about.partition(":")
    return whole_number(key) if kind == "problem" else None


class Membership(models.Model):
    """A report belongs to a problem from ``joined_at`` until ``left_at``; to one at a time. Nothing is merged."""

    AGENT, REPORTER, MACHINE = "agent", "reporter", "machine"
    HOW = [(AGENT, _("by a colleague")), (REPORTER, _("by the reporter")), (MACHINE, _("by a rule"))]

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="memberships")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="memberships")
    how = models.CharField(max_length=10, choices=HOW, default=AGENT)
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=200)
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.CharField(max_length=200, blank=True)
    left_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(left_at=None), name="one_problem_at_a_time")
        ]
        indexes = [models.Index(fields=["problem", "-id"], name="membership_now", condition=Q(left_at=None))]


class ProblemNote(models.Model):
    """What colleagues say to one another about a problem; never leaves the house."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="notes")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=80, unique=True, null=True, blank=True)
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was found removed where it was written."
    )
    removed_by = models.CharField(max_length=200, blank=True, help_text="Who removed it there, where that is told.")

    class Meta:
        ordering = ["id"]


class PriorityTerms(models.Model):
    """What priorities are judged by, from a moment on; see ``priority.Terms``. Append-only."""

    data = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)


class Surge(models.Model):
    """More reports of one kind than usual, from ``began_at`` until ``ended_at``; one at a time of a kind."""

    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="surges")
    component = models.ForeignKey(Component, null=True, blank=True, on_delete=models.CASCADE, related_name="surges")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When it was last more than usual.")
    ended_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    expected = models.FloatField()
    chance = models.FloatField()
    reports = models.JSONField(default=list, help_text="Numbers of the reports that made it, oldest first.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category"], condition=Q(ended_at=None) & ~Q(category=None), name="one_surge_of_a_category"
            ),
            models.UniqueConstraint(
                fields=["component"], condition=Q(ended_at=None) & ~Q(component=None), name="one_surge_of_a_component"
            ),
        ]

    @property
    def of(self) -> Category | Component:
        """What there is more of than usual."""
        found = self.category or self.component
        assert found is not None
        return found
