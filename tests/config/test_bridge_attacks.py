"""Large bodies where none belong, bodies that come drop by drop, crowds that only keep a place."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from makegood.config.asgi import takes_files
from makegood.config.bridge import Bridge, Limits
from makegood.doors.api.problems import in_words
from tests import loops

from .test_bridge import echo, scope, speak


def test_a_body_as_large_as_files_is_taken_only_where_files_are():
    limits = Limits(body=2_000_000, plain_body=1_000, takes_files=lambda path: path == "/files/")
    assert speak(echo, pieces=(b"x" * 5_000,), limits=limits, path="/files/")[0] == 200
    assert speak(echo, pieces=(b"x" * 5_000,), limits=limits, path="/login/")[0] == 413
    assert speak(echo, pieces=(b"x" * 600, b"x" * 600), limits=limits, path="/login/")[0] == 413
    assert speak(echo, headers=[(b"content-length", b"5000")], limits=limits, path="/login/")[0] == 413
    assert speak(echo, headers=[(b"content-length", b"9" * 5000)], limits=limits, path="/files/")[0] == 413


def test_the_addresses_that_take_files_are_those_with_a_file_field():
    for path in (
        "/report/files/",
        "/report/pictures/",
        "/report/send/",
        "/r/MG-12/say/",
        "/console/reports/12/evidence/",
        "/api/v1/reports/MG-12/files",
    ):
        assert takes_files(path)
    for path in ("/console/login/", "/report/what/", "/report/save/", "/find/", "/r/MG-12/answer/", "/live/", "/"):
        assert not takes_files(path)


def test_a_body_that_comes_drop_by_drop_is_given_up_in_all_not_only_between_drops():
    limits = Limits(body=2_000_000, idle_seconds=0.3, slowest=1_000_000)
    assert speak(echo, pieces=(b"x",) * 20, limits=limits, pause=0.1)[0] == 408


def test_those_who_are_still_sending_keep_nobody_waiting_who_is_done():
    async def crowd():
        statuses = []

        async def never():
            await asyncio.sleep(5)

        async def at_once():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            if "status" in message:
                statuses.append(message["status"])

        with ThreadPoolExecutor(1) as pool:
            bridge = Bridge(echo, pool, Limits(body=100, waiting=1, reading=10, idle_seconds=5))
            slow = [asyncio.create_task(bridge(scope(), never, send)) for _ in range(5)]
            await asyncio.sleep(0.05)
            await bridge(scope(), at_once, send)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        return statuses

    assert loops.run(crowd()) == [200]


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/reports", b"application/problem+json"), ("/find/", b"text/plain; charset=utf-8")]
)
def test_programs_are_refused_in_their_own_words_before_django_is_reached(path, kind):
    limits = Limits(body=1_000, say=in_words)
    status, headers, body = speak(echo, headers=[(b"content-length", b"5000")], limits=limits, path=path)
    assert (status, headers[b"content-type"]) == (413, kind)
    assert (b"/errors#too-large" in b"".join(body)) == (kind != b"text/plain; charset=utf-8")
