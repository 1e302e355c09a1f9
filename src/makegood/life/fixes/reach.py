"""Which releases and deployments contain a change: asked of the ancestry that was read or told.

Where a repository was read, its whole ancestry since then is known. Where only webhooks tell, it is as complete as the
pushes were; what nobody told is taken for not contained.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from makegood.life.fixes import mentions, standing
from makegood.life.fixes.models import Ancestry, Commit, Deployment, Fix, Link, Release, Repository

# Everything that each commit led up to, and then the rows of one table that stand at one of these commits.
_ABOVE = """
    WITH RECURSIVE above(origin, sha) AS (
        SELECT origin, sha FROM ({start}) AS start_here
        UNION
        SELECT above.origin, CAST(a.child AS text) FROM {ancestry} a JOIN above ON a.parent = above.sha
        WHERE a.repository_id = %s
    )
    SELECT above.origin, found.id FROM {table} found JOIN above ON found.sha = above.sha
    WHERE found.repository_id = %s"""


@dataclass
class Look:
    """A fix with all that contains its changes. ``landed``: repository → commits that claim to fix it; of each commit
    of them the ``releases`` and ``deployments`` that contain it and nothing that takes it back, the first first.
    ``taken_back``: those that a change on the main branch takes back, and when.
    """

    fix: Fix
    links: list[Link]
    landed: dict[int, set[str]]
    releases: dict[tuple[int, str], list[Release]] = field(default_factory=dict)
    deployments: dict[tuple[int, str], list[Deployment]] = field(default_factory=dict)
    taken_back: dict[tuple[int, str], datetime] = field(default_factory=dict)

    @property
    def commits(self) -> list[tuple[int, str]]:
        return [(repository, sha) for repository, shas in sorted(self.landed.items()) for sha in sorted(shas)]

    def releases_of(self, commits: Iterable[tuple[int, str]]) -> list[Release]:
        """Releases for everybody that contain any of ``commits``, the first first."""
        found = {one.pk: one for commit in commits for one in self.releases.get(commit, []) if is_for_everybody(one)}
        return sorted(found.values(), key=lambda one: (one.at, one.version))

    def arrived(self, commits: Iterable[tuple[int, str]]) -> list[Deployment]:
        """Deployments that succeeded and contain any of ``commits``, the first first."""
        found = {one.pk: one for commit in commits for one in self.deployments.get(commit, []) if one.passed_at}
        return sorted(found.values(), key=lambda one: (arrived_at(one), one.sha, one.pk))

    def with_customers(self, commits: Iterable[tuple[int, str]]) -> list[Deployment]:
        return [one for one in self.arrived(commits) if one.environment.reaches_customers]

    def facts(self) -> standing.Facts:
        """What is known of the fix now."""
        released = {standing.Reached(one.at, one.version) for one in self.releases_of(self.commits)}
        deployed = {
            standing.Reached(arrived_at(one), one.sha[:12] or one.ref) for one in self.with_customers(self.commits)
        }
        return standing.Facts(bool(self.links), tuple(sorted(released)), tuple(sorted(deployed)))


def look(fix: Fix) -> Look:
    """Everything that contains the changes of ``fix``; a number of questions that does not grow with them."""
    rows = fix.links.filter(removed_at=None)
    links = list(rows.select_related("commit__repository", "pull__repository").order_by("at", "pk"))
    found = Look(fix, links, landed(links))
    for repository, shas in found.landed.items():
        places = _above(Release, repository, shas)
        releases = Release.objects.select_related("repository").in_bulk({pk for _origin, pk in places})
        for origin, pk in places:
            found.releases.setdefault((repository, origin), []).append(releases[pk])
        _add_deployments(found, repository, shas)
    _leave_out_taken_back(found)
    return found


def landed(links: Iterable[Link]) -> dict[int, set[str]]:
    """Repository → the commits that a fix consists of, as far as the links claim to fix it. A pull request counts
    once it is merged, as what it left on the main branch.
    """
    found: dict[int, set[str]] = {}
    for link in links:
        if commit := landed_as(link):
            found.setdefault(commit[0], set()).add(commit[1])
    return found


def landed_as(link: Link) -> tuple[int, str] | None:
    """The repository and the commit a link counts as; None while it does not count."""
    if not link.claims or link.removed_at:
        return None
    if link.commit:
        return link.commit.repository_id, link.commit.sha
    if link.pull and link.pull.state == "merged" and link.pull.merge_sha:
        return link.pull.repository_id, link.pull.merge_sha
    return None


def is_for_everybody(release: Release) -> bool:
    """Whether a version is a release at all, by what its repository goes by. One rule a repository, so that it does
    not matter whether the tag or the published release is told first.
    """
    if release.repository.released_by == Repository.PUBLISHED:
        return release.published_at is not None and not release.is_prerelease
    return not mentions.is_before_a_release(release.version)


def is_merged(link: Link) -> bool:
    """Whether the change is on the main branch, as far as we were told."""
    if link.pull:
        return link.pull.state == "merged"
    return bool(link.commit and link.commit.branch == link.commit.repository.main_branch)


def branch_and_title(link: Link) -> tuple[str, str]:
    """Where the change went, and what it is called."""
    if link.pull:
        return link.pull.base, link.pull.title
    assert link.commit is not None
    return link.commit.branch, link.commit.subject


def repository_of(link: Link) -> Repository:
    """Where the change was made."""
    change = link.commit or link.pull
    assert change is not None
    return change.repository


def is_read(repository: Repository) -> bool:
    """Whether the answers come from the repository's own history, not from what webhooks told."""
    return repository.read_at is not None


def arrived_at(deployment: Deployment) -> datetime:
    """When it succeeded, or was last tried."""
    return deployment.passed_at or deployment.at


def _add_deployments(found: Look, repository: int, shas: Iterable[str]) -> None:
    """Those at a commit above, and those that name no commit but a version that contains it."""
    places = _above(Deployment, repository, shas)
    versions = {one.version for sha in shas for one in found.releases.get((repository, sha), [])}
    rows = Deployment.objects.filter(pk__in={pk for _origin, pk in places})
    rows |= Deployment.objects.filter(repository=repository, sha="", ref__in=versions)
    deployments = {one.pk: one for one in rows.select_related("environment")}
    for origin, pk in places:
        found.deployments.setdefault((repository, origin), []).append(deployments[pk])
    for one in deployments.values():
        for sha in shas if not one.sha else ():
            if any(release.version == one.ref for release in found.releases.get((repository, sha), [])):
                found.deployments.setdefault((repository, sha), []).append(one)


def _leave_out_taken_back(found: Look) -> None:
    """What contains a change and, as well, the one that takes it back does not contain the fix. A change that takes it
    back counts no longer once it was taken back itself.
    """
    names = {(link.pull.repository_id, f"!{link.pull.number}"): landed_as(link) for link in found.links if link.pull}
    names |= {commit: commit for commit in found.commits}
    rows = Commit.objects.filter(repository__in=found.landed, reverts__in={name for _repository, name in names})
    backs = list(rows.select_related("repository").order_by("at", "pk"))
    undone = set(
        Commit.objects.filter(reverts__in=[one.sha for one in backs]).values_list("repository", "reverts")
        if backs
        else ()
    )
    for back in backs:
        origin = names.get((back.repository_id, back.reverts))
        if origin is None or (back.repository_id, back.sha) in undone:
            continue
        if back.branch == back.repository.main_branch:
            found.taken_back.setdefault(origin, back.at)
        releases = {pk for _origin, pk in _above(Release, back.repository_id, [back.sha])}
        versions = {one.version for one in found.releases.get(origin, []) if one.pk in releases}
        deployed = {pk for _origin, pk in _above(Deployment, back.repository_id, [back.sha])}
        found.releases[origin] = [one for one in found.releases.get(origin, []) if one.pk not in releases]
        found.deployments[origin] = [
            one
            for one in found.deployments.get(origin, [])
            if one.pk not in deployed and (one.sha or one.ref not in versions)
        ]


def _above(model: type[Release] | type[Deployment], repository: int, shas: Iterable[str]) -> list[tuple[str, int]]:
    wanted = sorted(set(shas))
    if not wanted:
        return []
    start = " UNION ALL ".join(["SELECT CAST(%s AS text) AS origin, CAST(%s AS text) AS sha"] * len(wanted))
    sql = _ABOVE.format(start=start, ancestry=Ancestry._meta.db_table, table=model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(sha for one in wanted for sha in (one, one)), repository, repository])
        return [(str(origin), int(pk)) for origin, pk in cursor.fetchall()]
