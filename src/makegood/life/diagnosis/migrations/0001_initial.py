import django.db.models.deletion
from django.db import migrations, models

from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="LearnedField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=10, unique=True)),
                ("kept", models.BinaryField(default=bytes)),
                ("stamp", models.CharField(blank=True, help_text="Another with every fit.", max_length=16)),
                ("lessons", models.PositiveIntegerField(default=0)),
                ("right", models.FloatField(default=0, help_text="Share it told right of what it had not seen.")),
                ("learnt_to", models.DateTimeField(blank=True, null=True)),
                (
                    "wanted_at",
                    models.DateTimeField(blank=True, help_text="Since when it is worth learning anew.", null=True),
                ),
                ("leased_by", models.CharField(blank=True, max_length=80)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "texts",
                    models.JSONField(default=dict, help_text="The question as the reporter reads it, per language."),
                ),
                (
                    "labels",
                    models.JSONField(default=dict, help_text="Its short name in the error document, per language."),
                ),
                (
                    "hints",
                    models.JSONField(blank=True, default=dict, help_text="How to find the answer, per language."),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "words"),
                            ("choice", "one of several"),
                            ("moment", "a date and time"),
                            ("yes_no", "yes or no"),
                            ("file", "a picture or file"),
                        ],
                        default="text",
                        max_length=10,
                    ),
                ),
                (
                    "choices",
                    models.JSONField(blank=True, default=list, help_text='[{"value": …, "texts": {"en": …, "de": …}}]'),
                ),
                (
                    "fact",
                    models.SlugField(help_text="Which fact of the error document the answer fills.", max_length=40),
                ),
                ("weight", models.PositiveSmallIntegerField(default=3, help_text="What the fact is worth, 1 to 10.")),
                ("is_general", models.BooleanField(default=False, help_text="Worth asking whatever the category.")),
                ("is_active", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=100)),
            ],
            options={"ordering": ["position", "slug"]},
        ),
        migrations.CreateModel(
            name="SafeStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("titles", models.JSONField(default=dict)),
                ("what_it_does", models.JSONField(default=dict)),
                (
                    "cannot_break",
                    models.JSONField(default=dict, help_text="What it cannot harm, in the reporter's words."),
                ),
                ("instructions", models.JSONField(default=dict, help_text="One line a move, per language.")),
                (
                    "risk",
                    models.CharField(
                        choices=[("none", "changes nothing"), ("low", "changes something that comes back by itself")],
                        default="none",
                        max_length=10,
                    ),
                ),
                (
                    "not_when",
                    models.JSONField(
                        blank=True, default=list, help_text="Conditions under which it is not to be tried."
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={"ordering": ["position", "slug"]},
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("data", models.JSONField(blank=True, default=dict)),
                ("by_kind", models.CharField(max_length=10)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("form", "form"),
                            ("portal", "portal"),
                            ("mail", "mail"),
                            ("phone", "phone"),
                            ("agent", "agent"),
                            ("machine", "machine"),
                        ],
                        default="portal",
                        max_length=10,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="reports.report"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="diagnosis.question"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["report", "question", "-id"], name="answer_newest")]},
        ),
        migrations.CreateModel(
            name="AskRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("answered", "answered"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("remind_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="ask_requests",
                        to="reports.message",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ask_requests", to="reports.report"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["remind_at"], name="ask_to_remind"),
                    models.Index(fields=["report", "-id"], name="ask_report"),
                ]
            },
        ),
        migrations.CreateModel(
            name="FieldSuggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=10)),
                ("value", models.CharField(max_length=60)),
                ("confidence", models.FloatField()),
                ("words", models.JSONField(default=list, help_text="Words of this report that spoke for it.")),
                (
                    "alike",
                    models.PositiveIntegerField(
                        default=0, help_text="So many earlier reports with the first word were so."
                    ),
                ),
                ("alike_of", models.PositiveIntegerField(default=0)),
                ("stamp", models.CharField(help_text="Of the model that said so.", max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("taken", "taken"),
                            ("corrected", "corrected"),
                            ("declined", "declined"),
                            ("passed", "passed"),
                            ("dropped", "dropped"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=200)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="field_suggestions",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None), _negated=True),
                        fields=["settled_at"],
                        name="suggestion_settled",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("report", "field"), name="one_field_suggestion")],
            },
        ),
        migrations.CreateModel(
            name="CategoryQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="category_questions",
                        to="reports.category",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="category_questions",
                        to="diagnosis.question",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("category", "question"), name="one_category_question")],
            },
        ),
        migrations.CreateModel(
            name="AskedQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="settles",
                        to="diagnosis.answer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asked", to="diagnosis.askrequest"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="asked", to="diagnosis.question"
                    ),
                ),
            ],
            options={
                "ordering": ["question__position", "id"],
                "constraints": [models.UniqueConstraint(fields=("request", "question"), name="one_asked_question")],
            },
        ),
        migrations.CreateModel(
            name="CategoryStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="category_steps",
                        to="reports.category",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="category_steps",
                        to="diagnosis.safestep",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("category", "step"), name="one_category_step")],
            },
        ),
        migrations.CreateModel(
            name="StepTrial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("helped", "helped"),
                            ("did_not_help", "did not help"),
                            ("could_not", "could not be tried"),
                        ],
                        max_length=12,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                ("by_kind", models.CharField(max_length=10)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="trials", to="reports.report"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="trials", to="diagnosis.safestep"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
    ]
