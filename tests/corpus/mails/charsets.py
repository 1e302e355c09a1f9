# ruff: noqa: E501
"""Words in every charset, labelled rightly, wrongly or not at all."""

from __future__ import annotations

import base64

from tests.corpus.mails.case import Case, head

WORDS = {
    "de": "Die Seite zeigt einen Fehler: größer, Übergröße, müßig.",
    "ru": "Страница показывает ошибку, когда я нажимаю кнопку.",
    "ja": "保存を押すとエラーが表示されます。",
    "zh": "我在页面上看到了一个错误，不能保存。",
    "tw": "我在頁面上看到了一個錯誤，不能儲存。",
    "ko": "저장을 누르면 오류가 나타납니다.",
    "pl": "Strona pokazuje błąd, gdy naciskam Zapisz: żółć.",
    "el": "Η σελίδα δείχνει σφάλμα όταν πατάω αποθήκευση.",
    "tr": "Sayfa hata gösteriyor: ığşİ.",
    "he": "הדף מציג שגיאה.",
    "th": "หน้าแสดงข้อผิดพลาด",
    "en": "It’s “broken” – really…",
}


def sent(data: bytes, label: str | None, *, encoding: str = "8bit") -> bytes:
    kind = "text/plain" if label is None else f"text/plain; charset={label}"
    if encoding == "base64":
        data = base64.encodebytes(data)
    return (head(f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}") + "\r\n").encode() + data


def case(language: str, codec: str, label: str | None, *, encoding: str = "8bit") -> Case:
    words = WORDS[language]
    name = f"{language} in {codec}, labelled {label}"
    return Case(name, sent(words.encode(codec), label, encoding=encoding), {"body": words})


def subject(name: str, raw: bytes, expected: str) -> Case:
    top = head("Content-Type: text/plain").encode().replace(b"Subject: Re: Your report [MG-17]", b"Subject: " + raw)
    return Case(f"subject: {name}", top + b"\r\nx\r\n", {"subject": expected})


RIGHT = [
    ("de", "utf-8", "utf-8"), ("de", "utf-8", '"UTF-8"'), ("de", "utf-8", "utf8"), ("de", "iso-8859-1", "iso-8859-1"),
    ("de", "iso-8859-15", "iso-8859-15"), ("en", "cp1252", "windows-1252"), ("ru", "koi8-r", "koi8-r"),
    ("ru", "cp1251", "windows-1251"), ("ru", "iso-8859-5", "iso-8859-5"), ("ja", "iso-2022-jp", "iso-2022-jp"),
    ("ja", "shift_jis", "shift_jis"), ("ja", "cp932", "x-sjis"), ("ja", "euc-jp", "euc-jp"), ("zh", "gb2312", "gb2312"),
    ("zh", "gb18030", "gb18030"), ("tw", "big5", "big5"), ("ko", "euc-kr", "euc-kr"), ("ko", "cp949", "ks_c_5601-1987"),
    ("pl", "iso-8859-2", "iso-8859-2"), ("pl", "cp1250", "windows-1250"), ("el", "cp1253", "windows-1253"),
    ("tr", "cp1254", "iso-8859-9"), ("he", "iso-8859-8", "iso-8859-8-i"), ("th", "cp874", "windows-874"),
    ("de", "mac-roman", "macintosh"), ("de", "cp850", "cp850"),
]  # fmt: skip
WRONG = [
    ("en", "cp1252", "iso-8859-1"), ("en", "cp1252", "us-ascii"), ("de", "utf-8", "iso-8859-1"), ("de", "utf-8", "us-ascii"),
    ("ru", "utf-8", "windows-1252"), ("de", "utf-8", None), ("de", "cp1252", None), ("ru", "cp1251", None),
    ("ru", "koi8-r", None), ("ja", "utf-8", "iso-2022-jp"), ("ja", "iso-2022-jp", None), ("ja", "cp932", None),
    ("zh", "gb18030", None), ("de", "cp1252", "utf-8"), ("ru", "cp1251", "utf-8"), ("de", "utf-8", "x-unknown-thing"),
    ("de", "utf-8", "unknown-8bit"), ("de", "utf-8", "unicode_escape"), ("zh", "utf-8", "gb2312"),
    ("de", "utf-8-sig", "iso-8859-1"), ("ja", "utf-8-sig", "utf-8"),
]  # fmt: skip
WIDE = [
    ("de", "utf-16", "utf-16"), ("de", "utf-16-le", "utf-16"), ("de", "utf-16-be", "utf-16"), ("de", "utf-16-be", "utf-16be"),
    ("ja", "utf-7", "utf-7"), ("de", "utf-7", "unicode-1-1-utf-7"), ("zh", "hz", "hz-gb-2312"), ("de", "utf-8", "utf-16"),
]  # fmt: skip

SUBJECTS = [
    subject("Q", b"=?iso-8859-1?q?Gr=FC=DFe_an_alle?=", "Grüße an alle"),
    subject("B", b"=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
    subject("two words, one character broken between them", b"=?utf-8?b?R3LD?=\r\n =?utf-8?b?vMOfZQ==?=", "Grüße"),
    subject("two words keep no space between, words around do", b"a =?utf-8?q?b?= =?utf-8?q?c?= d", "a bc d"),
    subject("two charsets", b"=?iso-8859-1?q?=FC?= =?koi8-r?b?0sHazg==?=", "ü" + b"\xd2\xc1\xda\xce".decode("koi8-r")),
    subject("with a language", b"=?utf-8*de?q?=C3=BC?=", "ü"),
    subject("spaces within", b"=?utf-8?q?a b?=", "a b"),
    subject("raw UTF-8", "Grüße".encode(), "Grüße"),
    subject("raw Windows-1252", "Grüße".encode("cp1252"), "Grüße"),
    subject("raw KOI8-R", "Ошибка на странице".encode("koi8-r"), "Ошибка на странице"),
    subject("base64 without padding", b"=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
    subject("unknown charset", b"=?x-nothing?q?abc=C3=BC?=", "abcü"),
    subject("broken", b"=?utf-8?q?abc", "=?utf-8?q?abc"),
    subject("line break smuggled in", b"=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
    subject("folded", b"one\r\n two\r\n\tthree", "one two three"),
    subject("ISO-2022-JP with a sign of Windows", b"=?iso-2022-jp?b?GyRCLSEbKEI=?=", "①"),
    subject("direction turned round", "a\u202eb".encode(), "ab"),
    subject("empty", b"", ""),
]

CHARSETS: list[Case] = [
    *(case(*one) for one in RIGHT + WRONG),
    *(case(*one, encoding="base64") for one in WIDE),
    *SUBJECTS,
    Case("half-width kana", sent(b"\x1b(I1\x1b(B", "iso-2022-jp"), {"body": "ｱ"}),
    Case(
        "a few bad bytes in UTF-8",
        sent("größer, müßig, süß".encode() + b" \xff", "utf-8"),
        {"body": "größer, müßig, süß \ufffd"},
    ),
    Case("NUL and controls", sent(b"a\x00b\x07c\x1b[31md", "utf-8"), {"body": "abc[31md"}),
    Case(
        "quoted-printable, broken",
        sent(b"gr=C3=B6=C3=9Fer =ZZ =\r\nend=", "utf-8", encoding="quoted-printable"),
        {"body": "größer =ZZ end"},
    ),
    Case(
        "base64, broken",
        sent(b"SXQgZmFp!!bHM", "utf-8", encoding="8bit").replace(b"Encoding: 8bit", b"Encoding: base64"),
        {"body": "It fails"},
    ),
    Case(
        "base64 with words after it",
        sent(b"SXQgZmFpbHM=\r\n\r\n-- \r\nlist footer", "utf-8", encoding="8bit").replace(
            b"Encoding: 8bit", b"Encoding: base64"
        ),
        {"body": "It fails"},
    ),
    Case("unknown transfer encoding", sent(b"It fails", "utf-8", encoding="x-strange"), {"body": "It fails"}),
]
