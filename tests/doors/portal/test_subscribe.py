"""Asking for news of the status page: one answer for every address, a yes by POST, an end by one POST."""

import re

import pytest
from django.test import Client

from makegood.life.reports.models import OutgoingMail
from makegood.life.statuspage.models import Subscriber
from tests.life.case import work
from tests.life.statuspage.page import DAY, HOUR, furnish, published, send_all, subscribed

pytestmark = pytest.mark.django_db
GOOD = {"email": "zoe@readers.example", "way": "mail", "least": "none", "with_maintenance": "on", "url": ""}


@pytest.fixture
def parts(cast, clock, monday):
    return furnish(cast, monday - DAY)


def path_in(mail, word):
    return "/" + re.search(rf"https?://[^/]+/(status/{word}/[0-9a-z]+/)", mail.text)[1]


def test_from_asking_to_the_end(client, cast, monday, parts):
    assert client.get("/status/subscribe/").status_code == 200
    answer = client.post("/status/subscribe/", GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/status/subscribe/sent/")
    work(monday)
    mail = OutgoingMail.objects.get(purpose="status_confirm")
    confirm = path_in(mail, "confirm")
    for _look in range(3):
        page = client.get(confirm)
        assert (page.status_code, page["Referrer-Policy"], page["X-Robots-Tag"]) == (200, "same-origin", "noindex")
    assert not Subscriber.objects.exists()
    assert "You will hear from us" in client.post(confirm).content.decode()
    assert client.get(confirm).status_code == client.post(confirm).status_code == 404
    published(cast, monday + HOUR)
    send_all(monday + HOUR)
    leave = path_in(OutgoingMail.objects.get(purpose="status"), "unsubscribe")
    for _look in range(3):
        assert "No more news?" in client.get(leave).content.decode()
    assert Subscriber.objects.get().ended_at is None
    program = Client(enforce_csrf_checks=True)
    answer = program.post(leave, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert Subscriber.objects.get().ended_at
    assert program.post(leave).status_code == 200
    assert program.post("/status/unsubscribe/nothing/").status_code == 404


def test_the_answer_is_the_same_whatever_the_address(client, monday, parts):
    subscribed("-known", monday)
    answers = [
        client.post("/status/subscribe/", {**GOOD, "email": email})
        for email in ("reader-known@readers.example", "unknown@readers.example")
    ]
    assert len({(one.status_code, one["Location"], one.content) for one in answers}) == 1
    assert not OutgoingMail.objects.exists()  # what differs is a job


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, parts):
    for wrong, word in (
        ({"email": ""}, "Tell us your e-mail address."),
        ({"email": "not an address"}, 'id="id_email_error"'),
        ({"email": f"{'a' * 300}@x.example"}, 'id="id_email_error"'),
        ({"way": "webhook", "url": ""}, 'id="id_url_error"'),
        ({"way": "webhook", "url": "https://10.0.0.1/"}, "public internet"),
        ({"way": "webhook", "url": "https://x.example/" + "y" * 5000}, 'id="id_url_error"'),
    ):
        answer = client.post("/status/subscribe/", {**GOOD, **wrong})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert word in page, wrong
        assert "Error:" in page
    assert 'value="zoe@readers.example"' in page


def test_one_network_may_not_ask_without_end(client, parts):
    codes = [
        client.post("/status/subscribe/", {**GOOD, "email": f"z{n}@readers.example"}).status_code for n in range(21)
    ]
    assert codes == [302] * 20 + [429]


def test_the_key_of_a_webhook_is_shown_once(client, monday, parts):
    client.post("/status/subscribe/", {**GOOD, "way": "webhook", "url": "https://hooks.example.org/x"})
    work(monday)
    confirm = path_in(OutgoingMail.objects.get(), "confirm")
    page = client.post(confirm).content.decode()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page)[0]
    assert secret not in Subscriber.objects.get().secret


def test_it_speaks_german_to_whoever_came_from_the_german_page(client, monday, parts):
    client.post("/status/subscribe/?language=de", GOOD)
    work(monday)
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Bitte bestätigen: Neuigkeiten von Fairfield Health"
    assert "Ja, halten Sie mich auf dem Laufenden" in mail.text
