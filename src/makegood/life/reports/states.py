"""The states of a report and the moves between them: one table, pure.

Facts such as escalated, waiting for whom, duplicate of, stand beside the state.
"""

from makegood.lib.errors import Refusal

RECEIVED, INVESTIGATING, CAUSE_FOUND, FIXING, SOLVED, CLOSED = (
    "received",
    "investigating",
    "cause_found",
    "fixing",
    "solved",
    "closed",
)
STATES = (RECEIVED, INVESTIGATING, CAUSE_FOUND, FIXING, SOLVED, CLOSED)
OPEN = (RECEIVED, INVESTIGATING, CAUSE_FOUND, FIXING, SOLVED)
IN_WORK = (RECEIVED, INVESTIGATING, CAUSE_FOUND, FIXING)

MOVES: dict[str, frozenset[str]] = {
    RECEIVED: frozenset({INVESTIGATING, CAUSE_FOUND, FIXING, SOLVED, CLOSED}),
    INVESTIGATING: frozenset({CAUSE_FOUND, FIXING, SOLVED, CLOSED}),
    CAUSE_FOUND: frozenset({INVESTIGATING, FIXING, SOLVED, CLOSED}),
    FIXING: frozenset({INVESTIGATING, CAUSE_FOUND, SOLVED, CLOSED}),
    SOLVED: frozenset({INVESTIGATING, CLOSED}),
    CLOSED: frozenset({INVESTIGATING}),
}

CRITICAL, HIGH, MEDIUM, LOW = "critical", "high", "medium", "low"
SEVERITIES = (CRITICAL, HIGH, MEDIUM, LOW)

ERROR, QUESTION = "error", "question"
KINDS = (ERROR, QUESTION)

# The reporter's steps, of an error and of a question; internal words never reach them.
REPORTER_STEPS = ("received", "looked_into", "cause_found", "fix_on_its_way", "solved")
QUESTION_STEPS = ("received", "being_answered", "answered", "confirmed")
_STEP_OF = {
    RECEIVED: "received",
    INVESTIGATING: "looked_into",
    CAUSE_FOUND: "cause_found",
    FIXING: "fix_on_its_way",
    SOLVED: "solved",
    CLOSED: "solved",
}
_STEP_OF_QUESTION = {
    RECEIVED: "received",
    **dict.fromkeys((INVESTIGATING, CAUSE_FOUND, FIXING), "being_answered"),
    **dict.fromkeys((SOLVED, CLOSED), "answered"),
}


class NotAMove(Refusal):
    """The table has no such move."""


def check_move(source: str, target: str) -> None:
    """Raise NotAMove unless a report may go from ``source`` to ``target``. Staying is not a move."""
    if target not in MOVES.get(source, frozenset()):
        raise NotAMove(f"{source} -> {target}")


def reporter_step(state: str, kind: str = ERROR, *, close_reason: str = "") -> str:
    """Which of the reporter's steps an internal state is shown as. A question nobody confirmed stays answered."""
    if kind != QUESTION:
        return _STEP_OF[state]
    return "confirmed" if state == CLOSED and close_reason == "confirmed" else _STEP_OF_QUESTION[state]


def is_open(state: str) -> bool:
    return state in OPEN


def one_up(severity: str) -> str:
    """The next worse severity; critical stays critical."""
    return SEVERITIES[max(0, SEVERITIES.index(severity) - 1)]
