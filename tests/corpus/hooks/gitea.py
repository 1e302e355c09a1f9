"""Gitea's and Forgejo's."""

REPO = {
    "id": 140,
    "name": "portal",
    "full_name": "fairfield/portal",
    "html_url": "https://code.example/fairfield/portal",
    "clone_url": "https://code.example/fairfield/portal.git",
    "default_branch": "main",
    "owner": {"login": "fairfield", "email": "owner@fairfield.example"},
}
USER = {"id": 1, "login": "eve", "full_name": "Eve Eriksen", "email": "eve@fairfield.example", "username": "eve"}


def commit(sha, message, timestamp="2026-11-21T10:00:00+01:00"):
    person = {"name": "Eve Eriksen", "email": "eve@fairfield.example", "username": "eve"}
    return {
        "id": sha,
        "message": message,
        "url": f"https://code.example/fairfield/portal/commit/{sha}",
        "author": person,
        "committer": person,
        "timestamp": timestamp,
    }


def push(before, after, *commits, ref="refs/heads/main"):
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "compare_url": "https://code.example/fairfield/portal/compare/x",
        "commits": list(commits) if ref.startswith("refs/heads/") else [],
        "total_commits": len(commits),
        "head_commit": commits[-1] if commits else None,
        "repository": REPO,
        "pusher": USER,
        "sender": USER,
    }


def pull_request(number, title, body="", *, merged="", fork="fairfield/portal"):
    return {
        "action": "closed" if merged else "opened",
        "number": number,
        "pull_request": {
            "id": 55,
            "number": number,
            "title": title,
            "body": body,
            "state": "closed" if merged else "open",
            "user": USER,
            "html_url": f"https://code.example/fairfield/portal/pulls/{number}",
            "merged": bool(merged),
            "merged_at": "2026-11-21T11:00:00Z" if merged else None,
            "merge_commit_sha": merged or None,
            "head": {"label": "fix-it", "ref": "fix-it", "sha": "d" * 40, "repo": {**REPO, "full_name": fork}},
            "base": {"label": "main", "ref": "main", "sha": "c" * 40, "repo": REPO},
            "created_at": "2026-11-21T09:00:00Z",
            "updated_at": "2026-11-21T11:00:00Z" if merged else "2026-11-21T09:30:00Z",
        },
        "repository": REPO,
        "sender": USER,
    }


def release(version, *, prerelease=False):
    return {
        "action": "published",
        "release": {
            "id": 3,
            "tag_name": version,
            "target_commitish": "main",
            "name": f"Portal {version}",
            "html_url": f"https://code.example/fairfield/portal/releases/tag/{version}",
            "draft": False,
            "prerelease": prerelease,
            "created_at": "2026-11-21T12:00:00Z",
            "published_at": "2026-11-21T12:05:00Z",
            "author": USER,
        },
        "repository": REPO,
        "sender": USER,
    }


def status(sha, state="success", context="ci/woodpecker"):
    return {
        "id": 4,
        "sha": sha,
        "state": state,
        "context": context,
        "target_url": "https://ci.example/4",
        "created_at": "2026-11-21T12:10:00Z",
        "updated_at": "2026-11-21T12:11:00Z",
        "repository": REPO,
        "sender": USER,
    }


def action_run(sha, action="success"):
    """What Forgejo's Actions tell of a run that ended."""
    return {
        "action": action,
        "prior_status": "running",
        "run": {
            "id": 12,
            "title": "Mend the claims page",
            "repository": REPO,
            "workflow_id": "ci.yml",
            "index_in_repo": 7,
            "trigger_user": USER,
            "ScheduleID": 0,
            "prettyref": "main",
            "commit_sha": sha,
            "event": "push",
            "event_payload": '{"pusher": {"email": "eve@fairfield.example"}}',
            "trigger_event": "push",
            "status": "failure" if action == "failure" else "success",
            "started": "2026-11-21T12:09:00Z",
            "stopped": "2026-11-21T12:11:00Z",
            "created": "2026-11-21T12:08:55Z",
            "updated": "2026-11-21T12:11:00Z",
            "duration": 120000000000,
            "html_url": "https://code.example/fairfield/portal/actions/runs/7",
        },
    }


def documented_push(before, after, *commits, total=None):
    """A push with every field that Gitea's documentation shows, an old server's ``secret`` among them."""
    person = {**USER, "avatar_url": "https://code.example/avatars/1"}
    whole = {
        **REPO,
        "owner": {**person, "login": "fairfield", "username": "fairfield"},
        "description": "",
        "private": False,
        "fork": False,
        "ssh_url": "ssh://git@code.example:2222/fairfield/portal.git",
        "website": "",
        "stars_count": 0,
        "forks_count": 1,
        "watchers_count": 1,
        "open_issues_count": 7,
        "created_at": "2026-02-26T04:29:06-05:00",
        "updated_at": "2026-11-20T13:51:58-04:00",
    }
    body = push(before, after, *commits)
    del body["head_commit"]
    if total is None:
        del body["total_commits"]
    else:
        body["total_commits"] = total
    return {"secret": "not-to-be-kept", **body, "repository": whole, "pusher": person, "sender": person}
