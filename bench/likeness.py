"""Precision and recall of the scores of "is this known?", at the thresholds the product uses and around them.

``python -m bench.likeness REPORTS.jsonl.gz …`` asks ``makegood adapter known`` (the product's own index and ranking in
an empty store) about every report of part ``query`` in the order of time, before it is added: new ones as often as they
come, so precision is what a desk with as many repetitions would see. One JSON object a line: id, created, title, text,
product; ``duplicate_of`` and ``same_problem`` name earlier reports of the same problem.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from makegood.life.problems.thresholds import ALIKE, LIKELY, MUCH_ALIKE, OFFERED

THRESHOLDS = sorted({*map(float, range(13)), LIKELY, OFFERED, ALIKE, MUCH_ALIKE})
SHOWN = 5  # how many suggestions an agent sees
ASKED = 20
SENT = ("id", "created", "title", "text", "product", "environment", "exceptions", "frames")


@dataclass(frozen=True)
class Found:
    """One hit: its score, whether it is the same problem, and whether people filed both under the same place."""

    score: float
    is_same: bool
    is_same_place: bool


@dataclass(frozen=True)
class Asked:
    """One report that was asked about: whether an earlier one of its problem was there, and the hits, best first."""

    is_repetition: bool
    hits: tuple[Found, ...]

    def places(self) -> Asked:
        """The same as the watch over fixed problems looks at it: hits of the same place alone."""
        return Asked(self.is_repetition, tuple(hit for hit in self.hits if hit.is_same_place))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.likeness", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--embeddings", default="", help="with the sentence model in this folder")
    given = parser.parse_args()
    for file in given.files:
        asked = list(_ask(_read(file), given.embeddings))
        print(f"\n{file.name}: {len(asked):,} asked, {sum(one.is_repetition for one in asked):,} repetitions\n")
        print(
            "| score at least | asked that find one | first hit right | repetitions found among the first 5 |", end=""
        )
        print(" same place: hits right | repetitions found |\n|---|---|---|---|---|---|")
        for least in THRESHOLDS:
            print(_row(asked, least), flush=True)


def _row(asked: list[Asked], least: float) -> str:
    anywhere, places = figures(asked, least), figures([one.places() for one in asked], least)
    cells = [f"{least:g}", f"{anywhere.share:.1%}", _percent(anywhere.first_right), _percent(anywhere.recall)]
    return "| " + " | ".join([*cells, _percent(places.hits_right), _percent(places.recall)]) + " |"


@dataclass(frozen=True)
class Figures:
    """Of all asked the ``share`` that find anything; precision of the first hit and of every hit shown; recall."""

    share: float
    first_right: float | None
    hits_right: float | None
    recall: float | None


def figures(asked: Iterable[Asked], least: float) -> Figures:
    """What a threshold of ``least`` lets through."""
    everything = list(asked)
    kept = [(one, [hit for hit in one.hits if hit.score >= least][:SHOWN]) for one in everything]
    answered = [hits for _one, hits in kept if hits]
    shown = [hit.is_same for hits in answered for hit in hits]
    found = [any(hit.is_same for hit in hits) for one, hits in kept if one.is_repetition]
    return Figures(
        len(answered) / max(1, len(everything)),
        _mean([hits[0].is_same for hits in answered]),
        _mean(shown),
        _mean(found),
    )


def _mean(values: list[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _ask(reports: list[dict[str, Any]], embeddings: str) -> Iterator[Asked]:
    """Each report of part ``query``, asked before it is added."""
    command = [sys.executable, "-m", "makegood", "adapter", "known"]
    command += ["--embeddings", embeddings] if embeddings else []
    problem = problems(reports)
    earlier: dict[str, Mapping[str, Any]] = {}
    there: set[str] = set()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        for report in reports:
            said = {name: report[name] for name in SENT if report.get(name)}
            if report.get("part") == "query":
                told = _answer(child, {"op": "query", "k": ASKED, **said})
                hits = (_found(report, earlier[ref], score, problem) for ref, score in _pairs(told))
                yield Asked(problem[report["id"]] in there, tuple(hits))
            _answer(child, {"op": "add", **said})
            earlier[report["id"]] = report
            there.add(problem[report["id"]])
        assert child.stdin is not None
        child.stdin.close()


def _pairs(told: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    return zip(told["ids"], told["scores"], strict=True)


def _found(report: Mapping[str, Any], hit: Mapping[str, Any], score: float, problem: Mapping[str, str]) -> Found:
    return Found(score, problem[report["id"]] == problem[hit["id"]], _is_same_place(report, hit))


def _is_same_place(report: Mapping[str, Any], hit: Mapping[str, Any]) -> bool:
    """As filed by people: the same product, and a component in common where both have one. The adapter is not told."""
    ours, theirs = ({*_several(one.get("component"))} for one in (report, hit))
    return report.get("product") == hit.get("product") and bool(not ours or not theirs or ours & theirs)


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _answer(child: subprocess.Popen[str], asked: Mapping[str, Any]) -> dict[str, Any]:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(asked) + "\n")
    child.stdin.flush()
    answer: dict[str, Any] = json.loads(child.stdout.readline())
    if "error" in answer:
        raise SystemExit(f"the adapter says: {answer['error']}")
    return answer


def problems(reports: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Report → the problem it is of: those that name one another are of one."""
    leads: dict[str, str] = {}

    def first(name: str) -> str:
        while leads.setdefault(name, name) != name:
            name = leads[name]
        return name

    for report in reports:
        for other in [report.get("duplicate_of"), *(report.get("same_problem") or ())]:
            if other:
                leads[first(report["id"])] = first(other)
    return {report["id"]: first(report["id"]) for report in reports}


def _read(file: Path) -> list[dict[str, Any]]:
    text = (gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()).decode()
    found = [json.loads(line) for line in text.split("\n") if line.strip()]
    return sorted(found, key=lambda report: report["created"])


if __name__ == "__main__":
    main()
