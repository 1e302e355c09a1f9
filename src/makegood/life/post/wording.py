"""Why a mail was treated as it was, in a sentence for the desk."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from makegood.life.post.models import IncomingMail

REASONS = {
    "new": _("It names no report of ours, so it became a new one."),
    "secret": _("It came to the secret reply address of the report, from somebody who takes part in it."),
    "thread": _("It answers a mail of the report, and its sender is proved and takes part in it."),
    "number": _("It names the number of the report, and its sender is proved and takes part in it."),
    "late": _("The report it answers has been closed for more than two weeks, so a new one goes on from it."),
    "unverified": _(
        "Nothing proves that the sender is who they say, so it became a report of its own beside the other."
    ),
    "stranger": _("It names a report its sender takes no part in."),
    "no_sender": _("It names no sender, or several, so nobody could be answered."),
    "says_it_is_us": _("It says it comes from an address of the desk itself."),
    "says_it_is_staff": _("It says it comes from one of our own people; by mail nobody is staff."),
    "too_many": _("Too many new reports came from this address or domain within an hour."),
    "came_before": _("The same words from the same sender came before."),
    "own_mail": _("It is a mail of our own that came back."),
    "bounce": _("A mail server says that a mail of ours did not arrive."),
    "machine": _("A machine wrote it; nobody answers machines."),
    "unreadable": _("It breaks a limit or cannot be read; its bytes are kept whole."),
}


def why(incoming: IncomingMail) -> str:
    """The reason for the outcome of ``incoming`` in a sentence, with the detail there is."""
    word, _colon, detail = incoming.reason.partition(": ")
    sentence = gettext(REASONS[word]) if word in REASONS else incoming.reason
    if word == "unreadable" and incoming.error:
        detail = incoming.error[:200]
    return f"{sentence} ({detail})" if detail else sentence
