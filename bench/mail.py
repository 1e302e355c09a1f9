"""Ten thousand mails in a row through `makegood mail ingest`: mails per second, CPU, and memory at the end and midway.

Everything is on the path: kept on disk and in a row with fsync, parsed, judged, filed, and what follows done too
(acknowledgement said and owed, questions, search index). Six in ten are new reports, a quarter answer one of the fifty
before, the rest are bounces and automatic answers. Most are multipart with HTML, as mail programs send them.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from django.utils import timezone

from bench.processes import cpu_seconds, makegood, own_memory_mb, waited_seconds

OUR_MX = "mx.desk.example"
BAR = 40.0
QUOTED = "\n\nOn Mon, 16 Nov 2026 at 09:00, Desk <help@desk.example> wrote:\n" + "> We look into it.\n" * 12
PARAGRAPH = "Since this morning the page with my claims shows an error when I press send, and nothing is kept. " * 4


def measure(folder: Path, *, count: int) -> list[dict[str, object]]:
    """Write ``count`` mails, file them in one process, look at its memory each tenth of the way."""
    mails = folder / "mails"
    mails.mkdir()
    for n in range(count):
        (mails / f"{n:06}.eml").write_bytes(_one(n))
    command = makegood("mail", "ingest", str(mails), "--json", "--authserv-id", OUR_MX)
    marks, outcomes = [], Counter()
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as one:
        assert one.stdout is not None
        for line in one.stdout:
            if not line.startswith(b"{"):
                continue
            outcomes[json.loads(line)["outcome"]] += 1
            if sum(outcomes.values()) % max(1, count // 10) == 0:
                used = (cpu_seconds([one.pid]), waited_seconds([one.pid]), own_memory_mb(one.pid))
                marks.append((time.monotonic() - begun, *used))
    if one.returncode or sum(outcomes.values()) != count:
        raise RuntimeError(f"ingest ended with {one.returncode} after {sum(outcomes.values())} of {count} mails.")
    return [*_rows(marks, count), {"what": "outcomes", "figure": ", ".join(f"{n} {k}" for k, n in outcomes.items())}]


def _rows(marks: list[tuple[float, ...]], count: int) -> list[dict[str, object]]:
    (first_at, first_cpu, first_waited, _mb), (last_at, last_cpu, last_waited, _mb) = marks[0], marks[-1]
    share = count / len(marks)
    mails, took = count - share, last_at - first_at
    alone = mails / (took - (last_waited - first_waited))
    return [
        {"what": "mails filed a second, without the first tenth", "figure": f"{mails / took:.0f}"},
        {"what": "the last tenth alone", "figure": f"{share / (last_at - marks[-2][0]):.0f} a second"},
        {"what": "without the time it stood in line for a processor", "figure": f"{alone:.0f}", "bar": _bar(alone)},
        {"what": "CPU of a mail", "figure": f"{(last_cpu - first_cpu) * 1000 / mails:.1f} ms"},
        {"what": "memory after each tenth", "figure": " ".join(f"{mark[-1]:.0f}" for mark in marks) + " MB"},
    ]


def _bar(rate: float) -> str:
    return f"{BAR:.0f} a second: {'met' if rate >= BAR else 'MISSED'}"


def _one(n: int) -> bytes:
    if n % 20 in (4, 13):
        return _answered_by_machine(n)
    if n % 20 == 17:
        return _bounce(n)
    return _answer(n) if n % 4 == 3 else _new(n)


def _mail(n: int, customer: int, words: str, *, subject: str) -> EmailMessage:
    mail, domain = EmailMessage(), f"customers-{customer % 50}.example"
    mail["Authentication-Results"] = f"{OUR_MX}; spf=pass; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    mail["Received"] = f"from out.{domain} by {OUR_MX} with ESMTPS id {n:08x}; {format_datetime(timezone.now())}"
    mail["From"] = f"Customer {customer} <customer-{customer}@{domain}>"
    mail["To"] = "help@fairfield.example"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<bench-{n}@{domain}>"
    mail["Date"] = format_datetime(timezone.now())
    mail["User-Agent"] = "Mozilla Thunderbird"
    mail.set_content(words)
    return mail


def _new(n: int) -> bytes:
    mail = _mail(n, n, f"Hello,\n\n{PARAGRAPH}\n\nIt is number {n}.\n\n-- \nCustomer {n}\n", subject=f"Claims page {n}")
    mail.add_alternative(
        f"<html><body><p>Hello,</p><p>{PARAGRAPH}</p><p>It is number {n}.</p></body></html>", subtype="html"
    )
    if n % 20 == 0:
        mail.add_attachment(f"line {n}\n" * 2000, filename="console.log")
    return mail.as_bytes()


def _answer(n: int) -> bytes:
    first = max(m for m in range(max(0, n - 50), n) if m % 4 != 3 and m % 20 not in (4, 13, 17))
    mail = _mail(n, first, f"It is worse now, number {n}.{QUOTED}", subject=f"Re: Claims page {first}")
    mail["In-Reply-To"] = f"<bench-{first}@customers-{first % 50}.example>"
    return mail.as_bytes()


def _answered_by_machine(n: int) -> bytes:
    mail = _mail(n, n, f"I am away ({n}).{QUOTED}", subject="Automatic reply")
    mail["Auto-Submitted"] = "auto-replied"
    return mail.as_bytes()


def _bounce(n: int) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: help@fairfield.example\r\nSubject: Undelivered Mail\r\n"
        f"Message-ID: <bounce-{n}@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; nobody-{n}@nowhere.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--x--\r\n"
    ).encode()
