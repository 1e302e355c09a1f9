"""`makegood adapter classify`, as a program beside us uses it."""

import json
import subprocess
import sys

import pytest


@pytest.fixture
def ask():
    child = subprocess.Popen(
        [sys.executable, "-m", "makegood", "adapter", "classify"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def asked(**said):
        child.stdin.write(json.dumps(said) + "\n")
        child.stdin.flush()
        return json.loads(child.stdout.readline())

    yield asked
    child.stdin.close()
    assert child.wait(20) == 0


def _learn(ask, count):
    for n in range(count):
        title, label = (("App crashes on start", "bug"), ("Please add a dark mode", "feature"))[n % 2]
        assert ask(op="learn", id=str(n), title=title, text=f"{title} number {n}", label=label) == {"ok": True}


def test_what_was_learnt_is_told_with_its_reason(ask):
    _learn(ask, 30)
    assert ask(op="fit") == {"ok": True}
    told = ask(op="predict", id="x", title="It crashes", text="crashes at the start of the app", k=2)
    assert told["labels"] == ["bug", "feature"]
    assert told["scores"][0] > 0.7
    assert "crashes" in told["because"]["words"]


def test_without_a_fit_it_learns_by_itself(ask):
    assert ask(op="predict", id="x", title="crash", text="") == {"label": None}
    _learn(ask, 12)
    assert ask(op="predict", id="x", title="App crashes", text="")["labels"][0] == "bug"


def test_what_it_does_not_understand_it_says(ask):
    assert "error" in ask(op="sing")
    assert "error" in ask(op="learn", title="no label")
    _learn(ask, 2)
