import django.db.models.deletion
import makegood.lib.keys
from django.conf import settings
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = [
        ("people", "0001_initial"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="PriorityTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data", models.JSONField(default=dict)),
                ("valid_from", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("investigating", "investigating"),
                            ("cause_known", "cause known"),
                            ("fixing", "fix under way"),
                            ("released", "released"),
                            ("watching", "watching"),
                            ("resolved", "resolved"),
                            ("came_back", "came back"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "critical"), ("high", "high"), ("medium", "medium"), ("low", "low")],
                        default="medium",
                        max_length=10,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=3, help_text="1 now to 4 when it fits.")),
                (
                    "priority_why",
                    models.JSONField(blank=True, default=dict, help_text="value, impact and reasons as computed."),
                ),
                (
                    "priority_by",
                    models.CharField(blank=True, help_text="Who overruled it, if somebody did.", max_length=200),
                ),
                ("priority_reason", models.TextField(blank=True)),
                ("symptom", models.TextField(blank=True, help_text="What people see, in plain words.")),
                (
                    "signatures",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Error messages, codes or frames that give it away, one each.",
                    ),
                ),
                ("cause", models.TextField(blank=True, help_text="Why it happens; for us.")),
                ("workaround", models.TextField(blank=True, help_text="How to get on meanwhile; for us.")),
                ("fix", models.TextField(blank=True, help_text="What was, or is to be, changed; for us.")),
                (
                    "affected_versions",
                    models.JSONField(blank=True, default=list, help_text="Releases that have the fault."),
                ),
                (
                    "is_protected",
                    models.BooleanField(default=False, help_text="Only its team, its owner and leads may see it."),
                ),
                (
                    "is_public",
                    models.BooleanField(default=False, help_text="Offered to reporters, with the public words only."),
                ),
                ("public_titles", models.JSONField(blank=True, default=dict, help_text="Per language.")),
                ("public_texts", models.JSONField(blank=True, default=dict, help_text="Per language.")),
                (
                    "public_workarounds",
                    models.JSONField(blank=True, default=dict, help_text="Safe steps only; per language."),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("next_news_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_news_at",
                    models.DateTimeField(blank=True, help_text="When the public last heard of it.", null=True),
                ),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=200)),
                ("updated_at", models.DateTimeField()),
                ("cause_known_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "fixed_in",
                    models.CharField(blank=True, help_text="The first release that contains the fix.", max_length=100),
                ),
                ("watching_until", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("came_back_at", models.DateTimeField(blank=True, null=True)),
                ("came_back_count", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("reports_count", models.PositiveIntegerField(default=0)),
                ("people_count", models.PositiveIntegerField(default=0)),
                ("organisations_count", models.PositiveIntegerField(default=0)),
                ("last_joined_at", models.DateTimeField(blank=True, null=True)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="problems",
                        to="reports.category",
                    ),
                ),
                ("components", models.ManyToManyField(blank=True, related_name="problems", to="reports.component")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="absorbed",
                        to="problems.problem",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="problems",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="problems",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "resolved"), _negated=True),
                        fields=["-updated_at", "-id"],
                        name="problem_unresolved",
                    ),
                    models.Index(fields=["-opened_at", "-id"], name="problem_opened"),
                    models.Index(condition=models.Q(("is_public", True)), fields=["id"], name="problem_public"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("agent", "by a colleague"),
                            ("reporter", "by the reporter"),
                            ("machine", "by a rule"),
                        ],
                        default="agent",
                        max_length=10,
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                ("joined_by", models.CharField(max_length=200)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("left_by", models.CharField(blank=True, max_length=200)),
                ("left_reason", models.TextField(blank=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="reports.report"
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="problems.problem"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_at", None)), fields=["problem", "-id"], name="membership_now"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)), fields=("report",), name="one_problem_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProblemNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("at", models.DateTimeField()),
                ("idempotency_key", models.CharField(blank=True, max_length=80, null=True, unique=True)),
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
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="problems.problem"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Surge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="When it was last more than usual.")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("count", models.PositiveIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("expected", models.FloatField()),
                ("chance", models.FloatField()),
                (
                    "reports",
                    models.JSONField(default=list, help_text="Numbers of the reports that made it, oldest first."),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="surges",
                        to="reports.category",
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="surges",
                        to="reports.component",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), models.Q(("category", None), _negated=True)),
                        fields=("category",),
                        name="one_surge_of_a_category",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), models.Q(("component", None), _negated=True)),
                        fields=("component",),
                        name="one_surge_of_a_component",
                    ),
                ]
            },
        ),
    ]
