"""The words of an analysis: one form, kept while one types, two people who write at once see both versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console import keeping
from makegood.doors.console.analyses.frame import address, back, find_rca, load
from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.gate import needs, zone_of
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.doors.console.problems.finding import find
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.rca import access, document, impact, requiring, writing
from makegood.life.rca.models import Rca, RcaDraft
from makegood.life.rca.wording import FIELDS

LANGUAGES = dict(settings.LANGUAGES)
# The form: heading, then what stands under it.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("What happened"), ("overview", "began_at", "detected_at", "ended_at")),
    (gettext_lazy("Why"), ("trigger_kind", "trigger", "cause_kind", "root_cause", "factors")),
    (gettext_lazy("How we noticed"), ("detected_by", "detection", "monitoring_gap")),
    (gettext_lazy("How it was mended"), ("mended_for_now", "mended_for_good", "data_lost")),
    (gettext_lazy("What we take with us"), ("went_well", "went_badly", "luck", "lessons")),
    (gettext_lazy("What is said of it"), ("internal_text", *(f"public_{code}" for code in LANGUAGES))),
)
LABELS: dict[str, Any] = {
    "began_at": gettext_lazy("It began to hurt"),
    "detected_at": gettext_lazy("We noticed"),
    "ended_at": gettext_lazy("It hurt nobody any more"),
    "trigger_kind": gettext_lazy("Kind of trigger"),
    "cause_kind": gettext_lazy("Kind of cause"),
    "detected_by": gettext_lazy("Noticed because"),
}
MUST = ("overview", "trigger", "root_cause", "monitoring_gap")
PLACES: dict[type[Refusal], str] = {writing.Conflict: "", writing.WrongOrder: "r-ended_at"}


@needs("rca.view", post="rca.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a draft; of what is reviewed or done, the document. Where there is none yet, how to begin one."""
    problem, now, wrong = find(request, number), timezone.now(), dict[str, Any]()
    rca = access.newest_of(seeker(request), problem)
    if rca is None:
        return _none_yet(request, problem)
    rca.problem = problem
    if request.method == "POST":
        try:
            at_hand = whole_number(request.POST.get("version", "")) or 0
            writing.edit(rca, by=actor(request), at=now, expected=at_hand, **_facts(request.POST, now))
            writing.forget_draft(rca, seeker(request))
            return keeping.told_of(back(request, rca, _("Saved.")), address(problem, "rca_draft"))
        except writing.Conflict as conflict:
            rca = find_rca(request, number)
            wrong = slip(conflict, PLACES, "") | {"theirs": _differing(request.POST, rca)}
        except writing.TooLong as refusal:
            wrong = slip(refusal, {}, f"r-{refusal.field}")
        except NotATime as refusal:
            wrong = slip(refusal, {}, f"r-{_unreadable(request.POST, now)}")
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "")
    if not rca.is_draft and not wrong:
        return redirect(address(problem, "rca_document"))
    context = load(request, rca, "words", now=now) | _form(request, rca) | wrong
    context["impact"] = document.impact_lines(impact.of(rca, at=now))
    return render(request, "console/analyses/words.html", context, status=422 if wrong else 200)


@needs("rca.view")
@require_safe
def read(request: HttpRequest, number: str) -> HttpResponse:
    """The analysis as it is read: every section, whatever its state."""
    rca, now, agent = find_rca(request, number), timezone.now(), seeker(request)
    sheet = document.lay_out(rca, agent, language=agent.language, zone=zone_of(agent), now=now)
    context = load(request, rca, "document", now=now) | {"sheet": sheet}
    return render(request, "console/analyses/document.html", context)


@needs("rca.view", post="rca.edit")
@require_POST
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Begin one where nobody asks for it, or another one after it came back."""
    rca = writing.begin(find(request, number), by=actor(request), at=timezone.now())
    return back(request, rca, _("The analysis has begun."))


@needs("rca.view", post="rca.edit")
@require_POST
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being typed, within seconds."""
    rca, told = find_rca(request, number), request.POST
    typed = {name: told[name] for name in writing.draft_fields() if name in told}
    changed = {name: words for name, words in typed.items() if words != plain(rca, name)}
    version = whole_number(told.get("version", "")) or rca.version
    writing.save_draft(rca, seeker(request), changed, version=version, at=timezone.now())
    return HttpResponse(status=204)


@needs("rca.view")
@require_safe
def of(request: HttpRequest, number: str) -> HttpResponse:
    """RCA-3: where it is read. The one that counts on its problem's pages, an earlier one by itself."""
    rca, now, agent = access.access_rca(seeker(request), number), timezone.now(), seeker(request)
    if access.newest_of(agent, rca.problem) == rca:
        return redirect(address(rca.problem))
    sheet = document.lay_out(rca, agent, language=agent.language, zone=zone_of(agent), now=now)
    context = {"fault": rca.problem, "rca": rca, "sheet": sheet}
    return render(request, "console/analyses/earlier.html", context)


def plain(rca: Rca, name: str) -> str:
    """A value as the form carries it."""
    if name.startswith("public_"):
        return str(rca.public_texts.get(name.removeprefix("public_"), ""))
    value = getattr(rca, name)
    return local_value(value) if isinstance(value, datetime) else str(value or "")


def _none_yet(request: HttpRequest, problem: Any) -> HttpResponse:
    if request.method == "POST":
        return went(request, address(problem), _("Begin the analysis first."))
    asked = requiring.asks_for_one(problem.severity)
    context = {"fault": problem, "asked": asked, "may_begin": seeker(request).may("rca.edit")}
    return render(request, "console/analyses/none.html", context)


def _facts(told: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What was typed, as ``writing.edit`` takes it. What the form does not carry stays."""
    facts: dict[str, Any] = {name: told[name] for name in (*writing.TEXTS, *writing.CHOICES) if name in told}
    facts |= {name: typed_moment(told[name], now=now) for name in writing.MOMENTS if name in told}
    public = {code: told[f"public_{code}"] for code in LANGUAGES if f"public_{code}" in told}
    return facts | ({writing.PUBLIC: public} if public else {})


def _unreadable(told: Mapping[str, str], now: datetime) -> str:
    """Which of the moments cannot be read."""
    for name in writing.MOMENTS:
        try:
            typed_moment(told.get(name, ""), now=now)
        except NotATime:
            return name
    return ""


def _form(request: HttpRequest, rca: Rca) -> dict[str, Any]:
    """The fields by group with what was typed, else with one's own unsaved words, else with what is there."""
    kept = RcaDraft.objects.filter(rca=rca, agent=seeker(request)).first()
    typed: Mapping[str, str] = request.POST if request.method == "POST" else kept.words if kept else {}
    version = kept.version if kept and request.method != "POST" else rca.version
    groups = [(title, [_field(rca, name, typed) for name in names]) for title, names in GROUPS]
    is_behind = bool(kept and kept.version != rca.version and request.method != "POST")
    return {
        "groups": groups,
        "version": version,
        "kept": None if request.method == "POST" else kept,
        "behind": is_behind,
    }


def _field(rca: Rca, name: str, typed: Mapping[str, str]) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "id": f"r-{name}", "value": typed.get(name, plain(rca, name)), "hint": ""}
    field["is_must"] = name in MUST
    if name in FIELDS:
        label, hint, lines = FIELDS[name]
        return field | {"label": label, "hint": hint, "lines": lines, "kind": "text"}
    if name.startswith("public_"):
        language = _(LANGUAGES[name.removeprefix("public_")])
        label = _("Words for the public (%s)") % language
        hint = _(
            "All that leaves the house: what happened, what we did, what we do about it. Only once it is published."
        )
        return field | {"label": label, "hint": hint, "lines": 5, "kind": "text"}
    if name in writing.CHOICES:
        return field | {"label": LABELS[name], "choices": writing.CHOICES[name], "kind": "choice"}
    return field | {"label": LABELS[name], "kind": "moment"}


def _differing(told: Mapping[str, str], rca: Rca) -> list[dict[str, str]]:
    """Each field that is not what this person typed, with both values."""
    found = []
    for _title, names in GROUPS:
        for name in names:
            mine, theirs = told.get(name, "").strip(), plain(rca, name)
            if mine != theirs:
                found.append({"label": str(_field(rca, name, told)["label"]), "mine": mine, "theirs": theirs})
    return found
