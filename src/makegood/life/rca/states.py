"""The states of an analysis and of an action, and the moves between them: two tables, pure."""

from makegood.lib.errors import Refusal

DRAFT, IN_REVIEW, APPROVED, PUBLISHED = "draft", "in_review", "approved", "published"
RCA_STATES = (DRAFT, IN_REVIEW, APPROVED, PUBLISHED)
RCA_MOVES: dict[str, frozenset[str]] = {
    DRAFT: frozenset({IN_REVIEW}),
    IN_REVIEW: frozenset({DRAFT, APPROVED}),
    APPROVED: frozenset({DRAFT, PUBLISHED}),
    PUBLISHED: frozenset({DRAFT}),
}

PROPOSED, ACCEPTED, IN_PROGRESS, IMPLEMENTED, VERIFYING, EFFECTIVE, INEFFECTIVE, DECLINED = (
    "proposed",
    "accepted",
    "in_progress",
    "implemented",
    "verifying",
    "effective",
    "ineffective",
    "declined",
)
ACTION_STATES = (PROPOSED, ACCEPTED, IN_PROGRESS, IMPLEMENTED, VERIFYING, EFFECTIVE, INEFFECTIVE, DECLINED)
ACTION_MOVES: dict[str, frozenset[str]] = {
    PROPOSED: frozenset({ACCEPTED, DECLINED}),
    ACCEPTED: frozenset({IN_PROGRESS, IMPLEMENTED, DECLINED}),
    IN_PROGRESS: frozenset({ACCEPTED, IMPLEMENTED, DECLINED}),
    IMPLEMENTED: frozenset({IN_PROGRESS, VERIFYING, INEFFECTIVE}),
    VERIFYING: frozenset({IN_PROGRESS, EFFECTIVE, INEFFECTIVE}),
    EFFECTIVE: frozenset({INEFFECTIVE}),
    # Tried again, or given up with a reason: nothing that did not work is left lying about.
    INEFFECTIVE: frozenset({ACCEPTED, DECLINED}),
    DECLINED: frozenset({PROPOSED}),
}

# Still to be done; done and not known yet to work; of either something is owed.
TO_DO = (ACCEPTED, IN_PROGRESS)
TO_CHECK = (IMPLEMENTED, VERIFYING)
OWED = (*TO_DO, *TO_CHECK)
OPEN = (PROPOSED, *OWED, INEFFECTIVE)
# What a recurrence proves wrong.
THOUGHT_DONE = (IMPLEMENTED, VERIFYING, EFFECTIVE)


class NotAMove(Refusal):
    """The table has no such move."""


def check_rca_move(source: str, target: str) -> None:
    """Raise NotAMove unless an analysis may go from ``source`` to ``target``. Staying is not a move."""
    if target not in RCA_MOVES.get(source, frozenset()):
        raise NotAMove(f"{source} -> {target}")


def check_action_move(source: str, target: str) -> None:
    """Raise NotAMove unless an action may go from ``source`` to ``target``. Staying is not a move."""
    if target not in ACTION_MOVES.get(source, frozenset()):
        raise NotAMove(f"{source} -> {target}")
