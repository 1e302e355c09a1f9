import django.db.models.deletion
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
            name="BookStamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("is_default", models.BooleanField(default=False)),
                ("country", models.CharField(blank=True, help_text="For public holidays, such as DE.", max_length=2)),
                ("subdivision", models.CharField(blank=True, help_text="Such as BY for Bavaria.", max_length=6)),
                ("teams", models.ManyToManyField(blank=True, related_name="calendars", to="people.team")),
            ],
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("time_zone", models.CharField(max_length=64)),
                ("blocks", models.JSONField(default=dict, help_text='Weekday to blocks: {"0": [["08:00", "12:00"]]}.')),
                ("holidays", models.JSONField(default=dict, help_text='Day to name: {"2026-12-25": "Christmas Day"}.')),
                ("valid_from", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="promises.calendar"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledge", "acknowledge"),
                            ("hear_back", "hear_back"),
                            ("next_update", "next_update"),
                            ("after_escalation", "after_escalation"),
                            ("accept", "accept"),
                            ("first_answer", "first_answer"),
                            ("follow_up", "follow_up"),
                            ("confirm", "confirm"),
                            ("recovery", "recovery"),
                            ("action", "action"),
                            ("public_news", "public_news"),
                            ("rca", "rca"),
                            ("verify", "verify"),
                            ("review", "review"),
                            ("compensation", "compensation"),
                            ("article_review", "article_review"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "critical"), ("high", "high"), ("medium", "medium"), ("low", "low")],
                        max_length=10,
                    ),
                ),
                ("target_minutes", models.PositiveIntegerField()),
                ("is_business", models.BooleanField(help_text="Counts open hours only; else by the wall clock.")),
                ("at_risk_percent", models.PositiveSmallIntegerField(default=80)),
                (
                    "rungs",
                    models.JSONField(default=list, help_text='The ladder: [{"after_minutes": 0, "whom": "backup"}].'),
                ),
                ("valid_from", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("reason", models.TextField(blank=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the team's, else the default.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="promises.calendar",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        blank=True, help_text="What it is about if not a report, such as problem:12.", max_length=40
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledge", "acknowledge"),
                            ("hear_back", "hear_back"),
                            ("next_update", "next_update"),
                            ("after_escalation", "after_escalation"),
                            ("accept", "accept"),
                            ("first_answer", "first_answer"),
                            ("follow_up", "follow_up"),
                            ("confirm", "confirm"),
                            ("recovery", "recovery"),
                            ("action", "action"),
                            ("public_news", "public_news"),
                            ("rca", "rca"),
                            ("verify", "verify"),
                            ("review", "review"),
                            ("compensation", "compensation"),
                            ("article_review", "article_review"),
                        ],
                        max_length=20,
                    ),
                ),
                ("owed_to", models.CharField(help_text="reporter, team or ourselves.", max_length=10)),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "critical"), ("high", "high"), ("medium", "medium"), ("low", "low")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("made_by", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("counted_from", models.DateTimeField(help_text="made_at, or when it was last timed anew.")),
                ("timing", models.PositiveSmallIntegerField(default=1, help_text="How often it has been timed.")),
                (
                    "cycle",
                    models.PositiveSmallIntegerField(default=0, help_text="How often the report had been reopened."),
                ),
                (
                    "named_at",
                    models.DateTimeField(blank=True, help_text="The time named to somebody, if one was.", null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("paused", "paused"), ("kept", "kept"), ("withdrawn", "withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("at_risk_at", models.DateTimeField()),
                (
                    "next_step_at",
                    models.DateTimeField(blank=True, help_text="When the sweep must look at it again.", null=True),
                ),
                ("broken_at", models.DateTimeField(blank=True, null=True)),
                ("kept_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hours",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="None: wall clock.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promises.calendarversion",
                    ),
                ),
                (
                    "kept_by_message",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.message",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.message",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promises.policy",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promises",
                        to="reports.report",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["next_step_at"], name="promise_next_step"
                    ),
                    models.Index(fields=["report", "id"], name="promise_report"),
                    models.Index(fields=["due_at"], name="promise_due"),
                    models.Index(condition=models.Q(("state", "open")), fields=["due_at"], name="promise_open_due"),
                    models.Index(condition=models.Q(("state", "paused")), fields=["due_at"], name="promise_paused_due"),
                    models.Index(
                        condition=models.Q(("about", ""), _negated=True), fields=["about", "id"], name="promise_about"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="PromiseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("timing", models.PositiveSmallIntegerField(default=1)),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=0, help_text="The rung, or the how manieth pause."),
                ),
                ("moment", models.DateTimeField(help_text="When it was to happen.")),
                (
                    "at",
                    models.DateTimeField(
                        help_text="When it was noticed: later than its moment if the worker was away."
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("reason", models.TextField(blank=True)),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "promise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="promises.promise",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("promise", "kind", "timing", "number"), name="one_step_each")
                ]
            },
        ),
    ]
