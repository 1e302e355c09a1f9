"""A report of Ana's that was solved, and works for her: where what follows begins."""

from datetime import timedelta

from makegood.life.aftercare import actions, feedback
from tests.life.case import file_report, fresh

HOUR = timedelta(hours=1)
AT_ONCE = timedelta(0)


def solved(cast, at, key="ana-0001", **more):
    report = file_report(cast, at, key=key, **more)
    actions.solve(report, cause="A full disk.", solution="Made room.", by=cast.dora.actor, at=at, undo=AT_ONCE)
    return fresh(report)


def works(cast, at, key="ana-0001", **more):
    report = solved(cast, at, key=key, **more)
    actions.confirm(report, "yes", by=cast.ana.actor, at=at + HOUR)
    return fresh(report)


def rated(cast, at, score, key="ana-0001", **why):
    report = works(cast, at, key=key)
    feedback.rate(report, score, by=cast.ana.actor, at=at + 2 * HOUR, **why)
    return fresh(report)
