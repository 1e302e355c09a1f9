"""CPU milliseconds to read a mail: ``python -m bench.parsing``. The floor is the standard library's parser alone."""

from __future__ import annotations

import email
import random
import time
from collections.abc import Callable

from tests.corpus.mails import CASES
from tests.corpus.mails.case import file_part, multipart, plain_part
from tests.corpus.mails.replies import REPLIES

from makegood.lib.mail import parse


def milliseconds(read: Callable[[bytes], object], mails: list[bytes], *, times: int) -> float:
    for raw in mails:
        read(raw)
    began = time.process_time()
    for _ in range(times):
        for raw in mails:
            read(raw)
    return (time.process_time() - began) / times / len(mails) * 1000


def with_file(size: int) -> bytes:
    data = random.Random(17).randbytes(size)  # noqa: S311 - no secret, the same bytes each time
    return multipart("mixed", plain_part("See."), file_part(data, "application/pdf", disposition="attachment"))


def main() -> None:
    sets = {
        "answers, text and HTML": ([case.raw for case in REPLIES], 10),
        "the whole corpus": ([case.raw for case in CASES], 5),
        "1 MB with a file": ([with_file(740_000)], 20),
        "24 MB with a file": ([with_file(17_500_000)], 2),
    }
    print("| mail | ms | standard library's tree alone, ms |\n|---|---|---|")
    for name, (mails, times) in sets.items():
        ours = milliseconds(parse, mails, times=times)
        floor = milliseconds(email.message_from_bytes, mails, times=times)
        print(f"| {name} | {ours:.2f} | {floor:.2f} |")


if __name__ == "__main__":
    main()
