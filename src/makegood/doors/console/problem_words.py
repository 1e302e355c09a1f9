"""What happened to problems and their members, in an agent's words. Titles are left out: who reads a report's story may
not be allowed to see the problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from makegood.life.problems.models import Membership, Problem
from makegood.life.rca.models import Action
from makegood.life.reports.models import LedgerEntry

Words = Callable[[LedgerEntry, Any], str]

FACTS = {
    "title": gettext_lazy("title"),
    "symptom": gettext_lazy("symptom"),
    "signatures": gettext_lazy("error messages"),
    "affected_versions": gettext_lazy("releases"),
    "cause": gettext_lazy("cause"),
    "workaround": gettext_lazy("way round"),
    "fix": gettext_lazy("fix"),
    "severity": gettext_lazy("severity"),
    "category": gettext_lazy("category"),
    "components": gettext_lazy("components"),
    "public_titles": gettext_lazy("public title"),
    "public_texts": gettext_lazy("public text"),
    "public_workarounds": gettext_lazy("public advice"),
}


def _plain(words: str) -> Words:
    return lambda entry, names: _(words)


def _state(entry: LedgerEntry, names: Any) -> str:
    states = {value: str(word) for value, word in Problem.STATES}
    old, new = (entry.data.get(side, {}).get("state") for side in ("from", "to"))
    return _("moved the problem from “%(old)s” to “%(new)s”") % {
        "old": states.get(str(old), old),
        "new": states.get(str(new), new),
    }


def _changed(entry: LedgerEntry, names: Any) -> str:
    what = ", ".join(str(FACTS.get(name, name)) for name in entry.data.get("to", {}))
    return _("changed: %(what)s") % {"what": what}


def _handed(entry: LedgerEntry, names: Any) -> str:
    to = ", ".join(name for name in (entry.data.get("owner_name"), entry.data.get("team_name")) if name)
    return _("handed the problem to %(names)s") % {"names": to} if to else _("put the problem back for anybody to take")


def _protected(entry: LedgerEntry, names: Any) -> str:
    narrow = entry.data.get("to", {}).get("is_protected")
    return _("let only its team, its owner and leads see it") if narrow else _("let everybody at the desk see it again")


def _joined(entry: LedgerEntry, names: Any) -> str:
    number = {"number": entry.data.get("number")}
    if entry.data.get("how") == Membership.REPORTER:
        return _("said “me too”: it belongs to %(number)s") % number
    return _("joined it to %(number)s") % number


def _left(entry: LedgerEntry, names: Any) -> str:
    return _("took it out of %(number)s") % {"number": entry.data.get("number")}


def _split(entry: LedgerEntry, names: Any) -> str:
    count = len(entry.data.get("reports") or ())
    words = ngettext("split %(n)s report off into %(into)s", "split %(n)s reports off into %(into)s", count)
    return words % {"n": count, "into": entry.data.get("into")}


def _merged(entry: LedgerEntry, names: Any) -> str:
    return _("merged the problem into %(number)s") % {"number": entry.data.get("number")}


def _announced(entry: LedgerEntry, names: Any) -> str:
    count = int(entry.data.get("reports") or 0)
    return ngettext("has one reporter told", "has %(n)s reporters told", count) % {"n": count}


def _told(entry: LedgerEntry, names: Any) -> str:
    count = int(entry.data.get("told") or 0)
    return ngettext("told one reporter", "told %(n)s reporters", count) % {"n": count}


def _answered(entry: LedgerEntry, names: Any) -> str:
    words = {
        "yes": _("heard that it works for them"),
        "no": _("heard that it does not work for them"),
        "not_yet": _("heard that they have not checked yet"),
    }
    return words.get(str(entry.data.get("answer")), _("heard that an answer was taken back"))


def _settled(entry: LedgerEntry, names: Any) -> str:
    came_back = entry.data.get("state") == "confirmed"
    return _("says that it is the same again") if came_back else _("says that it is something else")


def _action(entry: LedgerEntry, names: Any) -> str:
    told = {"title": entry.data.get("title") or "", "number": f"ACT-{entry.data.get('action')}"}
    if entry.kind == "action.proposed":
        return _("proposed the action %(number)s, “%(title)s”") % told
    if entry.kind == "action.reminded":
        return _("reminds of the action %(number)s, “%(title)s”, which is late") % told
    if entry.kind == "action.changed":
        return _("changed the action %(number)s, “%(title)s”") % told
    new = str((entry.data.get("to") or {}).get("state") or "")
    told["state"] = str(dict(Action.STATES).get(new, new))
    return _("moved the action %(number)s, “%(title)s”, to %(state)s") % told


def _rca_handed(entry: LedgerEntry, names: Any) -> str:
    return _("gave the root cause analysis to %(name)s") % {"name": entry.data.get("owner_name")}


WORDS: dict[str, tuple[str, Words]] = {
    "rca.required": ("shield", _plain(gettext_noop("asks for a root cause analysis"))),
    "rca.begun": ("shield", _plain(gettext_noop("began the root cause analysis"))),
    "rca.changed": ("edit", _plain(gettext_noop("changed the root cause analysis"))),
    "rca.handed": ("user", _rca_handed),
    "rca.submitted": ("send", _plain(gettext_noop("asked for the review of the root cause analysis"))),
    "rca.sent_back": ("undo", _plain(gettext_noop("sent the root cause analysis back"))),
    "rca.approved": ("check", _plain(gettext_noop("approved the root cause analysis"))),
    "rca.waived": ("edit", _plain(gettext_noop("signed that weak actions are all there will be"))),
    "rca.published": ("globe", _plain(gettext_noop("published the root cause analysis"))),
    "rca.taken_back": ("undo", _plain(gettext_noop("took the published root cause analysis back"))),
    "action.proposed": ("plus", _action),
    "action.changed": ("edit", _action),
    "action.state_changed": ("arrow-right", _action),
    "action.reminded": ("clock", _action),
    "announcement.made": ("send", _announced),
    "announcement.started": ("send", _plain(gettext_noop("begins to tell everybody"))),
    "announcement.done": ("check", _told),
    "announcement.cancelled": ("hand", _plain(gettext_noop("stopped telling everybody"))),
    "announcement.resumed": ("refresh", _plain(gettext_noop("lets everybody not told yet be told"))),
    "announcement.answered": ("message", _answered),
    "recurrence.suspected": ("alert", _plain(gettext_noop("found a new report that looks like it"))),
    "recurrence.settled": ("check", _settled),
    "problem.opened": ("bolt", _plain(gettext_noop("opened the problem"))),
    "problem.changed": ("edit", _changed),
    "problem.state_changed": ("arrow-right", _state),
    "problem.came_back": ("refresh", _plain(gettext_noop("saw that it came back"))),
    "problem.handed": ("user", _handed),
    "problem.protected": ("lock", _protected),
    "problem.noted": ("note", _plain(gettext_noop("wrote a note"))),
    "problem.note_changed": ("edit", _plain(gettext_noop("changed a note where it was written"))),
    "problem.note_removed": ("minus", _plain(gettext_noop("removed a note where it was written"))),
    "problem.joined": ("link", _joined),
    "problem.left": ("minus", _left),
    "problem.split": ("swap", _split),
    "problem.merged": ("link", _merged),
    "problem.unmerged": ("undo", _plain(gettext_noop("took the merge back"))),
    "problem.published": ("globe", _plain(gettext_noop("made it public"))),
    "problem.unpublished": ("globe", _plain(gettext_noop("made it public no more"))),
    "problem.withdrawn": ("undo", _plain(gettext_noop("took back that the problem was opened"))),
    "problem.change_undone": ("undo", _plain(gettext_noop("took a change back"))),
}
