"""Their names of categories, components, teams and people, found among ours; looked up once for a whole import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.life.people.models import Agent, Team
from makegood.life.reports.models import Category, Component
from makegood.life.transfer.foreign import ForeignReport


@dataclass(frozen=True)
class Catalogue:
    """Names in small letters to keys."""

    categories: dict[str, int]
    components: dict[str, int]
    teams: dict[str, Team]
    agents: dict[str, int]
    default_team: Team | None

    def unknown(self, report: ForeignReport) -> Iterable[tuple[str, str]]:
        """(field, name) for each name of ``report`` that means nothing here."""
        for field, given, known in (
            ("category", report.category, self.categories),
            ("component", report.component, self.components),
            ("team", report.team, self.teams),
            ("assignee", report.assignee, self.agents),
        ):
            if given and folded(given) not in known:
                yield field, given


def read() -> Catalogue:
    """The catalogue as it stands now."""
    categories: dict[str, int] = {}
    for category in Category.objects.all():
        for name in (*category.names.values(), *category.reporter_names.values(), category.slug):
            categories[folded(name)] = category.pk
    agents = list(Agent.objects.order_by("is_active", "pk"))
    teams = list(Team.objects.order_by("-pk"))
    desk = [team for team in reversed(teams) if team.is_active and not team.is_technical]
    return Catalogue(
        categories=categories,
        components={folded(name): c.pk for c in Component.objects.all() for name in (c.name, c.slug)},
        teams={folded(name): team for team in teams for name in (team.name, team.slug)},
        agents={folded(name): agent.pk for agent in agents for name in (agent.name, agent.email)},
        default_team=desk[0] if desk else None,
    )


def folded(name: str) -> str:
    return " ".join(name.lower().split())
