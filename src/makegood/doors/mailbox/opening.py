"""Opens the door: starts what fetches and what listens, in the process that calls, and closes it again."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from makegood.doors.mailbox.fetchers import Fetchers
from makegood.doors.mailbox.listener import Listener


class Door:
    """Use as a context manager around the life of the worker. ``listens_on``: host and port for mail by SMTP."""

    def __init__(self, listens_on: tuple[str, int] | None) -> None:
        self.threads: list[Fetchers | Listener] = [Fetchers()]
        if listens_on:
            self.threads.append(Listener(*listens_on, name=urlsplit(settings.BASE_URL).hostname or "localhost"))

    def __enter__(self) -> Door:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        for thread in self.threads:
            thread.stop()
