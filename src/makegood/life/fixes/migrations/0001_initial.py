import django.db.models.deletion
import makegood.lib.keys
from django.conf import settings
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = [
        ("problems", "0001_initial"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Commit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha", models.CharField(max_length=64)),
                ("message", models.TextField(blank=True)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("url", models.CharField(blank=True, max_length=500)),
                ("branch", models.CharField(blank=True, max_length=300)),
                ("reverts", models.CharField(blank=True, db_index=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Environment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("slug", models.CharField(help_text="The name in small letters.", max_length=100, unique=True)),
                ("reaches_customers", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PullRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField()),
                ("title", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("closed", "closed"), ("merged", "merged")], max_length=8
                    ),
                ),
                ("branch", models.CharField(blank=True, max_length=300)),
                ("base", models.CharField(blank=True, max_length=300)),
                ("merge_sha", models.CharField(blank=True, max_length=64)),
                ("merged_at", models.DateTimeField(blank=True, null=True)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(help_text="Of the latest that was told.")),
            ],
        ),
        migrations.CreateModel(
            name="Tracker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("github", "GitHub"), ("gitlab", "GitLab"), ("jira", "Jira")], max_length=10
                    ),
                ),
                ("base_url", models.CharField(max_length=500)),
                ("project", models.CharField(max_length=200)),
                ("user", models.CharField(blank=True, max_length=200)),
                ("token", models.TextField(help_text="Sealed.")),
                ("is_active", models.BooleanField(default=True)),
                ("trouble", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Fix",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often the problem had come back before."
                    ),
                ),
                ("rollback", models.TextField(blank=True, help_text="How to take it back, step by step.")),
                ("made_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fixes", to="problems.problem"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("problem", "round"), name="one_fix_a_round")]},
        ),
        migrations.CreateModel(
            name="CheckItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "open"), ("passed", "works"), ("failed", "does not work")],
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("added_by", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
                ("done_by", models.CharField(blank=True, max_length=200)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "fix",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="fixes.fix"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claims", models.BooleanField(default=False)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, help_text="Taken off by a person; stays off.", null=True),
                ),
                (
                    "commit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="fixes.commit",
                    ),
                ),
                (
                    "fix",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="fixes.fix"
                    ),
                ),
                (
                    "pull",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="fixes.pullrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("fix", "commit"), name="fix_link_commit"),
                    models.UniqueConstraint(fields=("fix", "pull"), name="fix_link_pull"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("commit__isnull", False), ("pull", None)),
                            models.Q(("commit", None), ("pull__isnull", False)),
                            _connector="OR",
                        ),
                        name="fix_link_one",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Repository",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("github", "GitHub"),
                            ("gitlab", "GitLab"),
                            ("gitea", "Gitea or Forgejo"),
                            ("git", "a git repository on this server"),
                            ("api", "a program that uses the API"),
                        ],
                        default="github",
                        max_length=10,
                    ),
                ),
                (
                    "web_url",
                    models.CharField(blank=True, help_text="For links; where people look at it.", max_length=500),
                ),
                (
                    "path",
                    models.CharField(
                        blank=True, help_text="Of a copy on this server that is read directly.", max_length=500
                    ),
                ),
                ("main_branch", models.CharField(default="main", max_length=100)),
                ("release_tags", models.CharField(default="*", help_text="Which tags are releases.", max_length=200)),
                (
                    "released_by",
                    models.CharField(
                        choices=[
                            ("tags", "every tag that fits, unless its name says that it comes before a release"),
                            ("published", "releases published on the host, not marked as pre-releases"),
                        ],
                        default="tags",
                        max_length=10,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("secret", models.TextField(blank=True, help_text="Sealed.")),
                ("old_secret", models.TextField(blank=True, help_text="Sealed; opens beside the new one for a while.")),
                ("old_secret_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "told_at",
                    models.DateTimeField(blank=True, help_text="When its host last told us something.", null=True),
                ),
                (
                    "refused_at",
                    models.DateTimeField(blank=True, help_text="When a webhook last showed a wrong secret.", null=True),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("read_trouble", models.CharField(blank=True, max_length=500)),
                ("read_place", models.JSONField(blank=True, default=dict, help_text="Up to where it has been read.")),
                (
                    "component",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.component",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=100)),
                ("sha", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("is_prerelease", models.BooleanField(default=False)),
                ("tagged_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "repository",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="releases", to="fixes.repository"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["repository", "sha"], name="fix_release_sha")],
                "constraints": [models.UniqueConstraint(fields=("repository", "version"), name="fix_release_once")],
            },
        ),
        migrations.AddField(
            model_name="pullrequest",
            name="repository",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pulls", to="fixes.repository"
            ),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("ci", "test run"), ("reproduction", "reproduction")], default="ci", max_length=12
                    ),
                ),
                ("sha", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("passed", "passed"),
                            ("failed", "failed"),
                            ("running", "running"),
                            ("skipped", "skipped"),
                        ],
                        max_length=8,
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "repository",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="fixes.repository"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("repository", "sha", "kind", "name"), name="fix_evidence_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Deployment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120)),
                ("sha", models.CharField(blank=True, max_length=64)),
                ("ref", models.CharField(blank=True, max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("passed", "succeeded"),
                            ("failed", "failed"),
                            ("running", "under way"),
                            ("skipped", "off"),
                        ],
                        max_length=8,
                    ),
                ),
                ("passed_at", models.DateTimeField(blank=True, help_text="When it first succeeded.", null=True)),
                ("at", models.DateTimeField()),
                ("url", models.CharField(blank=True, max_length=500)),
                (
                    "environment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deployments", to="fixes.environment"
                    ),
                ),
                (
                    "repository",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deployments", to="fixes.repository"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["repository", "sha"], name="fix_deployment_sha"),
                    models.Index(fields=["environment", "-passed_at"], name="fix_deployment_now"),
                ],
                "constraints": [models.UniqueConstraint(fields=("repository", "key"), name="fix_deployment_once")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivery_id", models.CharField(max_length=120)),
                ("event", models.CharField(max_length=80)),
                (
                    "digest",
                    models.CharField(help_text="Of the body: a copy under another id is a repeat too.", max_length=64),
                ),
                ("body", models.TextField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("used", "used"),
                            ("unused", "nothing for us"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "repository",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="fixes.repository",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["repository", "-id"], name="fix_delivery_log"),
                    models.Index(fields=["at"], name="fix_delivery_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("repository", "delivery_id"), name="fix_delivery_once"),
                    models.UniqueConstraint(fields=("repository", "digest"), name="fix_delivery_body_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="commit",
            name="repository",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="commits", to="fixes.repository"
            ),
        ),
        migrations.CreateModel(
            name="Ancestry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("child", models.CharField(max_length=64)),
                ("parent", models.CharField(max_length=64)),
                (
                    "repository",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="fixes.repository",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("repository", "parent", "child"), name="fix_ancestry_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="TrackerIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "is being opened"),
                            ("opened", "opened"),
                            ("failed", "could not be opened"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "mark",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=24, unique=True),
                ),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("key", models.CharField(blank=True, max_length=60)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("told_title", models.CharField(blank=True, max_length=500)),
                (
                    "told_closed",
                    models.BooleanField(default=False, help_text="Whether it was closed there when last looked at."),
                ),
                ("told_over", models.BooleanField(default=False, help_text="Whether the problem was over then.")),
                ("said", models.JSONField(blank=True, default=list, help_text="Ids of comments that are ours.")),
                ("asked_by", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("synced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="issues", to="problems.problem"
                    ),
                ),
                (
                    "tracker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="issues", to="fixes.tracker"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tracker", "problem"), name="one_issue_a_tracker")]
            },
        ),
        migrations.CreateModel(
            name="TrackerWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField()),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("remote_id", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="fixes.trackerissue"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="pullrequest",
            constraint=models.UniqueConstraint(fields=("repository", "number"), name="fix_pull_once"),
        ),
        migrations.AddConstraint(
            model_name="commit",
            constraint=models.UniqueConstraint(fields=("repository", "sha"), name="fix_commit_once"),
        ),
    ]
