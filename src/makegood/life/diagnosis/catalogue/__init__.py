"""The categories, questions and safe steps an installation has until somebody edits them, as data beside this file.

``install()`` runs with every release: it adds what is missing, and words nobody ever edited become those that ship now.
What an admin edited or switched off stays.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from makegood.life.diagnosis.models import CategoryQuestion, CategoryStep, Question, SafeStep
from makegood.life.people.models import Team
from makegood.life.reports import setup
from makegood.life.reports.models import Category

HERE = Path(__file__).parent
# By what the history of set-up calls it: the fields that are words, and nothing else.
WORDS: dict[str, tuple[str, ...]] = {
    "question": ("labels", "texts", "hints", "choices"),
    "step": ("titles", "what_it_does", "cannot_break", "instructions"),
    "category": ("names", "reporter_names", "hints", "alternatives"),
}


@cache
def read(name: str) -> list[dict[str, Any]]:
    """The entries of one data file: categories, questions or steps."""
    return next(iter(tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8")).values()))


@cache
def sounds() -> dict[str, list[tuple[str, ...]]]:
    """Slug of a category → what people say of such an error: the parts that occur together, "_" being a space."""
    told = tomllib.loads((HERE / "sounds.toml").read_text(encoding="utf-8"))
    return {
        slug: [tuple(part.replace("_", " ") for part in line.split()) for line in entry["said"]]
        for slug, entry in told.items()
    }


def install() -> int:
    """Add the missing questions, safe steps and categories, renew what nobody edited; return how many rows changed.
    Safe to repeat.
    """
    with transaction.atomic():
        teams = {team.slug: team for team in Team.objects.all()}
        shipping: dict[str, list[Any]] = {
            "question": [_question(n, entry) for n, entry in enumerate(read("questions"))],
            "step": [_step(n, entry) for n, entry in enumerate(read("steps"))],
            "category": [_category(n, entry, teams) for n, entry in enumerate(read("categories"))],
        }
        renewed = sum(_renew(what, rows) for what, rows in shipping.items())
        questions, new_questions = _add(Question, shipping["question"])
        steps, new_steps = _add(SafeStep, shipping["step"])
        categories, new_categories = _add(Category, shipping["category"])
        fresh = [entry for entry in read("categories") if entry["slug"] in new_categories]
        CategoryQuestion.objects.bulk_create(
            CategoryQuestion(category=categories[entry["slug"]], question=questions[slug], position=n)
            for entry in fresh
            for n, slug in enumerate(entry["questions"])
        )
        CategoryStep.objects.bulk_create(
            CategoryStep(category=categories[entry["slug"]], step=steps[slug], position=n)
            for entry in fresh
            for n, slug in enumerate(entry["steps"])
        )
    return renewed + len(new_questions) + len(new_steps) + len(new_categories)


def _renew(what: str, shipping: list[Any]) -> int:
    """Give rows the words that ship now, field by field, where nobody has edited them; how many rows changed."""
    there = {row.slug: row for row in type(shipping[0]).objects.all()}
    pairs = [(there[one.slug], one) for one in shipping if one.slug in there]
    stale = [
        (row, one, [name for name in WORDS[what] if getattr(row, name) != getattr(one, name)]) for row, one in pairs
    ]
    if not any(names for _row, _one, names in stale):
        return 0
    theirs, changed = setup.edited(what), 0
    for row, one, names in stale:
        ours = [name for name in names if name not in theirs[row.pk]]
        for name in ours:
            setattr(row, name, getattr(one, name))
        if ours:
            row.save(update_fields=ours)
            changed += 1
    return changed


def _add(model: Any, rows: list[Any]) -> tuple[dict[str, Any], set[str]]:
    """All rows of ``model`` by slug, and the slugs that were not there before."""
    there = set(model.objects.values_list("slug", flat=True))
    model.objects.bulk_create([row for row in rows if row.slug not in there])
    return {row.slug: row for row in model.objects.all()}, {row.slug for row in rows} - there


def _question(position: int, entry: dict[str, Any]) -> Question:
    return Question(
        slug=entry["slug"],
        labels=entry["labels"],
        texts=entry["texts"],
        hints=entry["hints"],
        kind=entry.get("kind", "text"),
        choices=entry.get("choices", []),
        fact=entry["fact"],
        weight=entry["weight"],
        is_general=entry.get("general", False),
        position=position * 10,
    )


def _step(position: int, entry: dict[str, Any]) -> SafeStep:
    return SafeStep(**entry, position=position * 10)


def _category(position: int, entry: dict[str, Any], teams: dict[str, Team]) -> Category:
    return Category(
        slug=entry["slug"],
        names=entry["names"],
        reporter_names=entry["reporter_names"],
        hints=entry["hints"],
        alternatives={language: text for language, text in entry["alternatives"].items() if text},
        default_severity=entry["severity"],
        default_team=teams.get(entry.get("team", "")),
        is_question=entry.get("is_question", False),
        position=position * 10,
    )
