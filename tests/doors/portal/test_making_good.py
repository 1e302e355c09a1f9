"""What we offer to make good, on the reporter's page: nothing before approval, one answer, a code shown once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from makegood.life.compensation import deciding, letters, proposing, settling
from makegood.life.compensation.models import Compensation, Entry
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import access
from tests.again import STARTED, again
from tests.life.compensation.story import current, furnish, policy, solved

HOUR = timedelta(hours=1)
CODE = re.compile(r'id="offer-code">([^<]+)<')


@pytest.fixture
def now():
    return STARTED


@pytest.fixture
def report(cast, now):
    return again(lambda: owed(cast, now), now)


def owed(cast, now):
    furnish(cast, now - timedelta(days=2))
    policy(cast, now - HOUR, "hourly", form="per_hour", rate_minor=500, terms={"en": "One code a household."})
    return solved(cast, now - 4 * HOUR, hours=3)


@pytest.fixture
def ana(cast, report, now):
    """Ana, who has followed the link in her mail."""
    client = Client()
    client.get(f"/r/{access.make_link(report, cast.ana, by=SYSTEM, at=now)}/", follow=True)
    return client


@pytest.fixture
def proposed(cast, report, now):
    return proposing.propose(report, current("hourly"), by=cast.dora.actor, at=now)


@pytest.fixture
def offered(cast, proposed, now):
    return deciding.approve(proposed, by=cast.dora, at=now)


def status(client, report):
    return client.get(reverse("portal:report", args=[report.pk])).content.decode()


def offer(client, report):
    return client.get(reverse("portal:offer", args=[report.pk]))


def answer(client, made, deed, **more):
    return client.post(reverse("portal:offer_answer", args=[made.number, made.key]), {"answer": deed, **more})


def test_nothing_is_visible_before_it_is_approved(ana, report, proposed):
    assert "make this good" not in status(ana, report)
    assert offer(ana, report).status_code == 404
    assert answer(ana, proposed, "accept", sure="1").status_code == 404
    assert Compensation.objects.get().state == "proposed"


def test_declined_by_us_was_never_there(ana, cast, report, proposed, now):
    deciding.decline(proposed, by=cast.emil.actor, at=now, reason="Not our fault.")
    assert offer(ana, report).status_code == 404
    assert "Not our fault." not in status(ana, report)


def test_the_page_shows_what_why_terms_and_until_when(ana, report, offered):
    assert "We would like to make this good." in status(ana, report)
    page = offer(ana, report).content.decode()
    for words in (
        "€15.00 off your next purchase",
        "it cost you time and patience",
        "One code a household.",
        "answer by",
    ):
        assert words in page


def test_the_letter_does_not_send_one_to_where_one_is(ana, report, offered):
    assert "here on your page: http" in offered.letter
    page = offer(ana, report).content.decode()
    assert "One click is enough, here on your page.\n" in page
    assert letters.read_there("See http://nowhere.example/r/ now") == "See http://nowhere.example/r/ now"


def test_looking_changes_nothing(ana, report, offered):
    before = list(Entry.objects.values())
    for _look in range(3):
        offer(ana, report)
        ana.get(reverse("portal:offer_answer", args=[report.pk, offered.key]))
    assert list(Entry.objects.values()) == before


def test_yes_asks_once_more_then_shows_the_code_once(ana, cast, report, offered, now):
    page = answer(ana, offered, "accept").content.decode()
    assert "Take it?" in page
    assert Compensation.objects.get().state == "approved"
    page = answer(ana, offered, "accept", sure="1").content.decode()
    code = CODE.search(page)[1]
    assert code not in offer(ana, report).content.decode()
    again = answer(ana, offered, "accept", sure="1")
    assert again.status_code == 302
    assert "You accepted this." in ana.get(again["Location"]).content.decode()
    assert settling.redeem_code(code, by=cast.dora.actor, at=now).state == "redeemed"
    assert "You accepted this, and it is done." in offer(ana, report).content.decode()


def test_a_lost_code_is_replaced_after_one_more_question(ana, cast, report, offered, now):
    lost = CODE.search(answer(ana, offered, "accept", sure="1").content.decode())[1]
    assert "stops working at once" in answer(ana, offered, "new-code").content.decode()
    found = CODE.search(answer(ana, offered, "new-code", sure="1").content.decode())[1]
    assert found != lost
    with pytest.raises(settling.NoSuchCode):
        settling.redeem_code(lost, by=cast.dora.actor, at=now)


def test_no_is_an_answer_and_the_second_answer_shows_the_first(ana, report, offered):
    assert "Would you tell us why?" in answer(ana, offered, "refuse").content.decode()
    answer(ana, offered, "refuse", sure="1", words="It is all right.")
    answer(ana, offered, "accept", sure="1")
    assert "You said no to this." in offer(ana, report).content.decode()
    assert Entry.objects.get(state="declined").reason == "It is all right."


def test_withdrawn_and_expired_say_so(ana, cast, report, offered, now):
    settling.reverse(offered, by=cast.emil.actor, at=now, reason="Wrong person.")
    page = offer(ana, report).content.decode()
    assert "We had to withdraw this." in page
    assert "Wrong person." not in page


def test_an_offer_nobody_answered_is_over(ana, report, offered, now):
    Compensation.objects.update(offer_until=now - HOUR)
    assert "The time for this offer is over." in offer(ana, report).content.decode()
    answer(ana, offered, "accept", sure="1")
    assert Compensation.objects.get().state == "approved"


def test_whoever_takes_part_sees_no_offer_and_cannot_take_it(cast, report, offered, now):
    ben = Client()
    ben.get(f"/r/{access.make_link(report, cast.ben, by=SYSTEM, at=now)}/", follow=True)
    assert "make this good" not in status(ben, report)
    assert offer(ben, report).status_code == 404
    assert answer(ben, offered, "accept", sure="1").status_code == 404
