"""How long things are kept: rules as rows, worked by the clock, a few things at a time. Without a rule nothing goes.

Words of reports go as they go when a person is erased; the contact stays, for their newer reports.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine import database, files, search
from makegood.lib.errors import Refusal
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Contact
from makegood.life.post.models import IncomingMail
from makegood.life.privacy import of_the_person, scope, shedding
from makegood.life.privacy.holding import ERASED
from makegood.life.privacy.holdings import TABLE
from makegood.life.privacy.models import Opening, Rule
from makegood.life.privacy.scope import Scope
from makegood.life.reports import ledger
from makegood.life.reports.models import Attachment, OutgoingMail, Report

EVERY = timedelta(minutes=10)
SLICE = 50
LEAST_DAYS, MOST_DAYS = 30, 36_500
Let = Callable[[datetime, int], int]


class NotADuration(Refusal):
    """Too short to be meant, or no number of days."""


@dataclass(frozen=True)
class Kind:
    """``let``: lets go of at most so many things that are older than a moment, and says of how many. ``count``: how
    many there are. ``days``: how long they are kept if nobody decided; None: for ever."""

    what: str
    says: Any
    does: Any
    count: Callable[[datetime], int]
    let: Let
    days: int | None = None


def rules() -> list[tuple[Kind, Rule]]:
    """Every kind with its rule, as it is in force."""
    there = {row.what: row for row in Rule.objects.all()}
    return [(kind, there.get(kind.what) or Rule(what=kind.what, days=kind.days)) for kind in KINDS]


def change(what: str, days: int | None, *, by: Actor, at: datetime) -> None:
    """Keep one kind for so many days from now on; None: for ever. Raises NotADuration."""
    kind = BY_NAME[what]
    if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
        raise NotADuration(_("Give between 30 days and a hundred years, or leave it empty."))
    with transaction.atomic():
        row, _new = Rule.objects.select_for_update().get_or_create(what=what, defaults={"days": kind.days})
        if row.days == days and row.changed_at:
            return
        data = {"what": what, "from": {"days": row.days}, "to": {"days": days}}
        Rule.objects.filter(pk=row.pk).update(days=days, changed_by=by.name, changed_at=at)
        ledger.record(None, "privacy.rule_changed", by=by, at=at, data=data)


def waiting(kind: Kind, days: int, *, now: datetime) -> int:
    """The dry run: how many things a rule of ``days`` would let go of at once."""
    return kind.count(now - timedelta(days=days))


def work(now: datetime) -> int:
    """The clock's work: some of what is due of each kind; how many things."""
    return sum(_work(kind, rule, now) for kind, rule in rules() if rule.days is not None)


def _work(kind: Kind, rule: Rule, now: datetime) -> int:
    with database.leaving_no_trace(), transaction.atomic():
        done = kind.let(now - timedelta(days=rule.days or 0), SLICE)
        if done:
            row, _new = Rule.objects.get_or_create(what=kind.what, defaults={"days": rule.days})
            Rule.objects.filter(pk=row.pk).update(worked=row.worked + done, worked_at=now)
            data = {"what": kind.what, "count": done}
            ledger.record(None, "privacy.let_go", by=SYSTEM, at=now, data=data)
            shedding.later(at=now)
    return done


# Reports.


def _over(before: datetime) -> Any:
    return Report.objects.filter(state="closed", closed_at__lt=before).exclude(title=ERASED)


def _let_reports(before: datetime, most: int) -> int:
    """Their words, one report after the other: what is begun is brought to its end within the slice."""
    done = list(_over(before).order_by("closed_at").values_list("pk", flat=True)[:most])
    for key in done:
        _empty(scope.of_reports([key]))
    return len(done)


def _empty(over: Scope) -> None:
    for row in TABLE:
        while row.erase(over, most=SLICE) == SLICE:
            pass


def _files(before: datetime) -> Any:
    return Attachment.objects.filter(report__state="closed", report__closed_at__lt=before)


def _let_files(before: datetime, most: int) -> int:
    rows = list(_files(before).order_by("pk")[:most])
    for row in rows:
        files.forget_keys(row.storage_key, row.thumbnail_key)
        search.remove("file", row.pk)
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


# Mail.


def _raw(before: datetime, **which: Any) -> Any:
    return IncomingMail.objects.filter(received_at__lt=before, **which).exclude(storage_key="")


def _let_raw(before: datetime, most: int, **which: Any) -> int:
    # Each in the order of an index that holds only what is still to be looked at.
    order = "decided_at" if "decision" in which else "received_at"
    rows = list(_raw(before, **which).order_by(order, "pk")[:most])
    files.forget_keys(*(row.storage_key for row in rows))
    blank = of_the_person.MAILS_IN.blank or {}
    IncomingMail.objects.filter(pk__in=[row.pk for row in rows]).update(**blank)
    return len(rows)


def _sent(before: datetime) -> Any:
    return OutgoingMail.objects.filter(made_at__lt=before, state__in=["sent", "withdrawn"]).exclude(text=ERASED)


def _let_sent(before: datetime, most: int) -> int:
    keys = list(_sent(before).order_by("pk").values_list("pk", flat=True)[:most])
    return OutgoingMail.objects.filter(pk__in=keys).update(subject=ERASED, text=ERASED, html="")


# People and openings.


def _strangers(before: datetime) -> Any:
    """Contacts who have nothing open and whose every report is over and emptied, or who never had one."""
    still = Report.objects.exclude(title=ERASED).order_by().values("contact")
    known = Contact.objects.filter(created_at__lt=before).exclude(pk__in=still).exclude(takes_part__isnull=False)
    return known.exclude(email=None, name="", phone="")


def _let_strangers(before: datetime, most: int) -> int:
    rows = list(_strangers(before).order_by("pk")[:most])
    for row in rows:
        theirs = scope.of_person(row)
        for one in of_the_person.ROWS:
            while one.erase(theirs, most=SLICE) == SLICE:
                pass
    return len(rows)


def _old_openings(before: datetime) -> Any:
    return Opening.objects.filter(at__lt=before)


def _let_openings(before: datetime, most: int) -> int:
    keys = list(_old_openings(before).order_by("at").values_list("pk", flat=True)[: most * 10])
    return Opening.objects.filter(pk__in=keys).delete()[0]


_HELD = {"outcome__in": IncomingMail.FOR_A_PERSON, "decision": "discarded", "decided_at__isnull": False}
_FILED = {"outcome__in": (IncomingMail.NEW_REPORT, IncomingMail.APPEND, IncomingMail.DUPLICATE, IncomingMail.BOUNCE)}
KINDS: tuple[Kind, ...] = (
    Kind(
        "reports",
        gettext_lazy("Closed reports"),
        gettext_lazy("Everything said, sent and attached goes; number, times and states stay for the figures."),
        lambda before: _over(before).count(),
        _let_reports,
    ),
    Kind(
        "files",
        gettext_lazy("Files of closed reports"),
        gettext_lazy("Pictures and files go, the words stay."),
        lambda before: _files(before).count(),
        _let_files,
    ),
    Kind(
        "mails_in",
        gettext_lazy("Mails as they came, once they are filed"),
        gettext_lazy("The raw mail goes; what was filed of it stays with the report."),
        lambda before: _raw(before, **_FILED).count(),
        lambda before, most: _let_raw(before, most, **_FILED),
    ),
    Kind(
        "mails_away",
        gettext_lazy("Held mails that were put away"),
        gettext_lazy("They go whole; that one came stays."),
        lambda before: _raw(before, **_HELD).count(),
        lambda before, most: _let_raw(before, most, **_HELD),
    ),
    Kind(
        "mails_out",
        gettext_lazy("Mails of ours that left"),
        gettext_lazy("Their words go; when they left and whether they came back stays."),
        lambda before: _sent(before).count(),
        _let_sent,
    ),
    Kind(
        "contacts",
        gettext_lazy("People of whom no report is left"),
        gettext_lazy("Name, addresses and numbers go, once every report of theirs is emptied."),
        lambda before: _strangers(before).count(),
        _let_strangers,
    ),
    Kind(
        "openings",
        gettext_lazy("Who opened protected reports"),
        gettext_lazy("The lines go."),
        lambda before: _old_openings(before).count(),
        _let_openings,
        days=730,
    ),
)
BY_NAME = {kind.what: kind for kind in KINDS}
