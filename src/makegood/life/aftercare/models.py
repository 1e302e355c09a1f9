"""What was found and done, whether the reporter agrees, how we followed up, and how we served them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.life.people.models import Agent, Contact, Team
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Category, Component, Message, OutgoingMail, Report


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
    NOT_REACHED, NO_CALLS = "not_reached", "no_calls"
    OUTCOMES = [
        (WORKS, _("it works for them")),
        (NOT_SOLVED, _("it is not solved")),
        (NOT_YET, _("they have not checked yet")),
        (NO_ANSWER, _("asked; no answer so far")),
        (NOT_REACHED, _("not reached; we try again")),
        (NO_CALLS, _("wants no calls")),
    ]

    # After these the follow-up is still owed.
    GOES_ON = (NOT_REACHED, NO_CALLS)

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="follow_ups")
    resolution = models.ForeignKey(
        Resolution, null=True, blank=True, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    way = models.CharField(max_length=6, choices=WAYS)
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    before = models.JSONField(default=dict, blank=True, help_text="What was owed and answered, for undo.")
    notes = models.TextField(blank=True)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Survey(models.Model):
    """That somebody was asked how they were served: once a report, from the moment the question stands on its page.

    The facts are those of that moment, so that figures of the past stay as they were.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="survey")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    mail = models.ForeignKey(OutgoingMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    component = models.ForeignKey(Component, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    release = models.CharField(max_length=100, blank=True, help_text="Which the report came from, as far as known.")

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="survey_asked")]


class Csat(models.Model):
    """How the reporter felt served: one question, asked once a report. The first answer counts."""

    SPEED, CLARITY, FIX, POLITENESS, COMPENSATION = "speed", "clarity", "fix", "politeness", "compensation"
    REASONS = [
        (SPEED, _("how quick we were")),
        (CLARITY, _("how clearly we wrote")),
        (FIX, _("the solution")),
        (POLITENESS, _("how polite we were")),
        (COMPENSATION, _("how we made good for it")),
    ]
    LOW = (1, 2)
    TOP = (4, 5)

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="csat")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    score = models.PositiveSmallIntegerField(help_text=_("1 very bad to 5 very good."))
    reasons = models.JSONField(default=list, blank=True, help_text=_("What it was about, such as speed."))
    words = models.TextField(blank=True)
    effort = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How easy we made it: 1 not at all to 7 very.")
    )
    at = models.DateTimeField()
    explained_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="csat_at")]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="csat_one_to_five"),
            models.CheckConstraint(
                condition=Q(effort=None) | Q(effort__gte=1, effort__lte=7), name="csat_effort_one_to_seven"
            ),
        ]

    @property
    def is_low(self) -> bool:
        return self.score in self.LOW


class Recovery(models.Model):
    """Somebody is unhappy with us: a lead calls within a business day, and what came of it. One open a report."""

    MADE_GOOD, STILL_UNHAPPY, NOTHING_WANTED = "made_good", "still_unhappy", "nothing_wanted"
    NOT_REACHED, NO_CALLS = "not_reached", "no_calls"
    OUTCOMES = [
        (MADE_GOOD, _("made good with them")),
        (STILL_UNHAPPY, _("reached, still unhappy")),
        (NOTHING_WANTED, _("reached, they want nothing")),
        (NOT_REACHED, _("not reached; we try again")),
        (NO_CALLS, _("wants no calls")),
    ]
    REACHED = (MADE_GOOD, STILL_UNHAPPY, NOTHING_WANTED, NO_CALLS)

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="recoveries")
    csat = models.ForeignKey(Csat, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    why = models.JSONField(default=list, help_text='[{"score": 2}, {"words": ["useless"], "message": 12}]')
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when the first call was owed.")
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    reached_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=OUTCOMES, blank=True)
    notes = models.TextField(blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    asked_again_at = models.DateTimeField(null=True, blank=True)
    score_after = models.PositiveSmallIntegerField(null=True, blank=True)
    score_after_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["report", "-id"], name="recovery_report")]
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(closed_at=None), name="one_open_recovery"),
            models.CheckConstraint(
                condition=Q(score_after=None) | Q(score_after__gte=1, score_after__lte=5),
                name="recovery_score_one_to_five",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class RecoveryCall(models.Model):
    """One call of a recovery: who, when, what came of it."""

    recovery = models.ForeignKey(Recovery, on_delete=models.CASCADE, related_name="calls")
    outcome = models.CharField(max_length=16, choices=Recovery.OUTCOMES)
    notes = models.TextField(blank=True)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    before = models.JSONField(default=dict, blank=True, help_text="What was owed, for undo.")

    class Meta:
        ordering = ["id"]


class Wish(models.Model):
    """What a contact does not want from us: questions about our service, or calls."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="wish")
    no_surveys_at = models.DateTimeField(null=True, blank=True)
    no_calls_at = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(max_length=200, blank=True, help_text="Who wrote down that they want no calls.")


class FeedbackTerms(models.Model):
    """What is asked, and which words call for a lead, from a moment on. Append-only; see ``terms``."""

    data = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
