"""Bytes to words, whatever the label says. Nothing here raises for any bytes or any label."""

from __future__ import annotations

import codecs
import re

_LABELS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "x-user-defined": "cp1252",
    "unknown-8bit": "",
    "8bit": "",
    "default": "",
    "_autodetect": "",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "big5": "cp950",
    "x-x-big5": "cp950",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = {n: bytes((n,)).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
# Codecs of Python that are no charset, or that would cost more than words are worth.
_NO_CHARSET = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([DO-Q]|\([BIJ])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def decode(data: bytes, label: str = "") -> str:
    """The words in ``data``. The label is believed unless the bytes say otherwise."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    name = _codec(label)
    if data.isascii() and name not in ("iso2022_jp", "utf-7", "hz") and not _is_wide(name):
        return _japanese(data) if not name and _ESCAPE.search(data) else data.decode("ascii")
    if name == "iso2022_jp":
        words = None if data.isascii() else _strictly(data, "utf-8")
        return _japanese(data) if words is None else words
    if _is_wide(name):
        return _wide(data, name)
    if name not in ("utf-7", "hz") and (words := _strictly(data, "utf-8")) is not None:
        return words
    if name in ("", "utf-8"):
        return _broken_utf8(data) if name else _guess(data)
    words = _strictly(data, name)
    if words is None and name == "cp950":
        words = _strictly(data, "big5hkscs")
    return data.decode(name, "replace") if words is None and name != "cp1252" else words or _western(data)


def clean(words: str) -> str:
    """Without control characters and lone surrogates, line ends as ``\\n``."""
    if "\r" in words:
        words = words.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATES.search(words):
        words = _SURROGATES.sub("\ufffd", words)
    return _CONTROLS.sub("", words) if _CONTROLS.search(words) else words


def _codec(label: str) -> str:
    """Python's name for a label; empty if there is none, utf-8 and cp1252 for everything of that kind."""
    bare = re.split(r"[\s;,]", label.strip(" \t\"'<>=").lower(), maxsplit=1)[0].strip("\"'")
    bare = _LABELS.get(bare, bare)
    if not bare or len(bare) > 40 or not bare.isascii():
        return ""
    try:
        info = codecs.lookup(bare)
    except (LookupError, ValueError):
        return ""
    if not info._is_text_encoding or info.name.replace("-", "_") in _NO_CHARSET:
        return ""
    if info.name.startswith("iso2022_jp"):
        return "iso2022_jp"
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(info.name, _LABELS.get(info.name, info.name))


def _is_wide(name: str) -> bool:
    return name.startswith(("utf-16", "utf-32"))


def _wide(data: bytes, name: str) -> str:
    """UTF-16 and UTF-32 without a mark: little-endian unless the zeros say otherwise."""
    if b"\x00" not in data[:400] and (words := _strictly(data, "utf-8")) is not None:
        return words
    if name in ("utf-16", "utf-32"):
        name += "-be" if data[:1] == b"\x00" else "-le"
    return data.decode(name, "replace")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return None


def _western(data: bytes) -> str:
    """Windows-1252 with its five holes filled as Latin-1, as browsers do."""
    return data.decode("latin-1").translate(_WESTERN)


def _broken_utf8(data: bytes) -> str:
    """Labelled UTF-8 but not quite: a few bad bytes are marked as such; if most are bad the label was wrong."""
    words = data.decode("utf-8", "replace")
    bad = words.count("\ufffd")
    good = sum(1 for c in words if c > "\x7f") - bad
    return words if bad <= max(1, good // 3) else _guess(data)


def _guess(data: bytes) -> str:
    """No usable label and no UTF-8: Cyrillic and the big East Asian charsets show by what they give; else Western."""
    if _ESCAPE.search(data):
        return _japanese(data)
    sample = data[:4000]
    high = sum(1 for byte in sample if byte > 0x7F)
    letters = high + sum(1 for byte in sample if chr(byte).isalpha() and byte < 0x80)
    if high * 2 < letters:
        return _western(data)
    best = max(_CANDIDATES, key=lambda one: _plausible(sample, *one))
    return data.decode(best[0], "replace") if _plausible(sample, *best) > 0.5 else _western(data)


_CANDIDATES = (
    ("cp1251", r"[а-яё]"),
    ("koi8-r", r"[а-яё]"),
    ("cp932", r"[ぁ-んァ-ヶー]"),
    ("euc-jp", r"[ぁ-んァ-ヶー]"),
    ("gb18030", r"[的一是不了在人有我他这中大来上国们到说和地也子时道出要就下得可你以会自着去之过家对很]"),
    ("cp950", r"[的一是不了在人有我他這中大來上國們到說和地也子時道出要就下得可你以會自著去之過家對很]"),
    ("cp949", r"[가-힣]"),
    ("cp1253", r"[α-ώ]"),
)


def _plausible(sample: bytes, name: str, usual: str) -> float:
    """How much of what is not ASCII looks like the language one writes in this charset."""
    strange = [c for c in sample.decode(name, "replace") if c > "\x7f"]
    hits = len(re.findall(usual, "".join(strange)))
    rare = 8 if name in ("gb18030", "cp950") else 1.5 if name in ("cp932", "euc-jp") else 1
    bad = sum(c == "\ufffd" or not (c.isalpha() or c in "。、，．！？「」（）：…—–«»№・") for c in strange)
    return (hits * rare - bad * 3) / max(1, len(strange))


def _japanese(data: bytes) -> str:
    """ISO-2022-JP as it is really sent: with the extra characters of Windows, for which Python knows no codec."""
    words, state, at = [], b"(B", 0
    for match in _ESCAPE.finditer(data):
        words.append(_jis(data[at : match.start()], state))
        state, at = match[1], match.end()
    words.append(_jis(data[at:], state))
    return "".join(words)


def _jis(run: bytes, state: bytes) -> str:
    if state in (b"$@", b"$B"):
        return b"".join(_sjis(run[i], run[i + 1]) for i in range(0, len(run) - 1, 2)).decode("cp932", "replace")
    if state == b"$(D":
        return b"".join(b"\x8f" + bytes((run[i] | 0x80, run[i + 1] | 0x80)) for i in range(0, len(run) - 1, 2)).decode(
            "euc-jp", "replace"
        )
    if state == b"(I":
        return bytes(byte | 0x80 for byte in run).decode("cp932", "replace")
    return run.decode("ascii") if run.isascii() else run.decode("cp932", "replace")


def _sjis(first: int, second: int) -> bytes:
    """One JIS X 0208 character, two seven-bit bytes, as Shift_JIS."""
    first, second = first & 0x7F, second & 0x7F
    if first < 0x21 or second < 0x21:
        return b"?"
    lead = (first - 0x21) // 2 + 0x81
    trail = second + (0x1F if first % 2 else 0x7E)
    return bytes((lead + 0x40 if lead > 0x9F else lead, trail + 1 if first % 2 and trail >= 0x7F else trail))
