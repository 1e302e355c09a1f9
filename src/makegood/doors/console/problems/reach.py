"""Exactly whom a word would reach: everybody, page by page, by way, language and name; and the same as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.life.announcements import access, people, texts
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.announcements.people import Person
from makegood.life.people.models import Agent
from makegood.life.reports.access import NotFound
from makegood.life.transfer.exporting import csv_lines

SHOWN, LONGEST = 100, 100
LANGUAGES = dict(settings.LANGUAGES)
# Ways as chips; the first is everybody who is told.
TOLD, LEFT_ALONE, TO_CALL = "", "left", "call"
WAYS = (
    (TOLD, gettext_lazy("everybody")),
    (Recipient.MAIL, gettext_lazy("by mail")),
    (Recipient.PAGE, gettext_lazy("on the page only, no address")),
    (Recipient.ELSEWHERE, gettext_lazy("on the page, mail to a newer report")),
    (TO_CALL, gettext_lazy("no mail arrives: call")),
    (LEFT_ALONE, gettext_lazy("left alone")),
)
WHY = {
    people.SOLVED: gettext_lazy("solved already"),
    people.CLOSED: gettext_lazy("closed already"),
    people.LEFT: gettext_lazy("left the problem meanwhile"),
}


@needs("problem.announce")
@require_safe
def table(request: HttpRequest, key: str) -> HttpResponse:
    """Those the list shows, all pages of it, as CSV."""
    agent = seeker(request)
    found = access.access_announcement(agent, key)
    if not found.is_draft:
        raise NotFound(key)
    _choice, chosen = _chosen(request, people.seen_by(agent, people.reached(found.problem)))
    header = ("report", "person", "email", "way", "language", "reads", "why")
    # The mark at the beginning tells old spreadsheets that this is UTF-8.
    answer = HttpResponse(
        "\ufeff" + "".join(csv_lines(header, _lines(found, chosen))), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{found.problem.number}-{found.kind}-whom.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def shown(request: HttpRequest, agent: Agent, found: Announcement, seen: list[Person]) -> dict[str, Any]:
    """One page of ``seen``, which the agent may see, as the address asks for them; and the ways to ask for others."""
    choice, chosen = _chosen(request, seen)
    page = Paginator(chosen, SHOWN).get_page(request.GET.get("page"))
    return {
        "page": page,
        "rows": [(one, _way(one), _called(language_of(one)), _other(found, one)) for one in page.object_list],
        "ways": _ways(choice, seen),
        "languages": _languages(choice, seen),
        "words": choice["q"],
        "way": choice["way"],
        "language": choice["language"],
        "query": _query(choice),
        "is_filtered": any(choice.values()),
        "reasons": reasons(seen),
        "may_take": agent.may("problem.announce"),
    }


def reasons(seen: list[Person]) -> list[tuple[Any, int]]:
    """Why some are left alone, and how many each."""
    return [(WHY[why], count) for why, count in Counter(one.why for one in seen if not one.is_told).most_common()]


def language_of(person: Person) -> str:
    """``de`` of ``de-AT``."""
    return person.report.language.split("-")[0].lower()


def _chosen(request: HttpRequest, seen: list[Person]) -> tuple[dict[str, str], list[Person]]:
    choice = {name: request.GET.get(name, "").strip()[:LONGEST] for name in ("way", "language", "q")}
    if choice["way"] not in dict(WAYS):
        choice["way"] = TOLD
    return choice, [one for one in seen if _fits(one, **choice)]


def _fits(one: Person, *, way: str, language: str, q: str) -> bool:
    if way == LEFT_ALONE:
        is_of_way = not one.is_told
    elif way == TO_CALL:
        is_of_way = people.is_to_be_called(one)
    else:
        is_of_way = one.is_told and way in (TOLD, one.way)
    if not is_of_way or language not in ("", language_of(one)):
        return False
    contact = one.report.contact
    said = f"{one.report.number} {contact.name} {contact.email or ''}".casefold()
    return all(word in said for word in q.casefold().split())


def _ways(choice: dict[str, str], seen: list[Person]) -> list[dict[str, Any]]:
    """Each way with how many it has among those the rest of the choice leaves."""
    found = []
    for way, name in WAYS:
        other = {**choice, "way": way}
        count = sum(_fits(one, **other) for one in seen)
        if count or way in (TOLD, choice["way"]):
            found.append({"name": name, "count": count, "query": _query(other), "current": way == choice["way"]})
    return found


def _languages(choice: dict[str, str], seen: list[Person]) -> list[dict[str, Any]]:
    counts = Counter(language_of(one) for one in seen if _fits(one, **{**choice, "language": ""}))
    if choice["language"]:
        counts.setdefault(choice["language"], 0)
    every = [("", _("every language"), counts.total()), *((code, _called(code), n) for code, n in counts.most_common())]
    return [
        {"name": name, "count": n, "query": _query({**choice, "language": code}), "current": code == choice["language"]}
        for code, name, n in every
    ]


def _query(choice: dict[str, str]) -> str:
    return urlencode({name: value for name, value in choice.items() if value})


def _called(language: str) -> str:
    return _(LANGUAGES[language]) if language in LANGUAGES else language


def _way(one: Person) -> Any:
    return dict(Recipient.WAYS).get(one.way, "") if one.is_told else WHY[one.why]


def _other(found: Announcement, one: Person) -> str:
    """In which other language they read it, for want of a text in their own."""
    if not one.is_told:
        return ""
    read = texts.reads(found.texts, one.report.language)
    return "" if read in ("", language_of(one)) else _called(read)


def _lines(found: Announcement, chosen: list[Person]) -> Iterator[tuple[str, ...]]:
    for one in chosen:
        contact = one.report.contact
        reads = texts.reads(found.texts, one.report.language) if one.is_told else ""
        way = one.way if one.is_told else LEFT_ALONE
        yield (one.report.number, contact.name, contact.email or "", way, one.report.language, reads, one.why)
