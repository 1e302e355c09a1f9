"""A real SMTP server for tests: keeps what it takes, and can be as unwell as servers are."""

import asyncio
import email
import email.policy
import socket

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

STEPS = ("connect", "mail", "rcpt", "data")
# What a server may do at a step instead of answering.
SILENCE, HANG_UP = "silence", "hang up"


class _Server(SMTP):
    async def _handle_client(self):
        answer = self.event_handler.next_at("connect")
        if answer is None:
            await super()._handle_client()
        elif await self.event_handler.misbehave(self, answer) is not None:
            await self.push(answer)
            self.transport.close()


class _Controller(Controller):
    def factory(self):
        return _Server(self.handler, hostname="sink.example")


class Sink:
    """Use as a context manager. ``mails`` is what came; ``answers`` replaces the answers to the next whole mails, and
    ``at[step]`` those to the next times a step is reached: words, SILENCE or HANG_UP. ``hangs_up_after`` takes a mail,
    then the connection goes before the answer."""

    def __init__(self):
        self.mails, self.raw, self.answers, self.sessions, self.reached = [], [], [], set(), []
        self.at = {step: [] for step in STEPS}
        self.hangs_up_after = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = _Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def __enter__(self):
        # The controller says hello to itself at its start: that is none of the test's steps.
        planned, self.at = self.at, {step: [] for step in STEPS}
        self.controller.start()
        self.at, self.reached = planned, []
        return self

    def __exit__(self, *_trouble):
        self.controller.stop()

    def next_at(self, step):
        self.reached.append(step)
        return self.at[step].pop(0) if self.at[step] else None

    async def misbehave(self, server, answer):
        """The answer to give, or None when the connection is gone."""
        if answer is SILENCE:
            while not server.transport.is_closing():
                await asyncio.sleep(0.02)
            return None
        if answer is HANG_UP:
            server.transport.abort()
            return None
        return answer

    async def handle_MAIL(self, server, _session, envelope, address, options):  # noqa: N802 - aiosmtpd's names
        answer = self.next_at("mail")
        if answer is None:
            envelope.mail_from, envelope.mail_options = address, options
        return await self.misbehave(server, answer or "250 ok") or "421 gone"

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802
        answer = self.next_at("rcpt")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return await self.misbehave(server, answer or "250 ok") or "421 gone"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.sessions.add(session.peer)
        answer = self.next_at("data")
        if answer is not None:
            return await self.misbehave(server, answer) or "421 gone"
        if self.answers:
            return self.answers.pop(0)
        self.raw.append(envelope.content)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.hangs_up_after:
            self.hangs_up_after -= 1
            server.transport.abort()
        return "250 ok"
