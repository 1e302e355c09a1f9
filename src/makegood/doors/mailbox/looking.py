"""One look into one mailbox. Each mail is kept and committed first and marked afterwards: killed in between, the next
look finds it again, and keeping the same bytes twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.imap.session import Fetched, Session
from makegood.life.post import actions
from makegood.life.reports import fetching
from makegood.life.reports.models import Mailbox

log = structlog.get_logger("makegood.mailbox")

# Providers take 25 to 50 MB; a mail is held in memory a few times while it is looked at.
MAX_BYTES = 50_000_000


def look(mailbox: Mailbox, session: Session, *, clock: Callable[[], datetime], go_on: Callable[[], bool]) -> int:
    """Keep everything that waits, oldest first; return how many mails were kept. ``go_on`` is asked between bundles.

    Raises Trouble, and Refusal when our own side cannot keep (the disk is full); what was kept until then is marked.
    """
    uids = _waiting(mailbox, session)
    kept, unread = 0, []
    for bundle in session.fetch(uids, limit=MAX_BYTES):
        done = [one for one in bundle if _keep(mailbox, one, at=clock())]
        session.settle(one.uid for one in done if not one.why)
        session.star(one.uid for one in done if one.why)
        unread += [one.uid for one in bundle if one not in done]
        kept += len(done)
        fetching.advance(mailbox, bundle[-1].uid if bundle else 0)
        if not go_on():
            return kept
    fetching.looked(mailbox.pk, at=clock(), trouble=_about(unread))
    return kept


def _waiting(mailbox: Mailbox, session: Session) -> list[int]:
    """Unread mail, whatever came after the last look, and what waited when we began and is not done yet. When the
    folder numbers its mails anew: what came since the day before the last look, read or not."""
    if fetching.is_numbered_anew(mailbox, session.validity):
        last = mailbox.looked_at
        late = session.since((last - timedelta(days=1)).date()) if last else []
        backlog = sorted({*session.unread(), *late})
        fetching.begin(mailbox, validity=session.validity, next_uid=session.next_uid, backlog=backlog)
    return sorted({*session.unread(), *session.after(mailbox.uid_mark), *mailbox.uid_backlog})


def _keep(mailbox: Mailbox, fetched: Fetched, *, at: datetime) -> bool:
    """Whether there was anything that could be kept."""
    if fetched.raw is None:
        log.warning("mailbox.unreadable", mailbox=mailbox.slug, uid=fetched.uid)
        return False
    with transaction.atomic():
        incoming = actions.keep(fetched.raw, source="imap", mailbox=mailbox, at=at)
        if fetched.why and not incoming.outcome:
            actions.park(incoming, _why(fetched), at=at)
    return True


def _why(fetched: Fetched) -> str:
    if fetched.why == "too_big":
        facts = {"size": fetched.size // 1_000_000, "limit": MAX_BYTES // 1_000_000}
        return _("It has %(size)d MB; at most %(limit)d MB are taken. It lies, starred, in the mailbox.") % facts
    return _("The mail server could only give us its header. It lies, starred, in the mailbox.")


def _about(unread: list[int]) -> str:
    if not unread:
        return ""
    return _("%(count)d mails cannot be read by us; they lie unread in the mailbox.") % {"count": len(unread)}
