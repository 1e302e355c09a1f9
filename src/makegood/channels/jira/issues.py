"""Issues in Jira, Cloud and Data Center, by version 2 of its REST API, which takes plain text in both.

Only the search differs: Cloud has taken the old one away (410) for one of version 3, which pages by tokens and answers
with documents; Data Center knows the old one alone (404 for the other). Which it is, the answer says. A state is moved
by a transition: the first that leads to a status of the wanted category is taken.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from makegood.channels.code import Unreadable
from makegood.channels.payload import found, moment, rows, text
from makegood.channels.tracking import MOST_COMMENTS, Calls, Comment, Issue, Project, Trouble

_DONE = "done"
_ABSENT = (404, 405, 410)
_PAGE, _MOST_PAGES = 100, 10


class JiraIssues:
    """A Tracker. ``project.name`` is the project's key. With ``user`` (an address, Cloud) the token is a password;
    without one it is a bearer token (Data Center).
    """

    def __init__(self, project: Project, *, allowed: Collection[str] = ()) -> None:
        basic = base64.b64encode(f"{project.user}:{project.token}".encode()).decode()
        self.calls = Calls({"Authorization": f"Basic {basic}" if project.user else f"Bearer {project.token}"}, allowed)
        self.site, self.project, self.type = project.base_url.rstrip("/"), project.name, project.issue_type
        self.is_cloud_likely = bool(project.user)
        self.url = f"{self.site}/rest/api/2"

    def check(self) -> str:
        found_project = self.calls.ask("GET", f"{self.url}/project/{quote(self.project, safe='')}")
        types = [text(one, "name") for one in rows(found_project, "issueTypes") if found(one, "subtask") is not True]
        if types and self.type not in types:
            words = f"The project {self.project} has no issues of the type “{self.type}”. It has: {', '.join(types)}."
            raise Trouble(words, is_final=True)
        return text(found_project, "name")

    def open(self, title: str, body: str) -> Issue:
        kind = {"name": self.type}
        fields = {"project": {"key": self.project}, "summary": title, "description": body, "issuetype": kind}
        try:
            made = self.calls.ask("POST", f"{self.url}/issue", {"fields": fields})
        except Trouble as trouble:
            if trouble.status == 400:
                self.check()  # says so if it is the type
                raise Trouble(_why(trouble), is_final=True, status=400) from None
            raise
        return Issue(_key(made), f"{self.site}/browse/{_key(made)}", title, False)

    def find(self, mark: str, since: datetime) -> Issue | None:
        ours = f'project = "{self.project}" AND creator = currentUser()'
        jql = f'{ours} AND created >= "{since.strftime("%Y-%m-%d")}" ORDER BY created DESC'
        ways = [self._by_token, self._by_number] if self.is_cloud_likely else [self._by_number, self._by_token]
        try:
            return self._first(ways[0](jql), mark)
        except Trouble as trouble:
            if trouble.status not in _ABSENT:
                raise
        return self._first(ways[1](jql), mark)

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

    def label(self, key: str, *, add: str, remove: str = "") -> None:
        acts = [{"add": add}, *([{"remove": remove}] if remove else [])]
        try:
            self.calls.ask("PUT", f"{self.url}/issue/{quote(key, safe='')}", {"update": {"labels": acts}})
        except Trouble as trouble:
            raise Trouble(_why(trouble), is_final=trouble.is_final, status=trouble.status) from None

    def comments(self, key: str) -> list[Comment]:
        """Jira may answer with fewer than it is asked for, and says how many there are."""
        taken: list[Comment] = []
        while len(taken) < MOST_COMMENTS:
            query = urlencode({"orderBy": "created", "maxResults": MOST_COMMENTS, "startAt": len(taken)})
            answer = self.calls.ask("GET", f"{self.url}/issue/{quote(key, safe='')}/comment?{query}")
            told, total = rows(answer, "comments"), found(answer, "total")
            taken += [_comment(row) for row in told]
            if not told or not isinstance(total, int) or len(taken) >= total:
                break
        return taken[:MOST_COMMENTS]

    def comment(self, key: str, body: str) -> str:
        return _comment(self.calls.ask("POST", f"{self.url}/issue/{quote(key, safe='')}/comment", {"body": body})).id

    def close(self) -> None:
        self.calls.close()

    def _by_token(self, jql: str) -> Iterator[Any]:
        """Found issues, by Cloud's search."""
        query = {"jql": jql, "fields": "summary,status,description", "maxResults": _PAGE}
        for _page in range(_MOST_PAGES):
            answer = self.calls.ask("GET", f"{self.site}/rest/api/3/search/jql?{urlencode(query)}")
            yield from rows(answer, "issues")
            query["nextPageToken"] = text(answer, "nextPageToken")
            if found(answer, "isLast") is True or not query["nextPageToken"]:
                return

    def _by_number(self, jql: str) -> Iterator[Any]:
        """Found issues, by Data Center's search."""
        for page in range(_MOST_PAGES):
            query = {"jql": jql, "fields": "summary,status,description", "maxResults": _PAGE, "startAt": page * _PAGE}
            issues = rows(self.calls.ask("GET", f"{self.url}/search?{urlencode(query)}"), "issues")
            yield from issues
            if len(issues) < _PAGE:
                return

    def _first(self, issues: Iterator[Any], mark: str) -> Issue | None:
        return next((self._issue(row) for row in issues if mark in _plain(found(row, "fields", "description"))), None)

    def _issue(self, row: Any) -> Issue:
        is_closed = text(row, "fields", "status", "statusCategory", "key") == _DONE
        return Issue(_key(row), f"{self.site}/browse/{_key(row)}", text(row, "fields", "summary"), is_closed)


def _plain(words: Any) -> str:
    """The words of a description: plain, or all the texts of a document."""
    if isinstance(words, dict):
        return text(words, "text") + " ".join(_plain(part) for part in rows(words, "content"))
    return words if isinstance(words, str) else ""


def _why(trouble: Trouble) -> str:
    """What Jira found wrong with what it was sent, in its own words."""
    try:
        said = json.loads(trouble.said)
    except ValueError:
        said = {}
    errors = found(said, "errors")
    words = [*rows(said, "errorMessages"), *(errors.values() if isinstance(errors, dict) else [])]
    return f"{trouble} {' '.join(str(one) for one in words)}".strip()[:500]


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
