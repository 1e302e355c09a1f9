"""Who fetches a mailbox and how far they are. Marks and leases, no decisions: nothing here is in the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.engine import switches
from makegood.life.reports.models import Mailbox

LEASE = timedelta(seconds=90)
LATE_AFTER = timedelta(minutes=20)


def to_fetch() -> dict[int, datetime | None]:
    """The mailboxes that are to be fetched, each with the moment of its last change. None while mail is stopped: a
    restored copy must not empty the mailbox of the installation it was copied from."""
    if switches.is_stopped(switches.MAIL):
        return {}
    return dict(Mailbox.objects.filter(kind="imap", is_active=True).values_list("pk", "changed_at"))


def lease(pk: int, *, by: str, now: datetime) -> bool:
    """Take or keep the right to fetch; False while somebody else has it."""
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_by=by)
    mine = Mailbox.objects.filter(free, pk=pk, is_active=True)
    return mine.update(leased_by=by, leased_until=now + LEASE) == 1


def release(pk: int, *, by: str) -> None:
    """Give the lease back, so that another may have it at once."""
    Mailbox.objects.filter(pk=pk, leased_by=by).update(leased_by="", leased_until=None)


def lease_holders() -> set[str]:
    """Who has a lease now."""
    return set(Mailbox.objects.exclude(leased_by="").values_list("leased_by", flat=True))


def free_leases(by: str) -> int:
    """Take back what ``by``, known to be dead, had leased."""
    return Mailbox.objects.filter(leased_by=by).update(leased_by="", leased_until=None)


def is_numbered_anew(mailbox: Mailbox, validity: int | None) -> bool:
    """Whether the numbers of the last look mean nothing any more, or there was none."""
    return mailbox.uid_validity is None or mailbox.uid_validity != validity


def begin(mailbox: Mailbox, *, validity: int | None, next_uid: int | None, backlog: list[int]) -> None:
    """The folder numbers its mails anew: of those up to now only ``backlog`` is ours to take, and all that come."""
    mailbox.uid_validity, mailbox.uid_mark, mailbox.uid_backlog = validity, max(0, (next_uid or 1) - 1), backlog
    mailbox.save(update_fields=["uid_validity", "uid_mark", "uid_backlog"])


def advance(mailbox: Mailbox, uid: int) -> None:
    """Everything up to ``uid`` is done; looks go upwards."""
    left = [waits for waits in mailbox.uid_backlog if waits > uid]
    if uid <= mailbox.uid_mark and left == mailbox.uid_backlog:
        return
    mailbox.uid_mark, mailbox.uid_backlog = max(mailbox.uid_mark, uid), left
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_mark=mailbox.uid_mark, uid_backlog=left)


def looked(pk: int, *, at: datetime, trouble: str = "") -> None:
    """Everything that waited has been taken, up to what ``trouble`` tells of."""
    Mailbox.objects.filter(pk=pk).update(looked_at=at, trouble=trouble[:500])


def failed(pk: int, trouble: str) -> None:
    """The mailbox could not be read; it is tried again."""
    Mailbox.objects.filter(pk=pk).update(trouble=trouble[:500])


def state_of(mailbox: Mailbox, *, now: datetime) -> tuple[str, str]:
    """How it stands with a mailbox, as a word for the ring (kept, running, at_risk, broken, paused) and a sentence."""
    if not mailbox.is_active:
        return "paused", _("Paused: nothing is fetched or taken.")
    if mailbox.kind != "imap":
        return ("kept", _("Mail has come.")) if mailbox.looked_at else ("running", _("Waits for the first mail."))
    if switches.is_stopped(switches.MAIL):
        return "paused", _("Mail is stopped since a restore. Let it run again with: makegood release-mail")
    if mailbox.trouble:
        return "broken", mailbox.trouble
    if mailbox.looked_at is None:
        return "running", _("Not looked into yet.")
    if is_late(mailbox, now=now):
        return "at_risk", _("Nobody has looked into it for a while. Is the worker running?")
    return "kept", _("Mail is fetched as it comes.")


def lags(*, now: datetime) -> dict[str, float]:
    """For each mailbox that is to be fetched, by its short name: seconds since the last look that found all well."""
    fetched = Mailbox.objects.filter(kind="imap", is_active=True)
    return {box.slug: (now - (box.looked_at or box.created_at)).total_seconds() for box in fetched}


def in_trouble(*, now: datetime) -> list[str]:
    """The addresses of active mailboxes that cannot be read, or into which nobody has looked for a while."""
    active = Mailbox.objects.filter(is_active=True).order_by("address")
    return [box.address for box in active if state_of(box, now=now)[0] in {"broken", "at_risk"}]


def is_late(mailbox: Mailbox, *, now: datetime) -> bool:
    return now - (mailbox.looked_at or mailbox.created_at) > LATE_AFTER
