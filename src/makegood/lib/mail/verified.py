"""Whether our own mail server vouches for the From domain (RFC 8601). Everything else in a mail is mere claim."""

from __future__ import annotations

import re

from makegood.lib.mail.addresses import domain_of
from makegood.lib.mail.headers import Headers

_COMMENT_OR_QUOTE = re.compile(r'"(?:[^"\\]|\\.)*+"|[()]|\\.', re.DOTALL)
_RESULT = re.compile(r"\s*([a-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)\b(.*)", re.DOTALL)
_PROPERTY = re.compile(r"([a-z]+)\s*\.\s*([a-z-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)")


def verified_domain(headers: Headers, sender: str, *, trusted: str) -> str:
    """The From domain, if the topmost Authentication-Results is of the server ``trusted`` and says dmarc=pass for it.

    Whoever sends a mail can write such a header, but not above the one that our own server puts on top.
    """
    results = headers.raw_all("authentication-results")
    domain = domain_of(sender)
    if not trusted or not results or not domain:
        return ""
    server, *said = _without_comments(results[0]).lower().split(";")
    words = server.split()
    if not words or words[0] != trusted.strip().lower() or (len(words) > 1 and words[1] != "1") or len(words) > 2:
        return ""
    return domain if _passes(said, domain) else ""


def _passes(said: list[str], domain: str) -> bool:
    """Exactly one verdict on DMARC, a pass, and for this domain."""
    verdicts = [match for one in said if (match := _RESULT.fullmatch(one)) and match[1] == "dmarc"]
    if len(verdicts) != 1 or verdicts[0][2] != "pass":
        return False
    properties = _PROPERTY.findall(verdicts[0][3])
    named = [value.strip('"') for kind, name, value in properties if (kind, name) == ("header", "from")]
    return len(named) == 1 and named[0].rpartition("@")[2].rstrip(".") == domain


def _without_comments(text: str) -> str:
    """Comments cut out, also nested ones; quoted strings kept, semicolons in them made harmless."""
    pieces, depth, at = [], 0, 0
    for match in _COMMENT_OR_QUOTE.finditer(text):
        if not depth:
            pieces.append(text[at : match.start()])
            if match[0].startswith('"'):
                pieces.append(match[0].replace(";", "_"))
        depth += {"(": 1, ")": -1 if depth else 0}.get(match[0], 0)
        at = match.end()
    if not depth:
        pieces.append(text[at:])
    return " ".join(pieces)
