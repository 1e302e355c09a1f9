"""The error document as somebody reads it: sections of labelled lines, from a snapshot, in a language and a zone.

Reads no database. The page and every export show these same sections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib import times
from makegood.lib.texts import in_language
from makegood.life.promises import names
from makegood.life.reports import state_words


@dataclass(frozen=True)
class Line:
    """``label`` and ``words``; ``aside`` says who and when."""

    label: str
    words: str
    aside: str = ""


Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """A closed shape by its corners; ``rounded``: of a box alone, how far its corners are."""

    corners: tuple[Point, ...]
    is_filled: bool = False
    is_bold: bool = False
    is_dashed: bool = False
    rounded: float = 0


@dataclass(frozen=True)
class Curve:
    """From the first point to the last, bent by the two between."""

    points: tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class Words:
    """Some words that begin at ``at``, as large as ``size``, in a colour of the paper: ink, quiet or accent."""

    at: Point
    size: float
    text: str
    colour: str


Shape = Outline | Curve | Words


@dataclass(frozen=True)
class Picture:
    """What is drawn in a section, in the pixels of a screen; what it shows stands in the lines as well."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Section:
    slug: str
    title: str
    lines: tuple[Line, ...]
    empty: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Sheet:
    """``percent`` and ``missing`` are the completeness and what is still open, in words; None where a document has no
    such thing. ``heading`` says what kind of document it is, ``standing`` in a line how far it is.
    """

    number: str
    title: str
    percent: int | None
    missing: tuple[str, ...]
    as_of: str
    sections: tuple[Section, ...]
    language: str
    heading: str = ""
    standing: str = ""


class _Reader:
    """Reads the values of one snapshot in one language and zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language, self.zone = language, zone

    def moment(self, iso: str | None) -> str:
        if not iso:
            return ""
        return times.in_words(datetime.fromisoformat(iso), language=self.language, zone=self.zone, now=None)

    def date(self, iso: str) -> str:
        """The same with its year, for what lies in a folder for long."""
        return times.in_words(datetime.fromisoformat(iso), language=self.language, zone=self.zone, with_year=True)

    def text(self, texts: Mapping[str, str] | None) -> str:
        return in_language(texts, self.language)


def lay_out(snapshot: Mapping[str, Any], *, language: str, zone: ZoneInfo) -> Sheet:
    """The sections of ``snapshot`` as somebody in ``zone`` reads them in ``language``."""
    read = _Reader(language, zone)
    with override(language):
        sections = (
            _at_a_glance(snapshot, read),
            Section(
                "facts", _("What we know"), _fact_lines(snapshot, read), _("Nothing yet beyond the report itself.")
            ),
            Section("environment", _("Device and browser"), _environment(snapshot), _("Not known.")),
            Section("steps", _("Safe steps tried"), _steps(snapshot, read), _("None so far.")),
            Section("conversation", _("Conversation"), _conversation(snapshot, read), _("Nothing said yet.")),
            Section("files", _("Files"), _files(snapshot), _("None.")),
            Section("promises", _("Promises"), _promises(snapshot, read), _("None yet.")),
        )
        missing = tuple(read.text(fact["names"]) or fact["fact"] for fact in snapshot["completeness"]["missing"])
        return Sheet(
            snapshot["number"],
            snapshot["title"],
            snapshot["completeness"]["percent"],
            missing,
            read.date(snapshot["as_of"]),
            sections,
            language,
        )


def _at_a_glance(snapshot: Mapping[str, Any], read: _Reader) -> Section:
    reporter = snapshot["reporter"]
    reach = [reporter["email"], reporter["phone"], reporter["second_email"]]
    category = read.text(snapshot["category"]["names"]) if snapshot["category"] else ""
    rows = [
        (_("Kind"), _kinds().get(snapshot["kind"], snapshot["kind"])),
        (_("Severity"), _severities().get(snapshot["severity"], snapshot["severity"])),
        (_("State"), state_words.word(snapshot["kind"], snapshot["state"])),
        (_("Category"), category),
        (_("Component"), snapshot["component"] or ""),
        (_("Team"), snapshot["team"] or ""),
        (_("Received"), read.moment(snapshot["received_at"])),
        (_("Reporter"), ", ".join(part for part in (reporter["name"], reporter["organisation"]) if part)),
        (_("How to reach them"), ", ".join(part for part in reach if part)),
        (_("Opened again"), str(snapshot["reopened"]) if snapshot["reopened"] else ""),
    ]
    return Section("glance", _("At a glance"), tuple(Line(label, words) for label, words in rows if words))


def _fact_lines(snapshot: Mapping[str, Any], read: _Reader) -> tuple[Line, ...]:
    shown = [fact for fact in snapshot["facts"] if fact["fact"] not in snapshot["environment"]]
    return tuple(
        Line(
            read.text(fact["names"]) or fact["fact"].replace("_", " "),
            read.text(fact["words_in"]) or fact["words"],
            f"{fact['by']}, {read.moment(fact['at'])}" if fact["by"] else "",
        )
        for fact in shown
    )


def _environment(snapshot: Mapping[str, Any]) -> tuple[Line, ...]:
    labels = environment_labels()
    return tuple(
        Line(labels.get(name, name.replace("_", " ")), words) for name, words in snapshot["environment"].items()
    )


def _steps(snapshot: Mapping[str, Any], read: _Reader) -> tuple[Line, ...]:
    outcomes = {"helped": _("helped"), "did_not_help": _("did not help"), "could_not": _("could not be tried")}
    return tuple(
        Line(
            read.text(trial["titles"]) or trial["step"],
            outcomes.get(trial["outcome"], trial["outcome"]) + (f": {trial['notes']}" if trial["notes"] else ""),
            f"{trial['by']}, {read.moment(trial['at'])}",
        )
        for trial in snapshot["steps_tried"]
    )


def _conversation(snapshot: Mapping[str, Any], read: _Reader) -> tuple[Line, ...]:
    return tuple(Line(said["by"], said["words"], read.moment(said["at"])) for said in snapshot["conversation"])


def _files(snapshot: Mapping[str, Any]) -> tuple[Line, ...]:
    return tuple(
        Line(file["name"], f"{file['media_type']}, {_size(file['size'])}", f"SHA-256 {file['sha256']}")
        for file in snapshot["files"]
    )


def _size(count: int) -> str:
    for unit in ("B", "kB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count = round(count / 1000)
    return f"{count:.0f} MB"


def _promises(snapshot: Mapping[str, Any], read: _Reader) -> tuple[Line, ...]:
    states = _promise_states()
    return tuple(
        Line(
            names.name(owed["kind"]),
            states.get(owed["state"], owed["state"])
            + (", " + _("late") if owed["broken_at"] and owed["kept_at"] else ""),
            _("made %(made)s, due %(due)s")
            % {"made": read.moment(owed["made_at"]), "due": read.moment(owed["due_at"])},
        )
        for owed in snapshot["promises"]
    )


def _kinds() -> dict[str, str]:
    return {"error": _("error"), "question": _("question")}


def _severities() -> dict[str, str]:
    return {"critical": _("critical"), "high": _("high"), "medium": _("medium"), "low": _("low")}


def environment_labels() -> dict[str, str]:
    """What each fact about the machine is called, in the reader's language."""
    return {
        "page": _("Page"),
        "browser": _("Browser"),
        "os": _("Operating system"),
        "device": _("Device"),
        "screen": _("Screen"),
        "time": _("Time"),
        "user_agent": _("Browser's own words"),
    }


def _promise_states() -> dict[str, str]:
    return {
        "open": _("running"),
        "paused": _("paused"),
        "kept": _("kept"),
        "broken": _("broken"),
        "withdrawn": _("withdrawn"),
    }


def summary(sheet: Sheet) -> str:
    """How complete the document is, and what is still missing, in one line."""
    if sheet.percent is None:
        return sheet.standing
    told = _("%(percent)s %% known, as of %(time)s.") % {"percent": sheet.percent, "time": sheet.as_of}
    if not sheet.missing:
        return told
    return told + " " + _("Still missing: %s.") % ", ".join(sheet.missing)


def one_line(words: str) -> str:
    """Without line breaks and runs of blanks."""
    return " ".join(words.split())
