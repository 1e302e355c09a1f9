"""Reads the history of a repository in rounds, with dulwich: objects only; no hooks, nothing that runs anything.

A round takes at most so many commits and so much time. Where it stopped is a plain value, ``Place``: the heads that
have been read whole, those that are being read, and down to which moment. A forced push only means that old heads
are no longer there; commits are told by their name, so nothing is told twice and nothing becomes wrong.
"""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from dulwich.errors import (
    ApplyDeltaError,
    ChecksumMismatch,
    FileFormatException,
    MissingCommitError,
    NotGitRepository,
    WrongObjectException,
)
from dulwich.objects import Commit, ObjectID, Tag
from dulwich.repo import Repo

from makegood.channels.code import CommitTold, Fact, TagTold

MOST_COMMITS = 2_000
MOST_SECONDS = 20.0
# A damaged file breaks its parser in one of these ways.
_DAMAGED = (
    ApplyDeltaError,
    ChecksumMismatch,
    FileFormatException,
    MissingCommitError,
    WrongObjectException,
    OSError,
    LookupError,
    ValueError,
    AssertionError,
    struct.error,
    zlib.error,
)
_BRANCH, _TAG = b"refs/heads/", b"refs/tags/"


class CannotRead(Exception):
    """The folder holds no repository that can be read; the text says why."""


@dataclass(frozen=True)
class Place:
    """``read``: heads whose history has been told. ``goal``: heads being told now, down to ``until`` (seconds)."""

    read: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    until: int = 0
    tags: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Place:
        """From what ``told`` gave."""
        read, goal = tuple(kept.get("read", ())), tuple(kept.get("goal", ()))
        return cls(read, goal, int(kept.get("until", 0)), dict(kept.get("tags", {})))

    def told(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return {"read": list(self.read), "goal": list(self.goal), "until": self.until, "tags": self.tags}


@dataclass(frozen=True)
class Round:
    """What one round brought. ``is_whole``: nothing is left to read now."""

    facts: list[Fact]
    place: Place
    is_whole: bool


def read(path: str, place: Place, *, main_branch: str, since: datetime) -> Round:
    """One round of ``path``: commits from ``since`` on that were not told yet, the latest first, then new tags.

    Raises CannotRead.
    """
    try:
        with Repo(path) as repo:
            return _round(repo, place, main_branch=main_branch, since=since)
    except NotGitRepository:
        raise CannotRead(f"There is no git repository in {path}.") from None
    except _DAMAGED as trouble:
        raise CannotRead(f"{type(trouble).__name__}: {trouble}"[:500]) from trouble


def between(path: str, before: str, after: str, *, most: int) -> tuple[list[CommitTold], bool] | None:
    """The commits that lead up to ``after`` and not to ``before`` (a commit or a branch; empty: none is left out), and
    whether these are all; None while the copy does not hold them yet. Raises CannotRead.
    """
    try:
        with Repo(path) as repo:
            heads, _tags = _refs(repo)
            if not _has(repo, after):
                return None
            known = (heads.get(before, before),) if before in heads or len(before) >= 40 else ()
            found = list(islice(_walk(repo, known, (after,), since=None, until=0), most + 1))
            return [_told(commit) for commit in found[:most]], len(found) <= most
    except NotGitRepository:
        raise CannotRead(f"There is no git repository in {path}.") from None
    except _DAMAGED as trouble:
        raise CannotRead(f"{type(trouble).__name__}: {trouble}"[:500]) from trouble


def _round(repo: Repo, place: Place, *, main_branch: str, since: datetime) -> Round:
    heads, tags = _refs(repo)
    goal = place.goal if place.goal and all(_has(repo, head) for head in place.goal) else ()
    until = place.until if goal else 0
    if not goal:
        goal = tuple(sorted({*heads.values(), *(tag.sha for tag in tags.values())}))
    facts, last = _commits(repo, place.read, goal, since=since, until=until)
    main = _on_main(repo, heads.get(main_branch, ""), place.read, facts)
    told: list[Fact] = [_on(fact, main_branch) if fact.sha in main else fact for fact in facts]
    if last:
        return Round(told, Place(place.read, goal, last, place.tags), False)
    # A tag is told once everything below it has been.
    ready = [tag for tag in tags.values() if place.tags.get(tag.version) != tag.sha and tag.sha in goal]
    known = {**place.tags, **{tag.version: tag.sha for tag in ready}}
    is_whole = all(known.get(tag.version) == tag.sha for tag in tags.values()) and set(heads.values()) <= set(goal)
    return Round([*told, *ready], Place(goal, (), 0, known), is_whole)


def _refs(repo: Repo) -> tuple[dict[str, str], dict[str, TagTold]]:
    """Branch → commit, and each tag with the commit it stands for."""
    heads: dict[str, str] = {}
    tags: dict[str, TagTold] = {}
    for ref, value in repo.get_refs().items():
        found = _commit_of(repo, value)
        if found is None:
            continue
        commit, moment = found
        if ref.startswith(_BRANCH):
            heads[ref[len(_BRANCH) :].decode(errors="replace")] = commit
        elif ref.startswith(_TAG):
            version = ref[len(_TAG) :].decode(errors="replace")
            tags[version] = TagTold(version, commit, moment)
    return heads, tags


def _commit_of(repo: Repo, value: bytes) -> tuple[str, datetime] | None:
    """The commit that a ref leads to, and the moment of its tag, else its own."""
    moment = None
    for _step in range(10):
        if not _has(repo, value.decode()):
            return None
        found = repo[value]
        if isinstance(found, Commit):
            return found.id.decode(), moment or _moment(found.commit_time)
        if not isinstance(found, Tag):
            return None
        moment = moment or (_moment(found.tag_time) if found.tag_time is not None else None)
        value = found.object[1]
    return None


def _commits(
    repo: Repo, known: tuple[str, ...], goal: tuple[str, ...], *, since: datetime, until: int
) -> tuple[list[CommitTold], int]:
    """The next commits below ``goal``, and the moment to go on from; zero if there are no more."""
    began, found = time.monotonic(), []
    for commit in _walk(repo, known, goal, since=since, until=until):
        found.append(_told(commit))
        is_enough = len(found) >= MOST_COMMITS or time.monotonic() - began > MOST_SECONDS
        if is_enough and commit.commit_time != until:  # a second that holds more than a round is told whole
            return found, max(1, commit.commit_time)
    return found, 0


def _walk(
    repo: Repo, known: tuple[str, ...], goal: tuple[str, ...], *, since: datetime | None, until: int
) -> Iterator[Commit]:
    if not goal:
        return
    walker = repo.get_walker(
        include=[ObjectID(head.encode()) for head in goal],
        exclude=[ObjectID(head.encode()) for head in known if _has(repo, head)],
        since=int(since.timestamp()) if since else None,
        until=until or None,
    )
    for entry in walker:
        yield entry.commit


def _on_main(repo: Repo, head: str, known: tuple[str, ...], facts: list[CommitTold]) -> set[str]:
    """Which of the commits lead up to ``head``: what is on the main branch."""
    if not head or not facts:
        return set()
    moments = [int(fact.at.timestamp()) for fact in facts]
    since = datetime.fromtimestamp(min(moments), UTC)
    return {one.id.decode() for one in _walk(repo, known, (head,), since=since, until=max(moments))}


def _told(commit: Commit) -> CommitTold:
    author = commit.author.decode(errors="replace").split("<", 1)[0].strip()
    return CommitTold(
        commit.id.decode(),
        commit.message.decode(errors="replace").replace("\x00", ""),
        _moment(commit.commit_time),
        author=author,
        parents=tuple(parent.decode() for parent in commit.parents),
    )


def _on(fact: CommitTold, branch: str) -> CommitTold:
    return CommitTold(fact.sha, fact.message, fact.at, fact.author, fact.url, branch, fact.parents)


def _has(repo: Repo, head: str) -> bool:
    return ObjectID(head.encode()) in repo.object_store


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(max(0, min(seconds, 2**40)), UTC)
