"""When the console has to say no, it stays the console: an address that leads nowhere, a stale form, our own fault."""

import pytest
from django.test import Client

from makegood.doors.console import queue
from tests.cast import PASSWORD


@pytest.mark.parametrize("address", ["/console/nothing/", "/console/a/b/c/", "/console/reports/999/evidence/x/blank/"])
def test_an_address_that_leads_nowhere_says_so_in_the_console(dora, address):
    answer = dora.get(address)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert 'class="console"' in page
    assert "Owed next" in page
    assert "portal__head" not in page


def test_a_forgotten_slash_still_leads_to_the_page(dora):
    assert dora.get("/console/queue")["Location"] == "/console/queue/"


def test_who_is_not_signed_in_learns_nothing_of_it(client):
    assert client.get("/console/nothing/")["Location"].startswith("/console/login/")


def test_a_form_without_its_token_is_refused_in_the_console(cast, case):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.dora)
    answer = client.post(f"/console/reports/{case.pk}/note/", {"body": "Words"})
    assert answer.status_code == 403
    assert 'class="console"' in answer.content.decode()
    anybody = Client(enforce_csrf_checks=True).post("/report/what/", {"what": "Words"})
    assert 'class="portal"' in anybody.content.decode()


def test_a_fault_of_ours_has_the_consoles_dress_too(cast, monkeypatch):
    client = Client(raise_request_exception=False)
    client.login(email=cast.dora.email, password=PASSWORD)
    client.force_login(cast.dora)
    monkeypatch.setattr(queue, "listing", lambda *_given: 1 / 0)
    answer = client.get("/console/queue/")
    assert answer.status_code == 500
    assert "console.css" in answer.content.decode()
