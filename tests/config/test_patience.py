"""Heads of requests that never end, in time or in size, spoken over a real line."""

import asyncio
import contextlib

import pytest
import uvicorn

from makegood.config.patience import PatientProtocol
from tests import loops


class Hasty(PatientProtocol):
    head_seconds = 0.4


async def answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def speak(story):
    """Run ``story(reader, writer)`` against a server of ours; return what it returns."""

    async def run():
        config = uvicorn.Config(answer, port=0, http=Hasty, lifespan="off", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await asyncio.wait_for(story(reader, writer), 5)
        finally:
            writer.close()
            server.should_exit = True
            await task

    return loops.run(run())


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: 127"])
def test_a_head_that_never_ends_ends_the_line(begun):
    async def silent(reader, writer):
        writer.write(begun)
        return await reader.read()

    assert speak(silent) == b""


def test_a_head_that_trickles_is_not_given_more_time_for_each_drop():
    async def trickling(reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        for _ in range(20):
            writer.write(b"X-A: b\r\n")
            await asyncio.sleep(0.05)
            if reader.at_eof():
                break
        return await reader.read()

    assert speak(trickling) == b""


def test_a_head_without_measure_ends_the_line():
    async def endless(reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: " + b"b" * 200_000)
        return await reader.read()

    with contextlib.suppress(ConnectionResetError):
        assert speak(endless) == b""


def test_two_requests_one_after_the_other_are_answered_on_one_line():
    async def twice(reader, writer):
        heard = b""
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            heard += await reader.readuntil(b"ok")
            await asyncio.sleep(0.5)
        return heard

    assert speak(twice).count(b"200 OK") == 2
