"""Files whose words are still to be read."""

from __future__ import annotations

from django.db import models

from makegood.life.reports.models import Attachment


class Reading(models.Model):
    """A file waits for its words to be read; gone once they are in the index, or cannot be had."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
