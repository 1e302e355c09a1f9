# ruff: noqa: E501
"""What machines send: absences, bounces in all their dialects, lists, receipts; and people who only look like machines."""

from __future__ import annotations

from makegood.lib.mail.parsed import Bounce
from tests.corpus.mails.case import Case, head, mail, multipart, plain_part

OUR_ID = "<report-17.abc@fairfield.example>"
ABSENCES = {
    "en": "Automatic reply: Your report [MG-17]",
    "de": "Automatische Antwort: Ihre Meldung [MG-17]",
    "fr": "Réponse automatique : Your report",
    "es": "Respuesta automática: Your report",
    "it": "Risposta automatica: Your report",
    "nl": "Automatisch antwoord: Your report",
    "pl": "Odpowiedź automatyczna: Your report",
    "pt": "Resposta automática: Your report",
    "ru": "Автоматический ответ: Your report",
    "ja": "自動返信: Your report",
}
AWAY = {
    "en": "Out of Office: back on Monday",
    "de": "Abwesenheitsnotiz",
    "fr": "Absence du bureau",
    "es": "Fuera de la oficina",
    "it": "Fuori ufficio",
    "nl": "Afwezigheid",
    "pl": "Nieobecność w biurze",
    "pt": "Fora do escritório",
    "ru": "Нет на месте",
    "ja": "不在通知",
}
# What programs without any header of their own say, subject and words, until when or whom to ask meanwhile.
BARE = {
    "en": ("Out of the office", "Thank you for your mail. I am currently out of the office and will return on Monday."),
    "de": ("Ich bin im Urlaub", "Vielen Dank für Ihre E-Mail. Ich bin bis zum 5.12. im Urlaub."),
    "fr": ("Absence du bureau", "Bonjour, je suis absente du bureau jusqu'au 5 décembre."),
    "es": ("Fuera de la oficina", "Estoy fuera de la oficina hasta el 5 de diciembre."),
    "it": ("Fuori sede", "Sono fuori ufficio fino al 5 dicembre."),
    "nl": ("Afwezig", "Ik ben afwezig tot 5 december."),
    "pl": ("Poza biurem", "Jestem poza biurem do 5 grudnia."),
    "pt": ("Ausência temporária", "Estou fora do escritório até 5 de dezembro."),
    "ru": ("Нет на месте", "Меня нет на месте до 5 декабря."),
    "ja": ("不在のお知らせ", "12月5日まで不在にしております。"),
    "in the thread": (
        "Re: Your report [MG-17]",
        "Thank you for your email. I am out of the office until Monday. For urgent matters please write to Bob.",
    ),
    "by its mark": ("Auto: Your report", "I am out of office."),
}
# People who are away, or whose error is about being away.
NO_MACHINES = {
    "a page about absences": (
        "Out of office setting cannot be saved",
        "I press save on the out of office page: error.",
    ),
    "a German page about absences": ("Abwesenheitsnotiz lässt sich nicht speichern", "Ich sehe Fehler 500."),
    "from a holiday": ("Im Urlaub kein Zugriff", "Ich bin im Urlaub und kann mich nicht anmelden. Bitte helfen Sie."),
    "an answer before a holiday": (
        "Re: Your report [MG-17]",
        "Thank you for your mail. I am away until Monday and will try it then.",
    ),
}


def by(
    name: str, expected: str, *lines: str, subject: str = "Re: Your report [MG-17]", text: str = "I am away."
) -> Case:
    return Case(name, mail(text, *lines, subject=subject), {"machine": expected})


def dsn(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = "ana@example.org",
    original: str = "",
    returned: str = "message/rfc822",
) -> bytes:
    human = plain_part("This is the mail system. Your message could not be delivered.")
    fields = f"Reporting-MTA: dns; mx.example.org\r\n\r\n{original}Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 5.1.1 <{recipient}>: User\r\n unknown\r\n"
    report = b"Content-Type: message/delivery-status\r\n\r\n" + fields.encode()
    back = f"Content-Type: {returned}\r\n\r\nFrom: desk@fairfield.example\r\nTo: ana@example.org\r\nSubject: Your report\r\nMessage-ID: {OUR_ID}\r\n\r\nHello".encode()
    return multipart(
        "report", human, report, back,
        lines=("From: Mail Delivery System <MAILER-DAEMON@mx.example.org>", "Return-Path: <>", "Auto-Submitted: auto-replied"),
        subject="Undelivered Mail Returned to Sender", params="; report-type=delivery-status",
    )  # fmt: skip


def found(action: str = "failed", status: str = "5.1.1", recipient: str = "ana@example.org") -> tuple[Bounce, ...]:
    return (Bounce(recipient, action, status, f"550 5.1.1 <{recipient}>: User unknown", OUR_ID),)


TWO = dsn().replace(
    b"\r\nDiagnostic-Code",
    b"\r\n\r\nFinal-Recipient: rfc822;ben@example.org\r\nAction: delayed\r\nStatus: 4.4.1\r\nDiagnostic-Code",
    1,
)
QMAIL = (
    "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
    "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<ana@example.org>:\n192.0.2.1 does not like recipient.\n"
    f"Remote host said: 550 5.1.1 No such user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@fairfield.example>\nMessage-ID: {OUR_ID}\n"
)
EXCHANGE = (
    "Delivery has failed to these recipients or groups:\n\nana@example.org\nThe email address you entered couldn't be found.\n\n"
    f"Diagnostic information for administrators:\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n\nOriginal message headers:\n\nMessage-ID: {OUR_ID}\n"
)
EXIM = (
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients.\n\n"
    f"  ana@example.org\n    SMTP error from remote mail server after RCPT TO:<ana@example.org>:\n    550 5.1.1 User unknown\n\n------ This is a copy of the message's headers. ------\n\nMessage-ID: {OUR_ID}\n"
)
RECEIPT = multipart(
    "report", plain_part("Your message was displayed."),
    b"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;ana@example.org\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n",
    params="; report-type=disposition-notification", subject="Read: Your report",
)  # fmt: skip
COMPLAINT = multipart(
    "report", plain_part("This is a complaint."), b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n",
    b"Content-Type: message/rfc822\r\n\r\nFrom: desk@fairfield.example\r\n\r\nx", params="; report-type=feedback-report",
)  # fmt: skip
BAD_REPORT = multipart(
    "report",
    plain_part("Undeliverable: ana@example.org 550 5.1.1 no"),
    lines=("From: Mailer-Daemon@mx.example.org", "Return-Path: <>"),
    subject="Undeliverable: x",
)
OUTLOOK_AWAY = ("X-Auto-Response-Suppress: All",)

MACHINES: list[Case] = [
    *(by(f"automatic answer {language}", "out of office", subject=subject) for language, subject in ABSENCES.items()),
    *(
        by(f"absence with a hint {language}", "out of office", *OUTLOOK_AWAY, subject=subject)
        for language, subject in AWAY.items()
    ),
    by("a person writes about an absence", "", subject="Absence not saved"),
    by("a person writes about absences in German", "", subject="Abwesenheit wird nicht angezeigt"),
    *(
        by(f"absence without a header {name}", "out of office", subject=subject, text=text)
        for name, (subject, text) in BARE.items()
    ),
    *(by(f"a person: {name}", "", subject=subject, text=text) for name, (subject, text) in NO_MACHINES.items()),
    by("no answer of any kind is wanted", "auto-generated", "X-Auto-Response-Suppress: All", subject="Hello"),
    by("Auto-Submitted behind a comment", "auto-replied", "Auto-Submitted: (vacation) auto-replied"),
    by("the owner of a list", "list", "From: owner-users@example.org"),
    by("the desk of a list", "list", "From: users-request@example.org"),
    by("the hint alone is no machine", "", "X-Auto-Response-Suppress: DR, OOF"),
    by("Auto-Submitted: auto-replied", "auto-replied", "Auto-Submitted: auto-replied"),
    by(
        "Auto-Submitted: auto-replied with parameters",
        "auto-replied",
        "Auto-Submitted: auto-replied (vacation); owner-email=x",
    ),
    by("Auto-Submitted: auto-generated", "auto-generated", "Auto-Submitted: auto-generated"),
    by("Auto-Submitted: auto-notified", "auto-generated", "Auto-Submitted: auto-notified"),
    by("Auto-Submitted: no is a person", "", "Auto-Submitted: no"),
    by("Auto-Submitted: No (comment) is a person", "", "Auto-Submitted: No (really)"),
    by("Auto-Submitted: no outweighs Precedence", "", "Auto-Submitted: no", "Precedence: bulk"),
    by("Precedence: bulk", "bulk", "Precedence: bulk"),
    by("Precedence: list", "list", "Precedence: list"),
    by("Precedence: junk", "junk", "Precedence: Junk"),
    by("Precedence: auto_reply", "auto-replied", "Precedence: auto_reply"),
    by("Precedence: first-class is a person", "", "Precedence: first-class"),
    by("List-Id", "list", "List-Id: <users.example.org>"),
    by("List-Unsubscribe", "bulk", "List-Unsubscribe: <mailto:off@example.org>"),
    by("X-Autoreply", "auto-replied", "X-Autoreply: yes"),
    by("X-Autoreply: no is a person", "", "X-Autoreply: no"),
    by("X-Autorespond", "auto-replied", "X-Autorespond: away"),
    by("X-Autogenerated", "auto-replied", "X-Autogenerated: Reply"),
    by("X-Loop", "auto-replied", "X-Loop: ana@example.org"),
    by("our own mail", "own mail", "X-Makegood: 1"),
    by("null sender", "null sender", "Return-Path: <>"),
    by("a person's Return-Path", "", "Return-Path: <ana@example.org>"),
    by("mailer daemon", "mailer daemon", "From: MAILER-DAEMON@mx.example.org", subject="Hello"),
    by("postmaster", "mailer daemon", "From: Postmaster <postmaster@example.org>"),
    by("no-reply", "no-reply", "From: Shop <no-reply@shop.example>"),
    by("noreply with a tag", "no-reply", "From: noreply+17@shop.example"),
    by("do-not-reply", "no-reply", "From: do_not_reply@shop.example"),
    by("a person called Noreen", "", "From: noreen@example.org"),
    Case("read receipt", RECEIPT, {"machine": "read receipt", "bounces": ()}),
    by(
        "read receipt of Exchange",
        "read receipt",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        subject="Gelesen: Ihre Meldung",
    ),
    Case("feedback loop", COMPLAINT, {"machine": "feedback loop", "bounces": ()}),
    Case("bounce", dsn(), {"machine": "bounce", "bounces": found()}),
    Case(
        "bounce: delayed",
        dsn(action="delayed", status="4.4.1"),
        {"machine": "bounce", "bounces": found("delayed", "4.4.1")},
    ),
    Case("bounce with headers only", dsn(returned="text/rfc822-headers"), {"bounces": found()}),
    Case(
        "bounce to a forwarded address",
        dsn(recipient="inner@elsewhere.example", original="Original-Recipient: rfc822;ana@example.org\r\n").replace(
            b"<inner@elsewhere.example>", b"<ana@example.org>"
        ),
        {"bounces": found()},
    ),
    Case(
        "bounce says Auto-Submitted: no",
        dsn().replace(b"auto-replied", b"no"),
        {"machine": "bounce", "bounces": found()},
    ),
    Case(
        "bounce of two",
        TWO,
        {
            "bounces": (
                Bounce("ana@example.org", "failed", "5.1.1", "5.1.1", OUR_ID),
                Bounce("ben@example.org", "delayed", "4.4.1", "550 5.1.1 <ana@example.org>: User unknown", OUR_ID),
            )
        },
    ),
    Case(
        "bounce of qmail",
        mail(QMAIL, "From: MAILER-DAEMON@mx.example.org", "Return-Path: <>", subject="failure notice"),
        {
            "machine": "bounce",
            "bounces": (
                Bounce(
                    "ana@example.org",
                    "failed",
                    "5.1.1",
                    "192.0.2.1 does not like recipient. Remote host said: 550 5.1.1 No such user",
                    OUR_ID,
                ),
            ),
        },
    ),
    Case(
        "bounce of Exchange without a report",
        mail(
            EXCHANGE,
            "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>",
            "X-MS-Exchange-Message-Is-Ndr: 1",
            subject="Undeliverable: Your report",
        ),
        {
            "machine": "bounce",
            "bounces": (
                Bounce(
                    "ana@example.org",
                    "failed",
                    "5.1.10",
                    "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'",
                    OUR_ID,
                ),
            ),
        },
    ),
    Case(
        "bounce of Exim",
        mail(
            EXIM,
            "From: Mail Delivery System <Mailer-Daemon@mx.example.org>",
            "X-Failed-Recipients: ana@example.org",
            subject="Mail delivery failed: returning message to sender",
        ),
        {
            "machine": "bounce",
            "bounces": (Bounce("ana@example.org", "failed", "5.1.1", "550 5.1.1 User unknown", OUR_ID),),
        },
    ),
    Case(
        "bounce with a broken report",
        BAD_REPORT,
        {
            "machine": "bounce",
            "bounces": (
                Bounce("ana@example.org", "failed", "5.1.1", "Undeliverable: ana@example.org 550 5.1.1 no", ""),
            ),
        },
    ),
    Case(
        "bounce in German",
        mail("ana@example.org: 550 unbekannt", "From: postmaster@example.org", subject="Unzustellbar: Ihre Meldung"),
        {"machine": "bounce"},
    ),
    Case(
        "a person complains about bounces",
        mail("I get 'Undeliverable' for ana@example.org", subject="Undeliverable mail"),
        {"machine": "", "bounces": ()},
    ),
    Case(
        "who it was sent to",
        (
            head(
                "Delivered-To: desk+r123@fairfield.example",
                "X-Original-To: Desk@Fairfield.example",
                "Return-Path: <ana=x@example.org>",
                "Reply-To: Ben <ben@example.net>",
                "Cc: Cem <cem@example.com>, ben@example.net",
                "In-Reply-To: <b@x>",
                "References: <a@x> <b@x>",
            )
            + "\r\nx"
        ).encode(),
        {
            "delivered_to": ("desk+r123@fairfield.example", "desk@fairfield.example"),
            "return_path": "ana=x@example.org",
            "message_ids": ("<b@x>", "<a@x>"),
        },
    ),
]
