import django.db.models.deletion
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
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("mention", "you were mentioned"),
                            ("handed", "it was handed to you"),
                            ("watched", "you watch it"),
                            ("came_back", "it came back, and it is yours"),
                            ("doubted", "it may have come back, and it is yours"),
                            ("action", "an action of it is up to you"),
                            ("unhappy", "somebody is unhappy with us, and you call them"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "called",
                    models.CharField(
                        blank=True, help_text="By which handle, if by a team's or a skill's.", max_length=80
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.ledgerentry"
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="problems.problem",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agent", "-id"], name="notice_of"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["agent"], name="notice_unread"),
                ],
                "constraints": [models.UniqueConstraint(fields=("agent", "entry"), name="noticed_once")],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watches", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="problems.problem",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("report", None), _negated=True),
                        fields=("agent", "report"),
                        name="one_watch_of_a_report",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("problem", None), _negated=True),
                        fields=("agent", "problem"),
                        name="one_watch_of_a_problem",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("report", None), ("problem", None), _connector="XOR"),
                        name="watch_of_one_thing",
                    ),
                ]
            },
        ),
    ]
