"""The forms of import and export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.life.transfer import exporting
from makegood.life.transfer.formats import tables
from makegood.life.transfer.formats.records import Mapping
from makegood.life.transfer.models import ImportRun
from makegood.life.transfer.words import TABLES

FORMATS = (
    ("csv", gettext_lazy("A table (CSV), one report a row")),
    ("zammad", gettext_lazy("Zammad: JSON of tickets, articles and users")),
    ("zendesk", gettext_lazy("Zendesk: JSON export of tickets")),
)
FIELD_WORDS = {
    "": gettext_lazy("not used"),
    "id": gettext_lazy("Number there"),
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("What the reporter wrote"),
    "answer": gettext_lazy("What was answered"),
    "note": gettext_lazy("Internal note"),
    "state": gettext_lazy("State"),
    "severity": gettext_lazy("Severity"),
    "kind": gettext_lazy("Error or question"),
    "category": gettext_lazy("Category"),
    "component": gettext_lazy("Component"),
    "team": gettext_lazy("Team"),
    "assignee": gettext_lazy("Assignee"),
    "name": gettext_lazy("Name of the reporter"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone"),
    "organisation": gettext_lazy("Organisation"),
    "member_number": gettext_lazy("Member number"),
    "received_at": gettext_lazy("Came in at"),
    "answered_at": gettext_lazy("Answered at"),
    "solved_at": gettext_lazy("Solved at"),
    "closed_at": gettext_lazy("Closed at"),
    "labels": gettext_lazy("Labels"),
    "channel": gettext_lazy("Channel"),
    "language": gettext_lazy("Language"),
}
_MOST_WORDS = 200
_LOCAL = {"type": "datetime-local"}


class UploadForm(forms.Form):
    file_format = forms.ChoiceField(
        label=gettext_lazy("Where it comes from"), choices=FORMATS, widget=forms.RadioSelect, initial="csv"
    )
    source = forms.CharField(
        label=gettext_lazy("Name of the other system"),
        max_length=60,
        help_text=gettext_lazy("Its numbers count within this name: the same file again brings nothing twice."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Nothing is written yet: first you see what would come of it."),
    )


class ExportForm(forms.Form):
    file_format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=(
            (exporting.JSONL, gettext_lazy("JSON lines, for programs; can be imported again")),
            (exporting.CSV, gettext_lazy("Tables (CSV), for spreadsheets")),
        ),
        widget=forms.RadioSelect,
        initial=exporting.JSONL,
    )
    since = forms.DateTimeField(
        label=gettext_lazy("Only what changed since"),
        widget=forms.DateTimeInput(_LOCAL, format="%Y-%m-%dT%H:%M"),
        required=False,
    )
    with_files = forms.BooleanField(label=gettext_lazy("The files of reports too"), required=False)


class MappingForm(forms.Form):
    """How the file of ``run`` is to be understood: a field for each column, and their words for ours."""

    def __init__(self, run: ImportRun, data: QueryDict | None = None) -> None:
        self.run, self.known = run, Mapping.from_plain(run.mapping)
        super().__init__(data)
        for place, (heading, guessed) in enumerate(self._columns()):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or _("(no heading)"),
                choices=list(FIELD_WORDS.items()),
                required=False,
                initial=guessed if guessed in FIELD_WORDS else "",
            )
        self.fields["words"] = forms.CharField(
            label=_("Their words in ours"),
            widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
            required=False,
            initial=self._words(),
            help_text=_("One a line, such as: severity: Showstopper = critical – or: team: 2nd level = platform"),
        )
        self.fields["zone"] = forms.CharField(
            label=_("Time zone of times without one"), max_length=60, required=False, initial=self.known.zone
        )
        self.fields["order"] = forms.ChoiceField(
            label=_("In dates with slashes, first comes"),
            choices=(("", _("whatever is clear")), ("dmy", _("the day")), ("mdy", _("the month"))),
            required=False,
            initial=self.known.order,
        )
        self.fields["news_by"] = forms.DateTimeField(
            label=_("Reporters of open reports hear from us by"),
            widget=forms.DateTimeInput(_LOCAL, format="%Y-%m-%dT%H:%M"),
            required=False,
            initial=timezone.localtime(run.news_by) if run.news_by else None,
            help_text=_("Empty: as the promise policies say, counted from the import."),
        )

    def mapping(self) -> Mapping:
        given = self.cleaned_data
        columns = {
            heading: given[f"column_{place}"] or tables.IGNORED
            for place, (heading, _guessed) in enumerate(self._columns())
            if heading
        }
        return Mapping(columns, given["words"], given["zone"].strip(), given["order"])

    def clean_words(self) -> dict[str, dict[str, str]]:
        """``field: theirs = ours``, one a line."""
        found: dict[str, dict[str, str]] = {}
        lines = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        for line in lines[:_MOST_WORDS]:
            field, colon, rest = line.partition(":")
            theirs, equals, ours = rest.rpartition("=")
            name = field.strip().lower()
            if not colon or not equals or name not in (*TABLES, "category", "component", "team", "assignee"):
                raise forms.ValidationError(_("“%(line)s” is not of the form field: theirs = ours.") % {"line": line})
            if name in TABLES and ours.strip() not in TABLES[name].values():
                words = ", ".join(sorted(set(TABLES[name].values())))
                raise forms.ValidationError(_("For %(field)s choose of: %(words)s.") % {"field": name, "words": words})
            found.setdefault(name, {})[theirs.strip()] = ours.strip()
        return found

    def _columns(self) -> list[Any]:
        return list(self.run.looked.get("columns") or [])[:100]

    def _words(self) -> str:
        return "\n".join(f"{name}: {a} = {b}" for name, pairs in self.known.values.items() for a, b in pairs.items())
