"""Which lines of a mail are new. Careful: rather too much is kept than a word lost.

The lines are those of ``markup`` (with its marks) or of a plain text. Looking from the top, the first of these ends
what is new: our own line "answer above", the header block or separator an Outlook puts over the original, a mark that
a program left in its HTML. Lines with ``>`` are quotes wherever they stand; who writes between them is kept with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from makegood.lib.mail.introductions import (
    LONGEST_LINE,
    QUOTED,
    header_block,
    is_forward_line,
    is_quoted,
    label_of,
    quote_follows,
    says,
    says_begin,
)
from makegood.lib.mail.marker import MARKER
from makegood.lib.mail.markup import CUT, MARKS, SIGN, SOFT
from makegood.lib.mail.phrases import (
    BELOW,
    FORWARD_SUBJECT,
    MOBILE,
    ORIGINAL,
    RULE,
    SIGNATURE,
    WROTE,
    WROTE_BETWEEN_DASHES,
)

MOST_LINES = 5_000
LONGEST_CONTEXT = 25
LONGEST_POINTER = 400
_WORDS = re.compile(r"\w")
_ONLY_WORDS = re.compile(r"[\W_]+")
_MARKERS = tuple(_ONLY_WORDS.sub("", text).casefold() for text in MARKER.values())


@dataclass(frozen=True)
class Judged:
    """``body``: the new words. ``forwarded``: where a forwarded mail begins, with its header lines.

    ``is_cut``: the mail that is answered was found below the new words.
    """

    body: str
    forwarded: str = ""
    is_cut: bool = False


@dataclass
class _Run:
    """Lines of one kind that stand together: "new", "quote", or "says" (the line introducing a quote)."""

    kind: str
    lines: list[str]

    @property
    def has_words(self) -> bool:
        return any(_WORDS.search(line) for line in self.lines)


def judge(text: str, *, subject: str = "") -> Judged:
    """The new words of ``text``, and the mail forwarded with it if there is one.

    What comes after five thousand lines is taken as new, unless all of it lies below a cut.
    """
    lines = text.split("\n")
    judged = _judge(_settle_soft_quotes(lines[:MOST_LINES]), subject)
    if len(lines) <= MOST_LINES or judged.is_cut:
        return judged
    return Judged("\n".join((judged.body, _plain(lines[MOST_LINES:]))), judged.forwarded)


def _judge(lines: list[str], subject: str) -> Judged:
    end, is_forward = _end_of_new(lines, subject)
    top = _body_of(lines[:end])
    rest = lines[end:]
    if is_forward:
        forwarded = _plain(rest)
        return Judged(f"{top}\n\n{forwarded}".strip(), forwarded)
    is_cut = end < len(lines)
    if _points_down(top) and (is_cut or any(map(is_quoted, lines))):
        return Judged(_plain(lines), is_cut=is_cut)
    if not top and any(_WORDS.search(line) for line in rest if not is_quoted(line)):
        return Judged(_plain(lines), is_cut=is_cut)
    return Judged(top, is_cut=is_cut)


def _points_down(top: str) -> bool:
    """Whether short new words say that the answers stand between the lines of the original."""
    return len(top) < LONGEST_POINTER and bool(BELOW.search(top)) and not any(map(is_quoted, top.split("\n")))


def _end_of_new(lines: list[str], subject: str) -> tuple[int, bool]:
    """The line where the original or the forwarded mail begins, and whether it is forwarded."""
    for i, line in enumerate(lines):
        if is_quoted(line):
            if is_forward_line(line) and not any(_WORDS.search(one) for one in lines[:i]):
                return i, True
            continue
        if not line or len(line) > LONGEST_LINE:
            continue
        if is_forward_line(line):
            return i, True
        if line.startswith(CUT) or _is_separator(lines, i):
            return _before(lines, i), bool(FORWARD_SUBJECT.match(subject))
        if _is_marker(line):
            return _before(lines, i), False
        begin = says_begin(lines, i)
        if begin is not None and not quote_follows(lines, i):
            return begin, bool(FORWARD_SUBJECT.match(subject)) and not WROTE.search(line)
    return len(lines), False


def _is_separator(lines: list[str], at: int) -> bool:
    line = lines[at]
    if line.lstrip()[:2] in ("--", "__", "==", "—", "— ") or line.lstrip().startswith("—"):
        if ORIGINAL.fullmatch(line):
            return True
        if WROTE_BETWEEN_DASHES.fullmatch(line) and WROTE.search(line):
            return True
        following = next((j for j in range(at + 1, min(at + 4, len(lines))) if lines[j].strip()), None)
        return bool(RULE.fullmatch(line)) and following is not None and len(header_block(lines, following)) >= 2
    return bool(label_of(line)[0]) and bool(header_block(lines, at))


def _is_marker(line: str) -> bool:
    return "—" in line + "–-" and _ONLY_WORDS.sub("", line).casefold() in _MARKERS


def _before(lines: list[str], at: int) -> int:
    """``at``, or the line above it where that introduces what is cut: "On … wrote:", a rule."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    if above < 0:
        return at
    if RULE.fullmatch(lines[above][:LONGEST_LINE]):
        return above
    begin = says_begin(lines, above, is_followed=True)
    return at if begin is None else begin


def _settle_soft_quotes(lines: list[str]) -> list[str]:
    """Indented HTML is a quote where someone is said to have written it, and plain words otherwise."""
    if not any(line.startswith(SOFT) for line in lines):
        return lines
    settled: list[str] = []
    is_quote = False
    for i, line in enumerate(lines):
        if not line.startswith(SOFT):
            settled.append(line)
            is_quote = is_quote and not line.strip()
            continue
        if i == 0 or not lines[i - 1].startswith(SOFT):
            above = next((j for j in range(i - 1, max(-1, i - 4), -1) if lines[j].strip()), None)
            is_quote = is_quote or (above is not None and says_begin(lines, above, is_followed=True) is not None)
        settled.append(("> " if is_quote else "") + line[1:])
    return settled


def _body_of(lines: list[str]) -> str:
    """The new words among lines that hold no original: without quotes, unless somebody wrote between them."""
    runs = _without_signatures(_runs(lines))
    first = next((i for i, run in enumerate(runs) if run.kind == "quote"), len(runs))
    above, below = runs[:first], runs[first:]
    new_below = [i for i, run in enumerate(below) if run.kind == "new" and run.has_words]
    if not new_below:
        return _joined([run for run in above if run.kind == "new"]) or _unsaid_quotes(runs)
    quotes = sum(run.kind == "quote" for run in below[: new_below[-1]])
    is_whole_quote = quotes == 1 and (_is_said(below[0]) or (bool(above) and above[-1].kind == "says"))
    kinds = {"new"} if is_whole_quote else {"new", "quote"}
    kept = [run for run in below[: new_below[-1] + 1] if run.kind in kinds]
    return _joined([run for run in above if run.kind == "new"] + [_shortened(run) for run in kept])


def _unsaid_quotes(runs: list[_Run]) -> str:
    """Quoted lines alone are the words of the mail if nobody is said to have written them."""
    return "" if any(run.kind == "says" or _is_said(run) for run in runs) else _joined(runs)


def _is_said(run: _Run) -> bool:
    """Whether a quote begins with the line that introduces it, as telephones write it."""
    bare = [QUOTED.sub("", line).strip() for line in run.lines[:3] if run.kind == "quote"]
    return any(says(" ".join(bare[:n]), is_followed=True) for n in range(1, len(bare) + 1))


def _runs(lines: list[str]) -> list[_Run]:
    """Lines grouped by kind. Empty lines belong to what is above them."""
    kinds = ["quote" if is_quoted(line) else "new" for line in lines]
    for i, line in enumerate(lines):
        if kinds[i] == "new" and line and len(line) <= LONGEST_LINE and quote_follows(lines, i):
            begin = says_begin(lines, i)
            if begin is not None:
                kinds[begin : i + 1] = ["says"] * (i + 1 - begin)
    _swallow_wrapped(lines, kinds)
    runs: list[_Run] = []
    for line, kind in zip(lines, kinds, strict=True):
        if runs and (runs[-1].kind == kind or not line.strip()):
            runs[-1].lines.append(line)
        else:
            runs.append(_Run(kind, [line]))
    return runs


def _swallow_wrapped(lines: list[str], kinds: list[str]) -> None:
    """The ends of quoted lines that a program broke and forgot to mark, where there are several and words above."""
    inside = [
        i
        for i in range(1, len(lines) - 1)
        if kinds[i] == "new"
        and kinds[i - 1] == kinds[i + 1] == "quote"
        and lines[i].strip()
        and len(lines[i - 1]) >= 60
        and len(lines[i]) < 30
        and lines[i][:1].islower()
    ]
    if len(inside) >= 2 and "new" in kinds[: kinds.index("quote")]:
        for i in inside:
            kinds[i] = "quote"


def _without_signatures(runs: list[_Run]) -> list[_Run]:
    """The runs without signatures; if then nothing is left, neither new nor quoted, with them."""
    cut = [_Run(run.kind, _unsigned(run.lines)) if run.kind == "new" else run for run in runs]
    is_left = any(run.kind == "new" and run.has_words for run in cut) or any(run.kind == "quote" for run in runs)
    return cut if is_left else runs


def _unsigned(lines: list[str]) -> list[str]:
    lines = [line for line in lines if not line.startswith(SIGN)]
    for i in range(max(0, len(lines) - 100), len(lines)):
        if not SIGNATURE.fullmatch(lines[i]):
            continue
        rest = [one for one in lines[i + 1 :] if one.strip()]
        if len(rest) <= (20 if len(lines[i]) > 2 else 8) and sum(map(len, rest)) <= 1500:
            lines = lines[:i]
            break
    return _without_mobile(lines)


def _without_mobile(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or (len(lines[end - 1]) < 200 and _is_left_over(lines[end - 1]))):
        end -= 1
    return lines[:end]


def _is_left_over(line: str) -> bool:
    return bool(MOBILE.fullmatch(line) or RULE.fullmatch(line))


def _shortened(run: _Run) -> _Run:
    """The quote above an answer: its end, if it is long."""
    lines = [line for line in run.lines if not _is_marker(line)]
    if run.kind != "quote" or len(lines) <= LONGEST_CONTEXT:
        return _Run(run.kind, lines)
    return _Run(run.kind, ["> […]", *lines[-LONGEST_CONTEXT:]])


def _joined(runs: list[_Run]) -> str:
    pieces = (_plain(run.lines) for run in runs)
    return "\n\n".join(piece for piece in pieces if piece)


def _plain(lines: list[str]) -> str:
    """Lines without marks, ends trimmed, at most one empty line between two others."""
    text = "\n".join(MARKS.sub("", line).rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
