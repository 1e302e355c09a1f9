"""The tree of parts of a mail, read from its bytes by position; nothing is decoded and hardly anything copied.

The reader of the standard library takes fifty milliseconds for a megabyte, stops at broken boundaries and raises for
some bytes. This one takes whatever can be taken: a missing boundary is guessed, a missing end is the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from makegood.lib.mail.headers import Headers, parameters
from makegood.lib.mail.limits import Budget
from makegood.lib.mail.opaque import signed_content
from makegood.lib.mail.transfer import decode_transfer

SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_GUESS = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[!-9;-~]{1,200}:)")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass
class Node:
    """One part: its headers, where its body lies in ``raw``, and the parts it is made of."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    media_type: str
    params: dict[str, str]
    begins: int = 0
    children: list[Node] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return self.raw[self.start : self.end]

    @property
    def whole(self) -> bytes:
        return self.raw[self.begins : self.end]


def decoded(node: Node) -> bytes:
    """The body without its transfer encoding."""
    return decode_transfer(node.body, node.headers.raw("content-transfer-encoding"))


def read(raw: bytes, budget: Budget, *, depth: int = 0) -> Node:
    """The tree of ``raw``. Raises Poisoned if it breaks a limit."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[start : start + 1] in (b"\n", b"\r", b"\x00") and start < len(raw):
        start += 1
    return _part(raw, start, len(raw), depth=depth, budget=budget)


def _part(raw: bytes, start: int, end: int, *, depth: int, budget: Budget, default: str = "text/plain") -> Node:
    budget.enter_part(depth)
    fields, at, defects = _headers(raw, start, end, budget)
    headers = Headers(fields)
    media_type, params = parameters(headers.raw("content-type"))
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "text/plain" if media_type.startswith("text") else default
    node = Node(raw, headers, at, end, media_type, params, begins=start, defects=defects)
    if media_type.startswith("multipart/"):
        _split(node, depth=depth, budget=budget)
    elif media_type in ("message/rfc822", "message/global", "message/news"):
        _open(node, depth=depth, budget=budget)
    elif media_type in SEALED and (inner := signed_content(decoded(node))):
        node.children.append(read(inner, budget, depth=depth + 1))
    return node


def _headers(raw: bytes, start: int, end: int, budget: Budget) -> tuple[list[tuple[str, bytes]], int, list[str]]:
    """The header fields from ``start`` on, where the body begins, and what was wrong.

    An empty line ends them, and so does a line that is no header.
    """
    fields: list[tuple[str, bytes]] = []
    at, began = start, start
    while at < end:
        stop = raw.find(b"\n", at, end)
        stop = end if stop < 0 else stop
        line = raw[at:stop].rstrip(b"\r")
        match = _FIELD.match(line)
        if not line.strip() and (not line or not fields or line[:1] not in b" \t" or _is_blank(raw, stop, end)):
            return fields, min(stop + 1, end), []
        if line[:1] in b" \t" and fields:
            fields[-1] = (fields[-1][0], raw[began:stop])
        elif match:
            began = at + match.end()
            fields.append((match[1].decode("ascii").lower(), raw[began:stop]))
        elif not (at == start and line.startswith((b"From ", b">From "))):
            return fields, at, ["headers end without an empty line"] if fields else []
        budget.check_header(stop - began, stop - start, len(fields))
        at = stop + 1
    return fields, min(at, end), []


def _is_blank(raw: bytes, stop: int, end: int) -> bool:
    """Whether a line of mere spaces at ``stop`` ends the headers: what follows is neither header nor continuation."""
    following = raw[stop + 1 : min(end, stop + 300)]
    return following[:1] not in (b" ", b"\t") and not _FIELD.match(following)


def _split(node: Node, *, depth: int, budget: Budget) -> None:
    """The parts of a multipart between its boundary lines."""
    default = "message/rfc822" if node.media_type == "multipart/digest" else "text/plain"
    boundary = node.params.get("boundary", "").rstrip().encode("utf-8", "replace")[:300]
    places = _boundaries(node, boundary, budget) if boundary else []
    if not places and (guess := _GUESS.search(node.raw, max(0, node.start - 1), node.end)):
        node.defects.append("boundary guessed")
        places = _boundaries(node, guess[1], budget)
    if not places:
        node.defects.append("multipart without parts")
        return
    for i, (_stop, begin, is_last) in enumerate(places):
        end = places[i + 1][0] if i + 1 < len(places) else node.end
        if is_last:
            continue
        node.children.append(_part(node.raw, begin, max(begin, end), depth=depth + 1, budget=budget, default=default))
    if not places[-1][2]:
        node.defects.append("last boundary missing")


def _boundaries(node: Node, boundary: bytes, budget: Budget) -> list[tuple[int, int, bool]]:
    """Each boundary line: where the part before it ends, where the next begins, whether it is a closing one."""
    mark, raw, places = b"--" + boundary, node.raw, []
    at, tries = node.start, 0
    while (found := raw.find(mark, at, node.end)) >= 0:
        tries += 1
        if tries % 1000 == 0:
            budget.check_time()
        at = found + len(mark)
        if found > node.start and raw[found - 1] != 10:
            continue
        line_end = raw.find(b"\n", at, node.end)
        line_end = node.end if line_end < 0 else line_end
        rest = raw[at : min(line_end, at + 200)].strip()
        if rest not in (b"", b"--") and not (rest.startswith(b"--") and line_end - at < 60):
            continue
        stop = found - 1 if found > node.start else found
        if stop > node.start and raw[stop - 1] == 13:
            stop -= 1
        places.append((max(stop, node.start), min(line_end + 1, node.end), rest.startswith(b"--")))
        budget.check_parts(len(places) - 1)
        at = min(line_end, node.end)
    return places


def _open(node: Node, *, depth: int, budget: Budget) -> None:
    """The mail inside a message/rfc822 part. Some programs encode it, which no standard allows."""
    encoding = node.headers.raw("content-transfer-encoding").strip().lower()
    if encoding in ("base64", "quoted-printable"):
        node.children.append(read(decode_transfer(node.body, encoding), budget, depth=depth + 1))
        return
    start = node.start
    while start < node.end and node.raw[start] in b"\r\n":
        start += 1
    node.children.append(_part(node.raw, start, node.end, depth=depth + 1, budget=budget))
