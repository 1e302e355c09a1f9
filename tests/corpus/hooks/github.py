"""GitHub's."""

REPO = {
    "id": 1296269,
    "full_name": "fairfield/portal",
    "html_url": "https://github.com/fairfield/portal",
    "commits_url": "https://api.github.com/repos/fairfield/portal/commits{/sha}",
    "default_branch": "main",
    "pushed_at": 1795255200,
    "owner": {"login": "fairfield", "email": "owner@fairfield.example", "avatar_url": "https://a.example/1"},
}
SENDER = {"login": "eve-e", "id": 5, "type": "User"}


def commit(sha, message, timestamp="2026-11-21T10:00:00+01:00"):
    person = {"name": "Eve Eriksen", "email": "eve@fairfield.example", "username": "eve-e"}
    url = f"https://github.com/fairfield/portal/commit/{sha}"
    return {
        "id": sha,
        "tree_id": "0" * 40,
        "distinct": True,
        "message": message,
        "timestamp": timestamp,
        "url": url,
        "author": person,
        "committer": person,
        "added": [],
        "removed": [],
        "modified": ["disk.py"],
    }


def push(before, after, *commits, ref="refs/heads/main", forced=False, deleted=False):
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "created": before == "0" * 40,
        "deleted": deleted,
        "forced": forced,
        "base_ref": None,
        "compare": "https://github.com/fairfield/portal/compare/x",
        "commits": list(commits) if ref.startswith("refs/heads/") else [],
        "head_commit": commits[-1] if commits else None,
        "repository": REPO,
        "pusher": {"name": "eve-e", "email": "eve@fairfield.example"},
        "sender": SENDER,
    }


def pull_request(number, title, body="", *, merged="", state="open", ref="fix-it", fork="fairfield/portal"):
    return {
        "action": "closed" if state == "closed" else "opened",
        "number": number,
        "pull_request": {
            "id": 1,
            "html_url": f"https://github.com/fairfield/portal/pull/{number}",
            "number": number,
            "state": state,
            "locked": False,
            "title": title,
            "body": body or None,
            "user": SENDER,
            "created_at": "2026-11-21T09:00:00Z",
            "updated_at": "2026-11-21T11:00:00Z" if merged else "2026-11-21T09:30:00Z",
            "closed_at": "2026-11-21T11:00:00Z" if state == "closed" else None,
            "merged_at": "2026-11-21T11:00:00Z" if merged else None,
            "merge_commit_sha": merged or "e" * 40,
            "merged": bool(merged),
            "draft": False,
            "head": {"label": "fairfield:fix-it", "ref": ref, "sha": "d" * 40, "repo": {**REPO, "full_name": fork}},
            "base": {"label": "fairfield:main", "ref": "main", "sha": "c" * 40, "repo": REPO},
        },
        "repository": REPO,
        "sender": SENDER,
    }


def release(version, *, draft=False, prerelease=False, action="published"):
    return {
        "action": action,
        "release": {
            "html_url": f"https://github.com/fairfield/portal/releases/tag/{version}",
            "id": 11,
            "tag_name": version,
            "target_commitish": "main",
            "name": f"Portal {version}",
            "draft": draft,
            "prerelease": prerelease,
            "created_at": "2026-11-21T12:00:00Z",
            "published_at": None if draft else "2026-11-21T12:05:00Z",
            "author": SENDER,
        },
        "repository": REPO,
        "sender": SENDER,
    }


def deployment_status(sha, state="success", environment="production", identity=42):
    return {
        "action": "created",
        "deployment_status": {
            "id": 7,
            "state": state,
            "environment": environment,
            "environment_url": "https://portal.fairfield.example",
            "log_url": "https://ci.example/7",
            "created_at": "2026-11-21T13:00:00Z",
            "updated_at": "2026-11-21T13:00:00Z",
        },
        "deployment": {
            "id": identity,
            "sha": sha,
            "ref": "main",
            "task": "deploy",
            "environment": environment,
            "created_at": "2026-11-21T12:50:00Z",
            "updated_at": "2026-11-21T12:50:00Z",
        },
        "repository": REPO,
        "sender": SENDER,
    }


def workflow_run(sha, conclusion="success", name="Tests", event="push", status="completed"):
    return {
        "action": "completed",
        "workflow_run": {
            "id": 30433642,
            "name": name,
            "head_branch": "main",
            "head_sha": sha,
            "path": ".github/workflows/tests.yml",
            "run_number": 562,
            "run_attempt": 1,
            "event": event,
            "status": status,
            "conclusion": conclusion,
            "html_url": "https://github.com/fairfield/portal/actions/runs/30433642",
            "created_at": "2026-11-21T12:10:00Z",
            "updated_at": "2026-11-21T12:20:00Z",
        },
        "repository": REPO,
        "sender": SENDER,
    }


def check_run(sha, conclusion="success", name="scan", app="scanner"):
    return {
        "action": "completed",
        "check_run": {
            "id": 4,
            "name": name,
            "head_sha": sha,
            "status": "completed",
            "conclusion": conclusion,
            "started_at": "2026-11-21T12:10:00Z",
            "completed_at": "2026-11-21T12:15:00Z",
            "html_url": "https://github.com/fairfield/portal/runs/4",
            "app": {"id": 1, "slug": app, "name": app.title()},
        },
        "repository": REPO,
        "sender": SENDER,
    }


def status(sha, state="success", context="ci/build"):
    return {
        "id": 6805126730,
        "sha": sha,
        "name": "fairfield/portal",
        "target_url": "https://ci.example/1",
        "context": context,
        "state": state,
        "created_at": "2026-11-21T12:10:00+00:00",
        "updated_at": "2026-11-21T12:11:00+00:00",
        "repository": REPO,
        "sender": SENDER,
    }


PING = {"zen": "Keep it logically awesome.", "hook_id": 1, "hook": {"type": "Repository", "config": {"secret": "****"}}}
