"""The only way rows reach a door: functions that take the seeker first. Missing and forbidden answer alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from makegood.lib import rows
from makegood.lib.keys import secret_token, token_hash
from makegood.lib.statements import Key, Statement
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Contact, Team
from makegood.life.reports import ledger
from makegood.life.reports.models import AccessLink, Attachment, Message, ReplyAddress, Report

Row = TypeVar("Row")

_NUMBER = re.compile(r"(?:MG-)?(\d{1,18})", re.IGNORECASE)


# How far a seeker sees.
NOTHING, OWN, DESK, ALL = "nothing", "own", "desk", "all"


class NotFound(Exception):
    """There is no such row for this seeker: it does not exist, or it is not theirs to see."""


def visible_reports(seeker: Agent) -> QuerySet[Report]:
    """Reports ``seeker`` may see: the desk all but protected ones of others, engineers what reached their teams."""
    return _REACHED[_reach(seeker)](seeker.pk)


def sees_all(seeker: Agent) -> bool:
    """Whether no report is hidden from ``seeker``."""
    return _reach(seeker) == ALL


def on_visible(seeker: Agent, path: str = "report") -> Q:
    """That the report at ``path`` of a row is one ``seeker`` may see: looked up for each row by its key. A list of all
    visible reports to look into would be read from end to end for every question."""
    if sees_all(seeker):
        return Q(**{f"{path}__isnull": False})
    return Q(Exists(visible_reports(seeker).filter(pk=OuterRef(path))))


def access_report(seeker: Agent, number: str | int) -> Report:
    """The report called ``number`` (``MG-12``, ``12`` or its key). Raises NotFound."""
    found, reach = _NUMBER.fullmatch(str(number).strip()), _reach(seeker)
    if found and reach != NOTHING:
        keys = (int(found[1]),) if reach == ALL else (int(found[1]), seeker.pk)
        report = _NUMBERED[reach].first(*keys)
    else:
        report = _whole(visible_reports(seeker)).filter(key=str(number)).first()
    if report is None:
        raise NotFound(str(number))
    return report


def _reach(seeker: Agent) -> str:
    if not seeker.is_active or not seeker.may("report.view"):
        return NOTHING
    if seeker.role in (roles.LEAD, roles.ADMIN):
        return ALL
    return DESK if seeker.may("report.view_all") else OWN


def _theirs(seeker: int) -> Q:
    teams = Team.objects.filter(agents=seeker).order_by()
    return Q(assignee=seeker) | Q(team__in=teams) | Q(technical_team__in=teams)


_REACHED: dict[str, Callable[[int], QuerySet[Report]]] = {
    NOTHING: lambda _seeker: Report.objects.none(),
    OWN: lambda seeker: Report.objects.filter(_theirs(seeker)),
    DESK: lambda seeker: Report.objects.filter(Q(is_protected=False) | _theirs(seeker)),
    ALL: lambda _seeker: Report.objects.all(),
}


def _whole(reports: QuerySet[Report]) -> QuerySet[Report]:
    return reports.select_related("category", "component", "team", "assignee", "contact", "organisation")


# By its number: the look that every page and every act on a report begins with.
_NUMBERED: dict[str, Statement[Report]] = {
    OWN: Statement(lambda number, seeker: _whole(_REACHED[OWN](seeker)).filter(pk=number)),
    DESK: Statement(lambda number, seeker: _whole(_REACHED[DESK](seeker)).filter(pk=number)),
    ALL: Statement(lambda number: _whole(_REACHED[ALL](0)).filter(pk=number)),
}


class SeenBy(Generic[Row]):
    """A statement of what a seeker may see: ``make`` takes the seeker first. Composed once for each role. The first
    ``spare`` keys after the seeker may stand nowhere in it."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], *, spare: int = 0) -> None:
        self._make, self._spare = make, spare
        self._by_role: dict[str, Statement[Row]] = {}

    def __call__(self, seeker: Agent, *keys: Key) -> list[Row]:
        if not seeker.is_active:
            return []
        role = seeker.role
        if role not in self._by_role:
            self._by_role[role] = Statement(
                lambda pk, *more: self._make(Agent(pk=pk, role=role), *more), spare=1 + self._spare
            )
        return self._by_role[role](seeker.pk, *keys)


def access_attachment(seeker: Agent, key: str) -> Attachment:
    """A file of a report ``seeker`` may see. Raises NotFound."""
    found = Attachment.objects.filter(key=key, removed_at=None, report__in=visible_reports(seeker)).first()
    if found is None:
        raise NotFound(key)
    return found


def lock(report: Report) -> Report:
    """Take the row for change within the present transaction and return it fresh."""
    return rows.lock(Report, report.pk)


# The reporter's side: a secret link opens one report and shows public words only.


def make_link(report: Report, contact: Contact, *, by: Actor, at: datetime) -> str:
    """Make a secret link for ``contact``; return its token, which is nowhere kept in clear."""
    token = secret_token()
    rows.insert(
        rows.new(
            AccessLink,
            report=report,
            contact=contact,
            token_hash=token_hash(token),
            made_at=at,
            expires_at=at + timedelta(days=settings.LINK_DAYS),
        )
    )
    return token


def report_by_token(token: str, *, now: datetime) -> tuple[Report, Contact]:
    """The report a secret link opens, and whose link it is. Raises NotFound if unknown, expired or revoked."""
    link = link_by_token(token, now=now)
    if link.last_used_at is None or now - link.last_used_at > timedelta(minutes=10):
        AccessLink.objects.filter(pk=link.pk).update(last_used_at=now)
    return link.report, link.contact


def link_by_token(token: str, *, now: datetime) -> AccessLink:
    """The valid link behind ``token``. Raises NotFound."""
    link = link_by_hash(token_hash(token), now=now) if token else None
    if link is None:
        raise NotFound("link")
    return link


def link_by_hash(digest: str, *, now: datetime) -> AccessLink | None:
    """The valid link whose token has this hash."""
    found = AccessLink.objects.filter(token_hash=digest, revoked_at=None, expires_at__gt=now)
    return found.select_related("report", "report__category", "contact").first()


def report_by_hashes(hashes: Iterable[str], number: int, *, now: datetime) -> tuple[Report, Contact] | None:
    """The report MG-``number`` if one of the links with these token hashes still opens it, and whose link it is."""
    link = (
        AccessLink.objects.filter(token_hash__in=list(hashes), report_id=number, revoked_at=None, expires_at__gt=now)
        .select_related("report", "report__category", "contact")
        .first()
    )
    return (link.report, link.contact) if link else None


def revoke_links(report: Report, *, by: Actor, at: datetime, reason: str = "") -> int:
    """Make every link to ``report`` and every secret reply address useless from now on; return how many links there
    were."""
    with transaction.atomic():
        ReplyAddress.objects.filter(report=report, revoked_at=None).update(revoked_at=at)
        count = AccessLink.objects.filter(report=report, revoked_at=None).update(revoked_at=at)
        ledger.record(report, "link.revoked", by=by, at=at, data={"count": count}, reason=reason)
    return count


def public_messages(report: Report, *, now: datetime) -> QuerySet[Message]:
    """What the reporter may read: public, not withdrawn, out of the undo window; oldest first."""
    return report.messages.filter(is_internal=False, withdrawn_at=None, visible_at__lte=now).order_by("id")


def public_attachments(report: Report) -> QuerySet[Attachment]:
    return report.attachments.filter(is_internal=False, removed_at=None).order_by("id")
