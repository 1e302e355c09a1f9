"""A status page with three parts and a public problem, and the worker's hands."""

from datetime import timedelta

from makegood.life.problems import actions as problems
from makegood.life.problems import news
from makegood.life.promises import book
from makegood.life.reports.models import Component, OutgoingMail
from makegood.life.statuspage import components, maintenance, standing
from makegood.life.statuspage.maintenance import Plan
from makegood.life.statuspage.models import Notice, Subscriber
from tests.life.case import work

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORDS = {"en": "Signing in fails for some. We are looking into it.", "de": "Die Anmeldung gelingt manchen nicht."}
INTERNAL = "SENTINEL-internal-words"


def furnish(cast, at):
    """Sign-in, Claims and Search are shown, in this order; Billing is not."""
    book.install_defaults(at - DAY)
    shown = {}
    for position, (slug, names) in enumerate(
        (
            ("sign-in", {"en": "Signing in", "de": "Anmeldung"}),
            ("claims", {"en": "Claims", "de": "Anträge"}),
            ("search", {"en": "Search", "de": "Suche"}),
        )
    ):
        ours = {"name": f"{INTERNAL} {slug}", "team": cast.platform}
        one, _new = Component.objects.update_or_create(slug=slug, defaults=ours)
        facts = {"is_shown": True, "names": names, "position": position}
        shown[slug] = components.set_up(one, by=cast.emil.actor, at=at, **facts)
    Component.objects.create(slug="billing", name=f"{INTERNAL} billing")
    return shown


def open_problem(cast, at, *, hits=("sign-in",), **facts):
    """Not public yet."""
    titles = {"en": "Signing in fails", "de": "Anmeldung gestört"}
    words = {"symptom": f"{INTERNAL} symptom", "workaround": f"{INTERNAL} way", "severity": "high"}
    facts = {**words, "public_titles": titles, "public_texts": WORDS, **facts}
    problem = problems.open_problem(f"{INTERNAL} title", by=cast.emil.actor, at=at)
    problems.edit(problem, by=cast.emil.actor, at=at, **facts)
    problems.set_components(problem, Component.objects.filter(slug__in=hits), by=cast.emil.actor, at=at)
    problems.note(problem, f"{INTERNAL} note", by=cast.eve.actor, at=at)
    work(at)
    return problem


def published(cast, at, **facts):
    """Public, with its notice."""
    problem = open_problem(cast, at, **facts)
    news.publish(problem, by=cast.emil.actor, at=at, next_news_at=at + HOUR)
    work(at)
    return problem, Notice.objects.get(problem=problem)


def subscribed(number, at, **facts):
    """Somebody who has confirmed."""
    facts = {"way": "mail", "email": f"reader{number}@readers.example", "language": "en", **facts}
    return Subscriber.objects.create(since=at, least=facts.pop("least", standing.NONE), **facts)


def one_of_each(cast, now):
    """A public problem, a maintenance, an update, a subscriber, by the folders of their addresses: folder → key."""
    parts = furnish(cast, now - DAY)
    _problem, notice = published(cast, now)
    keys = [parts["claims"].key]
    plan = Plan({"en": "Upgrade"}, {"en": "Claims cannot be sent."}, now + DAY, now + DAY + HOUR, keys)
    planned = maintenance.plan(plan, by=cast.emil, at=now)
    reader = subscribed(1, now - HOUR)
    work(now)
    return {
        "incidents": notice.key,
        "maintenance": planned.key,
        "updates": notice.updates.latest("pk").key,
        "subscribers": reader.key,
    }


def carry(now):
    """The mail server takes what is due."""
    due = OutgoingMail.objects.filter(state="queued", send_after__lte=now)
    return due.update(state="sent", sent_at=now, attempts=1)


def send_all(now):
    """The worker and the mail server, until nothing is left."""
    for _round in range(300):
        work(now)
        if not carry(now):
            return now
        now += timedelta(seconds=6)
    raise AssertionError("It never came to an end.")


def state_of(component):
    component.refresh_from_db()
    return component.state
