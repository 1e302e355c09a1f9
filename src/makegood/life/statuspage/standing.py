"""States of components, notices and the whole page: one vocabulary, that of Statuspage, and what follows from it. Pure.

The headline is computed from the very states that are listed below it, so the two can never disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from makegood.life.problems import states

OPERATIONAL = "operational"
MAINTENANCE = "under_maintenance"
DEGRADED = "degraded_performance"
PARTIAL = "partial_outage"
MAJOR = "major_outage"
# From best to worst. Planned work is better than anything that is not planned.
COMPONENT_STATES = (OPERATIONAL, MAINTENANCE, DEGRADED, PARTIAL, MAJOR)
# What a person may set as the state a component has by itself; maintenance comes from a maintenance.
BASELINES = (OPERATIONAL, DEGRADED, PARTIAL, MAJOR)

INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED = "investigating", "identified", "monitoring", "resolved"
TROUBLE_STATES = (INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED)
SCHEDULED, IN_PROGRESS, VERIFYING, COMPLETED = "scheduled", "in_progress", "verifying", "completed"
MAINTENANCE_STATES = (SCHEDULED, IN_PROGRESS, VERIFYING, COMPLETED)
UNDER_WAY = (IN_PROGRESS, VERIFYING)
# While it is looked for or repaired, what it hits cannot be said to work.
UNREPAIRED = (INVESTIGATING, IDENTIFIED)

NONE, MINOR, SERIOUS, CRITICAL = "none", "minor", "major", "critical"
IMPACTS = (NONE, MINOR, SERIOUS, CRITICAL)
# Of the shown components so many in a major outage make it an outage of the whole.
CRITICAL_FROM_PERCENT = 50

# What the public may be told at most, by the state inside: released waits for customers to say that it works.
AT_MOST: dict[str, str] = {
    states.OPEN: INVESTIGATING,
    states.INVESTIGATING: INVESTIGATING,
    states.CAME_BACK: INVESTIGATING,
    states.CAUSE_KNOWN: IDENTIFIED,
    states.FIXING: IDENTIFIED,
    states.RELEASED: MONITORING,
    states.WATCHING: MONITORING,
    states.RESOLVED: RESOLVED,
}
# What is said of a known cause while, or after, it is put right inside; beside the states, which other programs know.
BEING_FIXED = "being_fixed"
STEPS = (INVESTIGATING, IDENTIFIED, BEING_FIXED, MONITORING, RESOLVED, *MAINTENANCE_STATES)
_FIX_HAS_BEGUN = (states.FIXING, states.RELEASED, states.WATCHING, states.RESOLVED)
BY_SEVERITY = {"critical": MAJOR, "high": PARTIAL, "medium": DEGRADED, "low": DEGRADED}
_IMPACT_OF = {OPERATIONAL: NONE, MAINTENANCE: NONE, DEGRADED: MINOR, PARTIAL: SERIOUS, MAJOR: CRITICAL}


def worst(found: Iterable[str]) -> str:
    """The worst of several component states; operational if there are none."""
    return max(found, key=COMPONENT_STATES.index, default=OPERATIONAL)


def effective(baseline: str, claims: Iterable[str]) -> str:
    """The state of a component: the worst of what it has by itself and what open notices say of it."""
    return worst((baseline, *claims))


def claims_more(public: str, inside: str) -> bool:
    """Whether ``public`` says more than a problem in the state ``inside`` allows."""
    return TROUBLE_STATES.index(public) > TROUBLE_STATES.index(AT_MOST[inside])


def step(public: str, inside: str) -> str:
    """How ``public`` is said of a problem in the state ``inside`` (empty: of none); one of ``STEPS``."""
    return BEING_FIXED if public == IDENTIFIED and inside in _FIX_HAS_BEGUN else public


def allowed(inside: str) -> tuple[str, ...]:
    """The public states a problem in the state ``inside`` allows, least first."""
    return TROUBLE_STATES[: TROUBLE_STATES.index(AT_MOST[inside]) + 1]


def impact(of_components: Iterable[str], *, set_by_hand: str = "") -> str:
    """How bad a notice is: as somebody set it, else by the worst component; minor when it names none."""
    if set_by_hand:
        return set_by_hand
    named = list(of_components)
    return _IMPACT_OF[worst(named)] if named else MINOR


def indicator(components: Collection[str], open_impacts: Iterable[str] = ()) -> str:
    """The one word for the whole page: none, minor, major, critical or maintenance.

    An open problem that no component shows still keeps the page from saying that all is well.
    """
    found = worst(components)
    if found == MAJOR and _share(components, MAJOR) >= CRITICAL_FROM_PERCENT:
        return CRITICAL
    if found in (MAJOR, PARTIAL):
        return SERIOUS
    if found == DEGRADED or any(impact != NONE for impact in open_impacts):
        return MINOR
    return "maintenance" if found == MAINTENANCE else NONE


def _share(components: Collection[str], state: str) -> float:
    return 100 * sum(one == state for one in components) / len(components)
