"""What a story tells of mail: which messages came as one, and which of ours have not reached somebody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from makegood.lib.statements import Statement
from makegood.life.post.models import IncomingMail
from makegood.life.reports.models import OutgoingMail, Report


@dataclass
class Trail:
    """``came``: message → the mail it came as; ``stuck``: message → mails of it that wait after a try, failed or
    came back."""

    came: dict[int, IncomingMail]
    stuck: dict[int, list[OutgoingMail]]


def trail_of(report: Report, *, has_mail: bool) -> Trail:
    """Both for one report, with two queries. ``has_mail``: one of its messages came by mail."""
    came: dict[int, IncomingMail] = {}
    if has_mail:
        rows = IncomingMail.objects.filter(report=report).exclude(message=None).order_by("-id")
        came = {mail.message_id: mail for mail in rows.only("key", "message_id") if mail.message_id is not None}
    stuck: dict[int, list[OutgoingMail]] = {}
    for mail in _IN_TROUBLE(report.pk):
        if mail.message_id is not None:
            stuck.setdefault(mail.message_id, []).append(mail)
    return Trail(came, stuck)


_TROUBLE = Q(state="failed") | Q(bounced_at__isnull=False) | Q(state__in=["queued", "sending"], attempts__gt=0)
_IN_TROUBLE = Statement(
    lambda report: OutgoingMail.objects.filter(_TROUBLE, report=report, message__isnull=False).order_by("id")
)
