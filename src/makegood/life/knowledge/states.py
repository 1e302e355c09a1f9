"""How sure we are of an article, and who may read it: after Knowledge-Centered Service. Pure.

Confidence moves by one table, not along one path: an article that proves wrong goes back. Who may read it widens with
confidence only.
"""

WIP, NOT_VALIDATED, VALIDATED, ARCHIVED = "wip", "not_validated", "validated", "archived"
CONFIDENCE = (WIP, NOT_VALIDATED, VALIDATED, ARCHIVED)
INTERNAL, PUBLIC = "internal", "public"

MOVES: dict[str, frozenset[str]] = {
    WIP: frozenset({NOT_VALIDATED, VALIDATED, ARCHIVED}),
    NOT_VALIDATED: frozenset({WIP, VALIDATED, ARCHIVED}),
    VALIDATED: frozenset({NOT_VALIDATED, ARCHIVED}),
    ARCHIVED: frozenset({NOT_VALIDATED}),
}


def may_move(old: str, new: str) -> bool:
    """Whether confidence may go from ``old`` to ``new``."""
    return new in MOVES[old]


def may_be_public(confidence: str) -> bool:
    """Only what somebody vouches for is shown to reporters."""
    return confidence == VALIDATED
