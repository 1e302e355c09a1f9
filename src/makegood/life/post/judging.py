"""Whose word is a mail, what does it belong to, what shall happen to it. Pure.

Knowing a thread is no permission to speak in it. A secret reply address stands for whoever was given it; a Message-ID
of ours or a number only for a sender whom our own mail server has verified. Everything else becomes a report of its
own, or waits for a person; and nobody outside learns from the difference whether a number exists.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from makegood.lib.mail.parsed import Parsed

# What becomes of a mail.
NEW, APPEND, IGNORE, BOUNCE, HOLD, DUPLICATE, PARKED = (
    "new_report",
    "append",
    "ignore_auto",
    "bounce_recorded",
    "quarantined",
    "duplicate",
    "parked",
)

# By what a mail belongs to a report, strongest first.
SECRET, THREAD, NUMBER = "secret", "thread", "number"

# Whether the same words came before: the very same mail, or the same again within a while.
SAME, AGAIN = "same", "again"

_NUMBER = re.compile(r"(?<![\w-])MG-(\d{1,12})(?![\w-])", re.IGNORECASE)
_PREFIX = re.compile(
    r"(?:re|r|fw|fwd|aw|antw|wg|sv|vs|vb|ref|rif|i|tr|rv|enc|res|odp|pd|doorst|отв|ответ|пересл|返信|転送|回复|转发|答复)"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*",  # noqa: RUF001 - the wide colon is what is written there
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[\[(]\s*MG-\d{1,12}\s*[\])]", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:no|do[-_.]?not|don'?t)[-_.]?reply|nicht[-_.]?antworten|mailer-daemon|postmaster|bounces?|listserv|majordomo",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Claim:
    """A report the mail says it belongs to, and what its sender is there. Without ``report``: there is no such one."""

    by: str
    report: int | None = None
    is_reporter: bool = False
    takes_part: bool = False
    is_over: bool = False

    @property
    def is_theirs(self) -> bool:
        return self.is_reporter or self.takes_part


@dataclass(frozen=True)
class Facts:
    """What is known of a mail. ``machine``: why no human wrote it. ``is_ours``: from an address of the desk itself."""

    machine: str = ""
    is_bounce: bool = False
    is_own_mail: bool = False
    has_sender: bool = True
    is_verified: bool = False
    is_staff: bool = False
    is_ours: bool = False
    is_forward: bool = False
    repeat: str = ""
    claims: Sequence[Claim] = ()


@dataclass(frozen=True)
class Judgement:
    """``report``: what it is added to, or what the new report goes on from. ``reason``: a word of ``wording``."""

    outcome: str
    reason: str
    report: int | None = None
    proposes_sender: bool = False


def judge(facts: Facts) -> Judgement:
    """What shall happen to a mail, first rule that fits."""
    if facts.is_own_mail:
        return Judgement(IGNORE, "own_mail")
    if facts.is_bounce:
        return Judgement(BOUNCE, "bounce")
    if facts.repeat == SAME:
        return Judgement(DUPLICATE, "came_before")
    if facts.machine:
        return Judgement(IGNORE, "machine")
    if not facts.has_sender:
        return Judgement(HOLD, "no_sender")
    if facts.is_ours:
        return Judgement(HOLD, "says_it_is_us")
    if facts.is_staff and not (facts.is_verified and facts.is_forward):
        return Judgement(HOLD, "says_it_is_staff")
    made = _by_claim(facts)
    if facts.repeat == AGAIN and made.outcome == NEW:
        return Judgement(DUPLICATE, "came_before")
    return made


def _by_claim(facts: Facts) -> Judgement:
    if not facts.claims:
        return Judgement(NEW, "new")
    for claim in facts.claims:
        if claim.is_theirs and not claim.is_over and (claim.by == SECRET or facts.is_verified):
            return Judgement(APPEND, claim.by, claim.report)
    return _instead(facts.claims[0], is_verified=facts.is_verified)


def _instead(claim: Claim, *, is_verified: bool) -> Judgement:
    """What a mail becomes that may not speak in the thread it names."""
    if claim.is_theirs:
        is_late = claim.is_over and (is_verified or claim.by == SECRET)
        return Judgement(NEW, "late" if is_late else "unverified", claim.report)
    if claim.by == SECRET:
        return Judgement(NEW, "stranger", claim.report, proposes_sender=True)
    return Judgement(HOLD, "stranger")


def numbers_in(subject: str) -> list[int]:
    """The report numbers a subject names, at most three, each once."""
    return list(dict.fromkeys(int(digits) for digits in _NUMBER.findall(subject)))[:3]


def bare_subject(subject: str) -> str:
    """The subject without marks of answering and forwarding, in whatever language, and without our number."""
    words = " ".join(_BRACKETED.sub(" ", subject).split())
    while match := _PREFIX.match(words):
        words = words[match.end() :]
    return words


def is_nobody(email: str) -> bool:
    """Whether an address is a machine's, which can take part in nothing."""
    return _NOBODY.match(email.partition("@")[0]) is not None


def content_hash(mail: Parsed) -> str:
    """The same for the same words and files from the same sender, however they travelled and whenever they were sent.

    Quotes and report numbers are left out: a machine that answers each of our mails is to be known by its words.
    """
    inner = mail.forwarded
    parts = [
        mail.sender.email,
        bare_subject(mail.subject).casefold(),
        " ".join(mail.body.split()),
        f"{inner.sender.email} {' '.join(inner.body.split())}" if inner else "",
        *sorted(hashlib.sha256(part.data).hexdigest() for part in mail.attachments),
    ]
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()
