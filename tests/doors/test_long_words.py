"""Words far longer than any column, in every field of every form: a sentence in answer, never a breakdown.

Forms are read from the pages themselves and filled in as a browser would, choices with something valid, so that the
words reach the database. SQLite takes any length: there the rows written are measured afterwards.
"""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.life.insights import reviews
from makegood.life.insights.days import Period
from makegood.life.people.actors import SYSTEM
from makegood.life.rca import causes, timeline, writing
from makegood.life.reports import access
from tests.journeys import doors, privacy_pages
from tests.journeys.desk import furnish, play
from tests.life.compensation import screens as making_good
from tests.life.rca import study
from tests.life.statuspage.page import one_of_each

pytestmark = pytest.mark.django_db

LONG = "ü" * 20_000
WORDS = {
    "email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example",
    "url": f"https://x.example/{'y' * 5_000}",
    "number": "9" * 30,
    "datetime-local": "2199-12-31T23:59",
    "date": "2199-12-31",
    "time": "23:59",
}
PAGES = (
    *("/console/queue/", "/console/me/", "/console/me/keys/", "/console/phone/", "/console/accounts/"),
    *("/console/setup/people/", "/console/setup/people/invite/", "/console/setup/rotas/platform/"),
    *("/console/setup/scripts/escalated/", "/console/setup/policies/hear_back/high/", "/console/setup/hours/new/"),
    *(f"/console/setup/things/{what}/add/" for what in ("team", "category", "component", "question", "step")),
)
CASE = ("", "ask/", "evidence/", "document/", "duplicate/", "protect/", "escalate/", "solve/", "follow-up/")
_WRITTEN = re.compile(r'(?:INSERT (?:OR IGNORE )?INTO|UPDATE) "(\w+)"')
# table -> its columns that have a limit
_SHORT = {
    model._meta.db_table: [
        field for field in model._meta.concrete_fields if isinstance(field, models.CharField) and field.max_length
    ]
    for model in apps.get_models()
}


class Forms(HTMLParser):
    """The forms of a page: ``found`` has (address, fields) of each that posts."""

    def __init__(self, page):
        super().__init__()
        self.found, self.fields, self.select, self.action = [], None, None, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and given.get("method", "").lower() == "post":
            self.fields, self.action = {}, given.get("action", "")
        elif self.fields is None:
            return
        elif tag == "select":
            self.select = given.get("name")
        elif tag == "option" and self.select and given.get("value"):
            self.fields.setdefault(self.select, given["value"])
        elif given.get("name"):
            self._fill(tag, given)

    def _fill(self, tag, given):
        kind, name, value = given.get("type", "text" if tag == "input" else tag), given["name"], given.get("value")
        if kind in ("hidden", "radio", "checkbox", "button", "submit"):
            self.fields.setdefault(name, value or "on")
        elif kind != "file":
            self.fields[name] = WORDS.get(kind, LONG)

    def handle_endtag(self, tag):
        if tag == "form" and self.fields is not None:
            self.found.append((self.action, self.fields))
            self.fields = None
        elif tag == "select":
            self.select = None


def overlong(queries):
    """Columns of the tables just written that hold more than they may; PostgreSQL would have refused."""
    if connection.vendor != "sqlite":
        return []
    tables = {name for query in queries for name in _WRITTEN.findall(query["sql"])}
    return [name for table in tables for name in _overlong_in(table)]


def _overlong_in(table):
    """All columns of a table measured by one query."""
    fields = _SHORT.get(table)
    if not fields:
        return []
    lengths = ", ".join(f'MAX(LENGTH("{field.column}"))' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {lengths} FROM "{table}"')
        longest = cursor.fetchone()
    return [str(field) for field, length in zip(fields, longest, strict=True) if (length or 0) > field.max_length]


def fill_in(client, page, sent):
    """Send every form of ``page`` that was not ``sent`` before, each as if it were the only one; what broke."""
    answer = client.get(page)
    broken = [(page, answer.status_code)] if answer.status_code >= 500 else []
    for action, fields in Forms(answer.content.decode()).found:
        address = action if action.startswith("/") else page.partition("?")[0]
        form = (address, *fields)
        if address == "/console/logout/" or form in sent:
            continue
        sent.add(form)
        with transaction.atomic(), CaptureQueriesContext(connection) as said:
            status = client.post(address, fields).status_code
            cut = overlong(said.captured_queries) if status < 500 else []
            transaction.set_rollback(True)
        if status >= 500 or cut:
            broken.append((page, address, status, cut))
    return broken


@pytest.mark.long
def test_in_the_console(cast):
    desk = furnish(cast)
    made = play(desk, timezone.now())
    client = Client(raise_request_exception=False)
    client.force_login(desk.ada)
    pages = [*PAGES, f"/console/contacts/{desk.ana.key}/", f"/console/contacts/{desk.ana.key}/edit/"]
    pages += [f"/console/reports/{made[name].pk}/{part}" for name in ("working", "accepted") for part in CASE]
    pages += addresses_of(doors.pages(desk, made) | making_good.pages(desk))
    pages += addresses_of(privacy_pages.pages(desk, made))
    review = reviews.open_review("week", Period(date(2026, 11, 9), date(2026, 11, 15)), at=timezone.now())
    pages.append(f"/console/review/{review.key}/")
    sent = set()
    broken = [one for page in dict.fromkeys(pages) for one in fill_in(client, page, sent)]
    assert len(sent) > 100
    assert broken == [], "\n".join(map(str, broken))


def test_in_what_is_learnt(cast):
    now = timezone.now()
    problem = study.severe(furnish(cast), now)
    one = study.action(cast, problem, now)
    rca = writing.begin(problem, by=cast.eve.actor, at=now)
    causes.add(rca, "Claims answer 500", by=cast.eve.actor, at=now)
    timeline.refresh(rca, by=cast.eve.actor, at=now)
    client = Client(raise_request_exception=False)
    client.force_login(cast.ada)
    here, sent = f"/console/problems/{problem.number}/", set()
    pages = [*(f"{here}rca/{part}" for part in ("", "timeline/", "causes/")), f"{here}actions/add/"]
    pages += [f"/console/actions/{one.number}/", f"/console/actions/{one.number}/edit/"]
    broken = [found for page in pages for found in fill_in(client, page, sent)]
    assert len(sent) >= 12
    assert broken == [], "\n".join(map(str, broken))


def addresses_of(found):
    from django.urls import reverse

    for name, cases in found.items():
        for one in cases:
            is_rest = isinstance(one, str)
            yield one if is_rest and one.startswith("/") else reverse(f"console:{name}", args=() if is_rest else one)


def test_on_the_status_page(cast):
    """Also with whole plans and words: each field in turn is the one that is too long."""
    now = timezone.now()
    keys, client = one_of_each(cast, now), Client(raise_request_exception=False)
    client.force_login(cast.emil)
    broken, sent = [], set()
    for place in ("components/sign-in/", "maintenance/plan/", "subscribers/"):
        broken += fill_in(client, f"/console/status/{place}", sent)
    for folder in ("incidents", "maintenance"):
        broken += fill_in(client, f"/console/status/{folder}/{keys[folder]}/", sent)
    day = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    end = (now + timedelta(days=2, hours=1)).strftime("%Y-%m-%dT%H:%M")
    whole = {"title-en": "Upgrade", "text-en": "Words.", "starts": day, "ends": end}
    for name in whole:
        answer = client.post("/console/status/maintenance/plan/", {**whole, name: LONG})
        broken += [] if answer.status_code == 422 else [(name, answer.status_code)]
    told = {"state": "investigating", "text-en": LONG, "next_news": day}
    assert client.post(f"/console/status/incidents/{keys['incidents']}/", told).status_code == 422
    assert broken == [], "\n".join(map(str, broken))


def test_in_the_portal(cast):
    desk = furnish(cast)
    made = play(desk, timezone.now())
    client = Client(raise_request_exception=False)
    broken, sent = [], set()
    for slug in ("what", "kind", "where", "doing", "how-bad", "more", "reach", "later", "check"):
        broken += fill_in(client, f"/report/{slug}/", sent)
    for name in ("working", "asked", "solved", "rated", "closed"):
        token = access.make_link(made[name], desk.ana, by=SYSTEM, at=timezone.now())
        page = client.get(f"/r/{token}/", follow=True).request["PATH_INFO"]
        broken += fill_in(client, page, sent)
    broken += fill_in(client, "/find/", sent) + fill_in(client, "/status/subscribe/", sent)
    assert len(sent) > 12
    assert broken == [], "\n".join(map(str, broken))
