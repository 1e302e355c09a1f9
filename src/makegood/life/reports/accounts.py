"""What the desk changes about a reporter's account: facts put right, secret links revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Contact, Organisation
from makegood.life.reports import access, ledger
from makegood.life.reports.models import Report

EDITABLE = frozenset(
    {"name", "phone", "second_email", "preferred_way", "member_number", "plan", "language", "time_zone", "organisation"}
)


class NotEditable(Refusal):
    """The e-mail address decides who gets what we say, so it is not changed like other facts."""


def change_contact(contact: Contact, fields: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Set facts of ``contact``; old and new stand in the ledger. Raises NotEditable."""
    if not fields:
        return
    if not set(fields) <= EDITABLE:
        raise NotEditable(_("This cannot be changed here."))
    with transaction.atomic():
        before = Contact.objects.select_for_update().filter(pk=contact.pk).values(*fields).get()
        Contact.objects.filter(pk=contact.pk).update(**fields)
        data = {"contact": contact.pk, "from": {k: str(v or "") for k, v in before.items()}}
        data["to"] = {name: str(value or "") for name, value in fields.items()}
        ledger.record(None, "account.changed", by=by, at=at, data=data)


def set_plan(organisation: Organisation, plan: str, *, by: Actor, at: datetime) -> None:
    """Say which plan or tier an organisation has; its people have it too, unless one of them has their own."""
    plan = " ".join(plan.replace("\x00", "").split())
    if len(plan) > 40:
        raise NotEditable(_("The name of a plan has at most 40 characters."))
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if fresh.plan != plan:
            Organisation.objects.filter(pk=fresh.pk).update(plan=plan)
            data = {"organisation": fresh.pk, "from": {"plan": fresh.plan}, "to": {"plan": plan}}
            ledger.record(None, "account.changed", by=by, at=at, data=data)


def mail_arrives_again(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Forget that mail to ``contact`` came back: somebody has put it right, or heard that it arrives."""
    with transaction.atomic():
        fresh = Contact.objects.select_for_update().get(pk=contact.pk)
        if fresh.mail_problem:
            data = {"contact": fresh.pk, "from": {"mail_problem": fresh.mail_problem}, "to": {"mail_problem": ""}}
            Contact.objects.filter(pk=fresh.pk).update(mail_problem="")
            ledger.record(None, "account.changed", by=by, at=at, data=data)


def revoke_links_of(contact: Contact, *, by: Actor, at: datetime, reason: str = "") -> int:
    """Make every secret link of ``contact`` useless; returns how many there were."""
    with transaction.atomic():
        reports = Report.objects.filter(links__contact=contact, links__revoked_at=None).distinct()
        return sum(access.revoke_links(report, by=by, at=at, reason=reason) for report in reports)
