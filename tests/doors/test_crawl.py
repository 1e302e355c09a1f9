"""Every address of the product, knocked at by everybody: looking changes nothing, and every answer is guarded.

The addresses come from the URL map; what stands in their gaps is a real row or something hostile.
"""

import hashlib
import json
import re
from contextlib import nullcontext
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core import serializers
from django.core.signing import dumps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver

from makegood.doors.portal import visits
from makegood.lib.keys import token_hash
from makegood.life.announcements import actions as announcements
from makegood.life.beginning import begin
from makegood.life.intake import drafts, logins
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.promises import book
from makegood.life.reports import access
from makegood.life.reports.models import OutgoingMail, SavedView
from tests.again import STARTED, again
from tests.life.case import file_report, work
from tests.life.knowledge.shelf import shown
from tests.scans import whole_reads

ROLES = ("nobody", "ana", "dora", "eve", "emil", "ada")
# Counters and marks of reading: they may move when somebody looks, and nothing follows from them.
MAY_MOVE = {
    "engine.bucket",
    "engine.heartbeat",
    "engine.presence",
    "reports.readmark",
    "promises.bookstamp",
    "knowledge.use",
    "knowledge.visit",
    "sessions.session",
}
# The same for everybody: may be kept.
PUBLIC = ("/console/queue/ahead/", "/api/v1/openapi.json", "/help/feed/en.atom", "/sitemap.xml")
# Words for everybody, to be asked for again: kept by nobody but the reader's own browser.
ASKED_AGAIN = "/help/en/"
# Whose pages must read no growing table whole; an erasure may.
PLANNED = ("dora", "ada") if connection.vendor == "sqlite" else ()
LOOKS_EVERYWHERE = "/console/setup/privacy/person/"
HEALTH = ("/healthz", "/readyz", "/metrics")
SOONER = "0001-01-01T00:00+14:00"  # than any moment that can be counted with
HOSTILE = (
    "\x00",
    "%00",
    "\x1b[31m",
    "‮",
    "'\"><script>alert(1)</script>",
    "../../etc/passwd",
    "9" * 40,
    "é" * 300,
    SOONER,
)

ENCODED = "application/x-www-form-urlencoded"

FIELDS = re.findall(
    r"\w+",
    """what category page email name phone body words answer outcome step score next_at final value was reason cause
    solution to_do notes way question team component severity due_at change report free label language role teams blocks
    holidays minutes names_en names_de texts_en level weekday starts until key script seen""",
)


def routes(patterns=None, prefix="/"):
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path, one
        else:
            yield from routes(one.url_patterns, path)


ROUTES = list(routes())
assert len(ROUTES) > 100


@pytest.fixture
def world(cast):
    """A desk at work, and Ana's ways in."""
    cast, report, values = again(lambda: at_work(cast, STARTED))
    now = datetime.now(UTC)
    values["token"] = [access.make_link(report, cast.ana, by=SYSTEM, at=now), logins.make(cast.ana, at=now)]
    return cast, report, values


def at_work(cast, now):
    """One report with everything that can stand in an address."""
    book.install_defaults(now)
    begin(now)
    report = file_report(cast, now)
    work(now)
    problem = problems.open_problem("The claims page fails", by=cast.dora.actor, at=now, of=report)
    membership.join(problem, report, by=cast.dora.actor, at=now)
    problems.edit(problem, by=cast.emil.actor, at=now, cause="A full disk.", fix="Made room.")
    draft = announcements.save(problem, "fixed", {"en": "Fixed."}, by=cast.emil, at=now)
    told = announcements.send(draft, by=cast.emil, at=now, reason="Eve saw it.")
    article = shown(cast, now)
    view = SavedView.objects.create(name="Late ones", query="state:open owed:late", agent=cast.dora)
    values = {
        "number": [report.pk, problem.number],
        "pk": [OutgoingMail.objects.order_by("pk").first().pk, view.pk],
        "key": [cast.dora.key, cast.ana.key, cast.acme.key, told.key, article.key],
        "language": ["en"],
        "deed": ["begin", "nothing", "review"],
        "slug": ["desk", "platform", "escalated", "what", "reach", "how-do-i-change-my-address"],
        "what": ["category", "team"],
        "kind": ["hear_back"],
        "severity": ["high"],
        "name": ["severity"],
        "verb": ["accept"],
        "way": ["next"],
        "form": ["json", "md", "pdf"],
        "size": ["small"],
        "entries": ["1"],
    }
    return cast, report, values


def addresses(values):
    """Each route with each value that may stand in its gaps, each address once."""
    return dict.fromkeys(_addresses(values))


def _addresses(values):
    for path, route in ROUTES:
        names = list(route.pattern.converters)
        for place in range(max((len(values.get(name, [1])) for name in names), default=1)):
            yield filled(path, names, lambda name, n=place: values.get(name, [1])[n % len(values.get(name, [1]))])


def hostile_addresses(names):
    """Each route with two hostile words in its gaps, the next one with others; all are tried somewhere."""
    for place, (path, route) in enumerate(ROUTES):
        for turn in (0, 3) if route.pattern.converters else (0,):
            bad = HOSTILE[(place + turn) % len(HOSTILE)].replace("/", "")
            yield filled(path, list(route.pattern.converters), lambda name, bad=bad: bad if name in names else 1)


def filled(path, names, choose):
    found = re.sub(r"^\^|\$$", "", path)
    for name in names:
        found = re.sub(rf"<(\w+:)?{name}>", lambda _gap, name=name: str(choose(name)), found, count=1)
    return found


def enter(name, cast, report, **options):
    """Somebody's browser. Ana has her link open, is signed in to her list and holds a draft."""
    client = Client(raise_request_exception=True, **options)
    if name == "ana":
        now = datetime.now(UTC)
        token = access.make_link(report, cast.ana, by=SYSTEM, at=now)
        login = logins.use(logins.make(cast.ana, at=now), at=now)
        client.cookies[visits.OPENED] = dumps([token_hash(token)], salt=visits.OPENED)
        client.cookies[visits.LOGIN] = dumps(login.pk, salt=visits.LOGIN)
        client.cookies[visits.DRAFT] = drafts.begin(at=now)[1]
    elif name != "nobody":
        client.force_login(getattr(cast, name))
    return client


def checksums():
    """A fingerprint of every table, without what may move."""
    found = {}
    for model in apps.get_models():
        if model._meta.label_lower in MAY_MOVE or not model._meta.managed:
            continue
        rows = json.loads(serializers.serialize("json", model.objects.order_by("pk")))
        for row in rows:
            row["fields"].pop("last_login", None)
            row["fields"].pop("last_used_at", None)
        found[model._meta.label] = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    return found


@pytest.mark.long
@pytest.mark.parametrize("name", ROLES)
def test_looking_at_everything_changes_nothing_and_every_page_is_guarded(world, name):
    """The policy, no sniffing, no frames, no referrer to others; what is personal is stored nowhere."""
    cast, report, values = world
    client = enter(name, cast, report)
    before = checksums()
    failed, unguarded, whole = [], [], {}
    for address in addresses(values):
        with whole_reads() if name in PLANNED else nullcontext({}) as found:
            answer = client.get(address)
        if not address.startswith(LOOKS_EVERYWHERE):
            whole |= {sql: (tables, address) for sql, tables in found.items()}
        if address.startswith(HEALTH):
            continue
        if answer.status_code >= 500:
            failed.append((address, answer.status_code))
        if missing := [word for word, is_so in guards(address, answer).items() if not is_so]:
            unguarded.append((address, answer.status_code, missing))
    assert not failed, failed
    assert not unguarded, "\n".join(map(str, unguarded))
    assert not whole, "\n".join(f"{tables} at {address}: {sql}" for sql, (tables, address) in whole.items())
    after = checksums()
    assert [table for table in before if before[table] != after[table]] == []


@pytest.mark.parametrize("name", ["nobody", "ana"])
def test_only_the_head_of_everything_changes_nothing_either(world, name):
    cast, report, values = world
    client = enter(name, cast, report)
    before = checksums()
    answers = {address: client.head(address).status_code for address in addresses(values)}
    assert {one: code for one, code in answers.items() if code >= 500 and not one.startswith(HEALTH)} == {}
    after = checksums()
    assert [table for table in before if before[table] != after[table]] == []


def is_public(address, stored):
    return address in PUBLIC or (address.startswith(ASKED_AGAIN) and stored == "private, no-cache")


def guards(address, answer):
    policy = answer.headers.get("Content-Security-Policy", "")
    stored = answer.headers.get("Cache-Control", "")
    is_picture = answer.headers.get("Content-Type", "").startswith("image/")
    return {
        "content policy": bool(policy) and "unsafe-inline" not in policy and "unsafe-eval" not in policy,
        "nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "no frames": answer.headers.get("X-Frame-Options") == "DENY",
        "referrer": answer.headers.get("Referrer-Policy") in ("same-origin", "no-referrer"),
        "not stored": answer.status_code != 200 or is_picture or "no-store" in stored or is_public(address, stored),
        "no inline script": b"<script>" not in getattr(answer, "content", b""),
    }


@pytest.mark.long
@pytest.mark.parametrize("name", ["nobody", "ada"])
def test_hostile_words_in_addresses_and_questions_break_nothing(world, name):
    cast, report, values = world
    failed, client = [], enter(name, cast, report)
    for address in hostile_addresses(values):
        answer = client.get(address)
        if not address.startswith(HEALTH) and is_broken(answer):
            failed.append((address, answer.status_code))
    for address in ("/", "/find/", "/console/queue/", "/console/accounts/", "/console/promises/", "/console/phone/"):
        for bad in HOSTILE:
            asked = dict.fromkeys(("q", "view", "days", "after", "before", "next", "whose", "contact"), bad)
            answer = client.get(address, asked)
            if is_broken(answer):
                failed.append((address, bad, answer.status_code))
    assert failed == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["ana", "ada"])
def test_hostile_words_in_forms_break_nothing(world, name):
    """Every POST with every field we know of filled with them: a page, a sentence, a refusal, never a breakdown."""
    cast, report, values = world
    failed, client = [], enter(name, cast, report)
    for place, address in enumerate(addresses(values)):
        if address.startswith("/console/logout"):
            continue
        given = {field: HOSTILE[(n + place) % len(HOSTILE)] for n, field in enumerate(FIELDS)}
        # Forms are sent in either way; to read parts takes the longer.
        answer = client.post(address, given) if name == "ana" else client.post(address, urlencode(given), ENCODED)
        if is_broken(answer):
            failed.append((address, answer.status_code))
    assert failed == []


def is_broken(answer):
    return answer.status_code >= 500 or b"<script>alert" in getattr(answer, "content", b"")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", "a b"])
def test_a_forged_host_is_refused(db, host, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    answer = Client().get("/find/", headers={"host": host})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


AWAY = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "javascript:alert(1)")


@pytest.mark.parametrize("away", [*AWAY, "/console/\n//evil.example", " https://evil.example"])
def test_nobody_is_sent_away_from_us(world, away):
    from tests.cast import PASSWORD

    cast, _report, _values = world
    signing_in = Client().post(
        f"/console/login/?next={away}", {"email": cast.dora.email, "password": PASSWORD, "next": away}
    )
    speaking = Client().post("/language/", {"language": "de", "next": away}, headers={"referer": away.strip()})
    dora = Client()
    dora.force_login(cast.dora)
    change = {"next": away, "change": "severity:low"}
    changing = dora.post("/console/queue/change/", change, headers={"referer": away.strip()})
    for answer in (signing_in, speaking, changing):
        to = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\\\])", to), to


def test_a_secret_never_reaches_a_log(world, capfd, caplog):
    """Not the link to a report, not the login link, not an invitation; nor when the page is missing."""
    from makegood.config import logs
    from makegood.life.reports import staff

    cast, report, _values = world
    now = datetime.now(UTC)
    secrets = [
        access.make_link(report, cast.ana, by=SYSTEM, at=now),
        logins.make(cast.ana, at=now),
        staff.make_one_time_link("invite", at=now, agent=cast.dora),
    ]
    logs.set_up("json")
    client = Client(raise_request_exception=False)
    for secret in secrets:
        for path in (f"/r/{secret}/", f"/mine/{secret}/", f"/console/welcome/{secret}/", f"/r/{secret}/nothing/"):
            client.get(path)
            client.post(path)
    written = capfd.readouterr()
    for secret in secrets:
        assert secret not in written.err + written.out
        assert logs.redact(f"/r/{secret}/") == "/r/…/"
