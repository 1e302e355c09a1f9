"""What a repository tells becomes rows, under the names its host gives: any order and any repetition ends alike.

Of two tellings of one thing the later one counts, by the moment the host names; what can only happen once (merged,
published, deployed) stays, whatever is told after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from django.db import transaction

from makegood.channels import code
from makegood.lib import rows
from makegood.life.fixes import following, keeping_step, linking, mentions
from makegood.life.fixes.models import (
    Ancestry,
    Commit,
    Deployment,
    Environment,
    Evidence,
    PullRequest,
    Release,
    Repository,
)
from makegood.life.people.actors import Actor

MOST_COMMITS = 5_000
_REACH_CUSTOMERS = {"production", "prod", "live"}
# Between two tellings of the same moment: what has gone further counts.
_PULL_RANK = {"open": 0, "closed": 1, "merged": 2}
_RUN_RANK = {"running": 0, "skipped": 1, "passed": 2, "failed": 3}


@dataclass
class Heard:
    """What came of some facts: numbers that were linked, and those that led nowhere, with the reason."""

    linked: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    facts: int = 0


def tell(repository: Repository, facts: Iterable[code.Fact], *, at: datetime) -> Heard:
    """Take in facts, link what names our numbers, and let the problems follow. One transaction."""
    heard = Heard()
    with transaction.atomic():
        locked = rows.lock(Repository, repository.pk)
        facts = list(facts)
        _keep_ancestry(locked, facts)
        for fact in facts:
            _TAKES[type(fact)](locked, fact, heard, at)
            heard.facts += not isinstance(fact, code.IssueTold) or bool(heard.linked)
        if heard.facts:
            following.follow_open(locked, at=at, by=actor(locked))
    return heard


def actor(repository: Repository) -> Actor:
    """In whose name the history says it: the repository's."""
    return Actor("system", None, repository.name)


def _keep_ancestry(repository: Repository, facts: Iterable[code.Fact]) -> None:
    """What leads up to what, of all facts at once. A push says it of its last commit only, and of what was there
    before unless it was forced.
    """
    pairs: set[tuple[str, str]] = set()
    for fact in facts:
        if isinstance(fact, code.CommitTold):
            pairs |= {(fact.sha, parent) for parent in fact.parents}
        elif isinstance(fact, code.PushTold) and fact.after != code.NO_COMMIT:
            below = {commit.sha for commit in fact.commits[:MOST_COMMITS]}
            below |= set() if fact.is_forced or fact.before == code.NO_COMMIT else {fact.before}
            pairs |= {(fact.after, sha) for sha in below - {fact.after}}
    made = [Ancestry(repository=repository, child=child, parent=parent) for child, parent in sorted(pairs)]
    Ancestry.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)


# One function a kind of fact: (repository, fact, heard, at).


def _commit(repository: Repository, told: code.CommitTold, heard: Heard, at: datetime) -> None:
    named, takes_back = mentions.find(told.message), mentions.reverted(told.message)
    if not named and not takes_back:
        return
    fields = {
        "message": told.message[:4000],
        "author": told.author[:200],
        "at": told.at,
        "url": _link(told.url),
        "branch": told.branch[:300],
        "reverts": takes_back,
    }
    commit, is_new = Commit.objects.get_or_create(repository=repository, sha=told.sha, defaults=fields)
    if not is_new and told.branch == repository.main_branch != commit.branch:
        commit.branch = told.branch
        commit.save(update_fields=["branch"])
    linking.link(named, at=at, heard=heard, moment=commit.at, commit=commit)


def _push(repository: Repository, told: code.PushTold, heard: Heard, at: datetime) -> None:
    for commit in told.commits[:MOST_COMMITS]:
        _commit(repository, commit, heard, at)
    for one in mentions.in_branch(told.branch):
        heard.unknown.append(f"{one} in the name of {told.branch}: counts once a change names it")


def _pull(repository: Repository, told: code.PullTold, heard: Heard, at: datetime) -> None:
    named = linking.together(
        mentions.find(told.title), mentions.find(told.body), mentions.in_branch(told.branch) if told.is_ours else []
    )
    if mentions.is_a_revert(told.title):
        named = [mentions.Mention(one.kind, one.number, False) for one in named]
    known = PullRequest.objects.filter(repository=repository, number=told.number).first()
    if not named and known is None:
        return
    pull = known or PullRequest(repository=repository, number=told.number, state=told.state, at=told.at)
    is_later = known is None or (told.at, _PULL_RANK[told.state]) >= (known.at, _PULL_RANK[known.state])
    if is_later:
        pull.title, pull.at, pull.url = told.title[:500], told.at, _link(told.url)
        pull.branch, pull.base, pull.author = told.branch[:300], told.base[:300], told.author[:200]
    if told.state == code.MERGED or (is_later and pull.state != code.MERGED):
        pull.state = told.state
    if told.state == code.MERGED:
        pull.merge_sha = told.merge_sha or pull.merge_sha
        moments = [moment for moment in (pull.merged_at, told.merged_at or told.at) if moment]
        pull.merged_at = min(moments)
    pull.save()
    if told.is_ours or pull.state == code.MERGED:
        linking.link(named, at=at, heard=heard, moment=pull.merged_at or pull.at, pull=pull)
    elif named:
        heard.unknown.append(f"!{told.number} comes from a fork: it counts once it is merged")
    linking.tell_merged(pull, at=at)


def _tag(repository: Repository, told: code.TagTold, heard: Heard, at: datetime) -> None:
    if told.sha == code.NO_COMMIT:
        return  # the tag was taken away; what it stood for has been released all the same
    if not fnmatchcase(told.version, repository.release_tags or "*"):
        heard.unknown.append(f"{told.version} is not the name of a release here")
        return
    release = _release_of(repository, told.version, told.at)
    # A tag that was moved later stands for what was first released under its name.
    if release.tagged_at is None or (told.at, told.sha) < (release.tagged_at, release.sha):
        release.sha, release.tagged_at = told.sha, told.at
    release.url = release.url or _link(told.url)
    release.at = release.published_at or release.tagged_at
    release.save()


def _release(repository: Repository, told: code.ReleaseTold, heard: Heard, at: datetime) -> None:
    release = _release_of(repository, told.version, told.at)
    release.sha = release.sha or told.sha
    release.name, release.url = told.name[:200] or release.name, _link(told.url) or release.url
    # Once a version is meant for everybody it stays so, in whichever order that is told.
    release.is_prerelease = told.is_prerelease and (release.is_prerelease or release.published_at is None)
    release.published_at = min(moment for moment in (release.published_at, told.at) if moment)
    release.at = release.published_at
    release.save()


def _deployment(repository: Repository, told: code.DeploymentTold, heard: Heard, at: datetime) -> None:
    where = environment_called(told.environment, at=at)
    known = Deployment.objects.filter(repository=repository, key=told.key[:120]).first()
    one = known or Deployment(repository=repository, key=told.key[:120], environment=where, outcome=told.outcome)
    if known is None or (told.at, _RUN_RANK[told.outcome]) >= (known.at, _RUN_RANK[known.outcome]):
        one.outcome, one.at = told.outcome, told.at
    one.sha, one.ref, one.url = told.sha or one.sha, told.ref[:300] or one.ref, _link(told.url) or one.url
    if told.outcome == code.PASSED:
        one.passed_at = min(moment for moment in (one.passed_at, told.at) if moment)
        one.last_passed_at = max(moment for moment in (one.last_passed_at, told.at) if moment)
    one.save()


def _check(repository: Repository, told: code.CheckTold, heard: Heard, at: datetime) -> None:
    one = Evidence.objects.filter(repository=repository, sha=told.sha, kind=told.kind, name=told.name[:200]).first()
    if one and (told.at, _RUN_RANK[told.outcome]) <= (one.at, _RUN_RANK[one.outcome]):
        return
    fields: dict[str, Any] = {"outcome": told.outcome, "at": told.at, "url": _link(told.url)}
    Evidence.objects.update_or_create(
        repository=repository, sha=told.sha, kind=told.kind, name=told.name[:200], defaults=fields
    )


def _issue(repository: Repository, told: code.IssueTold, heard: Heard, at: datetime) -> None:
    """An issue that stands for a problem is brought into step at once; others are none of ours."""
    heard.linked += keeping_step.touch(repository.provider, told, at=at)
    if not heard.linked:
        heard.unknown.append(f"Issue {told.key} stands for no problem here.")


def environment_called(name: str, *, at: datetime) -> Environment:
    """The environment of that name, however it is spelled; made when it is first heard of."""
    name = " ".join(name.split())[:100] or "unknown"
    slug = name.lower()
    defaults = {"name": name, "reaches_customers": slug in _REACH_CUSTOMERS, "seen_at": at}
    return Environment.objects.get_or_create(slug=slug, defaults=defaults)[0]


def _link(url: str) -> str:
    """An address that may stand behind a link; empty for any other."""
    return url[:500] if url.startswith(("https://", "http://")) and url.isprintable() else ""


def _release_of(repository: Repository, version: str, moment: datetime) -> Release:
    found = Release.objects.filter(repository=repository, version=version[:100]).first()
    return found or Release(repository=repository, version=version[:100], at=moment)


_TAKES: dict[type[Any], Any] = {
    code.CommitTold: _commit,
    code.PushTold: _push,
    code.PullTold: _pull,
    code.TagTold: _tag,
    code.ReleaseTold: _release,
    code.DeploymentTold: _deployment,
    code.CheckTold: _check,
    code.IssueTold: _issue,
}
