"""To whom a report goes, whether it is ready, and the document that goes with it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.texts import in_language
from makegood.life.diagnosis import document
from makegood.life.diagnosis import queries as diagnosis
from makegood.life.escalation.models import Escalation
from makegood.life.people.models import Team
from makegood.life.reports import states
from makegood.life.reports.models import Component, Report

# Below this a report that can wait is not handed over without a word why: engineers would only ask for the rest.
READY_PERCENT = 50


class NoTeam(Refusal):
    """Nobody knows which technical team this belongs to."""


class Incomplete(Refusal):
    """Too little is known, and it is not critical. ``missing``: what to ask for, most useful first."""

    def __init__(self, percent: int, missing: list[str]) -> None:
        self.percent, self.missing = percent, missing
        told = {"percent": percent, "missing": ", ".join(missing[:4])}
        super().__init__(
            _(
                "Only %(percent)s %% of the error document is known. Still missing: %(missing)s. Ask for it, or say to "
                "the technical team why it cannot wait."
            )
            % told
        )


def team_for(report: Report, component: Component | None = None) -> Team:
    """The technical team that owns the component, else the category, else the only one there is. Raises NoTeam."""
    component = component or report.component
    if component and component.team and component.team.is_active:
        return component.team
    default = report.category.default_team if report.category else None
    if default and default.is_technical and default.is_active:
        return default
    technical = list(Team.objects.filter(is_technical=True, is_active=True).order_by("pk")[:2])
    if len(technical) == 1:
        return technical[0]
    raise NoTeam(_("Choose the technical team: neither the component nor the category says who owns this."))


def refuse_incomplete(report: Report, severity: str, *, reason: str) -> None:
    """Raise Incomplete unless enough is known, it is critical, or the desk says why it cannot wait."""
    if severity == states.CRITICAL or reason.strip():
        return
    found = diagnosis.assess(report)
    if found.percent < READY_PERCENT:
        language = get_language() or "en"
        raise Incomplete(found.percent, [in_language(fact.names, language) for fact in found.missing])


def fill(escalation: Escalation, *, at: datetime) -> None:
    """Keep the error document as it is now, with its checksum: what the team received can be shown for ever."""
    snapshot = document.snapshot(escalation.report, at=at)
    canonical = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    escalation.document = snapshot
    escalation.document_sha256 = hashlib.sha256(canonical.encode()).hexdigest()
    escalation.completeness = snapshot["completeness"]["percent"]
    escalation.save(update_fields=["document", "document_sha256", "completeness"])
