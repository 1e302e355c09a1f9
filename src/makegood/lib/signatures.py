"""What a machine said, found in free text and made comparable: no models, no words of the domain. Pure.

``read(text)`` finds stack frames (Java, Kotlin, .NET, Python, JavaScript, PHP, Ruby, Go, Rust, native), exceptions,
error messages, error codes, HTTP statuses and URL paths. Each is stripped of what differs from one occurrence to the
next: line numbers, addresses, ids, dates, quoted values, build numbers of generated classes. Two texts that hold the
same ``Signature`` show the same thing a machine said, whatever the people wrote around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_TEXT = 200_000
MAX_LINE = 2_000
MAX_FRAMES = 60
MAX_OTHERS = 40
MAX_VALUE = 160


@dataclass(frozen=True)
class Signature:
    """``kind`` is frame, exception, message, code, status or path; ``value`` is what is compared."""

    kind: str
    value: str


@dataclass(frozen=True)
class Reading:
    """``signatures`` in the order of the text, each once; ``words`` is the text without its stack frames."""

    signatures: tuple[Signature, ...]
    words: str


def read(text: str) -> Reading:
    """Everything in ``text`` that a machine said, and what is left for reading as prose."""
    found: dict[Signature, None] = {}
    left: list[str] = []
    frames = others = 0
    for line in text[:MAX_TEXT].replace("\x00", " ").splitlines():
        inspected = line[:MAX_LINE]
        frame = frame_of(inspected)
        if frame:
            if frames < MAX_FRAMES:
                frames += Signature("frame", frame) not in found
                found[Signature("frame", frame)] = None
            continue
        left.append(line)
        if others < MAX_OTHERS:
            for one in _of_line(inspected):
                others += one not in found
                found[one] = None
    return Reading(tuple(found), "\n".join(left))


def of_parts(*, exceptions: Iterable[str] = (), frames: Iterable[str] = ()) -> tuple[Signature, ...]:
    """Signatures of what a program handed over taken apart already: exception names, and frames with the top first."""
    found: dict[Signature, None] = {}
    for name in list(exceptions)[:MAX_OTHERS]:
        found[Signature("exception", _exception(name.strip()[:MAX_LINE]))] = None
    for line in list(frames)[:MAX_FRAMES]:
        line = line.strip()[:MAX_LINE]
        found[Signature("frame", frame_of(line) or frame_of(f"at {line}") or normalised(line))] = None
    return tuple(one for one in found if one.value)


def frame_of(line: str) -> str:
    """What a line of a stack trace names, without line numbers and addresses; empty if it is no such line."""
    if "(" not in line and ":" not in line and '"' not in line and "0x" not in line:
        return ""
    for pattern, shape in _FRAMES:
        if found := pattern.match(line):
            return _cut(shape(found))
    return ""


def normalised(message: str) -> str:
    """An error message with everything that differs between two occurrences replaced by a mark."""
    text = message.strip()[:MAX_LINE]
    for pattern, mark in _DIFFERS:
        text = pattern.sub(mark, text)
    return _cut(" ".join(text.lower().split()).strip(" .:;,-!"))


def path_of(address: str) -> str:
    """The path of a URL, ids in it replaced and what follows ``?`` or ``#`` cut off; empty for the front page."""
    path = re.sub(r"^[a-z][a-z0-9+.-]*://[^/\s]*", "", address.strip()[:MAX_LINE], flags=re.IGNORECASE)
    pieces = [_piece(one) for one in re.split(r"[?#]", path, maxsplit=1)[0].split("/") if one]
    return _cut("/" + "/".join(pieces)) if pieces else ""


def _piece(piece: str) -> str:
    is_an_id = _ID_PIECE.fullmatch(piece) or (len(piece) > 12 and sum(c.isdigit() for c in piece) > 3)
    return "#" if is_an_id else piece.lower()


def _of_line(line: str) -> Iterable[Signature]:
    """Signatures other than frames in one line."""
    for found in _EXCEPTION.finditer(line):
        yield Signature("exception", _exception(found["name"]))
        if (message := normalised(found["rest"] or "")) and len(message) > 5:
            yield Signature("message", message)
    if (said := _SAID.search(line)) and (message := normalised(said["rest"])) and len(message) > 7:
        yield Signature("message", message)
    for found in _CODE.finditer(line):
        yield Signature("code", _cut(re.sub(r"[\s_]+", "_", found[0].upper())))
    for found in _STATUS.finditer(line):
        yield Signature("status", found["a"] or found["b"] or found["c"])
    for found in _ADDRESS.finditer(line):
        if path := path_of(found[0]):
            yield Signature("path", path)


def _exception(name: str) -> str:
    """The bare name: packages move and are often left out."""
    return _cut(re.split(r"[.:$\\]", name.strip(" .:$\\"))[-1].lower())


def _cut(value: str) -> str:
    return value[:MAX_VALUE]


def _dotted(found: re.Match[str]) -> str:
    """Class and method; numbers of generated classes, lambdas and accessors differ from build to build."""
    name = re.sub(r"\$\$(?:Lambda|EnhancerBy\w+|FastClassBy\w+|SpringCGLIB)\$?\S*", "$$gen", found["name"])
    name = re.sub(r"(?<=[$_@])\d+|(?<=Proxy)\d+|(?<=lambda)\d+|@[0-9a-f]{4,}", "#", name)
    return name.split("/")[-1].strip().lower() if "/" in name else name.strip().lower()


def _file_and_name(found: re.Match[str]) -> str:
    """File (its last piece, without the mark a bundler puts in) and function."""
    file = re.split(r"[\\/]", found["file"].split("?")[0])[-1]
    file = re.sub(r"[.-](?:[0-9a-f]{6,}|[A-Za-z0-9_-]*\d[A-Za-z0-9_-]{6,})(?=\.\w+$)", "", file)
    name = (found["name"] or "").removeprefix("async ").removeprefix("new ").strip()
    return f"{file}:{name}".lower()


_PATH = r"(?:[A-Za-z]:)?[^\s:()\"'<>|]+"
_FRAMES = (
    # Java, Kotlin, Scala: at a.b.C.method(File.java:12)
    (re.compile(r"^\W*at (?P<name>[\w.$<>/@-]+)\((?:[\w$ .-]+\.\w+(?::\d+)?|Native Method|Unknown Source)\)"), _dotted),
    # .NET: at A.B.C.Method(String x) in file:line 12
    (re.compile(r"^\W*at (?P<name>[\w.`<>\[\],+|]+)\([^)]*\)(?: in .*)?\s*$"), _dotted),
    # JavaScript, Chromium: at fn (https://host/app.js:1:2)
    (
        re.compile(r"^\W*at (?:(?P<name>[^()]{1,120}?) )?\(?(?P<file>(?:\w+:)?[^\s()]+?):\d+(?::\d+)?\)?\s*$"),
        _file_and_name,
    ),
    # JavaScript, Firefox and Safari: fn@https://host/app.js:1:2
    (re.compile(r"^\s*(?P<name>[\w.$<>/*\[\]-]{0,120})@(?P<file>\w+:[^\s]+?):\d+:\d+\s*$"), _file_and_name),
    # Python: File "a/b.py", line 12, in name
    (re.compile(r'^\W*File "(?P<file>[^"]+)", line \d+(?:, in (?P<name>[\w.<>]+))?'), _file_and_name),
    # PHP: #0 /a/b.php(12): C->m()
    (re.compile(rf"^\W*#\d+ (?P<file>{_PATH})\(\d+\): (?P<name>[\w\\:>{{}}-]+)\("), _file_and_name),
    # Ruby: from a/b.rb:12:in `m'
    (re.compile(rf"^\s*(?:from )?(?P<file>{_PATH}\.rb):\d+:in [`'](?P<name>[^']+)'"), _file_and_name),
    # GDB, LLDB and sanitizers: #0 0x00 in name (args) at file.c:12
    (re.compile(r"^\W*#\d+:? +(?:0x[0-9a-fA-F]+ +)?(?:in )?(?P<name>[\w:~<>$.@]+) ?\("), _dotted),
    # Apple: 3 Lib 0x000 name + 12
    (re.compile(r"^\s*\d+ +\S+ +0x[0-9a-fA-F]+ (?P<name>.{1,120}?) \+ \d+\s*$"), _dotted),
    # Rust: 4: crate::module::name, with an address or without
    (re.compile(r"^\s*\d+: +(?:0x[0-9a-f]+ - )?(?P<name>\w+(?:::[\w<>{}]+)+)\s*$"), _dotted),
    # Go: package/path.(*Type).Method(0x1, 0x2)
    (re.compile(r"^(?P<name>[\w./-]+\.(?:\(\*?\w+\)\.)?\w+)\((?:(?:0x[0-9a-f]+|\.\.\.|\{|\}|, ?)+)?\)\s*$"), _dotted),
)
_EXCEPTION = re.compile(
    r"(?<![\w.$\\])(?P<name>[A-Za-z_][\w.$\\]{0,120}?(?:Exception|Error|Fault|Failure|Panic|Interrupt))(?![\w.$])"
    r"(?:: ?(?P<rest>\S[^\n]{0,300}))?"
)
# What stands behind a word by which programs announce trouble.
_SAID = re.compile(
    r"(?:(?:^|[\[\s(])(?:ERROR|FATAL|SEVERE|CRITICAL|WARN|WARNING|Error|Fatal|error|fatal|fehler|Fehler|erreur|Erreur)\]?"
    r"(?: \d{1,6}| code \d{1,6})?[:\]] ?)(?P<rest>\S[^\n]{4,300})"
)
_CODE = re.compile(
    r"\b(?:ERR(?:OR)?_[A-Z0-9_]{3,60}|E(?:ACCES|ADDRINUSE|AGAIN|BADF|BUSY|CONN(?:ABORTED|REFUSED|RESET)|EXIST|HOSTUNREACH|INVAL|IO|ISDIR|MFILE|NETUNREACH"
    r"|NO(?:ENT|MEM|SPC|TDIR|TEMPTY|TFOUND)|PERM|PIPE|PROTO|TIMEDOUT)\b|[A-Z]{2,6}[-_]?\d{4,8}\b|0x[0-9A-Fa-f]{8}\b|SQLSTATE\W{0,2}\w{5}"
    r"|(?i:error|fehler|erreur|code)\W{1,3}[A-Z]?\d{2,8}\b|SIG(?:SEGV|ABRT|BUS|ILL|FPE|KILL|TRAP))"
)
_STATUS = re.compile(
    r"\b(?:HTTP(?:/\d(?:\.\d)?)?\W{1,3}(?P<a>[1-5]\d\d)\b|(?i:status(?: code)?)\W{1,3}(?P<b>[1-5]\d\d)\b"
    r"|(?P<c>[45]\d\d) (?:Internal Server|Bad (?:Gateway|Request)|Not Found|Forbidden|Unauthori[sz]ed"
    r"|Service Unavailable|Gateway Time-?out|Conflict|Too Many|Unprocessable|Request Entity))"
)
_ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]{}]{4,400}|(?<![\w.:/])/(?:[\w~.%-]{2,60}/){1,12}[\w~.%-]{0,80}")
_ID_PIECE = re.compile(r"\d+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{8,}|[A-Z]{1,6}-\d+")
_DIFFERS = (
    (re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE), "<url>"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<mail>"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "#"),
    (re.compile(r"(?:[A-Za-z]:\\|(?<![\w<])/)[^\s\"'<>:,;()]*[\\/][^\s\"'<>:,;()]+"), "<path>"),
    (re.compile(r"\"[^\"]{0,200}\"|“[^”]{0,200}”|(?<!\w)'[^']{0,200}'(?!\w)"), "<value>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b|\b(?=\w*\d)[0-9a-fA-F]{8,}\b"), "#"),
    (re.compile(r"\d+(?:[.:,/-]\d+)*"), "#"),
)
