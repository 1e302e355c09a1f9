"""The cast: everybody who appears in tests, made once per test that asks for them.

Ana reports; Ben is her colleague; Cem is with another company. Dora is an agent, Emil a lead, Eve an engineer,
Ada an admin. Fay signs in nowhere and may do nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from makegood.life.people.models import Agent, Contact, Membership, Organisation, Team

# A Monday in winter, 10:00 in Berlin: business hours, no daylight saving.
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PASSWORD = "a well kept promise"


@cache
def _hashed() -> str:
    """The password as it rests: hashed once, because a good hash takes its time."""
    return make_password(PASSWORD)


@dataclass
class Cast:
    acme: Organisation
    other: Organisation
    desk: Team
    platform: Team
    ana: Contact
    ben: Contact
    cem: Contact
    dora: Agent
    emil: Agent
    eve: Agent
    ada: Agent
    fay: Agent


def make_cast() -> Cast:
    acme = Organisation.objects.create(name="Acme Health Plan", created_at=MONDAY)
    other = Organisation.objects.create(name="Other Company", created_at=MONDAY)
    desk = Team.objects.create(slug="desk", name="Member desk")
    platform = Team.objects.create(slug="platform", name="Portal platform", is_technical=True)

    def contact(name: str, organisation: Organisation, language: str = "en") -> Contact:
        email = f"{name.split()[0].lower()}@example.org"
        return Contact.objects.create(
            name=name, email=email, organisation=organisation, language=language, created_at=MONDAY
        )

    def agent(name: str, role: str, *teams: Team) -> Agent:
        person = Agent(email=f"{name.split()[0].lower()}@desk.example", name=name, role=role, created_at=MONDAY)
        person.password = _hashed()
        person.save()
        Membership.objects.bulk_create(Membership(agent=person, team=team) for team in teams)
        return person

    cast = Cast(
        acme=acme,
        other=other,
        desk=desk,
        platform=platform,
        ana=contact("Ana Alvarez", acme),
        ben=contact("Ben Brandt", acme, "de"),
        cem=contact("Cem Celik", other),
        dora=agent("Dora Dahl", "agent", desk),
        emil=agent("Emil Ek", "lead", desk),
        eve=agent("Eve Eriksen", "engineer", platform),
        ada=agent("Ada Adeyemi", "admin"),
        fay=agent("Fay Fox", "agent"),
    )
    Agent.objects.filter(pk=cast.fay.pk).update(is_active=False)
    cast.fay.refresh_from_db()
    desk.lead = platform.lead = cast.emil
    desk.save()
    platform.save()
    return cast
