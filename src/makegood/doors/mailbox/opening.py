"""Opens the door: starts what fetches and what listens, in the process that calls, and closes it again."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from makegood.config import env
from makegood.doors.mailbox.fetchers import Fetchers
from makegood.doors.mailbox.listener import Listener


class Door:
    """Use as a context manager around the life of the worker."""

    def __enter__(self) -> Door:
        self.threads: list[Fetchers | Listener] = [Fetchers()]
        if place := env.address_to_listen_on(settings.SMTP_LISTEN):
            self.threads.append(Listener(*place, name=urlsplit(settings.BASE_URL).hostname or "localhost"))
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        for thread in self.threads:
            thread.stop()
