"""What GitHub's webhooks tell, and how they prove that they are GitHub's.

The signature covers the body only, so a body that was listened to can be sent again under another id: whoever takes
the facts must not mind repeats.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from makegood.channels import code
from makegood.channels.code import Fact, Knock
from makegood.channels.payload import branch_of, found, maybe_sha, moment, number, rows, sha, tag_of, text, words

Payload = dict[str, Any]

_CONCLUSIONS = {
    "success": code.PASSED,
    "failure": code.FAILED,
    "error": code.FAILED,
    "timed_out": code.FAILED,
    "action_required": code.FAILED,
    "startup_failure": code.FAILED,
    "pending": code.RUNNING,
}
_DEPLOYED = {"success": code.PASSED, "failure": code.FAILED, "error": code.FAILED}
MOST_LISTED = 2048
_UNDER_WAY = {"pending", "queued", "in_progress"}


class GitHub:
    """A Host."""

    def is_genuine(self, knock: Knock, secret: str) -> bool:
        return is_signed(knock.body, secret, knock.headers.get("x-hub-signature-256", "").removeprefix("sha256="))

    def delivery_id(self, knock: Knock) -> str:
        return knock.headers.get("x-github-delivery", "")

    def event(self, knock: Knock) -> str:
        return knock.headers.get("x-github-event", "")

    def facts(self, event: str, payload: Payload, *, at: datetime) -> list[Fact] | None:
        """What is told; None for an event we do not use. ``at``: when it arrived. Raises Unreadable."""
        take = TAKES.get(event)
        return take(payload, at) if take else None


def is_signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether ``signature`` is the HMAC-SHA256 of the body in hex, compared in constant time."""
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(wanted.encode(), signature.strip().lower().encode())


def push(payload: Payload, at: datetime) -> list[Fact]:
    """Commits on a branch, or a tag. ``after`` of an annotated tag is the tag's own name: the head commit counts."""
    ref, told = text(payload, "ref"), moment(payload, "repository", "pushed_at", default=at)
    after = sha(payload, "after")
    if found(payload, "deleted") is True or after == code.NO_COMMIT:
        return []
    if version := tag_of(ref):
        head = maybe_sha(payload, "head_commit", "id") or after
        return [code.TagTold(version, head, told, url=text(payload, "head_commit", "url"))]
    branch = branch_of(ref)
    if not branch:
        return []
    commits = tuple(commit(one, branch) for one in rows(payload, "commits"))
    is_forced = found(payload, "forced") is True
    is_cut = _is_cut(payload, after, commits, is_forced=is_forced)
    return [code.PushTold(branch, sha(payload, "before"), after, commits, is_forced=is_forced, is_cut=is_cut)]


def _is_cut(payload: Payload, after: str, commits: Sequence[code.CommitTold], *, is_forced: bool) -> bool:
    """GitHub does not say how many commits there were: it lists so many and no more. A branch that only moved on
    lists its last commit, too, so one that is missing there tells of a shortened body.
    """
    moved_on = not is_forced and found(payload, "created") is not True and bool(commits)
    return len(commits) >= MOST_LISTED or (moved_on and all(one.sha != after for one in commits))


def commit(told: Any, branch: str) -> code.CommitTold:
    """One commit of a push; GitLab and Gitea name its parts alike."""
    return code.CommitTold(
        sha(told, "id"),
        text(told, "message"),
        moment(told, "timestamp"),
        author=text(told, "author", "name"),
        url=text(told, "url"),
        branch=branch,
    )


def pull_request(payload: Payload, at: datetime) -> list[Fact]:
    pull = found(payload, "pull_request")
    is_merged = found(pull, "merged") is True
    state = code.MERGED if is_merged else code.CLOSED if text(pull, "state") == "closed" else code.OPEN
    head, base = text(pull, "head", "repo", "full_name"), text(pull, "base", "repo", "full_name")
    return [
        code.PullTold(
            number(pull, "number"),
            words(pull, "title"),
            state,
            moment(pull, "updated_at", default=at),
            body=text(pull, "body"),
            branch=text(pull, "head", "ref"),
            base=text(pull, "base", "ref"),
            merge_sha=maybe_sha(pull, "merge_commit_sha") if is_merged else "",
            merged_at=moment(pull, "merged_at", default=at) if is_merged else None,
            author=text(pull, "user", "login"),
            url=text(pull, "html_url"),
            is_ours=bool(head) and head == base,
        )
    ]


def release(payload: Payload, at: datetime) -> list[Fact]:
    """A draft is not released; one that was deleted had been released all the same."""
    told = found(payload, "release")
    if found(told, "draft") is True or text(payload, "action") in ("deleted", "unpublished"):
        return []
    return [
        code.ReleaseTold(
            words(told, "tag_name"),
            moment(told, "published_at", default=at),
            sha=maybe_sha(told, "target_commitish"),
            name=text(told, "name"),
            url=text(told, "html_url"),
            is_prerelease=found(told, "prerelease") is True,
        )
    ]


def deployment(payload: Payload, at: datetime) -> list[Fact]:
    told = found(payload, "deployment")
    return [_deployed(told, code.RUNNING, moment(told, "created_at", default=at), "")]


def deployment_status(payload: Payload, at: datetime) -> list[Fact]:
    """``inactive`` only says that another one is there now, which that one tells itself."""
    told, status = found(payload, "deployment"), found(payload, "deployment_status")
    state = text(status, "state")
    if state not in _DEPLOYED and state not in _UNDER_WAY:
        return []
    url = text(status, "environment_url") or text(status, "log_url") or text(status, "target_url")
    outcome = _DEPLOYED.get(state, code.RUNNING)
    return [
        _deployed(told, outcome, moment(status, "updated_at", default=moment(status, "created_at", default=at)), url)
    ]


def workflow_run(payload: Payload, at: datetime) -> list[Fact]:
    """The same workflow may run for a push and for a pull request on one commit: two tests. The name may be empty."""
    run = found(payload, "workflow_run")
    cause = text(run, "event")
    named = text(run, "name") or text(payload, "workflow", "name") or text(run, "path") or "workflow"
    name = named + (f" ({cause})" if cause not in ("", "push") else "")
    return [_ran(run, name, "head_sha", "updated_at", at)]


def check_run(payload: Payload, at: datetime) -> list[Fact]:
    """Runs of Actions are told by ``workflow_run`` as a whole."""
    run = found(payload, "check_run")
    if text(run, "app", "slug") == "github-actions":
        return []
    return [_ran(run, words(run, "name"), "head_sha", "completed_at", moment(run, "started_at", default=at))]


def check_suite(payload: Payload, at: datetime) -> list[Fact]:
    suite = found(payload, "check_suite")
    if text(suite, "app", "slug") == "github-actions":
        return []
    return [_ran(suite, words(suite, "app", "name"), "head_sha", "updated_at", at)]


def status(payload: Payload, at: datetime) -> list[Fact]:
    outcome = _CONCLUSIONS.get(text(payload, "state"), code.SKIPPED)
    told = moment(payload, "updated_at", default=moment(payload, "created_at", default=at))
    return [
        code.CheckTold(words(payload, "context"), sha(payload, "sha"), outcome, told, url=text(payload, "target_url"))
    ]


def issue(payload: Payload, _at: datetime) -> list[Fact]:
    """Also a word on it. What happened is read from GitHub itself, but for who removed a word, which it tells once."""
    key, projects = str(number(payload, "issue", "number")), (words(payload, "repository", "full_name"),)
    if text(payload, "action") == "deleted" and found(payload, "comment"):
        removed, by = str(number(payload, "comment", "id")), text(payload, "sender", "login")
        return [code.IssueTold(key, projects, removed=removed, by=by)]
    return [code.IssueTold(key, projects)]


def nothing(_payload: Payload, _at: datetime) -> list[Fact]:
    return []


def _deployed(told: Any, outcome: str, moment_told: datetime, url: str) -> Fact:
    key, where = str(number(told, "id")), words(told, "environment")
    return code.DeploymentTold(key, where, outcome, moment_told, sha=sha(told, "sha"), ref=text(told, "ref"), url=url)


def _ran(run: Any, name: str, commit_at: str, ended_at: str, at: datetime) -> Fact:
    is_over = text(run, "status") == "completed"
    outcome = _CONCLUSIONS.get(text(run, "conclusion"), code.SKIPPED) if is_over else code.RUNNING
    url = text(run, "html_url") or text(run, "details_url")
    return code.CheckTold(name, sha(run, commit_at), outcome, moment(run, ended_at, default=at), url=url)


TAKES: dict[str, Callable[[Payload, datetime], list[Fact]]] = {
    "ping": nothing,
    "push": push,
    "create": nothing,  # a tag is told by its push, with the commit it stands for
    "pull_request": pull_request,
    "release": release,
    "deployment": deployment,
    "deployment_status": deployment_status,
    "workflow_run": workflow_run,
    "check_run": check_run,
    "check_suite": check_suite,
    "status": status,
    "issues": issue,
    "issue_comment": issue,
}
