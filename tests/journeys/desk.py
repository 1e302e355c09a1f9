"""A desk in working order for the journeys: catalogue, scripts, promises, rotas, and the worker's hands."""

import re
from datetime import datetime, time, timedelta
from io import BytesIO

from django.conf import settings
from PIL import Image

from makegood.channels.registry import mail_carrier
from makegood.doors.clock import relay, rounds
from makegood.engine.queue import Runner
from makegood.life.aftercare import actions as aftercare
from makegood.life.beginning import begin
from makegood.life.diagnosis import queries, steps
from makegood.life.escalation import account
from makegood.life.escalation import actions as escalations
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact, Shift
from makegood.life.problems import actions as problems
from makegood.life.problems import membership, news
from makegood.life.promises import actions as promises
from makegood.life.promises import book
from makegood.life.reports import actions, attachments, conversation, sending
from makegood.life.reports.models import Category, Component, OutgoingMail, Report
from makegood.life.updates import actions as updates

_LINK = re.compile(r"https?://[^\s\"<>]+/(?:r|mine)/[^\s\"<>)]+")
FOUND = {"cause": "The pool of connections was full.", "solution": "The pool is larger now."}


def furnish(cast, at: datetime | None = None):
    """Fill the empty house: what a new installation has, teams with rotas and people behind them. Gives the cast."""
    from tests.cast import MONDAY

    at = at or MONDAY - timedelta(days=30)
    book.install_defaults(at)
    begin(at)
    for level, agent in ((1, cast.eve), (2, cast.emil)):
        on_duty(cast.platform, agent, level=level)
    on_duty(cast.desk, cast.dora)
    type(cast.platform).objects.update(lead=cast.emil, manager=cast.ada)
    Component.objects.create(slug="claims", name="Claims", team=cast.platform)
    Contact.objects.filter(email__in=[cast.ana.email, cast.ben.email]).update(
        email_verified_at=at, time_zone="Europe/Berlin", phone="+4930123456"
    )
    return cast


def on_duty(team, agent, *, level: int = 1) -> None:
    """``agent`` is on duty for ``team`` round the clock, all week."""
    Shift.objects.bulk_create(
        Shift(team=team, agent=agent, level=level, weekday=day, starts=time(0), until=time(0)) for day in range(7)
    )


def work(now: datetime) -> None:
    """All the worker does until nothing is left: entries become jobs, jobs are done, promises swept, mail carried."""
    runner = Runner(relay.handlers(), worker="journey", clock=lambda: now)
    carrier = mail_carrier(settings.SMTP_URL)
    rounds.sweep_promises(now)
    rounds.go(now)
    while relay.deliver(now) + runner.run_due() + sending.send_due(carrier, clock=lambda: now):
        pass


def mails_to(address: str) -> list[OutgoingMail]:
    """What has left for ``address``, oldest first."""
    return list(OutgoingMail.objects.filter(to_email=address, sent_at__isnull=False).order_by("id"))


def link_in(mail: OutgoingMail) -> str:
    """The secret link a mail carries, as a path."""
    found = _LINK.search(mail.text)
    assert found, mail.text
    return "/" + found[0].split("/", 3)[3]


def report_of(contact: Contact, number: int, at: datetime, *, what: str = "", team=None, **more) -> Report:
    """One report of ``contact`` through the front door, acknowledged."""
    what = what or "The claims page shows error 500 after I press Save."
    told = Told(
        what=what, idempotency_key=f"journey-{number:024}", name=contact.name, email=contact.email or "", **more
    )
    report = intake.file(told, at=at).report
    if team is not None:
        actions.set_team(report, team, by=team.lead.actor, at=at)
    work(at)
    return fresh(report)


def play(cast, now: datetime) -> dict[str, Report]:
    """A report in every state a person can meet, by its name."""
    then, dora, eve, ana = now - timedelta(hours=2), cast.dora.actor, cast.eve.actor, cast.ana
    names = [
        "working",
        "asked",
        "escalated",
        "accepted",
        "asked_back",
        "solved",
        "rated",
        "closed",
        "snoozed",
        "paused",
        "new",
    ]
    category = Category.objects.filter(slug="error-message").first() or Category.objects.filter(is_question=False)[0]
    made = {}
    for number, name in enumerate(names, 1):
        what = f"The page is blank, the {number}. time.\nIt says 500."
        told = {"hindrance": "blocked", "environment": {"browser": "Firefox 140", "os": "Windows 11"}}
        made[name] = report_of(ana, number, then, what=what, category=category.slug, team=cast.desk, **told)
    made["question"] = report_of(cast.cem, 90, then, what="How do I change my address?", kind="question")

    actions.assign(made["working"], cast.dora, by=dora, at=then)
    conversation.note(made["working"], "She sounded upset.", by=dora, at=then)
    updates.reply(made["working"], "We are looking into it.", by=dora, at=then, next_at=now + timedelta(hours=3))
    attachments.attach(made["working"], picture(), name="screen.png", by=ana.actor, at=then)
    attachments.attach(made["working"], BytesIO(b"GET /claims 500\n"), name="log.txt", by=dora, at=then)
    step = next(one for one in steps.suggest(made["working"]) if one.state == steps.OFFERED)
    steps.record_trial(made["working"], step.step.slug, "did_not_help", by=dora, at=then)

    wanted = [one.question for one in queries.choices(made["asked"]) if not one.known and one.question.kind != "file"]
    updates.ask(made["asked"], wanted[:3], "{{ questions }}", by=dora, at=then, next_at=now + timedelta(days=2))
    for name in ("escalated", "accepted", "asked_back"):
        escalation = escalations.escalate(made[name], by=dora, at=then, team=cast.platform, reason="Beyond the desk.")
        if name != "escalated":
            escalation = escalations.accept(escalation, by=eve, at=then)
        if name == "asked_back":
            escalations.ask_back(escalation, "Which browser is it?", by=eve, at=then)
    for name in ("solved", "rated", "closed"):
        aftercare.solve(made[name], by=dora, at=then, words="It works again.", to_do="Sign in anew.", **FOUND)
    for name in ("rated", "closed"):
        aftercare.confirm(fresh(made[name]), "yes", by=ana.actor, at=then)
    aftercare.follow_up(fresh(made["closed"]), way="call", outcome="works", by=dora, at=then)
    actions.snooze(made["snoozed"], now + timedelta(hours=8), by=dora, at=then)
    promises.pause(made["paused"], by=dora, at=then, reason="She is away until noon.")
    name_faults(cast, made, now)
    account.write_note(ana, "Calls back in the evening.", by=dora, at=then)
    work(now)
    return {name: fresh(report) for name, report in made.items()}


def name_faults(cast, made: dict[str, Report], now: datetime) -> None:
    """Two problems: a known error that is public, with three members, and one that was merged into it."""
    then, dora, emil = now - timedelta(hours=1), cast.dora.actor, cast.emil.actor
    fault = problems.open_problem("The page stays blank after saving", by=dora, at=then, of=made["working"])
    for name in ("working", "escalated", "question"):
        membership.join(fault, made[name], by=dora, at=then)
    problems.edit(fault, by=dora, at=then, cause="A full disk.", symptom="A white page.", signatures=["Error 500"])
    told = {"public_titles": {"en": "Blank pages"}, "public_texts": {"en": "Some pages stay blank after saving."}}
    problems.edit(fault, by=emil, at=then, **told)
    news.publish(fault, by=emil, at=then, next_news_at=now + timedelta(hours=2))
    problems.note(fault, "Seen it in March.", by=cast.eve.actor, at=then)
    other = problems.open_problem("White page on phones", by=dora, at=then)
    membership.join(other, made["new"], by=dora, at=then)
    membership.merge(other, fault, by=emil, at=then)


def fresh(report: Report) -> Report:
    return Report.objects.select_related("contact", "category", "team").get(pk=report.pk)


def picture() -> BytesIO:
    """A small PNG, as it comes from a telephone."""
    stream = BytesIO()
    Image.new("RGB", (640, 360), (240, 240, 235)).save(stream, "PNG")
    stream.seek(0)
    return stream
