"""The way out: answers that a browser never executes. The caller has already decided that the seeker may have it."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase

from makegood.engine.files.storage import open_file

_SANDBOX = "sandbox; default-src 'none'"


def download(key: str, *, name: str, media_type: str) -> HttpResponseBase:
    """The file as a download under ``name``. FileNotFoundError when the bytes are missing."""
    return _answer(key, name=name, media_type=media_type, as_attachment=True)


def picture(key: str, *, media_type: str) -> HttpResponseBase:
    """A picture that ``keep`` has made anew, for an <img>. ValueError for anything else."""
    if media_type not in {"image/png", "image/jpeg"}:
        raise ValueError(f"{media_type} is not shown inline.")
    return _answer(key, name="", media_type=media_type, as_attachment=False)


def _answer(key: str, *, name: str, media_type: str, as_attachment: bool) -> HttpResponseBase:
    answer = FileResponse(open_file(key), as_attachment=as_attachment, filename=name, content_type=media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _SANDBOX
    answer["Cache-Control"] = "no-store, private"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
