"""Repositories and what they told; fixes and what proves them; issues in trackers.

What was told is a row under the name its host gives it, so that a repeat changes nothing. Which release contains which
change is never stored: it is asked of ``Ancestry``, because a fact that comes late may change the answer.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.fixes.tracking_models import Tracker as Tracker
from makegood.life.fixes.tracking_models import TrackerIssue as TrackerIssue
from makegood.life.fixes.tracking_models import TrackerWord as TrackerWord
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Component


class Repository(models.Model):
    """Where changes are made. Its webhook secret rests sealed; nothing shows it again after it was made."""

    GITHUB, GITLAB, GITEA, GIT, API = "github", "gitlab", "gitea", "git", "api"
    PROVIDERS = [
        (GITHUB, "GitHub"),
        (GITLAB, "GitLab"),
        (GITEA, _("Gitea or Forgejo")),
        (GIT, _("a git repository on this server")),
        (API, _("a program that uses the API")),
    ]

    TAGS, PUBLISHED = "tags", "published"
    RELEASED_BY = [
        (TAGS, _("every tag that fits, unless its name says that it comes before a release")),
        (PUBLISHED, _("releases published on the host, not marked as pre-releases")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    name = models.CharField(max_length=100, unique=True)
    provider = models.CharField(max_length=10, choices=PROVIDERS, default=GITHUB)
    web_url = models.CharField(max_length=500, blank=True, help_text=_("For links; where people look at it."))
    path = models.CharField(max_length=500, blank=True, help_text=_("Of a copy on this server that is read directly."))
    main_branch = models.CharField(max_length=100, default="main")
    release_tags = models.CharField(max_length=200, default="*", help_text=_("Which tags are releases."))
    released_by = models.CharField(max_length=10, choices=RELEASED_BY, default=TAGS)
    component = models.ForeignKey(Component, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=True)
    secret = models.TextField(blank=True, help_text="Sealed.")
    token = models.TextField(blank=True, help_text="Sealed; reads commits that a webhook did not list.")
    old_secret = models.TextField(blank=True, help_text="Sealed; opens beside the new one for a while.")
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, help_text="When its host last told us something.")
    refused_at = models.DateTimeField(null=True, blank=True, help_text="When a webhook last showed a wrong secret.")
    read_at = models.DateTimeField(null=True, blank=True)
    read_trouble = models.CharField(max_length=500, blank=True)
    read_place = models.JSONField(default=dict, blank=True, help_text="Up to where it has been read.")

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One webhook as it arrived, without addresses and secrets. The same one again is the same row."""

    WAITING, USED, CUT, UNUSED, FAILED = "waiting", "used", "cut", "unused", "failed"
    OUTCOMES = [
        (WAITING, _("waiting")),
        (USED, _("used")),
        (CUT, _("incomplete")),
        (UNUSED, _("nothing for us")),
        (FAILED, _("failed")),
    ]

    repository = models.ForeignKey(Repository, db_index=False, on_delete=models.CASCADE, related_name="deliveries")
    delivery_id = models.CharField(max_length=120)
    event = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="Of the body: a copy under another id is a repeat too.")
    body = models.TextField()
    outcome = models.CharField(max_length=8, choices=OUTCOMES, default=WAITING)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "delivery_id"], name="fix_delivery_once"),
            models.UniqueConstraint(fields=["repository", "digest"], name="fix_delivery_body_once"),
        ]
        indexes = [
            models.Index(fields=["repository", "-id"], name="fix_delivery_log"),
            models.Index(fields=["at"], name="fix_delivery_at"),
            models.Index(fields=["repository"], name="fix_delivery_cut", condition=Q(outcome="cut")),
        ]


class Commit(models.Model):
    """A commit that names one of our numbers, takes another back, or stands for a release. Others are not kept."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="commits")
    sha = models.CharField(max_length=64)
    message = models.TextField(blank=True)
    author = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    url = models.CharField(max_length=500, blank=True)
    branch = models.CharField(max_length=300, blank=True)
    reverts = models.CharField(max_length=64, blank=True, db_index=True)  # a commit, or !12

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "sha"], name="fix_commit_once")]

    @property
    def subject(self) -> str:
        return self.message.split("\n", 1)[0][:200]


class Ancestry(models.Model):
    """``parent`` leads up to ``child``. True for ever, whoever told it: a commit is named by what it consists of."""

    repository = models.ForeignKey(Repository, db_index=False, on_delete=models.CASCADE, related_name="+")
    child = models.CharField(max_length=64)
    parent = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "parent", "child"], name="fix_ancestry_once")]


class PullRequest(models.Model):
    """A pull or merge request that names one of our numbers."""

    STATES = [("open", _("open")), ("closed", _("closed")), ("merged", _("merged"))]

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="pulls")
    number = models.PositiveBigIntegerField()
    title = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=STATES)
    branch = models.CharField(max_length=300, blank=True)
    base = models.CharField(max_length=300, blank=True)
    merge_sha = models.CharField(max_length=64, blank=True)
    merged_at = models.DateTimeField(null=True, blank=True)
    author = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(help_text="Of the latest that was told.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "number"], name="fix_pull_once")]


class Release(models.Model):
    """A version by name. ``at`` is when it was published, else when its tag was made."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="releases")
    version = models.CharField(max_length=100)
    sha = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    is_prerelease = models.BooleanField(default=False)
    tagged_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "version"], name="fix_release_once")]
        indexes = [models.Index(fields=["repository", "sha"], name="fix_release_sha")]


class Environment(models.Model):
    """Where releases are deployed to. Only one that reaches customers makes a fix arrive."""

    name = models.CharField(max_length=100)
    slug = models.CharField(max_length=100, unique=True, help_text="The name in small letters.")
    reaches_customers = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Deployment(models.Model):
    """Something was brought to an environment, or was tried to."""

    OUTCOMES = [("passed", _("succeeded")), ("failed", _("failed")), ("running", _("under way")), ("skipped", _("off"))]

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="deployments")
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="deployments")
    key = models.CharField(max_length=120)
    sha = models.CharField(max_length=64, blank=True)
    ref = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    passed_at = models.DateTimeField(null=True, blank=True, help_text="When it first succeeded.")
    last_passed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last did: one that is run again brings back what it stands for."
    )
    at = models.DateTimeField()
    url = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "key"], name="fix_deployment_once")]
        indexes = [
            models.Index(fields=["repository", "sha"], name="fix_deployment_sha"),
            models.Index(fields=["environment", "-last_passed_at"], name="fix_deployment_now"),
        ]


class Fix(models.Model):
    """The changes that put a problem right. One that came back is fixed anew: the next round."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="fixes")
    round = models.PositiveSmallIntegerField(default=0, help_text="How often the problem had come back before.")
    rollback = models.TextField(blank=True, help_text=_("How to take it back, step by step."))
    made_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "round"], name="one_fix_a_round")]


class Link(models.Model):
    """A change belongs to a fix: a commit or a pull request. ``claims``: it says that it fixes it."""

    fix = models.ForeignKey(Fix, on_delete=models.CASCADE, related_name="links")
    commit = models.ForeignKey(Commit, null=True, blank=True, on_delete=models.CASCADE, related_name="links")
    pull = models.ForeignKey(PullRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="links")
    claims = models.BooleanField(default=False)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Taken off by a person; stays off.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fix", "commit"], name="fix_link_commit"),
            models.UniqueConstraint(fields=["fix", "pull"], name="fix_link_pull"),
            models.CheckConstraint(
                condition=Q(commit__isnull=False, pull=None) | Q(commit=None, pull__isnull=False), name="fix_link_one"
            ),
        ]


class Evidence(models.Model):
    """Something that ran and passed or not: tests on a commit, or a reproduction of the error for one fix."""

    CI, REPRODUCTION = "ci", "reproduction"
    KINDS = [(CI, _("test run")), (REPRODUCTION, _("reproduction"))]
    OUTCOMES = [("passed", _("passed")), ("failed", _("failed")), ("running", _("running")), ("skipped", _("skipped"))]

    kind = models.CharField(max_length=12, choices=KINDS, default=CI)
    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="evidence")
    sha = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    url = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "sha", "kind", "name"], name="fix_evidence_once")]


class CheckItem(models.Model):
    """One thing a person checks by hand, who did, and what came of it."""

    OUTCOMES = [("", _("open")), ("passed", _("works")), ("failed", _("does not work"))]

    fix = models.ForeignKey(Fix, on_delete=models.CASCADE, related_name="items")
    words = models.CharField(max_length=300)
    outcome = models.CharField(max_length=8, choices=OUTCOMES, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_by = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
