"""OAuth2: a real token endpoint over https, and a real Dovecot that asks it whether the token is good."""

import json
import ssl
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from makegood.channels.imap.account import Trouble
from makegood.channels.imap.tokens import Grant, Tokens, is_allowed
from makegood.engine import secrets
from makegood.life.reports import mailboxes
from tests.doors.mailbox import dovecot as real
from tests.doors.mailbox.conftest import mail
from tests.doors.mailbox.dovecot import Dovecot, make_certificate
from tests.doors.mailbox.test_looking import look

HOSTS = {"127.0.0.1"}


@pytest.fixture
def endpoint(tmp_path, monkeypatch):
    """An https server of our own, trusted by us alone."""
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "server.key")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
        yield server


def grant(endpoint, **changes):
    facts = {
        "token_url": endpoint.url_for("/token"),
        "client_id": "makegood",
        "client_secret": "shh",
        "refresh_token": "first",
        "scope": "imap",
    }
    return Grant(**{**facts, **changes})


def tokens(endpoint, *, allowed=HOSTS, renewed=lambda _token: None, **changes):
    return Tokens(grant(endpoint, **changes), allowed=allowed, renewed=renewed)


def test_a_refresh_token_is_exchanged_once_for_as_long_as_the_answer_says(endpoint):
    endpoint.expect_ordered_request("/token", method="POST").respond_with_json(
        {"access_token": "a", "expires_in": 3600}
    )
    ask = tokens(endpoint)
    assert [ask(), ask()] == ["a", "a"]
    sent = parse_qs(endpoint.log[0][0].get_data(as_text=True))
    assert sent == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["first"],
        "client_id": ["makegood"],
        "client_secret": ["shh"],
        "scope": ["imap"],
    }


def test_without_a_refresh_token_the_client_signs_in_for_itself(endpoint):
    endpoint.expect_request("/token").respond_with_json({"access_token": "a"})
    assert tokens(endpoint, refresh_token="")() == "a"
    sent = parse_qs(endpoint.log[0][0].get_data(as_text=True))
    assert sent["grant_type"] == ["client_credentials"]
    assert "refresh_token" not in sent


def test_a_new_refresh_token_is_handed_on_and_used_from_then_on(endpoint):
    endpoint.expect_request("/token").respond_with_json({"access_token": "a", "refresh_token": "second"})
    renewed = []
    ask = tokens(endpoint, renewed=renewed.append)
    ask()
    ask.forget()
    ask()
    assert renewed == ["second"]
    assert parse_qs(endpoint.log[1][0].get_data(as_text=True))["refresh_token"] == ["second"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response('{"error": "invalid_grant", "error_description": "Expired."}', 400), "400 invalid_grant Expired."),
        (Response("<html>", 200), "200"),
        (Response('["access_token"]', 200), "200"),
        (Response('{"access_token": 7}', 200), "200"),
        (Response("x" * 200_000, 200), "200"),
        (Response("", 302, {"Location": "/elsewhere"}), "302"),
    ],
)
def test_an_answer_without_a_token_is_trouble_that_says_why(endpoint, answer, words):
    endpoint.expect_request("/token").respond_with_response(answer)
    with pytest.raises(Trouble) as trouble:
        tokens(endpoint)()
    assert trouble.value.kind == "token"
    assert trouble.value.detail == words
    assert len(endpoint.log) == 1


def test_secrets_go_to_known_https_hosts_only(endpoint):
    with pytest.raises(Trouble):
        tokens(endpoint, allowed=())()
    assert endpoint.log == []
    assert is_allowed("https://oauth2.googleapis.com/token")
    assert is_allowed("https://login.microsoftonline.com/contoso/oauth2/v2.0/token")
    assert not is_allowed("http://oauth2.googleapis.com/token")
    assert not is_allowed("https://oauth2.googleapis.com.evil.example/token")
    assert not is_allowed("https://oauth2.googleapis.com@evil.example/token")


def test_an_endpoint_with_a_strange_certificate_gets_nothing(endpoint, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Trouble, match="certificate"):
        tokens(endpoint)()
    assert endpoint.log == []


@pytest.fixture
def introspection():
    with HTTPServer(host="127.0.0.1") as server:
        yield server


@pytest.mark.django_db
def test_mail_comes_from_a_mailbox_that_opens_by_token(make_box, endpoint, introspection, settings):
    real.require()
    settings.PRIVATE_HOOKS = ["127.0.0.1"]
    endpoint.expect_request("/token").respond_with_json({"access_token": "good-one", "refresh_token": "second"})
    introspection.expect_request("/introspect").respond_with_handler(
        lambda request: Response(
            json.dumps({"active": request.args["token"] == "good-one", "username": "oauth-user"}),
            content_type="application/json",
        )
    )
    with Dovecot(introspection_url=introspection.url_for("/introspect")) as server:
        server.put("oauth-user", [mail(1)])
        box = make_box(
            server,
            user="oauth-user",
            secret="first",
            client_secret="shh",
            oauth={"token_url": endpoint.url_for("/token"), "client_id": "makegood"},
        )
        assert look(box) == 1
        box.refresh_from_db()
        assert secrets.unseal(box.secret) == "second"


@pytest.mark.django_db
def test_a_token_the_mail_server_refuses_is_told_in_words(make_box, endpoint, introspection, settings):
    real.require()
    settings.PRIVATE_HOOKS = ["127.0.0.1"]
    endpoint.expect_request("/token").respond_with_json({"access_token": "bad-one"})
    introspection.expect_request("/introspect").respond_with_json({"active": False})
    oauth = {"token_url": endpoint.url_for("/token"), "client_id": "makegood"}
    with Dovecot(introspection_url=introspection.url_for("/introspect")) as server:
        box = make_box(server, user="oauth-user", secret="first", oauth=oauth)
        with pytest.raises(mailboxes.CannotRead, match="did not accept"):
            mailboxes.try_out(box)
