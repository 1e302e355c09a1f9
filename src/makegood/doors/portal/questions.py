"""Which question comes when. One page each; the kind of report decides which pages there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.doors.portal import forms, telling


@dataclass(frozen=True)
class Step:
    """One page of the form: its address, its heading in the progress line, what it asks."""

    slug: str
    caption: str | Lazy
    form: type[forms.Page]
    heading: str | Lazy = ""
    template: str = "portal/report/step.html"
    of_question: bool = True


STEPS = (
    Step("what", _("What happened"), forms.What, template="portal/report/what.html"),
    Step("kind", _("What kind it is"), forms.Kind, template="portal/report/kind.html"),
    Step("where", _("Where and when"), forms.Where, template="portal/report/where.html"),
    Step("doing", _("What you wanted to do"), forms.Doing, _("What did you want to do?"), of_question=False),
    Step("how-bad", _("How bad it is"), forms.HowBad, _("How bad is it for you?"), of_question=False),
    Step("more", _("A little more"), forms.More, template="portal/report/more.html", of_question=False),
    Step("pictures", _("Pictures and files"), forms.Pictures, template="portal/report/pictures.html"),
    Step("reach", _("How to reach you"), forms.Reach, template="portal/report/reach.html"),
)
BY_SLUG = {step.slug: step for step in STEPS}


def steps_for(data: Mapping[str, str]) -> list[Step]:
    """The pages this report goes through: a question skips what is only worth knowing of an error."""
    category = data.get("category", "")
    if category.startswith(telling.QUESTION):
        return [step for step in STEPS if step.of_question]
    # Before the kind is known, count the page there may be, so that the number of steps does not grow on the way.
    has_more = not category or bool(forms.more_questions(category))
    return [step for step in STEPS if step.slug != "more" or has_more]


def neighbours(step: Step, data: Mapping[str, str]) -> tuple[Step | None, Step | None, int, int]:
    """The page before, the page after (None: check the answers), and this one's place among how many."""
    steps = steps_for(data)
    if step not in steps:
        return steps[0], None, len(steps), len(steps)
    at = steps.index(step)
    before = steps[at - 1] if at else None
    after = steps[at + 1] if at + 1 < len(steps) else None
    return before, after, at + 1, len(steps)
