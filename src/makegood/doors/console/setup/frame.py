"""What every page of set-up shares: the list of sections, and the history beside a form in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from makegood.doors.console.setup.specs import CATEGORY, COMPONENT, QUESTION, SKILL, STEP, TEAM
from makegood.doors.ui import changes
from makegood.life.people.models import Agent
from makegood.life.reports.models import LedgerEntry

# route, arguments, name, what it is for, icon, what one must be allowed
_Page = tuple[str, tuple[str, ...], Any, Any, str, str]
_SECTIONS: tuple[tuple[Any, tuple[_Page, ...]], ...] = (
    (
        gettext_lazy("People"),
        (
            (
                "setup_people",
                (),
                gettext_lazy("People"),
                gettext_lazy("Who may sign in, in which role, in which teams."),
                "user",
                "setup.view",
            ),
            ("setup_list", ("team",), TEAM.many, TEAM.says, TEAM.icon, "setup.view"),
            ("setup_list", ("skill",), SKILL.many, SKILL.says, SKILL.icon, "setup.view"),
            (
                "setup_rotas",
                (),
                gettext_lazy("Rotas"),
                gettext_lazy("Who is on duty when, and where nobody is."),
                "calendar",
                "setup.view",
            ),
        ),
    ),
    (
        gettext_lazy("The work"),
        tuple(
            ("setup_list", (thing.what,), thing.many, thing.says, thing.icon, "setup.view")
            for thing in (CATEGORY, COMPONENT, QUESTION, STEP)
        )
        + (
            (
                "setup_priority",
                (),
                gettext_lazy("Priorities"),
                gettext_lazy("How urgent something is, from how bad it is and how many it hits."),
                "flag",
                "setup.view",
            ),
            (
                "setup_feedback",
                (),
                gettext_lazy("Feedback"),
                gettext_lazy("What people are asked about our service, and which words call for a lead."),
                "heart",
                "setup.view",
            ),
            (
                "setup_scripts",
                (),
                gettext_lazy("Scripts"),
                gettext_lazy("The words for each moment, with placeholders that are checked."),
                "message",
                "setup.view",
            ),
        ),
    ),
    (
        gettext_lazy("Promises"),
        (
            (
                "setup_policies",
                (),
                gettext_lazy("Promise policies"),
                gettext_lazy("How soon each kind of promise is due, and who is told when it is late."),
                "flag",
                "setup.view",
            ),
            (
                "setup_making_good",
                (),
                gettext_lazy("Making good"),
                gettext_lazy("What is given for what went wrong, who may decide how much, and the month's budget."),
                "heart",
                "setup.view",
            ),
            (
                "setup_calendars",
                (),
                gettext_lazy("Business hours"),
                gettext_lazy("When clocks run: opening hours, holidays, time zone."),
                "clock",
                "setup.view",
            ),
        ),
    ),
    (
        gettext_lazy("Ways in"),
        (
            (
                "setup_mailboxes",
                (),
                gettext_lazy("Mailboxes"),
                gettext_lazy("The addresses customers write to, and how their mail comes in."),
                "inbox",
                "setup.view",
            ),
        ),
    ),
    (
        gettext_lazy("Looking after it"),
        (
            (
                "mail_sent",
                (),
                gettext_lazy("Mail"),
                gettext_lazy("Every mail that left, waits or failed, and why."),
                "outbox",
                "mail.view",
            ),
            (
                "setup_tokens",
                (),
                gettext_lazy("API"),
                gettext_lazy("Programs that work with the desk, and the tokens they show."),
                "link",
                "setup.tokens",
            ),
            (
                "setup_hooks",
                (),
                gettext_lazy("Webhooks"),
                gettext_lazy("Other systems that are told at once what happens here."),
                "bolt",
                "setup.hooks",
            ),
            (
                "setup_repositories",
                (),
                gettext_lazy("Repositories"),
                gettext_lazy("Where changes are made, and which environments reach customers."),
                "duplicate",
                "setup.repositories",
            ),
            (
                "setup_trackers",
                (),
                gettext_lazy("Trackers"),
                gettext_lazy("GitHub, GitLab and Jira: issues that stand for problems there."),
                "external",
                "setup.repositories",
            ),
            (
                "setup_transfer",
                (),
                gettext_lazy("Import and export"),
                gettext_lazy("Reports of another system in, everything out."),
                "swap",
                "transfer.export",
            ),
            (
                "setup_privacy",
                (),
                gettext_lazy("Privacy"),
                gettext_lazy("What we hold of a person, handing it over, erasing it; how long things are kept."),
                "lock",
                "privacy.view",
            ),
            (
                "setup_audit",
                (),
                gettext_lazy("Audit"),
                gettext_lazy("Who did what, when and why."),
                "history",
                "audit.view",
            ),
            (
                "setup_health",
                (),
                gettext_lazy("Health"),
                gettext_lazy("Whether everything behind the desk is well."),
                "heart",
                "setup.view",
            ),
        ),
    ),
)


_PLAIN_WORDS = {
    "setup.added": gettext_lazy("added it"),
    "setup.removed": gettext_lazy("took it away"),
    "service.added": gettext_lazy("added it"),
    "token.made": gettext_lazy("made a token"),
    "token.rotated": gettext_lazy("gave it a new secret"),
    "token.revoked": gettext_lazy("revoked it"),
    "repository.secret_made": gettext_lazy("gave it a new secret"),
    "tracker.secret_made": gettext_lazy("gave it a new secret"),
    "hook.secret_rotated": gettext_lazy("gave it a new secret"),
    "hook.switched_off": gettext_lazy("switched it off"),
    "hook.replayed": gettext_lazy("had it told again"),
}


def sections(agent: Agent) -> list[dict[str, Any]]:
    """The groups of set-up pages ``agent`` may look at."""
    groups = [
        {"title": title, "items": [_link(page) for page in pages if agent.may(page[-1])]} for title, pages in _SECTIONS
    ]
    return [group for group in groups if group["items"]]


def places(agent: Agent) -> list[dict[str, Any]]:
    """The same as a flat list, for the palette."""
    return [item for group in sections(agent) for item in group["items"]]


def history_lines(entries: Iterable[LedgerEntry], limit: int = 20) -> list[dict[str, Any]]:
    """Who changed what, newest first, as lines of words."""
    return [
        {"at": entry.at, "who": entry.who, "words": change_words(entry), "reason": entry.reason}
        for entry in list(entries[:limit])  # type: ignore[index]
    ]


def change_words(entry: LedgerEntry, *, with_plain: bool = True) -> str:
    """'severity: medium → high' for each value that changed; ``with_plain``: 'added it' for a new thing."""
    return changes.in_words(entry) or (str(_PLAIN_WORDS.get(entry.kind, "")) if with_plain else "")


def _link(page: _Page) -> dict[str, Any]:
    route, arguments, name, says, icon, _takes = page
    return {"url": reverse(f"console:{route}", args=arguments), "name": name, "says": says, "icon": icon}
