"""The verbs of the post room, from where doors take them."""

from makegood.life.post.filing import Filing, file_due, file_one
from makegood.life.post.holding import (
    UNDISCARD_WITHIN,
    AlreadyDecided,
    NoSender,
    TooLateToUndo,
    attach,
    discard,
    release,
    undiscard,
)
from makegood.life.post.keeping import keep, park

__all__ = [
    "UNDISCARD_WITHIN",
    "AlreadyDecided",
    "Filing",
    "NoSender",
    "TooLateToUndo",
    "attach",
    "discard",
    "file_due",
    "file_one",
    "keep",
    "park",
    "release",
    "undiscard",
]
