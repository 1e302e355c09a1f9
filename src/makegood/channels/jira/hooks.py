"""What Jira's webhooks tell of issues, and how they prove that they are Jira's: a signature by the webhook's secret.

It covers the body only: whoever takes the facts must not mind repeats.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from makegood.channels.code import Fact, IssueTold, Knock
from makegood.channels.github.hooks import is_signed
from makegood.channels.payload import text, words

_EVENTS = ("jira:issue_", "comment_")


class Jira:
    """A Host, of issues alone."""

    def is_genuine(self, knock: Knock, secret: str) -> bool:
        method, _equals, signature = knock.headers.get("x-hub-signature", "").partition("=")
        return method == "sha256" and is_signed(knock.body, secret, signature)

    def delivery_id(self, knock: Knock) -> str:
        return knock.headers.get("x-atlassian-webhook-identifier", "")

    def event(self, knock: Knock) -> str:
        """Jira names it in the body alone."""
        return "jira"

    def facts(self, event: str, payload: dict[str, Any], *, at: datetime) -> list[Fact] | None:
        """The issue that something happened to; None for anything else. Raises Unreadable."""
        if not text(payload, "webhookEvent").startswith(_EVENTS):
            return None
        return [IssueTold(words(payload, "issue", "key"), ())]
