"""Mailboxes in set-up: kept without showing a secret again, tried out before they count, paused, with their story."""

import pytest
from django.urls import reverse

from makegood.engine import secrets
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import fetching, mailboxes
from makegood.life.reports.models import LedgerEntry, Mailbox
from tests.cast import MONDAY

LIST = "/console/setup/mailboxes/"
IMAP = {
    "name": "Member help",
    "address": "Help@Fairfield.example",
    "aliases": "hilfe@fairfield.example\ncare@fairfield.example",
    "host": "imap.fairfield.example",
    "port": "993",
    "tls": "implicit",
    "user": "help",
    "secret": "a very plain password",
    "folder": "INBOX",
    "done_folder": "",
    "language": "en",
    "signature_en": "Yours,\nMember help",
    "authserv_id": "mx.fairfield.example",
}
TOKEN = {
    "name": "Help",
    "address": "help@fairfield.example",
    "user": "help@fairfield.example",
    "client_id": "an-id",
    "client_secret": "a client secret",
    "folder": "INBOX",
    "language": "de",
}


@pytest.fixture
def ada(client, cast):
    client.force_login(cast.ada)
    return client


def add(client, way="imap", **changes):
    return client.post(f"{LIST}new/{way}/", {**IMAP, **changes})


def only():
    return Mailbox.objects.get()


def test_a_mailbox_is_kept_and_its_password_never_shown_nor_written_down(ada):
    assert add(ada).status_code == 302
    box = only()
    assert (box.address, box.slug, box.kind) == ("help@fairfield.example", "help", "imap")
    assert box.aliases == ["hilfe@fairfield.example", "care@fairfield.example"]
    assert box.signatures == {"en": "Yours,\nMember help"}
    assert secrets.unseal(box.secret) == IMAP["secret"]
    entry = LedgerEntry.objects.get(kind="setup.added")
    page = ada.get(f"{LIST}{box.pk}/").content.decode()
    for text in (str(entry.data), page, box.secret):
        assert IMAP["secret"] not in text
        assert box.secret == text or box.secret not in text


def test_an_empty_password_leaves_the_kept_one(ada):
    add(ada)
    ada.post(f"{LIST}{only().pk}/", {**IMAP, "secret": "", "slug": "help", "name": "Help desk"})
    assert only().name == "Help desk"
    assert secrets.unseal(only().secret) == IMAP["secret"]


def test_a_new_password_is_in_the_story_as_replaced_and_no_more(ada):
    add(ada)
    ada.post(f"{LIST}{only().pk}/", {**IMAP, "secret": "another one", "slug": "help"})
    entry = LedgerEntry.objects.get(kind="setup.changed")
    assert entry.data["to"] == {"secret": "replaced"}
    assert "replaced" in ada.get(f"{LIST}{only().pk}/").content.decode()


def test_without_a_password_a_mailbox_cannot_be_added(ada):
    answer = add(ada, secret="")
    assert answer.status_code == 422
    assert "we cannot sign in" in answer.content.decode()


def test_google_fills_in_server_and_encryption_by_itself(ada):
    add(ada, "google", host="evil.example", port="25", tls="none")
    assert (only().host, only().port, only().tls) == ("imap.gmail.com", 993, "implicit")


def test_microsoft_signs_in_for_itself_with_the_client_s_secret(ada):
    answer = ada.post(f"{LIST}new/microsoft/", {**TOKEN, "tenant": "contoso.example"})
    assert answer.status_code == 302
    grant = mailboxes.account_of(only()).token.grant
    assert grant.token_url == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
    assert grant.form == {
        "grant_type": "client_credentials",
        "client_id": "an-id",
        "client_secret": "a client secret",
        "scope": "https://outlook.office365.com/.default",
    }


def test_a_tenant_cannot_bend_the_token_address(ada):
    answer = ada.post(f"{LIST}new/microsoft/", {**TOKEN, "tenant": "evil.example/x?"})
    assert answer.status_code == 422


def test_tokens_of_hosts_nobody_named_are_refused(ada):
    facts = {**IMAP, **TOKEN, "token_url": "https://evil.example/token", "secret": "x"}
    answer = ada.post(f"{LIST}new/imap-token/", facts)
    assert answer.status_code == 422
    assert "MAKEGOOD_PRIVATE_HOOKS" in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_two_mailboxes_never_share_an_address(ada):
    add(ada)
    answer = add(ada, address="care@fairfield.example", aliases="", slug="care")
    assert answer.status_code == 422
    assert "belongs to another mailbox" in answer.content.decode()


def test_trying_out_says_what_came_of_it_and_saves_nothing(ada, monkeypatch):
    asked = []
    monkeypatch.setattr(mailboxes, "try_out", lambda box: asked.append(mailboxes.account_of(box).password) or 3)
    answer = ada.post(f"{LIST}new/imap/", {**IMAP, "do": "test"}, headers={"HX-Request": "true"})
    assert "We signed in and found 3 unread mails." in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert asked == [IMAP["secret"]]
    assert not Mailbox.objects.exists()


def test_trying_out_tells_trouble_in_words(ada):
    answer = ada.post(f"{LIST}new/imap/", {**IMAP, "host": "127.0.0.1", "port": "1", "do": "test"})
    assert "The server could not be reached." in answer.content.decode()
    assert IMAP["secret"] not in answer.content.decode()


def test_trying_out_says_what_is_missing(ada):
    answer = ada.post(f"{LIST}new/imap/", {**IMAP, "host": "", "do": "test"}, headers={"HX-Request": "true"})
    assert "Fill in first: Server." in answer.content.decode()


def test_a_mailbox_is_paused_and_resumed(ada):
    add(ada)
    url = reverse("console:setup_mailbox_pause", args=[only().pk])
    ada.post(url)
    assert not only().is_active
    assert "Paused" in ada.get(LIST).content.decode()
    ada.post(url)
    assert only().is_active
    assert LedgerEntry.objects.filter(kind="setup.changed").count() == 2


def test_leads_look_and_only_admins_change(client, cast, ada):
    add(ada)
    client.force_login(cast.emil)
    page = client.get(f"{LIST}{only().pk}/")
    assert page.status_code == 200
    assert "disabled" in page.content.decode()
    assert client.post(f"{LIST}{only().pk}/", IMAP).status_code == 403
    assert client.get(f"{LIST}new/").status_code == 403


@pytest.mark.parametrize("way", ["google", "google-token", "microsoft", "imap", "imap-token", "smtp", "pipe"])
def test_each_way_asks_only_for_what_it_needs(ada, way):
    page = ada.get(f"{LIST}new/{way}/").content.decode()
    assert ('name="secret"' in page) == (way not in {"smtp", "pipe"})
    assert ('name="host"' in page) == (way in {"imap", "imap-token"})
    assert ('name="client_id"' in page) == (way in {"google-token", "microsoft", "imap-token"})
    assert ("Test signing in" in page) == (way not in {"smtp", "pipe"})


def test_the_list_tells_trouble_in_words(ada):
    add(ada)
    fetching.failed(only().pk, "The server did not accept the name and password.")
    assert "did not accept the name" in ada.get(LIST).content.decode()


def test_a_mailbox_of_our_own_server_says_where_to_hand_mail_over(ada, settings):
    facts = {"slug": "help", "name": "Help", "address": "help@fairfield.example", "kind": "smtp"}
    box = mailboxes.add(facts, by=SYSTEM, at=MONDAY)
    assert "The SMTP listener is off" in ada.get(f"{LIST}{box.pk}/").content.decode()
    settings.SMTP_LISTEN = "127.0.0.1:2525"
    assert "to 127.0.0.1:2525" in ada.get(f"{LIST}{box.pk}/").content.decode()


def test_a_change_does_not_set_back_how_far_the_fetcher_is(ada):
    add(ada)
    seen = only()
    fetching.begin(only(), validity=7, next_uid=100, backlog=[])
    fetching.looked(seen.pk, at=MONDAY)
    mailboxes.change(seen, {"name": "Help desk"}, by=SYSTEM, at=MONDAY)
    assert (only().uid_validity, only().uid_mark, only().looked_at) == (7, 99, MONDAY)
    mailboxes.change(only(), {"host": "other.example"}, by=SYSTEM, at=MONDAY)
    assert (only().uid_validity, only().looked_at) == (None, None)


def test_what_is_missing_to_sign_in_is_called_as_the_field_is(ada):
    page = ada.post("/console/setup/mailboxes/new/google-token/", {}).content.decode()
    assert "Fill in “Client secret”: without it we cannot sign in." in page
    assert "Fill in “Refresh token”: without it we cannot sign in." in page
