"""Clients: the same ones for the product and for its floor."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Result:
    """What a run gave: seconds per answer, and how many were not what was wanted."""

    seconds: list[float] = field(default_factory=list)
    unhindered: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def at(self, share: float) -> float:
        """The given quantile in milliseconds."""
        return _quantile(self.seconds, share)

    def unhindered_at(self, share: float) -> float:
        """The same without the waiting for a processor that other programs had."""
        return _quantile(self.unhindered, share)


def _quantile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")


class Client:
    """One kept-alive connection with its cookies."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        """``source``: the loopback address to come from, for what is limited per address."""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None):
        """Send one request; return (status, headers, body)."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body=body, headers=sent)
        answer = self.connection.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.split(";", 1)[0].partition("=")
                self.cookies[cookie] = content
        return answer.status, answer.headers, data


def drive(work: Callable[[int, int], str | None], *, clients: int, each: int) -> Result:
    """Let ``clients`` threads call ``work(client, n)`` ``each`` times; it returns None, or what was wrong."""
    result = Result()
    guard = threading.Lock()

    def run(client: int) -> None:
        for n in range(each):
            begun = time.perf_counter()
            wrong = work(client, n)
            took = time.perf_counter() - begun
            with guard:
                result.seconds.append(took)
                if wrong:
                    result.wrong.append(wrong)

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.elapsed = time.perf_counter() - begun
    return result


def repeat(work: Callable[[int], str | None], *, times: int, waited: Callable[[], float]) -> Result:
    """Call ``work(n)`` one after the other. ``waited`` gives the seconds all who took part stood in the run queue."""
    result = Result()
    for n in range(times):
        stood, begun = waited(), time.perf_counter()
        wrong = work(n)
        took = time.perf_counter() - begun
        result.seconds.append(took)
        result.unhindered.append(max(0.0, took - (waited() - stood)))
        if wrong:
            result.wrong.append(wrong)
    result.elapsed = sum(result.seconds)
    return result
