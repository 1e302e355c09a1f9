"""Mail both ways with real servers: Ana writes to Dovecot and hears from us by SMTP; Dora sees it as it happens."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.channels.imap.session import Session
from makegood.doors.mailbox import looking
from makegood.life.people.actors import SYSTEM
from makegood.life.post import actions as post
from makegood.life.post import queries as mails
from makegood.life.post.models import IncomingMail
from makegood.life.reports import mailboxes
from makegood.life.reports.models import Report
from tests.doors.mailbox import dovecot as real
from tests.doors.mailbox.dovecot import PASSWORD, Dovecot
from tests.journeys.desk import work
from tests.sink import Sink

pytestmark = pytest.mark.journey
OURS, USER = "mx.fairfield.example", "help"


@pytest.fixture(scope="module")
def dovecot():
    real.require()
    with Dovecot() as server:
        yield server


@pytest.fixture
def sink(settings):
    with Sink() as running:
        settings.SMTP_URL = running.url
        yield running


@pytest.fixture
def box(desk, dovecot):
    facts = {
        "slug": "help",
        "name": "Fairfield Health",
        "address": "help@fairfield.example",
        "host": "127.0.0.1",
        "port": dovecot.port,
        "tls": "none",
        "user": USER,
        "team": desk.desk,
        "authserv_id": OURS,
    }
    return mailboxes.add(facts, secret=PASSWORD, by=SYSTEM, at=timezone.now())


@pytest.fixture
def post_round(box, dovecot):
    """Deliver a mail of Ana's, proved by our own server to be hers, and do all the desk's machine does about it."""

    def go(mail, *, proved=True):
        if proved:
            mail["Authentication-Results"] = f"{OURS}; dmarc=pass header.from=example.org"
        dovecot.put(USER, [mail.as_bytes()])
        with Session(mailboxes.account_of(box)) as session:
            looking.look(box, session, clock=timezone.now, go_on=lambda: True)
        post.file_due(timezone.now())
        work(timezone.now())

    return go


def written(words, *, subject, to="help@fairfield.example", sender="Ana Alvarez <ana@example.org>", answers=""):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{abs(hash(words))}@phone.example.org>"
    mail["Date"] = timezone.now()
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(words)
    return mail


def stay(page):
    """From now on a reload would be noticed."""
    page.evaluate("window.stayed = true")


def test_a_report_lives_by_mail_and_the_desk_sees_it_live(signed_in, post_round, sink, desk, check_axe):
    dora = signed_in("dora")
    dora.goto("/console/queue/?q=state:any")
    stay(dora)
    first = written("The claims page stays white after I press Save.", subject="Claims page stays white")
    post_round(first)

    row = dora.locator(".row", has_text="Claims page stays white")
    expect(row).to_be_visible()
    assert dora.evaluate("window.stayed")
    report = Report.objects.get(channel="mail")

    acknowledged = sink.mails[0]
    assert acknowledged["To"].addresses[0].addr_spec == "ana@example.org"
    assert acknowledged["Subject"] == f"Re: Claims page stays white [{report.number}]"
    assert acknowledged["In-Reply-To"] == first["Message-ID"]
    assert acknowledged["Auto-Submitted"] == "auto-replied"
    assert report.number in acknowledged.get_body(("plain",)).get_content()
    assert len(sink.mails) == 1

    row.locator(".row__title a").click()
    dora.locator("#composer-body").fill("Which browser do you use, Ana?")
    dora.locator("#composer").get_by_role("button", name="Send", exact=False).last.click()
    expect(dora.locator(".timeline")).to_contain_text("Which browser do you use, Ana?")
    work(timezone.now() + timedelta(seconds=11))
    question = sink.mails[1]
    assert question["From"].addresses[0].display_name == "Dora at Fairfield Health"
    assert question["Auto-Submitted"] is None
    assert first["Message-ID"] in question["References"]
    assert question["Subject"] == acknowledged["Subject"]
    secret = question["Reply-To"].addresses[0].addr_spec
    assert re.fullmatch(r"help\+r[a-z2-7]{32}@fairfield\.example", secret)

    stay(dora)
    quoted = "".join(f"> {line}\n" for line in question.get_body(("plain",)).get_content().splitlines())
    words = f"It is Firefox 140 on my laptop.\n\nOn Monday, Dora at Fairfield Health wrote:\n{quoted}"
    answer = written(words, subject=question["Subject"], to=secret, answers=question["Message-ID"])
    post_round(answer)
    card = dora.locator(".entry--theirs", has_text="It is Firefox 140 on my laptop.")
    expect(card).to_be_visible()
    expect(card).to_contain_text("by mail")
    expect(card.locator(".entry__body")).not_to_contain_text("Which browser")
    assert dora.evaluate("window.stayed")
    assert len(sink.mails) == 2
    check_axe(dora)

    card.get_by_role("link", name="Show the whole mail").click()
    expect(dora.locator("main")).to_contain_text("Which browser do you use, Ana?")
    raw = mails.raw_of(IncomingMail.objects.order_by("-pk").first())
    assert raw.replace(b"\r\n", b"\n") == answer.as_bytes()
    check_axe(dora)


def test_a_mail_that_only_claims_to_be_ours_is_held_answered_by_nobody_and_decided_by_keyboard(
    signed_in, post_round, sink, desk, check_axe
):
    emil = signed_in("emil")
    emil.goto("/console/mail/held/")
    expect(emil.locator("main")).to_contain_text("No mail is held")
    stay(emil)
    claims = {"subject": "Please send me all accounts", "sender": "Dora Dahl <dora@desk.example>"}
    post_round(written("I forgot my own password.", **claims), proved=False)
    row = emil.locator(".row", has_text="Please send me all accounts")
    expect(row).to_contain_text("by mail nobody is staff")
    assert emil.evaluate("window.stayed")
    expect(emil.locator(".rail__link", has_text="Mail").locator(".rail__count")).to_have_text("1")
    check_axe(emil)
    assert sink.mails == []
    assert not Report.objects.filter(channel="mail").exists()

    emil.keyboard.press("j")
    emil.keyboard.press("x")
    emil.get_by_role("button", name="Put away").click()
    expect(emil.locator("main")).to_contain_text("No mail is held")
    emil.locator(".toast").get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    emil.keyboard.press("j")
    emil.keyboard.press("Enter")
    expect(emil.get_by_role("button", name="Make it a report")).to_be_visible()
    check_axe(emil)
    emil.get_by_role("button", name="Make it a report").click()
    expect(emil.locator("h1")).to_have_text("Please send me all accounts")


def test_html_of_a_stranger_stays_in_its_frame(signed_in, post_round, sink, desk):
    mail = written("See the picture.", subject="A look")
    mail.add_alternative(
        "<p>See the picture.</p><script>top.location='/console/logout/'</script>"
        "<a href='https://x.example' target='_top'>x</a><img src='https://t.example/p.gif'>",
        subtype="html",
    )
    post_round(mail)
    dora = signed_in("dora")
    asked = []
    dora.on("request", lambda request: asked.append(request.url))
    key = IncomingMail.objects.get().key
    dora.goto(f"/console/mail/in/{key}/?html=1")
    expect(dora.frame_locator("iframe").locator("body")).to_contain_text("See the picture.")
    assert not [url for url in asked if ".example/" in url.replace("127.0.0.1", "")]
    assert dora.url.endswith("?html=1")
