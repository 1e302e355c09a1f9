"""Which releases and deployments contain a change: asked of the ancestry that was read or told.

Where a repository was read, its whole ancestry since then is known. Where only webhooks tell, it is as complete as the
pushes were; what nobody told is taken for not contained.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from makegood.life.fixes import mentions, standing
from makegood.life.fixes.models import Ancestry, Deployment, Fix, Link, PullRequest, Release, Repository

# Everything that a commit led up to, and then the rows of one table that stand at one of these commits.
_ABOVE = """
    WITH RECURSIVE above(sha) AS (
        SELECT CAST(sha AS text) FROM ({start}) AS start_here
        UNION
        SELECT CAST(a.child AS text) FROM {ancestry} a JOIN above ON a.parent = above.sha WHERE a.repository_id = %s
    )
    SELECT found.id FROM {table} found JOIN above ON found.sha = above.sha WHERE found.repository_id = %s"""


def landed(links: Iterable[Link]) -> dict[int, set[str]]:
    """Repository → the commits that a fix consists of, as far as the links claim to fix it. A pull request counts
    once it is merged, as what it left on the main branch.
    """
    found: dict[int, set[str]] = {}
    for link in links:
        if not link.claims or link.removed_at:
            continue
        if link.commit:
            found.setdefault(link.commit.repository_id, set()).add(link.commit.sha)
        elif link.pull and link.pull.state == "merged" and link.pull.merge_sha:
            found.setdefault(link.pull.repository_id, set()).add(link.pull.merge_sha)
    return found


def releases(repository: int, shas: Iterable[str]) -> list[Release]:
    """The releases of a repository that contain any of ``shas``, the first first."""
    keys = _above(Release, repository, shas)
    found = Release.objects.filter(pk__in=keys).select_related("repository")
    return sorted(found, key=lambda one: (one.at, one.version))


def is_for_everybody(release: Release) -> bool:
    """Whether a version is a release at all, by what its repository goes by. One rule a repository, so that it does
    not matter whether the tag or the published release is told first.
    """
    if release.repository.released_by == Repository.PUBLISHED:
        return release.published_at is not None and not release.is_prerelease
    return not mentions.is_before_a_release(release.version)


def deployments(repository: int, shas: Iterable[str], versions: Iterable[str]) -> list[Deployment]:
    """The deployments that contain any of ``shas``, or name one of ``versions`` where they name no commit."""
    keys = _above(Deployment, repository, shas)
    rows = Deployment.objects.filter(pk__in=keys) | Deployment.objects.filter(
        repository=repository, sha="", ref__in=list(versions)
    )
    return list(rows.select_related("environment").order_by("at", "pk"))


def links_of(fix: Fix) -> list[Link]:
    """The changes of a fix that nobody took off."""
    rows = fix.links.filter(removed_at=None)
    return list(rows.select_related("commit__repository", "pull__repository").order_by("at", "pk"))


def facts(fix: Fix) -> standing.Facts:
    """What is known of a fix now."""
    links = links_of(fix)
    released: set[standing.Reached] = set()
    deployed: set[standing.Reached] = set()
    for repository, shas in landed(links).items():
        contained = releases(repository, shas)
        released |= {standing.Reached(one.at, one.version) for one in contained if is_for_everybody(one)}
        for one in deployments(repository, shas, [each.version for each in contained]):
            if one.passed_at and one.environment.reaches_customers:
                deployed.add(standing.Reached(one.passed_at, one.ref if not one.sha else one.sha[:12]))
    return standing.Facts(bool(links), tuple(sorted(released)), tuple(sorted(deployed)))


def is_merged(link: Link) -> bool:
    """Whether the change is on the main branch, as far as we were told."""
    if link.pull:
        return link.pull.state == PullRequest.STATES[2][0]
    return bool(link.commit and link.commit.branch == link.commit.repository.main_branch)


def is_read(repository: Repository) -> bool:
    """Whether the answers come from the repository's own history, not from what webhooks told."""
    return repository.read_at is not None


def _above(model: type[Release] | type[Deployment], repository: int, shas: Iterable[str]) -> list[int]:
    wanted = sorted(set(shas))
    if not wanted:
        return []
    start = " UNION ALL ".join(["SELECT CAST(%s AS text) AS sha"] * len(wanted))
    sql = _ABOVE.format(start=start, ancestry=Ancestry._meta.db_table, table=model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*wanted, repository, repository])
        return [row[0] for row in cursor.fetchall()]
