"""The heart: a report, what was said, what happened, what is attached, who may look, what we mail."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.people.models import ERASED, UNNAMED, Agent, Contact, Organisation, Team
from makegood.life.reports import state_words, states


class Category(models.Model):
    """A kind of error the desk knows (A2). Questions and safe steps hang on it from ``diagnosis``."""

    slug = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(default=dict, help_text=_("The agents' word, per language."))
    reporter_names = models.JSONField(default=dict, help_text=_("The reporter's words, per language."))
    hints = models.JSONField(default=dict, help_text=_("An example a reporter would recognise, per language."))
    alternatives = models.JSONField(default=dict, help_text=_("A safe way to get on meanwhile, per language."))
    default_severity = models.CharField(max_length=10, default=states.MEDIUM)
    default_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_question = models.BooleanField(default=False, help_text=_("How-to and where-do-I-find: not an error."))
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "slug"]


class Component(models.Model):
    """A part of the product; owned by the technical team that receives its escalations."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="components")
    is_active = models.BooleanField(default=True)


class Label(models.Model):
    name = models.SlugField(max_length=40, unique=True)


class Mailbox(models.Model):
    """An address customers write to, how its mail reaches us, and what is true of the reports that come by it."""

    KINDS = [
        ("imap", _("IMAP mailbox")),
        ("smtp", _("SMTP listener of ours")),
        ("pipe", _("command or pipe")),
    ]

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100, help_text=_("What customers read beside the address."))
    address = models.EmailField(max_length=254, unique=True)
    aliases = models.JSONField(default=list, blank=True, help_text=_("Further addresses that end up here."))
    kind = models.CharField(max_length=6, choices=KINDS, default="imap")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="mailboxes")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=8, default="en")
    signatures = models.JSONField(default=dict, blank=True, help_text=_("Below the messages of people, per language."))
    authserv_id = models.CharField(
        max_length=253, blank=True, help_text=_("How our own mail server names itself in Authentication-Results.")
    )
    host = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(default=993)
    tls = models.CharField(max_length=8, default="implicit", help_text=_("implicit, starttls or none."))
    user = models.CharField(max_length=254, blank=True)
    secret = models.TextField(blank=True, help_text=_("Password or OAuth2 refresh token, encrypted."))
    oauth = models.JSONField(default=dict, blank=True, help_text=_("Token address and client of an OAuth2 sign-in."))
    folder = models.CharField(max_length=200, default="INBOX")
    done_folder = models.CharField(max_length=200, blank=True, help_text=_("Where filed mail is moved; empty: stays."))
    is_active = models.BooleanField(default=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=500, blank=True, help_text=_("Why it could not be read last time."))
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True, help_text="A fetcher begins anew when it moves.")
    # Only the holder of the lease fetches. Up to ``uid_mark`` all is done, but for what waited when we began.
    leased_by = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    uid_validity = models.BigIntegerField(null=True, blank=True)
    uid_mark = models.BigIntegerField(default=0)
    uid_backlog = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.address


class Report(models.Model):
    """One customer's error report; MG-n where n is the primary key."""

    SEVERITIES = [
        (states.CRITICAL, _("critical")),
        (states.HIGH, _("high")),
        (states.MEDIUM, _("medium")),
        (states.LOW, _("low")),
    ]
    STATES = state_words.OF_ERROR
    CHANNELS = [
        ("web", _("web form")),
        ("phone", _("phone")),
        ("mail", _("mail")),
        ("api", _("API")),
        ("widget", _("widget")),
    ]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    title = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=10, choices=[("error", _("error")), ("question", _("question"))], default="error"
    )
    state = models.CharField(max_length=16, choices=STATES, default=states.RECEIVED)
    severity = models.CharField(max_length=10, choices=SEVERITIES, default=states.MEDIUM)
    severity_rank = models.PositiveSmallIntegerField(default=2, help_text="0 critical to 3 low, for order and ranges.")
    hindrance = models.CharField(
        max_length=12, blank=True, help_text="blocked, workaround or cosmetic, as the reporter says."
    )
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    component = models.ForeignKey(Component, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    assignee = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    channel = models.CharField(max_length=10, choices=CHANNELS, default="web")
    mailbox = models.ForeignKey(
        Mailbox,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        db_index=False,
        help_text="It came by.",
    )
    language = models.CharField(max_length=8, default="en")
    environment = models.JSONField(
        default=dict, blank=True, help_text="browser, os, device, page, screen: facts of the machine."
    )
    completeness = models.PositiveSmallIntegerField(default=0, help_text="Percent of the error document that is known.")
    # Kept by ``problems.ranking``; what a person decided stands beside what was computed.
    priority = models.PositiveSmallIntegerField(default=3, help_text="1 now to 4 when it fits.")
    priority_why = models.JSONField(default=dict, blank=True, help_text="value, impact and reasons as computed.")
    priority_by = models.CharField(max_length=200, blank=True, help_text="Who overruled it, if somebody did.")
    priority_reason = models.TextField(blank=True)

    received_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(
        max_length=20, blank=True, help_text="confirmed, silence, answered, withdrawn, duplicate, spam."
    )
    reopened_count = models.PositiveSmallIntegerField(default=0)
    waiting_for_reporter = models.BooleanField(default=False)
    is_escalated = models.BooleanField(default=False)
    technical_team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Whom it was last escalated to; the desk's own team stays, it owes the reporter their news.",
    )
    is_protected = models.BooleanField(default=False, help_text="Only its team, its assignee and leads may see it.")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="followed_by",
        db_index=False,
        help_text="The earlier report this one goes on from; never shown to the reporter of either.",
    )
    is_from_machine = models.BooleanField(default=False, help_text="No automatic mail ever answers it.")
    last_said_at = models.DateTimeField(null=True, blank=True)
    last_said_by = models.CharField(max_length=10, blank=True, help_text="contact, agent or system.")
    labels = models.ManyToManyField(Label, blank=True, related_name="reports")
    version = models.PositiveIntegerField(default=1)

    # What is owed next; kept in step by promises in the same transaction, so that the queue can be an index walk.
    owed_at = models.DateTimeField(null=True, blank=True)
    owed_kind = models.CharField(max_length=20, blank=True)
    owed_state = models.CharField(max_length=10, blank=True, help_text="running, at_risk, broken or paused.")

    class Meta:
        indexes = [
            models.Index(fields=["owed_at", "id"], name="report_owed", condition=~Q(state="closed")),
            models.Index(fields=["team", "owed_at", "id"], name="report_team_owed", condition=~Q(state="closed")),
            models.Index(fields=["assignee", "owed_at", "id"], name="report_mine_owed", condition=~Q(state="closed")),
            models.Index(fields=["state", "owed_at"], name="report_state_owed", condition=~Q(state="closed")),
            models.Index(fields=["priority", "owed_at", "id"], name="report_priority", condition=~Q(state="closed")),
            models.Index(
                fields=["owed_at", "id"], name="report_escalated", condition=~Q(state="closed") & Q(is_escalated=True)
            ),
            models.Index(
                fields=["owed_at", "id"],
                name="report_waiting",
                condition=~Q(state="closed") & Q(waiting_for_reporter=True),
            ),
            models.Index(fields=["-closed_at", "-id"], name="report_closed", condition=Q(state="closed")),
            models.Index(fields=["-received_at", "-id"], name="report_received"),
            models.Index(fields=["contact", "-received_at"], name="report_contact"),
            models.Index(fields=["organisation", "-received_at"], name="report_organisation"),
            models.Index(fields=["follows"], name="report_follows", condition=Q(follows__isnull=False)),
            # For the tallies of a day; a new report is in neither.
            models.Index(
                fields=["first_answered_at"], name="report_answered", condition=Q(first_answered_at__isnull=False)
            ),
            models.Index(fields=["solved_at"], name="report_solved", condition=Q(solved_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"MG-{self.pk}"

    @property
    def is_open(self) -> bool:
        return states.is_open(self.state)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Django's own, in the words of its kind."""
        return state_words.word(self.kind, self.state)


class Message(models.Model):
    """One utterance. ``is_internal`` ones are notes: reporter-facing code reads only ``access.public_messages``."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="messages")
    is_internal = models.BooleanField(default=False)
    said_by = models.CharField(max_length=10, help_text="contact, agent or system.")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200, help_text="Of the speaker, as known then.")
    body = models.TextField()
    channel = models.CharField(max_length=10, default="web")
    script = models.CharField(max_length=60, blank=True)
    named_time = models.DateTimeField(null=True, blank=True, help_text="The time this message promises news by.")
    is_final = models.BooleanField(default=False)
    at = models.DateTimeField()
    visible_at = models.DateTimeField(help_text="When it leaves the undo window.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=80, unique=True, null=True, blank=True)
    rfc_id = models.CharField(max_length=200, blank=True, help_text="The Message-ID of the mail it came as.")
    subject = models.CharField(
        max_length=250, blank=True, help_text="Of the mail it came as, if its sender is proved: fit to be repeated."
    )

    class Meta:
        indexes = [models.Index(fields=["report", "id"], name="message_report")]


class LedgerEntry(models.Model):
    """One thing that happened: history, audit trail, outbox of reactions, source of webhooks. Append-only."""

    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="ledger")
    about = models.CharField(
        max_length=40, blank=True, help_text="What else it tells of, further up in life, such as problem:12."
    )
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=200)
    data = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, help_text="Makes a repeat impossible.")
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["report", "id"], name="ledger_report"),
            models.Index(fields=["id"], name="ledger_undelivered", condition=Q(delivered_at=None)),
            models.Index(fields=["kind", "at"], name="ledger_kind"),
            models.Index(fields=["about", "id"], name="ledger_about"),
            models.Index(fields=["at", "id"], name="ledger_at"),
        ]

    @property
    def who(self) -> str:
        """Whoever did it, for a screen; erasing takes the name and marks the data."""
        return self.actor_name or str(ERASED if self.data.get("erased") else UNNAMED)


class Attachment(models.Model):
    """A file of a report. The bytes lie in ``engine.files`` under ``storage_key``; the name is words only."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="attachments")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=80)
    thumbnail_key = models.CharField(max_length=80, blank=True)
    is_picture = models.BooleanField(default=False)
    is_internal = models.BooleanField(default=False)
    added_by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)


class AccessLink(models.Model):
    """A reporter's secret link to their report: hashed, expiring, revocable."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)


class Participant(models.Model):
    """Somebody besides the reporter who may follow and speak on a report. Proposed by a mail, accepted by a person."""

    STATES = [("proposed", _("proposed")), ("accepted", _("taking part")), ("declined", _("declined"))]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="participants")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="takes_part")
    state = models.CharField(max_length=10, choices=STATES, default="proposed")
    why = models.CharField(max_length=20, help_text="copied, forwarded, wrote, invited or original_sender.")
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "contact"], name="one_participant")]


class ReplyAddress(models.Model):
    """The secret part of the Reply-To one person gets for one report: 160 bits, only its hash rests here."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="reply_addresses")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="reply_addresses")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["report", "contact"], name="reply_address_of")]


class OutgoingMail(models.Model):
    """One mail to one person, kept as a row from the moment it is decided until long after it left."""

    STATES = [(s, s) for s in ("queued", "sending", "sent", "failed", "held", "withdrawn", "suppressed")]

    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="mails")
    key = models.CharField(max_length=120, unique=True, help_text="What caused it; makes a second one impossible.")
    purpose = models.CharField(max_length=30)
    to_email = models.EmailField(max_length=254)
    to_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en")
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    rfc_id = models.CharField(
        max_length=200, unique=True, help_text="The Message-ID header, fixed before the first try."
    )
    in_reply_to = models.CharField(max_length=200, blank=True)
    references = models.TextField(blank=True, help_text="Message-IDs of the thread, oldest first, separated by spaces.")
    from_email = models.CharField(max_length=254, blank=True, help_text="Empty: the desk's one address.")
    from_name = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    unsubscribe_url = models.CharField(
        max_length=500, blank=True, help_text="Where one POST ends mails of this sort: surveys and status news only."
    )
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.CharField(max_length=500, blank=True)
    is_automatic = models.BooleanField(default=True)
    state = models.CharField(max_length=12, choices=STATES, default="queued")
    made_at = models.DateTimeField()
    send_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_reason = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "send_after", "id"], name="mail_state"),
            models.Index(fields=["to_email", "made_at"], name="mail_recipient"),
            models.Index(fields=["report", "id"], name="mail_report"),
        ]


class MailAttempt(models.Model):
    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    reason = models.TextField(blank=True)


class SavedView(models.Model):
    """A named query of the queue; of one agent, or of a team, or of everybody."""

    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="views")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="views")
    is_pinned = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)


class Draft(models.Model):
    """What an agent is typing on a report; survives a crash, shown to others as 'draft by …'."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    is_internal = models.BooleanField(default=False)
    body = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "agent", "is_internal"], name="one_draft")]


class KeptForm(models.Model):
    """A form of the console a colleague has half filled in, as it would be sent; survives a crash and a closed tab.

    Without a report: the call being taken. ``dropped_at``: thrown away, and may be taken back for a moment.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="kept_forms")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="kept_forms")
    name = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "agent", "name"], name="one_kept_form"),
            models.UniqueConstraint(
                fields=["agent", "name"], condition=models.Q(report__isnull=True), name="one_kept_form_without_report"
            ),
        ]
        indexes = [
            models.Index(fields=["updated_at"], name="kept_form_age"),
            models.Index(
                fields=["dropped_at"], condition=models.Q(dropped_at__isnull=False), name="kept_form_thrown_away"
            ),
        ]


class ReadMark(models.Model):
    """How far an agent has read a report, by message id: the unread dot and the stale-reply stop."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="read_marks")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="read_marks")
    message_id = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "agent"], name="one_read_mark")]


class BulkRun(models.Model):
    """One change over many reports, done by a job: how far it is, what failed, and what to take back."""

    STATES = [(s, s) for s in ("queued", "running", "done", "cancelled", "undoing", "undone")]

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="bulk_runs")
    verb = models.CharField(max_length=20)
    arguments = models.JSONField(default=dict)
    ids = models.JSONField(default=list, help_text="Reports still as chosen, in order.")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list, help_text='[{"number": "MG-1", "why": "…"}]')
    entries = models.JSONField(default=list, help_text="Ledger entries written, for undo.")
    state = models.CharField(max_length=10, choices=STATES, default="queued")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
