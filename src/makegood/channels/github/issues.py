"""Issues on GitHub, by its REST API."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from makegood.channels.code import Unreadable
from makegood.channels.payload import found, moment, number, text
from makegood.channels.tracking import Calls, Comment, Issue, Project, Trouble


class GitHubIssues:
    """A Tracker. ``project.name`` is owner/name; ``base_url`` https://api.github.com, or /api/v3 of a server."""

    def __init__(self, project: Project, *, allowed: Collection[str] = ()) -> None:
        headers = {"Authorization": f"Bearer {project.token}", "Accept": "application/vnd.github+json"}
        self.calls = Calls({**headers, "X-GitHub-Api-Version": "2022-11-28"}, allowed)
        self.url = f"{project.base_url.rstrip('/')}/repos/{quote(project.name, safe='/')}"

    def check(self) -> str:
        return text(self.calls.ask("GET", self.url), "full_name")

    def open(self, title: str, body: str) -> Issue:
        return _issue(self.calls.ask("POST", f"{self.url}/issues", {"title": title, "body": body}))

    def find(self, mark: str, since: datetime) -> Issue | None:
        query = urlencode({"state": "all", "since": since.strftime("%Y-%m-%dT%H:%M:%SZ"), "per_page": 100})
        rows = self.calls.ask("GET", f"{self.url}/issues?{query}")
        return next((_issue(row) for row in rows or [] if mark in text(row, "body")), None)

    def read(self, key: str) -> Issue:
        return _issue(self.calls.ask("GET", f"{self.url}/issues/{key}"))

    def change(self, key: str, *, title: str | None = None, is_closed: bool | None = None) -> None:
        state = {None: {}, True: {"state": "closed"}, False: {"state": "open"}}[is_closed]
        self.calls.ask("PATCH", f"{self.url}/issues/{key}", {**({"title": title} if title else {}), **state})

    def label(self, key: str, *, add: str, remove: str = "") -> None:
        place = f"{self.url}/issues/{key}/labels"
        self.calls.ask("POST", place, {"labels": [add]})
        try:
            if remove:
                self.calls.ask("DELETE", f"{place}/{quote(remove, safe='')}")
        except Trouble as trouble:
            if trouble.status != 404:  # somebody took it off before
                raise

    def comments(self, key: str) -> list[Comment]:
        found_rows: list[Comment] = []
        for page in range(1, 11):
            rows = self.calls.ask("GET", f"{self.url}/issues/{key}/comments?per_page=100&page={page}") or []
            found_rows += [_comment(row) for row in rows]
            if len(rows) < 100:
                break
        return found_rows

    def comment(self, key: str, body: str) -> str:
        return _comment(self.calls.ask("POST", f"{self.url}/issues/{key}/comments", {"body": body})).id

    def close(self) -> None:
        self.calls.close()


def _issue(row: Any) -> Issue:
    try:
        key = str(number(row, "number"))
    except Unreadable as unreadable:
        raise Trouble(str(unreadable)) from None
    return Issue(key, text(row, "html_url"), text(row, "title"), text(row, "state") == "closed")


def _comment(row: Any) -> Comment:
    try:
        return Comment(str(found(row, "id")), text(row, "user", "login"), text(row, "body"), moment(row, "created_at"))
    except Unreadable as unreadable:
        raise Trouble(str(unreadable)) from None
