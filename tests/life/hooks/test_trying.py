"""A receiver that fails: growing waits over three days, rest, switching off; nothing lost, nobody held up."""

import socket
import threading
import time
from datetime import timedelta
from email.utils import format_datetime

import pytest

from makegood.channels.webhook.posting import Answer, Poster
from makegood.engine import switches
from makegood.life.hooks import endpoints, replaying, sending
from makegood.life.hooks.models import Attempt, Delivery, Endpoint
from makegood.life.reports import conversation
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.life.case import work

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
OFF = Answer(reason="ConnectError: nobody there")
TAKEN = Answer(status=200)


class Receiver:
    """Stands in for the network where days pass: answers what it is told to, and remembers what came."""

    def __init__(self, answer=TAKEN):
        self.answer, self.got = answer, []

    def post(self, _url, body, headers):
        self.got.append((headers["webhook-id"], headers["webhook-timestamp"], body))
        return self.answer(len(self.got)) if callable(self.answer) else self.answer


def live(receiver, start, length, step=MINUTE):
    """Let ``length`` pass, looking every ``step``."""
    now = start
    while now <= start + length:
        for endpoint in sending.due(now):
            sending.send_some(endpoint, receiver, worker="test:1", clock=lambda now=now: now)
        now += step
    return now


@pytest.fixture
def one(hook, cast, monday):
    """The hook with exactly one delivery waiting."""
    endpoints.change(hook, kinds=["note.written"], by=cast.ada.actor, at=monday)
    return hook


@pytest.fixture
def waiting(one, report, cast, monday):
    conversation.note(report, "one", by=cast.dora.actor, at=monday)
    work(monday)
    return one.deliveries.get()


def test_ten_tries_in_growing_waits_over_three_days_under_one_id(waiting, monday):
    receiver = Receiver(OFF)
    live(receiver, monday, 4 * DAY, step=5 * MINUTE)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, len(receiver.got)) == ("failed", 10, 10)
    assert len({identity for identity, _at, _body in receiver.got}) == 1
    assert len({body for _identity, _at, body in receiver.got}) == 1
    tried = list(Attempt.objects.order_by("pk").values_list("at", flat=True))
    assert 2.7 * DAY < tried[-1] - tried[0] < 3.6 * DAY
    assert Endpoint.objects.get().is_active


def test_waits_are_those_of_the_standard_give_or_take_a_tenth():
    hours = [0, 5 / 3600, 1 / 12, 0.5, 2, 5, 10, 14, 20, 24]
    for tries, wanted in enumerate(hours[1:], 1):
        assert 0.9 * wanted <= sending.wait_after(tries) / HOUR <= 1.1 * wanted
    assert len({sending.wait_after(5) for _ in range(5)}) > 1


def test_a_receiver_that_comes_back_after_three_days_gets_everything_at_once_and_in_order(one, report, cast, monday):
    for number in range(30):
        at = monday + number * HOUR
        conversation.note(report, f"note {number}", by=cast.dora.actor, at=at)
        work(at)
    receiver = Receiver(OFF)
    back = live(receiver, monday + 30 * HOUR, 42 * HOUR, step=5 * MINUTE)
    assert one.deliveries.filter(state="waiting").count() == 30
    receiver.answer, receiver.got = TAKEN, []
    live(receiver, back, 25 * HOUR, step=10 * MINUTE)
    told = [identity for identity, _at, _body in receiver.got]
    assert sorted(told) == sorted(one.deliveries.values_list("key", flat=True))
    assert one.deliveries.filter(state="sent").count() == 30
    assert one.deliveries.latest("done_at").done_at <= back + 25 * HOUR


def test_while_a_receiver_is_away_it_costs_a_try_every_five_minutes_and_no_more(one, report, cast, monday):
    for number in range(40):
        conversation.note(report, str(number), by=cast.dora.actor, at=monday)
    work(monday)
    receiver = Receiver(OFF)
    live(receiver, monday, HOUR, step=5 * SECOND)
    assert len(receiver.got) <= 8 + 12


def test_one_delivery_that_is_refused_does_not_hold_up_the_next(one, report, cast, monday):
    for number in range(3):
        conversation.note(report, str(number), by=cast.dora.actor, at=monday)
    work(monday)
    first = one.deliveries.order_by("pk").first()
    receiver = Receiver(lambda _n: Answer(status=400) if receiver.got[-1][0] == first.key else TAKEN)
    live(receiver, monday, MINUTE, step=SECOND)
    assert one.deliveries.filter(state="sent").count() == 2


def test_gone_means_off_at_once_with_a_notice_to_the_admins(one, waiting, cast, send, httpserver, monday):
    httpserver.clear()
    httpserver.expect_request("/hook").respond_with_data("no more", status=410)
    send(monday)
    one.refresh_from_db()
    assert not one.is_active
    assert one in endpoints.switched_off()
    mail = OutgoingMail.objects.get(purpose="notice")
    assert mail.to_email == cast.ada.email
    assert "410" in mail.text
    assert LedgerEntry.objects.filter(kind="hook.switched_off").count() == 1


def test_five_days_without_success_switch_it_off_and_switching_on_sends_what_waits(one, waiting, report, cast, monday):
    receiver = Receiver(Answer(status=500))
    now = monday
    while Endpoint.objects.get().is_active:
        assert now < monday + 7 * DAY
        conversation.note(report, "more", by=cast.dora.actor, at=now)
        work(now)
        live(receiver, now, 6 * HOUR, step=10 * MINUTE)
        now += 6 * HOUR
    assert now - monday >= 5 * DAY
    one.refresh_from_db()
    assert OutgoingMail.objects.filter(purpose="notice").count() == 1
    receiver.answer, receiver.got = TAKEN, []
    assert sending.due(now) == []
    endpoints.change(one, is_active=True, by=cast.ada.actor, at=now)
    assert endpoints.switched_off() == []
    replaying.all_since(one, monday, by=cast.ada.actor, at=now)
    live(receiver, now, MINUTE)
    assert not one.deliveries.exclude(state="sent").exists()


def test_a_redirect_is_a_failure_and_nobody_goes_there(waiting, send, httpserver, monday):
    httpserver.clear()
    httpserver.expect_request("/hook").respond_with_data("", status=307, headers={"Location": "/elsewhere"})
    httpserver.expect_request("/elsewhere").respond_with_data("got you")
    send(monday)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_status, len(httpserver.log)) == ("waiting", 307, 1)
    assert "redirect" in waiting.last_reason


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_a_receiver_that_asks_for_time_gets_it(one, waiting, send, httpserver, monday, code):
    httpserver.clear()
    httpserver.expect_request("/hook").respond_with_data("", status=code, headers={"Retry-After": "1800"})
    send(monday)
    one.refresh_from_db()
    assert one.rests_until == monday + 30 * MINUTE
    assert sending.due(monday + 29 * MINUTE) == []
    assert sending.due(monday + 31 * MINUTE) == [one.pk]


def test_time_may_be_asked_for_by_date_and_has_a_limit(monday):
    assert sending.asked_wait(format_datetime(monday + HOUR, usegmt=True), now=monday) == HOUR
    assert sending.asked_wait(format_datetime(monday - HOUR, usegmt=True), now=monday) == timedelta(0)
    assert sending.asked_wait("999999999", now=monday) == 6 * HOUR
    assert sending.asked_wait("soon", now=monday) == sending.asked_wait("", now=monday) == timedelta(0)


def test_each_try_is_kept_with_what_was_answered(waiting, send, httpserver, monday):
    httpserver.clear()
    httpserver.expect_request("/hook").respond_with_data("é" * 5000, status=500)
    send(monday)
    attempt = waiting.tries.get()
    assert (attempt.status, attempt.at, len(attempt.answer)) == (500, monday, 512)


def test_a_lease_keeps_two_workers_apart_and_runs_out(waiting, monday):
    Endpoint.objects.update(leased_by="other:1", leased_until=monday + MINUTE)
    receiver = Receiver()
    assert sending.due(monday) == []
    assert sending.send_some(waiting.endpoint_id, receiver, worker="test:1", clock=lambda: monday) == 0
    live(receiver, monday + 2 * MINUTE, SECOND)
    assert len(receiver.got) == 1


def test_killed_between_answer_and_note_it_goes_again_under_the_same_id(waiting, monday, monkeypatch):
    receiver = Receiver()
    monkeypatch.setattr(sending, "settle", lambda *_a, **_k: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        sending.send_some(waiting.endpoint_id, receiver, worker="test:1", clock=lambda: monday)
    monkeypatch.undo()
    live(receiver, monday + 5 * MINUTE, SECOND)
    assert len({identity for identity, _at, _body in receiver.got}) == 1
    assert len(receiver.got) == 2
    waiting.refresh_from_db()
    assert waiting.state == "sent"


def test_a_test_goes_at_once_even_while_the_endpoint_rests_or_is_off(one, send, httpserver, cast, monday):
    Endpoint.objects.update(rests_until=monday + HOUR)
    endpoints.change(one, is_active=False, by=cast.ada.actor, at=monday)
    delivery = endpoints.send_test(one, at=monday)
    send(monday)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_status) == ("sent", 200)


def test_a_test_is_one_try_and_counts_for_nothing(one, send, httpserver, monday):
    httpserver.clear()
    httpserver.expect_request("/hook").respond_with_data("", status=500)
    delivery = endpoints.send_test(one, at=monday)
    send(monday)
    delivery.refresh_from_db()
    one.refresh_from_db()
    assert (delivery.state, one.failures, one.rests_until) == ("failed", 0, None)


def test_after_a_restore_nobody_is_told_until_what_goes_out_is_released(waiting, monday):
    switches.stop(switches.MAIL, reason="Restored", now=monday)
    assert sending.due(monday) == []
    switches.let_run(switches.MAIL)
    assert sending.due(monday) == [waiting.endpoint_id]


def test_one_delivery_again(waiting, send, httpserver, monday):
    send(monday)
    replaying.again(waiting, at=monday + HOUR)
    send(monday + HOUR)
    assert len({request.headers["webhook-id"] for request, _answer in httpserver.log}) == 1
    assert len(httpserver.log) == 2


def test_all_since_a_moment_also_what_it_was_never_told(one, report, cast, monday):
    endpoints.change(one, is_active=False, by=cast.ada.actor, at=monday)
    for number in range(3):
        conversation.note(report, str(number), by=cast.dora.actor, at=monday + number * HOUR)
    work(monday + 3 * HOUR)
    endpoints.change(one, is_active=True, by=cast.ada.actor, at=monday + 4 * HOUR)
    now = monday + 4 * HOUR
    assert replaying.all_since(one, monday + HOUR, by=cast.ada.actor, at=now) == 2
    receiver = Receiver()
    live(receiver, now, SECOND)
    assert len(receiver.got) == 2
    assert replaying.all_since(one, monday, by=cast.ada.actor, at=now) == 1
    assert replaying.all_since(one, monday + HOUR, by=cast.ada.actor, at=now, also_sent=True) == 2


def test_old_deliveries_are_forgotten_with_their_tries(waiting, send, monday):
    send(monday)
    sending.forget_old(monday + 31 * DAY)
    assert not Delivery.objects.exists()
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("drip", [b"", b"HTTP/1.1 200 OK\r\n", b"x"])
def test_a_receiver_that_hangs_or_drips_is_given_up_by_the_deadline(drip):
    """Nothing, half a head, or a byte now and then: the exchange ends all the same."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def hang():
            line, _address = server.accept()
            with line:
                while not stop.wait(0.1):
                    if drip:
                        line.sendall(drip if drip == b"x" else drip + b"X-A: b\r\n")

        thread = threading.Thread(target=hang, daemon=True)
        thread.start()
        poster = Poster({"127.0.0.1"}, timeout_seconds=0.6)
        began = time.monotonic()
        answer = poster.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        took = time.monotonic() - began
        stop.set()
        poster.close()
        assert not answer.is_taken
        assert answer.status == 0
        assert took < 2


def test_a_name_that_leads_inside_is_not_called(one, waiting, settings, monday, httpserver):
    poster = Poster()
    sending.send_some(one.pk, poster, worker="test:1", clock=lambda: monday)
    poster.close()
    waiting.refresh_from_db()
    assert "private network" in waiting.last_reason
    assert httpserver.log == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing(httpserver, monkeypatch):
    """DNS rebinding: what is called is what was checked, because a name is looked up once."""
    looked_up = []

    def resolve(host, port, **_rest):
        looked_up.append(host)
        address = "93.184.215.14" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    called = []
    connect = socket.create_connection

    def note(address, *rest, **more):
        called.append(address[0])
        raise ConnectionRefusedError if address[0] != "127.0.0.1" else AssertionError(connect)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", note)
    poster = Poster()
    answer = poster.post(f"http://rebind.example:{httpserver.port}/hook", b"{}", {})
    poster.close()
    assert called == ["93.184.215.14"]
    assert not answer.is_taken


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0", "127.1", "[::]", "[::ffff:10.0.0.1]", "[fe80::1]"])
def test_other_spellings_of_inside_are_not_called(host):
    poster = Poster()
    answer = poster.post(f"http://{host}:9/", b"{}", {})
    poster.close()
    assert answer.status == 0
    assert answer.is_forbidden or "ConnectError" in answer.reason or "InvalidURL" in answer.reason
