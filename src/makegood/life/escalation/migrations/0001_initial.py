import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = [
        ("people", "0001_initial"),
        ("promises", "0001_initial"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "critical"), ("high", "high"), ("medium", "medium"), ("low", "low")],
                        max_length=10,
                    ),
                ),
                (
                    "cycle",
                    models.PositiveSmallIntegerField(default=0, help_text="How often the report had been reopened."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be accepted"),
                            ("accepted", "accepted"),
                            ("asked_back", "question to the desk"),
                            ("answered", "answered"),
                            ("handed_back", "handed back"),
                            ("solved", "solved"),
                            ("called_off", "called off"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="What the desk says to the technical team.")),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("document", models.JSONField(default=dict, help_text="The error document as it was handed over.")),
                ("document_sha256", models.CharField(blank=True, max_length=64)),
                ("completeness", models.PositiveSmallIntegerField(default=0)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("asked_back_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, help_text="The first technical answer.", null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="accepted_escalations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "component",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.component",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="escalations", to="reports.report"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="people.team"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["team", "state", "at"], name="escalation_queue"
                    ),
                    models.Index(fields=["report", "-id"], name="escalation_report"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("report",), name="one_open_escalation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                (
                    "about",
                    models.CharField(
                        blank=True, help_text="What it is about if it is no report: problem:12.", max_length=40
                    ),
                ),
                ("whom", models.CharField(help_text="duty, backup, team, lead, manager or executive.", max_length=12)),
                (
                    "wanted",
                    models.CharField(
                        blank=True, help_text="Whom the ladder named, if nobody was there.", max_length=12
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("channel", models.CharField(max_length=12)),
                ("address", models.CharField(max_length=500)),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "queued"), ("sent", "sent"), ("failed", "failed")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.TextField(blank=True, help_text="Why it failed, or waits.")),
                ("at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="escalation.escalation",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pages",
                        to="reports.outgoingmail",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="promises.promise",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="reports.report",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pages",
                        to="people.team",
                    ),
                ),
            ],
            options={"ordering": ["id"], "indexes": [models.Index(fields=["report", "-id"], name="page_report")]},
        ),
        migrations.CreateModel(
            name="TechnicalNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "question to the desk"),
                            ("answer_back", "answer of the desk"),
                            ("answer", "technical answer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="escalation.escalation"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        help_text="The internal note.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reports.message",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
    ]
