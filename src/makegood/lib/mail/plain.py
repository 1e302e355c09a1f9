"""Plain text of a mail as it was meant: soft line breaks joined (RFC 3676), other kinds of text made plain."""

from __future__ import annotations

import re

_ENRICHED = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>|<<")


def unflow(text: str, *, delsp: bool = False) -> str:
    """Paragraphs of format=flowed on one line each; quoted lines join only with lines as deeply quoted."""
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        is_soft = bare.endswith(" ") and bare != "-- "
        piece = bare[:-1] if is_soft and delsp else bare
        if depth == open_depth and bare != "-- ":
            lines[-1].append(piece)
        else:
            lines.append([">" * depth + " " if depth else "", piece])
        open_depth = depth if is_soft else -1
    return "\n".join("".join(line) for line in lines)


def unenrich(text: str) -> str:
    """text/enriched and text/richtext (RFC 1896) without their commands."""

    text = re.sub(r"\n(\n*)", lambda m: m[1] or " ", text)
    words, at, silent = [], 0, ""
    ends = {name: text.lower().rfind(f"</{name}>") for name in ("param", "comment")}
    for match in _ENRICHED.finditer(text):
        name = (match[2] or "").lower()
        if not silent:
            words.append(text[at : match.start()])
            words.append("<" if match[0] == "<<" else "\n" if name in ("nl", "np", "paragraph") else "")
            silent = name if not match[1] and match.start() < ends.get(name, -1) else ""
        elif match[1] and name == silent:
            silent = ""
        at = match.end()
    return "".join(words) + text[at:]
