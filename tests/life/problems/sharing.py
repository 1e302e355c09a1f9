"""Pairs of reports that have one thing in common and little besides, by the reason that has to be shown for it."""

from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.reports.models import Category, Component, Report
from tests.life.case import work

EVENT = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
# Reason → (what staff read in English, in German).
STAFF = {
    "words": ("shared words: ", "gemeinsame Wörter: "),
    "message": ("same error message: pool exhausted after # ms", "gleiche Fehlermeldung: pool exhausted after # ms"),
    "category": ("same category", "gleiche Kategorie"),
    "component": ("same component", "gleiche Komponente"),
    "page": ("same page", "gleiche Seite"),
    "event": (
        f"same error event: {EVENT.replace('-', '')}",
        f"dasselbe Fehlerereignis: {EVENT.replace('-', '')}",
    ),
}
# What reporters may read of the same; of words nothing.
PUBLIC = {
    "message": ("Same error message", "Gleiche Fehlermeldung"),
    "category": ("Same kind of error", "Gleiche Art von Fehler"),
    "page": ("Same page", "Gleiche Seite"),
    "event": ("Same error event", "Dasselbe Fehlerereignis"),
}
_FIRST, _SECOND = "Rechnung hochladen scheitert seit Montag.", "The invoice never arrives."
_TOLD = {
    "words": ({"what": "Upload of the invoice stops."}, {"what": "My invoice: the upload hangs."}),
    "message": (
        {"what": f"{_FIRST}\nError: pool exhausted after 30000 ms"},
        {"what": f"{_SECOND}\nError: pool exhausted after 12 ms"},
    ),
    "category": (
        {"what": "Invoice upload: stopped.", "category": "uploads"},
        {"what": "Invoice gone.", "category": "uploads"},
    ),
    "component": ({"what": "Invoice upload: stopped."}, {"what": "Invoice gone."}),
    "page": (
        {"what": "Invoice upload: stopped.", "environment": {"page": "https://www.example.org/claims/4711?tab=2"}},
        {"what": _SECOND, "environment": {"page": "https://portal.example.org/Claims/12/#top"}},
    ),
    "event": (
        {"what": f"{_FIRST} Fehler-ID: {EVENT.upper()}"},
        {"what": _SECOND, "environment": {"trace_id": EVENT.replace("-", "")}},
    ),
}


def pair(reason, at, others=6):
    """(earlier report, later report) that share what ``reason`` says, among ``others`` that share nothing."""
    Category.objects.get_or_create(slug="uploads", defaults={"names": {"en": "Uploads"}})
    for number in range(others):
        _file({"what": f"Something else altogether, case {number}."}, f"other-{number:06}", at)
    first, second = (_file(told, f"pair-{n}-{reason:>08}", at) for n, told in enumerate(_TOLD[reason]))
    if reason == "component":
        part, _new = Component.objects.get_or_create(slug="billing", name="Billing")
        Report.objects.filter(pk__in=[first.pk, second.pk]).update(component=part)
    return first, second


def typed(reason):
    """The later report of a pair as words somebody is typing, and what is known besides."""
    told = _TOLD[reason][1]
    facts = told.get("environment", {})
    known = {"category": told.get("category", ""), "page": facts.get("page", "")}
    known |= {"component": "billing" if reason == "component" else "", "reference": facts.get("trace_id", "")}
    return told["what"], {name: value for name, value in known.items() if value}


def _file(told, key, at):
    report = intake.file(Told(email="ana@example.org", idempotency_key=key, **told), at=at).report
    work(at)
    return Report.objects.get(pk=report.pk)
