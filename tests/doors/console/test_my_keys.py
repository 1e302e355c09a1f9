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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"open": "Shift+O"}, {"open": "shift+o"}),
        ({"hand_over": "G h"}, {"hand_over": "g h"}),
        ({"go_team": "v"}, {"go_team": "v"}),
        ({"send": "Strg+Umschalt+S"}, {"send": "shift+mod+s"}),
        ({"next": "Enter", "open": "v"}, {}),
        ({"note": "r", "reply": "n"}, {"note": "r", "reply": "n"}),
        ({"search": "+"}, {"search": "+"}),
    ],
)
def test_every_command_takes_any_keys(dora, cast, typed, kept):
    answer = dora.post(ADDRESS, typed)
    cast.dora.refresh_from_db()
    assert cast.dora.preferences.get("keymap", {}) == kept
    assert answer.status_code == (302 if kept else 422)  # Enter opens a row as well.


def test_the_form_and_the_list_of_keys_show_ones_own(dora):
    dora.post(ADDRESS, {"hand_over": "Shift+Q", "go_team": "g w"})
    form = dora.get(ADDRESS).content.decode()
    assert 'value="Shift+Q"' in form
    assert 'value="g w"' in form
    assert 'value="Ctrl+Enter"' in form
    assert "<kbd>G</kbd><kbd>W</kbd>" in re.sub(r"\s+(?=<kbd>)", "", dora.get("/console/queue/").content.decode())


@pytest.mark.parametrize("typed", ["qq", "a b c", "Shift+", "Ctrl+a b"])
def test_what_cannot_be_read_as_keys_is_refused(dora, typed):
    answer = dora.post(ADDRESS, {"reply": typed})
    assert answer.status_code == 422
    assert "two keys with a space between" in answer.content.decode()


def test_a_key_that_begins_others_is_refused(dora):
    assert "begins other keys" in dora.post(ADDRESS, {"reply": "g"}).content.decode()
    assert "begins other keys" in dora.post(ADDRESS, {"reply": "n x", "note": "n"}).content.decode()
