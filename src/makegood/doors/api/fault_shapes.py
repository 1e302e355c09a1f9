"""How problems go out. Words for us and words for the public are apart."""

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from pydantic import BaseModel, Field

from makegood.doors.api.shapes import PersonRef, person, slug_of
from makegood.life.problems.models import Problem


class ProblemRow(BaseModel):
    """A problem as lists show it."""

    number: Annotated[str, Field(description="PRB-n, the name people say.")]
    key: str
    title: str
    state: str
    severity: str
    is_known_error: Annotated[bool, Field(description="Cause or workaround known, and no fix yet.")]
    is_public: bool
    is_protected: bool
    category: str | None
    team: str | None
    owner: PersonRef | None
    reports_count: int
    people_count: Annotated[int, Field(description="People, counted once each.")]
    organisations_count: int
    next_news_at: Annotated[datetime | None, Field(description="When the public was promised to hear more.")]
    last_news_at: datetime | None
    opened_at: datetime
    updated_at: datetime
    last_joined_at: datetime | None
    released_at: datetime | None
    fixed_in: str
    watching_until: datetime | None
    resolved_at: datetime | None
    came_back_at: datetime | None
    came_back_count: int
    merged_into: str | None
    version: int
    url: Annotated[str, Field(description="Where people look at it.")]


class PublicWords(BaseModel):
    """What reporters read, language to words."""

    titles: dict[str, str]
    texts: dict[str, str]
    workarounds: dict[str, str]


class ProblemOut(ProblemRow):
    """A problem with all that is known."""

    symptom: str
    signatures: list[str]
    affected_versions: list[str]
    components: list[str]
    cause: str
    workaround: str
    fix: str
    opened_by: str
    public: PublicWords


def problem_row(problem: Problem) -> ProblemRow:
    return ProblemRow(**_row(problem))


def problem_out(problem: Problem) -> ProblemOut:
    words = {name: getattr(problem, f"public_{name}") for name in PublicWords.model_fields}
    plain = ("symptom", "signatures", "affected_versions", "cause", "workaround", "fix", "opened_by")
    return ProblemOut(
        **_row(problem),
        **{name: getattr(problem, name) for name in plain},
        components=sorted(problem.components.values_list("slug", flat=True)),
        public=PublicWords(**words),
    )


def _row(problem: Problem) -> dict[str, Any]:
    """Everything of the row; ``category``, ``team`` and ``owner`` are best fetched before."""
    special = {
        "category": slug_of(problem.category),
        "team": slug_of(problem.team),
        "owner": person(problem.owner),
        "merged_into": f"PRB-{problem.merged_into_id}" if problem.merged_into_id else None,
        "url": f"{settings.BASE_URL}/console/problems/{problem.number}/",
    }
    plain = {name: getattr(problem, name) for name in ProblemRow.model_fields if name not in special}
    return plain | special
