"""A person who came by every door, and a look into everything there is: each table, each index, each file."""

import io
from datetime import timedelta

from django.conf import settings
from django.db import connection

from makegood.channels.base import never
from makegood.life.aftercare import actions as aftercare
from makegood.life.compensation import deciding, offers, proposing
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.escalation import account
from makegood.life.escalation import actions as escalation
from makegood.life.hooks import endpoints
from makegood.life.intake import actions as intake
from makegood.life.intake import drafts
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact
from makegood.life.post import actions as post
from makegood.life.post import holding
from makegood.life.post.models import IncomingMail
from makegood.life.privacy import erasing
from makegood.life.privacy.models import Erasure
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.problems.models import Problem
from makegood.life.rca.models import Cause, Rca
from makegood.life.reports import attachments, conversation, sending
from makegood.life.reports.models import OutgoingMail, Report
from makegood.life.searching import readings
from makegood.life.statuspage.models import Subscriber
from makegood.life.updates import actions as updates
from tests.life.case import work
from tests.life.compensation.story import current, policy, set_rules
from tests.life.post.mails import arrive, bounce, mail

WORD = "zyzzogeton"
ADDRESS = f"{WORD}@members.example"
NAME = f"{WORD.title()} Alvarez"
HOUR = timedelta(hours=1)


def said(words):
    return f"{words} My name is {NAME}, {WORD} {WORD}."


def a_life(cast, now):
    """Everything a customer leaves behind: by form, mail, phone, with files, answers, an escalation and a solution."""
    endpoints.add(name="Chat", url="https://hooks.example/x", kinds=[], include_words=True, by=cast.ada.actor, at=now)
    told = Told(
        what=said("The claims page shows error 500."),
        name=NAME,
        email=ADDRESS,
        phone=f"+49 30 12345 {WORD}",
        idempotency_key="form-1",
        facts={"expected": said("A page.")},
        environment={"page": f"https://portal.example/{WORD}", "browser": WORD},
    )
    report = intake.file(told, at=now).report
    work(now)
    contact = Contact.objects.get(pk=report.contact_id)
    Contact.objects.filter(pk=contact.pk).update(member_number=f"M-{WORD}", email_verified_at=now)
    _by_other_doors(cast, report, now)
    _worked_on(cast, report, contact, now)
    _made_good(cast, report, contact, now + 2 * HOUR)
    return Contact.objects.get(pk=contact.pk)


def _by_other_doors(cast, report, now):
    phone = Told(what=said("On the phone."), name=NAME, email=ADDRESS, channel="phone", idempotency_key="phone-1")
    intake.take_by_phone(phone, by=cast.dora.actor, at=now)
    files = [(f"{WORD}.txt", "text/plain", said("In a file.").encode())]
    raw = mail(said("By mail."), sender=f"{NAME} <{ADDRESS}>", subject=f"About {WORD}", files=files, is_verified=True)
    arrive(raw, now)
    arrive(mail(said("Held."), sender=f"{NAME} <{ADDRESS}>", subject=report.number, number=7), now)
    _mails_in_vain(cast, now)
    draft, _secret = drafts.begin(at=now)
    drafts.save(draft, {"email": ADDRESS, "what": said("Not sent yet.")}, at=now)


def _mails_in_vain(cast, now):
    """Of no report: mails of ours that never arrived or came back, one of theirs that was put away."""
    for n in range(2):
        OutgoingMail.objects.create(
            key=f"link-{n}",
            purpose="link",
            to_email=ADDRESS,
            subject="Your reports",
            text="Here.",
            rfc_id=f"<{n}@x>",
            made_at=now,
            send_after=now,
        )

    class Refusing:
        is_resting = staticmethod(lambda: False)
        send = staticmethod(lambda letter: never(f"550 {letter.to_email}: no such user"))

    sending.send_due(Refusing(), clock=lambda: now, limit=1)
    arrive(bounce("<1@x>", ADDRESS, f"{ADDRESS} is full"), now)
    raw = mail(said("Put away."), sender=f"{NAME} <{ADDRESS}>", number=8)
    held = post.keep(raw, source="smtp", at=now)
    IncomingMail.objects.filter(pk=held.pk).update(outcome="quarantined", sender=ADDRESS, sender_name=NAME)
    held.refresh_from_db()
    holding.discard(held, by=cast.dora.actor, at=now)


def _worked_on(cast, report, contact, now):
    dora = cast.dora.actor
    attachments.attach(report, io.BytesIO(said("In a log.").encode()), name=f"{WORD}.log", by=contact.actor, at=now)
    readings.work(clock=lambda: now + HOUR, stopping=lambda: False)
    diagnosis.answer_many(report, {"error-message": said("It says.")}, by=contact.actor, at=now, source="portal")
    conversation.say(report, said("One more thing."), by=contact.actor, at=now)
    conversation.note(report, said("They called."), by=dora, at=now)
    updates.reply(report, said("Thank you."), by=dora, at=now, next_at=now + 8 * HOUR)
    account.write_note(contact, said("Likes calls."), by=dora, at=now)
    escalation.escalate(report, team=cast.platform, reason=said("Urgent."), by=dora, at=now)
    fault = problems.open_problem("The claims page answers 500", by=dora, at=now)
    membership.join(fault, report, by=dora, at=now)
    problems.note(fault, f"Seen first by {NAME}.", by=dora, at=now)
    other = intake.file(
        Told(what=f"As {NAME} says, it is white.", email="ben@example.org", idempotency_key="ben-1"), at=now
    ).report
    work(now)
    Report.objects.filter(pk=other.pk).update(contact=cast.ben)
    aftercare.solve(report, by=dora, at=now + HOUR, cause=said("A disk."), solution=said("A larger one."), words="")
    work(now + HOUR)


def _made_good(cast, report, contact, now):
    """An offer they turn down with words; news of the status page; an article that names them."""
    set_rules(cast, now)
    policy(cast, now, "hourly", form="per_hour", rate_minor=500, least_minor=1_000, most_minor=10_000)
    report = Report.objects.get(pk=report.pk)
    made = proposing.propose(report, current("hourly"), by=cast.dora.actor, at=now, letter=said("We are sorry."))
    if made.state == "proposed":
        deciding.approve(made, by=cast.ada, at=now)
    offers.refuse(report, contact, made.key, by=contact.actor, at=now, said=said("No, thank you."))
    Subscriber.objects.create(way="mail", email=ADDRESS, language="en", since=now)
    Cause.objects.create(
        rca=Rca.objects.create(problem=Problem.objects.latest("pk"), begun_at=now, updated_at=now, begun_by="Eve"),
        words=f"{NAME} waited for two days",
        made_by="Eve",
        made_at=now,
    )
    work(now)


def finish(erasure, now):
    """The worker does all of it."""
    for _round in range(300):
        work(now)
        erasure.refresh_from_db()
        if erasure.state == Erasure.DONE:
            return erasure
        now += timedelta(seconds=1)
    raise AssertionError(f"It never came to an end: {erasure.state} {erasure.place}")


def erase(cast, contact, now):
    made = erasing.start(contact, by=cast.ada, at=now, typed=erasing.to_type(contact), reason="Letter of 12 November")
    return finish(made, now)


def where(word):
    """Every place the word stands in: tables, indexes, files, whatever the case and whether as text or bytes."""
    found = {table for table, cells in _tables() if _stands(word, cells)}
    for path in sorted(settings.DATA_DIR.rglob("*")):
        if path.is_file() and "sqlite3" not in path.name and word.encode() in path.read_bytes().lower():
            found.add(str(path.relative_to(settings.DATA_DIR)))
    return found


def _stands(word, cells):
    wanted, as_hex = word.encode(), word.encode().hex().encode()
    return any(wanted in cell or as_hex in cell for cell in cells)


def _tables():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%%'")
            columns = "*"
        else:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            columns = "t::text"
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT {columns} FROM "{table}" t')
            cells = [cell for row in cursor.fetchall() for cell in row if isinstance(cell, str | bytes | memoryview)]
            yield table, [(c.encode() if isinstance(c, str) else bytes(c)).lower() for c in cells]
