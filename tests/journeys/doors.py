"""What stands behind the doors of mail, programs and other systems, in each state worth looking at.

``pages(desk, made)`` fills them through the ordinary verbs and gives route → addresses, for test_accessibility.
"""

from datetime import timedelta
from io import BytesIO

from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from makegood.channels.webhook.posting import Poster
from makegood.doors.console.setup.mailbox_form import WAYS
from makegood.life.hooks import endpoints, replaying, sending
from makegood.life.hooks.models import Delivery
from makegood.life.post import actions as post
from makegood.life.post import addresses
from makegood.life.post.models import IncomingMail
from makegood.life.reports import delivery, mailboxes, tokens
from makegood.life.reports.models import MailAttempt, OutgoingMail
from makegood.life.transfer import exports, imports
from tests.journeys.desk import work
from tests.life.statuspage.page import one_of_each

# How the names of their routes begin.
ROUTES = (
    *("mail", "token", "my_token", "setup_mail", "setup_service", "setup_token"),
    *("setup_hook", "setup_transfer", "setup_import", "status"),
)
# Nothing listens there: a receiver that is away.
NOBODY = "http://127.0.0.1:9/hook"
LONG = "a-very-long-local-part-that-somebody-chose-for-reasons-of-their-own@a-domain-name-as-long-as-they-come.example"
TWO_HALVES = f"""From: "Zoë von und zu Überlang-Doppelname the Third" <{LONG}>\r
To: help@fairfield.example\r
Subject: =?utf-8?q?Claims_page_=E2=80=93_and_{"x" * 60}?=\r
Message-ID: <halves@x.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
The claims page stays white.\r
{"https://app.example/" + "path/" * 40}\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
<table width="900"><tr><td>Entirely different words stand in this half of the mail</td></tr></table>\r
<img src="https://t.example/p.gif"><img src="https://t.example/q.gif">\r
--b--\r
"""
AUTOMATIC = """From: Ana Alvarez <ana@example.org>\r
To: help@fairfield.example\r
Subject: Out of office\r
Auto-Submitted: auto-replied\r
Message-ID: <away@example.org>\r
\r
I am away until Monday.\r
"""
STAFF = """From: Dora Dahl <dora@desk.example>\r
To: help@fairfield.example\r
Cc: Ben <ben@example.org>\r
Subject: Re: your account [{number}]\r
Message-ID: <staff@x.example>\r
\r
Please send me everything.\r
\r
On Monday, Ana wrote:\r
> It does not work.\r
"""


def pages(desk, made) -> dict[str, list]:
    """Route without ``console:`` → the addresses, or the arguments of the address, of each of its states."""
    now = timezone.now()
    found = _mail(desk, made, now) | _boxes(desk, now) | _tokens(desk, now) | _hooks(desk, now) | _transfer(desk, now)
    return found | _status(desk, now)


def _status(desk, now) -> dict[str, list]:
    """A status page with a public problem, a maintenance, subscribers, and news on its way to them."""
    keys = one_of_each(desk, now)
    return {
        "status": [""],
        "status_components": [""],
        "status_component": [("sign-in",), ("billing",)],
        "status_incident": [(keys["incidents"],)],
        "status_plan": [""],
        "status_maintenance": [(keys["maintenance"],)],
        "status_update": [(keys["updates"],)],
        "status_subscribers": ["", "?q=nobody"],
    }


def _mail(desk, made, now) -> dict[str, list]:
    addresses.default_mailbox(now)
    poisoned = "From: x@example.org\r\nSubject: deep\r\nX: " + "y" * 3_000_000 + "\r\n\r\nhello"
    claims = STAFF.format(number=made["working"].number)
    held, halves, parked, away, gone = (
        _arrived(raw, now)
        for raw in (claims, TWO_HALVES, poisoned, AUTOMATIC, claims.replace("everything", "the list"))
    )
    post.discard(gone, by=desk.dora.actor, at=now)
    work(now)
    return {
        "mail_held": [""],
        "mail_arrived": ["", "?outcome=quarantined", "?from=nobody"],
        "mail_one": [
            (held.key,),
            (halves.key,),
            f"/console/mail/in/{halves.key}/?html=1",
            (parked.key,),
            (away.key,),
            (gone.key,),
        ],
        "mail_sent": ["", "?state=bounced", "?state=queued&to=nobody"],
        "mail_sent_one": [(pk,) for pk in _left(now)],
    }


def _arrived(raw, now) -> IncomingMail:
    mail = post.keep(raw.encode(), source="smtp", at=now)
    post.file_one(mail, now=now)
    return IncomingMail.objects.get(pk=mail.pk)


def _left(now) -> list[int]:
    """One that arrived, one that came back, one that was given up after several tries."""
    sent, bounced, failed = OutgoingMail.objects.filter(state="sent").order_by("pk")[:3]
    why = "550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown in virtual mailbox table"
    delivery.record_bounce(bounced, recipient=bounced.to_email, reason=why, is_permanent=True, at=now)
    for minutes in (30, 20, 10):
        at = now - timedelta(minutes=minutes)
        MailAttempt.objects.create(mail=failed, at=at, outcome="later", reason="451 4.7.1 Greylisted, come back later")
    OutgoingMail.objects.filter(pk=failed.pk).update(
        state="failed", attempts=3, sent_at=None, last_reason="451 4.7.1 Greylisted, come back later"
    )
    return [sent.pk, bounced.pk, failed.pk]


def _boxes(desk, now) -> dict[str, list]:
    by = desk.ada.actor
    facts = {"slug": "claims", "name": "Claims desk", "address": "claims@fairfield.example", "team": desk.desk}
    server = {"host": "imap.fairfield.example", "port": 993, "tls": "tls", "user": "claims"}
    fetched = mailboxes.add(facts | server | {"aliases": [LONG]}, secret="not a real one", by=by, at=now)
    type(fetched).objects.filter(pk=fetched.pk).update(trouble="The server does not know this user or password.")
    paused = mailboxes.add(facts | {"slug": "old", "address": "old@fairfield.example", "kind": "smtp"}, by=by, at=now)
    mailboxes.pause(paused, by=by, at=now)
    return {
        "setup_mailboxes": [""],
        "setup_mailbox_choose": [""],
        "setup_mailbox_add": [(way,) for way in WAYS],
        "setup_mailbox": [(fetched.pk,), (paused.pk,)],
    }


def _tokens(desk, now) -> dict[str, list]:
    by, terms = desk.ada.actor, {"scopes": ["reports:read"], "expires_at": now + timedelta(days=2)}
    good, _secret = tokens.make(desk.ada, "Spreadsheet of the weekly review", by=by, at=now, **terms)
    ended, _secret = tokens.make(desk.ada, "Old", by=by, at=now - timedelta(days=9), scopes=["reports:read"])
    tokens.rotate(good, by=by, at=now)
    tokens.revoke(ended, by=by, at=now)
    service = tokens.add_service("Billing", role="agent", teams=[desk.desk], by=by, at=now)
    tokens.make(service, "Nightly", by=by, at=now, scopes=["reports:read", "reports:write"])
    return {
        "my_tokens": [""],
        "my_token_make": [""],
        "token": [(good.key,), (ended.key,)],
        "setup_tokens": [""],
        "setup_service_add": [""],
        "setup_service": [(service.key,)],
        "setup_service_token": [(service.key,)],
    }


def _hooks(desk, now) -> dict[str, list]:
    by = desk.ada.actor
    with override_settings(PRIVATE_HOOKS=["127.0.0.1"]):
        failing, _secret = endpoints.add("Billing", NOBODY, by=by, at=now, kinds=["report.closed", "mail.held"])
        off, _secret = endpoints.add("Archive", NOBODY, by=by, at=now, include_words=True)
        idle, _secret = endpoints.add("Not used yet", NOBODY, by=by, at=now)
        poster = Poster({"127.0.0.1"}, timeout_seconds=1)
        replaying.all_since(failing, now - timedelta(days=1), by=by, at=now, also_sent=True)
        for hours in range(12):
            at = now + timedelta(hours=hours)
            sending.send_some(failing.pk, poster, worker="journey", clock=lambda at=at: at)
        poster.close()
    with transaction.atomic():
        endpoints.switch_off(off, sending.NOTHING_TAKEN, at=now)
    endpoints.rotate_secret(failing, by=by, at=now)
    tried = Delivery.objects.filter(endpoint=failing, attempts__gt=1).order_by("-attempts").first()
    return {
        "setup_hooks": [""],
        "setup_hook_add": [""],
        "setup_hook": [(failing.key,), (off.key,), (idle.key,)],
        "setup_hook_edit": [(failing.key,)],
        "setup_hook_delivery": [(failing.key, tried.pk)],
    }


def _transfer(desk, now) -> dict[str, list]:
    rows = [f"{n},Title {n},p{n}@example.org,2026-01-02,{'open' if n % 5 else 'closed'}" for n in range(250)]
    good = "id,title,email,created,status\n" + "\n".join(rows)
    strange = f"{good}\nx,,nobody,2026-01-02,exploded\n"
    looked, half, done, failed = (
        _uploaded(desk, content, name, now)
        for content, name in ((strange, "looked"), (good, "half"), (good, "done"), ("Key|What\n1|A\n", "failed"))
    )
    for run in (half, done):
        imports.start(run, by=desk.ada.actor, at=now)
    imports.work(half.pk, worker="journey", clock=lambda: now, stopping=lambda: True)
    imports.stop(half, by=desk.ada.actor, at=now)
    imports.work(done.pk, worker="journey", clock=lambda: now)
    exports.order(by=desk.ada, at=now, file_format="jsonl")
    work(now)
    return {
        "setup_transfer": [""],
        "setup_import": [(run.key,) for run in (looked, half, done, failed)],
    }


def _uploaded(desk, content, name, now):
    facts = {"file_format": "csv", "source": name}
    run = imports.upload(BytesIO(content.encode()), f"{name}.csv", by=desk.ada, at=now, **facts)
    imports.work(run.pk, worker="journey", clock=lambda: now)
    run.refresh_from_db()
    return run
