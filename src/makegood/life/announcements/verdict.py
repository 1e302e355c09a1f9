"""How many of those who were told it is fixed must say no before nobody believes it any more. Pure."""

from dataclasses import dataclass

COUNT, SHARE = "count", "share"


@dataclass(frozen=True)
class Limits:
    """So many "no" are enough; or so many percent of the answers, if there are at least ``least`` of them."""

    count: int = 3
    percent: int = 20
    least: int = 2


@dataclass(frozen=True)
class Answers:
    """What came of asking. ``silent``: told, and nothing heard yet."""

    yes: int = 0
    no: int = 0
    not_yet: int = 0
    silent: int = 0

    @property
    def given(self) -> int:
        """Answers that say whether it works."""
        return self.yes + self.no

    @property
    def told(self) -> int:
        return self.yes + self.no + self.not_yet + self.silent


def doubt(answers: Answers, limits: Limits) -> str:
    """Why the fix is not believed: ``count``, ``share``, or empty while it is."""
    if answers.no >= limits.count:
        return COUNT
    if answers.no >= limits.least and answers.no * 100 >= limits.percent * answers.given:
        return SHARE
    return ""
