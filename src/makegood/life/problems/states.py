"""The states of a problem and the moves between them: one table, pure.

Facts that stand beside the state: public or not, cause written down or not, merged into another. A problem is a *known
error* once its cause or a workaround is known and no fix has reached the customers.
"""

from makegood.lib.errors import Refusal

OPEN, INVESTIGATING, CAUSE_KNOWN, FIXING, RELEASED, WATCHING, RESOLVED, CAME_BACK = (
    "open",
    "investigating",
    "cause_known",
    "fixing",
    "released",
    "watching",
    "resolved",
    "came_back",
)
STATES = (OPEN, INVESTIGATING, CAUSE_KNOWN, FIXING, RELEASED, WATCHING, RESOLVED, CAME_BACK)
UNFIXED = (OPEN, INVESTIGATING, CAUSE_KNOWN, FIXING, CAME_BACK)
FIXED = (RELEASED, WATCHING, RESOLVED)
UNRESOLVED = tuple(state for state in STATES if state != RESOLVED)

MOVES: dict[str, frozenset[str]] = {
    OPEN: frozenset({INVESTIGATING, CAUSE_KNOWN, FIXING, RELEASED, RESOLVED}),
    INVESTIGATING: frozenset({CAUSE_KNOWN, FIXING, RELEASED, RESOLVED}),
    CAUSE_KNOWN: frozenset({INVESTIGATING, FIXING, RELEASED, RESOLVED}),
    FIXING: frozenset({INVESTIGATING, CAUSE_KNOWN, RELEASED, RESOLVED}),
    RELEASED: frozenset({FIXING, WATCHING, RESOLVED, CAME_BACK}),
    WATCHING: frozenset({RESOLVED, CAME_BACK}),
    RESOLVED: frozenset({WATCHING, CAME_BACK}),
    CAME_BACK: frozenset({INVESTIGATING, CAUSE_KNOWN, FIXING, RELEASED, RESOLVED}),
}

# What the public may be told at most: never more than what is true inside.
PUBLIC_WORDS = {
    OPEN: "looked_into",
    INVESTIGATING: "looked_into",
    CAME_BACK: "looked_into",
    CAUSE_KNOWN: "cause_found",
    FIXING: "fix_on_its_way",
    RELEASED: "fix_on_its_way",
    WATCHING: "solved",
    RESOLVED: "solved",
}


class NotAMove(Refusal):
    """The table has no such move."""


def check_move(source: str, target: str) -> None:
    """Raise NotAMove unless a problem may go from ``source`` to ``target``. Staying is not a move."""
    if target not in MOVES.get(source, frozenset()):
        raise NotAMove(f"{source} -> {target}")


def is_fixed(state: str) -> bool:
    """Whether a fix has been released, however long ago."""
    return state in FIXED
