"""When an article is looked at again. Pure: facts in, a day and the reasons out.

Use is the review: what is used and helps is looked at less often. A "did not help", another release of the product,
and time without use bring it nearer. What nobody used for half a year is offered for the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from makegood.life.knowledge import states

DAY = timedelta(days=1)
# So long an article may stand before anybody looks, by confidence; it is halved or doubled, never more.
USUAL = {states.WIP: 14 * DAY, states.NOT_VALIDATED: 60 * DAY, states.VALIDATED: 180 * DAY}
# Each ten uses since the last review put it off by a tenth, at most to double.
USES_FOR_A_TENTH = 10
NOT_HELPED_COUNT = 3
NOT_HELPED_SHARE = 0.4
LEAST_VOTES = 5
EACH_NOT_HELPED = 15 * DAY
SOON = 3 * DAY
AFTER_RELEASE = 14 * DAY
UNUSED = 180 * DAY

AGE, USED, VOTES, VOTE, RELEASE, FLAGGED = "age", "used", "votes", "vote", "release", "flagged"


@dataclass(frozen=True)
class Facts:
    """What is known of one article. Counts are since the last review, or since it was written."""

    confidence: str
    since: datetime  # the last review, or when it was written
    uses: int = 0  # reports linked, and "solved it"
    helped: int = 0
    not_helped: int = 0
    last_not_helped_at: datetime | None = None
    flagged_at: datetime | None = None
    last_used_at: datetime | None = None
    checked_release: str = ""
    newest_release: str = ""
    released_at: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """``at``: None for what rests in the archive. ``why``: codes, the weightiest first."""

    at: datetime | None
    why: tuple[str, ...] = field(default=())
    may_rest: bool = False


def judge(facts: Facts, *, now: datetime) -> Verdict:
    """When it is due, why then, and whether it may be archived."""
    if facts.confidence == states.ARCHIVED:
        return Verdict(None)
    dues: list[tuple[datetime, str]] = [_by_age(facts)]
    if (doubted := _by_votes(facts)) is not None:
        dues.append(doubted)
    if facts.flagged_at and facts.flagged_at >= facts.since:
        dues.append((facts.flagged_at + SOON, FLAGGED))
    if is_another_release(facts):
        released = facts.released_at or now
        dues.append((max(released, facts.since) + AFTER_RELEASE, RELEASE))
    at = min(due for due, _why in dues)
    why = tuple(why for due, why in sorted(dues, key=lambda one: one[0]) if due <= at + SOON or why != AGE)
    used_or_new = max(filter(None, (facts.last_used_at, facts.since)))
    may_rest = facts.confidence != states.WIP and now - used_or_new >= UNUSED
    return Verdict(at, why, may_rest)


def is_another_release(facts: Facts) -> bool:
    """Whether the product has moved on by more than a patch since somebody checked it."""
    if not facts.newest_release or not facts.checked_release:
        return False
    return _branch(facts.newest_release) != _branch(facts.checked_release)


def _by_age(facts: Facts) -> tuple[datetime, str]:
    tenths = min(10, facts.uses // USES_FOR_A_TENTH)
    put_off = USUAL[facts.confidence] * (1 + tenths / 10)
    taken_off = min(USUAL[facts.confidence] / 2, facts.not_helped * EACH_NOT_HELPED)
    why = USED if tenths else VOTE if facts.not_helped else AGE
    return facts.since + put_off - taken_off, why


def _by_votes(facts: Facts) -> tuple[datetime, str] | None:
    """Enough people it did not help: it is looked at in days."""
    if facts.last_not_helped_at is None or facts.not_helped < NOT_HELPED_COUNT:
        return None
    votes = facts.helped + facts.not_helped
    if votes >= LEAST_VOTES and facts.not_helped / votes < NOT_HELPED_SHARE:
        return None
    return facts.last_not_helped_at + SOON, VOTES


def _branch(release: str) -> tuple[str, ...]:
    """The parts of a release that say more than "patch": "v3.14.2" → ("3", "14"); of a word, the word."""
    found = re.search(r"(\d+)(?:\.(\d+))?", release)
    return tuple(part or "0" for part in found.groups()) if found else (release.strip().lower(),)
