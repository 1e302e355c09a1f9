"""What an installation promises before anybody has edited it: plain data.

Targets and ladders follow common on-call and customer-care practice: a human answer in 10 minutes, 30 minutes,
2 business hours or 1 business day by severity; acceptance by whoever is on duty in 5 or 15 minutes, an hour, the next
business day; news to each customer hourly, every 4 hours, daily, weekly; and 2 to 4 hours after an escalation. Minutes
of business time count open hours only; the default desk is open 9 hours a day, so a business day is 540.
"""

from makegood.life.promises import kinds

CRITICAL, HIGH, MEDIUM, LOW = "critical", "high", "medium", "low"
BUSINESS_DAY = 540
DAY = 24 * 60

# Weekday → blocks, as CalendarVersion.blocks keeps them.
DESK_HOURS = {str(day): [["08:00", "12:00"], ["13:00", "18:00"]] for day in range(5)}

Rungs = tuple[tuple[int, str], ...]

_ACCEPT_LADDERS: dict[str, Rungs] = {
    CRITICAL: ((0, kinds.BACKUP), (5, kinds.LEAD), (15, kinds.MANAGER), (25, kinds.EXECUTIVE)),
    HIGH: ((0, kinds.BACKUP), (15, kinds.LEAD), (45, kinds.MANAGER)),
    MEDIUM: ((0, kinds.BACKUP), (60, kinds.LEAD), (BUSINESS_DAY - 60, kinds.MANAGER)),
    LOW: ((0, kinds.BACKUP), (BUSINESS_DAY, kinds.LEAD)),
}
_NEWS_LADDERS: dict[str, Rungs] = {
    CRITICAL: ((0, kinds.LEAD), (30, kinds.MANAGER), (120, kinds.EXECUTIVE)),
    HIGH: ((0, kinds.LEAD), (120, kinds.MANAGER)),
    MEDIUM: ((0, "team"), (120, kinds.LEAD), (BUSINESS_DAY, kinds.MANAGER)),
    LOW: ((0, "team"), (BUSINESS_DAY, kinds.LEAD)),
}
_QUIET_LADDER: dict[str, Rungs] = {
    CRITICAL: ((0, kinds.LEAD), (BUSINESS_DAY, kinds.MANAGER)),
    HIGH: ((0, kinds.LEAD), (BUSINESS_DAY, kinds.MANAGER)),
    MEDIUM: ((0, "team"), (BUSINESS_DAY, kinds.LEAD)),
    LOW: ((0, "team"), (2 * BUSINESS_DAY, kinds.LEAD)),
}
_RECOVERY_LADDER: Rungs = ((0, kinds.LEAD), (240, kinds.MANAGER), (BUSINESS_DAY, kinds.EXECUTIVE))

# kind → severity → (minutes, counted in business time)
TARGETS: dict[str, dict[str, tuple[int, bool]]] = {
    kinds.ACKNOWLEDGE: {CRITICAL: (1, False), HIGH: (2, False), MEDIUM: (5, False), LOW: (5, False)},
    kinds.HEAR_BACK: {CRITICAL: (10, False), HIGH: (30, False), MEDIUM: (120, True), LOW: (BUSINESS_DAY, True)},
    kinds.NEXT_UPDATE: {
        CRITICAL: (60, False),
        HIGH: (240, False),
        MEDIUM: (BUSINESS_DAY, True),
        LOW: (5 * BUSINESS_DAY, True),
    },
    kinds.AFTER_ESCALATION: {CRITICAL: (120, False), HIGH: (180, False), MEDIUM: (240, True), LOW: (240, True)},
    kinds.ACCEPT: {CRITICAL: (5, False), HIGH: (15, False), MEDIUM: (60, True), LOW: (BUSINESS_DAY, True)},
    kinds.FIRST_ANSWER: {
        CRITICAL: (30, False),
        HIGH: (120, False),
        MEDIUM: (240, True),
        LOW: (3 * BUSINESS_DAY, True),
    },
    kinds.FOLLOW_UP: {
        CRITICAL: (BUSINESS_DAY, True),
        HIGH: (BUSINESS_DAY, True),
        MEDIUM: (2 * BUSINESS_DAY, True),
        LOW: (3 * BUSINESS_DAY, True),
    },
    kinds.CONFIRM: dict.fromkeys((CRITICAL, HIGH, MEDIUM, LOW), (3 * BUSINESS_DAY, True)),
    kinds.RECOVERY: dict.fromkeys((CRITICAL, HIGH, MEDIUM, LOW), (BUSINESS_DAY, True)),
    # By severity: what lets the worst come back waits the shortest.
    kinds.ACTION: {
        CRITICAL: (15 * DAY, False),
        HIGH: (30 * DAY, False),
        MEDIUM: (60 * DAY, False),
        LOW: (90 * DAY, False),
    },
    kinds.RCA: {
        CRITICAL: (3 * DAY, False),
        HIGH: (5 * BUSINESS_DAY, True),
        MEDIUM: (10 * BUSINESS_DAY, True),
        LOW: (10 * BUSINESS_DAY, True),
    },
    kinds.VERIFY: dict.fromkeys((CRITICAL, HIGH, MEDIUM, LOW), (5 * BUSINESS_DAY, True)),
    kinds.REVIEW: dict.fromkeys((CRITICAL, HIGH, MEDIUM, LOW), (3 * BUSINESS_DAY, True)),
    kinds.PUBLIC_NEWS: {
        CRITICAL: (60, False),
        HIGH: (240, False),
        MEDIUM: (BUSINESS_DAY, True),
        LOW: (5 * BUSINESS_DAY, True),
    },
    kinds.COMPENSATION: {
        CRITICAL: (BUSINESS_DAY, True),
        HIGH: (BUSINESS_DAY, True),
        MEDIUM: (2 * BUSINESS_DAY, True),
        LOW: (3 * BUSINESS_DAY, True),
    },
    kinds.ARTICLE_REVIEW: dict.fromkeys((CRITICAL, HIGH, MEDIUM, LOW), (10 * BUSINESS_DAY, True)),
}
LADDERS: dict[str, dict[str, Rungs]] = {
    kinds.ACKNOWLEDGE: _NEWS_LADDERS,
    kinds.HEAR_BACK: _NEWS_LADDERS,
    kinds.NEXT_UPDATE: _NEWS_LADDERS,
    kinds.AFTER_ESCALATION: _NEWS_LADDERS,
    kinds.ACCEPT: _ACCEPT_LADDERS,
    kinds.FIRST_ANSWER: _NEWS_LADDERS,
    kinds.FOLLOW_UP: _QUIET_LADDER,
    kinds.CONFIRM: _QUIET_LADDER,
    kinds.RECOVERY: dict.fromkeys((CRITICAL, HIGH, MEDIUM, LOW), _RECOVERY_LADDER),
    kinds.ACTION: _QUIET_LADDER,
    kinds.PUBLIC_NEWS: _NEWS_LADDERS,
    kinds.RCA: _QUIET_LADDER,
    kinds.VERIFY: _QUIET_LADDER,
    kinds.REVIEW: _QUIET_LADDER,
    kinds.COMPENSATION: _QUIET_LADDER,
    kinds.ARTICLE_REVIEW: _QUIET_LADDER,
}
AT_RISK_PERCENT = 80
