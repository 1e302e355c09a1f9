"""What was told to everybody a problem hit, and to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.people.models import Agent, Contact
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Message, Report


class Announcement(models.Model):
    """One word to everybody: the texts as they are sent, who sent it, and who took responsibility where tests did not.

    A draft belongs to whoever writes it. Once sent, nothing of it changes but how far it is.
    """

    NEWS, FIXED = "news", "fixed"
    KINDS = [(NEWS, _("news")), (FIXED, _("it is fixed"))]
    DRAFT, QUEUED, RUNNING, DONE, CANCELLED = "draft", "queued", "running", "done", "cancelled"
    STATES = [
        (DRAFT, _("draft")),
        (QUEUED, _("about to begin")),
        (RUNNING, _("being told")),
        (DONE, _("told")),
        (CANCELLED, _("stopped")),
    ]
    UNDER_WAY = (QUEUED, RUNNING)

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="announcements")
    kind = models.CharField(max_length=6, choices=KINDS)
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    texts = models.JSONField(default=dict, help_text=_("The words, per language."))
    next_news_at = models.DateTimeField(null=True, blank=True, help_text="News only: when they hear next.")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.CharField(max_length=200)
    evidence = models.JSONField(default=dict, help_text="What spoke for the fix, or against it, when it was sent.")
    override_by = models.CharField(max_length=200, blank=True, help_text="Who let it go out without passing evidence.")
    override_reason = models.TextField(blank=True)
    # The job in line carries this number; an older one does nothing.
    turn = models.PositiveIntegerField(default=0)

    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(state__in=["queued", "running"]), name="one_announcement_under_way"
            ),
            models.UniqueConstraint(
                fields=["problem", "agent", "kind"], condition=Q(state="draft"), name="one_announcement_draft"
            ),
        ]
        indexes = [models.Index(fields=["problem", "-id"], name="announcement_problem")]

    @property
    def is_draft(self) -> bool:
        return self.state == self.DRAFT

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY


class Recipient(models.Model):
    """One report told, or not, by one announcement. What became of the mail stands at the mail."""

    WAITING, SAID, SKIPPED, FAILED = "waiting", "said", "skipped", "failed"
    STATES = [
        (WAITING, _("not told yet")),
        (SAID, _("told")),
        (SKIPPED, _("left alone")),
        (FAILED, _("could not be told")),
    ]
    MAIL, PAGE, ELSEWHERE = "mail", "page", "elsewhere"
    WAYS = [
        (MAIL, _("mail")),
        (PAGE, _("page only, no e-mail address")),
        (ELSEWHERE, _("page, the mail goes to a newer report of theirs")),
    ]
    YES, NO, NOT_YET = "yes", "no", "not_yet"
    ANSWERS = [(YES, _("it works")), (NO, _("it does not work")), (NOT_YET, _("not checked yet"))]

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="recipients")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="announcements")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=STATES, default=WAITING)
    why = models.CharField(max_length=500, blank=True, help_text="Skipped: solved, closed or left. Failed: a sentence.")
    way = models.CharField(max_length=10, choices=WAYS, blank=True)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=ANSWERS, blank=True, help_text="A fix only; empty: silent.")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "report"], name="told_once")]
        indexes = [models.Index(fields=["announcement", "state", "-report"], name="recipient_state")]
