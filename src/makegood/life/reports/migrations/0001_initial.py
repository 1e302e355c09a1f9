import django.db.models.deletion
import makegood.lib.keys
from django.conf import settings
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):
    initial = True
    dependencies = [("people", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("verb", models.CharField(max_length=20)),
                ("arguments", models.JSONField(default=dict)),
                ("ids", models.JSONField(default=list, help_text="Reports still as chosen, in order.")),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("failures", models.JSONField(default=list, help_text='[{"number": "MG-1", "why": "…"}]')),
                ("entries", models.JSONField(default=list, help_text="Ledger entries written, for undo.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                            ("undoing", "undoing"),
                            ("undone", "undone"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulk_runs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("names", models.JSONField(default=dict, help_text="The agents' word, per language.")),
                ("reporter_names", models.JSONField(default=dict, help_text="The reporter's words, per language.")),
                (
                    "hints",
                    models.JSONField(default=dict, help_text="An example a reporter would recognise, per language."),
                ),
                (
                    "alternatives",
                    models.JSONField(default=dict, help_text="A safe way to get on meanwhile, per language."),
                ),
                ("default_severity", models.CharField(default="medium", max_length=10)),
                (
                    "is_question",
                    models.BooleanField(default=False, help_text="How-to and where-do-I-find: not an error."),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "default_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={"ordering": ["position", "slug"]},
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="components",
                        to="people.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(help_text="What customers read beside the address.", max_length=100)),
                ("address", models.EmailField(max_length=254, unique=True)),
                (
                    "aliases",
                    models.JSONField(blank=True, default=list, help_text="Further addresses that end up here."),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("imap", "IMAP mailbox"),
                            ("smtp", "SMTP listener of ours"),
                            ("pipe", "command or pipe"),
                        ],
                        default="imap",
                        max_length=6,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "signatures",
                    models.JSONField(blank=True, default=dict, help_text="Below the messages of people, per language."),
                ),
                (
                    "authserv_id",
                    models.CharField(
                        blank=True,
                        help_text="How our own mail server names itself in Authentication-Results.",
                        max_length=253,
                    ),
                ),
                ("host", models.CharField(blank=True, max_length=253)),
                ("port", models.PositiveIntegerField(default=993)),
                ("tls", models.CharField(default="implicit", help_text="implicit, starttls or none.", max_length=8)),
                ("user", models.CharField(blank=True, max_length=254)),
                ("secret", models.TextField(blank=True, help_text="Password or OAuth2 refresh token, encrypted.")),
                (
                    "oauth",
                    models.JSONField(
                        blank=True, default=dict, help_text="Token address and client of an OAuth2 sign-in."
                    ),
                ),
                ("folder", models.CharField(default="INBOX", max_length=200)),
                (
                    "done_folder",
                    models.CharField(blank=True, help_text="Where filed mail is moved; empty: stays.", max_length=200),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "trouble",
                    models.CharField(blank=True, help_text="Why it could not be read last time.", max_length=500),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "changed_at",
                    models.DateTimeField(blank=True, help_text="A fetcher begins anew when it moves.", null=True),
                ),
                ("leased_by", models.CharField(blank=True, max_length=80)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("uid_validity", models.BigIntegerField(blank=True, null=True)),
                ("uid_mark", models.BigIntegerField(default=0)),
                ("uid_backlog", models.JSONField(blank=True, default=list)),
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
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mailboxes",
                        to="people.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("is_internal", models.BooleanField(default=False)),
                ("said_by", models.CharField(help_text="contact, agent or system.", max_length=10)),
                ("name", models.CharField(help_text="Of the speaker, as known then.", max_length=200)),
                ("body", models.TextField()),
                ("channel", models.CharField(default="web", max_length=10)),
                ("script", models.CharField(blank=True, max_length=60)),
                (
                    "named_time",
                    models.DateTimeField(blank=True, help_text="The time this message promises news by.", null=True),
                ),
                ("is_final", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("visible_at", models.DateTimeField(help_text="When it leaves the undo window.")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(blank=True, max_length=80, null=True, unique=True)),
                (
                    "rfc_id",
                    models.CharField(blank=True, help_text="The Message-ID of the mail it came as.", max_length=200),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        help_text="Of the mail it came as, if its sender is proved: fit to be repeated.",
                        max_length=250,
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
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.contact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="What caused it; makes a second one impossible.", max_length=120, unique=True
                    ),
                ),
                ("purpose", models.CharField(max_length=30)),
                ("to_email", models.EmailField(max_length=254)),
                ("to_name", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(default="en", max_length=8)),
                ("subject", models.CharField(max_length=250)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                (
                    "rfc_id",
                    models.CharField(
                        help_text="The Message-ID header, fixed before the first try.", max_length=200, unique=True
                    ),
                ),
                ("in_reply_to", models.CharField(blank=True, max_length=200)),
                (
                    "references",
                    models.TextField(
                        blank=True, help_text="Message-IDs of the thread, oldest first, separated by spaces."
                    ),
                ),
                (
                    "from_email",
                    models.CharField(blank=True, help_text="Empty: the desk's one address.", max_length=254),
                ),
                ("from_name", models.CharField(blank=True, max_length=200)),
                ("reply_to", models.CharField(blank=True, max_length=254)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                ("bounce_reason", models.CharField(blank=True, max_length=500)),
                ("is_automatic", models.BooleanField(default=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("sending", "sending"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("held", "held"),
                            ("withdrawn", "withdrawn"),
                            ("suppressed", "suppressed"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("send_after", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_reason", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mails",
                        to="reports.message",
                    ),
                ),
                (
                    "unsubscribe_url",
                    models.CharField(
                        blank=True,
                        help_text="Where one POST ends mails of this sort: surveys and status news only.",
                        max_length=500,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["send_after", "id"],
                        name="mail_due",
                    ),
                    models.Index(fields=["to_email", "made_at"], name="mail_recipient"),
                ]
            },
        ),
        migrations.CreateModel(
            name="MailAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=12)),
                ("reason", models.TextField(blank=True)),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="reports.outgoingmail"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("error", "error"), ("question", "question")], default="error", max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("investigating", "investigating"),
                            ("cause_found", "cause found"),
                            ("fixing", "fix on its way"),
                            ("solved", "solved, not confirmed"),
                            ("closed", "closed"),
                        ],
                        default="received",
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
                (
                    "severity_rank",
                    models.PositiveSmallIntegerField(default=2, help_text="0 critical to 3 low, for order and ranges."),
                ),
                (
                    "hindrance",
                    models.CharField(
                        blank=True, help_text="blocked, workaround or cosmetic, as the reporter says.", max_length=12
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "web form"),
                            ("phone", "phone"),
                            ("mail", "mail"),
                            ("api", "API"),
                            ("widget", "widget"),
                        ],
                        default="web",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "environment",
                    models.JSONField(
                        blank=True, default=dict, help_text="browser, os, device, page, screen: facts of the machine."
                    ),
                ),
                (
                    "completeness",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Percent of the error document that is known."
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
                ("received_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("first_answered_at", models.DateTimeField(blank=True, null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "close_reason",
                    models.CharField(
                        blank=True, help_text="confirmed, silence, answered, withdrawn, duplicate, spam.", max_length=20
                    ),
                ),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                ("waiting_for_reporter", models.BooleanField(default=False)),
                ("is_escalated", models.BooleanField(default=False)),
                (
                    "is_protected",
                    models.BooleanField(default=False, help_text="Only its team, its assignee and leads may see it."),
                ),
                ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                ("is_from_machine", models.BooleanField(default=False, help_text="No automatic mail ever answers it.")),
                ("last_said_at", models.DateTimeField(blank=True, null=True)),
                ("last_said_by", models.CharField(blank=True, help_text="contact, agent or system.", max_length=10)),
                ("version", models.PositiveIntegerField(default=1)),
                ("owed_at", models.DateTimeField(blank=True, null=True)),
                ("owed_kind", models.CharField(blank=True, max_length=20)),
                (
                    "owed_state",
                    models.CharField(blank=True, help_text="running, at_risk, broken or paused.", max_length=10),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reports.category",
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="reports.component",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="people.contact"
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="duplicates",
                        to="reports.report",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The earlier report this one goes on from; never shown to the reporter of either.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followed_by",
                        to="reports.report",
                    ),
                ),
                ("labels", models.ManyToManyField(blank=True, related_name="reports", to="reports.label")),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="It came by.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="reports.mailbox",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="people.organisation",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="people.team",
                    ),
                ),
                (
                    "technical_team",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom it was last escalated to; the desk's own team stays, it owes the reporter their news.",
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
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["owed_at", "id"],
                        name="report_owed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["team", "owed_at", "id"],
                        name="report_team_owed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["assignee", "owed_at", "id"],
                        name="report_mine_owed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["state", "owed_at"],
                        name="report_state_owed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["priority", "owed_at", "id"],
                        name="report_priority",
                    ),
                    models.Index(
                        condition=models.Q(models.Q(("state", "closed"), _negated=True), ("is_escalated", True)),
                        fields=["owed_at", "id"],
                        name="report_escalated",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("waiting_for_reporter", True)
                        ),
                        fields=["owed_at", "id"],
                        name="report_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed")), fields=["-closed_at", "-id"], name="report_closed"
                    ),
                    models.Index(fields=["-received_at", "-id"], name="report_received"),
                    models.Index(fields=["contact", "-received_at"], name="report_contact"),
                    models.Index(fields=["organisation", "-received_at"], name="report_organisation"),
                    models.Index(
                        condition=models.Q(("follows", None), _negated=True), fields=["follows"], name="report_follows"
                    ),
                    models.Index(
                        condition=models.Q(("first_answered_at", None), _negated=True),
                        fields=["first_answered_at"],
                        name="report_answered",
                    ),
                    models.Index(
                        condition=models.Q(("solved_at", None), _negated=True),
                        fields=["solved_at"],
                        name="report_solved",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ReplyAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reply_addresses", to="people.contact"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reply_addresses", to="reports.report"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["report", "contact"], name="reply_address_of")]},
        ),
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_marks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="read_marks", to="reports.report"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("report", "agent"), name="one_read_mark")]},
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("accepted", "taking part"), ("declined", "declined")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(help_text="copied, forwarded, wrote, invited or original_sender.", max_length=20),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="takes_part", to="people.contact"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="participants", to="reports.report"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("report", "contact"), name="one_participant")]},
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="report",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mails",
                to="reports.report",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="reports.report"
            ),
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        blank=True,
                        help_text="What else it tells of, further up in life, such as problem:12.",
                        max_length=40,
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_name", models.CharField(max_length=200)),
                ("data", models.JSONField(blank=True, default=dict)),
                ("reason", models.TextField(blank=True)),
                (
                    "key",
                    models.CharField(
                        blank=True, help_text="Makes a repeat impossible.", max_length=120, null=True, unique=True
                    ),
                ),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ledger",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["report", "id"], name="ledger_report"),
                    models.Index(condition=models.Q(("delivered_at", None)), fields=["id"], name="ledger_undelivered"),
                    models.Index(fields=["kind", "at"], name="ledger_kind"),
                    models.Index(
                        condition=models.Q(("about", ""), _negated=True), fields=["about", "id"], name="ledger_about"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_internal", models.BooleanField(default=False)),
                ("body", models.TextField(blank=True)),
                ("updated_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="reports.report"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("report", "agent", "is_internal"), name="one_draft")]
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True),
                ),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("storage_key", models.CharField(max_length=80)),
                ("thumbnail_key", models.CharField(blank=True, max_length=80)),
                ("is_picture", models.BooleanField(default=False)),
                ("is_internal", models.BooleanField(default=False)),
                ("added_by", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attachments",
                        to="reports.message",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccessLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="people.contact"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="reports.report"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=400)),
                ("is_pinned", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=100)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="views",
                        to="people.team",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(model_name="outgoingmail", index=models.Index(fields=["report", "id"], name="mail_report")),
        migrations.AddIndex(model_name="message", index=models.Index(fields=["report", "id"], name="message_report")),
    ]
