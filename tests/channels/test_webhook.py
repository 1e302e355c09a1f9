"""Webhooks: signed, never inside our own network, never redirected."""

import pytest
from standardwebhooks import Webhook as Verifier

from makegood.channels.base import Page
from makegood.channels.webhook.sending import Webhook
from makegood.lib.net import ForbiddenAddress, is_public, public_addresses

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PAGE = Page(id="page-1", title="MG-1 is waiting", text="Nobody has taken it.", data={"kind": "page"})


@pytest.fixture
def inside():
    return Webhook(allowed={"localhost", "127.0.0.1"})


def test_a_page_arrives_signed(httpserver, inside):
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    assert inside.send(PAGE, address=httpserver.url_for("/hook"), secret=SECRET).is_sent
    request = httpserver.log[0][0]
    told = Verifier(SECRET).verify(request.get_data(), dict(request.headers))
    assert told["id"] == "page-1"


@pytest.mark.parametrize(("code", "final"), [(404, True), (410, True), (429, False), (500, False), (503, False)])
def test_what_the_receiver_answers_decides_about_trying_again(httpserver, inside, code, final):
    httpserver.expect_request("/hook").respond_with_data("", status=code)
    outcome = inside.send(PAGE, address=httpserver.url_for("/hook"))
    assert (outcome.is_sent, outcome.is_final) == (False, final)


def test_a_redirect_is_not_followed(httpserver, inside):
    httpserver.expect_request("/hook").respond_with_data("", status=302, headers={"Location": "/other"})
    outcome = inside.send(PAGE, address=httpserver.url_for("/hook"))
    assert (outcome.is_sent, outcome.is_final) == (False, True)
    assert len(httpserver.log) == 1


def test_our_own_network_is_refused(httpserver):
    outcome = Webhook().send(PAGE, address=httpserver.url_for("/hook"))
    assert outcome.is_final
    assert "private network" in outcome.reason
    assert httpserver.log == []


@pytest.mark.parametrize("address", ["file:/etc/passwd", "gopher://x", "ftp://x", "//x", ""])
def test_only_http_is_spoken(address):
    assert Webhook().send(PAGE, address=address).is_final


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fec0::1",
        "3fff::1",
    ],
)
def test_addresses_inside_are_known(address):
    assert not is_public(address)


def test_public_addresses_are_known():
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "[::1]".strip("[]")])
def test_other_spellings_of_loopback_are_refused(host):
    with pytest.raises(ForbiddenAddress):
        public_addresses(host, 80)
