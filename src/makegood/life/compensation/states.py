"""What may follow what. Pure; the database holds the same table as a check (``models.Entry``)."""

PROPOSED, APPROVED, ISSUED, REDEEMED = "proposed", "approved", "issued", "redeemed"
DECLINED, EXPIRED, REVERSED = "declined", "expired", "reversed"
STATES = (PROPOSED, APPROVED, ISSUED, REDEEMED, DECLINED, EXPIRED, REVERSED)

MOVES: dict[str, tuple[str, ...]] = {
    "": (PROPOSED,),
    PROPOSED: (APPROVED, DECLINED),
    APPROVED: (ISSUED, DECLINED, EXPIRED, REVERSED),
    ISSUED: (REDEEMED, EXPIRED, REVERSED),
    REDEEMED: (REVERSED,),
    DECLINED: (),
    EXPIRED: (),
    REVERSED: (),
}
# While it is in one of these, the same person gets nothing else for the same failure.
STANDING = (PROPOSED, APPROVED, ISSUED, REDEEMED)
# Money that was set aside comes free again.
RELEASED = (DECLINED, EXPIRED, REVERSED)

REDO, REFUND, CREDIT, DISCOUNT = "redo", "refund", "credit", "discount"
EXTENSION, GIFT, LETTER = "extension", "gift", "letter"
KINDS = (REDO, REFUND, CREDIT, DISCOUNT, EXTENSION, GIFT, LETTER)
# Worth money; the rest costs words or work.
MONEY = (REFUND, CREDIT, DISCOUNT, EXTENSION, GIFT)
# Taken with a code; the rest somebody carries out.
CODED = (DISCOUNT, GIFT)


def may_follow(before: str, after: str) -> bool:
    """Whether ``after`` may come next. An unknown state is a mistake in the code: KeyError."""
    return after in MOVES[before]


def pairs() -> list[tuple[str, str]]:
    """Every allowed (before, after)."""
    return [(before, after) for before, nexts in MOVES.items() for after in nexts]
