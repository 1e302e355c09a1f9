"""A problem and those it hit: reports of people with addresses of their own, joined, and the worker's hands."""

from datetime import timedelta

from makegood.life.announcements import actions
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.reports.models import OutgoingMail
from tests.life.case import fresh, work

NEWS = {"en": "Hello {{ first_name }},\n\nwe found it.", "de": "Guten Tag {{ first_name }},\n\nwir haben es gefunden."}
FIXED = {"en": "Hello {{ first_name }},\n\nit works again.", "de": "Guten Tag {{ first_name }},\n\nes geht wieder."}
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def open_problem(cast, at, **facts):
    facts = {"cause": "A full disk.", "fix": "Made room.", **facts}
    problem = problems.open_problem("The claims page answers 500", by=cast.emil.actor, at=at)
    problems.edit(problem, by=cast.emil.actor, at=at, **facts)
    return problem


def hit(problem, name, at, *, by, key="", language="en", **more):
    """Somebody reports it, and their report joins. Their address is proved to be theirs."""
    email = more.pop("email", f"{name.lower()}@members.example")
    told = Told(
        what="The claims page shows error 500.",
        name=name,
        email=email,
        idempotency_key=key or f"crowd-{name}",
        language=language,
        **more,
    )
    report = intake.file(told, at=at).report
    Contact.objects.filter(pk=report.contact_id).update(email_verified_at=at)
    membership.join(problem, report, by=by, at=at)
    return fresh(report)


def crowd(problem, count, at, *, by):
    return [hit(problem, f"Person{number}", at, by=by) for number in range(count)]


def news(problem, by, at, *, texts=None, hours=8, **how):
    draft = actions.save(problem, "news", texts or NEWS, by=by, at=at, next_news_at=at + hours * HOUR)
    return actions.send(draft, by=by, at=at, **how)


def fixed(problem, by, at, *, texts=None, reason="Seen working by Eve.", **how):
    draft = actions.save(problem, "fixed", texts or FIXED, by=by, at=at)
    return actions.send(draft, by=by, at=at, reason=reason, **how)


def carry(now):
    """The mail server takes what is due."""
    due = OutgoingMail.objects.filter(state="queued", send_after__lte=now)
    return due.update(state="sent", sent_at=now, attempts=1)


def go_out(announcement, at):
    """The worker does all of it: the job, slice by slice, and the mail server takes what it is given."""
    now = max(at, announcement.starts_at)
    for _round in range(200):
        work(now)
        carried = carry(now)
        announcement.refresh_from_db()
        if not announcement.is_under_way and not carried:
            return now
        now += 11 * SECOND
    raise AssertionError("It never came to an end.")


def mails_of(announcement):
    return OutgoingMail.objects.filter(purpose="announcement", message__in=announcement.recipients.values("message"))
