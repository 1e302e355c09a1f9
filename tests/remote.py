"""A server that keeps issues and speaks like GitHub, GitLab or Jira, for tests."""

import json
import re

from werkzeug import Response


class Remote:
    """The issues of one project, kept by a server in the words of ``kind``. Of Jira ``is_cloud`` tells which, ``types``
    what its project knows, ``wants`` what it finds wrong with a new issue.
    """

    def __init__(self, server, kind, *, is_cloud=False):
        self.kind, self.issues, self.asked = kind, {}, []
        self.is_cloud, self.types, self.wants, self.has_no_labels = is_cloud, ["Task", "Bug"], {}, False
        server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    def answer(self, request):
        self.asked.append(request)
        path, body = request.path, json.loads(request.data or b"{}")
        answered = getattr(self, f"_{self.kind}")(request.method, path, body)
        if answered is None:
            return Response("{}", status=404, content_type="application/json")
        status, values = answered if isinstance(answered, tuple) else (200, answered)
        return Response(json.dumps(values), status=status, content_type="application/json")

    def add(self, title, text):
        number = len(self.issues) + 1
        self.issues[number] = {"title": title, "text": text, "closed": False, "said": [], "labels": []}
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
        if parts[2:3] == ["labels"]:
            return self._github_labels(method, issue, body, parts[3:])
        if parts[2:] == ["comments"]:
            if method == "POST":
                issue["said"].append(("we", body["body"]))
            shown = [
                {"id": n, "user": {"login": who}, "body": words, "created_at": "2026-11-16T10:00:00Z"}
                for n, (who, words) in _there(issue["said"])
            ]
            return shown[-1] if method == "POST" else shown
        if method == "PATCH":
            issue["title"] = body.get("title", issue["title"])
            issue["closed"] = body.get("state", "closed" if issue["closed"] else "open") == "closed"
        return self._github_issue(int(parts[1]))

    def _github_labels(self, method, issue, body, name):
        if method == "POST":
            issue["labels"] += [one for one in body["labels"] if one not in issue["labels"]]
        elif name[0] not in issue["labels"]:
            return 404, {"message": "Label does not exist"}
        else:
            issue["labels"].remove(name[0])
        return 200, [{"name": one} for one in issue["labels"]]

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
                for n, (who, words) in _there(issue["said"])
            ]
            noted = {**shown[0], "id": 99, "system": True, "body": "closed"} if shown else None
            return shown[-1] if method == "POST" else [*shown, *([noted] if noted else [])]
        if method == "PUT":
            issue["title"] = body.get("title", issue["title"])
            issue["closed"] = {"close": True, "reopen": False}.get(body.get("state_event"), issue["closed"])
            gone = body.get("remove_labels", "").split(",")
            labels = [*issue["labels"], *body.get("add_labels", "").split(",")]
            issue["labels"] = [one for one in dict.fromkeys(labels) if one and one not in gone]
        return self._gitlab_issue(int(parts[1]))

    def _gitlab_issue(self, number):
        one = self.issues[number]
        state = "closed" if one["closed"] else "opened"
        url = f"https://gitlab.example/company/portal/-/issues/{number}"
        return {"iid": number, "web_url": url, "title": one["title"], "description": one["text"], "state": state}

    def _jira(self, method, path, body):
        if found := self._jira_search(path):
            return found
        parts = path.removeprefix("/rest/api/2").strip("/").split("/")
        if parts[0] == "project":
            types = [{"name": name, "subtask": name == "Sub-task"} for name in [*self.types, "Sub-task"]]
            return {"key": "POR", "name": "company/portal", "issueTypes": types}
        if parts == ["issue"]:
            fields = body["fields"]
            if fields["issuetype"]["name"] not in self.types:
                return 400, {"errorMessages": [], "errors": {"issuetype": "Specify a valid issue type"}}
            if self.wants:
                return 400, {"errorMessages": [], "errors": self.wants}
            return {"id": "1", "key": f"POR-{self.add(fields['summary'], fields['description'])}"}
        return self._jira_known(method, int(parts[1].removeprefix("POR-")), parts, body)

    def _jira_known(self, method, number, parts, body):
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
                for n, (who, words) in _there(issue["said"])
            ]
            return shown[-1] if method == "POST" else {"comments": shown}
        return self._jira_put(issue, body) if method == "PUT" else self._jira_issue(number)

    def _jira_put(self, issue, body):
        if "update" not in body:
            issue["title"] = body["fields"]["summary"]
        elif self.has_no_labels:
            return 400, {"errors": {"labels": "It is not on the appropriate screen."}}
        for act in body.get("update", {}).get("labels", []):
            if "add" in act:
                assert " " not in act["add"]
                issue["labels"].append(act["add"])
            elif act["remove"] in issue["labels"]:
                issue["labels"].remove(act["remove"])
        return 204, {}

    def _jira_search(self, path):
        """Cloud and Data Center each know one search, and say of the other that it is gone, or was never there."""
        old, new = path == "/rest/api/2/search", path == "/rest/api/3/search/jql"
        if not old and not new:
            return None
        if old and self.is_cloud:
            words = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
            return 410, {"errorMessages": [words], "errors": {}}
        if new and not self.is_cloud:
            return 404, {"errorMessages": [], "errors": {}}
        query = self.asked[-1].args
        assert "creator = currentUser()" in query["jql"]
        size = 2  # of a page, whatever was asked for
        if new:
            begin = int(query.get("nextPageToken", "token-0").removeprefix("token-"))
        else:
            begin, size = int(query["startAt"]), int(query["maxResults"])
        numbers = sorted(self.issues, reverse=True)
        issues = [self._jira_issue(number, as_document=new) for number in numbers[begin : begin + size]]
        if not new:
            return {"startAt": begin, "maxResults": size, "total": len(numbers), "issues": issues}
        is_last = begin + size >= len(numbers)
        return {"issues": issues, "isLast": is_last, **({} if is_last else {"nextPageToken": f"token-{begin + size}"})}

    def _jira_issue(self, number, *, as_document=False):
        one = self.issues[number]
        status = {"statusCategory": {"key": "done" if one["closed"] else "new"}}
        words = one["text"]
        if as_document:
            lines = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in words.split("\n")]
            words = {"type": "doc", "version": 1, "content": lines}
        fields = {"summary": one["title"], "description": words, "status": status}
        return {"key": f"POR-{number}", "fields": fields}


def _there(said):
    """Comments with their numbers; one that was removed is None."""
    return [(number, one) for number, one in enumerate(said, 1) if one]
