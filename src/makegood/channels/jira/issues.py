"""Issues in Jira, Cloud and Data Center, by version 2 of its REST API, which takes plain text in both.

A state is moved by a transition: the first that leads to a status of the wanted category is taken.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from makegood.channels.code import Unreadable
from makegood.channels.payload import found, moment, rows, text
from makegood.channels.tracking import Calls, Comment, Issue, Project, Trouble

_DONE = "done"
_TYPE = "Bug"


class JiraIssues:
    """A Tracker. ``project.name`` is the project's key. With ``user`` (an address, Cloud) the token is a password;
    without one it is a bearer token (Data Center).
    """

    def __init__(self, project: Project, *, allowed: Collection[str] = ()) -> None:
        basic = base64.b64encode(f"{project.user}:{project.token}".encode()).decode()
        self.calls = Calls({"Authorization": f"Basic {basic}" if project.user else f"Bearer {project.token}"}, allowed)
        self.site, self.project = project.base_url.rstrip("/"), project.name
        self.url = f"{self.site}/rest/api/2"

    def check(self) -> str:
        return text(self.calls.ask("GET", f"{self.url}/project/{quote(self.project, safe='')}"), "name")

    def open(self, title: str, body: str) -> Issue:
        fields = {"project": {"key": self.project}, "summary": title, "description": body, "issuetype": {"name": _TYPE}}
        made = self.calls.ask("POST", f"{self.url}/issue", {"fields": fields})
        return Issue(_key(made), f"{self.site}/browse/{_key(made)}", title, False)

    def find(self, mark: str, since: datetime) -> Issue | None:
        jql = f'project = "{self.project}" AND created >= "{since.strftime("%Y-%m-%d")}" ORDER BY created DESC'
        query = urlencode({"jql": jql, "fields": "summary,status,description", "maxResults": 100})
        answer = self.calls.ask("GET", f"{self.url}/search?{query}")
        issues = rows(answer, "issues")
        return next((self._issue(row) for row in issues if mark in text(row, "fields", "description")), None)

    def read(self, key: str) -> Issue:
        return self._issue(self.calls.ask("GET", f"{self.url}/issue/{quote(key, safe='')}?fields=summary,status"))

    def change(self, key: str, *, title: str | None = None, is_closed: bool | None = None) -> None:
        place = f"{self.url}/issue/{quote(key, safe='')}"
        if title:
            self.calls.ask("PUT", place, {"fields": {"summary": title}})
        if is_closed is None:
            return
        offered = rows(self.calls.ask("GET", f"{place}/transitions"), "transitions")
        fit = [one for one in offered if (text(one, "to", "statusCategory", "key") == _DONE) == is_closed]
        if not fit:
            raise Trouble("Jira offers no transition that leads there.", is_final=True)
        self.calls.ask("POST", f"{place}/transitions", {"transition": {"id": str(found(fit[0], "id"))}})

    def comments(self, key: str) -> list[Comment]:
        query = urlencode({"orderBy": "created", "maxResults": 1000})
        answer = self.calls.ask("GET", f"{self.url}/issue/{quote(key, safe='')}/comment?{query}")
        return [_comment(row) for row in rows(answer, "comments")]

    def comment(self, key: str, body: str) -> str:
        return _comment(self.calls.ask("POST", f"{self.url}/issue/{quote(key, safe='')}/comment", {"body": body})).id

    def close(self) -> None:
        self.calls.close()

    def _issue(self, row: Any) -> Issue:
        is_closed = text(row, "fields", "status", "statusCategory", "key") == _DONE
        return Issue(_key(row), f"{self.site}/browse/{_key(row)}", text(row, "fields", "summary"), is_closed)


def _key(row: Any) -> str:
    key = text(row, "key")
    if not key:
        raise Trouble("Jira answered without the key of an issue.")
    return key


def _comment(row: Any) -> Comment:
    try:
        told = text(row, "created").replace("+0000", "+00:00")
        author = text(row, "author", "displayName")
        return Comment(text(row, "id"), author, text(row, "body"), moment({"at": told}, "at"))
    except Unreadable as unreadable:
        raise Trouble(str(unreadable)) from None
