"""How much one mail may ask of us. What breaks a limit is Poisoned; everything within them is read."""

from __future__ import annotations

import time
from dataclasses import dataclass

from makegood.lib.mail.parsed import Poisoned

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes. ``seconds`` are of CPU, so that a busy machine does not park innocent mail."""

    size: int = 25 * MEGABYTE
    depth: int = 20
    parts: int = 200
    header_line: int = 64 * 1024
    headers: int = 256 * 1024
    header_count: int = 1000
    attachments: int = 100
    seconds: float = 10.0


class Budget:
    """What is left of the limits while one mail is read."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._parts = 0
        self._attachments = 0
        self._ends = time.thread_time() + limits.seconds

    def check_size(self, size: int) -> None:
        if size > self.limits.size:
            raise Poisoned(f"The mail has {size} bytes; {self.limits.size} are allowed.")

    def check_time(self) -> None:
        if time.thread_time() > self._ends:
            raise Poisoned(f"Reading the mail took more than {self.limits.seconds:g} seconds.")

    def enter_part(self, depth: int) -> None:
        self._parts += 1
        self.check_time()
        self.check_parts(self._parts)
        if depth > self.limits.depth:
            raise Poisoned(f"The mail is nested more than {self.limits.depth} deep.")

    def check_parts(self, count: int) -> None:
        if count > self.limits.parts:
            raise Poisoned(f"The mail has more than {self.limits.parts} parts.")

    def take_attachment(self) -> None:
        self._attachments += 1
        self.check_time()
        if self._attachments > self.limits.attachments:
            raise Poisoned(f"The mail has more than {self.limits.attachments} attachments.")

    def check_header(self, line: int, block: int, count: int) -> None:
        if line > self.limits.header_line:
            raise Poisoned(f"A header of the mail is longer than {self.limits.header_line} bytes.")
        if block > self.limits.headers:
            raise Poisoned(f"The headers of the mail are longer than {self.limits.headers} bytes.")
        if count > self.limits.header_count:
            raise Poisoned(f"The mail has more than {self.limits.header_count} headers.")
