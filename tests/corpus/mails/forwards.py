# ruff: noqa: E501
"""Mails that Ben, or Dora, passes on for somebody else. Who wrote first is found; no word is lost."""

from __future__ import annotations

from datetime import UTC, datetime

from makegood.lib.mail.parsed import Address, Forwarded
from tests.corpus.mails.case import Case, both, file_part, joined, mail, multipart, page, plain_part
from tests.corpus.mails.replies import OUTLOOK, paragraphs, quoted

BEN = "Ben Novak <ben@example.net>"
SAID = "My profile shows the wrong name.\n\nBen"
SUBJECT = "Wrong name"
WHO = Address("ben@example.net", "Ben Novak")
FYI = "FYI, can you look into this?"

GMAIL = "---------- Forwarded message ---------"
APPLE = {
    "en": "Begin forwarded message:",
    "de": "Anfang der weitergeleiteten Nachricht:",
    "fr": "Début du message réexpédié :",
    "es": "Inicio del mensaje reenviado:",
    "it": "Inizio messaggio inoltrato:",
    "nl": "Begin doorgestuurd bericht:",
    "pl": "Początek przekazywanej wiadomości:",
    "pt": "Início da mensagem reencaminhada:",
    "ru": "Начало переадресованного сообщения:",
    "ja": "以下は、転送されたメッセージです：",
}
THUNDERBIRD = {
    "en": "Forwarded Message",
    "de": "Weitergeleitete Nachricht",
    "fr": "Message transféré",
    "es": "Mensaje reenviado",
    "it": "Messaggio Inoltrato",
    "nl": "Doorgestuurd bericht",
    "pl": "Treść przekazanej wiadomości",
    "pt": "Mensagem encaminhada",
    "ru": "Перенаправленное сообщение",
    "ja": "転送メッセージ",
}
PREFIX = {
    "en": "FW",
    "de": "WG",
    "fr": "TR",
    "es": "RV",
    "it": "I",
    "nl": "FW",
    "pl": "PD",
    "pt": "ENC",
    "ru": "FW",
    "ja": "FW",
}
SENT = "Tue, 4 Jun 2024 09:00:00 +0200"
SENT_AT = datetime(2024, 6, 4, 7, 0, tzinfo=UTC)


def block(language: str, *, date: str = SENT) -> str:
    who, when, to, subject, _moment, _name = OUTLOOK[language]
    return f"{who} {BEN}\n{when} {date}\n{to} ana@example.org\n{subject} {SUBJECT}"


def case(name: str, raw: bytes, *, body: str = SAID, sent_at: datetime | None = SENT_AT, first: str = FYI) -> Case:
    found = Forwarded(WHO, SUBJECT, body, sent_at)
    return Case(name, raw, {"forwarded": found, "machine": ""}, has=(first, "My profile shows the wrong name."))


def gmail(language: str) -> bytes:
    labels = {"ja": ("From:", "Date:", "Subject:", "To:")}.get(
        language,
        (
            "Von:" if language == "de" else "De:" if language in ("fr", "es", "pt") else "From:",
            "Date:",
            "Subject:",
            "To:",
        ),
    )
    text = f"{FYI}\n\n{GMAIL}\n{labels[0]} {BEN}\n{labels[1]} {SENT}\n{labels[2]} {SUBJECT}\n{labels[3]} <ana@example.org>\n\n\n{SAID}\n"
    shown = (
        text.replace(f"{FYI}\n\n{GMAIL}\n", "")
        .partition("\n\n")[0]
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\n", "<br>")
    )
    html = f'<div dir="ltr">{FYI}</div><br><div class="gmail_quote"><div class="gmail_attr">{GMAIL}<br>{shown}<br></div><br>{paragraphs(SAID)}</div>'
    return both(text, html, subject=f"Fwd: {SUBJECT}")


def apple(language: str) -> bytes:
    text = f"{FYI}\n\n{APPLE[language]}\n\n{quoted(block(language))}\n> \n{quoted(SAID)}\n"
    return mail(text, subject=f"Fwd: {SUBJECT}")


def thunderbird(language: str) -> bytes:
    text = f"{FYI}\n\n\n-------- {THUNDERBIRD[language]} --------\n{block(language)}\n\n\n\n{SAID}\n"
    return mail(text, subject=f"Fwd: {SUBJECT}")


def outlook(language: str) -> bytes:
    return mail(f"{FYI}\n\n{block(language)}\n\n{SAID}\n", subject=f"{PREFIX[language]}: {SUBJECT}")


def attached(first: str, *, kind: str = "message/rfc822") -> bytes:
    inner = f"From: {BEN}\r\nTo: ana@example.org\r\nSubject: {SUBJECT}\r\nDate: {SENT}\r\nMessage-ID: <b@example.net>\r\n\r\n".encode()
    inner += SAID.replace("\n", "\r\n").encode()
    part = (
        f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="Wrong name.eml"\r\n\r\n'.encode() + inner
    )
    return multipart("mixed", plain_part(first), part, subject=f"Fwd: {SUBJECT}")


OUTLOOK_WEB = page(
    f'<div>{FYI}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Ben Novak &lt;ben@example.net&gt;<br>'
    f"<b>Sent:</b> {SENT}<br><b>To:</b> Ana<br><b>Subject:</b> {SUBJECT}<div>&nbsp;</div></div><div>{paragraphs(SAID)}</div>",
    subject=f"Fw: {SUBJECT}",
)
REPLY_TO_FORWARD = mail(f"Thanks!\n\n{block('en')}\n\n{SAID}\n", subject=f"RE: FW: {SUBJECT}")
FORWARD_OF_REPLY = mail(
    f"{FYI}\n\n{GMAIL}\nFrom: {BEN}\nDate: {SENT}\nSubject: {SUBJECT}\nTo: <ana@example.org>\n\nStill wrong.\n\nOn Mon, 3 Jun 2024 Ana <ana@example.org> wrote:\n\n> Is it fixed?\n",
    subject=f"Fwd: {SUBJECT}",
)
LOTUS = mail(
    f"{FYI}\n\n----- Forwarded by Ana Novak/Accounts on 05.06.2024 10:12 -----\n\nFrom:\tBen Novak <ben@example.net>\nTo:\tana@example.org\nDate:\t{SENT}\nSubject:\t{SUBJECT}\n\n{SAID}\n"
)
DIGEST = multipart(
    "mixed",
    plain_part("Two of them:"),
    b'Content-Type: multipart/digest; boundary="d"\r\n\r\n'
    + joined(
        "d",
        b"\r\nFrom: a@example.org\r\nSubject: First\r\n\r\nOne",
        b"\r\nFrom: b@example.org\r\nSubject: Second\r\n\r\nTwo",
    ),
)

FORWARDS: list[Case] = [
    *(case(f"Gmail forwards {language}", gmail(language)) for language in PREFIX),
    *(case(f"Apple Mail forwards {language}", apple(language)) for language in PREFIX),
    *(case(f"Thunderbird forwards {language}", thunderbird(language)) for language in PREFIX),
    *(case(f"Outlook forwards {language}", outlook(language)) for language in PREFIX),
    case("Outlook on the web forwards", OUTLOOK_WEB),
    case("Lotus Notes forwards", LOTUS),
    case("as an attachment", attached(FYI)),
    case("as an attachment and nothing else", attached(""), first=SAID),
    case("as an attachment of the new kind", attached(FYI, kind="message/global")),
    Case("the name of the attached mail", attached(FYI), {"attachments": ("Wrong name.eml",)}),
    Case(
        "a forward without a word",
        mail(f"{GMAIL}\nFrom: {BEN}\nDate: {SENT}\nSubject: x\nTo: a\n\n{SAID}"),
        has=(SAID,),
    ),
    Case("an answer to a forward is no forward", REPLY_TO_FORWARD, {"body": "Thanks!", "forwarded": None}),
    Case("a forwarded answer keeps its quote", FORWARD_OF_REPLY, has=(FYI, "Still wrong.", "> Is it fixed?")),
    Case(
        "an answer that quotes a forward",
        mail(
            f"Thanks!\n\nOn Wed, Jun 5, 2024 at 10:00 AM Desk <desk@fairfield.example> wrote:\n\n> {GMAIL}\n{quoted(block('en'))}\n>\n{quoted(SAID)}\n"
        ),
        {"body": "Thanks!", "forwarded": None},
    ),
    Case("a digest", DIGEST, {"attachments": ("First.eml", "Second.eml")}, has=("Two of them:",)),
    Case(
        "a mail attached in base64",
        multipart(
            "mixed", plain_part(FYI), file_part(f"From: {BEN}\r\nSubject: x\r\n\r\n{SAID}".encode(), "message/rfc822")
        ),
        {"attachments": ("x.eml",), "forwarded": Forwarded(WHO, "x", SAID, None)},
    ),
]
