"""Giving commands other keys."""

import json
import re

import pytest

pytestmark = pytest.mark.django_db
ADDRESS = "/console/me/keys/"


@pytest.fixture
def dora(client, cast):
    client.force_login(cast.dora)
    return client


def _keys_on(page) -> dict[str, list[str]]:
    block = re.search(
        r'<script[^>]*type="application/json"[^>]*id="keymap"[^>]*>(.*?)</script>', page, re.DOTALL
    ) or re.search(r'<script id="keymap"[^>]*>(.*?)</script>', page, re.DOTALL)
    return {command["name"]: command["keys"] for command in json.loads(block[1])}


def test_a_command_gets_the_key_one_gives_it(dora, cast):
    assert dora.post(ADDRESS, {"reply": "q"}).status_code == 302
    cast.dora.refresh_from_db()
    assert cast.dora.preferences["keymap"] == {"reply": "q"}
    assert _keys_on(dora.get("/console/queue/").content.decode())["reply"][0] == "q"


def test_an_empty_field_gives_the_usual_key_back(dora, cast):
    dora.post(ADDRESS, {"reply": "q"})
    dora.post(ADDRESS, {"reply": ""})
    cast.dora.refresh_from_db()
    assert cast.dora.preferences["keymap"] == {}


def test_two_commands_cannot_share_a_key(dora, cast):
    answer = dora.post(ADDRESS, {"reply": "n"})
    assert answer.status_code == 422
    assert "is taken by" in answer.content.decode()
    cast.dora.refresh_from_db()
    assert "keymap" not in cast.dora.preferences


def test_more_than_one_key_is_refused(dora):
    assert "Enter a single key." in dora.post(ADDRESS, {"reply": "qq"}).content.decode()
