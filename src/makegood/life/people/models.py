"""Organisations, contacts, agents, teams and duty rotas."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.lib.keys import public_key
from makegood.life.people import roles
from makegood.life.people.actors import Actor

UNNAMED, ERASED = _("somebody unnamed"), _("somebody whose data was erased")


class Organisation(models.Model):
    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    name = models.CharField(max_length=200)
    is_key_account = models.BooleanField(default=False)
    plan = models.CharField(max_length=40, blank=True, help_text="Plan or tier, as the billing system calls it.")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person outside: whoever reports. Found by e-mail address in canonical (lower-case) form."""

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, unique=True, null=True, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True, db_index=True)
    second_email = models.EmailField(max_length=254, blank=True)
    preferred_way = models.CharField(
        max_length=10, choices=[("email", _("e-mail")), ("phone", _("phone"))], default="email"
    )
    member_number = models.CharField(max_length=40, blank=True, db_index=True)
    plan = models.CharField(max_length=40, blank=True, help_text="Plan or tier; empty: as their organisation.")
    language = models.CharField(max_length=8, default="en")
    time_zone = models.CharField(max_length=64, blank=True)
    mail_problem = models.CharField(max_length=300, blank=True, help_text="Why mail to this address fails, if it does.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.called or str(ERASED if self.is_erased else UNNAMED)

    @property
    def called(self) -> str:
        """What they are known by; empty if we know nothing. ``str`` says that in words, which only suits a screen."""
        return self.name or self.email or self.phone or ""

    @property
    def is_erased(self) -> bool:
        """Nobody can reach them any more: erasing leaves no preferred way, everybody else has one."""
        return not self.preferred_way

    @property
    def actor(self) -> Actor:
        return Actor("contact", self.pk, self.called, roles.REPORTER)


class AccountNote(models.Model):
    """A lasting remark on a contact or organisation that every agent sees first (E2)."""

    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="notes"
    )
    text = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    is_pinned = models.BooleanField(default=True)


class Skill(models.Model):
    """Something people know: what one asks for when one does not know whom."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Agents(BaseUserManager["Agent"]):
    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(email=(username or "").strip().lower())


class Agent(AbstractBaseUser):
    """Anybody who signs in to the console, whatever the role."""

    ROLES = [
        (roles.AGENT, _("Agent")),
        (roles.ENGINEER, _("Engineer")),
        (roles.LEAD, _("Lead")),
        (roles.ADMIN, _("Admin")),
    ]
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=12, choices=ROLES, default=roles.AGENT)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="en")
    time_zone = models.CharField(max_length=64, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    page_webhook = models.URLField(blank=True, help_text=_("Where to page this person besides mail."))
    is_service = models.BooleanField(
        default=False, help_text=_("A program of yours: works through the API, never signs in, is never on duty.")
    )
    preferences = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    teams: models.ManyToManyField[Team, Membership] = models.ManyToManyField(
        "Team", through="Membership", related_name="agents"
    )

    skills = models.ManyToManyField(Skill, blank=True, related_name="agents")

    objects = Agents()

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor("agent", self.pk, self.name, self.role)

    def may(self, action: str) -> bool:
        return self.is_active and roles.may(self.role, action)


class Team(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    is_technical = models.BooleanField(default=False, help_text=_("Receives escalations."))
    lead = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")
    manager = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="manages")
    executive = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="oversees")
    email = models.EmailField(blank=True)
    page_webhook = models.URLField(blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "team"], name="one_membership")]


class Shift(models.Model):
    """A stretch of duty of one team. ``weekday`` set: every week at these local times; else from/until once.

    A one-off shift (an override) beats a weekly one of the same level. ``until`` at or before ``starts`` on a weekly
    shift means the next morning.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="shifts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="shifts")
    level = models.PositiveSmallIntegerField(default=1, help_text=_("1 is paged first, 2 is the backup."))
    weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("0 Monday to 6 Sunday."))
    starts = models.TimeField(null=True, blank=True)
    until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)


class ApiToken(models.Model):
    """What a program shows to act as ``agent`` through the API. Only hashes of its secrets rest here.

    After a rotation the earlier secret (``previous_hash``) stays good until ``previous_until``.
    """

    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=12, help_text=_("How the secret begins, to tell one from another."))
    token_hash = models.CharField(max_length=64, unique=True)
    previous_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    scopes = models.JSONField(default=list)
    origins = models.JSONField(default=list, blank=True, help_text=_("Exact origins whose pages may use it."))
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    rotated_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class OneTimeLink(models.Model):
    """First-admin set-up, invitation or new password: used once, by POST, before it expires."""

    purpose = models.CharField(max_length=12, choices=[(p, p) for p in ("setup", "invite", "password")])
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
