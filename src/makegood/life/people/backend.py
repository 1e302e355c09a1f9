"""Who is signed in: every page asks, so it is asked by a statement composed once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from makegood.lib import rows
from makegood.life.people.models import Agent


class Backend(ModelBackend):
    """Django's own way to check passwords, and whoever a session names."""

    def get_user(self, user_id: Any) -> Agent | None:
        agent = rows.by_key(Agent, [user_id]).get(user_id)
        return agent if agent is not None and self.user_can_authenticate(agent) else None
