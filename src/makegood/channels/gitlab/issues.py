"""Issues on GitLab, by its REST API."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from makegood.channels.code import Unreadable
from makegood.channels.payload import found, moment, number, text
from makegood.channels.tracking import Calls, Comment, Issue, Project, Trouble


class GitLabIssues:
    """A Tracker. ``project.name`` is group/name; ``base_url`` https://gitlab.com or that of a server."""

    def __init__(self, project: Project, *, allowed: Collection[str] = ()) -> None:
        self.calls = Calls({"PRIVATE-TOKEN": project.token}, allowed)
        self.url = f"{project.base_url.rstrip('/')}/api/v4/projects/{quote(project.name, safe='')}"

    def check(self) -> str:
        return text(self.calls.ask("GET", self.url), "path_with_namespace")

    def open(self, title: str, body: str) -> Issue:
        return _issue(self.calls.ask("POST", f"{self.url}/issues", {"title": title, "description": body}))

    def find(self, mark: str, since: datetime) -> Issue | None:
        query = urlencode({"search": mark, "in": "description", "created_after": since.isoformat(), "per_page": 100})
        rows = self.calls.ask("GET", f"{self.url}/issues?{query}")
        return next((_issue(row) for row in rows or [] if mark in text(row, "description")), None)

    def read(self, key: str) -> Issue:
        return _issue(self.calls.ask("GET", f"{self.url}/issues/{key}"))

    def change(self, key: str, *, title: str | None = None, is_closed: bool | None = None) -> None:
        state = {None: {}, True: {"state_event": "close"}, False: {"state_event": "reopen"}}[is_closed]
        self.calls.ask("PUT", f"{self.url}/issues/{key}", {**({"title": title} if title else {}), **state})

    def label(self, key: str, *, add: str, remove: str = "") -> None:
        self.calls.ask("PUT", f"{self.url}/issues/{key}", {"add_labels": add, "remove_labels": remove})

    def comments(self, key: str) -> list[Comment]:
        """Notes that people wrote; what GitLab notes by itself is left out."""
        found_rows: list[Comment] = []
        for page in range(1, 11):
            query = f"sort=asc&order_by=created_at&per_page=100&page={page}"
            rows = self.calls.ask("GET", f"{self.url}/issues/{key}/notes?{query}") or []
            found_rows += [_comment(row) for row in rows if found(row, "system") is not True]
            if len(rows) < 100:
                break
        return found_rows

    def comment(self, key: str, body: str) -> str:
        return _comment(self.calls.ask("POST", f"{self.url}/issues/{key}/notes", {"body": body})).id

    def close(self) -> None:
        self.calls.close()


def _issue(row: Any) -> Issue:
    try:
        key = str(number(row, "iid"))
    except Unreadable as unreadable:
        raise Trouble(str(unreadable)) from None
    return Issue(key, text(row, "web_url"), text(row, "title"), text(row, "state") == "closed")


def _comment(row: Any) -> Comment:
    try:
        return Comment(str(found(row, "id")), text(row, "author", "name"), text(row, "body"), moment(row, "created_at"))
    except Unreadable as unreadable:
        raise Trouble(str(unreadable)) from None
