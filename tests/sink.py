"""A real SMTP server for tests: keeps what it takes."""

import email
import email.policy
import socket

from aiosmtpd.controller import Controller


class Sink:
    """Use as a context manager. ``mails`` is what came; ``answers`` replaces the answers to the next mails."""

    def __init__(self):
        self.mails, self.answers, self.sessions = [], [], set()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_trouble):
        self.controller.stop()

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.sessions.add(session.peer)
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 ok"
