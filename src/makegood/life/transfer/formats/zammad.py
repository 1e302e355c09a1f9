"""Zammad: what its API gives of tickets, articles and users.

Read are: ``{"tickets": […], "articles": […], "users": […], "organizations": […], "groups": […], "states": […],
"priorities": […]}``, each list as the API answers, with ``?expand=true`` or without; the API's ``assets`` (``Ticket``,
``TicketArticle``, ``User`` … by id); one ticket a line with its ``articles`` inside; or a folder with tickets.json,
articles.json, users.json and so on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from makegood.lib.mail.markup import to_text
from makegood.life.transfer.foreign import File, ForeignReport, NotUnderstood, Person, Said, line, text
from makegood.life.transfer.formats.records import Mapping, Record, Row, Source, Unreadable

# As a new installation numbers them; a list of the real ones in the export comes first.
_STATES = {1: "new", 2: "open", 3: "pending reminder", 4: "closed", 5: "merged", 6: "pending close", 7: "pending close"}
_PRIORITIES = {1: "1 low", 2: "2 normal", 3: "3 high"}
_SENDERS = {1: "Agent", 2: "Customer", 3: "System"}
_TYPES = {"email": "mail", "phone": "phone", "web": "web", "note": "web", "chat": "widget"}
_BY = {"customer": "contact", "agent": "agent", "system": "system"}


class _Known:
    """What tickets refer to, by id."""

    def __init__(self, source: Source) -> None:
        self.users = source.by_id("users", "User")
        self.organizations = source.by_id("organizations", "Organization")
        self.groups = source.by_id("groups", "Group")
        states = source.by_id("states", "ticket_states", "TicketState")
        priorities = source.by_id("priorities", "ticket_priorities", "TicketPriority")
        self.states = _STATES | {key: str(one.get("name")) for key, one in states.items()}
        self.priorities = _PRIORITIES | {key: str(one.get("name")) for key, one in priorities.items()}
        users = self.users.values()
        self.by_name = {str(one[name]).lower(): one for one in users for name in ("login", "email") if one.get(name)}
        self.articles: dict[Any, list[Record]] = defaultdict(list)
        for article in source.each("articles", "ticket_articles", "TicketArticle"):
            if isinstance(article, dict):
                self.articles[article.get("ticket_id")].append(article)

    def user(self, key: Any, name: Any) -> Record:
        """A user by id, else by login or address (``expand``), else whatever the name says."""
        if key in self.users:
            return self.users[key]
        given = str(name or "")
        found = self.by_name.get(given.lower())
        return found or {"id": key, ("email" if "@" in given else "lastname"): given}


def read(path: Path, mapping: Mapping) -> Iterator[ForeignReport | NotUnderstood]:
    """Every ticket of the export. Raises Unreadable."""
    source = Source(path, "tickets")
    known, empty = _Known(source), True
    for number, ticket in enumerate(source.each("tickets", "Ticket"), 1):
        empty = False
        if isinstance(ticket, NotUnderstood):
            yield ticket
            continue
        where = _("ticket %s") % (ticket.get("number") or ticket.get("id") or number)
        if not ticket.get("id") or not (ticket.get("customer_id") or ticket.get("customer")):
            yield NotUnderstood(where, _("no id or no customer: is this a Zammad ticket?"))
            continue
        yield _report(ticket, known, Row(mapping), where)
    if empty:
        raise Unreadable(_("No tickets were found in it."))


def _report(ticket: Record, known: _Known, row: Row, where: str) -> ForeignReport | NotUnderstood:
    received = row.moment("created_at", ticket.get("created_at"))
    if received is None:
        return NotUnderstood(where, "; ".join(row.missed) or _("no created_at"))
    customer = known.user(ticket.get("customer_id"), ticket.get("customer"))
    owner = known.user(ticket.get("owner_id"), ticket.get("owner"))
    state = row.word("state", _name(ticket, "state", known.states))
    group = ticket.get("group") or known.groups.get(ticket.get("group_id"), {}).get("name")
    return ForeignReport(
        foreign_id=str(ticket["id"]),
        title=line(ticket.get("title"), 200),
        person=_person(customer, ticket, known),
        received_at=received,
        messages=tuple(_messages(ticket, customer, known, row)),
        state=state,
        severity=row.word("severity", _name(ticket, "priority", known.priorities)),
        kind=row.word("kind", ""),
        category=row.mapping.named("category", ""),
        team=row.mapping.named("team", line(group)),
        # 1 is "-", Zammad's word for nobody.
        assignee="" if ticket.get("owner_id") == 1 else row.mapping.named("assignee", line(owner.get("email"))),
        channel="",
        labels=tuple(str(tag) for tag in ticket.get("tags") or ())[:50],
        closed_at=row.moment("close_at", ticket.get("close_at")) if state == "closed" else None,
        missed=tuple(row.missed),
        where=where,
    )


def _messages(ticket: Record, customer: Record, known: _Known, row: Row) -> Iterator[Said]:
    inside = [one for one in ticket.get("articles") or () if isinstance(one, dict)]
    for article in sorted(inside or known.articles.get(ticket["id"], []), key=lambda one: str(one.get("created_at"))):
        sender = str(article.get("sender") or _SENDERS.get(article.get("sender_id") or 0, "Agent")).lower()
        author = known.user(article.get("created_by_id"), article.get("created_by"))
        if sender == "customer":
            author = known.user(article.get("origin_by_id"), "") if article.get("origin_by_id") else author
        at = row.moment("article", article.get("created_at")) or row.moment("created_at", ticket.get("created_at"))
        yield Said(
            by=_BY.get(sender, "agent"),
            body=_words(article),
            at=at,
            name=_full_name(author) or line(str(article.get("from") or "").split("<")[0].strip(' "')),
            email=line(customer.get("email") if author is customer else author.get("email")),
            is_internal=bool(article.get("internal")),
            channel=_TYPES.get(str(article.get("type") or ""), "web"),
            files=tuple(_files(article)),
        )


def _words(article: Record) -> str:
    body = str(article.get("body") or "")
    return text(to_text(body) if "html" in str(article.get("content_type") or "") else body)


def _files(article: Record) -> Iterator[File]:
    for one in article.get("attachments") or ():
        if isinstance(one, dict):
            yield File(line(one.get("filename")) or "file", path=str(one.get("id") or ""))


def _name(ticket: Record, field: str, known: dict[Any, str]) -> str:
    """``state`` or ``priority``: by name, by id, or an object that carries a name."""
    given = ticket.get(field)
    if isinstance(given, dict):
        return str(given.get("name") or "")
    return str(given or known.get(ticket.get(f"{field}_id"), ticket.get(f"{field}_id") or ""))


def _person(user: Record, ticket: Record, known: _Known) -> Person:
    organization = known.organizations.get(ticket.get("organization_id") or user.get("organization_id"), {})
    return Person(
        name=_full_name(user),
        email=line(user.get("email")),
        phone=line(user.get("phone") or user.get("mobile"), 40),
        foreign_id=str(user.get("id") or ticket.get("customer_id") or ""),
        organisation=line(organization.get("name") or ticket.get("organization") or user.get("organization")),
    )


def _full_name(user: Record) -> str:
    return line(f"{user.get('firstname') or ''} {user.get('lastname') or ''}")
