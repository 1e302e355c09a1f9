"""Files of a report and the error document: in as multipart, out as downloads."""

from typing import Annotated, Any, BinaryIO, Literal, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import ReportNumber, Slug, Taken
from makegood.doors.api.finding import report_of
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.doors.api.shapes import FileOut, file_out
from makegood.engine import files
from makegood.engine.files import serving
from makegood.life.diagnosis import document, exports
from makegood.life.reports import attachments
from makegood.life.reports.access import access_attachment
from makegood.life.reports.models import Attachment

area = Area("Files", "Evidence: pictures, logs, and the error document.")
FORMS = {"json": "application/json", "md": "text/markdown", "pdf": "application/pdf"}


_Pixels = Annotated[int, Field(strict=True, ge=0, lt=100_000)]


class BoxIn(Taken):
    """In pixels, from the upper left corner."""

    left: _Pixels
    top: _Pixels
    width: _Pixels
    height: _Pixels


class BlankIn(Taken):
    areas: Annotated[list[BoxIn], Field(min_length=1, max_length=30)]


class DocumentForm(BaseModel):
    form: Literal["json", "md", "pdf"] = "json"


@area.get("/reports/{number}/files", scope="files:read", action="report.view", ok=Listed[FileOut])
def list_files(request: HttpRequest, number: ReportNumber, paging: Query[Paging]) -> Any:
    """List a report's files, oldest first."""
    rows = Attachment.objects.filter(report=report_of(request, number), removed_at=None).select_related("message")
    shown, after = walk(request, rows, paging)
    return listed(request, shown, after, file_out, FileOut)


def _keep(request: HttpRequest, number: str, file: UploadedFile, **_more: Any) -> files.Kept:
    """Look at the bytes and store them before the transaction: a large picture takes its time."""
    report_of(request, number)
    return files.keep(cast(BinaryIO, file), name=file.name or "", limit=settings.UPLOAD_MAX_BYTES)


@area.post(
    "/reports/{number}/files",
    scope="files:write",
    action="report.note",
    ok=FileOut,
    status=201,
    takes_files=True,
    prepare=_keep,
)
def add_file(
    request: HttpRequest,
    number: ReportNumber,
    file: File[UploadedFile],
    is_internal: Form[Literal["true", "false"]] = "false",
) -> Any:
    """Add a file.

    As `multipart/form-data`, one at a time. Pictures, PDF, text, video and ZIP; what it is, its bytes say, not its
    name. `is_internal` keeps it from the reporter.
    """
    report, who = report_of(request, number), caller(request)
    kept: files.Kept = request.prepared  # type: ignore[attr-defined]
    added = attachments.hang(report, [kept], by=who.actor, at=who.now, is_internal=is_internal == "true")[0]
    return file_out(added)


@area.get("/files/{key}", scope="files:read", action="report.view", ok=FileOut, is_tagged=True)
def read_file(request: HttpRequest, key: Slug) -> Any:
    """Read the facts of a file."""
    return file_out(access_attachment(caller(request).agent, key))


@area.get(
    "/files/{key}/content",
    scope="files:read",
    action="report.view",
    media=("application/octet-stream",),
)
def download_file(request: HttpRequest, key: Slug) -> Any:
    """Download a file.

    Always as `application/octet-stream`; `media_type` of the file says what it is.
    """
    found = access_attachment(caller(request).agent, key)
    return serving.download(found.storage_key, name=found.name, media_type="application/octet-stream")


@area.delete("/files/{key}", scope="files:write", action="report.note")
def remove_file(request: HttpRequest, key: Slug) -> Any:
    """Take a file away; the history keeps its name."""
    who = caller(request)
    attachments.remove(access_attachment(who.agent, key), by=who.actor, at=who.now)


@area.post("/files/{key}/blank", scope="files:write", action="report.note", ok=FileOut, is_whole=False)
def blank_file(request: HttpRequest, key: Slug, body: BlankIn) -> Any:
    """Black out parts of a picture, for good: the picture before it is gone."""
    who = caller(request)
    boxes = [files.Box(one.left, one.top, one.width, one.height) for one in body.areas]
    return file_out(attachments.blank(access_attachment(who.agent, key), boxes, by=who.actor, at=who.now))


@area.get("/reports/{number}/document", scope="reports:read", action="report.export", media=tuple(FORMS.values()))
def read_document(request: HttpRequest, number: ReportNumber, wanted: Query[DocumentForm]) -> Any:
    """Export the error document.

    What the technical team receives, as it is now: JSON, Markdown or PDF.
    """
    report, who = report_of(request, number), caller(request)
    snapshot = document.snapshot(report, at=who.now)
    language, zone = get_language() or "en", ZoneInfo(who.agent.time_zone or settings.DESK_TIME_ZONE)
    body: str | bytes
    if wanted.form == "json":
        body = exports.to_json(snapshot)
    elif wanted.form == "md":
        body = exports.to_markdown(snapshot, language=language, zone=zone)
    else:
        body = exports.to_pdf(snapshot, language=language, zone=zone)
    answer = HttpResponse(body, content_type=FORMS[wanted.form])
    answer["Content-Disposition"] = f'attachment; filename="{report.number}.{wanted.form}"'
    return answer
