"""What each page of the form asks. Labels are the questions themselves; what is optional says so."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from makegood.doors.portal import telling
from makegood.life.diagnosis.models import Question
from makegood.life.diagnosis.queries import worth_asking
from makegood.life.intake.telling import BLOCKED, COSMETIC, WORKAROUND
from makegood.life.reports.models import Category

MORE_QUESTIONS = 2


class Page(forms.Form):
    """One page. ``single``: its only field is the heading."""

    use_required_attribute = False
    single = False
    optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def _words(label: Any, rows: int = 5, **more: Any) -> forms.CharField:
    more.setdefault("required", False)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), strip=False, **more)


def _line(label: Any, **more: Any) -> forms.CharField:
    attrs = more.pop("attrs", {})
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attrs), **more)


class What(Page):
    single, optional = True, False
    what = _words(_("What happened?"), rows=7, help_text=_("In your own words. Short is fine."))

    def clean_what(self) -> str:
        words: str = self.cleaned_data["what"]
        if not words.strip():
            raise forms.ValidationError(telling.say_what())
        if len(words) > telling.LONGEST["what"]:
            raise forms.ValidationError(telling.too_long_words(telling.LONGEST["what"]))
        return words


class Kind(Page):
    single = True
    category = forms.ChoiceField(
        label=_("Which of these comes closest?"),
        help_text=_("It helps us to ask the right people. If none fits, choose the last one."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the one that comes closest, or “I am not sure”."),
            "invalid_choice": _("Choose one from the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = list(Category.objects.filter(is_active=True))
        field: Any = self.fields["category"]
        field.choices = [(value_of(one), one.slug) for one in self.categories] + [(telling.UNSURE, "")]


def value_of(category: Category) -> str:
    """The value of a category in the form; it tells an error from a question (P1)."""
    return f"{telling.QUESTION}{category.slug}" if category.is_question else category.slug


class Where(Page):
    page = _line(_("On which page or in which part?"), help_text=_("A name or an address, such as “My claims”."))
    began_at = _line(_("Since when?"), help_text=_("As well as you remember, such as “this morning about 9”."))
    browser = _line(_("Browser or app"))
    os = _line(_("Operating system"))
    device = _line(_("Device"))
    screen = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-screen": ""}))


class Doing(Page):
    doing = _words(_("What did you do, step by step?"), help_text=_("So that we can see the same thing you saw."))
    expected = _words(_("What did you expect to happen?"), rows=3)


class HowBad(Page):
    hindrance = forms.ChoiceField(
        label=_("How much does it get in your way?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (BLOCKED, _("I cannot do it at all")),
            (WORKAROUND, _("I found another way")),
            (COSMETIC, _("It only looks wrong")),
        ],
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )
    deadline = _line(
        _("Do you need it by a certain day?"),
        help_text=_("Such as “the form is due on Friday”. Leave it empty if not."),
    )


class More(Page):
    """The one or two questions that help most for this kind of error."""

    def __init__(self, *args: Any, category: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in more_questions(category):
            self.fields[telling.ANSWER + question.slug] = _field_of(question)


def more_questions(category: str) -> list[Question]:
    """The category's own questions that words can answer, the first few."""
    found = Category.objects.filter(slug=category, is_question=False).first() if category else None
    if found is None:
        return []
    return [q for q in worth_asking(found) if not q.is_general and q.kind != "file"][:MORE_QUESTIONS]


def _field_of(question: Question) -> forms.Field:
    language = get_language() or "en"
    common: dict[str, Any] = {
        "label": question.text_in(language),
        "help_text": question.hint_in(language),
        "required": False,
    }
    if choices := question.choices_in(language):
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=5_000, **common)


class Pictures(Page):
    """Files travel by ``uploads``; this page has no field of its own."""


class Reach(Page):
    optional = False
    name = _line(_("Your name"), attrs={"autocomplete": "name"})
    email = _line(
        _("E-mail address"),
        attrs={"autocomplete": "email", "type": "email", "inputmode": "email", "spellcheck": "false"},
        help_text=_("We write to you here when there is news. We never ask for a password."),
    )
    phone = _line(_("Phone number"), attrs={"autocomplete": "tel", "type": "tel", "inputmode": "tel"})
    preferred_way = forms.ChoiceField(
        label=_("Which way do you prefer?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("email", _("E-mail")), ("phone", _("Phone"))],
    )
    second_email = _line(
        _("A second e-mail address"),
        attrs={"type": "email", "inputmode": "email", "spellcheck": "false", "autocomplete": "off"},
        help_text=_("In case the first one cannot be reached."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for problem in telling.problems({**data, "what": "-"}):
            if problem.field in self.fields:
                self.add_error(problem.field, problem.sentence)
        return data
