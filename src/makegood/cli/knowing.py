"""What `makegood adapter known` answers: a thin shell over ``engine.similar``. Needs Django set up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management import call_command

from makegood.engine import similar
from makegood.lib import signatures

_KIND = "report"


class Known:
    """Reports by the names their sender gives them, in a store that begins empty."""

    def __init__(self) -> None:
        call_command("migrate", "engine", verbosity=0)
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        match asked.get("op"):
            case "add":
                return self._add(asked)
            case "query":
                return self._query(asked)
        raise ValueError(f"op is query or add, not {asked.get('op')!r}")

    def _add(self, report: dict[str, Any]) -> dict[str, Any]:
        name = str(report["id"])
        number = self._numbers.setdefault(name, len(self._names))
        if number == len(self._names):
            self._names.append(name)
        similar.put(similar.Document(_KIND, number, created_at=_moment(report), **_said(report)))
        return {"ok": True}

    def _query(self, report: dict[str, Any]) -> dict[str, Any]:
        own = self._numbers.get(str(report.get("id", "")))
        question = similar.Question(own=None if own is None else (_KIND, own), **_said(report))
        hits = similar.similar(question, now=_moment(report), k=int(report.get("k", 20)))
        return {"ids": [self._names[hit.ref] for hit in hits], "scores": [round(hit.score, 4) for hit in hits]}


def _said(report: dict[str, Any]) -> dict[str, Any]:
    facets = {name: _text(report.get(name)) for name in ("product", "component", "category", "page")}
    return {
        "title": _text(report.get("title")),
        "text": _text(report.get("text")),
        "context": _text(report.get("environment")),
        "facets": {name: value for name, value in facets.items() if value},
        "signatures": signatures.of_parts(
            exceptions=report.get("exceptions") or (),
            frames=report.get("frames") or (),
        ),
    }


def _text(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "")


def _moment(report: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(report["created"]))
