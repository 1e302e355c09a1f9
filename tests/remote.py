"""A server that keeps issues and speaks like GitHub, GitLab or Jira, for tests."""

import json
import re

from werkzeug import Response


class Remote:
    """The issues of one project, kept by a server in the words of ``kind``."""

    def __init__(self, server, kind):
        self.kind, self.issues, self.asked = kind, {}, []
        server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    def answer(self, request):
        self.asked.append(request)
        path, body = request.path, json.loads(request.data or b"{}")
        answered = getattr(self, f"_{self.kind}")(request.method, path, body)
        if answered is None:
            return Response("{}", status=404, content_type="application/json")
        return Response(json.dumps(answered), status=200, content_type="application/json")

    def add(self, title, text):
        number = len(self.issues) + 1
        self.issues[number] = {"title": title, "text": text, "closed": False, "said": []}
        return number

    def _github(self, method, path, body):
        parts = path.removeprefix("/repos/company/portal").strip("/").split("/")
        if parts == [""]:
            return {"full_name": "company/portal"}
        if parts == ["issues"] and method == "POST":
            return self._github_issue(self.add(body["title"], body["body"]))
        if parts == ["issues"]:
            return [self._github_issue(number) for number in self.issues]
        issue = self.issues[int(parts[1])]
        if parts[2:] == ["comments"]:
            if method == "POST":
                issue["said"].append(("we", body["body"]))
            shown = [
                {"id": n, "user": {"login": who}, "body": words, "created_at": "2026-11-16T10:00:00Z"}
                for n, (who, words) in enumerate(issue["said"], 1)
            ]
            return shown[-1] if method == "POST" else shown
        if method == "PATCH":
            issue["title"] = body.get("title", issue["title"])
            issue["closed"] = body.get("state", "closed" if issue["closed"] else "open") == "closed"
        return self._github_issue(int(parts[1]))

    def _github_issue(self, number):
        one = self.issues[number]
        state = "closed" if one["closed"] else "open"
        url = f"https://github.com/company/portal/issues/{number}"
        return {"number": number, "html_url": url, "title": one["title"], "body": one["text"], "state": state}

    def _gitlab(self, method, path, body):
        parts = path.removeprefix("/api/v4/projects/company/portal").removeprefix("/api/v4/projects/company%2Fportal")
        parts = parts.strip("/").split("/")
        if parts == [""]:
            return {"path_with_namespace": "company/portal"}
        if parts == ["issues"] and method == "POST":
            return self._gitlab_issue(self.add(body["title"], body["description"]))
        if parts == ["issues"]:
            return [self._gitlab_issue(number) for number in self.issues]
        issue = self.issues[int(parts[1])]
        if parts[2:] == ["notes"]:
            if method == "POST":
                issue["said"].append(("we", body["body"]))
            shown = [
                {"id": n, "author": {"name": who}, "body": words, "created_at": "2026-11-16T10:00:00Z", "system": False}
                for n, (who, words) in enumerate(issue["said"], 1)
            ]
            noted = {**shown[0], "id": 99, "system": True, "body": "closed"} if shown else None
            return shown[-1] if method == "POST" else [*shown, *([noted] if noted else [])]
        if method == "PUT":
            issue["title"] = body.get("title", issue["title"])
            issue["closed"] = {"close": True, "reopen": False}.get(body.get("state_event"), issue["closed"])
        return self._gitlab_issue(int(parts[1]))

    def _gitlab_issue(self, number):
        one = self.issues[number]
        state = "closed" if one["closed"] else "opened"
        url = f"https://gitlab.example/company/portal/-/issues/{number}"
        return {"iid": number, "web_url": url, "title": one["title"], "description": one["text"], "state": state}

    def _jira(self, method, path, body):
        parts = path.removeprefix("/rest/api/2").strip("/").split("/")
        if parts[0] == "project":
            return {"key": "POR", "name": "company/portal"}
        if parts == ["issue"]:
            fields = body["fields"]
            assert fields["issuetype"] == {"name": "Bug"}
            return {"id": "1", "key": f"POR-{self.add(fields['summary'], fields['description'])}"}
        if parts == ["search"]:
            return {"issues": [self._jira_issue(number) for number in self.issues]}
        number = int(parts[1].removeprefix("POR-"))
        issue = self.issues[number]
        if parts[2:] == ["transitions"]:
            if method == "POST":
                issue["closed"] = body["transition"]["id"] == "31"
            offered = [("11", "new"), ("31", "done")]
            return {"transitions": [{"id": n, "to": {"statusCategory": {"key": key}}} for n, key in offered]}
        if parts[2:] == ["comment"]:
            if method == "POST":
                issue["said"].append(("we", body["body"]))
            told = "2026-11-16T10:00:00.000+0000"
            shown = [
                {"id": str(n), "author": {"displayName": who}, "body": words, "created": told}
                for n, (who, words) in enumerate(issue["said"], 1)
            ]
            return shown[-1] if method == "POST" else {"comments": shown}
        if method == "PUT":
            issue["title"] = body["fields"]["summary"]
        return self._jira_issue(number)

    def _jira_issue(self, number):
        one = self.issues[number]
        status = {"statusCategory": {"key": "done" if one["closed"] else "new"}}
        fields = {"summary": one["title"], "description": one["text"], "status": status}
        return {"key": f"POR-{number}", "fields": fields}
