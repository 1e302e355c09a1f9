"""What the public calls the states of the status page, and the one sentence at the top of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from makegood.life.statuspage import standing

# Sentence, tone of the banner, icon.
HEADLINES: dict[str, tuple[Any, str, str]] = {
    standing.NONE: (_("Everything works"), "kept", "check"),
    "maintenance": (_("Planned work is under way"), "paused", "clock"),
    standing.MINOR: (_("Something works less well than it should"), "risk", "alert"),
    standing.SERIOUS: (_("Something does not work"), "risk", "alert"),
    standing.CRITICAL: (_("Most of it does not work"), "broken", "alert"),
}
COMPONENTS: dict[str, tuple[Any, str]] = {
    standing.OPERATIONAL: (_("Works"), "kept"),
    standing.MAINTENANCE: (_("Under maintenance"), "paused"),
    standing.DEGRADED: (_("Works less well"), "risk"),
    standing.PARTIAL: (_("Works in part"), "risk"),
    standing.MAJOR: (_("Does not work"), "broken"),
}
NOTICES: dict[str, Any] = {
    standing.INVESTIGATING: _("Being looked into"),
    standing.IDENTIFIED: _("Cause found"),
    standing.BEING_FIXED: _("Fix on its way"),
    standing.MONITORING: _("Fixed, being watched"),
    standing.RESOLVED: _("Solved"),
    standing.SCHEDULED: _("Planned"),
    standing.IN_PROGRESS: _("Under way"),
    standing.VERIFYING: _("Being checked"),
    standing.COMPLETED: _("Done"),
}
IMPACTS: dict[str, Any] = {
    standing.NONE: _("no effect"),
    standing.MINOR: _("minor"),
    standing.SERIOUS: _("major"),
    standing.CRITICAL: _("critical"),
}
TONES = {
    standing.RESOLVED: "kept",
    standing.COMPLETED: "kept",
    standing.MONITORING: "accent",
    standing.SCHEDULED: "paused",
    standing.IN_PROGRESS: "paused",
    standing.VERIFYING: "paused",
}
