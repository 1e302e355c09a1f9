"""Token pages: a secret is seen once, by whom it is for; admins look after services and everybody's tokens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from makegood.life.people import tokens as secrets
from makegood.life.people.models import Agent, ApiToken
from makegood.life.reports import tokens

pytestmark = pytest.mark.django_db
FORM = {"name": "Nightly export", "scopes": ["reports:read", "ledger:read"], "ends": "90", "origins": ""}


def signed_in(agent):
    client = Client()
    client.force_login(agent)
    return client


def secret_in(answer):
    found = re.search(r"mg_[0-9A-Za-z]{49}", answer.content.decode())
    return found[0] if found else ""


@pytest.fixture
def made(cast):
    now = datetime.now(UTC)
    return tokens.make(cast.dora, "CRM", scopes=["reports:read"], by=cast.dora.actor, at=now)


def test_a_token_is_made_and_its_secret_shown_once(cast):
    client = signed_in(cast.dora)
    answer = client.post("/console/me/tokens/make/", FORM)
    secret = secret_in(answer)
    token = secrets.token_of(secret, now=datetime.now(UTC))
    assert token.agent == cast.dora
    assert token.scopes == ["reports:read", "ledger:read"]
    assert timedelta(days=89) < token.expires_at - datetime.now(UTC) < timedelta(days=91)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    for path in ("/console/me/tokens/", f"/console/tokens/{token.key}/"):
        assert secret not in client.get(path).content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast):
    answer = signed_in(cast.dora).post("/console/me/tokens/make/", {**FORM, "origins": "https://*.example.org"})
    assert answer.status_code == 422
    assert "is not an origin" in answer.content.decode()
    assert "Nightly export" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_new_secret_and_the_end_of_the_old_one(cast, made):
    token, old = made
    client = signed_in(cast.dora)
    new = secret_in(client.post(f"/console/tokens/{token.key}/rotate/", {"grace": "0"}))
    now = datetime.now(UTC)
    assert secrets.token_of(new, now=now)
    assert not secrets.token_of(old, now=now)
    client.post(f"/console/tokens/{token.key}/revoke/")
    assert not secrets.token_of(new, now=now)


@pytest.mark.parametrize("way", ["", "rotate/", "revoke/"])
def test_a_colleagues_token_is_not_there(cast, made, way):
    address = f"/console/tokens/{made[0].key}/{way}"
    client = signed_in(cast.emil)
    answer = client.post(address, {"grace": "0"}) if way else client.get(address)
    assert answer.status_code == 404
    assert secrets.token_of(made[1], now=datetime.now(UTC))


def test_an_admin_ends_anybodys_token_and_others_do_not_see_the_list(cast, made):
    assert "CRM" in signed_in(cast.ada).get("/console/setup/tokens/").content.decode()
    assert signed_in(cast.emil).get("/console/setup/tokens/").status_code == 403
    signed_in(cast.ada).post(f"/console/tokens/{made[0].key}/revoke/")
    assert not secrets.token_of(made[1], now=datetime.now(UTC))


def test_a_service_is_added_gets_a_token_and_is_switched_off(cast):
    client = signed_in(cast.ada)
    given = {"name": "CRM bridge", "role": "agent", "teams": [cast.desk.pk]}
    to = client.post("/console/setup/services/add/", given)
    service = Agent.objects.get(is_service=True)
    secret = secret_in(client.post(to["Location"], FORM))
    assert secrets.token_of(secret, now=datetime.now(UTC)).agent == service
    client.post(f"/console/setup/services/{service.key}/", given)
    assert not secrets.token_of(secret, now=datetime.now(UTC)), "the box was not ticked"


def test_a_service_does_not_stand_among_people_and_can_not_get_a_password(cast):
    service = tokens.add_service("CRM bridge", role="lead", teams=[], by=cast.ada.actor, at=datetime.now(UTC))
    client = signed_in(cast.ada)
    assert "CRM bridge" not in client.get("/console/setup/people/").content.decode()
    assert client.post(f"/console/setup/people/{service.key}/link/").status_code == 404
