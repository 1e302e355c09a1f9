"""Safe first steps (A4): which may be offered now, which are withheld and why, and what came of them.

Whatever is not in the catalogue is refused: the front line documents and escalates, it does not repair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.diagnosis import queries
from makegood.life.diagnosis.models import CategoryQuestion, SafeStep, StepTrial
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Report

OFFERED, WITHHELD, TRIED = "offered", "withheld", "tried"

# Condition → (why it forbids the step, what to find out first). The condition is also the fact of its question.
CONDITIONS = {
    "unsaved_form": (
        gettext_lazy("A form with unsaved entries is open; they would be lost."),
        gettext_lazy("Ask first whether a form with unsaved entries is open."),
    ),
    "payment_under_way": (
        gettext_lazy("A payment is under way; it could be made twice."),
        gettext_lazy("Ask first whether a payment is under way."),
    ),
    "cannot_sign_in_again": (
        gettext_lazy("They do not have their sign-in details at hand and might be locked out."),
        gettext_lazy("Ask first whether they have their sign-in details at hand."),
    ),
    "shared_device": (
        gettext_lazy("The device belongs to somebody else."),
        gettext_lazy("Ask first whether the device is their own."),
    ),
}


class BeyondCatalogue(Refusal):
    """A step nobody has approved as safe."""


class NotNow(Refusal):
    """A safe step that a condition forbids at present."""


@dataclass(frozen=True)
class Suggestion:
    """A step of the catalogue for one report: offered, withheld (with the reason) or tried (with the trial)."""

    step: SafeStep
    state: str
    reason: str = ""
    trial: StepTrial | None = None


def suggest(report: Report, have: queries.Known | None = None) -> list[Suggestion]:
    """The category's safe steps, or the whole catalogue without one; each offered, withheld or tried."""
    steps = _OF_CATEGORY(report.category_id or 0) or _CATALOGUE()
    trials = {trial.step_id: trial for trial in _TRIALS(report.pk)}
    facts = (have or queries.known(report)).facts
    doubtful = _doubtful(report)
    return [_suggestion(step, trials.get(step.pk), facts, doubtful) for step in steps]


def record_trial(
    report: Report, step: SafeStep | str, outcome: str, *, by: Actor, at: datetime, notes: str = ""
) -> StepTrial:
    """Note what came of a safe step. Raises BeyondCatalogue, NotNow (unless it could not be tried)."""
    step = approved(step)
    if outcome not in dict(StepTrial.OUTCOMES):
        raise Refusal(_("Say whether it helped, did not help, or could not be tried."))
    if outcome != "could_not":
        _refuse_forbidden(report, step)
    with transaction.atomic():
        trial = StepTrial.objects.create(
            report=report, step=step, outcome=outcome, notes=notes.strip(), by_kind=by.kind, by_name=by.name, at=at
        )
        data = {"step": step.slug, "outcome": outcome, "trial": trial.pk}
        ledger.record(report, "safe_step.tried", by=by, at=at, data=data, reason=trial.notes)
    return trial


def approved(step: SafeStep | str) -> SafeStep:
    """The step of the catalogue that is meant (row or slug). Raises BeyondCatalogue."""
    slug = step if isinstance(step, str) else step.slug
    found = SafeStep.objects.filter(slug=slug, is_active=True).first()
    if found is None:
        raise BeyondCatalogue(
            _(
                "This is not one of the safe steps, so it must not be tried with a customer: it could make things "
                "worse or hide the cause. Write down what you know and escalate."
            )
        )
    return found


def _suggestion(step: SafeStep, trial: StepTrial | None, facts: dict[str, str], doubtful: set[str]) -> Suggestion:
    if trial is not None:
        return Suggestion(step, TRIED, trial=trial)
    reason = forbidden(step, facts, doubtful)
    return Suggestion(step, WITHHELD if reason else OFFERED, reason)


def forbidden(step: SafeStep, facts: dict[str, str], doubtful: set[str]) -> str:
    """Why ``step`` is not to be tried now; empty if it may. A doubtful condition counts until it is denied."""
    for condition in step.not_when:
        because, first = CONDITIONS.get(condition, (condition, condition))
        if facts.get(condition) == "yes":
            return str(because)
        if condition in doubtful and not facts.get(condition):
            return str(first)
    return ""


def _doubtful(report: Report) -> set[str]:
    """The conditions this category makes likely: those it has a question on."""
    return set(_DOUBTFUL(report.category_id or 0))


_CATALOGUE = Statement(lambda: SafeStep.objects.filter(is_active=True))
_OF_CATEGORY = Statement(
    lambda category: SafeStep.objects.filter(is_active=True, category_steps__category=category).order_by(
        "category_steps__position"
    )
)
_TRIALS = Statement(lambda report: StepTrial.objects.filter(report=report))
_DOUBTFUL: Statement[str] = Statement(
    lambda category: CategoryQuestion.objects.filter(
        category=category, question__fact__in=list(CONDITIONS)
    ).values_list("question__fact", flat=True)
)


def _refuse_forbidden(report: Report, step: SafeStep) -> None:
    """Only a condition that is known to hold stops the recording: what a reporter already did must be writable."""
    reason = forbidden(step, queries.known(report).facts, set())
    if reason:
        raise NotNow(reason)
