"""Mails as people, machines and forgers send them, and the way from the wire to what came of them."""

from email.message import EmailMessage
from email.utils import format_datetime

from makegood.life.post import actions
from makegood.life.reports import reply_addresses
from makegood.life.reports.models import OutgoingMail
from tests.life.case import work

DESK = "help@fairfield.example"
OUR_MX = "mx.fairfield.example"


def mail(
    words="The claims page shows error 500.",
    *,
    sender="Ana Alvarez <ana@example.org>",
    to=DESK,
    subject="Claims page",
    number=0,
    at=None,
    is_verified=False,
    **headers,
):
    """One raw mail; ``number`` tells it from others, ``headers`` with _ for - stand in it as given."""
    one = EmailMessage()
    domain = sender.rpartition("@")[2].strip(">")
    if is_verified:
        one["Authentication-Results"] = f"{OUR_MX}; dmarc=pass header.from={domain}"
    one["From"], one["To"], one["Subject"] = sender, to, subject
    one["Message-ID"] = headers.pop("message_id", f"<{number}.{abs(hash((words, subject, sender)))}@{domain}>")
    if at is not None:
        one["Date"] = format_datetime(at)
    files = headers.pop("files", ())
    for name, value in headers.items():
        one[name.replace("_", "-")] = value
    one.set_content(words)
    for name, media_type, data in files:
        main, _slash, sub = media_type.partition("/")
        one.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return one.as_bytes()


def arrive(raw, now, *, trusted=OUR_MX, **how):
    """Keep and file one raw mail, and let the worker do what follows."""
    incoming = actions.keep(raw, source="smtp", at=now, **how)
    filing = actions.file_one(incoming, now=now, trusted=trusted)
    work(now)
    return filing


def secret(report, contact, at):
    """Where ``contact`` answers on ``report``."""
    return reply_addresses.address_for(report, contact, at=at)


def our_message_id(report):
    """The Message-ID of our newest mail on ``report``."""
    return OutgoingMail.objects.filter(report=report).latest("id").rfc_id


def answered():
    """To whom we wrote, oldest first."""
    return list(OutgoingMail.objects.order_by("id").values_list("to_email", flat=True))


def bounce(original, recipient, why="550 no such user"):
    """A server says that our mail with this Message-ID did not arrive."""
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: help@fairfield.example\r\nSubject: Undelivered\r\n"
        "Message-ID: <b1@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; {why}\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\nSubject: x\r\n\r\n--x--\r\n"
    ).encode()
