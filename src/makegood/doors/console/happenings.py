"""Ledger entries in plain words: what an agent reads between the messages. A kind without words here shows its meaning
from ``ledger.KINDS``, so that nothing that happened is ever left out for want of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_noop, ngettext, pgettext
from django.utils.translation import gettext as _

from makegood.doors.console import (
    compensation_words,
    fix_words,
    knowledge_words,
    priority_words,
    problem_words,
    promise_words,
)
from makegood.lib.texts import in_language
from makegood.life.aftercare import undo as undoing
from makegood.life.aftercare.models import FollowUp, Recovery
from makegood.life.people.models import ERASED, UNNAMED
from makegood.life.promises import names as promise_names
from makegood.life.reports.ledger import KINDS
from makegood.life.reports.models import Category, Component, LedgerEntry, Report


@dataclass(frozen=True)
class Names:
    """What the numbers inside entries are called; read once for a whole story."""

    categories: dict[int, str]
    components: dict[int, str]

    @classmethod
    def for_entries(cls, entries: Iterable[LedgerEntry]) -> Names:
        """Names for ``entries``: one query for each kind of thing that occurs at all."""
        kinds = {entry.kind for entry in entries}
        language = get_language() or "en"
        categories: dict[int, str] = {}
        components: dict[int, str] = {}
        if "report.category_changed" in kinds:
            rows = Category.objects.values_list("pk", "slug", "names")
            categories = {pk: in_language(names, language) or slug for pk, slug, names in rows}
        if "report.component_changed" in kinds:
            components = dict(Component.objects.values_list("pk", "name"))
        return cls(categories, components)


def is_undoable(entry: LedgerEntry, now: datetime) -> bool:
    """Whether the audit line offers Undo; whether it still fits is decided when it is tried."""
    return undoing.can_undo(entry, now=now)


def tell(entry: LedgerEntry, names: Names) -> dict[str, Any]:
    """``words``, ``icon`` and ``ring`` for one entry. The words follow the name of whoever did it."""
    if entry.kind.startswith("promise."):
        return promise_words.tell(entry)
    if entry.kind in compensation_words.KINDS:
        return compensation_words.tell(entry)
    icon, words = _WORDS.get(entry.kind, ("point", _meaning))
    return {"words": words(entry, names), "icon": icon, "ring": ""}


def _old_new(entry: LedgerEntry, field: str) -> tuple[Any, Any]:
    return (entry.data.get("from") or {}).get(field), (entry.data.get("to") or {}).get(field)


def _choice(choices: Iterable[tuple[str, Any]], value: Any) -> str:
    return str(dict(choices).get(value, value or _("nothing")))


def _meaning(entry: LedgerEntry, names: Names) -> str:
    return str(entry.data.get("words") or _(KINDS.get(entry.kind, entry.kind)))


def _received(entry: LedgerEntry, names: Names) -> str:
    if entry.actor_kind == "agent":
        return _("took the report by phone")
    return _("sent the report")


def _state(entry: LedgerEntry, names: Names) -> str:
    old, new = _old_new(entry, "state")
    return _("moved it from %(old)s to %(new)s") % {
        "old": _choice(Report.STATES, old),
        "new": _choice(Report.STATES, new),
    }


def _severity(entry: LedgerEntry, names: Names) -> str:
    old, new = _old_new(entry, "severity")
    return _("set the severity to %(new)s (was %(old)s)") % {
        "old": _choice(Report.SEVERITIES, old),
        "new": _choice(Report.SEVERITIES, new),
    }


def _priority(entry: LedgerEntry, names: Names) -> str:
    old, new = (priority_words.name(int(value or 3)) for value in _old_new(entry, "priority"))
    if entry.actor_kind == "agent" and not entry.data.get("by_hand"):
        return _("let the priority be computed again: %(new)s") % {"new": new}
    return _("set the priority to %(new)s (was %(old)s)") % {"old": old, "new": new}


def _category(entry: LedgerEntry, names: Names) -> str:
    new = _old_new(entry, "category")[1]
    return _("said what kind it is: %(name)s") % {"name": names.categories.get(new, _("not known yet"))}


def _component(entry: LedgerEntry, names: Names) -> str:
    new = _old_new(entry, "component")[1]
    return _("set the component to %(name)s") % {"name": names.components.get(new, _("none"))}


def _kind(entry: LedgerEntry, names: Names) -> str:
    question = _old_new(entry, "kind")[1] == "question"
    return _("made it a question, not an error") if question else _("made it an error report")


def _assigned(entry: LedgerEntry, names: Names) -> str:
    name = entry.data.get("name")
    new = _old_new(entry, "assignee")[1]
    if not name:
        return _("put it back for anybody to take")
    if entry.actor_kind == "agent" and new == entry.actor_id:
        return pgettext("who did it stands before", "took it")
    return _("handed it to %(name)s") % {"name": name}


def _team(entry: LedgerEntry, names: Names) -> str:
    name = entry.data.get("name")
    return _("moved it to %(name)s") % {"name": name} if name else _("took it out of its team")


def _labelled(entry: LedgerEntry, names: Names) -> str:
    old, new = (set(part or ()) for part in _old_new(entry, "labels"))
    added, gone = ", ".join(sorted(new - old)), ", ".join(sorted(old - new))
    if added and gone:
        return _("added the labels %(added)s and took away %(gone)s") % {"added": added, "gone": gone}
    if gone:
        return _("took away the labels %(gone)s") % {"gone": gone}
    return _("added the labels %(added)s") % {"added": added}


def _snoozed(entry: LedgerEntry, names: Names) -> str:
    until = promise_words.moment(_old_new(entry, "snoozed_until")[1])
    return _("put it aside until %(until)s; what is promised still counts") % {"until": until}


def _protected(entry: LedgerEntry, names: Names) -> str:
    narrow = _old_new(entry, "is_protected")[1]
    return _("let only its team, its assignee and leads see it") if narrow else _("let the whole desk see it again")


def _duplicate(entry: LedgerEntry, names: Names) -> str:
    return _("linked it to MG-%(number)s, which tells the same") % {"number": _old_new(entry, "duplicate_of")[1]}


def _step_tried(entry: LedgerEntry, names: Names) -> str:
    outcomes = {
        "helped": _("it helped"),
        "did_not_help": _("it did not help"),
        "could_not": _("it could not be tried"),
    }
    outcome = outcomes.get(str(entry.data.get("outcome")), "")
    title = entry.data.get("title") or entry.data.get("step") or ""
    return _("noted a safe step: %(step)s; %(outcome)s") % {"step": title, "outcome": outcome}


def _answered(entry: LedgerEntry, names: Names) -> str:
    count = len(entry.data.get("answers") or ())
    return ngettext("answered a question", "answered %(n)s questions", count) % {"n": count}


def _escalated(entry: LedgerEntry, names: Names) -> str:
    return _("escalated it to %(team)s") % {"team": entry.data.get("team_name") or _("the technical team")}


def _paged(entry: LedgerEntry, names: Names) -> str:
    called = ", ".join(entry.data.get("names") or ())
    return _("called %(name)s") % {"name": called or promise_names.whom(str(entry.data.get("whom") or ""))}


def _followed_up(entry: LedgerEntry, names: Names) -> str:
    outcome = _choice(FollowUp.OUTCOMES, entry.data.get("outcome"))
    return _("followed up: %(outcome)s") % {"outcome": outcome}


def _recovery(entry: LedgerEntry, names: Names) -> str:
    outcome = _choice(Recovery.OUTCOMES, entry.data.get("outcome"))
    return _("called them, because they were unhappy: %(outcome)s") % {"outcome": outcome}


def _closed(entry: LedgerEntry, names: Names) -> str:
    reasons = {
        "confirmed": _("the reporter confirmed that it works"),
        "silence": _("the reporter did not answer; a reply opens it again"),
        "answered": _("the question is answered"),
        "withdrawn": _("the reporter took it back"),
        "duplicate": _("another report tells the same"),
        "spam": _("it was spam"),
    }
    old_new = _old_new(entry, "close_reason")[1] or entry.data.get("close_reason")
    return _("closed it: %(why)s") % {"why": reasons.get(str(old_new), old_new or entry.reason or _("done"))}


def _blanked(entry: LedgerEntry, names: Names) -> str:
    count = int(entry.data.get("areas") or 1)
    words = ngettext("blacked out one area of %(name)s for good", "blacked out %(n)s areas of %(name)s for good", count)
    return words % {"n": count, "name": entry.data.get("name") or _("a picture")}


def _reporter(entry: LedgerEntry, names: Names) -> str:
    return _("made %(name)s the reporter (before: %(before)s)") % {
        "name": _named(entry, "name"),
        "before": _named(entry, "before"),
    }


def _person(words: str) -> Callable[[LedgerEntry, Names], str]:
    return lambda entry, names: _(words) % {"name": _named(entry, "name")}


def _named(entry: LedgerEntry, what: str) -> str:
    """The person an entry names, in words where nothing is left of them."""
    return entry.data.get(what) or str(ERASED if entry.data.get("erased") else UNNAMED)


def _plain(words: str) -> Callable[[LedgerEntry, Names], str]:
    return lambda entry, names: _(words)


_WORDS: dict[str, tuple[str, Callable[[LedgerEntry, Names], str]]] = {
    "report.received": ("inbox", _received),
    "report.state_changed": ("arrow-right", _state),
    "report.severity_changed": ("flag", _severity),
    "report.priority_changed": ("flag", _priority),
    "problem.priority_changed": ("flag", _priority),
    "report.category_changed": ("tag", _category),
    "report.component_changed": ("tag", _component),
    "report.kind_changed": ("tag", _kind),
    "report.assigned": ("user", _assigned),
    "report.team_changed": ("users", _team),
    "report.labelled": ("tag", _labelled),
    "report.snoozed": ("clock", _snoozed),
    "report.woken": ("clock", _plain(gettext_noop("brought it back to the queue"))),
    "report.protected": ("lock", _protected),
    "report.marked_duplicate": ("link", _duplicate),
    "report.unmarked_duplicate": ("link", _plain(gettext_noop("took the link to the other report back"))),
    "report.closed": ("check", _closed),
    "report.change_undone": ("undo", _plain(gettext_noop("took a change back"))),
    "report.solved": ("check", _plain(gettext_noop("found the solution and told the reporter"))),
    "report.solve_undone": ("undo", _plain(gettext_noop("took solving back before the message left"))),
    "report.confirmed": ("check", _plain(gettext_noop("says that it works"))),
    "report.not_checked_yet": ("clock", _plain(gettext_noop("has not checked yet; we ask again"))),
    "report.reopened": ("refresh", _plain(gettext_noop("opened it again"))),
    "follow_up.done": ("phone", _followed_up),
    "silence.reminded": ("bell", _plain(gettext_noop("asked again whether it is solved"))),
    "feedback.given": ("heart", _plain(gettext_noop("said how they were served"))),
    "feedback.explained": ("heart", _plain(gettext_noop("said why"))),
    "feedback.given_again": ("heart", _plain(gettext_noop("said how they feel about it now"))),
    "survey.asked": ("mail", _plain(gettext_noop("asked by mail how they were served"))),
    "recovery.opened": ("alert", _plain(gettext_noop("asks the lead to call: the reporter is unhappy"))),
    "recovery.tried": ("phone", _recovery),
    "recovery.undone": ("undo", _plain(gettext_noop("took the call back"))),
    "safe_step.tried": ("steps", _step_tried),
    "answers.given": ("question", _answered),
    "questions.asked": ("question", _plain(gettext_noop("asked for what is missing"))),
    "questions.reminded": ("bell", _plain(gettext_noop("reminded of the open questions"))),
    "questions.answered": ("check", _plain(gettext_noop("has answered everything we asked"))),
    "questions.expired": ("clock", _plain(gettext_noop("let the open questions go unanswered"))),
    "questions.withdrawn": ("undo", _plain(gettext_noop("no longer waits for the open questions"))),
    "acknowledgement.queued": ("mail", _plain(gettext_noop("confirmed by mail that it has arrived"))),
    "apology.queued": ("mail", _plain(gettext_noop("said honestly that we are late"))),
    "escalation.made": ("escalate", _escalated),
    "escalation.accepted": ("hand", _plain(gettext_noop("accepted the escalation"))),
    "escalation.asked_back": ("question", _plain(gettext_noop("asked the desk"))),
    "escalation.answered_back": ("message", _plain(gettext_noop("answered the technical team"))),
    "escalation.answered": ("message", _plain(gettext_noop("gave a technical answer"))),
    "escalation.handed_back": ("arrow-left", _plain(gettext_noop("handed it back to the desk"))),
    "escalation.solved": ("check", _plain(gettext_noop("ended the escalation: solved"))),
    "escalation.called_off": ("close", _plain(gettext_noop("called the escalation off"))),
    "escalation.reinstated": ("undo", _plain(gettext_noop("let the escalation go on"))),
    "page.made": ("bell", _paged),
    "page.nobody_there": ("alert", _plain(gettext_noop("found nobody on duty and called the next rung at once"))),
    "page.failed": ("alert", _plain(gettext_noop("could not get a call through"))),
    "evidence.blanked": ("picture", _blanked),
    "attachment.removed": ("file", _plain(gettext_noop("took a file away"))),
    "link.revoked": ("lock", _plain(gettext_noop("made the secret links useless"))),
    "message.withdrawn": ("undo", _plain(gettext_noop("took a message back before it left"))),
    "mail.failed": ("alert", _plain(gettext_noop("a mail could not be delivered"))),
    "mail.bounced": ("alert", _plain(gettext_noop("a mail of ours came back"))),
    "mail.released": ("inbox", _plain(gettext_noop("made this report from a mail that was held"))),
    "mail.attached": ("link", _plain(gettext_noop("added a mail that was held"))),
    "report.reporter_changed": ("user", _reporter),
    **problem_words.WORDS,
    **fix_words.WORDS,
    **knowledge_words.WORDS,
    "participant.proposed": ("users", _person(gettext_noop("put %(name)s forward to take part"))),
    "participant.accepted": ("users", _person(gettext_noop("let %(name)s take part"))),
    "participant.declined": ("users", _person(gettext_noop("declined that %(name)s takes part"))),
    "participant.removed": ("users", _person(gettext_noop("no longer lets %(name)s take part"))),
}
