"""What there is to ask and to try, what was answered and tried, and what we are still waiting for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.lib.texts import in_language
from makegood.life.reports.models import Category, Message, Report


class Question(models.Model):
    """Something worth asking a reporter. ``fact`` is the line of the error document its answer fills."""

    KINDS = [
        ("text", _("words")),
        ("choice", _("one of several")),
        ("moment", _("a date and time")),
        ("yes_no", _("yes or no")),
        ("file", _("a picture or file")),
    ]

    slug = models.SlugField(max_length=60, unique=True)
    texts = models.JSONField(default=dict, help_text=_("The question as the reporter reads it, per language."))
    labels = models.JSONField(default=dict, help_text=_("Its short name in the error document, per language."))
    hints = models.JSONField(default=dict, blank=True, help_text=_("How to find the answer, per language."))
    kind = models.CharField(max_length=10, choices=KINDS, default="text")
    choices = models.JSONField(default=list, blank=True, help_text=_('[{"value": …, "texts": {"en": …, "de": …}}]'))
    fact = models.SlugField(max_length=40, help_text=_("Which fact of the error document the answer fills."))
    weight = models.PositiveSmallIntegerField(default=3, help_text=_("What the fact is worth, 1 to 10."))
    is_general = models.BooleanField(default=False, help_text=_("Worth asking whatever the category."))
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "slug"]

    def text_in(self, language: str) -> str:
        return in_language(self.texts, language)

    def label_in(self, language: str) -> str:
        return in_language(self.labels, language) or self.text_in(language)

    def hint_in(self, language: str) -> str:
        return in_language(self.hints, language)

    def choices_in(self, language: str) -> list[tuple[str, str]]:
        """(value, words) of a choice or yes/no question; none for the others."""
        if self.kind == "yes_no":
            return [("yes", in_language(YES, language)), ("no", in_language(NO, language))]
        return [(choice["value"], in_language(choice["texts"], language)) for choice in self.choices]


YES, NO = {"en": "Yes", "de": "Ja"}, {"en": "No", "de": "Nein"}


class CategoryQuestion(models.Model):
    """A question worth asking in one category."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="category_questions")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="category_questions")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["category", "question"], name="one_category_question")]


class Answer(models.Model):
    """What we know and who said so. The newest answer to a question counts, the earlier ones stay as history."""

    SOURCES = [(s, s) for s in ("form", "portal", "mail", "phone", "agent", "machine")]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    data = models.JSONField(default=dict, blank=True)
    by_kind = models.CharField(max_length=10)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=SOURCES, default="portal")

    class Meta:
        indexes = [models.Index(fields=["report", "question", "-id"], name="answer_newest")]


class SafeStep(models.Model):
    """Something harmless a reporter may try (A4). ``not_when`` names the conditions that forbid it."""

    RISKS = [("none", _("changes nothing")), ("low", _("changes something that comes back by itself"))]

    slug = models.SlugField(max_length=60, unique=True)
    titles = models.JSONField(default=dict)
    what_it_does = models.JSONField(default=dict)
    cannot_break = models.JSONField(default=dict, help_text=_("What it cannot harm, in the reporter's words."))
    instructions = models.JSONField(default=dict, help_text=_("One line a move, per language."))
    risk = models.CharField(max_length=10, choices=RISKS, default="none")
    not_when = models.JSONField(default=list, blank=True, help_text=_("Conditions under which it is not to be tried."))
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "slug"]

    def title_in(self, language: str) -> str:
        return in_language(self.titles, language)

    def instructions_in(self, language: str) -> list[str]:
        return [line for line in in_language(self.instructions, language).splitlines() if line.strip()]


class CategoryStep(models.Model):
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="category_steps")
    step = models.ForeignKey(SafeStep, on_delete=models.CASCADE, related_name="category_steps")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["category", "step"], name="one_category_step")]


class StepTrial(models.Model):
    """A safe step that was tried, and what came of it."""

    OUTCOMES = [("helped", _("helped")), ("did_not_help", _("did not help")), ("could_not", _("could not be tried"))]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="trials")
    step = models.ForeignKey(SafeStep, on_delete=models.PROTECT, related_name="trials")
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    notes = models.TextField(blank=True)
    by_kind = models.CharField(max_length=10)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class AskRequest(models.Model):
    """Questions we put to the reporter in one go. Open until every one is answered, or it is withdrawn or expires."""

    STATES = [(s, s) for s in ("open", "answered", "withdrawn", "expired")]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="ask_requests")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="ask_requests")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["remind_at"], name="ask_to_remind", condition=models.Q(state="open")),
            models.Index(fields=["report", "-id"], name="ask_report"),
        ]


class AskedQuestion(models.Model):
    """One question of a request; ``answer`` is what settled it."""

    request = models.ForeignKey(AskRequest, on_delete=models.CASCADE, related_name="asked")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="asked")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.SET_NULL, related_name="settles")

    class Meta:
        ordering = ["question__position", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "question"], name="one_asked_question")]


class LearnedField(models.Model):
    """What was learnt of how one field is filed: numbers in ``kept``, nobody's words. Can be made anew at any time."""

    field = models.CharField(max_length=10, unique=True)
    kept = models.BinaryField(default=bytes)
    stamp = models.CharField(max_length=16, blank=True, help_text="Another with every fit.")
    lessons = models.PositiveIntegerField(default=0)
    right = models.FloatField(default=0, help_text="Share it told right of what it had not seen.")
    learnt_to = models.DateTimeField(null=True, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is worth learning anew.")
    leased_by = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)


class FieldSuggestion(models.Model):
    """What a field of a report might be, why, and what became of it. Never applied by itself."""

    OPEN, TAKEN, CORRECTED, DECLINED, PASSED, DROPPED = "open", "taken", "corrected", "declined", "passed", "dropped"
    STATES = [(s, s) for s in (OPEN, TAKEN, CORRECTED, DECLINED, PASSED, DROPPED)]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="field_suggestions")
    field = models.CharField(max_length=10)
    value = models.CharField(max_length=60)
    confidence = models.FloatField()
    words = models.JSONField(default=list, help_text="Words of this report that spoke for it.")
    alike = models.PositiveIntegerField(default=0, help_text="So many earlier reports with the first word were so.")
    alike_of = models.PositiveIntegerField(default=0)
    stamp = models.CharField(max_length=16, help_text="Of the model that said so.")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=STATES, default=OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "field"], name="one_field_suggestion")]
        indexes = [
            models.Index(fields=["settled_at"], name="suggestion_settled", condition=models.Q(settled_at__isnull=False))
        ]
