"""What a machine said, found in free text and made comparable: no models, no words of the domain. Pure.

``read(text)`` finds stack frames (Java, Kotlin, .NET, Python, JavaScript, PHP, Ruby, Go, Rust, native), exceptions,
error messages, error codes, HTTP statuses and URL paths. Each is stripped of what differs from one occurrence to the
next: line numbers, addresses, ids, dates, quoted values, build numbers of generated classes. Two texts that hold the
same ``Signature`` show the same thing a machine said, whatever the people wrote around it.

A *reference* is the opposite: the id a machine gave to one single occurrence (error, event, trace, correlation or
request id). Two texts with the same one tell of the same event.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MAX_TEXT = 200_000
MAX_LINE = 2_000
MAX_FRAMES = 60
MAX_OTHERS = 40
MAX_VALUE = 160
# What gives a fault away; a status or a path is shared by many.
TELLING = frozenset({"message", "exception", "code", "frame"})
# A line of fewer letters stands in too many texts by chance.
SHORTEST = 8


@dataclass(frozen=True)
class Signature:
    """``kind`` is frame, exception, message, code, status, path or reference; ``value`` is what is compared."""

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


def of_parts(
    *, exceptions: Iterable[str] = (), frames: Iterable[str] = (), references: Iterable[str] = ()
) -> tuple[Signature, ...]:
    """Signatures of what was handed over taken apart already: exception names, top frames first, references."""
    found: dict[Signature, None] = {}
    for given in list(references)[:MAX_OTHERS]:
        found |= dict.fromkeys(Signature("reference", value) for value in references_in(given))
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


def lines_in(text: str, lines: Iterable[str]) -> tuple[str, ...]:
    """Which of ``lines``, an error message or code each, stand in ``text``: anywhere, quoted or not, whatever differs
    from time to time.
    """
    return finder(text)(lines)


def finder(text: str) -> Callable[[Iterable[str]], tuple[str, ...]]:
    """The same for one text and many lists: it is read once."""
    there = {one for one in read(text).signatures if one.kind in TELLING}
    plain, marked = _plain(text), _marked(text)

    def is_there(line: str) -> bool:
        if any(one in there for one in read(line).signatures):
            return True
        shapes = ((_plain(line), plain), (_marked(line), marked))
        return any(len(one) >= SHORTEST and one in whole for one, whole in shapes)

    return lambda lines: tuple(line for line in lines if is_there(line))


def path_of(address: str) -> str:
    """The path of a URL, ids in it replaced and what follows ``?`` or ``#`` cut off; empty for the front page."""
    path = re.sub(r"^[a-z][a-z0-9+.-]*://[^/\s]*", "", address.strip()[:MAX_LINE], flags=re.IGNORECASE)
    pieces = [_piece(one) for one in re.split(r"[?#]", path, maxsplit=1)[0].split("/") if one]
    return _cut("/" + "/".join(pieces)) if pieces else ""


def page_of(address: str) -> str:
    """The page a reporter names: as ``path_of``, also without ``https://``, whatever the host; or their words for it.

    ``/`` is the front page. Programs that keep their pages behind ``#/`` are told apart by these.
    """
    page = re.sub(
        r"^(?:[a-z][a-z0-9+.-]*://)?(?:localhost|(?:[\w-]+\.)+[a-z]{2,})(?::\d+)?(?=[/?#]|$)",
        "",
        address.strip(),
        flags=re.IGNORECASE,
    )
    inner = re.search(r"#!?(/[^?#]*)", page)
    return (path_of(inner[1] if inner else page) or "/") if address.strip() else ""


def without_query(address: str) -> str:
    """An address without what stands behind ``?`` or, unless pages are kept there, ``#``: it differs from person to
    person, and may be a secret."""
    return re.sub(r"[?].*|#(?!!?/).*", "", address.strip())


def address_in(words: str) -> str:
    """The first address in a text that leads to more than a front page; empty if there is none."""
    found = (one.rstrip(".,;:!?") for one in _ADDRESS.findall(words[:MAX_TEXT]))
    return next((one for one in found if page_of(one) != "/"), "")


def _plain(text: str) -> str:
    """Words alone, with what differs replaced; what is quoted counts like the rest."""
    text = text[:MAX_TEXT]
    for pattern, mark in _DIFFERS:
        text = text if pattern is _QUOTED else pattern.sub(mark, text)
    return " ".join(_NO_WORD.sub(" ", text.lower()).split())


def _marked(text: str) -> str:
    """The same, but that what is quoted differs from time to time."""
    return _plain(_QUOTED.sub("<value>", text[:MAX_TEXT]))


def _piece(piece: str) -> str:
    is_an_id = _ID_PIECE.fullmatch(piece) or (len(piece) > 12 and sum(c.isdigit() for c in piece) > 3)
    return "#" if is_an_id else piece.lower()


def references_in(answer: str) -> list[str]:
    """The references in words that say nothing else: the answer to "does it show a reference?", or a field of its own.

    With the word for it ("Reference 7F2A") or without ("7F2A").
    """
    given = [value for found in _TOKEN.finditer(answer[:MAX_LINE]) if (value := _reference(found[0], least=4))]
    return list(dict.fromkeys(given))[:MAX_OTHERS]


def _references(line: str) -> Iterable[str]:
    """References in a line of free text: only behind a word for them. Plain "reference" may be anything's, an invoice's
    too, so the line must speak of trouble."""
    for found in _NAMED_ID.finditer(line):
        if value := _reference(found["value"], least=6):
            yield value
    for found in _NAMED_REFERENCE.finditer(line):
        if (found["what"] or _TROUBLE.search(line)) and (value := _reference(found["value"], least=4)):
            yield value


def _reference(token: str, *, least: int) -> str:
    """A reference as it is compared; empty if ``token`` is a word, a date, a status or the code of a kind of error."""
    value = token.strip("-_.:").lower()
    if hexes := _TRACEPARENT.fullmatch(value):
        value = hexes[1]
    if _UUID.fullmatch(value):
        value = value.replace("-", "")
    letters, digits = sum(c.isalpha() for c in value), sum(c.isdigit() for c in value)
    is_telling = len(value) >= least and digits and (letters or digits >= max(least, 6))
    return value[:MAX_VALUE] if is_telling and not _NO_REFERENCE.fullmatch(value) else ""


def _of_line(line: str) -> Iterable[Signature]:
    """Signatures other than frames in one line."""
    for reference in _references(line):
        yield Signature("reference", reference)
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
_TOKEN = re.compile(r"(?<![\w-])[A-Za-z0-9](?:[A-Za-z0-9._:-]{2,120}[A-Za-z0-9])?(?![\w-])")
_BETWEEN = r"[\"'“”„:=#\s()\[\]]{1,6}(?:(?:is|ist|lautet)[\"'“”„:=#\s]{1,4})?"
_VALUE = r"(?P<value>[A-Za-z0-9][A-Za-z0-9-]{3,120})(?![\w.])"
# An id that a machine gives to one occurrence.
_NAMED_ID = re.compile(
    r"(?<![A-Za-z])(?:traceparent|(?:error|event|incident|exception|crash|trace|correlation|request|operation|activity|support|sentry|ray"
    r"|fehler|ereignis|vorfall|absturz|korrelations|anfrage)[ _-]?(?:event[ _-]?)?(?:id|uuid|guid|kennung))\b"
    + _BETWEEN
    + _VALUE,
    re.IGNORECASE,
)
_NAMED_REFERENCE = re.compile(
    r"(?<![A-Za-z])(?P<what>(?:error|incident|support|fehler|vorfall|störungs)[ _-]?)?"
    r"(?:reference|referenz)[ _-]?(?:number|code|no\.?|id|nummer|nr\.?)?" + _BETWEEN + _VALUE,
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"error|fail|wrong|sorry|oops|problem|unavailable|exception|fehler|schief|störung|leider|nicht verfügbar",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
# A date, a time, a version, or a code that stands for a kind of error.
_NO_REFERENCE = re.compile(
    r"\d{1,4}[-.:]\d{1,2}(?:[-.:]\d{1,4})?(?:t[\d:.]+z?)?|v?\d+(?:\.\d+)+|err(?:or)?[-_]?\d{1,8}|[a-z]{2,6}[-_]?\d{4,8}|e\d{3,5}|(?:http)?\d{3}"
)
_ID_PIECE = re.compile(r"\d+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{8,}|[A-Z]{1,6}-\d+")
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”()\[\]]{4,2000}", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]{0,200}\"|“[^”]{0,200}”|(?<!\w)'[^']{0,200}'(?!\w)")
_NO_WORD = re.compile(r"[^\w#<>]+")
_DIFFERS = (
    (re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE), "<url>"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<mail>"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "#"),
    (re.compile(r"(?:[A-Za-z]:\\|(?<![\w<])/)[^\s\"'<>:,;()]*[\\/][^\s\"'<>:,;()]+"), "<path>"),
    (_QUOTED, "<value>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b|\b(?=\w*\d)[0-9a-fA-F]{8,}\b"), "#"),
    (re.compile(r"\d+(?:[.:,/-]\d+)*"), "#"),
)
