"""Searching everything: the box of the console for programs, with the same query and the same rights."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api import paging, problems
from makegood.doors.api.area import Area, caller
from makegood.doors.api.paging import Listed, Number
from makegood.doors.api.problems import Problem
from makegood.lib.texts import whole_number
from makegood.life.searching import asking
from makegood.life.searching.asking import Hit
from makegood.life.searching.passages import Marked

area = Area("Search", "Everything that can be found, in one place.")

Place = Literal["reports", "messages", "files", "problems", "analyses", "actions", "articles", "people"]


class Wanted(BaseModel):
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=400,
            description='Words, `"words in a row"`, `-word`, `a OR b`, `pay*`, and the filters of the queue.',
        ),
    ]
    place: Annotated[Place, Field(alias="in", description="Where to look.")] = "reports"
    limit: Annotated[Number, Field(ge=1, le=100, description="How many at most.")] = 25
    cursor: Annotated[str, Field(max_length=400, description="`next` of the page before.")] = ""


class Piece(BaseModel):
    text: str
    is_hit: bool


class Found(BaseModel):
    """One hit. `report` and `message` say where it is; `key` and `number` which thing it is."""

    kind: Literal[
        "report", "message", "file", "problem", "rca", "action", "article", "contact", "organisation", "colleague"
    ]
    number: Annotated[str | None, Field(description="MG-n, PRB-n, RCA-n, ACT-n or KB-n.")]
    key: str
    title: list[Piece]
    words: Annotated[list[Piece], Field(description="A piece of what fits, in order.")]
    report: Annotated[str | None, Field(description="The report it belongs to.")]
    message: Annotated[str | None, Field(description="The key of the message that fits.")]
    is_internal: Annotated[bool, Field(description="Never to be shown to a reporter.")]
    at: datetime | None


@area.get("/search/everything", scope="reports:read", action="report.view", ok=Listed[Found])
def search_everything(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """Find reports, messages, files, problems, analyses, actions, articles or people, newest first.

    Only what you may see, each with the piece that fits. A page may hold less than `limit` and still have a `next`:
    when very much had to be looked at.
    """
    who = caller(request)
    asked = asking.understand(who.agent, f"{wanted.q} in:{wanted.place}", now=who.now)
    if asked.hints or len(asked.places) != 1 or asked.is_nothing:
        told = [str(hint.text) for hint in asked.hints] or ["It holds no words to look for, or another `in:`."]
        raise Problem("query-not-understood", errors=[problems.fault("query/q", words) for words in told])
    place = whole_number(paging.read_cursor(request, wanted.cursor)) or 0
    group = asking.look(asked, wanted.place, cursor=place, size=wanted.limit)
    after = paging.make_cursor(request, str(group.rest)) if group.rest else ""
    return paging.listed(request, group.hits, after, _found, Found)  # type: ignore[type-var]


def _found(hit: Hit) -> Found:
    thing, said = hit.thing, hit.passage.message if hit.passage else None
    if hit.kind == "article":
        return _article(hit)
    report = {"report": thing, "message": thing}.get(hit.kind) or getattr(thing, "report", None)
    return Found(
        kind="colleague" if hit.kind == "agent" else hit.kind,  # type: ignore[arg-type]
        number=getattr(thing, "number", None),
        key=said.key if said is not None and hit.kind == "message" else getattr(thing, "key", None) or thing.number,
        title=_pieces(hit.title),
        words=_pieces(hit.passage.words if hit.passage else hit.words),
        report=report.number if report is not None else None,
        message=said.key if said is not None else None,
        is_internal=said.is_internal if said is not None else bool(getattr(thing, "is_internal", False)),
        at=said.at if said is not None else _moment(thing),
    )


def _article(hit: Hit) -> Found:
    """An article in the language in which it fits."""
    article = hit.thing.article
    return Found(
        kind="article",
        number=article.number,
        key=article.key,
        title=_pieces(hit.title),
        words=_pieces(hit.words),
        report=None,
        message=None,
        is_internal=not article.is_shown,
        at=hit.thing.changed_at,
    )


def _pieces(marked: Marked) -> list[Piece]:
    return [Piece(text=text, is_hit=is_hit) for text, is_hit in marked]


def _moment(thing: Any) -> datetime | None:
    names = ("received_at", "at", "opened_at", "begun_at", "proposed_at", "created_at")
    return next((getattr(thing, name) for name in names if hasattr(thing, name)), None)
