"""What people asked of the desk about their data: one was erased, one had everything handed over, one message went."""

from __future__ import annotations

from datetime import datetime, timedelta

from makegood.life.people.models import Agent, Contact
from makegood.life.privacy import erasing, handing, openings, redacting, retention
from makegood.life.privacy.holding import ERASED
from makegood.life.privacy.models import Erasure
from makegood.life.reports.models import Message, Report

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def play(agents: dict[str, Agent], now: datetime) -> None:
    """Past moments, the ordinary verbs."""
    ada, greta = agents["Ada"], agents["Greta"]
    retention.change("mails_away", 180, by=ada.actor, at=now - 50 * DAY)
    over = _whose_reports_are_over()
    if over is not None:
        made = erasing.start(
            over, by=ada, at=now - 9 * DAY, typed=erasing.to_type(over), reason="Letter received on the Monday before"
        )
        _finish(made, now - 9 * DAY + HOUR)
    asking = Contact.objects.filter(reports__state="closed").exclude(email=None).order_by("pk").first()
    if asking is not None:
        ordered = handing.order(asking, by=ada, at=now - 5 * HOUR, reason="Asked for by phone, called back")
        handing.write({"archive": ordered.pk}, now - 5 * HOUR)
    _redact(greta, now)
    for report in Report.objects.filter(is_protected=True).order_by("pk")[:5]:
        for hours, agent in ((30, greta), (6, ada)):
            openings.note(report, agent, way="console", at=now - hours * HOUR)


def _whose_reports_are_over() -> Contact | None:
    still = Report.objects.exclude(state="closed").order_by().values("contact")
    gone = Contact.objects.filter(reports__isnull=False).exclude(pk__in=still).exclude(email=None)
    return gone.order_by("-pk").first()


def _finish(made: Erasure, at: datetime) -> None:
    """The worker's slices, one after the other."""
    while made.state not in (Erasure.DONE, Erasure.FAILED):
        erasing.run_slice({"erasure": made.pk, "turn": made.turn}, at)
        made.refresh_from_db()


def _redact(lead: Agent, now: datetime) -> None:
    """Somebody had written more about their health than the desk may keep."""
    said = Message.objects.filter(said_by="contact", report__state="closed").order_by("-pk")
    found = said.exclude(report__messages__body=redacting.REDACTED).exclude(body=ERASED).first()
    if found is not None:
        redacting.message(found, by=lead.actor, at=now - 3 * DAY, reason="Details of an illness, which we do not need")
