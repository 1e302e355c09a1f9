"""From the tree of parts to what a person was sent: words (as text, as HTML) and files, in the order of the mail."""

from __future__ import annotations

import html as entities
from dataclasses import dataclass, field

from makegood.lib.mail import charsets, invitations, tnef
from makegood.lib.mail.headers import parameters
from makegood.lib.mail.limits import MEGABYTE, Budget
from makegood.lib.mail.mime import SEALED, Node, decoded
from makegood.lib.mail.names import file_name
from makegood.lib.mail.parsed import Part
from makegood.lib.mail.plain import unenrich, unflow
from makegood.lib.mail.transfer import decode_transfer, split_uuencoded

_FILES = {"text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/xml", "text/css", "text/javascript"}
_SILENT = {"application/applefile", "text/x-amp-html", "text/watch-html", "message/delivery-status"}
MOST_WORDS = 4 * MEGABYTE
_PGP = "-----BEGIN PGP "


@dataclass(frozen=True)
class Shown:
    """Words at one place of the mail, as the sender's program wrote them: either may be empty."""

    text: str = ""
    html: str = ""


@dataclass
class Gathered:
    shown: list[Shown] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    mails: list[Node] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    encrypted: str = ""


def gather(root: Node, budget: Budget) -> Gathered:
    """Everything ``root`` holds. Raises Poisoned for too many files or too much time."""
    found = Gathered()
    _take(root, found, budget)
    return found


def words_of(node: Node) -> str:
    """The words of a text part, cleaned and with soft line breaks joined; what is beyond four megabytes is left out."""
    data = decode_transfer(node.body[:MOST_WORDS], node.headers.raw("content-transfer-encoding"))
    text = charsets.clean(charsets.decode(data, node.params.get("charset", "")))
    if node.media_type in ("text/enriched", "text/richtext"):
        return unenrich(text)
    if node.media_type == "text/plain" and node.params.get("format", "").lower() == "flowed":
        return unflow(text, delsp=node.params.get("delsp", "").lower() == "yes")
    return text


def _take(node: Node, found: Gathered, budget: Budget) -> None:
    found.defects += [one for one in node.defects if one not in found.defects]
    kind = node.media_type
    if kind in ("multipart/encrypted",) or _is_enveloped(node):
        found.encrypted = "pgp" if kind == "multipart/encrypted" else "s/mime"
    if kind == "multipart/alternative" and node.children:
        _take_alternative(node, found, budget)
    elif kind == "multipart/related" and node.children:
        _take_related(node, found, budget)
    elif kind in ("message/rfc822", "message/global", "message/news"):
        _take_mail(node, found, budget)
    elif node.children:
        for child in node.children:
            _take(child, found, budget)
    elif kind.startswith("multipart/"):
        found.shown.append(Shown(text=charsets.clean(charsets.decode(node.body, node.params.get("charset", "")))))
    elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or _file_name(node).lower() == "winmail.dat":
        _take_tnef(node, found, budget)
    elif kind == "text/calendar" and not found.encrypted:
        text = words_of(node)
        found.shown.append(Shown(text=invitations.line_of(text)))
        _take_file(node, found, budget)
    elif kind not in _SILENT:
        _take_leaf(node, found, budget)


def _take_leaf(node: Node, found: Gathered, budget: Budget) -> None:
    if not _is_words(node, found):
        _take_file(node, found, budget)
        return
    words = words_of(node)
    if node.end - node.start > MOST_WORDS:
        found.defects.append("long text cut")
    if node.media_type == "text/html":
        found.shown.append(Shown(html=words))
        return
    text, files = split_uuencoded(words)
    for one in files:
        budget.take_attachment()
        found.files.append(Part(file_name(one.name, ""), _type_by_name(one.name), one.data))
    text, is_encrypted = _unsign(text)
    found.encrypted = found.encrypted or ("pgp" if is_encrypted else "")
    found.shown.append(Shown(text=text))


def _is_words(node: Node, found: Gathered) -> bool:
    """Whether a leaf is something to read in the mail rather than a file beside it."""
    disposition, params = parameters(node.headers.raw("content-disposition"))
    if not node.media_type.startswith("text/") or node.media_type in _FILES or disposition == "attachment":
        return False
    if "filename" in params:
        return False
    return "name" not in node.params or not found.shown


def _take_alternative(node: Node, found: Gathered, budget: Budget) -> None:
    """The same words several times: the last text and the last HTML of them; files beside them are kept."""
    versions = Gathered()
    for child in node.children:
        _take(child, versions, budget)
    found.files += versions.files
    found.mails += versions.mails
    found.encrypted = found.encrypted or versions.encrypted
    found.defects += [one for one in versions.defects if one not in found.defects]
    texts = [one.text for one in versions.shown if one.text.strip()]
    pages = [one.html for one in versions.shown if one.html.strip()]
    if texts or pages:
        found.shown.append(Shown("\n".join(_distinct(texts)), "\n".join(pages)))


def _distinct(texts: list[str]) -> list[str]:
    """Texts of an alternative: the invitation's line is no word of its own where the words name it already."""
    return [text for i, text in enumerate(texts) if i == 0 or text.strip() not in texts[0]]


def _take_related(node: Node, found: Gathered, budget: Budget) -> None:
    start = node.params.get("start", "").strip("<> ")
    root = next((c for c in node.children if start and _content_id(c) == start), node.children[0])
    _take(root, found, budget)
    for child in node.children:
        if child is not root:
            if child.media_type.startswith(("multipart/", "message/")):
                _take(child, found, budget)
            elif child.media_type not in _SILENT:
                _take_file(child, found, budget, is_related=True)


def _take_mail(node: Node, found: Gathered, budget: Budget) -> None:
    """A mail within the mail: a file with all its bytes, and words for whoever asks what was forwarded."""
    inner = node.children[0] if node.children else None
    if inner is not None:
        found.mails.append(inner)
    subject = inner.headers.words("subject")[:80] if inner is not None else ""
    name = file_name(_file_name(node) or (f"{subject}.eml" if subject.strip() else ""), "message/rfc822")
    budget.take_attachment()
    data = inner.whole if inner is not None else decoded(node)
    found.files.append(Part(name if "." in name[-6:] else f"{name}.eml", "message/rfc822", data))


def _take_tnef(node: Node, found: Gathered, budget: Budget) -> None:
    """What Outlook wrapped up; the wrapping itself only if it cannot be opened."""
    opened = tnef.unwrap(decoded(node), most=budget.limits.attachments)
    if opened is None:
        found.defects.append("winmail.dat could not be read")
        _take_file(node, found, budget)
        return
    for one in opened.files:
        budget.take_attachment()
        kind = one.media_type or _type_by_name(one.name)
        found.files.append(Part(file_name(one.name, kind), kind, one.data, content_id=one.content_id))
    if not any(one.text.strip() or one.html.strip() for one in found.shown):
        found.shown.append(Shown(charsets.clean(opened.text), charsets.clean(opened.html)))


def _take_file(node: Node, found: Gathered, budget: Budget, *, is_related: bool = False) -> None:
    budget.take_attachment()
    disposition, _params = parameters(node.headers.raw("content-disposition"))
    content_id = _content_id(node)
    is_inline = disposition != "attachment" and bool(content_id) and (is_related or disposition == "inline")
    name = file_name(_file_name(node), node.media_type)
    data = decoded(node)
    found.files.append(Part(name, node.media_type, data, is_inline=is_inline, content_id=content_id))


def _content_id(node: Node) -> str:
    return node.headers.raw("content-id").strip("<> ")[:300]


def _file_name(node: Node) -> str:
    _disposition, params = parameters(node.headers.raw("content-disposition"))
    return params.get("filename") or node.params.get("name") or ""


def _type_by_name(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


_TYPES = {
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "zip": "application/zip",
    "htm": "text/html",
    "html": "text/html",
    "eml": "message/rfc822",
    "ics": "text/calendar",
}


def _is_enveloped(node: Node) -> bool:
    """S/MIME that only the addressee's key opens."""
    if node.media_type not in SEALED or node.children:
        return False
    return node.params.get("smime-type", "enveloped-data").lower() != "signed-data"


def _unsign(text: str) -> tuple[str, bool]:
    """The words inside an inline PGP signature, and whether there is an encrypted block."""
    if _PGP not in text:
        return text, False
    if f"{_PGP}MESSAGE-----" in text:
        return text, True
    begin = f"{_PGP}SIGNED MESSAGE-----\n"
    before, found, rest = text.partition(begin)
    if not found:
        return text, False
    _armour, _blank, rest = rest.partition("\n\n")
    signed, _end, after = rest.partition(f"\n{_PGP}SIGNATURE-----")
    _signature, _end, after = after.partition("-----END PGP SIGNATURE-----")
    lines = [line.removeprefix("- ") for line in signed.split("\n")]
    return before + "\n".join(lines) + after, False


def as_page(shown: list[Shown]) -> str:
    """All the words as one HTML page, if any of them are HTML; else empty."""
    if not any(one.html for one in shown):
        return ""
    return "\n".join(one.html or f"<div>{entities.escape(one.text).replace(chr(10), '<br>')}</div>" for one in shown)
