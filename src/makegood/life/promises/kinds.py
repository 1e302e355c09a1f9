"""The kinds of promises: to whom each is owed, and which wait while the reporter has the ball. Pure."""

from dataclasses import dataclass

ACKNOWLEDGE = "acknowledge"
HEAR_BACK = "hear_back"
NEXT_UPDATE = "next_update"
AFTER_ESCALATION = "after_escalation"
ACCEPT = "accept"
FIRST_ANSWER = "first_answer"
FOLLOW_UP = "follow_up"
CONFIRM = "confirm"
RECOVERY = "recovery"
ACTION = "action"
PUBLIC_NEWS = "public_news"
RCA = "rca"
VERIFY = "verify"
REVIEW = "review"
COMPENSATION = "compensation"
ARTICLE_REVIEW = "article_review"

REPORTER, TEAM, OURSELVES = "reporter", "team", "ourselves"


@dataclass(frozen=True)
class Kind:
    """``is_news``: keeping it means the reporter hears something of substance from us.

    ``waits_for_reporter``: its clock stands still while they have the ball. Others pause only when they are named.
    ``outlives``: it is still owed when the report is closed.
    """

    owed_to: str
    waits_for_reporter: bool = False
    is_news: bool = False
    outlives: bool = False


KINDS: dict[str, Kind] = {
    ACKNOWLEDGE: Kind(REPORTER),
    HEAR_BACK: Kind(REPORTER, waits_for_reporter=True, is_news=True),
    NEXT_UPDATE: Kind(REPORTER, waits_for_reporter=True, is_news=True),
    # Not made as such: the terms of the next_update promised to the reporter when their report is escalated (E1).
    AFTER_ESCALATION: Kind(REPORTER, waits_for_reporter=True, is_news=True),
    ACCEPT: Kind(TEAM),
    FIRST_ANSWER: Kind(TEAM),
    FOLLOW_UP: Kind(REPORTER, is_news=True),
    CONFIRM: Kind(REPORTER, is_news=True),
    # A lead calls whoever is unhappy with us. Nobody was told of it, and most say so when all else is over.
    RECOVERY: Kind(OURSELVES, outlives=True),
    ACTION: Kind(OURSELVES),
    # About a problem, not a report: the next word to everybody it hits.
    PUBLIC_NEWS: Kind(REPORTER),
    # About an analysis and about an action: to publish the one, to check whether the other worked.
    RCA: Kind(OURSELVES),
    VERIFY: Kind(OURSELVES),
    # About the regular review: that it is held and signed.
    REVIEW: Kind(OURSELVES),
    # About a compensation that was proposed: decided by then, one way or the other.
    COMPENSATION: Kind(OURSELVES),
    # About an article of the knowledge base: somebody looks whether it still holds.
    ARTICLE_REVIEW: Kind(OURSELVES),
}
MADE_KINDS = tuple(kind for kind in KINDS if kind != AFTER_ESCALATION)
WAITING = tuple(name for name, kind in KINDS.items() if kind.waits_for_reporter)
OUTLIVING = tuple(name for name, kind in KINDS.items() if kind.outlives)
NEWS = tuple(name for name, kind in KINDS.items() if kind.is_news)

# Whom a rung of the ladder tells.
DUTY, BACKUP, LEAD, MANAGER, EXECUTIVE = "duty", "backup", "lead", "manager", "executive"
WHOM = (DUTY, BACKUP, "team", LEAD, MANAGER, EXECUTIVE)
