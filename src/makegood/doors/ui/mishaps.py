"""When something of ours breaks: a page that needs nothing else to work, in the dress of the door it happened at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to a fault of ours: no database, no context, no language to ask for."""
    name = "500_console.html" if request.path.startswith("/console/") else "500.html"
    return HttpResponseServerError(loader.get_template(name).render())
