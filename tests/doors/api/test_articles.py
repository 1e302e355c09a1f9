"""A program writes an article, others vouch for it and show it, and it answers a report."""

import pytest

from makegood.life.knowledge.models import ArticleLink, Version
from tests.doors.api.knocking import program_of
from tests.life.case import file_report, work
from tests.life.knowledge.shelf import ADDRESS

pytestmark = pytest.mark.django_db


def test_from_the_first_word_to_a_report_it_answers(cast, monday):
    dora, eve, emil = (program_of(person) for person in (cast.dora, cast.eve, cast.emil))
    made = dora.post("/articles", ADDRESS)
    number = made["number"]
    assert (made["confidence"], made["audience"], made["wordings"][0]["public_url"]) == ("wip", "internal", "")
    told = {**ADDRESS, "cause": "You moved.", "version": 1, "why": "Asked for"}
    assert dora.post(f"/articles/{number}/words/en", told, status=200)["wordings"][0]["version"] == 2
    dora.post(f"/articles/{number}/words/en", told | {"cause": "x"}, status=409)
    dora.post(f"/articles/{number}/words/xx", ADDRESS, status=422)
    dora.post(f"/articles/{number}/words/de", {"title": "Adresse ändern", "resolution": "Im Profil."}, status=200)
    dora.post(f"/articles/{number}/settle", {"confidence": "validated"}, status=409)
    eve.post(f"/articles/{number}/settle", {"confidence": "validated"}, status=200)
    eve.post(f"/articles/{number}/publish", {}, status=403)
    shown = emil.post(f"/articles/{number}/publish", {}, status=200)
    assert [one["language"] for one in shown["wordings"]] == ["en", "de"]
    assert shown["wordings"][0]["public_url"].endswith("/help/en/how-do-i-change-my-address/")
    emil.post(f"/articles/{number}/review", {"release": "4.19"}, status=200)
    work(monday)
    found = dora.get("/articles/like?q=how+do+i+change+the+address")
    assert [one["article"] for one in found["items"]] == [number]
    report = file_report(cast, monday)
    dora.post(f"/reports/{report.number}/articles", {"article": number}, status=200)
    assert [one["article"] for one in dora.get(f"/reports/{report.number}/articles")["items"]] == [number]
    assert emil.post(f"/articles/{number}/withdraw", status=200)["audience"] == "internal"
    assert (ArticleLink.objects.count(), Version.objects.count()) == (1, 3)
    assert [row["number"] for row in dora.get("/articles?audience=internal")["items"]] == [number]
    assert dora.get("/articles?confidence=archived")["items"] == []


def test_every_version_is_read_and_said_again(cast):
    dora = program_of(cast.dora)
    number = dora.post("/articles", ADDRESS)["number"]
    dora.post(f"/articles/{number}/words/en", {**ADDRESS, "title": "Moved?", "why": "Shorter"}, status=200)
    place = f"/articles/{number}/words/en"
    told = [(one["version"], one["title"], one["why"], one["by"]) for one in dora.get(f"{place}/versions")["items"]]
    assert told == [(2, "Moved?", "Shorter", "Dora Dahl"), (1, ADDRESS["title"], "", "Dora Dahl")]
    again = dora.post(f"{place}/restore", {"version": 1}, status=200)["wordings"][0]
    assert (again["version"], again["title"]) == (3, ADDRESS["title"])
    dora.post(f"{place}/restore", {"version": 9}, status=404)
    assert dora.get(f"/articles/{number}/words/de/versions", status=404)


def test_what_says_nothing_or_too_much_is_refused(cast):
    dora = program_of(cast.dora)
    for body in ({"title": " "}, {"title": "x" * 201}, {"title": "x", "colour": "red"}, {}):
        dora.post("/articles", body, status=422)
    dora.get("/articles/KB-99999", status=404)
