"""Who works at the desk of Fairfield Health, who is on duty when, and who its members are."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from makegood.demo.stories import FIRST, LAST, ORGANISATIONS
from makegood.life.people import roles
from makegood.life.people.models import AccountNote, Agent, Contact, Membership, Organisation, Shift, Team

# Printed by `makegood demo`; demo data only ever lives in a data directory of its own.
PASSWORD = "keep-every-promise"  # noqa: S105

# name, role, teams; the first of each role is the demo login.
STAFF = (
    ("Dora Dahl", roles.AGENT, ("member-desk",)),
    ("Eve Eriksen", roles.ENGINEER, ("portal-platform",)),
    ("Emil Ek", roles.LEAD, ("member-desk",)),
    ("Ada Adeyemi", roles.ADMIN, ()),
    ("Noah Nilsen", roles.AGENT, ("member-desk",)),
    ("Mina Marsh", roles.AGENT, ("member-desk",)),
    ("Tom Tanaka", roles.AGENT, ("member-desk",)),
    ("Ines Ibarra", roles.ENGINEER, ("portal-platform", "member-data")),
    ("Raj Rao", roles.ENGINEER, ("member-data",)),
    ("Sofia Sand", roles.ENGINEER, ("sign-in",)),
    ("Max Meyer", roles.ENGINEER, ("sign-in", "portal-platform")),
    ("Greta Gold", roles.LEAD, ("portal-platform", "member-data", "sign-in")),
)

TEAMS = (
    ("member-desk", "Member desk", False),
    ("portal-platform", "Portal platform", True),
    ("member-data", "Member data", True),
    ("sign-in", "Sign-in and accounts", True),
)

# Of the members drawn for the key account one in so many stays: on a real desk most of what comes is not theirs.
KEY_ACCOUNT_SHARE = 8


def email_of(name: str) -> str:
    return f"{name.split()[0].lower()}@fairfield.example"


def add_staff(now: datetime) -> dict[str, Agent]:
    """Agents by first name, in their teams, with rotas round the clock for the technical ones."""
    begun = now - timedelta(days=90)
    password = make_password(PASSWORD)
    teams = {
        slug: Team.objects.update_or_create(slug=slug, defaults={"name": name, "is_technical": technical})[0]
        for slug, name, technical in TEAMS
    }
    agents: dict[str, Agent] = {}
    for name, role, slugs in STAFF:
        agent, _made = Agent.objects.get_or_create(
            email=email_of(name), defaults={"name": name, "role": role, "password": password, "created_at": begun}
        )
        agents[name.split()[0]] = agent
        Membership.objects.bulk_create(
            [Membership(agent=agent, team=teams[slug]) for slug in slugs], ignore_conflicts=True
        )
    for team in teams.values():
        team.lead = agents["Greta"] if team.is_technical else agents["Emil"]
        team.manager = team.executive = agents["Ada"]
        team.save()
        _add_rota(team)
    return agents


def _add_rota(team: Team) -> None:
    """Each weekday a first and a backup, turning through the team; nights of the member data team have a gap."""
    if team.shifts.exists():
        return
    people = [agent for agent in team.agents.order_by("pk") if agent.role in (roles.AGENT, roles.ENGINEER)]
    shifts = []
    for weekday in range(7):
        for level in (1, 2):
            if level == 2 and len(people) < 2:
                continue
            who = people[(weekday + level) % len(people)]
            starts, until = (time(8), time(20)) if team.slug == "member-data" else (time(0), time(0))
            if weekday >= 5 and not team.is_technical:
                continue
            shifts.append(Shift(team=team, agent=who, level=level, weekday=weekday, starts=starts, until=until))
    Shift.objects.bulk_create(shifts)


def add_members(now: datetime, chance: random.Random, count: int = 120) -> list[Contact]:
    """Members with addresses that can never be real ones (RFC 2606 names), in six organisations."""
    begun = now - timedelta(days=200)
    organisations = [
        Organisation.objects.create(name=name, is_key_account=position == 0, created_at=begun)
        for position, name in enumerate(ORGANISATIONS)
    ]
    members: list[Contact] = []
    seen: set[str] = set()
    while len(members) < count:
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        if name in seen:
            continue
        seen.add(name)
        employer = chance.choice(organisations)
        if employer == organisations[0] and len(members) % KEY_ACCOUNT_SHARE:
            employer = organisations[1 + len(members) % (len(organisations) - 1)]
        members.append(
            Contact(
                name=name,
                email=f"{name.lower().replace(' ', '.')}@mail.example",
                email_verified_at=begun if chance.random() < 0.7 else None,
                phone=f"+1 555 01{chance.randrange(10, 99)} {chance.randrange(100, 999)}",
                member_number=f"FH{chance.randrange(1_000_000, 9_999_999)}",
                organisation=employer,
                language="en",
                preferred_way="phone" if len(members) % 5 == 0 else "email",
                created_at=begun + timedelta(days=chance.randrange(100)),
            )
        )
    Contact.objects.bulk_create(members)
    AccountNote.objects.create(
        organisation=organisations[0],
        text="Key account: 1,400 members. Their benefits office wants to hear of anything that touches coverage.",
        by_name="Emil Ek",
        at=now - timedelta(days=30),
    )
    return list(Contact.objects.filter(email__endswith="@mail.example").order_by("pk"))
