"""What a line of the log looks like, when no eyes are at a terminal."""

import pytest
import structlog

from makegood.config import logs

CONSOLE = structlog.dev.ConsoleRenderer(
    colors=False, pad_event_to=24, exception_formatter=structlog.dev.plain_traceback
)
BEGIN = {"timestamp": "2026-11-30T10:00:00Z", "level": "info", "event": "request"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"path": "/r/…/", "method": "GET", "status": 200, "ms": 4.5, "id": "0a1b2c"},
        {"level": "critical", "event": "an event with a name longer than its column is", "z": None, "a": "two words"},
        {"words": "it's", "more": 'a "b"', "lines": "one\ntwo", "equal": "a=b", "empty": "", "umlaut": "größer"},
        {"logger": "django.request", "path": "/"},
        {"exception": "Traceback: …", "path": "/"},
        {"stack": "Stack: …"},
        {"event": ""},
    ],
)
def test_a_line_without_colours_is_what_the_console_would_write(more):
    assert logs._Plain(CONSOLE)(None, "info", {**BEGIN, **more}) == CONSOLE(None, "info", {**BEGIN, **more})


def test_what_has_no_time_yet_is_written_all_the_same():
    assert logs._Plain(CONSOLE)(None, "info", {"event": "begun"}) == CONSOLE(None, "info", {"event": "begun"})
