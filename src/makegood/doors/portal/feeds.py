"""Public articles for programs: Atom (RFC 4287) and a site map with the languages of each page."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from xml.etree import ElementTree as Tree

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.life.knowledge import public

ATOM, MAP, XHTML = (
    "http://www.w3.org/2005/Atom",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.w3.org/1999/xhtml",
)


def atom(language: str) -> str:
    """The articles of ``language`` that changed last."""
    lines = public.newest(language)
    with override(language):
        title = _("Help from %(desk)s") % {"desk": settings.DESK_NAME}
    root = Tree.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    here = settings.BASE_URL + reverse("portal:help_feed", args=[language])
    _put(root, "title", title)
    _put(root, "id", here)
    _put(root, "link", rel="self", href=here, type="application/atom+xml")
    _put(root, "link", rel="alternate", href=settings.BASE_URL + reverse("portal:help"), type="text/html")
    _put(root, "updated", _moment(max((line.changed_at for line in lines), default=_NEVER)))
    _put(_put(root, "author"), "name", settings.DESK_NAME)
    for line in lines:
        entry = _put(root, "entry")
        address = _address(line.language, line.slug)
        _put(entry, "title", line.title)
        _put(entry, "id", f"urn:makegood:article:{line.key}:{line.language}")
        _put(entry, "link", rel="alternate", href=address, type="text/html")
        _put(entry, "updated", _moment(line.changed_at))
        _put(entry, "summary", line.summary)
    return _written(root)


def sitemap() -> str:
    """Every public article, each language a page that names the others."""
    root = Tree.Element("urlset", {"xmlns": MAP, "xmlns:xhtml": XHTML})
    for _article, rows in groupby(public.everything(), key=lambda row: row[0]):
        pages = [(language, _address(language, slug), changed) for _pk, language, slug, changed in rows]
        for _language, address, changed in pages:
            one = _put(root, "url")
            _put(one, "loc", address)
            _put(one, "lastmod", _moment(changed))
            for language, other, _changed in pages if len(pages) > 1 else ():
                _put(one, "xhtml:link", rel="alternate", hreflang=language, href=other)
    return _written(root)


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _put(parent: Tree.Element, name: str, text: str = "", **attributes: str) -> Tree.Element:
    made = Tree.SubElement(parent, name, attributes)
    made.text = text or None
    return made


def _address(language: str, slug: str) -> str:
    return settings.BASE_URL + reverse("portal:help_article", args=[language, slug])


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _written(root: Tree.Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Tree.tostring(root, encoding="unicode")
