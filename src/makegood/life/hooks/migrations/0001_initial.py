import django.db.models.deletion
import makegood.lib.keys
import makegood.life.hooks.models
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("name", models.CharField(max_length=100)),
                ("url", models.CharField(max_length=500)),
                (
                    "kinds",
                    models.JSONField(default=list, help_text='Ledger kinds, or groups such as "report.*". Empty: all.'),
                ),
                (
                    "include_words",
                    models.BooleanField(default=False, help_text="Whether what people wrote is told too."),
                ),
                ("secret", models.TextField(help_text="Sealed.")),
                ("old_secret", models.TextField(blank=True, help_text="Sealed; signs beside the new one for a while.")),
                ("old_secret_until", models.DateTimeField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "off_reason",
                    models.CharField(blank=True, help_text="Why it was switched off by itself.", max_length=300),
                ),
                ("off_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0, help_text="Tries in a row that failed.")),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("rests_until", models.DateTimeField(blank=True, help_text="Nothing is sent before.", null=True)),
                ("taken_at", models.DateTimeField(blank=True, help_text="When it last took something.", null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("leased_by", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=makegood.life.hooks.models.delivery_key, editable=False, max_length=40, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("report_number", models.BigIntegerField(blank=True, null=True)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("failed", "failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("last_status", models.PositiveSmallIntegerField(default=0)),
                ("last_reason", models.CharField(blank=True, max_length=500)),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.ledgerentry",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="hooks.endpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["endpoint", "next_at", "id"], name="hook_due"
                    ),
                    models.Index(fields=["endpoint", "-id"], name="hook_log"),
                    models.Index(fields=["made_at"], name="hook_made"),
                    models.Index(fields=["entry"], name="hook_entry"),
                ],
                "constraints": [models.UniqueConstraint(fields=("endpoint", "entry"), name="hook_told_once")],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(default=0, help_text="0: there was no answer.")),
                ("answer", models.TextField(blank=True, help_text="Its first kilobyte.")),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="hooks.delivery"
                    ),
                ),
            ],
        ),
    ]
