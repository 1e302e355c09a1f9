"""Fixes: what a build, a deployment or a script knows of them, and how far they have come."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import BaseModel, Field, StringConstraints

from makegood.channels import code
from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Flag, Line, Moment, Taken
from makegood.life.fixes import queries, repositories, telling
from makegood.life.problems.access import access_problem

area = Area("Fixes", "Tell commits, releases, deployments and test runs; read how far a fix has come.")

RepositoryName = Annotated[
    str, Field(min_length=1, max_length=100, description="The name or the key of a repository set up in the console.")
]
Sha = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$"),
    Field(description="The whole name of a commit, in small letters."),
]
Outcome = Literal["passed", "failed", "running", "skipped"]
ProblemNumber = Annotated[str, Field(max_length=24, description="`PRB-3` or `3`.", examples=["PRB-3"])]
Url = Annotated[str, StringConstraints(strict=True, max_length=500)]
Version = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100, pattern=r"\S")]
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200, pattern=r"\S")]


class CommitIn(Taken):
    sha: Sha
    message: Annotated[str, StringConstraints(strict=True, max_length=20_000)]
    at: Annotated[Moment | None, Field(description="When it was made; now, if not given.")] = None
    author: Line = ""
    branch: Annotated[Line, Field(description="Where it is.")] = ""
    url: Url = ""
    parents: Annotated[list[Sha], Field(max_length=50, description="Commits that led up to it.")] = []


class CommitsIn(Taken):
    repository: RepositoryName
    commits: Annotated[list[CommitIn], Field(min_length=1, max_length=500)]


class ReleaseIn(Taken):
    repository: RepositoryName
    version: Version
    sha: Sha
    at: Annotated[Moment | None, Field(description="When it was released; now, if not given.")] = None
    name: Line = ""
    url: Url = ""
    is_prerelease: Flag = False


class DeploymentIn(Taken):
    repository: RepositoryName
    key: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=120)]
    environment: Version
    outcome: Outcome = "passed"
    sha: Annotated[Sha | None, Field(description="What was deployed; or name a version in `ref`.")] = None
    ref: Line = ""
    at: Annotated[Moment | None, Field(description="When that was; now, if not given.")] = None
    url: Url = ""


class EvidenceIn(Taken):
    repository: RepositoryName
    sha: Sha
    name: Name
    outcome: Outcome
    kind: Annotated[Literal["ci", "reproduction"], Field(description="A test run, or the error tried again.")] = "ci"
    at: Annotated[Moment | None, Field(description="When it ended; now, if not given.")] = None
    url: Url = ""


class HeardOut(BaseModel):
    """What came of it."""

    facts: int
    linked: Annotated[list[str], Field(description="Numbers of ours that a change was tied to.")]
    notes: Annotated[list[str], Field(description="What led nowhere, and why.")]


class TiedChangeOut(BaseModel):
    id: int
    name: str
    title: str
    url: str
    repository: str
    claims: Annotated[bool, Field(description="It says that it fixes the problem.")]
    is_merged: bool
    is_taken_back: bool
    release: Annotated[str | None, Field(description="The first release that contains it.")]


class PlaceOut(BaseModel):
    environment: str
    reaches_customers: bool
    has_it: bool
    since: datetime | None


class TestOut(BaseModel):
    name: str
    kind: str
    outcome: str
    sha: str
    at: datetime
    url: str


class CheckOut(BaseModel):
    id: int
    what: str
    outcome: str
    by: str
    at: datetime | None
    note: str


class FixOut(BaseModel):
    """The present fix of a problem."""

    problem: str
    state: str
    fixed_in: str
    is_tested: Annotated[bool, Field(description="It may be announced without somebody's override.")]
    missing: Annotated[list[str], Field(description="Why it may not, a sentence each.")]
    changes: list[TiedChangeOut]
    environments: list[PlaceOut]
    tests: list[TestOut]
    checks: list[CheckOut]
    rollback: str


@area.get("/problems/{number}/fix", scope="fixes:read", action="fix.view", ok=FixOut)
def read_fix(request: HttpRequest, number: ProblemNumber) -> Any:
    """Read how far the fix of a problem has come."""
    return shown(queries.board(access_problem(caller(request).agent, number)))


@area.post("/fixes/commits", scope="fixes:write", action="fix.edit", ok=HeardOut, status=200)
def tell_commits(request: HttpRequest, body: CommitsIn) -> Any:
    """Tell commits.

    One that says `Fixes MG-12` or `PRB-3` is tied to the problem. With `parents` it is known which releases contain it.
    Telling one again changes nothing.
    """
    now = caller(request).now
    commits = [
        code.CommitTold(one.sha, one.message, one.at or now, one.author, one.url, one.branch, tuple(one.parents))
        for one in body.commits
    ]
    return _tell(request, body.repository, *commits)


@area.post("/fixes/releases", scope="fixes:write", action="fix.edit", ok=HeardOut, status=200)
def tell_release(request: HttpRequest, body: ReleaseIn) -> Any:
    """Tell a release. The same version again changes nothing but what was not known."""
    moment = body.at or caller(request).now
    told = code.ReleaseTold(body.version, moment, body.sha, body.name, body.url, body.is_prerelease)
    return _tell(request, body.repository, told)


@area.post("/fixes/deployments", scope="fixes:write", action="fix.edit", ok=HeardOut, status=200)
def tell_deployment(request: HttpRequest, body: DeploymentIn) -> Any:
    """Tell a deployment. `key` is yours: what is told of one deployment again is told under the same."""
    moment = body.at or caller(request).now
    told = code.DeploymentTold(body.key, body.environment, body.outcome, moment, body.sha or "", body.ref, body.url)
    return _tell(request, body.repository, told)


@area.post("/fixes/evidence", scope="fixes:write", action="fix.edit", ok=HeardOut, status=200)
def tell_evidence(request: HttpRequest, body: EvidenceIn) -> Any:
    """Tell a test run. Of one name on one commit the latest counts."""
    moment = body.at or caller(request).now
    told = code.CheckTold(body.name, body.sha, body.outcome, moment, body.url, body.kind)
    return _tell(request, body.repository, told)


def _tell(request: HttpRequest, name: str, *facts: code.Fact) -> HeardOut:
    who = caller(request)
    heard = telling.tell(repositories.access(who.agent, name), facts, at=who.now)
    return HeardOut(facts=heard.facts, linked=heard.linked, notes=heard.unknown)


def shown(board: queries.Board) -> FixOut:
    return FixOut(
        problem=board.problem.number,
        state=board.problem.state,
        fixed_in=board.fixed_in,
        is_tested=board.ready.is_tested,
        missing=list(board.ready.missing),
        changes=[_change(one) for one in board.changes],
        environments=[
            PlaceOut(
                environment=one.environment.name,
                reaches_customers=one.environment.reaches_customers,
                has_it=one.is_there,
                since=one.arrived.passed_at if one.arrived else None,
            )
            for one in board.places
        ],
        tests=[TestOut(**{name: getattr(one, name) for name in TestOut.model_fields}) for one in board.runs],
        checks=[
            CheckOut(id=one.pk, what=one.words, outcome=one.outcome, by=one.done_by, at=one.done_at, note=one.note)
            for one in board.items
        ],
        rollback=board.fix.rollback if board.fix else "",
    )


def _change(one: queries.Change) -> TiedChangeOut:
    return TiedChangeOut(
        id=one.link.pk,
        name=one.name,
        title=one.title,
        url=one.url,
        repository=one.repository,
        claims=one.link.claims,
        is_merged=one.is_merged,
        is_taken_back=one.is_reverted,
        release=one.release.version if one.release else None,
    )
