"""What the status page shows, every change of it, and whoever hears of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.problems.models import Problem, about
from makegood.life.reports.models import Component, OutgoingMail
from makegood.life.statuspage import standing

COMPONENT_STATES = [
    (standing.OPERATIONAL, _("operational")),
    (standing.DEGRADED, _("degraded performance")),
    (standing.PARTIAL, _("partial outage")),
    (standing.MAJOR, _("major outage")),
    (standing.MAINTENANCE, _("under maintenance")),
]
NOTICE_STATES = [
    (standing.INVESTIGATING, _("investigating")),
    (standing.IDENTIFIED, _("identified")),
    (standing.MONITORING, _("monitoring")),
    (standing.RESOLVED, _("resolved")),
    (standing.SCHEDULED, _("scheduled")),
    (standing.IN_PROGRESS, _("in progress")),
    (standing.VERIFYING, _("verifying")),
    (standing.COMPLETED, _("completed")),
]
IMPACTS = [
    (standing.NONE, _("no effect")),
    (standing.MINOR, _("minor")),
    (standing.SERIOUS, _("major")),
    (standing.CRITICAL, _("critical")),
]


def delivery_key() -> str:
    """The webhook-id: the same through all tries."""
    return f"msg_{public_key(20)}"


class PublicComponent(models.Model):
    """A component as the public knows it. ``state`` follows from the baseline and the open notices (``components``)."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    component = models.OneToOneField(Component, on_delete=models.CASCADE, related_name="public_side")
    is_shown = models.BooleanField(default=False)
    names = models.JSONField(default=dict, help_text="Per language.")
    groups = models.JSONField(default=dict, help_text="Heading it stands under, per language; empty: none.")
    position = models.PositiveSmallIntegerField(default=100)
    baseline = models.CharField(max_length=24, choices=COMPONENT_STATES, default=standing.OPERATIONAL)
    state = models.CharField(max_length=24, choices=COMPONENT_STATES, default=standing.OPERATIONAL)
    since = models.DateTimeField(help_text="When it came into its state.")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]


class StateChange(models.Model):
    """A component's state, or its baseline, became another: what made it so, who, and why. Never changed."""

    PERSON, PROBLEM, MAINTENANCE, SYSTEM = "person", "problem", "maintenance", "system"
    SOURCES = [
        (PERSON, _("a colleague")),
        (PROBLEM, _("a problem")),
        (MAINTENANCE, _("a maintenance")),
        (SYSTEM, _("the beginning")),
    ]

    component = models.ForeignKey(PublicComponent, db_index=False, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    state = models.CharField(max_length=24, choices=COMPONENT_STATES)
    baseline = models.CharField(max_length=24, choices=COMPONENT_STATES)
    source = models.CharField(max_length=12, choices=SOURCES)
    reason = models.CharField(max_length=500, blank=True, help_text="For us.")
    by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["component", "at"], name="status_change")]


class Notice(models.Model):
    """Something the page tells of, at an address that stays: a problem made public, or a planned maintenance."""

    TROUBLE, MAINTENANCE = "trouble", "maintenance"
    KINDS = [(TROUBLE, _("problem")), (MAINTENANCE, _("maintenance"))]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS)
    problem = models.OneToOneField(Problem, null=True, blank=True, on_delete=models.CASCADE, related_name="notice")
    titles = models.JSONField(default=dict, help_text="Per language, as last told.")
    state = models.CharField(max_length=14, choices=NOTICE_STATES)
    impact = models.CharField(max_length=8, choices=IMPACTS, default=standing.MINOR)
    impact_by_hand = models.CharField(max_length=8, choices=IMPACTS, blank=True)
    is_shown = models.BooleanField(default=True)
    began_at = models.DateTimeField(help_text="A problem: when it was first told. A maintenance: when it is to begin.")
    until = models.DateTimeField(null=True, blank=True, help_text="A maintenance: when it is to end.")
    started_at = models.DateTimeField(null=True, blank=True, help_text="A maintenance: when it really began.")
    ended_at = models.DateTimeField(null=True, blank=True)
    begins_by_itself = models.BooleanField(default=True)
    ends_by_itself = models.BooleanField(default=True)
    remind_at = models.DateTimeField(null=True, blank=True, help_text="A maintenance: when to remind of it.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="trouble", problem__isnull=False) | Q(kind="maintenance", problem__isnull=True),
                name="status_notice_has_its_cause",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "began_at"], name="status_notice_open", condition=Q(ended_at=None)),
            models.Index(fields=["-began_at", "-id"], name="status_notice_month"),
        ]

    @property
    def about(self) -> str:
        """How the ledger points at it."""
        return f"notice:{self.pk}"

    @property
    def about_problem(self) -> str:
        """How the ledger and promises point at its problem; empty without one."""
        return about(self.problem_id) if self.problem_id else ""

    @property
    def is_trouble(self) -> bool:
        return self.kind == self.TROUBLE

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


class Affected(models.Model):
    """What an open notice says of a component."""

    notice = models.ForeignKey(Notice, db_index=False, on_delete=models.CASCADE, related_name="affected")
    component = models.ForeignKey(PublicComponent, on_delete=models.CASCADE, related_name="claims")
    state = models.CharField(max_length=24, choices=COMPONENT_STATES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "component"], name="status_one_claim")]


class Update(models.Model):
    """One public word on a notice, frozen as it was told. ``turn`` and ``reached`` say how far its sending is."""

    NEWS, LATE, BY_ITSELF = "news", "late", "by_itself"
    KINDS = [(NEWS, _("news")), (LATE, _("we are late")), (BY_ITSELF, _("by itself"))]
    WAITING, GATHERING, SENDING, DONE = "waiting", "gathering", "sending", "done"
    SENDS = [(WAITING, _("waiting")), (GATHERING, _("gathering")), (SENDING, _("being sent")), (DONE, _("sent"))]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    notice = models.ForeignKey(Notice, db_index=False, on_delete=models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=10, choices=KINDS, default=NEWS)
    state = models.CharField(max_length=14, choices=NOTICE_STATES)
    impact = models.CharField(max_length=8, choices=IMPACTS)
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict, help_text="The words, per language.")
    components = models.JSONField(default=list, help_text='What it said of components: [{"key", "state", "before"}].')
    next_news_at = models.DateTimeField(null=True, blank=True, help_text="Promised in it.")
    begins_at = models.DateTimeField(null=True, blank=True, help_text="A maintenance: as it was planned then.")
    ends_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200, help_text="For us; never shown.")
    once = models.CharField(
        max_length=80, unique=True, null=True, blank=True, help_text="What caused it, if not a hand."
    )
    sends = models.CharField(max_length=10, choices=SENDS, default=WAITING)
    turn = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0, help_text="Subscribers up to this one have a row.")

    class Meta:
        indexes = [models.Index(fields=["notice", "id"], name="status_update_notice")]


class Subscriber(models.Model):
    """Whoever asked to hear, and proved it. ``components`` empty: of everything."""

    MAIL, HOOK = "mail", "webhook"
    WAYS = [(MAIL, _("e-mail")), (HOOK, _("webhook"))]
    LEAST = [
        (standing.NONE, _("everything")),
        (standing.SERIOUS, _("major problems and worse")),
        (standing.CRITICAL, _("critical problems only")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    way = models.CharField(max_length=8, choices=WAYS)
    email = models.EmailField(max_length=254, help_text="Whose subscription it is, also of a webhook.")
    url = models.CharField(max_length=500, blank=True)
    secret = models.TextField(blank=True, help_text="Sealed; signs webhooks.")
    language = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=64, blank=True)
    components = models.JSONField(default=list, help_text="Keys of components.")
    least = models.CharField(max_length=8, choices=LEAST, default=standing.NONE)
    with_maintenance = models.BooleanField(default=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["way", "email", "url"], name="status_subscribed_once")]
        indexes = [
            models.Index(fields=["id"], name="status_subscriber", condition=Q(ended_at=None)),
            models.Index(fields=["email"], name="status_subscriber_email"),
        ]


class Asking(models.Model):
    """Somebody asked for a subscription, or to change it: nothing follows until whoever reads the mail says yes."""

    hash = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=8, choices=Subscriber.WAYS)
    email = models.EmailField(max_length=254)
    url = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=64, blank=True)
    components = models.JSONField(default=list)
    least = models.CharField(max_length=8, choices=Subscriber.LEAST)
    with_maintenance = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Delivery(models.Model):
    """One update for one subscriber: there is one such row, so it is told once. What became of a mail stands there."""

    WAITING, MAILED, TAKEN, SKIPPED, FAILED = "waiting", "mailed", "taken", "skipped", "failed"
    STATES = [
        (WAITING, _("waiting")),
        (MAILED, _("mailed")),
        (TAKEN, _("taken")),
        (SKIPPED, _("left out")),
        (FAILED, _("failed")),
    ]

    key = models.CharField(max_length=24, unique=True, default=delivery_key, editable=False)
    update = models.ForeignKey(Update, db_index=False, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=8, choices=Subscriber.WAYS)
    state = models.CharField(max_length=8, choices=STATES, default=WAITING)
    mail = models.ForeignKey(OutgoingMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    leave_hash = models.CharField(max_length=64, blank=True, db_index=True, help_text="Of the link that ends it.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(default=0)
    last_reason = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "subscriber"], name="status_told_once")]
        indexes = [
            models.Index(fields=["update", "state", "id"], name="status_delivery"),
            models.Index(fields=["next_at"], name="status_hook_due", condition=Q(state="waiting", way="webhook")),
        ]
