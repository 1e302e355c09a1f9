"""The API held against its own description: no server error, no undocumented answer, nothing wrong let in.

Inputs are made up by schemathesis, always the same ones. Half the requests are right and aim at things that exist, half
are wrong in one place.
"""

import importlib
import json
from contextlib import contextmanager
from pkgutil import iter_modules

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from makegood.config.wsgi import application
from makegood.doors import api
from makegood.doors.api import gate, v1
from makegood.doors.api.paging import Paging
from makegood.life.announcements import actions
from makegood.life.diagnosis.models import Question, SafeStep
from makegood.life.learning.models import Recurrence
from makegood.life.post import actions as post
from makegood.life.problems import membership
from makegood.life.reports.models import Category, Component, OutgoingMail, Report
from tests.doors.api.knocking import token_for
from tests.length import examples
from tests.life.announcements.crowd import NEWS, open_problem
from tests.life.post.mails import mail

pytestmark = pytest.mark.django_db

RIGHT = (
    *(not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance),
    *(response_headers_conformance, unsupported_method, allow_header_conformance, missing_required_header),
)
OPERATIONS = [(route.method, f"{v1.PREFIX}{route.path}") for route in v1.ROUTES]
QUIET = settings(
    derandomize=True,
    database=None,
    max_examples=examples(2),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def schema():
    """The description as everybody can read it; JSON and back, so that it is what goes over the wire."""
    told = schemathesis.openapi.from_dict(json.loads(json.dumps(v1.description())))
    told.app = application
    return told


@contextmanager
def one_transaction():
    """The server runs in this thread and on the test's own connection, which it must leave open."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        yield
    finally:
        for end in ends:
            end.connect(close_old_connections)


@pytest.fixture
def things(desk, dora, monkeypatch):
    """One of everything an address can name."""
    monkeypatch.setattr(gate, "PER_MINUTE", 1_000_000)
    filed = dora.post("/reports", {"what": "It is broken.", "reporter": {"email": "ana@example.org"}})
    path = f"/reports/{filed['number']}"
    escalation = dora.post(f"{path}/escalations", {"team": "platform", "reason": "It cannot wait."})
    contact = dora.get(path)["contact"]["key"]
    promise = dora.get(f"{path}/promises")["items"][0]["id"]
    many = dora.post("/changes", {"reports": [filed["number"]], "change": "label", "value": "+vip"})
    held = post.keep(mail(subject=filed["number"], sender="Zoe <zoe@x.example>"), source="pipe", at=timezone.now())
    post.file_one(held, now=timezone.now())
    Component.objects.get_or_create(slug="claims", defaults={"name": "Claims"})
    with one_transaction():
        known = {**_places(desk, escalation, promise, contact, filed), **_told_to_everybody(desk, filed)}
        yield {**known, "mails": {"key": held.key}, "changes": {"key": many["key"]}}


def _told_to_everybody(desk, filed):
    """A problem with a draft to everybody, something it came back as, and a mail that was given up."""
    now, report = timezone.now(), Report.objects.get(pk=int(filed["number"][3:]))
    fault = open_problem(desk, now)
    membership.join(fault, report, by=desk.emil.actor, at=now)
    draft = actions.save(fault, "news", NEWS, by=desk.emil, at=now)
    facts = {"sign": "likeness", "state": Recurrence.SUSPECTED, "at": now}
    Recurrence.objects.create(problem=fault, report=report, **facts)
    given_up = OutgoingMail.objects.order_by("pk").first()
    OutgoingMail.objects.filter(pk=given_up.pk).update(state="failed")
    problem = {"problem": fault.number, "number": fault.number, "id": 1, "entry": 1}
    return {"announcements": {"key": draft.key}, "problems": problem, "sent-mails": {"id": given_up.pk}}


def _places(desk, escalation, promise, contact, filed):
    return {
        "escalations": {"id": escalation["id"]},
        "promises": {"id": promise},
        "contacts": {"key": contact},
        "organisations": {"key": desk.acme.key},
        "scripts": {"slug": "escalated"},
        "categories": {"slug": Category.objects.first().slug},
        "components": {"slug": "claims"},
        "questions": {"slug": Question.objects.first().slug},
        "safe-steps": {"slug": SafeStep.objects.first().slug},
        "reports": {"number": filed["number"], "entry": 1, "id": 1, "key": "nothing"},
    }


def knock(schema, mode, checks, *, secret, places=None, only=("GET", "POST", "PATCH", "DELETE"), operations=OPERATIONS):
    """A few requests of one kind to every operation; what the answers did wrong, by operation."""
    wrong = {}
    for method, path in operations:
        if method in only:
            try:
                _try(schema[path][method], mode, checks, secret=secret, places=places)
            except (Exception, BaseExceptionGroup) as trouble:  # noqa: BLE001 - told of its operation below
                wrong[f"{method} {path}"] = str(trouble)[:1500]
    return wrong


def _try(operation, mode, checks, *, secret, places):
    folder = operation.path.removeprefix(v1.PREFIX).split("/")[1]

    @QUIET
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case):
        if places is not None and case.path_parameters:
            known = places.get(folder, {})
            case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
        checks_here = checks
        answer = case.call(base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {secret}"})
        if answer.status_code == 413:  # refused before anybody reads it: right for a body of more than 1 MB
            checks_here = [check for check in checks if check is not negative_data_rejection]
        case.validate_response(answer, checks=checks_here)

    run()


@pytest.mark.long
def test_right_requests_get_documented_answers(schema, things, dora):
    assert not knock(schema, GenerationMode.POSITIVE, RIGHT, secret=dora.secret, places=things)


@pytest.mark.long
def test_wrong_requests_are_refused_in_documented_words(schema, things, dora):
    checks = (*RIGHT[:5], negative_data_rejection)
    assert not knock(schema, GenerationMode.NEGATIVE, checks, secret=dora.secret)


@pytest.mark.long
def test_who_may_see_less_gets_documented_answers_too(schema, things, desk):
    secret = token_for(desk.eve)
    assert not knock(schema, GenerationMode.POSITIVE, RIGHT[:5], secret=secret, places=things, only=("GET",))


@pytest.mark.long
def test_where_only_leads_may_go_they_get_documented_answers(schema, things, desk):
    closed = [(route.method, f"{v1.PREFIX}{route.path}") for route in v1.ROUTES if not desk.dora.may(route.action)]
    assert not knock(
        schema, GenerationMode.POSITIVE, RIGHT, secret=token_for(desk.emil), places=things, operations=closed
    )


def test_every_address_of_the_api_is_described():
    described = {(method.upper(), path) for path, item in v1.description()["paths"].items() for method in item}
    assert described == set(OPERATIONS)
    assert v1.description()["openapi"].startswith("3.1")


def test_no_two_shapes_share_a_name_and_not_what_they_hold():
    """The description knows shapes by name alone: the second of a name would be described as the first."""
    found, clashes = {}, []
    for module in (importlib.import_module(f"{api.__name__}.{one.name}") for one in iter_modules(api.__path__)):
        for name, shape in vars(module).items():
            if isinstance(shape, type) and issubclass(shape, BaseModel) and not issubclass(shape, Paging):
                first = found.setdefault(name, shape)
                if first is not shape and first.model_json_schema() != shape.model_json_schema():
                    clashes.append(f"{name}: {first.__module__} and {shape.__module__}")
    assert sorted(set(clashes)) == []
