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
            name="Csat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.PositiveSmallIntegerField(help_text="1 very bad to 5 very good.")),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.contact",
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="csat", to="reports.report"
                    ),
                ),
                (
                    "effort",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="How easy we made it: 1 not at all to 7 very.", null=True
                    ),
                ),
                ("explained_at", models.DateTimeField(blank=True, null=True)),
                ("reasons", models.JSONField(blank=True, default=list, help_text="What it was about, such as speed.")),
            ],
            options={
                "indexes": [models.Index(fields=["-at", "-id"], name="csat_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 5)), name="csat_one_to_five"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effort", None), models.Q(("effort__gte", 1), ("effort__lte", 7)), _connector="OR"
                        ),
                        name="csat_effort_one_to_seven",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cycle", models.PositiveSmallIntegerField(default=0)),
                ("cause", models.TextField(blank=True)),
                ("solution", models.TextField()),
                ("reporter_words", models.TextField(help_text="What we told the reporter.")),
                ("to_do", models.TextField(blank=True, help_text="What the reporter needs to do.")),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(help_text="The state before, for undo.", max_length=16)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "it works for me"), ("no", "not solved"), ("not_yet", "not checked yet")],
                        max_length=8,
                    ),
                ),
                ("answer_words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                (
                    "remind_at",
                    models.DateTimeField(
                        blank=True, help_text="The next step of silence: remind, or close.", null=True
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="resolutions", to="reports.report"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["report", "-id"], name="resolution_report"),
                    models.Index(
                        condition=models.Q(("remind_at__isnull", False)), fields=["remind_at"], name="resolution_silent"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(choices=[("call", "call"), ("mail", "mail")], max_length=6)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("works", "it works for them"),
                            ("not_solved", "it is not solved"),
                            ("not_yet", "they have not checked yet"),
                            ("no_answer", "asked; no answer so far"),
                            ("not_reached", "not reached; we try again"),
                            ("no_calls", "wants no calls"),
                        ],
                        max_length=12,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
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
                    "promise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="promises.promise",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_ups", to="reports.report"
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="follow_ups",
                        to="aftercare.resolution",
                    ),
                ),
                (
                    "before",
                    models.JSONField(blank=True, default=dict, help_text="What was owed and answered, for undo."),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="FeedbackTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data", models.JSONField(default=dict)),
                ("valid_from", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "why",
                    models.JSONField(default=list, help_text='[{"score": 2}, {"words": ["useless"], "message": 12}]'),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(help_text="By when the first call was owed.")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("reached_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("made_good", "made good with them"),
                            ("still_unhappy", "reached, still unhappy"),
                            ("nothing_wanted", "reached, they want nothing"),
                            ("not_reached", "not reached; we try again"),
                            ("no_calls", "wants no calls"),
                        ],
                        max_length=16,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                ("by_name", models.CharField(blank=True, max_length=200)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("asked_again_at", models.DateTimeField(blank=True, null=True)),
                ("score_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("score_after_at", models.DateTimeField(blank=True, null=True)),
                (
                    "csat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="aftercare.csat",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recoveries", to="reports.report"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["report", "-id"], name="recovery_report")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("report",), name="one_open_recovery"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score_after", None),
                            models.Q(("score_after__gte", 1), ("score_after__lte", 5)),
                            _connector="OR",
                        ),
                        name="recovery_score_one_to_five",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("made_good", "made good with them"),
                            ("still_unhappy", "reached, still unhappy"),
                            ("nothing_wanted", "reached, they want nothing"),
                            ("not_reached", "not reached; we try again"),
                            ("no_calls", "wants no calls"),
                        ],
                        max_length=16,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("before", models.JSONField(blank=True, default=dict, help_text="What was owed, for undo.")),
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
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="aftercare.recovery"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                (
                    "release",
                    models.CharField(
                        blank=True, help_text="Which the report came from, as far as known.", max_length=100
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.category",
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
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.contact",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.outgoingmail",
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="survey", to="reports.report"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["asked_at"], name="survey_asked")]},
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("no_surveys_at", models.DateTimeField(blank=True, null=True)),
                ("no_calls_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by_name",
                    models.CharField(blank=True, help_text="Who wrote down that they want no calls.", max_length=200),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wish", to="people.contact"
                    ),
                ),
            ],
        ),
    ]
