"""A session runs out under a page being written: signing in carries what was typed, and asks before it is sent."""

import html
import re

import pytest
from django.test import Client

from makegood.doors.console import carried
from makegood.life.people.models import AccountNote
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
NOTE = "Calls back on Tuesdays only.\nSpeaks softly & <slowly>."


def seal_of(page):
    found = re.search(r'name="carried" value="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


@pytest.fixture
def address(cast):
    return f"/console/contacts/{cast.ana.key}/note/"


def test_a_note_typed_into_a_page_that_was_signed_out_is_sent_after_signing_in(cast, address):
    browser = Client()
    stopped = browser.post(address, {"text": NOTE}, headers={"referer": "http://testserver/console/accounts/"})
    assert stopped.status_code == 401
    assert "What you typed is kept" in stopped.content.decode()
    assert NOTE not in stopped.content.decode()
    seal = seal_of(stopped.content.decode())
    wrong = browser.post("/console/login/", {"email": cast.dora.email, "password": "no", "carried": seal})
    assert seal_of(wrong.content.decode()) == seal, "a slip in the password loses nothing either"
    shown = browser.post("/console/login/", {"email": cast.dora.email, "password": PASSWORD, "carried": seal})
    page = shown.content.decode()
    assert html.escape(NOTE) in page
    assert 'href="http://testserver/console/accounts/"' in page
    assert not AccountNote.objects.exists(), "looking sends nothing"
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page)[1]
    fields = {
        name: html.unescape(text) for name, text in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    }
    assert action == address
    browser.post(action, fields)
    assert AccountNote.objects.get().text == NOTE


def test_no_password_is_carried(cast):
    stopped = Client().post("/console/me/password/", {"present": "old secret", "new": "new secret"})
    assert stopped.status_code == 302
    mailbox = Client().post("/console/setup/mailboxes/new/imap/", {"address": "a@b.example", "password": "a b c"})
    found = carried.opened(seal_of(mailbox.content.decode()))
    assert found.fields == [("address", "a@b.example")]


def test_nobody_can_put_words_into_the_hands_of_who_signs_in(cast):
    browser = Client()
    for seal in ("forged", "a:b:c", ""):
        answer = browser.post("/console/login/", {"email": cast.dora.email, "password": PASSWORD, "carried": seal})
        assert answer["Location"] == "/console/"


def test_looking_and_parts_of_pages_carry_nothing(cast, address):
    assert Client().get("/console/queue/?q=state:open").status_code == 302
    part = Client().post(address, {"text": NOTE}, headers={"hx-request": "true"})
    assert part.status_code == 401
    assert "carried" not in part.content.decode()


@pytest.mark.parametrize(
    ("path", "about"),
    [("/console/reports/12/reply/", "MG-12"), ("/console/problems/PRB-3/edit/", "PRB-3"), ("/console/me/", "")],
)
def test_it_says_where_the_words_were_typed(path, about):
    assert carried.Carried(path, [], "").about == about
