"""Nobody is subscribed who did not say yes in their own mail; ending it takes one POST; secrets rest hashed."""

import re

import pytest

from makegood.life.reports.models import LedgerEntry, OutgoingMail
from makegood.life.statuspage import subscribing, updates
from makegood.life.statuspage.models import Asking, Delivery, Subscriber
from makegood.life.statuspage.subscribing import BadHook, LinkUsedUp, Wish
from tests.life.case import work
from tests.life.statuspage.page import DAY, HOUR, furnish, published, send_all, subscribed

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r"/(?:confirm|unsubscribe)/([0-9a-z]{32})/")


@pytest.fixture
def parts(cast, monday):
    return furnish(cast, monday - DAY)


def token_in(mail):
    return _TOKEN.search(mail.text)[1]


def ask(monday, **facts):
    subscribing.ask(Wish(**{"email": "Zoe@Readers.example", **facts}), at=monday)
    work(monday)
    return OutgoingMail.objects.filter(purpose="status_confirm").latest("pk")


def test_nothing_follows_until_the_link_is_pressed(monday, parts):
    mail = ask(monday)
    assert mail.to_email == "zoe@readers.example"
    assert not Subscriber.objects.exists()
    found, secret = subscribing.confirm(token_in(mail), at=monday + HOUR)
    assert (found.email, found.way, secret) == ("zoe@readers.example", "mail", "")
    assert LedgerEntry.objects.get(kind="status.subscribed").data == {"subscriber": found.pk, "way": "mail"}


def test_a_link_is_used_once_and_not_for_ever(monday, parts):
    first = token_in(ask(monday))
    subscribing.confirm(first, at=monday)
    second = token_in(ask(monday))
    for token, at in ((first, monday), (second, monday + DAY), ("", monday), ("nothing", monday)):
        with pytest.raises(LinkUsedUp):
            subscribing.confirm(token, at=at)
    assert Subscriber.objects.count() == 1


def test_secrets_rest_hashed(monday, parts):
    token = token_in(ask(monday))
    assert not Asking.objects.filter(hash=token).exists()
    assert token not in repr(list(Asking.objects.values()))


def test_asking_again_changes_what_one_hears_of(monday, parts):
    subscribing.confirm(token_in(ask(monday)), at=monday)
    again = ask(monday, components=(parts["claims"].key, "nothing"), least="critical", with_maintenance=False)
    found, _secret = subscribing.confirm(token_in(again), at=monday)
    assert Subscriber.objects.get() == found
    assert (found.components, found.least, found.with_maintenance) == ([parts["claims"].key], "critical", False)


def test_one_address_is_not_written_to_without_end(monday, parts):
    for _time in range(7):
        ask(monday)
    for spelling in ("zoe+more@readers.example", "z.o.e@readers.example"):
        ask(monday, email=spelling)
    assert OutgoingMail.objects.filter(purpose="status_confirm").count() == subscribing.ASKED
    ask(monday + DAY)
    assert OutgoingMail.objects.filter(purpose="status_confirm").count() == subscribing.ASKED + 1


def test_no_word_of_a_stranger_stands_in_the_mail(monday, parts):
    mail = ask(monday, way="webhook", url="https://hooks.example.org/buy-our-pills")
    assert "pills" not in mail.text + mail.html + mail.subject


def test_addresses_inside_our_network_are_refused(monday, parts, settings):
    for url in (
        "http://hooks.example.org/",
        "https://127.0.0.1/",
        "https://10.1.2.3/x",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://db.internal/",
        "https://user:pass@hooks.example.org/",
        "ftp://hooks.example.org/",
        "hooks.example.org",
        "https://hooks.example.org/#x",
        "https://" + "x" * 600,
    ):
        with pytest.raises(BadHook):
            subscribing.ask(Wish("zoe@readers.example", way="webhook", url=url), at=monday)
    settings.PRIVATE_HOOKS = ["10.1.2.3"]
    subscribing.ask(Wish("zoe@readers.example", way="webhook", url="http://10.1.2.3/x"), at=monday)


def test_any_mail_of_news_ends_it_and_twice_is_once(cast, monday, parts):
    reader = subscribed(1, monday - HOUR)
    _problem, notice = published(cast, monday)
    send_all(monday)
    mail = OutgoingMail.objects.get(purpose="status")
    token = token_in(mail)
    assert mail.unsubscribe_url.endswith(f"/status/unsubscribe/{token}/")
    for _press in range(2):
        subscribing.leave(token, at=monday + HOUR)
    reader.refresh_from_db()
    assert reader.ended_at == monday + HOUR
    assert LedgerEntry.objects.filter(kind="status.unsubscribed").count() == 1
    updates.post(
        notice, "investigating", {"en": "Still."}, by=cast.emil, at=monday + HOUR, next_news_at=monday + 3 * HOUR
    )
    send_all(monday + HOUR)
    assert OutgoingMail.objects.filter(purpose="status").count() == 1


def test_ending_it_stops_what_still_waits(cast, monday, parts):
    """A mail in the outbox does not leave any more; a row that waits for its mail gets none."""
    readers = [subscribed(number, monday - HOUR) for number in range(3)]
    _problem, notice = published(cast, monday)
    subscribing.end(readers[1], "by a colleague", by=cast.emil.actor, at=monday)
    waiting = Delivery.objects.get(subscriber=readers[2])
    Delivery.objects.filter(pk=waiting.pk).update(state=Delivery.WAITING, mail=None)
    subscribing.end(readers[2], "by a colleague", by=cast.emil.actor, at=monday)
    send_all(monday)
    left = OutgoingMail.objects.filter(purpose="status", state="sent").values_list("to_email", flat=True)
    assert readers[1].email not in left
    assert readers[0].email in left
    waiting.refresh_from_db()
    assert waiting.state == Delivery.SKIPPED


def test_mail_that_comes_back_for_good_ends_it(cast, monday, parts):
    reader = subscribed(1, monday - HOUR)
    published(cast, monday)
    send_all(monday)
    OutgoingMail.objects.filter(purpose="status").update(bounced_at=monday)
    assert subscribing.end_unreachable(monday) == 1
    assert subscribing.end_unreachable(monday) == 0
    reader.refresh_from_db()
    assert reader.ended_why == "mail comes back"


def test_what_is_over_is_forgotten_with_its_address(cast, monday, parts):
    ask(monday)
    gone = subscribed(2, monday, ended_at=monday)
    subscribing.forget_old(monday + 2 * DAY)
    assert not Asking.objects.exists()
    assert Subscriber.objects.filter(pk=gone.pk).exists()
    subscribing.forget_old(monday + 31 * DAY)
    assert not Subscriber.objects.exists()
