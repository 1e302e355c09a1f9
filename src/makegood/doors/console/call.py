"""What an agent asks on the phone, in the order of the talk, and what becomes of the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from makegood.doors.console.suggested_words import in_words
from makegood.engine.similar import Question
from makegood.lib.keys import idempotency_key, secret_token
from makegood.lib.texts import in_language
from makegood.life.diagnosis import suggesting
from makegood.life.diagnosis.queries import worth_asking
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact
from makegood.life.problems.comparable import question_of_words
from makegood.life.reports.models import Category, Report

HINDRANCES = (
    ("blocked", gettext_lazy("They cannot do it at all")),
    ("workaround", gettext_lazy("They found another way")),
    ("cosmetic", gettext_lazy("It only looks wrong")),
)
# What every error wants to know, asked the way one speaks: (fact, what to say).
FACTS = (
    ("doing", gettext_lazy("“What did you do just before, step by step?”")),
    ("expected", gettext_lazy("“What did you expect to happen?”")),
    ("error_message", gettext_lazy("“Is there a message? Please read it to me.”")),
    ("began_at", gettext_lazy("“Since when does it happen?”")),
)
PLACES = (
    ("page", gettext_lazy("Page")),
    ("browser", gettext_lazy("Browser")),
    ("os", gettext_lazy("System")),
    ("device", gettext_lazy("Device")),
)
_KINDS = (("error", gettext_lazy("error")), ("question", gettext_lazy("question")))
_ASKED_ANYWAY = frozenset(fact for fact, _words in FACTS) | {"happened", "how_bad", "picture", "logs", "reach"}


_REACHED = ("name", "phone", "email", "preferred_way")


def told(form: QueryDict) -> Told:
    """The form as intake takes it from any channel."""
    facts = {fact: form.get(f"fact-{fact}", "") for fact, _words in FACTS if form.get(f"fact-{fact}", "").strip()}
    places = {
        name: form.get(f"place-{name}", "")[:300] for name, _words in PLACES if form.get(f"place-{name}", "").strip()
    }
    answers = {n.removeprefix("q-"): str(v) for n, v in form.items() if n.startswith("q-") and str(v).strip()}
    preferred = form.get("preferred_way", "")
    return Told(
        what=form.get("what", ""),
        idempotency_key=idempotency_key(form.get("key")) or secret_token(),
        channel="phone",
        kind="question" if form.get("kind") == "question" else "error",
        category=form.get("category", ""),
        hindrance=form.get("hindrance", "") if form.get("hindrance") in dict(HINDRANCES) else "",
        language=form.get("language") or "en",
        name=form.get("name", "").strip()[:200],
        email=form.get("email", "").strip(),
        phone=form.get("phone", "").strip(),
        preferred_way=preferred if preferred in {"email", "phone"} else "",
        facts=facts,
        answers=answers,
        environment=places,
    )


def caller(form: QueryDict, contact: Contact | None) -> dict[str, str]:
    """How the caller is reached: as the form says, else as we know the contact who was just chosen."""
    if contact and not ("name" in form and form.get("contact") == contact.key):
        known = {name: getattr(contact, name) or "" for name in _REACHED}
        return known | {"language": contact.language or get_language() or "en"}
    return {name: form.get(name, "") for name in _REACHED} | {
        "language": form.get("language") or get_language() or "en"
    }


def read_back(form: QueryDict) -> list[str]:
    """What to read to the caller before saving: their own words, and how we reach them."""
    said = told(form)
    lines = [_("I read back what I wrote down: “%(what)s”") % {"what": said.what.strip()}]
    if said.facts.get("doing"):
        lines.append(_("Before that you did this: %(doing)s") % {"doing": said.facts["doing"]})
    if said.facts.get("expected"):
        lines.append(_("You expected: %(expected)s") % {"expected": said.facts["expected"]})
    if said.facts.get("error_message"):
        lines.append(_("The message says: “%(message)s”") % {"message": said.facts["error_message"]})
    if said.hindrance:
        lines.append(str(_SAID_BACK[said.hindrance]))
    ways = _(" or ").join(way for way in (said.email, said.phone) if way)
    lines.append(_("We reach you by %(ways)s. Is that right?") % {"ways": ways} if ways else _("How can we reach you?"))
    return lines


_SAID_BACK = {
    "blocked": gettext_lazy("At the moment you cannot do it at all."),
    "workaround": gettext_lazy("You found another way for now."),
    "cosmetic": gettext_lazy("You can still do everything; it only looks wrong."),
}


def question(form: QueryDict) -> Question:
    """What the form says so far, as "is this known?" takes it: words, message, category, page and reference."""
    said = told(form)
    words = "\n".join([said.what[:4_000], said.facts.get("error_message", "")[:1_000]]).strip()
    places = {"category": said.category, "page": said.environment.get("page", "")}
    return question_of_words(words, **places, references=said.answers.get("reference-code", "")[:300])


def category(slug: str) -> Category | None:
    return Category.objects.filter(slug=slug, is_active=True).first() if slug else None


def categories(language: str) -> list[tuple[str, str]]:
    """(slug, the agents' word) of every category, for the quick pick."""
    return [(c.slug, in_language(c.names, language) or c.slug) for c in Category.objects.filter(is_active=True)]


def suggested(words: str, form: QueryDict, *, now: datetime) -> list[dict[str, Any]]:
    """What the words so far may be filed as, where the form says something else: which part it sets, in words."""
    found, made = suggesting.of_words(words, channel="phone", now=now), []
    chosen = {"category": form.get("category", ""), "kind": form.get("kind") or "error"}
    for field, choices in (("category", _categories_by_key()), ("kind", _KINDS)):
        one = in_words(found.get(field), choices, is_first=False)
        value = _slug(one.value) if one and field == "category" else one.value if one else ""
        if one and value != chosen[field]:
            made.append({"field": field, "value": value, "one": one})
    return made


def _categories_by_key() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(str(c.pk), in_language(c.names, language) or c.slug) for c in Category.objects.filter(is_active=True)]


def _slug(key: str) -> str:
    return Category.objects.values_list("slug", flat=True).get(pk=int(key))


def category_words(chosen: Category | None, language: str) -> dict[str, str]:
    if chosen is None:
        return {}
    return {"hint": in_language(chosen.hints, language), "alternative": in_language(chosen.alternatives, language)}


def questions(chosen: Category | None, language: str, form: QueryDict) -> list[dict[str, Any]]:
    """What this category wants to know besides, with what has been typed."""
    wanted = [q for q in worth_asking(chosen) if not q.is_general and q.kind != "file" and q.fact not in _ASKED_ANYWAY]
    return [
        {
            "name": f"q-{question.slug}",
            "text": question.text_in(language),
            "hint": question.hint_in(language),
            "choices": question.choices_in(language),
            "value": form.get(f"q-{question.slug}", ""),
        }
        for question in wanted
    ]


def hindrances() -> list[tuple[str, Any]]:
    return list(HINDRANCES)


def fact_fields(form: QueryDict) -> list[dict[str, Any]]:
    return [{"name": f"fact-{fact}", "text": words, "value": form.get(f"fact-{fact}", "")} for fact, words in FACTS]


def place_fields(form: QueryDict) -> list[dict[str, Any]]:
    return [{"name": f"place-{name}", "text": words, "value": form.get(f"place-{name}", "")} for name, words in PLACES]


def alternative(report: Report) -> str:
    """What the caller can do meanwhile, in the agent's language."""
    return in_language(report.category.alternatives, get_language() or "en") if report.category else ""
