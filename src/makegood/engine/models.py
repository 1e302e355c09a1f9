"""The rows of the engine: jobs, periodic claims, heartbeats, limits, kept answers, live events, presence,
search, likeness."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of work that is due, being done, done, or parked where a person sees it."""

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    priority = models.PositiveSmallIntegerField(default=5, help_text="0 first, 9 last.")
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=60, blank=True)
    last_error = models.TextField(blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="job_once")]
        indexes = [
            models.Index(
                fields=["priority", "run_at", "id"], name="job_due", condition=Q(done_at=None, parked_at=None)
            ),
            models.Index(fields=["parked_at"], name="job_parked", condition=Q(parked_at__isnull=False)),
            models.Index(fields=["done_at"], name="job_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class PeriodicRun(models.Model):
    """Periodic work ``name`` was claimed for ``period``; whoever inserts the row first does it."""

    name = models.CharField(max_length=80)
    period = models.BigIntegerField(help_text="Unix time divided by the length of the period.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="periodic_once")]


class Heartbeat(models.Model):
    """When a process was last seen alive."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)


class Bucket(models.Model):
    """A token bucket shared by all processes."""

    key = models.CharField(max_length=200, primary_key=True)
    full_at = models.FloatField(help_text="Unix time at which it will be full again.")


class IdempotencyRecord(models.Model):
    """What a request with an idempotency key came to, so that the same request again gets the same answer.

    Without ``status`` it is being worked on until ``leased_until``; later than that, whoever worked on it is dead.
    """

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body.")
    lease = models.CharField(max_length=16, help_text="Whoever works on it; a second one takes another.")
    leased_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, help_text="Sealed: an answer may hold a secret link.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer")]
        indexes = [models.Index(fields=["made_at"], name="idempotency_old")]


class LiveEvent(models.Model):
    """Something browsers may want to refetch: topics and a reference, never content."""

    topics = models.CharField(max_length=200, help_text="Separated by spaces.")
    ref = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="live_at")]


class Presence(models.Model):
    """A person is looking at something, typing a reply or a note. Older than 30 seconds means gone."""

    who_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    ref = models.CharField(max_length=80)
    state = models.CharField(max_length=12)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "who_id"], name="one_presence")]


class SearchDocument(models.Model):
    """The words of one thing that can be found. The full-text index over it belongs to the search adapter."""

    kind = models.CharField(max_length=20)
    ref = models.BigIntegerField(help_text="Primary key of the thing.")
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="one_document")]
        # The ref is in it, so that a thousand hits need not each be looked up among long texts.
        indexes = [models.Index(fields=["kind", "id", "ref"], name="document_place")]


class SearchWord(models.Model):
    """A word that a document of this kind holds, on PostgreSQL, which has no list of its own as FTS5 does.

    ``is_doubtful``: a document lost it, and it may be nobody's any more.
    """

    kind = models.CharField(max_length=20)
    word = models.TextField()
    is_doubtful = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "word"], name="one_word")]
        indexes = [
            models.Index(
                fields=["kind", "word"], name="word_begins", opclasses=["varchar_pattern_ops", "text_pattern_ops"]
            ),
            models.Index(fields=["id"], name="word_in_doubt", condition=models.Q(is_doubtful=True)),
        ]


class SimilarDocument(models.Model):
    """What the index of likeness keeps of one thing: numbers for its words, never the words (``similar.terms``).

    ``vector`` is what a sentence model made of it (``similar.meaning``); null where there is none, or was none then.
    """

    kind = models.CharField(max_length=20)
    ref = models.BigIntegerField(help_text="Primary key of the thing.")
    cluster = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    terms = models.BinaryField()
    vector = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="one_similar")]


class SimilarEra(models.Model):
    """How many documents, and how many words in them, an era of the index of likeness has."""

    era = models.IntegerField(primary_key=True)
    documents = models.BigIntegerField()
    words = models.BigIntegerField()


class SimilarPosting(models.Model):
    """Which documents of an era hold a term. Written by ``similar.postings`` only; the migration makes the table."""

    pk = models.CompositePrimaryKey("era", "term")
    era = models.IntegerField()
    term = models.IntegerField()
    n = models.IntegerField()
    docs = models.BinaryField()


class Stop(models.Model):
    """Something that must not happen for now, such as sending mail after a restore."""

    what = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField()
    reason = models.CharField(max_length=300)
