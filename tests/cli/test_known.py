"""`makegood adapter known` answers each line with one line, from an empty store of its own."""

import json
import os
import subprocess
import sys

import pytest

from makegood.engine.similar import sentences
from tests.engine.similar import tiny

OLD = {
    "op": "add",
    "id": "X-1",
    "created": "2026-01-01T00:00:00Z",
    "title": "Upload of a picture fails",
    "text": "",
    "product": "X",
}
TRACE = {"exceptions": ["java.lang.IllegalStateException"], "frames": ["com.example.Booking.reserve(Booking.java:88)"]}


def converse(*lines, options=(), **env):
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = subprocess.run(
        [sys.executable, "-m", "makegood", "adapter", "known", *options],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, **env},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_reports_are_found_by_the_names_they_were_given_best_first(tmp_path):
    answers = converse(
        {"op": "query", "id": "X-1", "created": "2026-01-01T00:00:00Z", "title": "Upload fails", "text": "", "k": 5},
        OLD,
        {**OLD, "id": "X-2", "title": "Calendar empty"},
        {**OLD, "id": "X-3", "title": "", "text": "", **TRACE},
        {"op": "query", "id": "X-4", "created": "2026-01-03T00:00:00Z", "title": "Picture upload failed", "k": 1},
        {"op": "query", "id": "X-5", "created": "2026-01-03T00:00:00Z", "title": "", "text": "", **TRACE, "k": 5},
        MAKEGOOD_DATA_DIR=str(tmp_path),
    )
    assert [sorted(answer) for answer in answers] == [["ids", "scores"], *[["ok"]] * 3, *[["ids", "scores"]] * 2]
    assert answers[0] == {"ids": [], "scores": []}
    assert answers[4]["ids"] == ["X-1"]
    assert answers[5]["ids"] == ["X-3"]
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_makes_no_sense_is_answered_and_the_next_one_read():
    answers = converse("nonsense", {"op": "drop"}, {"op": "add"}, OLD)
    assert ["error" in answer for answer in answers] == [True, True, True, False]


def test_a_report_added_again_replaces_itself():
    again = {**OLD, "title": "Printer smokes"}
    answers = converse(OLD, again, {**OLD, "op": "query", "id": "Q", "title": "printer smoke picture upload", "k": 5})
    assert answers[2]["ids"] == ["X-1"]


def test_a_sentence_model_has_its_say_where_one_is_named(tmp_path):
    for package in sentences.PACKAGES:
        pytest.importorskip(package)
    lines = (
        {**OLD, "title": "Program abort today"},
        {**OLD, "id": "X-2", "title": "Program and printer today"},
        {"op": "query", "id": "Q", "created": "2026-01-03T00:00:00Z", "title": "Program crash today", "k": 5},
    )
    (*_, by_words) = converse(*lines)
    (*_, by_meaning) = converse(*lines, options=("--embeddings", str(tiny.write(tmp_path / "model"))))
    assert by_words["ids"] == ["X-2", "X-1"]
    assert by_meaning["ids"] == ["X-1", "X-2"]
