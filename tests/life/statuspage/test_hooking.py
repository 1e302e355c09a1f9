"""Subscribers' webhooks: signed, tried again under the same id, ended by 410, never towards our own network."""

import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook
from werkzeug import Response

from makegood.channels.webhook.sending import new_secret
from makegood.engine.secrets import seal
from makegood.life.statuspage import hooking
from makegood.life.statuspage.models import Delivery
from tests.life.statuspage.page import DAY, HOUR, furnish, published, subscribed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(cast, monday, httpserver, settings):
    """A webhook of somebody, and an update it is to be told."""
    settings.PRIVATE_HOOKS = [httpserver.host]
    furnish(cast, monday - DAY)
    secret, url = new_secret(), httpserver.url_for("/hook")
    reader = subscribed(1, monday - HOUR, way="webhook", url=url, secret=seal(secret))
    published(cast, monday)
    return reader, secret


def send(reader, now):
    return hooking.send_some(reader.pk, clock=lambda: now)


def test_it_is_signed_and_says_public_words_only(told, monday, httpserver):
    reader, secret = told
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    assert hooking.due(monday) == [reader.pk]
    assert send(reader, monday) == 1
    (request, _answer), *_more = httpserver.log
    identity = request.headers["webhook-id"]
    assert identity == Delivery.objects.get().key
    expected = Webhook(secret).sign(identity, monday, request.data.decode())
    assert (request.headers["webhook-timestamp"], request.headers["webhook-signature"]) == (
        str(int(monday.timestamp())),
        expected,
    )
    body = json.loads(request.data)
    assert (body["type"], body["data"]["status"]) == ("status.updated", "investigating")
    assert "SENTINEL" not in request.data.decode()
    assert Delivery.objects.get().state == Delivery.TAKEN
    assert hooking.due(monday + DAY) == []


def test_it_is_tried_again_under_the_same_id_and_then_given_up(told, monday, httpserver):
    reader, _secret = told
    httpserver.expect_request("/hook", method="POST").respond_with_data("no", status=500)
    now = monday
    for _try in range(len(hooking.WAITS) + 1):
        assert send(reader, now) == 1
        now += timedelta(hours=12)
    assert send(reader, now) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == (Delivery.FAILED, 7, 500)
    assert len({request.headers["webhook-id"] for request, _answer in httpserver.log}) == 1
    assert len({request.data for request, _answer in httpserver.log}) == 1


def test_gone_for_good_ends_the_subscription(told, monday, httpserver):
    reader, _secret = told
    httpserver.expect_request("/hook", method="POST").respond_with_data("", status=410)
    send(reader, monday)
    reader.refresh_from_db()
    assert reader.ended_why == "the receiver is gone"


def test_a_redirect_is_not_followed(told, monday, httpserver):
    reader, _secret = told
    inside = Response(status=302, headers={"Location": httpserver.url_for("/inside")})
    httpserver.expect_request("/hook", method="POST").respond_with_response(inside)
    httpserver.expect_request("/inside").respond_with_data("secret")
    send(reader, monday)
    assert [request.path for request, _answer in httpserver.log] == ["/hook"]
    assert Delivery.objects.get().last_status == 302


def test_a_name_that_leads_inside_is_not_called(told, monday, httpserver, settings):
    reader, _secret = told
    settings.PRIVATE_HOOKS = []
    send(reader, monday)
    assert httpserver.log == []
    assert Delivery.objects.get().state == Delivery.FAILED


def test_two_workers_do_not_call_at_once(told, monday, httpserver):
    reader, _secret = told
    held = hooking._lease(reader.pk, now=monday)
    assert held is not None
    assert send(reader, monday) == 0
    assert hooking.due(monday) == []
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    assert send(reader, monday + 2 * hooking.LEASE) == 1
