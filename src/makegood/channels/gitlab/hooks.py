"""What GitLab's webhooks tell, and how they prove that they are GitLab's: a secret token, or a signature where the
instance can sign (by the rules of Standard Webhooks, in which the moment is signed too).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from makegood.channels import code
from makegood.channels.code import Fact, Knock
from makegood.channels.github.hooks import commit
from makegood.channels.payload import (
    branch_of,
    counted,
    found,
    maybe_sha,
    moment,
    number,
    rows,
    sha,
    tag_of,
    text,
    words,
)

Payload = dict[str, Any]

_STATES = {"opened": code.OPEN, "locked": code.OPEN, "closed": code.CLOSED, "merged": code.MERGED}
_RAN = {"success": code.PASSED, "failed": code.FAILED, "canceled": code.SKIPPED, "skipped": code.SKIPPED}
_WAITS_FOR_A_PERSON = "manual"


class GitLab:
    """A Host."""

    def is_genuine(self, knock: Knock, secret: str) -> bool:
        """A signature, where there is one, is what counts."""
        if not secret:
            return False
        if "webhook-signature" in knock.headers:
            try:
                Webhook(secret).verify(knock.body, dict(knock.headers))
            except (WebhookVerificationError, ValueError):
                return False
            return True
        return hmac.compare_digest(secret.encode(), knock.headers.get("x-gitlab-token", "").encode())

    def delivery_id(self, knock: Knock) -> str:
        """The same through all its tries: the idempotency key where there is one."""
        names = ("idempotency-key", "webhook-id", "x-gitlab-event-uuid")
        return next((knock.headers[name] for name in names if knock.headers.get(name)), "")

    def event(self, knock: Knock) -> str:
        return knock.headers.get("x-gitlab-event", "")

    def facts(self, event: str, payload: Payload, *, at: datetime) -> list[Fact] | None:
        take = TAKES.get(event)
        return take(payload, at) if take else None


def push(payload: Payload, at: datetime) -> list[Fact]:
    """It does not say whether it was forced: onto the main branch, protected as a rule, it counts as not forced."""
    after, branch = sha(payload, "after"), branch_of(text(payload, "ref"))
    if after == code.NO_COMMIT or not branch:
        return []
    commits = tuple(commit(one, branch) for one in rows(payload, "commits"))
    is_forced = branch != text(payload, "project", "default_branch")
    told = code.PushTold(branch, sha(payload, "before"), after, commits, is_forced=is_forced)
    return [counted(told, found(payload, "total_commits_count"))]


def tag_push(payload: Payload, at: datetime) -> list[Fact]:
    """``checkout_sha`` is the commit; ``after`` may be the tag's own name."""
    version, head = tag_of(text(payload, "ref")), maybe_sha(payload, "checkout_sha")
    if not version or not head or sha(payload, "after") == code.NO_COMMIT:
        return []
    own = [moment(one, "timestamp", default=at) for one in rows(payload, "commits") if text(one, "id") == head]
    return [code.TagTold(version, head, own[0] if own else at)]


def merge_request(payload: Payload, at: datetime) -> list[Fact]:
    told = found(payload, "object_attributes")
    state = _STATES.get(text(told, "state"), code.OPEN)
    landed = maybe_sha(told, "merge_commit_sha") or maybe_sha(told, "squash_commit_sha")
    updated = moment(told, "updated_at", default=at)
    is_merged = state == code.MERGED
    return [
        code.PullTold(
            number(told, "iid"),
            words(told, "title"),
            state,
            updated,
            body=text(told, "description"),
            branch=text(told, "source_branch"),
            base=text(told, "target_branch"),
            # Fast-forward leaves no merge commit: the last one of the branch is what landed.
            merge_sha=(landed or maybe_sha(told, "last_commit", "id")) if is_merged else "",
            merged_at=updated if is_merged else None,
            author=text(payload, "user", "username"),
            url=text(told, "url"),
            is_ours=number(told, "source_project_id") == number(told, "target_project_id"),
        )
    ]


def release(payload: Payload, at: datetime) -> list[Fact]:
    if text(payload, "action") == "delete":
        return []
    return [
        code.ReleaseTold(
            words(payload, "tag"),
            moment(payload, "released_at", default=moment(payload, "created_at", default=at)),
            sha=maybe_sha(payload, "commit", "id"),
            name=text(payload, "name"),
            url=text(payload, "url"),
        )
    ]


def deployment(payload: Payload, at: datetime) -> list[Fact]:
    """The whole name of the commit stands only in its address. Older servers name the job, not the deployment."""
    head = maybe_sha({"sha": text(payload, "commit_url").rstrip("/").rsplit("/", 1)[-1]}, "sha")
    return [
        code.DeploymentTold(
            str(number(payload, "deployment_id" if found(payload, "deployment_id") else "deployable_id")),
            words(payload, "environment"),
            _RAN.get(text(payload, "status"), code.RUNNING),
            moment(payload, "status_changed_at", default=at),
            sha=head,
            ref=text(payload, "ref"),
            url=text(payload, "environment_external_url") or text(payload, "deployable_url"),
        )
    ]


def pipeline(payload: Payload, at: datetime) -> list[Fact]:
    """Pipelines of merge requests run on a commit that is never merged as it is, so they are named apart."""
    told = found(payload, "object_attributes")
    cause = text(told, "source")
    name = text(told, "name") or "pipeline"
    name += f" ({cause})" if cause not in ("", "push") else ""
    outcome = text(told, "status")
    ended = moment(told, "finished_at", default=moment(told, "created_at", default=at))
    state = code.SKIPPED if outcome == _WAITS_FOR_A_PERSON else _RAN.get(outcome, code.RUNNING)
    return [code.CheckTold(name, sha(told, "sha"), state, ended, url=text(told, "url"))]


def issue(payload: Payload, _at: datetime) -> list[Fact]:
    return [code.IssueTold(str(number(payload, "object_attributes", "iid")), _projects(payload))]


def note(payload: Payload, _at: datetime) -> list[Fact]:
    """A word on an issue; those on other things are none of ours."""
    if text(payload, "object_attributes", "noteable_type") != "Issue":
        return []
    return [code.IssueTold(str(number(payload, "issue", "iid")), _projects(payload))]


def _projects(payload: Payload) -> tuple[str, ...]:
    return words(payload, "project", "path_with_namespace"), str(number(payload, "project", "id"))


TAKES: dict[str, Callable[[Payload, datetime], list[Fact]]] = {
    "Push Hook": push,
    "Tag Push Hook": tag_push,
    "Merge Request Hook": merge_request,
    "Release Hook": release,
    "Deployment Hook": deployment,
    "Pipeline Hook": pipeline,
    "Issue Hook": issue,
    "Confidential Issue Hook": issue,
    "Note Hook": note,
    "Confidential Note Hook": note,
}
