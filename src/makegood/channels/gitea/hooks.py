"""What webhooks of Gitea and Forgejo tell: nearly GitHub's words, with signatures under names of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from makegood.channels import code
from makegood.channels.code import Fact, Knock
from makegood.channels.github import hooks as github
from makegood.channels.payload import counted, found, moment, sha, text


class Gitea:
    """A Host."""

    def is_genuine(self, knock: Knock, secret: str) -> bool:
        """Forgejo sends all three. The first there is counts: a wrong one is not saved by another."""
        for name in ("x-forgejo-signature", "x-gitea-signature", "x-hub-signature-256"):
            if name in knock.headers:
                return github.is_signed(knock.body, secret, knock.headers[name].removeprefix("sha256="))
        return False

    def delivery_id(self, knock: Knock) -> str:
        return knock.headers.get("x-forgejo-delivery") or knock.headers.get("x-gitea-delivery", "")

    def event(self, knock: Knock) -> str:
        return knock.headers.get("x-forgejo-event") or knock.headers.get("x-gitea-event", "")

    def facts(self, event: str, payload: dict[str, Any], *, at: datetime) -> list[Fact] | None:
        take = _TAKES.get(event)
        if take is None:
            return None
        return [_careful(fact, payload) for fact in take(payload, at)]


def _careful(fact: Fact, payload: dict[str, Any]) -> Fact:
    """A push does not say whether it was forced. Onto the main branch, which is protected as a rule, it counts as not
    forced; anywhere else nothing is concluded from what was there before.
    """
    if not isinstance(fact, code.PushTold):
        return fact
    is_forced = fact.branch != text(payload, "repository", "default_branch")
    return counted(replace(fact, is_forced=is_forced, is_cut=False), found(payload, "total_commits"))


def action_run(payload: dict[str, Any], at: datetime) -> list[Fact]:
    """A run of Forgejo's Actions that ended, which it tells in place of ``workflow_run``. The event says how."""
    run = found(payload, "run")
    cause = text(run, "trigger_event") or text(run, "event")
    name = (text(run, "workflow_id") or "workflow") + (f" ({cause})" if cause not in ("", "push") else "")
    outcome = code.FAILED if text(payload, "action") == "failure" else code.PASSED
    ended = moment(run, "updated", default=at)
    return [code.CheckTold(name, sha(run, "commit_sha"), outcome, ended, url=text(run, "html_url"))]


_TAKES = {
    **{name: github.TAKES[name] for name in ("create", "push", "pull_request", "release", "status", "workflow_run")},
    **dict.fromkeys(("action_run_success", "action_run_recover", "action_run_failure"), action_run),
}
