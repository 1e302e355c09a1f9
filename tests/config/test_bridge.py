"""The bridge, spoken to in ASGI."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from makegood.config import logs
from makegood.config.bridge import Bridge, Limits
from tests import loops


def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Length", environ["CONTENT_LENGTH"])])
    return [body or environ.get("HTTP_X_A", "").encode()]


def scope(**changes):
    facts = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
    }
    return facts | changes


def speak(application, *, pieces=(b"",), limits=None, pause=0.0, **changes):
    """One request; returns (status, headers, body pieces)."""
    sent = []
    waiting = [
        {"type": "http.request", "body": piece, "more_body": number + 1 < len(pieces)}
        for number, piece in enumerate(pieces)
    ]

    async def receive():
        await asyncio.sleep(pause)
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor(2) as pool:
        loops.run(Bridge(application, pool, limits or Limits(body=2_000_000))(scope(**changes), receive, send))
    if not sent:
        return 0, {}, []
    return sent[0]["status"], dict(sent[0]["headers"]), [message["body"] for message in sent[1:]]


def test_a_body_in_pieces_arrives_whole():
    status, headers, body = speak(echo, pieces=(b"one ", b"two"))
    assert (status, headers[b"x-length"], body) == (200, b"7", [b"one two"])


def test_a_body_larger_than_memory_goes_over_the_disk():
    pieces = (b"x" * 700_000, b"y" * 700_000)
    assert b"".join(speak(echo, pieces=pieces)[2]) == b"".join(pieces)


@pytest.mark.parametrize("headers", [[(b"content-length", b"2000001")], [(b"content-length", b"12x")], []])
def test_too_much_is_refused_with_words(headers):
    status, _headers, body = speak(echo, pieces=(b"x" * 1_500_000, b"x" * 600_000), headers=headers)
    assert status == 413
    assert b"smaller files" in body[0]


def test_a_slow_sender_is_refused():
    limits = Limits(body=100, idle_seconds=0.05)
    assert speak(echo, pieces=(b"a", b"b"), limits=limits, pause=0.2)[0] == 408


def test_a_request_that_takes_too_long_is_answered_anyway():
    def slow(_environ, start_response):
        time.sleep(0.3)
        start_response("200 OK", [])
        return [b""]

    status, headers, _body = speak(slow, limits=Limits(body=100, request_seconds=0.05))
    assert (status, b"retry-after" in headers) == (503, True)


def test_when_too_many_wait_the_next_is_turned_away():
    assert speak(echo, limits=Limits(body=100, waiting=0))[0] == 503


def test_who_went_away_gets_no_answer():
    assert speak(echo, pieces=())[0] == 0


def test_a_large_answer_is_streamed_and_closed():
    closed = threading.Event()

    class Large:
        def __iter__(self):
            return iter([b"x" * 600_000] * 5)

        def close(self):
            closed.set()

    def large(_environ, start_response):
        start_response("200 OK", [])
        return Large()

    body = speak(large)[2]
    assert len(b"".join(body)) == 3_000_000
    assert len(body) > 3
    assert closed.is_set()


def test_headers_with_underscores_cannot_pass_for_others_and_doubles_are_joined():
    headers = [(b"x_a", b"forged"), (b"x-a", b"one"), (b"x-a", b"two")]
    assert speak(echo, headers=headers)[2] == [b"one,two"]


def test_a_second_host_header_is_ignored():
    def host(environ, start_response):
        start_response("200 OK", [])
        return [environ["HTTP_HOST"].encode()]

    assert speak(host, headers=[(b"host", b"ours"), (b"host", b"theirs")])[2] == [b"ours"]


def test_secrets_never_reach_the_log():
    assert logs.redact("/r/0123456789abcdefghjkmnpqrstvwxyz/reply/") == "/r/…/reply/"
    assert logs.redact("/console/reports/MG-12/") == "/console/reports/MG-12/"
    event = logs._redact_text(None, "", {"event": "Not Found: /r/0123456789abcdefghjkmnpqrstvwxyz/"})
    assert event["event"] == "Not Found: /r/…/"
    assert logs._hide_secrets(None, "", {"api_token": "x", "kind": "y"}) == {"api_token": "…", "kind": "y"}


def answering(application, *, requests):
    """Several requests at once, with a first thread and three others."""

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message):
        pass

    async def all_at_once(bridge):
        await asyncio.gather(*(bridge(scope(path=path), receive, send) for path in requests))

    with ThreadPoolExecutor(3, thread_name_prefix="other") as pool, ThreadPoolExecutor(1, "first") as one:
        loops.run(all_at_once(Bridge(application, pool, Limits(body=10), one)))


def test_what_is_quick_is_answered_by_the_first_thread_alone():
    threads = []

    def quick(environ, start_response):
        threads.append(threading.current_thread().name.partition("_")[0])
        return echo(environ, start_response)

    for _ in range(5):
        answering(quick, requests=["/a"])
    assert threads == ["first"] * 5


def test_nobody_waits_for_a_slow_answer_and_each_is_given_once():
    threads, slow_is_over = [], threading.Event()

    def uneven(environ, start_response):
        threads.append((environ["PATH_INFO"], threading.current_thread().name.partition("_")[0]))
        if environ["PATH_INFO"] == "/slow":
            assert slow_is_over.wait(20)
        elif len(threads) == 4:
            slow_is_over.set()  # only once all others have been answered beside it
        return echo(environ, start_response)

    answering(uneven, requests=["/slow", "/a", "/b", "/c"])
    assert threads[0] == ("/slow", "first")
    assert sorted(threads[1:]) == [("/a", "other"), ("/b", "other"), ("/c", "other")]
