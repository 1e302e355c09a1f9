# ruff: noqa: E501
"""Files in every wrapping: names in all encodings, pictures within the words, winmail.dat, invitations, signed and sealed."""

from __future__ import annotations

import base64
import binascii
import struct

from tests.corpus.mails.case import Case, file_part, head, html_part, mail, multipart, nested, plain_part

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
WORDS = plain_part("See the file.")


def named(name: str, disposition: str, *, kind: str = "application/pdf", expected: str) -> Case:
    raw = multipart("mixed", WORDS, file_part(b"%PDF-1.4", kind, disposition=disposition))
    return Case(f"file name: {name}", raw, {"attachments": (expected,), "body": "See the file."})


def calendar(method: str = "REQUEST") -> bytes:
    lines = [
        "BEGIN:VCALENDAR", f"METHOD:{method}", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", "DTSTART;TZID=Europe/Berlin:20240606T093000",
        "SUMMARY:Call about\\, the profile", "LOCATION:Room 2", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def calendar_part(method: str = "REQUEST") -> bytes:
    return f"Content-Type: text/calendar; charset=utf-8; method={method}\r\n\r\n".encode() + calendar(method)


def tnef(*attributes: tuple[int, int, bytes]) -> bytes:
    """winmail.dat from (level, attribute, value)."""
    whole = struct.pack("<IH", 0x223E9F78, 1)
    for level, kind, value in attributes:
        whole += struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    return whole


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """A block of MAPI properties of variable length."""
    whole = struct.pack("<I", len(values))
    for kind, name, value in values:
        whole += struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\x00" * (-len(value) % 4)
    return whole


WINMAIL = tnef(
    (1, 0x00069007, struct.pack("<II", 1252, 0)),
    (1, 0x0002800C, "It fails: größer.\x00".encode("cp1252")),
    (2, 0x00069002, b"\x00" * 14),
    (2, 0x00018010, b"SCREEN~1.PNG\x00"),
    (2, 0x0006800F, PNG),
    (
        2,
        0x00069005,
        properties(
            (0x001F, 0x3707, "Bildschirm größer.png\x00".encode("utf-16-le")), (0x001E, 0x370E, b"image/png\x00")
        ),
    ),
)
WINMAIL_HTML = tnef((1, 0x00069003, properties((0x0102, 0x1013, b"<p>It <b>fails</b>.</p>"))))


def uuencoded(name: str, data: bytes) -> str:
    lines = [binascii.b2a_uu(data[i : i + 45]).decode() for i in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


SIGNED_INLINE = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt fails.\n- -- dashed\n-----BEGIN PGP SIGNATURE-----\n\nabcd\n"
    "-----END PGP SIGNATURE-----\n"
)
APPLE_DOUBLE = nested(
    "appledouble",
    file_part(b"\x00\x05\x16\x07", "application/applefile", disposition='attachment; filename="%table.xlsx"'),
    file_part(b"PK", "application/vnd.ms-excel", disposition='attachment; filename="table.xlsx"'),
)
CID = ("Content-ID: <picture1@x>",)
RELATED = nested(
    "related",
    html_part('<p>It fails <img src="cid:picture1@x">.</p>'),
    file_part(PNG, 'image/png; name="a.png"', disposition="inline", lines=CID),
)
ENCRYPTED = multipart(
    "encrypted",
    b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
    b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n',
    params='; protocol="application/pgp-encrypted"',
)
SEALED = (
    head(
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        "Content-Transfer-Encoding: base64",
    )
    + "\r\nMIAG\r\n"
).encode()


def der(tag: int, value: bytes) -> bytes:
    return bytes((tag, 0x82)) + len(value).to_bytes(2, "big") + value


INNER = b"Content-Type: text/plain\r\n\r\nIt fails.\r\n"
SIGNED, DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
SIGNED_DER = der(
    0x30, SIGNED + der(0xA0, der(0x30, b"\x02\x01\x01\x31\x00" + der(0x30, DATA + der(0xA0, der(0x04, INNER)))))
)
PIECES = der(0x04, INNER[:20]) + der(0x04, INNER[20:])
SIGNED_BER = (
    b"\x30\x80"
    + SIGNED
    + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80"
    + DATA
    + b"\xa0\x80\x24\x80"
    + PIECES
    + b"\x00\x00" * 6
)


def wrapped(data: bytes) -> bytes:
    top = head(
        'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
        "Content-Transfer-Encoding: base64",
    )
    return (top + "\r\n").encode() + base64.encodebytes(data)


NAMES = [
    named("plain", 'attachment; filename="scan.pdf"', expected="scan.pdf"),
    named("without quotes, with spaces", "attachment; filename=my scan 2.pdf", expected="my scan 2.pdf"),
    named("RFC 2231", "attachment; filename*=utf-8''gr%C3%B6%C3%9Fer.pdf", expected="größer.pdf"),
    named("RFC 2231 in another charset", "attachment; filename*=iso-8859-1'de'gr%F6%DFer.pdf", expected="größer.pdf"),
    named(
        "RFC 2231 in pieces",
        "attachment; filename*0*=utf-8''Rech;\r\n filename*1*=nung%20%E2%82%AC;\r\n filename*2=\" 5.pdf\"",
        expected="Rechnung € 5.pdf",
    ),
    named("RFC 2231 pieces out of order", 'attachment; filename*1="b.pdf"; filename*0="a"', expected="ab.pdf"),
    named("encoded words", 'attachment; filename="=?utf-8?b?R3LDvMOfZS5wZGY=?="', expected="Grüße.pdf"),
    named(
        "encoded words in two",
        'attachment; filename="=?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe.pdf?="',
        expected="Grüße.pdf",
    ),
    named("ISO-2022-JP", 'attachment; filename="=?iso-2022-jp?b?GyRCO3FOQRsoQi5wZGY=?="', expected="資料.pdf"),
    named("raw UTF-8", 'attachment; filename="Grüße.pdf"', expected="Grüße.pdf"),
    named("a path", 'attachment; filename="../../etc/passwd"', expected="passwd"),
    named("a path of Windows", r'attachment; filename="C:\Users\ana\scan.pdf"', expected="scan.pdf"),
    named("direction turned round", "attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe", expected="invoicefdp.exe"),
    named("zero width and control", "attachment; filename*=utf-8''a%E2%80%8B%00%0Ab.pdf", expected="a b.pdf"),
    named("a device", 'attachment; filename="CON.pdf"', expected="_CON.pdf"),
    named("signs files may not have", 'attachment; filename="a<b>:c?.pdf"', expected="a_b__c_.pdf"),
    named("very long", f'attachment; filename="{"x" * 400}.pdf"', expected="x" * 116 + ".pdf"),
    named("only dots", 'attachment; filename="..."', expected="document.pdf"),
    named("none", "attachment", expected="document.pdf"),
    named("none, a picture", "attachment", kind="image/jpeg", expected="picture.jpg"),
    named("only in the type", "attachment", kind='application/pdf; name="from type.pdf"', expected="from type.pdf"),
    named("with quotes inside", r'attachment; filename="a \"b\".pdf"', expected="a _b_.pdf"),
]

FILES: list[Case] = [
    *NAMES,
    Case("a picture within the words", multipart("mixed", RELATED), {"attachments": ("a.png",), "body": "It fails ."}),
    Case("a text file beside the words", multipart("mixed", WORDS, file_part(b"line 1\nline 2", "text/plain", disposition='attachment; filename="app.log"')), {"attachments": ("app.log",), "body": "See the file."}),
    Case("a page beside the words", multipart("mixed", WORDS, file_part(b"<p>x", "text/html", disposition='attachment; filename="p.html"')), {"attachments": ("p.html",), "html": ""}),
    Case("only a file", (head('Content-Type: application/pdf; name="a.pdf"', "Content-Transfer-Encoding: base64") + "\r\nJVBERi0=\r\n").encode(), {"attachments": ("a.pdf",), "body": ""}),
    Case("winmail.dat", multipart("mixed", file_part(WINMAIL, 'application/ms-tnef; name="winmail.dat"')), {"attachments": ("Bildschirm größer.png",), "body": "It fails: größer."}),
    Case("winmail.dat by its name", multipart("mixed", WORDS, file_part(WINMAIL, "application/octet-stream", disposition='attachment; filename="winmail.dat"')), {"attachments": ("Bildschirm größer.png",), "body": "See the file."}),
    Case("winmail.dat with HTML", multipart("mixed", file_part(WINMAIL_HTML, "application/ms-tnef")), {"attachments": (), "body": "It fails."}),
    Case("winmail.dat that is none", multipart("mixed", WORDS, file_part(b"hello", "application/ms-tnef")), {"attachments": ("winmail.dat",), "defects": ("winmail.dat could not be read",)}),
    Case("winmail.dat cut off", multipart("mixed", WORDS, file_part(WINMAIL[:-40], "application/ms-tnef")), {"attachments": ("SCREEN~1.PNG",)}),
    Case("an invitation", multipart("alternative", plain_part("Please join."), calendar_part()), {"attachments": ("invite.ics",), "body": "Please join.\nInvitation: Call about, the profile, 2024-06-06 09:30, Room 2"}),
    Case("only an invitation", (head("Content-Type: text/calendar; method=CANCEL") + "\r\n").encode() + calendar("CANCEL"), {"attachments": ("invite.ics",), "body": "Cancelled: Call about, the profile, 2024-06-06 09:30, Room 2"}),
    Case("uuencoded", mail(f"See:\n\n{uuencoded('shot.png', PNG)}\nThanks"), {"attachments": ("shot.png",), "body": "See:\n\nThanks"}),
    Case("words about begin and end", mail("begin 644 of the story\nnot encoded at all, is it?\nend\n"), {"attachments": ()}, has=("not encoded",)),
    Case("uuencoded as transfer encoding", multipart("mixed", WORDS, b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n" + uuencoded("a.png", PNG).encode()), {"attachments": ("a.png",)}),
    Case("signed by PGP", multipart("signed", plain_part("It fails."), b'Content-Type: application/pgp-signature; name="signature.asc"\r\n\r\nabc\r\n', params="; micalg=pgp-sha256"), {"body": "It fails.", "attachments": ("signature.asc",), "encrypted": ""}),
    Case("signed by S/MIME", multipart("signed", plain_part("It fails."), file_part(b"0", 'application/pkcs7-signature; name="smime.p7s"')), {"body": "It fails.", "attachments": ("smime.p7s",)}),
    Case("signed within the words", mail(SIGNED_INLINE), {"body": "It fails.\n-- dashed"}),
    Case("encrypted by PGP", ENCRYPTED, {"encrypted": "pgp", "body": "This mail is encrypted with PGP and cannot be read here.", "attachments": ("encrypted.txt", "encrypted.asc")}),
    Case("encrypted within the words", mail("-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----"), {"encrypted": "pgp"}, has=("BEGIN PGP MESSAGE",)),
    Case("encrypted by S/MIME", SEALED, {"encrypted": "s/mime", "attachments": ("smime.p7m",), "body": "This mail is encrypted with S/MIME and cannot be read here."}),
    Case("signed and wrapped by S/MIME", wrapped(SIGNED_DER), {"encrypted": "", "attachments": (), "body": "It fails."}),
    Case("signed and wrapped, of unknown length", wrapped(SIGNED_BER), {"encrypted": "", "attachments": (), "body": "It fails."}),
    Case("signed and wrapped, cut off", wrapped(SIGNED_DER[:-8]), {"attachments": ("smime.p7m",), "body": ""}),
    Case("two forks of a Macintosh", multipart("mixed", WORDS, APPLE_DOUBLE), {"attachments": ("table.xlsx",)}),
    Case("a card", multipart("mixed", WORDS, b"Content-Type: text/vcard\r\n\r\nBEGIN:VCARD\r\n"), {"attachments": ("contact.vcf",), "body": "See the file."}),
    Case("an outside body", multipart("mixed", WORDS, b'Content-Type: message/external-body; access-type=URL; name="big.zip"\r\n\r\n'), {"attachments": ("big.zip",)}),
    Case("two texts", multipart("mixed", plain_part("One."), plain_part("Two.")), {"body": "One.\n\nTwo.", "attachments": ()}),
]  # fmt: skip
