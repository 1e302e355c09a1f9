"""The verbs about staff accounts. They stand here and not in ``people`` because they write the ledger.

A one-time link (first admin, invitation, forgotten password) opens by GET and is used up by POST. Its token is shown
once to whoever makes it and kept only as a hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.keys import secret_token, token_hash
from makegood.life.people import roles
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.directory import canonical_email
from makegood.life.people.models import Agent, Membership, OneTimeLink, Team
from makegood.life.reports import ledger, setup

VALID_FOR = {"setup": timedelta(days=1), "invite": timedelta(days=7), "password": timedelta(hours=4)}


class LinkSpent(Refusal):
    """The link is unknown, used or too old."""


class WeakPassword(Refusal):
    """The password is too easy to guess; the sentence says how to do better."""


class WrongPassword(Refusal):
    """The present password was not right."""


class NotAllowed(Refusal):
    """The change would lock everybody out or is not one's own to make."""


def make_one_time_link(purpose: str, *, at: datetime, agent: Agent | None = None, by: Actor = SYSTEM) -> str:
    """Make the link and return its token; earlier unused ones for the same purpose and person end."""
    token = secret_token()
    with transaction.atomic():
        OneTimeLink.objects.filter(purpose=purpose, agent=agent, used_at=None).update(used_at=at)
        OneTimeLink.objects.create(
            purpose=purpose,
            agent=agent,
            token_hash=token_hash(token),
            made_at=at,
            expires_at=at + VALID_FOR[purpose],
        )
        data = {"purpose": purpose, "agent": agent.pk if agent else None, "name": str(agent or "")}
        ledger.record(None, "staff.link_made", by=by, at=at, data=data)
    return token


def first_admin_link(*, at: datetime) -> str:
    """The token of a set-up link, while nobody can sign in yet. Raises NotAllowed afterwards."""
    if Agent.objects.filter(is_active=True).exists():
        raise NotAllowed(_("There are people already; an admin invites others from the console."))
    return make_one_time_link("setup", at=at)


def find_link(token: str, *, now: datetime) -> OneTimeLink:
    """The usable link behind ``token``. Raises LinkSpent, which does not tell unknown from used or too old."""
    link = OneTimeLink.objects.select_related("agent").filter(token_hash=token_hash(token or "-")).first()
    spent = link is None or link.used_at is not None or link.expires_at <= now
    if link is None or spent or (link.agent is not None and not link.agent.is_active):
        raise LinkSpent(_("This link has been used or is too old. Ask for a new one."))
    return link


def use_link(token: str, *, password: str, at: datetime, name: str = "", email: str = "") -> Agent:
    """Set the password the link is for and use it up; a set-up link makes the first admin.

    Raises LinkSpent, WeakPassword, NotAllowed.
    """
    with transaction.atomic():
        found = find_link(token, now=at)
        link = OneTimeLink.objects.select_for_update().select_related(None).get(pk=found.pk)
        if link.used_at is not None:
            raise LinkSpent(_("This link has been used or is too old. Ask for a new one."))
        if link.agent_id is None and Agent.objects.filter(is_active=True).exists():
            raise NotAllowed(_("There are people already; an admin invites others from the console."))
        agent = found.agent or Agent(email=canonical_email(email), name=name.strip(), role=roles.ADMIN, created_at=at)
        _set_password(agent, password)
        OneTimeLink.objects.filter(pk=link.pk).update(used_at=at)
        ledger.record(None, "staff.joined", by=agent.actor, at=at, data={"agent": agent.pk, "purpose": link.purpose})
    return agent


def invite(*, name: str, email: str, role: str, teams: Iterable[Team], by: Actor, at: datetime) -> tuple[Agent, str]:
    """Add a person who cannot sign in before using the link; return both the person and the link's token."""
    address = canonical_email(email)
    if Agent.objects.filter(email=address).exists():
        raise NotAllowed(_("%(email)s is here already. Change the person instead.") % {"email": address})
    with transaction.atomic():
        agent = Agent(email=address, name=name.strip(), role=role, created_at=at)
        agent.set_unusable_password()
        agent.save()
        Membership.objects.bulk_create(Membership(agent=agent, team=team) for team in teams)
        data = {"agent": agent.pk, "name": agent.name, "role": role}
        ledger.record(None, "staff.invited", by=by, at=at, data=data)
        token = make_one_time_link("invite", at=at, agent=agent, by=by)
    return agent, token


def change_password(agent: Agent, *, present: str, new: str, at: datetime) -> None:
    """Raises WrongPassword, WeakPassword."""
    if not agent.check_password(present):
        raise WrongPassword(_("That is not your present password."))
    with transaction.atomic():
        _set_password(agent, new)
        ledger.record(None, "staff.password_changed", by=agent.actor, at=at, data={"agent": agent.pk})


def change_person(agent: Agent, fields: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Set name, role, activity … of a person. Raises NotAllowed for what would lock oneself or everybody out."""
    demoted = fields.get("role", agent.role) != agent.role or fields.get("is_active", True) != agent.is_active
    if demoted and agent.pk == by.id:
        raise NotAllowed(_("You cannot change your own role or switch yourself off. Ask another admin."))
    before = {name: getattr(agent, name) for name in fields}
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return
    with transaction.atomic():
        if demoted and agent.role == roles.ADMIN and not _other_admins(agent):
            raise NotAllowed(_("There must be at least one admin who can sign in."))
        Agent.objects.filter(pk=agent.pk).update(**changed)
        for name, value in changed.items():
            setattr(agent, name, value)
        was = setup.veiled({name: before[name] for name in changed})
        data = {"agent": agent.pk, "name": agent.name, "from": was, "to": setup.veiled(changed)}
        ledger.record(None, "staff.changed", by=by, at=at, data=data)


def set_teams(agent: Agent, teams: Iterable[Team], *, by: Actor, at: datetime) -> None:
    """Make the person a member of exactly these teams."""
    wanted = {team.pk: team for team in teams}
    with transaction.atomic():
        before = dict(agent.teams.values_list("pk", "name"))
        if set(before) == set(wanted):
            return
        Membership.objects.filter(agent=agent).exclude(team__in=wanted).delete()
        Membership.objects.bulk_create(Membership(agent=agent, team=wanted[pk]) for pk in wanted if pk not in before)
        names = {"from": {"teams": sorted(before.values())}, "to": {"teams": sorted(t.name for t in wanted.values())}}
        ledger.record(None, "staff.changed", by=by, at=at, data={"agent": agent.pk, "name": agent.name, **names})


def prefer(agent: Agent, **preferences: Any) -> None:
    """Keep how a person likes the console: keys, theme, density. Nobody's business, so no ledger."""
    merged = {**agent.preferences, **preferences}
    if merged != agent.preferences:
        Agent.objects.filter(pk=agent.pk).update(preferences=merged)
        agent.preferences = merged


def _other_admins(agent: Agent) -> bool:
    return Agent.objects.filter(role=roles.ADMIN, is_active=True).exclude(pk=agent.pk).exists()


def _set_password(agent: Agent, password: str) -> None:
    try:
        validate_password(password, agent)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from None
    agent.set_password(password)
    agent.save()
