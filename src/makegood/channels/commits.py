"""Asks a git host for the commits between two others: what a webhook named but did not list.

Guarded and timed like a tracker. Every function raises Trouble.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from makegood.channels.code import CommitTold, Unreadable
from makegood.channels.payload import found, moment, rows, sha, text
from makegood.channels.tracking import Calls, Trouble

# The first page of a comparison on GitHub holds the changed lines, too.
_LARGEST_ANSWER = 25_000_000


@dataclass(frozen=True)
class Range:
    """Commits that lead up to ``after`` and not to ``before`` (a commit or a branch; empty: nothing is left out)."""

    before: str
    after: str
    most: int


@dataclass(frozen=True)
class Home:
    """Where people look at a repository, which also says where its API is, and what opens it."""

    web_url: str
    token: str = field(repr=False)

    @property
    def host(self) -> str:
        parts = urlsplit(self.web_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def name(self) -> str:
        """owner/name, as the host calls it."""
        return urlsplit(self.web_url).path.strip("/").removesuffix(".git")


def between(kind: str, home: Home, wanted: Range, *, allowed: Collection[str] = ()) -> tuple[list[CommitTold], bool]:
    """The commits, and whether these are all."""
    headers, pages = HOSTS[kind]
    calls = Calls({name: value.format(home.token) for name, value in headers.items()}, allowed)
    told: dict[str, CommitTold] = {}
    try:
        for page in pages(calls, home, wanted):
            told |= {one.sha: one for one in page}
            if len(told) >= wanted.most:
                return list(told.values())[: wanted.most], False
    except Unreadable as unreadable:
        raise Trouble(str(unreadable)) from None
    finally:
        calls.close()
    return list(told.values()), True


Pages = Iterator[list[CommitTold]]


def _github(calls: Calls, home: Home, wanted: Range) -> Pages:
    api = "https://api.github.com" if urlsplit(home.host).hostname == "github.com" else f"{home.host}/api/v3"
    repository = f"{api}/repos/{quote(home.name)}"
    place = f"{repository}/compare/{quote(wanted.before, safe='')}...{wanted.after}?"
    if not wanted.before:
        place = f"{repository}/commits?sha={wanted.after}&"
    for page in _numbers(wanted.most, 100):
        answer = calls.ask("GET", f"{place}per_page=100&page={page}", keep=_LARGEST_ANSWER)
        listed = rows(answer, "commits") if wanted.before else _listed(answer)
        yield [_like_github(row) for row in listed]
        if len(listed) < 100:
            return


def _gitlab(calls: Calls, home: Home, wanted: Range) -> Pages:
    ref = f"{wanted.before}..{wanted.after}" if wanted.before else wanted.after
    place = f"{home.host}/api/v4/projects/{quote(home.name, safe='')}/repository/commits"
    for page in _numbers(wanted.most, 100):
        query = urlencode({"ref_name": ref, "per_page": 100, "page": page})
        listed = _listed(calls.ask("GET", f"{place}?{query}", keep=_LARGEST_ANSWER))
        yield [
            CommitTold(
                sha(row, "id"),
                text(row, "message"),
                moment(row, "committed_date"),
                author=text(row, "author_name"),
                url=text(row, "web_url"),
                parents=tuple(parent for parent in rows(row, "parent_ids") if isinstance(parent, str)),
            )
            for row in listed
        ]
        if len(listed) < 100:
            return


def _gitea(calls: Calls, home: Home, wanted: Range) -> Pages:
    """The size of a page is the server's to limit: an empty one ends the list."""
    query: dict[str, Any] = {"sha": wanted.after, "limit": 50, "stat": "false", "verification": "false"}
    query |= {"files": "false", **({"not": wanted.before} if wanted.before else {})}
    place = f"{home.host}/api/v1/repos/{quote(home.name)}/commits"
    for page in _numbers(wanted.most, 1):
        listed = _listed(calls.ask("GET", f"{place}?{urlencode({**query, 'page': page})}", keep=_LARGEST_ANSWER))
        if not listed:
            return
        told = [_like_github(row) for row in listed]
        yield told
        if any(one.sha == wanted.before for one in told):  # an old server that does not know ``not``
            return


def _like_github(row: Any) -> CommitTold:
    return CommitTold(
        sha(row, "sha"),
        text(row, "commit", "message"),
        moment(row, "commit", "committer", "date"),
        author=text(row, "commit", "author", "name"),
        url=text(row, "html_url"),
        parents=tuple(text(parent, "sha") for parent in rows(row, "parents") if found(parent, "sha")),
    )


def _listed(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise Trouble("The host answered with something that is no list of commits.")
    return answer


def _numbers(most: int, page: int) -> range:
    """Numbers of pages, one more than hold ``most``."""
    return range(1, most // page + 2)


HOSTS: dict[str, tuple[dict[str, str], Callable[[Calls, Home, Range], Pages]]] = {
    "github": ({"Authorization": "Bearer {}", "X-GitHub-Api-Version": "2022-11-28"}, _github),
    "gitlab": ({"PRIVATE-TOKEN": "{}"}, _gitlab),
    "gitea": ({"Authorization": "token {}"}, _gitea),
}
