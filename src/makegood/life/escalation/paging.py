"""Calling people: who stands at a rung, one row a call, each exactly once however often it is asked for.

A reaction writes the rows, the mails and the jobs in one transaction; unique keys make the second run do nothing. A
rung where nobody stands is itself an escalation: the next one is called at once, and the ledger says so.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from makegood.channels import registry
from makegood.channels.base import Page as Call
from makegood.engine.queue import enqueue
from makegood.life.escalation import wording
from makegood.life.escalation.models import Escalation, Page
from makegood.life.people import directory, roles
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Agent, Team
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import access, ledger
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import LedgerEntry, Report

MAIL = registry.MAIL
JOB = "page.send"
MAX_TRIES = 6
# Whom to turn to when nobody stands at a rung, in this order, and at last everybody of the team.
LADDER = (kinds.DUTY, kinds.BACKUP, kinds.LEAD, kinds.MANAGER, kinds.EXECUTIVE, "team")


@dataclass(frozen=True)
class Recipient:
    """Somebody to call, and how: way to address, of those they have. ``language`` and ``time_zone`` for the words."""

    name: str
    ways: Mapping[str, str]
    language: str
    time_zone: str
    agent: Agent | None = None
    team: Team | None = None

    @property
    def key(self) -> str:
        return f"a{self.agent.pk}" if self.agent else f"t{self.team.pk if self.team else 0}"


def page_duty(entry: LedgerEntry, now: datetime) -> None:
    """On ``escalation.made``: call whoever is on duty, unless somebody has accepted already."""
    promise = (
        Promise.objects.filter(report=entry.report, kind=kinds.ACCEPT, state__in=Promise.PENDING)
        .order_by("-id")
        .first()
    )
    if promise is not None:
        call(promise, kinds.DUTY, rung=0, now=now)


def page_rung(entry: LedgerEntry, now: datetime) -> None:
    """On ``promise.rung_climbed``: call whom the rung names, if the promise is still owed."""
    promise = Promise.objects.filter(pk=entry.data.get("promise")).first()
    if promise is not None and promise.state == Promise.OPEN:
        call(promise, entry.data["whom"], rung=int(entry.data["rung"]), now=now)


def warn(entry: LedgerEntry, now: datetime) -> None:
    """On ``promise.at_risk``: a word by mail to whoever has it in hand; nobody's telephone rings for it.

    Nobody has: to whoever is on duty in the team that owes it, else to its lead.
    """
    wanted = Promise.objects.select_related("report__assignee", "report__team__lead", "agent", "team__lead")
    promise = wanted.filter(pk=entry.data.get("promise")).first()
    if promise is None or promise.state != Promise.OPEN or promise.due_at <= now:
        return
    made, person = _in_hand(promise)
    if person is not None and person.is_active:
        to = _person(person)
    else:
        there = _first_of(team_of(promise, promise.report), (kinds.DUTY, kinds.LEAD), now=now)
        if there is None:
            return
        to = there
    with transaction.atomic():
        title, text = wording.warning(promise, made, language=to.language, zone=to.time_zone, now=now)
        # One key whoever it is: if duty changes hands before a second run, nobody else is told again.
        _page(promise, made, to, MAIL, key=f"warn:{promise.pk}:{promise.timing}", title=title, text=text, at=now)


def _first_of(team: Team | None, rungs: tuple[str, ...], *, now: datetime) -> Recipient | None:
    """Whoever stands at the first of ``rungs`` where somebody with a mail address does."""
    found = (person for whom in rungs for person in recipients(team, whom, now=now))
    return next((person for person in found if MAIL in person.ways), None)


def _in_hand(promise: Promise) -> tuple[Escalation | None, Agent | None]:
    """Who has it, and the escalation it belongs to. What is about no report: its owner, else the lead of its team."""
    if promise.report is None:
        return None, promise.agent or (promise.team.lead if promise.team else None)
    made = Escalation.objects.filter(report=promise.report, ended_at=None).select_related("accepted_by").first()
    if promise.kind in (kinds.ACCEPT, kinds.FIRST_ANSWER):
        return made, made.accepted_by if made else None
    # What is owed by somebody by name, as a recovery is, concerns them and not whoever has the report.
    return made, promise.agent or promise.report.assignee


def call(promise: Promise, whom: str, *, rung: int, now: datetime) -> list[Page]:
    """Call whoever stands at ``whom`` for ``promise``; if nobody does, the next that does. New pages."""
    with transaction.atomic():
        report = access.lock(promise.report) if promise.report else None
        team = team_of(promise, report)
        found, people = _first_with_somebody(team, whom, now=now)
        base = f"{promise.pk}:{promise.timing}:{rung}"
        if found != whom:
            _say_nobody_was_there(report, promise, whom, found, key=f"nobody:{base}", now=now)
        made = _open_of(report) if report else None
        pages = [
            page
            for person in people
            for channel in person.ways
            if (
                page := _call_one(
                    promise, made, person, channel, key=f"{base}:{person.key}:{channel}", whom=(found, whom), now=now
                )
            )
        ]
        if pages:
            _record(report, promise, pages, whom=found, now=now)
    return pages


def recipients(team: Team | None, whom: str, *, now: datetime) -> list[Recipient]:
    """Who stands at ``whom`` (duty, backup, lead, manager, executive, team) at ``now``; empty if nobody does."""
    if whom == kinds.EXECUTIVE:
        named = team.executive if team else None
        if named and named.is_active:
            return [_person(named)]
        return [_person(a) for a in Agent.objects.filter(role=roles.ADMIN, is_active=True).order_by("pk")[:5]]
    if team is None:
        return []
    if whom == "team":
        return _whole(team)
    person = {
        kinds.DUTY: lambda: directory.on_duty(team, level=1, now=now),
        kinds.BACKUP: lambda: directory.on_duty(team, level=2, now=now),
        kinds.LEAD: lambda: team.lead,
        kinds.MANAGER: lambda: team.manager,
    }[whom]()
    return [_person(person)] if person and person.is_active else []


def _open_of(report: Report) -> Escalation | None:
    return Escalation.objects.filter(report=report, ended_at=None).select_related("team").first()


def team_of(promise: Promise, report: Report | None) -> Team | None:
    """Who owes it: the promise's team, else the report's, else the desk."""
    return (
        promise.team
        or (report and report.team)
        or Team.objects.filter(is_technical=False, is_active=True).order_by("pk").first()
    )


def send_page(payload: dict[str, Any], now: datetime) -> None:
    """The job behind a page that does not go by mail: try once; the row tells how it ended, a new job tries again."""
    page = Page.objects.select_related("report").filter(pk=payload["page"], state=Page.QUEUED).first()
    if page is None:
        return
    url = wording.address_of(page.report_id, page.about)
    title, _, text = page.text.partition("\n\n")
    told = Call(id=f"page-{page.key}", title=title, text=text, url=url, data=wording.named(page.report_id, page.about))
    outcome = registry.PAGERS[page.channel].send(told, address=page.address, secret=page_secret())
    page.attempts += 1
    page.reason = outcome.reason
    if outcome.is_sent:
        page.state, page.sent_at = Page.SENT, now
    elif outcome.is_final or page.attempts >= MAX_TRIES:
        page.state = Page.FAILED
    else:
        wait = timedelta(seconds=outcome.wait_seconds or 15 * 2**page.attempts)
        enqueue(JOB, f"{page.pk}:{page.attempts}", {"page": page.pk}, run_at=now + wait, priority=1)
    with transaction.atomic():
        page.save(update_fields=["state", "attempts", "reason", "sent_at"])
        if page.state == Page.FAILED:
            data = {"page": page.pk, "name": page.name, "channel": page.channel}
            ledger.record(
                page.report, "page.failed", by=SYSTEM, at=now, data=data, reason=page.reason, about=page.about
            )


def page_secret() -> str:
    """What receivers check signatures with (Standard Webhooks): one for the installation, shown in the set-up."""
    digest = salted_hmac("makegood.page", "webhook", algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(digest).decode()


# The parts of a call.


def _first_with_somebody(team: Team | None, whom: str, *, now: datetime) -> tuple[str, list[Recipient]]:
    start = LADDER.index(whom) if whom in LADDER else 0
    for rung in (whom, *(LADDER[start + 1 :] if whom != "team" else (kinds.LEAD, kinds.MANAGER, kinds.EXECUTIVE))):
        if people := recipients(team, rung, now=now):
            return rung, people
    return "", []


def _whole(team: Team) -> list[Recipient]:
    if ways := _ways(team):
        return [Recipient(team.name, ways, settings.LANGUAGE_CODE, settings.DESK_TIME_ZONE, team=team)]
    return [_person(agent) for agent in team.agents.filter(is_active=True).order_by("pk")]


def _person(agent: Agent) -> Recipient:
    zone = agent.time_zone or settings.DESK_TIME_ZONE
    return Recipient(agent.name, _ways(agent), agent.language, zone, agent=agent)


def _ways(whom: Agent | Team) -> dict[str, str]:
    """Way to address, of every way there is that ``whom`` has an address for."""
    found = {way: getattr(whom, fact, "") for way, fact in registry.WAYS.items()}
    return {way: address for way, address in found.items() if address}


def _call_one(
    promise: Promise,
    made: Escalation | None,
    person: Recipient,
    channel: str,
    *,
    key: str,
    whom: tuple[str, str],
    now: datetime,
) -> Page | None:
    title, text = wording.call(promise, made, whom=whom[0], language=person.language, zone=person.time_zone, now=now)
    return _page(promise, made, person, channel, key=key, title=title, text=text, at=now, whom=whom)


def _page(
    promise: Promise,
    made: Escalation | None,
    person: Recipient,
    channel: str,
    *,
    key: str,
    title: str,
    text: str,
    at: datetime,
    whom: tuple[str, str] = ("", ""),
) -> Page | None:
    """The row, and the mail or job that carries it; None if it had been made before."""
    address = person.ways[channel]
    page, is_new = Page.objects.get_or_create(
        key=key,
        defaults={
            "report_id": promise.report_id,
            "about": promise.about,
            "escalation": made,
            "promise": promise,
            "whom": whom[0],
            "wanted": whom[1] if whom[1] != whom[0] else "",
            "agent": person.agent,
            "team": person.team,
            "name": person.name,
            "channel": channel,
            "address": address,
            "text": f"{title}\n\n{text}",
            "at": at,
        },
    )
    if not is_new:
        return None
    if channel == MAIL:
        page.mail = queue_mail(
            None,
            to=(address, person.name),
            subject=title,
            text=text,
            purpose="page",
            key=f"page:{key}",
            at=at,
            language=person.language,
        )
        page.save(update_fields=["mail"])
    else:
        enqueue(JOB, f"{page.pk}:0", {"page": page.pk}, run_at=at, priority=1)
    return page


def _record(report: Report | None, promise: Promise, pages: list[Page], *, whom: str, now: datetime) -> None:
    told = list(dict.fromkeys(page.name for page in pages))
    data = {
        "promise": promise.pk,
        "kind": promise.kind,
        "whom": whom,
        "names": told,
        "channels": sorted({page.channel for page in pages}),
        "pages": [page.pk for page in pages],
    }
    ledger.record(report, "page.made", by=SYSTEM, at=now, data=data, about=promise.about)


def _say_nobody_was_there(
    report: Report | None, promise: Promise, wanted: str, found: str, *, key: str, now: datetime
) -> None:
    if LedgerEntry.objects.filter(key=key).exists():
        return
    data = {"promise": promise.pk, "kind": promise.kind, "wanted": wanted, "whom": found}
    ledger.record(report, "page.nobody_there", by=SYSTEM, at=now, data=data, key=key, about=promise.about)
