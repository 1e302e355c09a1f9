"""When something breaks or is not taken: a page that says why, in the dress of the door it happened at, with every word
that was typed to copy."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext as _

# Fields that are never shown again, whatever happens.
SECRET = re.compile(r"password|secret|token|^(present|new)$")


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to a fault of ours: no database, no context, no language to ask for."""
    name = "500_console.html" if request.path.startswith("/console/") else "500.html"
    return HttpResponseServerError(loader.get_template(name).render())


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what we could not read; too much of something says of what, and how much there may be."""
    # What is refused before anybody asked for its language would else speak the one of whoever came before.
    with translation.override(translation.get_language_from_request(request)):
        return render(request, "400.html", {"why": _too_much(exception)}, status=400)


def not_proved(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form that may come from elsewhere. The words of one of ours are shown, so that none is lost."""
    return render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)


def _too_much(exception: Exception) -> str:
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return _("These are too many files for one time: at most %(most)s. Choose fewer, and add the rest after.") % {
            "most": most
        }
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return _("This is too much text for one time. Shorten it, or add it as a file.")
    return ""


def _typed(request: HttpRequest) -> str:
    """What a person wrote, if the browser says that the form is a page of this house."""
    if urlsplit(request.headers.get("Origin", "")).netloc != request.get_host():
        return ""
    words = [str(text).strip() for name, text in request.POST.items() if not SECRET.search(name)]
    return "\n\n".join(text for text in words if " " in text)
