"""Pictures of articles: added, shown, taken away."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.casework import seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.knowledge.finding import find
from makegood.doors.console.knowledge.page import show
from makegood.engine.files import serving
from makegood.lib.errors import Refusal
from makegood.life.knowledge import access, pictures


@needs("article.view", post="article.write")
@require_POST
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a picture; what to write to show it stands beside it then."""
    article, upload = find(request, key), request.FILES.get("picture")
    if upload is None:
        return show(request, article, {"problem": _("Choose a picture."), "problem_at": "picture"})
    try:
        pictures.add(article, cast(BinaryIO, upload), name=upload.name or "", by=seeker(request), at=timezone.now())
    except Refusal as refusal:
        return show(request, article, slip(refusal, {}, "picture"))
    return went(request, reverse("console:article", args=[article.key]) + "#pictures", _("The picture is here."))


@needs("article.view")
@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponse:
    found = access.access_picture(seeker(request), key)
    try:
        return cast(HttpResponse, serving.picture(found.storage_key, media_type=found.media_type))
    except FileNotFoundError:
        raise Http404 from None


@needs("article.view", post="article.write")
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    found = access.access_picture(seeker(request), key)
    pictures.remove(found, by=seeker(request))
    address = reverse("console:article", args=[found.article.key]) + "#pictures"
    return went(request, address, _("The picture is gone."))
