"""What the template words say and draw."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import timezone, translation

from makegood.doors.ui import keymap, rings, words

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def drawn(source: str, **context) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context)


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(seconds=20), "due now"),
        (timedelta(minutes=15), "due in 15 min"),
        (timedelta(hours=2), "due in 2 h"),
        (timedelta(days=3), "due in 3 days"),
        (timedelta(minutes=-15), "late 15 min"),
        (timedelta(days=-2), "late 2 days"),
    ],
)
def test_a_due_moment_in_words(offset, said):
    assert words.due(NOW + offset, NOW) == said


def test_relative_moments_end_in_dates():
    assert words.relative(NOW - timedelta(seconds=5), NOW) == "just now"
    assert words.relative(NOW - timedelta(minutes=5), NOW) == "5 min ago"
    assert words.relative(NOW + timedelta(hours=3), NOW) == "in 3 h"
    assert words.relative(NOW - timedelta(days=30), NOW) == "17 Oct"
    assert words.relative(NOW - timedelta(days=400), NOW) == "12 Oct 2025"


def test_absolute_moments_name_the_zone_of_who_reads():
    with timezone.override("Europe/Berlin"):
        assert words.absolute(NOW) == "Mon 16 Nov 2026, 10:00 CET"
        with translation.override("de"):
            assert words.absolute(NOW).endswith("10:00 Uhr MEZ")
            assert words.absolute(NOW.replace(month=7)).endswith("11:00 Uhr MESZ")
            repeated = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
            assert words.absolute(repeated).endswith("02:30 Uhr MESZ")
            assert words.absolute(repeated + timedelta(hours=1)).endswith("02:30 Uhr MEZ")
    with timezone.override("America/New_York"):
        assert words.absolute(NOW) == "Mon 16 Nov 2026, 04:00 New York time"


def test_the_clock_says_today_tomorrow_or_the_day():
    with timezone.override("Europe/Berlin"):
        assert words.clock(NOW, NOW) == "today 10:00"
        assert words.clock(NOW + timedelta(days=1), NOW) == "tomorrow 10:00"
        assert words.clock(NOW + timedelta(days=2), NOW) == "Wed 18 Nov, 10:00"


def test_every_state_has_a_shape_of_its_own_and_a_word():
    shapes = {state: rings.drawing(state, 0.5) for state in rings.WORDS}
    assert len(set(shapes.values())) == len(shapes)
    for state, word in rings.WORDS.items():
        assert str(word) in rings.ring(state)


def test_labels_are_escaped():
    assert "<script>" not in rings.ring("kept", label="<script>")
    assert "<script>" not in drawn("{% person name %}", name="<script>x")


def test_due_reads_a_promise():
    now = timezone.now()
    promise = SimpleNamespace(
        state="open", broken_at=None, kept_at=None, made_at=now - timedelta(hours=1), due_at=now + timedelta(hours=1)
    )
    assert "ring--running" in drawn("{% due p %}", p=promise)
    assert "due in 60 min" in drawn("{% due p %}", p=promise)
    promise.at_risk_at = now - timedelta(minutes=1)
    assert "ring--at_risk" in drawn("{% due p %}", p=promise)
    promise.broken_at = now
    assert "ring--broken" in drawn("{% due p %}", p=promise)
    assert "ring--paused" in drawn("{% due p %}", p=SimpleNamespace(state="paused", due_at=now))
    assert drawn("{% due p %}", p=None) == ""


def test_every_key_is_given_once():
    given = [key for command in keymap.COMMANDS for key in command.keys]
    assert len(given) == len(set(given))
    starts = {key.split(" ")[0] for key in given if " " in key}
    assert not starts & set(given)


# The keys of ux.md, by what they do.
AGREED = {
    "next": "j",
    "previous": "k",
    "open": "Enter",
    "back": "u",
    "report_before": "[",
    "report_after": "]",
    "select": "x",
    "extend_down": "shift+j",
    "extend_up": "shift+k",
    "select_all": "mod+a",
    "reply": "r",
    "note": "n",
    "send": "mod+Enter",
    "send_wait": "shift+mod+Enter",
    "assign": "a",
    "take": "i",
    "state": "s",
    "severity": "p",
    "label": "l",
    "snooze": "h",
    "duplicate": "d",
    "escalate": "e",
    "script": "m",
    "undo": "z",
    "search": "/",
    "go_queue": "g q",
    "go_mine": "g m",
    "go_team": "g t",
    "go_insights": "g d",
    "go_knowledge": "g k",
    "go_status": "g s",
    "new": "c",
    "keys": "?",
    "palette": "mod+k",
    "copy_link": "mod+.",
}


def test_the_keys_are_those_agreed_upon():
    given = {command.name: command.keys for command in keymap.COMMANDS}
    assert {name: key for name, key in AGREED.items() if key not in given[name]} == {}


def test_keys_are_written_as_they_are_read():
    for command in keymap.COMMANDS:
        for keys in command.keys:
            assert keymap.read(keymap.written(keys)) == keys


def test_a_key_may_be_changed():
    own = {c["name"]: c["keys"] for c in keymap.for_browser({"reply": "q"})}
    assert own["reply"] == ["q"]
    assert own["note"] == ["n"]


def test_the_browser_speaks_with_the_same_patterns_in_every_language():
    with translation.override("en"):
        english = words.for_browser()
    with translation.override("de"):
        german = words.for_browser()
    for name, pattern in english.items():
        placeholders = {part.split(")")[0] for part in pattern.split("%(")[1:]}
        assert placeholders == {part.split(")")[0] for part in german[name].split("%(")[1:]}, name
