"""The categories, questions and safe steps a new installation begins with, as data beside this file.

``install(at)`` adds what is missing and touches nothing that is there: what an admin edited or switched off stays.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from makegood.life.diagnosis.models import CategoryQuestion, CategoryStep, Question, SafeStep
from makegood.life.people.models import Team
from makegood.life.reports.models import Category

HERE = Path(__file__).parent


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
    """Add the missing questions, safe steps and categories; return how many rows are new. Safe to repeat."""
    with transaction.atomic():
        questions, new_questions = _add(Question, [_question(n, entry) for n, entry in enumerate(read("questions"))])
        steps, new_steps = _add(SafeStep, [_step(n, entry) for n, entry in enumerate(read("steps"))])
        teams = {team.slug: team for team in Team.objects.all()}
        rows = [_category(n, entry, teams) for n, entry in enumerate(read("categories"))]
        categories, new_categories = _add(Category, rows)
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
    return len(new_questions) + len(new_steps) + len(new_categories)


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
