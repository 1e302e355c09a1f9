"""Scripts, the words for each moment, with every earlier wording."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.lib.texts import in_language
from makegood.life.reports.models import Message


class Script(models.Model):
    """A message template. ``moment`` says when it fits; the first active one of a moment is the automatic choice."""

    slug = models.SlugField(max_length=60, unique=True)
    moment = models.SlugField(max_length=30, db_index=True)
    titles = models.JSONField(default=dict, help_text=_("What agents call it, per language."))
    subjects = models.JSONField(default=dict, help_text=_("The subject of the mail, per language."))
    bodies = models.JSONField(default=dict, help_text=_("The words, per language."))
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.CharField(max_length=200, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "slug"]

    def title_in(self, language: str) -> str:
        return in_language(self.titles, language)


class ScriptVersion(models.Model):
    """A wording as it once was; append-only."""

    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    titles = models.JSONField(default=dict)
    subjects = models.JSONField(default=dict)
    bodies = models.JSONField(default=dict)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["script", "version"], name="one_script_version")]


class SaidReply(models.Model):
    """What a reply of ours changed besides saying it, so that taking it back restores all of it."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="said_reply")
    before = models.JSONField(default=dict)
