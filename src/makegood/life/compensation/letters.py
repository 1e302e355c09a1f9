"""The words that go with what we give. The same apology twice for the same thing is worse than none: refused."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.lib import times
from makegood.lib.errors import Refusal
from makegood.lib.keys import token_hash
from makegood.lib.money import Money
from makegood.life.compensation import states
from makegood.life.compensation.models import Compensation
from makegood.life.people.actors import Actor
from makegood.life.reports.models import Report
from makegood.life.updates import mails, scripts
from makegood.life.updates.automatic import nameless

LONGEST = 5_000
OFFER, AGAIN, GIVEN, LETTER = "make_good", "make_good_again", "made_good", "apology_letter"


class SameApology(Refusal):
    """These very words went to this customer for this before."""


class BadLetter(Refusal):
    """The words cannot go out as they are."""


class NeedsOwnWords(Refusal):
    """The scripts have been used up for this customer and cause: a person writes this one."""


def suggested(
    report: Report, kind: str, what: str, *, failure: int, by: Actor | None, at: datetime, is_given: bool = False
) -> str:
    """The script that fits, filled; ``what`` says what is given. Empty: a person writes it."""
    if failure > (1 if kind == states.LETTER else 2):
        return ""
    moment = AGAIN if failure == 2 else LETTER if kind == states.LETTER else GIVEN if is_given else OFFER
    values = {"made_good_with": what, **nameless(report.contact, report)}
    draft = scripts.render(moment, report, now=at, by=by, values=values)
    return scripts.fill(draft.body, {"status_link": mails.portal_address()})


def checked(letter: str, *, contact: int | None, cause: str) -> tuple[str, str]:
    """(words, mark) as they are kept. Raises BadLetter, SameApology."""
    letter = letter.replace("\x00", "").replace("\r\n", "\n").strip()
    if not letter:
        raise BadLetter(_("Write what we say to the customer."))
    if len(letter) > LONGEST:
        raise BadLetter(_("At most %d characters fit into this letter.") % LONGEST)
    if gaps := scripts.unfilled(letter):
        raise BadLetter(str(scripts.UnfilledPlaceholder(gaps)))
    mark = token_hash(plain(letter) or letter)
    if Compensation.objects.filter(contact=contact, cause=cause, letter_hash=mark).exists():
        raise SameApology(
            _("They had these very words from us for the same thing before. Say it anew, or it is worse than nothing.")
        )
    return letter, mark


def plain(letter: str) -> str:
    """Only what makes it other words: no punctuation, case, spacing or amounts."""
    return " ".join(re.findall(r"[^\W\d_]+", letter.casefold()))


def read_there(letter: str) -> str:
    """The letter for the very page it leads to: without the address, and the sentence still ends."""
    address = rf":?[ \t]*{re.escape(mails.portal_address())}"
    return re.sub(rf"{address}(?=[.,!?\s]|\Z)", "", re.sub(rf"{address}[ \t]*$", ".", letter, flags=re.MULTILINE))


def what(kind: str, amount: Money | None, days: int, *, language: str) -> str:
    """What is given, in a language the reporter reads; for scripts, the offer page and lists."""
    short = language.split("-")[0].lower()
    words = _WHAT.get(short, _WHAT["en"])[kind]
    shown = amount.shown(language) if amount else ""
    if kind == states.EXTENSION:
        one, many = words.split("|")
        return (one if days == 1 else many).format(days=days)
    return words.format(amount=shown)


def until(moment: datetime, report: Report, *, now: datetime) -> str:
    """A moment in the reporter's language and zone."""
    return times.in_words(moment, language=report.language, zone=scripts.reporter_zone(report), now=now)


# As the scripts themselves: said in the reporter's language, whoever writes.
_WHAT = {
    "en": {
        states.REDO: "we do it again for you, at no cost",
        states.REFUND: "a refund of {amount}",
        states.CREDIT: "a credit of {amount}",
        states.DISCOUNT: "{amount} off your next purchase",
        states.EXTENSION: "{days} more day of your service|{days} more days of your service",
        states.GIFT: "a gift worth {amount}",
        states.LETTER: "a letter of apology",
    },
    "de": {
        states.REDO: "wir machen es noch einmal für Sie, ohne Kosten",
        states.REFUND: "eine Erstattung von {amount}",
        states.CREDIT: "eine Gutschrift von {amount}",
        states.DISCOUNT: "{amount} Nachlass auf Ihren nächsten Einkauf",
        states.EXTENSION: "{days} Tag längere Laufzeit|{days} Tage längere Laufzeit",
        states.GIFT: "ein Geschenk im Wert von {amount}",
        states.LETTER: "ein Entschuldigungsschreiben",
    },
}
