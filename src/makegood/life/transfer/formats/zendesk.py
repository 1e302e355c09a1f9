"""Zendesk: the JSON export of tickets (one ticket a line), or what its API gives.

Read are: a file of one ticket a line or a list of tickets; ``{"tickets": […], "users": […], "organizations": […],
"groups": […]}``; or a folder with tickets.json, users.json, organizations.json, groups.json in either form. A ticket
carries its ``comments``; requester, assignee, group and organization are read from the ticket where it carries them and
are looked up by ``…_id`` otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from makegood.lib.mail.markup import to_text
from makegood.life.transfer.foreign import File, ForeignReport, NotUnderstood, Person, Said, line, text
from makegood.life.transfer.formats.records import Mapping, Record, Row, Source, Unreadable

_CHANNELS = {
    "email": "mail",
    "web": "web",
    "api": "api",
    "voice": "phone",
    "phone": "phone",
    "native_messaging": "widget",
}


def read(path: Path, mapping: Mapping) -> Iterator[ForeignReport | NotUnderstood]:
    """Every ticket of the export. Raises Unreadable."""
    source = Source(path, "tickets")
    people = source.by_id("users")
    others = {name: source.by_id(name) for name in ("organizations", "groups")}
    empty = True
    for number, ticket in enumerate(source.each("tickets"), 1):
        empty = False
        if isinstance(ticket, NotUnderstood):
            yield ticket
            continue
        where = _("ticket %s") % (ticket.get("id") or number)
        if not ticket.get("id") or not (ticket.get("requester") or ticket.get("requester_id")):
            yield NotUnderstood(where, _("no id or no requester: is this a Zendesk ticket?"))
            continue
        yield _report(ticket, people, others, Row(mapping), where)
    if empty:
        raise Unreadable(_("No tickets were found in it."))


def _report(
    ticket: Record, people: dict[Any, Record], others: dict[str, dict[Any, Record]], row: Row, where: str
) -> ForeignReport | NotUnderstood:
    received = row.moment("created_at", ticket.get("created_at"))
    if received is None:
        return NotUnderstood(where, "; ".join(row.missed) or _("no created_at"))
    requester = _person(ticket, "requester", people)
    group = _named(ticket, "group", others["groups"])
    state = row.word("state", ticket.get("status"))
    solved = row.moment("solved_at", (ticket.get("metric_set") or {}).get("solved_at"))
    updated = row.moment("updated_at", ticket.get("updated_at"))
    return ForeignReport(
        foreign_id=str(ticket["id"]),
        title=line(ticket.get("raw_subject") or ticket.get("subject"), 200),
        person=_as_person(requester, _named(ticket, "organization", others["organizations"])),
        received_at=received,
        messages=tuple(_messages(ticket, requester, people, row)),
        state=state,
        severity=row.word("severity", ticket.get("priority")),
        kind=row.word("kind", ticket.get("type")),
        category=row.mapping.named("category", ""),
        team=row.mapping.named("team", group),
        assignee=row.mapping.named("assignee", line(_person(ticket, "assignee", people).get("email"))),
        channel=_CHANNELS.get(str((ticket.get("via") or {}).get("channel")), "api"),
        language=str(requester.get("locale") or "")[:2],
        labels=tuple(str(tag) for tag in ticket.get("tags") or ())[:50],
        closed_at=(solved or updated) if state == "closed" else None,
        solved_at=solved,
        missed=tuple(row.missed),
        where=where,
    )


def _messages(ticket: Record, requester: Record, people: dict[Any, Record], row: Row) -> Iterator[Said]:
    comments = [one for one in ticket.get("comments") or () if isinstance(one, dict)]
    if not comments and ticket.get("description"):
        comments = [{"body": ticket["description"], "created_at": ticket.get("created_at"), "public": True}]
    for comment in comments:
        author = _author(comment, requester, people)
        at = row.moment("comment", comment.get("created_at")) or row.moment("created_at", ticket.get("created_at"))
        is_outside = author.get("id") == requester.get("id") or author.get("role") == "end-user"
        yield Said(
            by="contact" if is_outside else "agent",
            body=_words(comment),
            at=at,
            name=line(author.get("name")),
            email=line(author.get("email")),
            is_internal=comment.get("public") is False,
            files=tuple(_files(comment)),
        )


def _words(comment: Record) -> str:
    plain = comment.get("plain_body") or comment.get("body")
    return text(plain) if plain else text(to_text(str(comment.get("html_body") or "")))


def _files(comment: Record) -> Iterator[File]:
    for one in comment.get("attachments") or ():
        if isinstance(one, dict) and not one.get("deleted"):
            name = line(one.get("file_name")) or "file"
            yield File(name, path=f"{one.get('id')}" if one.get("id") else "", url=str(one.get("content_url") or ""))


def _author(comment: Record, requester: Record, people: dict[Any, Record]) -> Record:
    if isinstance(comment.get("author"), dict):
        return dict(comment["author"])
    author = comment.get("author_id", requester.get("id"))
    return requester if author == requester.get("id") else people.get(author, {"id": author, "name": f"#{author}"})


def _person(ticket: Record, role: str, people: dict[Any, Record]) -> Record:
    embedded = ticket.get(role)
    if isinstance(embedded, dict):
        return embedded
    key = ticket.get(f"{role}_id")
    return people.get(key, {"id": key} if key else {})


def _as_person(user: Record, organisation: str) -> Person:
    return Person(
        name=line(user.get("name")),
        email=line(user.get("email")),
        phone=line(user.get("phone"), 40),
        foreign_id=str(user.get("id") or ""),
        organisation=organisation,
        member_number=line(user.get("external_id"), 40),
        language=str(user.get("locale") or "")[:2],
    )


def _named(ticket: Record, role: str, known: dict[Any, Record]) -> str:
    embedded = ticket.get(role)
    found = embedded if isinstance(embedded, dict) else known.get(ticket.get(f"{role}_id"), {})
    return line(found.get("name"))
