"""`makegood adapter …`: the product's own judgement, asked from outside. JSON lines in, one JSON line back for each.

For measuring it, on data of one's own. Nothing is stored; what is learnt ends with the input.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from typing import TYPE_CHECKING, Any

from makegood.engine import learning
from makegood.engine.learning import Lesson, Writing

if TYPE_CHECKING:
    from makegood.engine.learning.model import Model


def classify(_given: argparse.Namespace) -> int:
    """`makegood adapter classify`: `learn` a report with its label, `fit`, `predict` the label of another."""
    asked = Classifier()
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(asked.answer(line), ensure_ascii=False), flush=True)
    return 0


class Classifier:
    """What the desk does with its reports, done with those of the input: same learning, same limits, same moments."""

    def __init__(self) -> None:
        self.lessons: deque[Lesson] = deque(maxlen=learning.MOST_LESSONS)
        self.model: Model | None = None
        self.known = self.fitted = 0

    def answer(self, line: str) -> dict[str, Any]:
        try:
            said = json.loads(line)
            what, writing = said["op"], _writing(said)
            if what == "learn":
                return self._learn(Lesson(writing, str(said["label"])))
        except (ValueError, KeyError, TypeError, AttributeError) as trouble:
            return {"error": f"Not understood: {trouble!r}"}
        if what == "fit":
            return self._fit()
        if what == "predict":
            return self._predict(writing, said.get("k"))
        return {"error": "op is learn, fit or predict"}

    def _learn(self, lesson: Lesson) -> dict[str, Any]:
        self.lessons.append(lesson)
        self.known += 1
        if self.model is not None:
            self.model.nudge(lesson.writing, lesson.label)
        return {"ok": True}

    def _fit(self) -> dict[str, Any]:
        self.model, self.fitted = learning.fit(self.lessons), self.known
        return {"ok": True}

    def _predict(self, writing: Writing, limit: Any) -> dict[str, Any]:
        if learning.is_worth_fitting(self.known, self.fitted):
            self._fit()
        opinion = self.model and self.model.opinion(writing, limit=limit if isinstance(limit, int) else 3)
        if not opinion:
            return {"label": None}
        labels, scores = zip(*opinion.ranked, strict=True)
        because = {"words": opinion.words, "alike": opinion.alike, "of": opinion.alike_of}
        return {"labels": labels, "scores": scores, "because": because}


def _writing(said: dict[str, Any]) -> Writing:
    product = said.get("product")
    marks = (f"product:{product}",) if product else ()
    return Writing(str(said.get("title") or ""), str(said.get("text") or ""), marks)
