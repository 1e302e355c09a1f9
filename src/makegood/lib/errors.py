"""The one way a verb says no."""


class Refusal(Exception):
    """A verb refused. ``str(error)`` is a sentence for the person who meets it; nothing has been changed.

    ``can_retry`` says whether the same call may succeed later without another input.
    """

    can_retry = False
