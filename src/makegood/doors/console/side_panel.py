"""The side of the report page: facts that may be set, and what this agent may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.doors.console import priority_words, taking_part
from makegood.doors.console.compensation import shown as compensation
from makegood.doors.console.suggested_words import Suggested, in_words
from makegood.lib.statements import Statement
from makegood.lib.texts import in_language
from makegood.life.aftercare.queries import closing_reasons
from makegood.life.colleagues import watching
from makegood.life.diagnosis import suggesting
from makegood.life.escalation.models import Escalation
from makegood.life.people.models import Agent, Team
from makegood.life.privacy import openings
from makegood.life.reports import state_words
from makegood.life.reports.models import Category, Component, KeptForm, Label, Report
from makegood.life.reports.states import CLOSED, MOVES, SOLVED

MAY = {
    "assign": "report.assign",
    "escalate": "report.escalate",
    "solve": "report.solve",
    "ask": "report.ask",
    "step": "report.safe_step",
    "snooze": "report.snooze",
    "close": "report.close",
    "reopen": "report.reopen",
    "follow_up": "report.follow_up",
    "protect": "report.protect",
    "recover": "recovery.work",
    "make_good": "compensation.propose",
    "move": "promise.move",
    "people": "report.people",
    "edit_contact": "contact.edit",
    "accept": "escalation.accept",
    "answer_technically": "escalation.answer",
    "join_problem": "problem.join",
    "edit_problem": "problem.edit",
    "redact": "privacy.redact",
}
_OWN_WAY = frozenset({"solved", "closed"})  # These say something to the reporter, so they have their own forms.


@dataclass(frozen=True)
class SideField:
    """One <select>: ``was`` is the value shown, sent along so that a change of somebody else's is not overwritten."""

    name: str
    label: str
    was: str
    options: SafeString
    command: str = ""
    locked: bool = False
    suggested: Suggested | None = None


def context(
    agent: Agent, report: Report, escalation: Escalation | None, kept: Mapping[str, KeptForm]
) -> dict[str, Any]:
    """``kept``: by their names, the forms of dialogs the agent has begun."""
    may = {name: agent.may(action) for name, action in MAY.items()}
    is_at_work = report.state not in (SOLVED, CLOSED)
    return {
        "may": may,
        "mine": report.assignee_id == agent.pk,
        "is_at_work": is_at_work,
        "is_untaken": is_at_work and report.assignee_id is None,
        "people": taking_part.context(report),
        "openings": openings.of(agent, report),
        "labels": _LABELS(report.pk),
        "snoozed": report.snoozed_until is not None and report.snoozed_until > timezone.now(),
        "side_fields": _fields(agent, report),
        "priority": priority_words.panel(report),
        **_watching(agent, report),
        "close_reasons": close_reasons(report),
        "made_good": compensation.of_report(agent, report),
        "escalation_dialogs": [_with_typed(one, kept) for one in dialogs(report, escalation, may)],
    }


def _watching(agent: Agent, report: Report) -> dict[str, Any]:
    people = watching.watchers(report)
    return {"watchers": [person.name for person in people], "watches": agent in people}


def close_reasons(report: Report) -> list[tuple[str, str]]:
    """Why this report may be closed now, in words."""
    words = {
        "answered": _("The question is answered"),
        "withdrawn": _("The reporter took it back"),
        "duplicate": _("Another report tells the same"),
        "spam": _("It is spam"),
        "silence": _("The reporter does not answer"),
        "confirmed": _("The reporter says that it works"),
    }
    return [(reason, words.get(reason, reason)) for reason in closing_reasons(report)]


def dialogs(report: Report, escalation: Escalation | None, may: dict[str, bool]) -> list[dict[str, Any]]:
    """The words each step of an escalation asks for."""
    if escalation is None or not escalation.is_open:
        return []
    states = [
        (s, w)
        for s, w in state_words.named(report.kind, report.state)
        if s in MOVES[report.state] and s not in _OWN_WAY
    ]
    made = []
    if may["answer_technically"]:
        answer = (_("Technical answer"), _("What is known so far"), _("Answer"))
        made = [
            _dialog(report, "tech-answer", "answer", answer, states),
            _dialog(report, "ask-back", "ask_back", (_("Ask the desk"), _("What you need to know"), _("Ask"))),
            _dialog(report, "hand-back", "hand_back", (_("Hand back to the desk"), _("Why"), _("Hand back"))),
        ]
    if may["escalate"]:
        answer = (_("Answer the technical team"), _("Your answer"), _("Answer"))
        made += [
            _dialog(report, "answer-back", "answer_back", answer),
            _dialog(report, "call-off", "call_off", (_("Call the escalation off"), _("Why"), _("Call off"))),
        ]
    return made


def _dialog(report: Report, name: str, verb: str, words: tuple[str, str, str], states: Any = ()) -> dict[str, Any]:
    """``words``: title, label of the text field, and what the button says."""
    url = reverse("console:report_escalation", args=[report.pk, verb])
    title, label, action = words
    step = f"step-{verb.replace('_', '-')}"
    kept_at = reverse("console:report_kept", args=[report.pk, step])
    return {
        "step": step,
        "kept_at": kept_at,
        "id": name,
        "url": url,
        "title": title,
        "label": label,
        "action": action,
        "states": states,
    }


def _with_typed(dialog: dict[str, Any], kept: Mapping[str, KeptForm]) -> dict[str, Any]:
    form = kept.get(dialog["step"])
    return dialog | {"typed": "".join(form.data.get("words", [])) if form else ""}


def _fields(agent: Agent, report: Report) -> list[SideField]:
    """The selects in the order people use them; what this agent may not set is shown locked."""
    language, nothing = get_language() or "en", ("", _("none"))
    categories = _CATEGORIES(report.category_id or 0)
    named = [(str(pk), in_language(names, language) or slug) for pk, slug, names in categories]
    components, teams = _COMPONENTS(report.component_id or 0), _TEAMS(report.team_id or 0)
    people = _PEOPLE(report.assignee_id or 0)
    states = [(s, w) for s, w in state_words.named(report.kind, report.state) if _offered(report, s)]
    rows: list[tuple[str, str, Any, Iterable[tuple[Any, Any]], str, str]] = [
        ("state", _("State"), report.state, states, "state", "report.set_state"),
        ("severity", _("Severity"), report.severity, Report.SEVERITIES, "severity", "report.set_severity"),
        (
            "assignee",
            _("Assignee"),
            report.assignee_id,
            [("", _("nobody")), *people],
            "assign",
            "report.assign",
        ),
        ("team", _("Team"), report.team_id, [nothing, *teams], "team", "report.assign"),
        ("category", _("Category"), report.category_id, [nothing, *named], "category", "report.set_category"),
        (
            "component",
            _("Component"),
            report.component_id,
            [nothing, *components],
            "component",
            "report.set_category",
        ),
        (
            "kind",
            _("Kind"),
            report.kind,
            [("error", _("error")), ("question", _("question"))],
            "kind",
            "report.set_kind",
        ),
    ]
    likely = suggesting.open_ones(report) if report.is_open else {}
    made: list[SideField] = []
    for name, label, value, choices, command, action in rows:
        locked = not agent.may(action)
        hint = None if locked else in_words(likely.get(name), choices, is_first=not any(one.suggested for one in made))
        made.append(SideField(name, label, str(value or ""), _options(choices, value), command, locked, hint))
    return made


# What may be chosen, and what is chosen even if it is no longer offered.
_LABELS: Statement[str] = Statement(
    lambda report: Label.objects.filter(reports=report).order_by("name").values_list("name", flat=True)
)
_CATEGORIES: Statement[tuple[int, str, dict[str, str]]] = Statement(
    lambda chosen: Category.objects.filter(Q(is_active=True) | Q(pk=chosen)).values_list("pk", "slug", "names")
)
_COMPONENTS: Statement[tuple[int, str]] = Statement(
    lambda chosen: Component.objects.filter(Q(is_active=True) | Q(pk=chosen)).order_by("name").values_list("pk", "name")
)
_TEAMS: Statement[tuple[int, str]] = Statement(
    lambda chosen: Team.objects.filter(Q(is_active=True) | Q(pk=chosen)).order_by("name").values_list("pk", "name")
)
_PEOPLE: Statement[tuple[int, str]] = Statement(
    lambda chosen: (
        Agent.objects.filter(Q(is_active=True, is_service=False) | Q(pk=chosen))
        .order_by("name")
        .values_list("pk", "name")
    )
)


def _options(choices: Iterable[tuple[Any, Any]], value: Any) -> SafeString:
    chosen = str(value or "")
    # Not format_html_join: a desk of two hundred people makes two hundred options.
    rows = ((escape(str(v)), " selected" if str(v) == chosen else "", escape(str(words))) for v, words in choices)
    return SafeString("".join(f'<option value="{v}"{mark}>{words}</option>' for v, mark, words in rows))


def _offered(report: Report, state: str) -> bool:
    if state == report.state:
        return True
    return state in MOVES[report.state] and state not in _OWN_WAY and report.state not in _OWN_WAY
