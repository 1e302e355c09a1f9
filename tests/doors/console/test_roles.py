"""Every console address × every role × GET and POST, from the URL map. A route that declares nothing fails here."""

import json
from datetime import date, timedelta

import pytest
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter

from makegood.doors.console import urls
from makegood.life.announcements import actions as announcements
from makegood.life.compensation import proposing
from makegood.life.compensation.policies import set_policy
from makegood.life.diagnosis import catalogue
from makegood.life.insights import reviews
from makegood.life.insights.days import Period
from makegood.life.knowledge import actions as knowledge
from makegood.life.people import roles
from makegood.life.post import actions as post
from makegood.life.post.models import IncomingMail
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.promises import book
from makegood.life.rca import actions as acting
from makegood.life.rca import writing as rca
from makegood.life.reports.models import OutgoingMail, Report, SavedView
from makegood.life.updates import wording
from tests.again import STARTED, again
from tests.life.statuspage.page import one_of_each

HOUR = timedelta(hours=1)
PEOPLE = ("dora", "eve", "emil", "ada")


def _routes(patterns, prefix="/console/"):
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path, pattern
        else:
            yield from _routes(pattern.url_patterns, path)


ROUTES = list(_routes(urls.urlpatterns))
GUARDED = [(path, route) for path, route in ROUTES if getattr(route.callback, "needs", "none") is not None]


@pytest.fixture
def world(cast):
    return again(lambda: one_of_everything(cast, STARTED))


def one_of_everything(cast, now):
    """What stands in an address, made a moment ago."""
    book.install_defaults(now)
    catalogue.install()
    wording.install(now)
    report = Report.objects.create(
        title="The page stays white",
        contact=cast.ana,
        team=cast.desk,
        received_at=now,
        updated_at=now,
        owed_at=now + timedelta(hours=2),
        owed_kind="hear_back",
        owed_state="running",
    )
    mail = OutgoingMail.objects.create(
        key="k",
        purpose="reply",
        to_email="ana@example.org",
        subject="s",
        text="t",
        rfc_id="<1@x>",
        made_at=now,
        send_after=now,
    )
    held = post.keep(b"From: Cem <cem@example.org>\r\nSubject: Hello\r\n\r\nWords.\r\n", source="file", at=now)
    IncomingMail.objects.filter(pk=held.pk).update(outcome="quarantined", reason="stranger")
    view = SavedView.objects.create(name="Late ones", query="owed:late", agent=cast.dora)
    problem = problems.open_problem("The page stays white for many", by=cast.dora.actor, at=now, of=report)
    membership.join(problem, report, by=cast.dora.actor, at=now)
    draft = announcements.save(problem, "news", {"en": "News."}, by=cast.emil, at=now, next_news_at=now + 9 * HOUR)
    told = announcements.send(draft, by=cast.emil, at=now)
    status = one_of_each(cast, now)
    policy = set_policy(
        "credit", name="A credit", kind="credit", currency="EUR", rate_minor=900, by=cast.ada.actor, at=now
    )
    given = proposing.propose(report, policy, by=cast.dora.actor, at=now)
    rca.begin(problem, by=cast.eve.actor, at=now)
    action = acting.propose(problem, "Ask the target first", by=cast.eve.actor, at=now)
    article = knowledge.write({"title": "What to do about it", "resolution": "Reload."}, by=cast.dora, at=now)
    review = reviews.open_review("week", Period(date(2026, 11, 9), date(2026, 11, 15)), at=now)
    values = {
        "number": {
            "reports": report.pk,
            "phone": report.pk,
            "problems": problem.number,
            "actions": action.number,
            "rcas": "RCA-1",
        },
        "deed": "nothing",
        "pk": {"mail": mail.pk, "people": 999_999, "views": view.pk, "things": 1, "rotas": 999_999},
        "what": "category",
        "slug": {"rotas": "platform", "scripts": "escalated", "hours": "desk", "components": "sign-in"}
        | {"making-good": "credit"},
        "currency": "EUR",
        "kind": "hear_back",
        "severity": "high",
        "key": {
            "mail": held.key,
            "people": cast.dora.key,
            "contacts": cast.ana.key,
            "organisations": cast.acme.key,
            "problems": told.key,
            **status,
            "compensation": given.key,
            "knowledge": article.key,
            "articles": article.number,
            "reports": article.key,
            "review": review.key,
        },
        "language": "en",
        "entries": "1-2",
        "token": "nothing",
        "name": "severity",
        "way": "next",
        "verb": "accept",
        "form": "md",
        "size": "thumbnail",
        "entry": 1,
        "promise": 1,
        "request_id": 1,
        "attachment": "nothing",
        "code": "nothing",
    }
    return cast, values, report


FOLDERS = {"mail", "views", "things", "rotas", "scripts", "hours", "people", "contacts", "organisations"}
FOLDERS |= {"reports", "phone", "problems", "actions", "rcas"}
FOLDERS |= {"components", "incidents", "maintenance", "updates", "subscribers"}
FOLDERS |= {"compensation", "making-good"}
FOLDERS |= {"reports", "phone", "problems", "knowledge", "articles"}
FOLDERS |= {"reports", "phone", "problems", "review"}


def _address(path, route, values):
    """The path with a value in each place; which one may depend on the folder it stands in."""
    folder = next(
        (part for part in path.split("/") if part in FOLDERS),
        "",
    )
    found = path
    for name in route.pattern.converters:
        default = "1" if isinstance(route.pattern.converters[name], IntConverter) else "nothing"
        value = values.get(name, default)
        value = value.get(folder, default) if isinstance(value, dict) else value
        start = found.index("<")
        found = found[:start] + str(value) + found[found.index(">") + 1 :]
    return found


# Where an address names the very thing that is done, each of these is tried.
CHOICES = {
    "deed": (
        *("submit", "hand", "forget", "approve", "send-back", "waive", "publish", "take-back", "announce"),
        *("accept", "start", "implement", "check", "verify", "decline", "propose"),
    ),
    "verb": ("accept", "answer", "ask_back", "hand_back", "answer_back", "call_off"),
    "name": ("severity", "category", "kind", "snooze", "assignee"),
    "what": ("team", "category", "component", "question", "step"),
}


def _variants(values):
    for path, route in GUARDED:
        named = next((name for name in CHOICES if name in route.pattern.converters and route.callback.finer), None)
        for choice in CHOICES[named] if named else (None,):
            yield path, route, {**values, **({named: choice} if named else {})}


def _may_finer(person, route, method, values):
    given = {name: values.get(name, "") for name in route.pattern.converters}
    action = route.callback.finer(method.upper(), given) if route.callback.finer else ""
    return not action or person.may(action)


def _client(person=None):
    client = Client(raise_request_exception=True)
    if person is not None:
        client.force_login(person)
    return client


def test_every_route_says_who_may_pass():
    silent = [path for path, route in ROUTES if not hasattr(route.callback, "needs")]
    assert not silent


def test_what_the_routes_ask_for_is_in_the_table_of_actions():
    asked = {action for _path, route in GUARDED for action in route.callback.needs.values()}
    assert asked <= set(roles.ACTIONS)


def test_setting_up_people_and_promises_is_for_admins_only():
    for path, route in GUARDED:
        if "/setup/people/" in path and route.name != "setup_people":
            assert roles.ACTIONS[route.callback.needs["POST"]] == {"admin"}, path
        if "/setup/policies/" in path or "/setup/hours/" in path:
            lowest = route.callback.needs["POST" if route.name in {"setup_policy", "setup_calendar"} else "GET"]
            assert "agent" not in roles.ACTIONS[lowest], path


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_or_switched_off_sees_the_sign_in_page_only(world, method):
    cast, values, _report = world
    for client in (_client(), _client(cast.fay)):
        for path, route in GUARDED:
            answer = getattr(client, method)(_address(path, route, values))
            assert (answer.status_code, answer.headers.get("Location", "")[:15]) == (302, "/console/login/"), path


def _everything():
    """What lies in the tables of the life, as text."""
    from django.apps import apps

    life = [m for app in apps.get_app_configs() if app.name.startswith("makegood.life") for m in app.get_models()]
    volatile = {"reports.readmark", "promises.bookstamp", "knowledge.use", "knowledge.visit"}
    kept = [m for m in life if m._meta.label_lower not in volatile]
    found = {m._meta.label: json.loads(serializers.serialize("json", m.objects.order_by("pk"))) for m in kept}
    for agent in found["people.Agent"]:
        agent["fields"].pop("last_login")
    return found


@pytest.mark.long
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_passes_exactly_where_the_route_says(world, name, method):
    cast, values, _report = world
    person = getattr(cast, name)
    client = _client(person)
    # Forms are sent by the page itself, which then gets a sentence; Ada's browser does without.
    in_part = {"HX-Request": "true"} if method == "post" and name != "ada" else {}
    wrong = []
    before = _everything() if method == "get" else None
    for path, route, given in _variants(values):
        allowed = person.may(route.callback.needs[method.upper()]) and _may_finer(person, route, method, given)
        address = _address(path, route, given)
        answer = getattr(client, method)(address, headers=in_part)
        if (answer.status_code != 403) != allowed or answer.status_code >= 500:
            wrong.append((address, answer.status_code, allowed))
    assert not wrong
    assert before is None or _everything() == before, "Looking has changed something."


def test_an_engineer_of_another_team_finds_no_report_of_the_desk(world):
    cast, values, report = world
    client = _client(cast.eve)
    leaks = []
    for path, route in GUARDED:
        if "reports/" not in path:
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(_address(path, route, values))
            if answer.status_code not in (403, 404, 405) or report.title in answer.content.decode(errors="replace"):
                leaks.append((method, path, answer.status_code))
    assert not leaks


def test_missing_and_forbidden_answer_alike(world):
    cast, _values, report = world
    client = _client(cast.eve)
    forbidden, missing = client.get(f"/console/reports/{report.pk}/"), client.get("/console/reports/999999/")
    assert forbidden.status_code == missing.status_code == 404
    assert len(forbidden.content) == len(missing.content)


def test_the_resolver_knows_the_console():
    assert get_resolver().resolve("/console/queue/").func is urls.queue.page
