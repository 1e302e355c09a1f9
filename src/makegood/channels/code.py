"""What version control tells, in plain values: the same whichever host it came from, or the repository itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

OPEN, CLOSED, MERGED = "open", "closed", "merged"
PASSED, FAILED, RUNNING, SKIPPED = "passed", "failed", "running", "skipped"
NO_COMMIT = "0" * 40


class Unreadable(ValueError):
    """A telling that does not say what its kind must say; the text says what is missing."""


@dataclass(frozen=True)
class CommitTold:
    """``parents`` are only known where the repository itself was read."""

    sha: str
    message: str
    at: datetime
    author: str = ""
    url: str = ""
    branch: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class PushTold:
    """Commits came onto ``branch``. All of them, and ``before`` unless ``is_forced``, lead up to ``after``.

    ``is_cut``: the host lists fewer commits than there were, ``total`` of them where it says how many.
    """

    branch: str
    before: str
    after: str
    commits: tuple[CommitTold, ...]
    is_forced: bool = False
    is_cut: bool = False
    total: int = 0


@dataclass(frozen=True)
class PullTold:
    """A pull or merge request. ``merge_sha``: what it left on the main branch. ``is_ours``: not from a fork."""

    number: int
    title: str
    state: str
    at: datetime
    body: str = ""
    branch: str = ""
    base: str = ""
    merge_sha: str = ""
    merged_at: datetime | None = None
    author: str = ""
    url: str = ""
    is_ours: bool = True


@dataclass(frozen=True)
class TagTold:
    version: str
    sha: str
    at: datetime
    url: str = ""


@dataclass(frozen=True)
class ReleaseTold:
    """A release published on purpose; ``sha`` is empty where only its tag is named."""

    version: str
    at: datetime
    sha: str = ""
    name: str = ""
    url: str = ""
    is_prerelease: bool = False


@dataclass(frozen=True)
class DeploymentTold:
    """``key`` stays the same through all that is told of one deployment."""

    key: str
    environment: str
    outcome: str
    at: datetime
    sha: str = ""
    ref: str = ""
    url: str = ""


@dataclass(frozen=True)
class CheckTold:
    """A run of tests on a commit. ``name`` says which; a later run of the same name counts instead. ``kind``: ci, or
    reproduction, which tries the error itself again.
    """

    name: str
    sha: str
    outcome: str
    at: datetime
    url: str = ""
    kind: str = "ci"


@dataclass(frozen=True)
class IssueTold:
    """Something happened to an issue: it is to be looked at. ``projects``: what its project is called
    there; empty where the key says it all. ``removed``: the comment that is no longer there, ``by`` whom.
    """

    key: str
    projects: tuple[str, ...]
    removed: str = ""
    by: str = ""


Fact = CommitTold | PushTold | PullTold | TagTold | ReleaseTold | DeploymentTold | CheckTold | IssueTold


@dataclass(frozen=True)
class Knock:
    """A request at our door, as a host's rules look at it. Header names are in small letters."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Host(Protocol):
    """A git host: how it proves that a webhook is its own, and what its payloads mean."""

    def is_genuine(self, knock: Knock, secret: str) -> bool: ...

    def delivery_id(self, knock: Knock) -> str: ...

    def event(self, knock: Knock) -> str: ...

    def facts(self, event: str, payload: dict[str, Any], *, at: datetime) -> list[Fact] | None:
        """What is told; None for an event we do not use. ``at``: when it arrived. Raises Unreadable."""
        ...
