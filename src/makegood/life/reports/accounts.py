"""What the desk changes about an account: facts of people and organisations, key accounts, secret links revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people import reaching, roles
from makegood.life.people.actors import Actor
from makegood.life.people.models import Contact, Organisation
from makegood.life.reports import access, ledger, states
from makegood.life.reports.models import LedgerEntry, Report

EDITABLE = frozenset(
    {"name", "phone", "second_email", "preferred_way", "member_number", "plan", "language", "time_zone", "organisation"}
)


LONGEST_NAME, LONGEST_NOTE, LONGEST_PLAN = 200, 10_000, 40
OF_ORGANISATION = frozenset({"name", "note", "plan"})
UNDO_WINDOW = timedelta(hours=24)
# Taking a change back takes the same right.
UNDO_TAKES = {"account.changed": "contact.edit", "account.key_changed": "contact.mark_key"}


class NotEditable(Refusal):
    """The e-mail address decides who gets what we say, so it is not changed like other facts."""


class NeedsName(Refusal):
    """An organisation has a name, and no two have the same."""


class NeedsReason(Refusal):
    """Whoever makes an organisation more important than others, or no longer, says why."""


class CannotUndo(Refusal):
    """There is nothing to take back, it is too late, or it was changed again since."""


def change_contact(contact: Contact, fields: dict[str, Any], *, by: Actor, at: datetime) -> LedgerEntry | None:
    """Set facts of ``contact``; old and new stand in the ledger. Into another organisation their open reports go along.

    Raises NotEditable, BadPhone, BadEmail.
    """
    reaching.check_phone(fields.get("phone", ""))
    reaching.check_email(fields.get("second_email", ""))
    return _change_contact(contact, fields, by=by, at=at)


def _change_contact(contact: Contact, fields: dict[str, Any], *, by: Actor, at: datetime) -> LedgerEntry | None:
    if not fields:
        return None
    if not set(fields) <= EDITABLE:
        raise NotEditable(_("This cannot be changed here."))
    with transaction.atomic():
        fresh = Contact.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=contact.pk)
        before = {name: getattr(fresh, name) for name in fields}
        Contact.objects.filter(pk=contact.pk).update(**fields)
        data: dict[str, Any] = {"contact": contact.pk, "from": _texts(before), "to": _texts(fields)}
        if "organisation" in fields and before["organisation"] != fields["organisation"]:
            data["organisations"] = [_key(before["organisation"]), _key(fields["organisation"])]
            Report.objects.filter(contact=contact).exclude(state=states.CLOSED).update(
                organisation=fields["organisation"], updated_at=at, version=F("version") + 1
            )
        return ledger.record(None, "account.changed", by=by, at=at, data=data)


def add_organisation(name: str, *, by: Actor, at: datetime, note: str = "", plan: str = "") -> Organisation:
    """Make an organisation. Raises NeedsName, NotEditable."""
    facts = _facts_of_organisation({"name": name, "note": note, "plan": plan})
    with transaction.atomic():
        _refuse_namesake(facts["name"])
        made = Organisation.objects.create(**facts, created_at=at)
        ledger.record(None, "account.added", by=by, at=at, data={"organisation": made.pk, "to": _texts(facts)})
    return made


def change_organisation(
    organisation: Organisation, fields: dict[str, str], *, by: Actor, at: datetime
) -> LedgerEntry | None:
    """Set its name, note or plan (its people have the plan too, unless one has their own); None if nothing changes.

    Raises NeedsName, NotEditable.
    """
    facts = _facts_of_organisation(fields)
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        changed = {name: value for name, value in facts.items() if getattr(fresh, name) != value}
        if not changed:
            return None
        if "name" in changed:
            _refuse_namesake(changed["name"], besides=fresh.pk)
        Organisation.objects.filter(pk=fresh.pk).update(**changed)
        before = {name: getattr(fresh, name) for name in changed}
        data = {"organisation": fresh.pk, "from": _texts(before), "to": changed}
        return ledger.record(None, "account.changed", by=by, at=at, data=data)


def mark_key_account(
    organisation: Organisation, is_key: bool, *, by: Actor, at: datetime, reason: str
) -> LedgerEntry | None:
    """Say that it is a key account, or no longer; what it has open is ranked anew. None if it was so already.

    Raises NeedsReason.
    """
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the next person understands."))
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if fresh.is_key_account == is_key:
            return None
        Organisation.objects.filter(pk=fresh.pk).update(is_key_account=is_key)
        organisation.is_key_account = is_key
        changed = {"from": {"is_key_account": not is_key}, "to": {"is_key_account": is_key}}
        data = {"organisation": fresh.pk, **changed}
        return ledger.record(None, "account.key_changed", by=by, at=at, data=data, reason=reason.strip()[:500])


def undo(entry: LedgerEntry, *, by: Actor, at: datetime) -> LedgerEntry | None:
    """Put back what ``entry`` changed about a contact or an organisation; the same twice is one. Raises CannotUndo."""
    data = entry.data
    if entry.kind not in UNDO_TAKES or at - entry.at > UNDO_WINDOW or "mail_problem" in data.get("to", {}):
        raise CannotUndo(_("This can no longer be taken back."))
    if by.kind == "agent" and not roles.may(by.role, UNDO_TAKES[entry.kind]):
        raise CannotUndo(_("You may not make this change, so you can't take it back. Ask a lead."))
    model = Contact if "contact" in data else Organisation
    with transaction.atomic():
        row = model.objects.select_for_update().filter(pk=data.get("contact") or data.get("organisation")).first()
        if row is None:
            raise CannotUndo(_("This can no longer be taken back."))
        present = {name: getattr(row, name) for name in data["to"]}
        if _texts(present) == _texts(data["from"]):
            return None
        if _texts(present) != _texts(data["to"]):
            raise CannotUndo(
                _("This was changed again meanwhile, so the earlier change can't be taken back by itself.")
            )
        back = dict(data["from"])
        if isinstance(row, Contact):
            if "organisations" in data:
                back["organisation"] = Organisation.objects.filter(pk=data["organisations"][0] or 0).first()
            else:
                back.pop("organisation", None)
            return _change_contact(row, back, by=by, at=at)
        if entry.kind == "account.key_changed":
            return mark_key_account(row, back["is_key_account"], by=by, at=at, reason=_("Taken back."))
        return change_organisation(row, back, by=by, at=at)


def _facts_of_organisation(fields: dict[str, str]) -> dict[str, str]:
    """The facts as they are kept. Raises NeedsName, NotEditable."""
    if not set(fields) <= OF_ORGANISATION:
        raise NotEditable(_("This cannot be changed here."))
    facts = {name: value.replace("\x00", "").replace("\r\n", "\n").strip() for name, value in fields.items()}
    for name in facts.keys() & {"name", "plan"}:
        facts[name] = " ".join(facts[name].split())
    if "name" in facts and not 0 < len(facts["name"]) <= LONGEST_NAME:
        raise NeedsName(_("Give the organisation a name of at most %d characters.") % LONGEST_NAME)
    if len(facts.get("plan", "")) > LONGEST_PLAN:
        raise NotEditable(_("The name of a plan has at most 40 characters."))
    if len(facts.get("note", "")) > LONGEST_NOTE:
        raise NotEditable(_("That is too long: at most %d characters fit here.") % LONGEST_NOTE)
    return facts


def _refuse_namesake(name: str, *, besides: int | None = None) -> None:
    if Organisation.objects.filter(name__iexact=name).exclude(pk=besides or 0).exists():
        raise NeedsName(_("There is an organisation called “%s” already.") % name)


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, bool) else str(value or "") for name, value in values.items()}


def _key(organisation: Organisation | None) -> int | None:
    return organisation.pk if organisation else None


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
