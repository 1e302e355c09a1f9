"""GitLab's."""

PROJECT = {
    "id": 15,
    "name": "portal",
    "web_url": "https://gitlab.example/fairfield/portal",
    "git_ssh_url": "git@gitlab.example:fairfield/portal.git",
    "path_with_namespace": "fairfield/portal",
    "default_branch": "main",
}
USER = {"id": 1, "name": "Eve Eriksen", "username": "eve", "email": "eve@fairfield.example", "avatar_url": "https://a"}


def commit(sha, message, timestamp="2026-11-21T10:00:00+01:00"):
    return {
        "id": sha,
        "message": message,
        "title": message.split("\n")[0],
        "timestamp": timestamp,
        "url": f"https://gitlab.example/fairfield/portal/-/commit/{sha}",
        "author": {"name": "Eve Eriksen", "email": "eve@fairfield.example"},
        "added": [],
        "modified": ["disk.py"],
        "removed": [],
    }


def push(before, after, *commits, ref="refs/heads/main"):
    return {
        "object_kind": "push",
        "event_name": "push",
        "before": before,
        "after": after,
        "ref": ref,
        "ref_protected": True,
        "checkout_sha": after,
        "user_name": "Eve Eriksen",
        "user_email": "eve@fairfield.example",
        "project_id": 15,
        "project": PROJECT,
        "commits": list(commits),
        "total_commits_count": len(commits),
    }


def tag_push(version, sha, tag_sha="f" * 40):
    return {
        "object_kind": "tag_push",
        "event_name": "tag_push",
        "before": "0" * 40,
        "after": tag_sha,
        "ref": f"refs/tags/{version}",
        "checkout_sha": sha,
        "message": "Release",
        "project": PROJECT,
        "commits": [commit(sha, "Release", "2026-11-21T12:00:00+00:00")],
        "total_commits_count": 1,
    }


def merge_request(number, title, description="", *, state="opened", merged="", source_project=15):
    return {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": USER,
        "project": PROJECT,
        "object_attributes": {
            "id": 90,
            "iid": number,
            "title": title,
            "description": description,
            "state": state,
            "action": "merge" if merged else "open",
            "source_branch": "fix-it",
            "target_branch": "main",
            "source_project_id": source_project,
            "target_project_id": 15,
            "created_at": "2026-11-21 09:00:00 UTC",
            "updated_at": "2026-11-21 11:00:00 UTC" if merged else "2026-11-21 09:30:00 UTC",
            "merge_commit_sha": merged or None,
            "squash_commit_sha": None,
            "last_commit": {"id": "d" * 40, "message": "x"},
            "url": f"https://gitlab.example/fairfield/portal/-/merge_requests/{number}",
        },
    }


def release(version, sha):
    return {
        "object_kind": "release",
        "id": 1,
        "created_at": "2026-11-21 12:00:00 UTC",
        "released_at": "2026-11-21 12:05:00 UTC",
        "description": "",
        "name": f"Portal {version}",
        "tag": version,
        "project": PROJECT,
        "url": f"https://gitlab.example/fairfield/portal/-/releases/{version}",
        "action": "create",
        "commit": {"id": sha, "message": "Release", "timestamp": "2026-11-21T12:00:00+00:00"},
    }


def deployment(sha, status="success", environment="production", identity=42):
    return {
        "object_kind": "deployment",
        "status": status,
        "status_changed_at": "2026-11-21 14:00:00 +0100",
        "deployment_id": identity,
        "deployable_id": 796,
        "deployable_url": "https://gitlab.example/fairfield/portal/-/jobs/796",
        "environment": environment,
        "environment_external_url": "https://portal.fairfield.example",
        "project": PROJECT,
        "short_sha": sha[:8],
        "user": USER,
        "commit_url": f"https://gitlab.example/fairfield/portal/-/commit/{sha}",
        "commit_title": "Release",
        "ref": "main",
    }


def pipeline(sha, status="success", source="push"):
    return {
        "object_kind": "pipeline",
        "object_attributes": {
            "id": 31,
            "iid": 3,
            "name": "Tests",
            "ref": "main",
            "tag": False,
            "sha": sha,
            "before_sha": "0" * 40,
            "source": source,
            "status": status,
            "created_at": "2026-11-21 12:10:00 UTC",
            "finished_at": "2026-11-21 12:20:00 UTC" if status != "running" else None,
            "url": "https://gitlab.example/fairfield/portal/-/pipelines/31",
        },
        "user": USER,
        "project": PROJECT,
    }
