"""The words of calls to our own people: what is owed, by when, where to look. Never what the reporter wrote, because
these leave the house by mail and webhook."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from makegood.lib import times
from makegood.life.escalation.models import Escalation
from makegood.life.promises import kinds, names
from makegood.life.promises.models import Promise
from makegood.life.reports.models import LedgerEntry, Report

WHY = {
    kinds.DUTY: gettext_lazy("You are on duty."),
    kinds.BACKUP: gettext_lazy("You are the backup; whoever is on duty has not taken it."),
    "team": gettext_lazy("It is your team's."),
    kinds.LEAD: gettext_lazy("You lead the team; nobody has taken care of it so far."),
    kinds.MANAGER: gettext_lazy("You manage the team; nobody has taken care of it so far."),
    kinds.EXECUTIVE: gettext_lazy("Everybody else was called before you."),
}
SEVERITY = dict(Report.SEVERITIES)
# How things that promises are about are numbered: they stand further up, so that only their names are known here.
NUMBERED = {"problem": "PRB", "article": "KB", "rca": "RCA", "action": "ACT", "review": "REV", "improvement": "IMP"}


def call(
    promise: Promise, made: Escalation | None, *, whom: str, language: str, zone: str, now: datetime
) -> tuple[str, str]:
    """(title, text) of a call for ``promise`` to somebody standing at ``whom``."""
    with override(language):
        due = times.in_words(promise.due_at, language=language, zone=times.zone(zone, settings.DESK_TIME_ZONE), now=now)
        told = {"number": promise_number(promise), "severity": _severity(promise), "due": due}
        told["owed"] = names.name(promise.kind)
        if promise.due_at > now:
            title = _("%(number)s, %(severity)s: please accept by %(due)s")
            if promise.kind != kinds.ACCEPT:
                title = _("%(number)s, %(severity)s: %(owed)s is due by %(due)s")
        else:
            title = _("%(number)s, %(severity)s: %(owed)s is late (was due %(due)s)")
        parts = [str(WHY.get(whom, "")), _document(made), address(promise)]
        return title % told, "\n\n".join(part for part in parts if part)


def warning(promise: Promise, made: Escalation | None, *, language: str, zone: str, now: datetime) -> tuple[str, str]:
    """(title, text) of the word before it is late, to whoever has the report in hand."""
    with override(language):
        due = times.in_words(promise.due_at, language=language, zone=times.zone(zone, settings.DESK_TIME_ZONE), now=now)
        told = {"number": promise_number(promise), "owed": names.name(promise.kind), "due": due}
        title = _("%(number)s: %(owed)s is due by %(due)s") % told
        text = _(
            "Most of the time for it has passed. If you cannot make it, name a new time before the old one is gone."
        )
        return title, f"{text}\n\n{address(promise)}"


def told_desk(made: Escalation, kind: str, *, language: str, by_name: str) -> tuple[str, str]:
    """(title, text) for whoever escalated, or accepted: something came back."""
    with override(language):
        titles = {
            "escalation.asked_back": _("%(number)s: %(name)s asks you something"),
            "escalation.answered_back": _("%(number)s: %(name)s answered your question"),
            "escalation.answered": _("%(number)s: %(name)s has a technical answer"),
            "escalation.handed_back": _("%(number)s: %(name)s handed it back to the desk"),
            "escalation.called_off": _("%(number)s: %(name)s called the escalation off"),
        }
        title = titles[kind] % {"number": made.report.number, "name": by_name}
        return title, report_address(made.report_id)


def promise_number(promise: Promise) -> str:
    return next(iter(named(promise.report_id, promise.about).values()))


def address(promise: Promise) -> str:
    return address_of(promise.report_id, promise.about)


def named(report_id: int | None, about: str) -> dict[str, str]:
    """What it is about, by the number people say: ``{"report": "MG-12"}`` or ``{"problem": "PRB-3"}``.

    What has no such number, a compensation, is called by the report it is for.
    """
    kind, _colon, key = about.partition(":")
    if report_id is None and kind in NUMBERED:
        return {kind: f"{NUMBERED[kind]}-{key}"}
    first = _first_told(about) if report_id is None else None
    return {"report": f"MG-{first.report_id if first else report_id}"}


def address_of(report_id: int | None, about: str) -> str:
    """Where it is in the console."""
    if report_id is not None or not about:
        return report_address(report_id or 0)
    kind, _colon, key = about.partition(":")
    if kind in NUMBERED:
        return f"{settings.BASE_URL}/console/{kind}s/{NUMBERED[kind]}-{key}/"
    first = _first_told(about)
    place = first.data.get(kind, {}).get("key") if first else None
    return f"{settings.BASE_URL}/console/{kind}/{place}/" if place else report_address((first and first.report_id) or 0)


def report_address(report_id: int) -> str:
    """Where the report is in the console."""
    return f"{settings.BASE_URL}/console/reports/{report_id}/"


def _first_told(about: str) -> LedgerEntry | None:
    """The entry that tells how what ``about`` points at began, with the report it is for."""
    return LedgerEntry.objects.filter(about=about, report__isnull=False).order_by("id").first()


def _severity(promise: Promise) -> str:
    return str(SEVERITY.get(promise.severity, promise.severity))


def _document(made: Escalation | None) -> str:
    if made is None:
        return ""
    told = {"team": made.team.name, "name": made.by_name, "percent": made.completeness}
    return _("%(name)s escalated it to %(team)s. The error document is %(percent)s %% complete.") % told
