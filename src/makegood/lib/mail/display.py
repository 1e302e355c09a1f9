"""The HTML of a stranger's mail, cleaned for a locked frame: an allow-list of tags, pictures of the mail itself only.

Nothing here is the only guard: the frame has no scripts, no cookies and a policy that fetches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import nh3

from makegood.lib.mail.depth import is_wild, without_tags

MAX_CHARACTERS = 1_000_000
_TAG_NAMES = (
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del dfn div dl dt em font h1 h2 h3 "
    "h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th "
    "thead tr tt u ul var"
)
_TAGS = set(_TAG_NAMES.split())
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign", "style", "bgcolor", "width", "height"},
    "a": {"href"},
    "img": {"src", "alt"},
    "font": {"color", "size", "face"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
}
# No property that can fetch anything or move words out of their place.
_STYLE_NAMES = (
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right "
    "border-spacing border-style border-top border-width color direction font font-family font-size font-style "
    "font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left "
    "margin-right margin-top max-width padding padding-bottom padding-left padding-right padding-top text-align "
    "text-decoration text-indent text-transform vertical-align white-space width word-break"
)
_STYLES = set(_STYLE_NAMES.split())
_LINK = re.compile(r"\s*(?:https?|mailto|tel):", re.IGNORECASE)
_HELD = re.compile(r"data:image/(?:png|jpeg|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]*")


@dataclass(frozen=True)
class Shown:
    """Cleaned HTML, and how many pictures it would have fetched from elsewhere."""

    html: str
    remote_pictures: int


def safe_html(html: str, *, pictures: Mapping[str, str]) -> Shown:
    """``html`` fit for a sandboxed frame. ``pictures``: Content-ID, without brackets, → address to show instead.

    HTML nested so deeply that cleaning it would take long is shown as its words.
    """
    if is_wild(html[:MAX_CHARACTERS]):
        return Shown(f"<pre>{escape(without_tags(html[:MAX_CHARACTERS]))}</pre>", 0)
    remote = 0

    def judge(tag: str, name: str, value: str) -> str | None:
        nonlocal remote
        if name == "href":
            return value if _LINK.match(value) else None
        if name != "src":
            return None if name == "style" and "url(" in value.lower() else value
        source = value.strip()
        if source.lower().startswith("cid:"):
            return pictures.get(source[4:].strip("<>"))
        if _HELD.fullmatch(source):
            return source
        remote += 1
        return None

    clean = nh3.clean(
        html[:MAX_CHARACTERS],
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "noscript", "template", "textarea", "select", "svg", "math"},
        attributes=_ATTRIBUTES,
        attribute_filter=judge,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )
    return Shown(clean, remote)
