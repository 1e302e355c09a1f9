import django.db.models.deletion
import makegood.lib.keys
from django.conf import settings
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = [
        ("people", "0001_initial"),
        ("problems", "0001_initial"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("kind", models.CharField(choices=[("news", "news"), ("fixed", "it is fixed")], max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("queued", "about to begin"),
                            ("running", "being told"),
                            ("done", "told"),
                            ("cancelled", "stopped"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("texts", models.JSONField(default=dict, help_text="The words, per language.")),
                (
                    "next_news_at",
                    models.DateTimeField(blank=True, help_text="News only: when they hear next.", null=True),
                ),
                ("made_by", models.CharField(max_length=200)),
                (
                    "evidence",
                    models.JSONField(
                        default=dict, help_text="What spoke for the fix, or against it, when it was sent."
                    ),
                ),
                (
                    "override_by",
                    models.CharField(
                        blank=True, help_text="Who let it go out without passing evidence.", max_length=200
                    ),
                ),
                ("override_reason", models.TextField(blank=True)),
                ("turn", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="announcements", to="problems.problem"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["problem", "-id"], name="announcement_problem")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=("problem",),
                        name="one_announcement_under_way",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("problem", "agent", "kind"),
                        name="one_announcement_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "not told yet"),
                            ("said", "told"),
                            ("skipped", "left alone"),
                            ("failed", "could not be told"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="Skipped: solved, closed or left. Failed: a sentence.", max_length=500
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mail", "mail"),
                            ("page", "page only, no e-mail address"),
                            ("elsewhere", "page, the mail goes to a newer report of theirs"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "it works"), ("no", "it does not work"), ("not_yet", "not checked yet")],
                        help_text="A fix only; empty: silent.",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="announcements.announcement",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.contact"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.message",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="announcements", to="reports.report"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["announcement", "state", "-report"], name="recipient_state")],
                "constraints": [models.UniqueConstraint(fields=("announcement", "report"), name="told_once")],
            },
        ),
    ]
