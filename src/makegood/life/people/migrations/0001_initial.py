import django.db.models.deletion
import makegood.lib.keys
from django.conf import settings
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Agent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[("agent", "Agent"), ("engineer", "Engineer"), ("lead", "Lead"), ("admin", "Admin")],
                        default="agent",
                        max_length=12,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("language", models.CharField(default="en", max_length=8)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("page_webhook", models.URLField(blank=True, help_text="Where to page this person besides mail.")),
                (
                    "is_service",
                    models.BooleanField(
                        default=False,
                        help_text="A program of yours: works through the API, never signs in, is never on duty.",
                    ),
                ),
                ("preferences", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("name", models.CharField(max_length=200)),
                ("is_key_account", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "plan",
                    models.CharField(
                        blank=True, help_text="Plan or tier, as the billing system calls it.", max_length=40
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("name", models.CharField(max_length=100)),
                ("hint", models.CharField(help_text="How the secret begins, to tell one from another.", max_length=12)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("previous_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("previous_until", models.DateTimeField(blank=True, null=True)),
                ("scopes", models.JSONField(default=list)),
                (
                    "origins",
                    models.JSONField(blank=True, default=list, help_text="Exact origins whose pages may use it."),
                ),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=200)),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("setup", "setup"), ("invite", "invite"), ("password", "password")], max_length=12
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254, null=True, unique=True)),
                ("email_verified_at", models.DateTimeField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, db_index=True, max_length=40)),
                ("second_email", models.EmailField(blank=True, max_length=254)),
                (
                    "preferred_way",
                    models.CharField(choices=[("email", "e-mail"), ("phone", "phone")], default="email", max_length=10),
                ),
                ("member_number", models.CharField(blank=True, db_index=True, max_length=40)),
                ("language", models.CharField(default="en", max_length=8)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                (
                    "mail_problem",
                    models.CharField(
                        blank=True, help_text="Why mail to this address fails, if it does.", max_length=300
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contacts",
                        to="people.organisation",
                    ),
                ),
                (
                    "plan",
                    models.CharField(
                        blank=True, help_text="Plan or tier; empty: as their organisation.", max_length=40
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccountNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("is_pinned", models.BooleanField(default=True)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="people.contact",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="people.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agent",
            name="skills",
            field=models.ManyToManyField(blank=True, related_name="agents", to="people.skill"),
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("is_technical", models.BooleanField(default=False, help_text="Receives escalations.")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("page_webhook", models.URLField(blank=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "executive",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="oversees",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="leads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="manages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(default=1, help_text="1 is paged first, 2 is the backup.")),
                ("weekday", models.PositiveSmallIntegerField(blank=True, help_text="0 Monday to 6 Sunday.", null=True)),
                ("starts", models.TimeField(blank=True, null=True)),
                ("until", models.TimeField(blank=True, null=True)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to="people.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agent", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="people.team")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("agent", "team"), name="one_membership")]},
        ),
        migrations.AddField(
            model_name="agent",
            name="teams",
            field=models.ManyToManyField(related_name="agents", through="people.Membership", to="people.team"),
        ),
    ]
