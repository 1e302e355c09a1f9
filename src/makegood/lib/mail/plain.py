"""Plain text of a mail as it was meant: soft line breaks joined (RFC 3676), other kinds of text made plain."""

from __future__ import annotations

import re

_ENRICHED = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>|<<")


def unflow(text: str, *, delsp: bool = False) -> str:
    """Paragraphs of format=flowed on one line each; quoted lines join only with lines as deeply quoted."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        is_soft = bare.endswith(" ") and bare != "-- "
        piece = bare[:-1] if is_soft and delsp else bare
        if depth == open_depth and bare != "-- ":
            lines[-1] += piece
        else:
            lines.append((">" * depth + " " if depth else "") + piece)
        open_depth = depth if is_soft else -1
    return "\n".join(lines)


def unenrich(text: str) -> str:
    """text/enriched and text/richtext (RFC 1896) without their commands."""

    def replace(match: re.Match[str]) -> str:
        return "<" if match[0] == "<<" else "\n" if (match[2] or "").lower() in ("nl", "np", "paragraph") else ""

    text = re.sub(r"(?is)<(param|comment)>.*?</\1>", "", text)
    return _ENRICHED.sub(replace, re.sub(r"\n(\n*)", lambda m: m[1] or " ", text))
