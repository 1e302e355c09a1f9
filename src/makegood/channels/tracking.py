"""What an issue tracker is asked and what it answers. Guarded and timed as every address that somebody else chose."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from makegood.channels.webhook.posting import Poster

LARGEST_ANSWER = 2_000_000
MOST_COMMENTS = 1000


class Trouble(Exception):
    """The tracker did not do it. ``is_final``: the same again would fail again. ``status``: what it answered with, 0 if
    it did not; ``said``: its own words.
    """

    def __init__(self, words: str, *, is_final: bool = False, status: int = 0, said: str = "") -> None:
        super().__init__(words)
        self.is_final, self.status, self.said = is_final, status, said


@dataclass(frozen=True)
class Project:
    """Whose issues. ``base_url`` of its API, ``name`` as the tracker calls it, ``user`` where it wants one,
    ``issue_type`` where issues are of several.
    """

    base_url: str
    name: str
    token: str = field(repr=False)
    user: str = ""
    issue_type: str = "Bug"


@dataclass(frozen=True)
class Issue:
    key: str
    url: str
    title: str
    is_closed: bool


@dataclass(frozen=True)
class Comment:
    id: str
    author: str
    body: str
    at: datetime


class Tracker(Protocol):
    """Every function raises Trouble."""

    def __init__(self, project: Project, *, allowed: Collection[str] = ()) -> None: ...

    def check(self) -> str:
        """Whether the project may be worked with; its name as the tracker writes it."""
        ...

    def open(self, title: str, body: str) -> Issue: ...

    def find(self, mark: str, since: datetime) -> Issue | None:
        """An issue opened since then whose text holds ``mark``: so that a try that broke off is not made twice."""
        ...

    def read(self, key: str) -> Issue: ...

    def change(self, key: str, *, title: str | None = None, is_closed: bool | None = None) -> None: ...

    def label(self, key: str, *, add: str, remove: str = "") -> None:
        """Give it a label, in place of another. A label has no spaces."""
        ...

    def comments(self, key: str) -> list[Comment]:
        """What people said on it, the oldest first; no more than ``MOST_COMMENTS``."""
        ...

    def comment(self, key: str, body: str) -> str:
        """Say something; the id it got."""
        ...

    def close(self) -> None: ...


class Calls:
    """JSON over HTTP with fixed headers."""

    def __init__(self, headers: Mapping[str, str], allowed: Collection[str]) -> None:
        self.headers = {"Accept": "application/json", **headers}
        self.poster = Poster(allowed)

    def ask(self, method: str, url: str, body: Any = None, *, keep: int = LARGEST_ANSWER) -> Any:
        """The values the tracker answers with; None where it answers with nothing. Raises Trouble."""
        content = json.dumps(body).encode() if body is not None else b""
        kind = {"Content-Type": "application/json"} if body is not None else {}
        answer = self.poster.send(method, url, content, {**self.headers, **kind}, keep=keep)
        if not answer.status:
            raise Trouble(answer.reason, is_final=answer.is_forbidden)
        if not answer.is_taken:
            words, is_final = f"The tracker answered {answer.status}.", _is_final(answer.status)
            raise Trouble(words, is_final=is_final, status=answer.status, said=answer.text[:2000])
        if not answer.text.strip():
            return None
        try:
            return json.loads(answer.text)
        except ValueError:
            raise Trouble("The tracker answered something that is no JSON.") from None

    def close(self) -> None:
        self.poster.close()


def _is_final(status: int) -> bool:
    """A refusal is final, unless it only asks for patience. 401 and 403 may be put right in set-up, and tried again."""
    return 400 <= status < 500 and status not in (401, 403, 408, 429)
