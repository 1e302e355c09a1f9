"""Articles, their words in each language and every earlier version of these; what is known of their use."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.knowledge import states
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Category, Report


class Article(models.Model):
    """What we know about one thing people ask or stumble over. Its words stand in ``Wording``, one row a language."""

    CONFIDENCE = [
        (states.WIP, _("work in progress")),
        (states.NOT_VALIDATED, _("not validated")),
        (states.VALIDATED, _("validated")),
        (states.ARCHIVED, _("archived")),
    ]
    AUDIENCES = [(states.INTERNAL, _("internal")), (states.PUBLIC, _("public"))]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    confidence = models.CharField(max_length=16, choices=CONFIDENCE, default=states.WIP)
    audience = models.CharField(max_length=10, choices=AUDIENCES, default=states.INTERNAL)
    language = models.CharField(max_length=8, default="en", help_text="The language it is written in first.")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    problem = models.ForeignKey(Problem, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles_drafted"
    )
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    note = models.TextField(blank=True, help_text=_("For colleagues only; never shown to reporters, never searched."))
    # Words of customers were filled in and nobody has said yet that nothing in them points to a person.
    needs_reading = models.BooleanField(default=False)

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=200, blank=True)
    checked_release = models.CharField(max_length=100, blank=True, help_text=_("The release it was last checked with."))
    # Worked out by ``keeping`` from the facts below; the promise is made when it comes near.
    review_at = models.DateTimeField(null=True, blank=True)
    review_why = models.JSONField(default=list, blank=True, help_text="Why then: codes of ``reviewing``.")
    archive_suggested = models.BooleanField(default=False)

    # Counted anew from the events by ``keeping``.
    reads = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)
    not_helped_since_review = models.PositiveIntegerField(default=0)
    links = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="article_changed"),
            models.Index(fields=["review_at", "id"], name="article_review", condition=~Q(confidence="archived")),
            models.Index(
                fields=["-published_at", "id"],
                name="article_public",
                condition=Q(audience="public", confidence="validated"),
            ),
            models.Index(
                fields=["-helped", "-reads", "id"],
                name="article_best",
                condition=Q(audience="public", confidence="validated"),
            ),
            models.Index(fields=["confidence", "-changed_at", "-id"], name="article_confidence"),
        ]

    def __str__(self) -> str:
        return f"KB-{self.pk}"

    @property
    def number(self) -> str:
        return f"KB-{self.pk}"

    @property
    def about(self) -> str:
        """How the ledger and promises point at it."""
        return f"article:{self.pk}"

    @property
    def is_shown(self) -> bool:
        """Whether reporters may read it now."""
        return self.audience == states.PUBLIC and states.may_be_public(self.confidence)


class Wording(models.Model):
    """An article in one language, as it stands; Markdown but for the title and the search words."""

    TEXTS = ("title", "issue", "environment", "resolution", "cause", "search_words")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=8)
    slug = models.CharField(max_length=120, help_text="Part of its public address; kept once it was public.")
    title = models.CharField(max_length=200)
    issue = models.TextField(blank=True, help_text=_("What people see or ask, in their words."))
    environment = models.TextField(blank=True, help_text=_("Where it happens: part, device, release."))
    resolution = models.TextField(blank=True, help_text=_("What to do."))
    cause = models.TextField(blank=True, help_text=_("Why it happens."))
    search_words = models.TextField(blank=True, help_text=_("Other words people look for it by."))
    version = models.PositiveIntegerField(default=1)
    of_version = models.PositiveIntegerField(default=0, help_text="Translations: the version they are made from.")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_wording_a_language"),
            models.UniqueConstraint(fields=["language", "slug"], name="one_slug_a_language"),
        ]
        indexes = [models.Index(fields=["language", "-changed_at", "-id"], name="wording_changed")]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """The words of one language as they once stood. Never changed."""

    wording = models.ForeignKey(Wording, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    texts = models.JSONField()
    why = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wording", "number"], name="one_version_a_number")]


class ArticleDraft(models.Model):
    """What somebody is typing, kept so that a crash costs nothing."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts")
    language = models.CharField(max_length=8)
    texts = models.JSONField(default=dict)
    of_version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "article", "language"], condition=~Q(article=None), name="one_article_draft"
            ),
        ]


class ArticlePicture(models.Model):
    """A picture of an article: the only ones its text can show."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    storage_key = models.CharField(max_length=80, db_index=True)
    thumbnail_key = models.CharField(max_length=80, blank=True, db_index=True)
    added_by = models.CharField(max_length=200)
    at = models.DateTimeField()


class ArticleLink(models.Model):
    """An article answers a report."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="linked")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="articles")
    was_new = models.BooleanField(default=False, help_text="The article was written for this very report.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "report"], name="article_linked_once")]
        indexes = [models.Index(fields=["report"], name="article_link_report")]


class Visit(models.Model):
    """One browser that was shown help, for a day. It says whether a report followed, never whose or which."""

    secret_hash = models.CharField(max_length=64, unique=True)
    door = models.CharField(max_length=8)
    began_at = models.DateTimeField(db_index=True)
    shown_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="When help was first shown.")
    solved_at = models.DateTimeField(null=True, blank=True, help_text="When somebody said that it helped.")
    reported_at = models.DateTimeField(null=True, blank=True, help_text="When a report was sent all the same.")
    offered = models.JSONField(default=list, blank=True, help_text="Articles it was offered, each counted once.")


class Use(models.Model):
    """One thing somebody did with the knowledge base. No address, no name, no cookie; words only masked.

    Kept for ninety days and rolled up into ``Day``.
    """

    SEARCHED, SHOWN, READ, HELPED, NOT_HELPED, LINKED = "searched", "shown", "read", "helped", "not_helped", "linked"
    KINDS = (SEARCHED, SHOWN, READ, HELPED, NOT_HELPED, LINKED)
    FORM, HELP, CONSOLE, PHONE, API = "form", "help", "console", "phone", "api"
    DOORS = [
        (FORM, _("report form")),
        (HELP, _("help pages")),
        (CONSOLE, _("console")),
        (PHONE, _("phone")),
        (API, _("API")),
    ]

    kind = models.CharField(max_length=10)
    door = models.CharField(max_length=8)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="uses")
    language = models.CharField(max_length=8)
    words = models.CharField(max_length=200, blank=True, help_text="What was searched, masked.")
    found = models.PositiveSmallIntegerField(default=0, help_text="A search: how many were shown.")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="use_at"),
            models.Index(fields=["article", "kind", "at"], name="use_article", condition=Q(article__isnull=False)),
            models.Index(fields=["language", "words", "at"], name="use_in_vain", condition=Q(kind="searched", found=0)),
        ]


class Day(models.Model):
    """The events of one day of the desk, counted: for one article and door, or (``article`` empty) for a door."""

    COUNTS = ("searched", "in_vain", "shown", "read", "helped", "not_helped", "linked", "visits", "avoided", "solved")

    day = models.DateField()
    door = models.CharField(max_length=8)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="days")
    searched = models.PositiveIntegerField(default=0)
    in_vain = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)
    linked = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0, help_text="Browsers shown help, once a day has passed.")
    avoided = models.PositiveIntegerField(default=0, help_text="Of these, without a report within a day.")
    solved = models.PositiveIntegerField(default=0, help_text="Of these, said that it helped.")

    class Meta:
        indexes = [
            models.Index(fields=["day", "door"], name="day_door"),
            models.Index(fields=["article", "day"], name="day_article"),
        ]


class Settled(models.Model):
    """What was searched in vain and has been looked after: by an article, or put aside."""

    language = models.CharField(max_length=8)
    words = models.CharField(max_length=200)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "words"], name="settled_once")]
