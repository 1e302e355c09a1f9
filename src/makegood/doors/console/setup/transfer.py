"""Import and export: files of other systems looked at and taken over, everything of ours to take away."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.transfer_forms import ExportForm, MappingForm, UploadForm
from makegood.engine.files import serving
from makegood.lib.errors import Refusal
from makegood.life.promises import names
from makegood.life.reports.access import NotFound
from makegood.life.transfer import exports, imports
from makegood.life.transfer.formats import tables
from makegood.life.transfer.models import ExportRun, ImportRun

SHOWN = 20
WHAT = {
    "category": gettext_lazy("Category"),
    "component": gettext_lazy("Component"),
    "team": gettext_lazy("Team"),
    "assignee": gettext_lazy("Assignee"),
}


@needs("transfer.export")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request)


def _overview(
    request: HttpRequest, *, upload: forms.Form | None = None, export: forms.Form | None = None
) -> HttpResponse:
    agent, now = signed_in(request), timezone.now()
    may_import = agent.may("setup.transfer")
    written = ExportRun.objects.select_related("agent").order_by("-pk")[:SHOWN]
    context = {
        "may_import": may_import,
        "upload": upload or UploadForm(),
        "export": export or ExportForm(),
        "imports": ImportRun.objects.select_related("agent").order_by("-pk")[:SHOWN] if may_import else [],
        "exports": [{"run": run, "is_kept": run.expires_at is not None and run.expires_at > now} for run in written],
    }
    has_errors = bool((upload and upload.errors) or (export and export.errors))
    return render(request, "console/transfer/overview.html", context, status=422 if has_errors else 200)


@needs("setup.transfer")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file; the worker looks at it."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _overview(request, upload=form)
    file = form.cleaned_data["file"]
    facts = {"file_format": form.cleaned_data["file_format"], "source": form.cleaned_data["source"]}
    try:
        run = imports.upload(file.file, file.name, by=signed_in(request), at=timezone.now(), **facts)
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return _overview(request, upload=form)
    return redirect("console:setup_import", key=run.key)


@needs("setup.transfer")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """A run: what was found, how far it is, what came of it; a POST has it looked at with another mapping."""
    run = imports.access_run(signed_in(request), key)
    form = MappingForm(run, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        imports.look_again(run, form.mapping(), news_by=form.cleaned_data["news_by"], at=timezone.now())
        return redirect("console:setup_import", key=key)
    context = {
        "run": run,
        "form": form if run.state in (ImportRun.LOOKED, ImportRun.FAILED) and not run.started_at else None,
        "found": _found(run),
        "can_start": run.state == ImportRun.LOOKED and run.looked.get("new"),
        "is_at_work": run.state in ImportRun.WORKED_ON,
    }
    return render(request, "console/transfer/run.html", context, status=422 if form.errors else 200)


@needs("setup.transfer")
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    imports.start(imports.access_run(signed_in(request), key), by=signed_in(request).actor, at=timezone.now())
    return redirect("console:setup_import", key=key)


@needs("setup.transfer")
@require_POST
def stop(request: HttpRequest, key: str) -> HttpResponse:
    imports.stop(imports.access_run(signed_in(request), key), by=signed_in(request).actor, at=timezone.now())
    return redirect("console:setup_import", key=key)


@needs("transfer.export")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Have everything written by the worker."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _overview(request, export=form)
    try:
        exports.order(by=signed_in(request), at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _overview(request, export=form)
    messages.success(request, _("It is being written. The download appears here and is kept for a day."))
    return redirect("console:setup_transfer")


@needs("transfer.export")
@require_POST
def fetch(request: HttpRequest, key: str) -> HttpResponse:
    """The archive. By POST, because it leaves a line in the audit."""
    run = exports.fetch(signed_in(request), key, at=timezone.now())
    name = f"makegood-{run.made_at:%Y-%m-%d}-{run.file_format}.zip"
    try:
        return cast(HttpResponse, serving.download(run.storage_key, name=name, media_type="application/zip"))
    except FileNotFoundError:
        raise NotFound(key) from None


def _found(run: ImportRun) -> dict[str, Any]:
    """What the dry run found, in words and lists a template shows."""
    looked = run.looked
    if "rows" not in looked:
        return {}
    return {
        **looked,
        "promises": [(names.name(kind), number) for kind, number in looked["promises"].items()],
        "first_due": _moment(looked["first_due"]),
        "earliest": _moment(looked["earliest"]),
        "latest": _moment(looked["latest"]),
        "unknown": [(WHAT[name], list(values.items())) for name, values in looked["unknown"].items()],
        "missed": list(looked["missed"].items()),
        "unused": [heading for heading, field in looked["columns"] if heading and field in ("", tables.IGNORED)],
    }


def _moment(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None
