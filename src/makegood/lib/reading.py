"""The words of a file: plain text, HTML, PDF, and what office programs keep in a ZIP. Bytes of strangers come in.

``python -m makegood.lib.reading MEDIA_TYPE`` reads the file from its input and writes the words, within the
memory and time it allows itself: whoever calls it loses a child, at worst. ``words_of`` is the same without the walls.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

MOST = 120_000
_TEXT_BYTES = 4_000_000
_XML_BYTES = 40_000_000
_PAGES = 400
_MEMORY = 700_000_000
_SECONDS = 20
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)
# Where the words stand in a file of an office program, and what ends a line there.
_MEMBERS = ("word/document.xml", "content.xml", "xl/sharedStrings.xml")
_ENDS = frozenset({"p", "h", "tab", "br", "si", "line-break", "table-cell"})


class Unreadable(Exception):
    """There are no words to be had."""


def words_of(data: bytes, *, media_type: str) -> str:
    """The words of a file, at most 120,000 characters. Raises Unreadable."""
    try:
        if media_type == "application/pdf":
            found = _joined(_pdf(data))
        elif media_type == "application/zip":
            found = _joined(_office(data))
        else:
            found = _plain(data[:_TEXT_BYTES])
    except Exception as trouble:  # noqa: BLE001 - what a reader stumbles over in bytes of strangers has no end of names
        raise Unreadable(repr(trouble)) from trouble
    return found.replace("\x00", " ")[:MOST]


def _joined(pieces: Iterator[str]) -> str:
    """Pieces until there are enough."""
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size >= MOST:
            break
    return "".join(found)


def _plain(data: bytes) -> str:
    try:
        # The last character may have been cut in two.
        text = data.decode("utf-8-sig", "strict" if len(data) < _TEXT_BYTES else "ignore")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return _html(text) if _HTML.match(text[:2000]) else text


def _html(text: str) -> str:
    page = LexborHTMLParser(text)
    for node in page.css("script, style, template, svg"):
        node.decompose()
    return page.body.text(separator=" ") if page.body else ""


def _pdf(data: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("It is locked by a password.")
    for page in reader.pages[:_PAGES]:
        yield page.extract_text() + "\n"


def _office(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        for name in _MEMBERS:
            if name in names:
                with archive.open(name) as member:
                    yield from _xml(member)  # type: ignore[arg-type]


def _xml(stream: io.BufferedIOBase) -> Iterator[str]:
    """The text of an XML file as it comes. Entities of its own are refused: they can grow without end."""
    parser = expat.ParserCreate(namespace_separator=" ")
    found: list[str] = []

    def refuse(*_declared: object) -> None:
        raise Unreadable("It declares entities.")

    parser.EntityDeclHandler = refuse
    parser.CharacterDataHandler = found.append
    parser.EndElementHandler = lambda name: found.append("\n") if name.rpartition(" ")[2] in _ENDS else None
    read = 0
    while chunk := stream.read(1 << 16):
        read += len(chunk)
        if read > _XML_BYTES:
            break
        parser.Parse(chunk)
        yield "".join(found)
        found.clear()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        words = words_of(sys.stdin.buffer.read(), media_type=sys.argv[1])
    except (Unreadable, MemoryError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(words.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
