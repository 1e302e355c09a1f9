"""Some hundred mails of every kind, the same each time: for tests that kill, and for measuring.

Later ones answer earlier ones, so their order matters. They name no number of ours, because numbers differ from one
installation to the next: answers go by the Message-ID of the customer's own first mail, which our server has verified.
"""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

OUR_MX = "mx.fairfield.example"
DESK = "help@fairfield.example"
BEGIN = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)
KINDS = ("new", "answer", "new", "repeat", "copied", "machine", "file", "answer", "stranger", "bounce", "new", "staff")


def mails(count):
    """``count`` raw mails; number n is the same whatever ``count`` is."""
    return [one(n) for n in range(count)]


def one(n):
    """Mail number n."""
    kind = KINDS[n % len(KINDS)]
    return globals()[f"_{kind}"](n)


def _mail(n, words, **headers):
    mail = EmailMessage()
    vouched = headers.pop("vouched", _domain(n))
    if vouched:
        mail["Authentication-Results"] = f"{OUR_MX}; dmarc=pass header.from={vouched}"
    mail["From"] = headers.pop("sender", f"Customer {n} <customer-{n}@{_domain(n)}>")
    mail["To"] = DESK
    mail["Subject"] = headers.pop("subject", f"Trouble number {n}")
    mail["Message-ID"] = f"<mail-{n}@{_domain(n)}>"
    mail["Date"] = format_datetime(BEGIN + timedelta(minutes=n))
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


def _domain(n):
    return f"customers-{n % 7}.example"


def _new(n):
    return _mail(n, f"Since this morning page {n} shows an error.\n\nPlease help.\n").as_bytes()


def _answer(n):
    """The newest customer writes once more."""
    first = max(m for m in range(n) if KINDS[m % len(KINDS)] in ("new", "copied", "file"))
    return _mail(
        n,
        f"One more thing, number {n}: it is worse now.\n",
        sender=f"Customer {first} <customer-{first}@{_domain(first)}>",
        subject=f"Re: Trouble number {first}",
        In_Reply_To=f"<mail-{first}@{_domain(first)}>",
        vouched=_domain(first),
    ).as_bytes()


def _repeat(n):
    """The mail before, sent once more under another Message-ID."""
    return one(n - 1).replace(f"<mail-{n - 1}@".encode(), f"<again-{n}@".encode())


def _copied(n):
    return _mail(n, f"My colleague sees it too ({n}).\n", Cc=f"Colleague <colleague-{n}@elsewhere.example>").as_bytes()


def _machine(n):
    return _mail(n, f"I am out of the office ({n}).\n", Auto_Submitted="auto-replied").as_bytes()


def _file(n):
    mail = _mail(n, f"See the picture, number {n}.\n")
    mail.add_attachment(PICTURE, maintype="image", subtype="png", filename=f"screen-{n}.png")
    mail.add_attachment(f"log {n}\n".encode(), maintype="text", subtype="plain", filename="log.txt")
    mail.set_boundary(f"part-{n}")
    return mail.as_bytes()


def _stranger(n):
    return _mail(n, f"Tell me about this ({n}).\n", subject=f"MG-{900000 + n}", vouched="").as_bytes()


def _staff(n):
    return _mail(n, f"Close everything ({n}).\n", sender=f"Help <{DESK}>", vouched="").as_bytes()


def _bounce(n):
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: {DESK}\r\nSubject: Undelivered {n}\r\n"
        f"Message-ID: <mail-{n}@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; customer-{n}@nowhere.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--x--\r\n"
    ).encode()
