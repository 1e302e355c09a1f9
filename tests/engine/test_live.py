"""Live updates and presence."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from makegood.engine import live
from makegood.engine.live import events, presence
from makegood.engine.live.hub import MAX_PER_USER, Hub, Listener
from tests import loops


def test_an_event_carries_topics_and_a_reference_and_goes_after_an_hour(db, monday):
    live.publish(["queue", "report:1"], "report:1", at=monday)
    live.publish("queue", at=monday + timedelta(hours=2))
    assert [event.topics for event in events.since(0)] == [{"queue", "report:1"}, {"queue"}]
    assert events.forget_old(now=monday + timedelta(hours=2)) == 1
    assert events.newest_id() == events.oldest_id() > 0


def test_who_looks_is_seen_for_half_a_minute_and_told_only_when_it_is_news(db, monday):
    presence.beat(1, "Dora", ref="report:1", state="viewing", now=monday)
    presence.beat(1, "Dora", ref="report:1", state="viewing", now=monday + timedelta(seconds=10))
    presence.beat(1, "Dora", ref="report:1", state="replying", now=monday + timedelta(seconds=11))
    assert [event.topics for event in events.since(0)] == [{"presence:report:1"}] * 2
    assert presence.who("report:1", now=monday + timedelta(seconds=12)) == [presence.Person(1, "Dora", "replying")]
    assert presence.who("report:1", now=monday + timedelta(seconds=12), besides=1) == []
    assert presence.who("report:1", now=monday + timedelta(seconds=60)) == []
    with pytest.raises(ValueError, match="not one of"):
        presence.beat(1, "Dora", ref="report:1", state="dancing", now=monday)


class Browser:
    """Speaks ASGI to a hub in a running loop."""

    def __init__(self, hub, query="", last_id=""):
        self.heard, self.status, self.left = b"", 0, asyncio.Event()
        headers = [(b"last-event-id", last_id.encode())] if last_id else []
        scope = {"type": "http", "path": "/live/", "query_string": query.encode(), "headers": headers}
        self.task = asyncio.create_task(hub(scope, self.receive, self.send))

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.status = message.get("status", self.status)
        self.heard += message.get("body", b"")

    def events(self):
        return [json.loads(line[6:]) for line in self.heard.decode().splitlines() if line.startswith("data: ")]

    async def until(self, count):
        for _ in range(100):
            if len(self.events()) >= count:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.heard)


def with_hub(story, listener=None):
    listener = listener or Listener("agent:1", lambda topic: not topic.startswith("agent:") or topic == "agent:1")

    async def run():
        with ThreadPoolExecutor(1) as pool:
            hub = Hub(lambda scope: listener, pool)
            await story(hub, pool)
            hub.close()
            await asyncio.sleep(0.05)

    loops.run(run())


async def publish(pool, *topics, at):
    await asyncio.get_running_loop().run_in_executor(pool, lambda: live.publish(topics, at=at))


@pytest.mark.django_db(transaction=True)
def test_browsers_hear_what_they_may_and_what_they_want(monday):
    async def story(hub, pool):
        all_of_it, some = Browser(hub), Browser(hub, "topics=report:1")
        await asyncio.sleep(0.5)
        for topic in ("queue", "agent:2", "report:1"):
            await publish(pool, topic, at=monday)
        await all_of_it.until(2)
        await some.until(1)
        assert [event["topics"] for event in all_of_it.events()] == [["queue"], ["report:1"]]
        assert [event["topics"] for event in some.events()] == [["report:1"]]

    with_hub(story)


@pytest.mark.django_db(transaction=True)
def test_who_comes_back_hears_what_was_missed_or_that_too_much_was(monday):
    for _ in range(3):
        live.publish("queue", at=monday)
    newest = events.newest_id()

    async def story(hub, pool):
        back, long_gone = Browser(hub, last_id=str(newest - 2)), Browser(hub, last_id="-1")
        await back.until(2)
        assert long_gone.events() == []

    with_hub(story)


@pytest.mark.django_db(transaction=True)
def test_the_oldest_stream_of_a_person_ends_when_there_are_too_many():
    async def story(hub, pool):
        browsers = [Browser(hub) for _ in range(MAX_PER_USER + 2)]
        await asyncio.sleep(0.5)
        assert len(hub.streams) == MAX_PER_USER
        browsers[-1].left.set()
        await asyncio.sleep(0.2)
        assert len(hub.streams) == MAX_PER_USER - 1

    with_hub(story)


@pytest.mark.django_db(transaction=True)
def test_strangers_are_refused():
    async def story(hub, pool):
        hub.authorise = lambda scope: None
        stranger = Browser(hub)
        await stranger.task
        assert stranger.status == 403

    with_hub(story)
