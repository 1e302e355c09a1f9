"""Policies and rules in versions, compensations, and the entries that are all that ever happened to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.lib.money import MOST, Money
from makegood.lib.texts import in_language
from makegood.life.compensation import formulas, states
from makegood.life.people.models import UNNAMED, Contact
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report

KINDS = [
    (states.REDO, _("doing it again")),
    (states.REFUND, _("refund")),
    (states.CREDIT, _("credit")),
    (states.DISCOUNT, _("discount")),
    (states.EXTENSION, _("longer service")),
    (states.GIFT, _("gift")),
    (states.LETTER, _("apology letter")),
]
STATES = [
    (states.PROPOSED, _("waits for a decision")),
    (states.APPROVED, _("offered")),
    (states.ISSUED, _("issued")),
    (states.REDEEMED, _("redeemed")),
    (states.DECLINED, _("declined")),
    (states.EXPIRED, _("expired")),
    (states.REVERSED, _("taken back")),
]


class Policy(models.Model):
    """What is given when. A change is a new version of the same ``slug``; a decision keeps the one it was made by."""

    SOLVED, BROKEN, CAME_BACK, BY_HAND = "solved", "broken", "came_back", "by_hand"
    TRIGGERS = [
        (SOLVED, _("a solved report is confirmed or closed")),
        (BROKEN, _("a solved report is confirmed or closed, and we broke a promise on it")),
        (CAME_BACK, _("a solved report is confirmed or closed, and the same thing had failed them before")),
        (BY_HAND, _("only when a colleague proposes it")),
    ]
    FORMS = [
        (formulas.FIXED, _("once")),
        (formulas.PER_HOUR, _("for each started hour it was out")),
        (formulas.PER_DAY, _("for each started day it was out")),
        (formulas.PERCENT, _("a share of a stated amount")),
    ]

    slug = models.SlugField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=100)
    trigger = models.CharField(max_length=10, choices=TRIGGERS, default=SOLVED)
    severities = models.JSONField(default=list, blank=True, help_text="Empty: any.")
    from_minutes = models.PositiveIntegerField(default=0, help_text="Out for at least so long.")
    below_minutes = models.PositiveIntegerField(null=True, blank=True, help_text="And for less than so long.")
    plan = models.CharField(max_length=40, blank=True, help_text="The customer's plan or tier; empty: any.")
    tier = models.PositiveSmallIntegerField(default=1, help_text="2: for whom the same cause fails a second time.")
    kind = models.CharField(max_length=10, choices=KINDS)
    form = models.CharField(max_length=10, choices=FORMS, default=formulas.FIXED)
    currency = models.CharField(max_length=3, blank=True)
    rate_minor = models.BigIntegerField(default=0)
    basis_points = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    least_minor = models.BigIntegerField(null=True, blank=True)
    most_minor = models.BigIntegerField(null=True, blank=True)
    is_automatic = models.BooleanField(default=False, help_text="An entitlement: given without asking anybody.")
    offer_days = models.PositiveIntegerField(default=30, help_text="So long the offer stands.")
    code_days = models.PositiveIntegerField(default=365, help_text="So long it can be redeemed.")
    terms = models.JSONField(default=dict, blank=True, help_text="What the reporter reads, per language.")
    position = models.PositiveIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    is_current = models.BooleanField(default=True, help_text="The newest version; only it is proposed by.")
    valid_from = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="one_compensation_policy_version"),
            models.UniqueConstraint(fields=["slug"], condition=Q(is_current=True), name="one_current_policy"),
            models.CheckConstraint(
                name="automatic_has_a_bound",
                condition=Q(is_automatic=False) | Q(currency="") | Q(most_minor__isnull=False),
            ),
        ]
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_money(self) -> bool:
        return self.kind in states.MONEY

    def terms_in(self, language: str) -> str:
        return in_language(self.terms, language)


class RuleBook(models.Model):
    """The rules of one currency from a moment on; see ``rules.Rules``. Append-only."""

    currency = models.CharField(max_length=3)
    data = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["currency", "-valid_from", "-id"], name="rules_in_force")]


class Purse(models.Model):
    """One row a currency, held while money of it is decided on: so that sums are read and spent by one at a time."""

    currency = models.CharField(max_length=3, unique=True)


class Compensation(models.Model):
    """What one customer is to get for one failure. What became of it stands in its entries."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="compensations", db_index=False
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="compensations", db_index=False
    )
    problem = models.ForeignKey(
        Problem, null=True, blank=True, on_delete=models.SET_NULL, related_name="compensations", db_index=False
    )
    number = models.PositiveBigIntegerField(help_text="Of the report, also when that is gone.")
    cause = models.CharField(max_length=40, help_text="problem:12, or report:7 while it belongs to none.")
    failure = models.PositiveIntegerField(default=1, help_text="The how manyeth time this cause failed this customer.")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="compensations")
    kind = models.CharField(max_length=10, choices=KINDS)
    currency = models.CharField(max_length=3, blank=True)
    minor = models.BigIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    steps = models.JSONField(default=list, help_text="How the amount was computed, step by step.")
    facts = models.JSONField(default=dict, help_text="What it was computed from.")
    letter = models.TextField(blank=True, help_text="The words that go with it.")
    letter_hash = models.CharField(max_length=64, blank=True)
    is_related = models.BooleanField(default=False, help_text="The customer looks like one of us.")
    offer_until = models.DateTimeField(null=True, blank=True)
    redeem_until = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField()
    # Of its newest entry, written with it and for lists only: what counts is read from the entries.
    state = models.CharField(max_length=10, choices=STATES, default=states.PROPOSED)
    state_at = models.DateTimeField()
    is_standing = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "cause", "failure"],
                condition=Q(is_standing=True),
                name="once_a_customer_and_cause",
            ),
            models.UniqueConstraint(
                fields=["contact", "cause", "letter_hash"],
                condition=~Q(letter_hash=""),
                name="no_apology_twice",
            ),
        ]
        indexes = [
            models.Index(fields=["report", "-id"], name="compensation_report"),
            models.Index(fields=["contact", "-id"], name="compensation_contact"),
            models.Index(fields=["problem", "-id"], name="compensation_problem"),
            models.Index(fields=["state", "-id"], name="compensation_state"),
            models.Index(fields=["offer_until"], name="compensation_offered", condition=Q(state="approved")),
            models.Index(fields=["redeem_until"], name="compensation_issued", condition=Q(state="issued")),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def about(self) -> str:
        """How the ledger and promises point at it."""
        return f"compensation:{self.pk}"

    @property
    def amount(self) -> Money | None:
        """What it is worth; None for words and work."""
        return Money(self.minor, self.currency) if self.currency else None


class Entry(models.Model):
    """One thing that happened to a compensation. Never changed, never deleted: the database refuses (decision 25).

    One row a step, so whoever comes second finds it taken. What four eyes need stands on the row and is checked there.
    """

    compensation = models.ForeignKey(Compensation, on_delete=models.PROTECT, related_name="entries", db_index=False)
    step = models.PositiveSmallIntegerField(help_text="1 for the first; each follows the one before.")
    before = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=STATES)
    currency = models.CharField(max_length=3, blank=True)
    minor = models.BigIntegerField()
    booked = models.BigIntegerField(default=0, help_text="What it takes from the budget; less than 0: gives back.")
    budget_month = models.CharField(max_length=7, blank=True, help_text="Of the approval: 2026-11.")
    proposer_id = models.BigIntegerField(null=True, blank=True, help_text="The agent who proposed; empty: we did.")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=200)
    alone_minor = models.BigIntegerField(null=True, blank=True, help_text="Approved: what they may decide alone.")
    limit_minor = models.BigIntegerField(null=True, blank=True, help_text="Approved: what they may approve.")
    is_automatic = models.BooleanField(default=False)
    is_related = models.BooleanField(default=False)
    over_budget = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compensation", "step"], name="one_entry_a_step"),
            models.UniqueConstraint(fields=["compensation", "state"], name="each_state_once"),
            models.CheckConstraint(
                name="entries_follow_one_another",
                condition=models.Q(*[Q(before=a, state=b) for a, b in states.pairs()], _connector=Q.OR),
            ),
            models.CheckConstraint(name="entry_amount", condition=Q(minor__gte=0, minor__lte=MOST)),
            models.CheckConstraint(
                name="books_balance",
                condition=Q(state="approved", booked=F("minor"))
                | Q(state__in=states.RELEASED, before__in=["approved", "issued", "redeemed"], booked=0 - F("minor"))
                | Q(state__in=["proposed", "issued", "redeemed"], booked=0)
                | Q(state="declined", before="proposed", booked=0),
            ),
            models.CheckConstraint(
                name="within_the_limit",
                condition=~Q(state="approved") | Q(limit_minor__isnull=False, minor__lte=F("limit_minor")),
            ),
            models.CheckConstraint(
                name="a_person_approves",
                condition=~Q(state="approved")
                | Q(is_automatic=True, actor_kind="system", is_related=False, over_budget=False)
                | Q(is_automatic=False, actor_kind="agent", actor_id__isnull=False, alone_minor__isnull=False),
            ),
            models.CheckConstraint(
                name="four_eyes",
                condition=~Q(state="approved")
                | Q(proposer_id__isnull=True)
                | ~Q(actor_id=F("proposer_id"))
                | Q(is_related=False, minor__lte=F("alone_minor")),
            ),
        ]
        indexes = [
            models.Index(fields=["currency", "budget_month"], name="entry_budget", condition=~Q(booked=0)),
            models.Index(fields=["actor_id", "at"], name="entry_approver", condition=Q(state="approved")),
        ]
        ordering = ["step"]

    @property
    def who(self) -> str:
        """Whoever did it, for a screen; erasing takes the name."""
        return self.actor_name or str(UNNAMED)


class Voucher(models.Model):
    """A code that redeems a compensation: 140 random bits, shown once, kept as a hash. A newer one ends the older."""

    compensation = models.ForeignKey(Compensation, on_delete=models.CASCADE, related_name="vouchers")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compensation"], condition=Q(ended_at=None), name="one_code_at_a_time")
        ]
