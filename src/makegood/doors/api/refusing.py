"""From whatever was raised to the problem it is for the caller."""

from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.http.request import RawPostDataException, UnreadablePostError
from ninja.errors import HttpError, ValidationError

from makegood.doors.api import problems
from makegood.doors.api.problems import Problem
from makegood.lib.errors import Refusal
from makegood.life.reports.access import NotFound

log = structlog.get_logger("makegood.api")

_PLACES = {"body": "#", "form": "#", "file": "#", "query": "query", "path": "path", "header": "header"}
_SLUGS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    # OverflowError: a number no row can have, which SQLite refuses to look for.
    ((NotFound, Http404, FileNotFoundError, OverflowError), "not-found"),
    ((RequestDataTooBig,), "too-large"),
    ((RawPostDataException,), "media-type"),
    ((UnreadablePostError, SuspiciousOperation), "unreadable"),
)


def problem_of(trouble: BaseException) -> Problem:
    """The problem ``trouble`` is. What is nobody's fault but ours is written down and told without its cause."""
    if isinstance(trouble, Problem):
        return trouble
    if isinstance(trouble, Refusal):
        return problems.of_refusal(trouble)
    if isinstance(trouble, ValidationError):
        return Problem("invalid", errors=[_fault(error) for error in trouble.errors])
    if isinstance(trouble, HttpError):
        cause = trouble.__cause__
        return cause if isinstance(cause, Problem) else Problem(problems.of_status(trouble.status_code))
    for kinds, slug in _SLUGS:
        if isinstance(trouble, kinds):
            return Problem(slug)
    log.error("api.broken", exc_info=trouble)
    if isinstance(trouble, OperationalError):
        return Problem("busy", headers={"Retry-After": "2"})
    return Problem("broken")


def _fault(error: dict[str, Any]) -> dict[str, str]:
    """A fault pydantic found, with a JSON pointer for bodies and the name for everything else."""
    source, *where = error["loc"]
    place = _PLACES.get(str(source), str(source))
    # The first name in a body's path is our own parameter's.
    inner = where[1:] if place == "#" else where
    return problems.fault("/".join([place, *(_escaped(part) for part in inner)]), str(error["msg"]))


def _escaped(part: Any) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
