"""Which key does what in the console, declared once: the browser, the ``?`` dialog and the palette read it from here.

A command is carried out by the first visible element with ``data-command`` of its name, so a key works wherever a page
offers that element. People may give each command another key in their preferences (``{"keymap": {"reply": "q"}}``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Command:
    """``keys``: each a chord (``mod`` is Ctrl or Cmd) or a sequence; ``route``: where it goes when it is a place."""

    name: str
    keys: tuple[str, ...]
    label: str | Promise
    group: str
    route: str = ""
    query: str = ""


GROUPS = {
    "move": pgettext_lazy("what keys do", "Move"),
    "report": _("On a report"),
    "triage": _("Is this known?"),
    "write": _("Write"),
    "go": _("Go to"),
    "general": _("Anywhere"),
}
COMMANDS = (
    Command("next", ("j", "ArrowDown"), _("Next row"), "move"),
    Command("previous", ("k", "ArrowUp"), _("Row before"), "move"),
    Command("open", ("o", "Enter"), pgettext_lazy("what one does", "Open"), "move"),
    Command("back", ("u", "Escape"), _("Back"), "move"),
    Command("report_before", ("[",), _("Report before"), "move"),
    Command("report_after", ("]",), _("Next report"), "move"),
    Command("select", ("x",), _("Select"), "move"),
    Command("extend_down", ("shift+j", "shift+ArrowDown"), _("Extend the selection down"), "move"),
    Command("extend_up", ("shift+k", "shift+ArrowUp"), _("Extend the selection up"), "move"),
    Command("select_all", ("mod+a",), _("Select all in view"), "move"),
    Command("reply", ("r",), _("Reply"), "report"),
    Command("note", ("n",), _("Write a note"), "report"),
    Command("assign", ("a",), _("Assign"), "report"),
    Command("take", ("i",), _("Take it"), "report"),
    Command("watch", ("w",), _("Watch it, or no longer"), "report"),
    Command("hand_over", ("shift+a",), _("Hand over with a note"), "report"),
    Command("told", ("g y",), _("For you"), "go", route="console:told"),
    Command("state", ("s",), _("Change the state"), "report"),
    Command("severity", ("p",), _("Change the severity"), "report"),
    Command("take_suggestion", ("y",), _("Use what is suggested"), "report"),
    Command("label", ("l",), _("Label"), "report"),
    Command("snooze", ("h",), _("Snooze"), "report"),
    Command("duplicate", ("d",), _("Is this known: problem, or same report"), "report"),
    Command("pick_1", ("1",), _("Take the first suggestion"), "report"),
    Command("pick_2", ("2",), _("Take the second"), "report"),
    Command("pick_3", ("3",), _("Take the third"), "report"),
    Command("pick_4", ("4",), _("Take the fourth"), "report"),
    Command("pick_5", ("5",), _("Take the fifth"), "report"),
    Command("pick_6", ("6",), _("Join the first problem listed"), "triage"),
    Command("pick_7", ("7",), _("Join the second listed"), "triage"),
    Command("pick_8", ("8",), _("Join the third listed"), "triage"),
    Command("pick_9", ("9",), _("Join the fourth listed"), "triage"),
    Command("merge_1", ("shift+1",), _("Same person: go on in the first"), "triage"),
    Command("merge_2", ("shift+2",), _("Same person: go on in the second"), "triage"),
    Command("merge_3", ("shift+3",), _("Same person: go on in the third"), "triage"),
    Command("merge_4", ("shift+4",), _("Same person: go on in the fourth"), "triage"),
    Command("merge_5", ("shift+5",), _("Same person: go on in the fifth"), "triage"),
    Command("take_out", ("t",), _("Take it out of its problem"), "triage"),
    Command("split_off", ("shift+t",), _("Split it off as a problem of its own"), "triage"),
    Command("open_problem", ("shift+p",), _("Open a problem"), "triage"),
    Command("same_report", ("shift+d",), _("Name the report that tells the same"), "triage"),
    Command("unlink", ("shift+l",), _("Take the link back"), "triage"),
    Command("use_article", ("b",), _("Answer with the first article"), "report"),
    Command("escalate", ("e",), _("Escalate"), "report"),
    Command("ask", ("shift+r",), _("Ask for what is missing"), "report"),
    Command("solve", ("shift+s",), _("Solved"), "report"),
    Command("script", ("m",), _("Use a script"), "report"),
    Command("send", ("mod+Enter",), _("Send"), "write"),
    Command("send_wait", ("shift+mod+Enter",), _("Send, and wait for the answer"), "write"),
    Command("undo", ("z", "mod+z"), _("Undo"), "write"),
    Command("search", ("/",), _("Search everything"), "general"),
    Command("filter", ("f",), _("Filter this list"), "general"),
    Command("palette", ("mod+k",), _("Search or do something"), "general"),
    Command("new", ("c",), _("New report by phone"), "general", "console:phone"),
    Command("copy_link", ("mod+.",), _("Copy the link"), "general"),
    Command("keys", ("?",), _("Show the keys"), "general"),
    Command("go_queue", ("g q",), _("Queue"), "go", "console:queue"),
    Command("go_mine", ("g m",), _("My reports"), "go", "console:queue", "?view=mine"),
    Command("go_late", ("g l",), _("Late"), "go", "console:queue", "?view=late"),
    Command("go_escalations", ("g e",), _("Escalations"), "go", "console:escalations"),
    Command("go_problems", ("g p",), _("Problems"), "go", "console:problems"),
    Command("go_calls", ("g c",), _("Calls"), "go", "console:calls"),
    Command("go_feedback", ("g f",), _("Feedback"), "go", "console:feedback"),
    Command("go_knowledge", ("g k",), _("Knowledge"), "go", "console:knowledge"),
    Command("go_promises", ("g o",), _("Promises"), "go", "console:promises"),
    Command("go_mail", ("g i",), _("Held mail"), "go", "console:mail_held"),
    Command("go_accounts", ("g a",), _("Accounts"), "go", "console:accounts"),
    Command("go_team", ("g t",), _("My team"), "go", "console:queue", "?q=state:open+team:mine"),
    Command("go_insights", ("g d",), _("Insights"), "go", "console:insights"),
    Command("go_status", ("g s",), _("Status page"), "go", "console:status"),
    Command("go_setup", ("g u",), _("Set-up"), "go", "console:setup"),
)


# What people write for keys that have no sign, and how we write it: as the browser names keys, Shift before Ctrl.
_NAMED = {"enter": "Enter", "return": "Enter", "↵": "Enter", "esc": "Escape", "escape": "Escape"} | {
    name.lower(): name for name in ("ArrowDown", "ArrowUp", "Home", "End", "PageUp", "PageDown")
}
_HELD = {"shift": "shift", "umschalt": "shift", "⇧": "shift", "ctrl": "mod", "strg": "mod", "cmd": "mod", "⌘": "mod"}
_HELD |= {"mod": "mod", "alt": "alt"}
_ORDER = ("shift", "mod", "alt")


def read(typed: str) -> str:
    """Keys as people write them ("q", "g t", "Shift+A", "Ctrl+Enter"), as ``COMMANDS`` has them; "" if unreadable."""
    chords = [_chord(part) for part in typed.split()]
    if not 1 <= len(chords) <= 2 or not all(chords):
        return ""
    # A sequence is of plain keys: holding two of them down in turn is nobody's idea of a short cut.
    return " ".join(chords) if len(chords) == 1 or all(len(chord) == 1 for chord in chords) else ""


def written(keys: str) -> str:
    """Keys as ``read`` takes them, in the words on a keyboard."""
    if len(keys) == 1 or " " in keys:
        return keys
    *held, key = keys.split("+")
    return "+".join(
        [*({"mod": "Ctrl"}.get(name, name.title()) for name in held), key.upper() if len(key) == 1 else key]
    )


def _chord(text: str) -> str:
    *held, key = text.split("+") if len(text) > 1 else [text]
    wanted = {_HELD.get(name.lower(), "") for name in held}
    if "" in wanted or not key.isprintable():
        return ""
    plain = key.lower() if len(key) == 1 else _NAMED.get(key.lower(), "")
    return "+".join([*(name for name in _ORDER if name in wanted), plain]) if plain else ""


def for_browser(remapped: Mapping[str, str] | None = None) -> list[dict[str, object]]:
    """The keymap as plain values in the reader's language, with their own keys in place of ours."""
    remapped = remapped or {}
    found: list[dict[str, object]] = []
    for command in COMMANDS:
        own = remapped.get(command.name)
        url = _address(command)
        if command.route and not url:
            continue
        found.append(
            {
                "name": command.name,
                "keys": [own, *command.keys[1:]] if own else list(command.keys),
                "label": str(command.label),
                "group": command.group,
                **({"url": url} if url else {}),
            }
        )
    return found


def _address(command: Command) -> str:
    try:
        return reverse(command.route) + command.query if command.route else ""
    except NoReverseMatch:
        return ""
