"""A quarter of the demo's status page: its parts, what went wrong in public, maintenance, its readers.

Played like the reports: generators of the real verbs at past moments. The open problem is the one ``faults`` has; it is
told of again, so that the page has news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.demo.scene import Clock, Moments
from makegood.life.people.models import Agent, Team
from makegood.life.problems import actions as problems
from makegood.life.problems import news, states
from makegood.life.reports.models import Component, LedgerEntry, OutgoingMail
from makegood.life.statuspage import components, ending, maintenance, notices, sending, standing, subscribing, updates
from makegood.life.statuspage.maintenance import Plan
from makegood.life.statuspage.models import Notice, PublicComponent, Update
from makegood.life.statuspage.subscribing import Wish

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGAN = 90
Words = dict[str, str]

ACCOUNT = {"en": "Your account", "de": "Ihr Konto"}
COVER = {"en": "Your cover", "de": "Ihre Versicherung"}
# slug, name among us, public names, heading, team
PARTS: tuple[tuple[str, str, Words, Words, str], ...] = (
    ("identity", "Identity service", {"en": "Signing in", "de": "Anmeldung"}, ACCOUNT, "sign-in"),
    ("profile", "Profile", {"en": "Profile and settings", "de": "Profil und Einstellungen"}, ACCOUNT, "sign-in"),
    (
        "claims",
        "Claims gateway",
        {"en": "Claims and invoices", "de": "Anträge und Rechnungen"},
        COVER,
        "portal-platform",
    ),
    ("benefits", "Benefits", {"en": "Benefits and prices", "de": "Leistungen und Preise"}, COVER, "member-data"),
    ("archive", "Archive search", {"en": "Search and archive", "de": "Suche und Archiv"}, COVER, "member-data"),
    ("mobile", "App backend", {"en": "App", "de": "App"}, {}, "portal-platform"),
)


@dataclass(frozen=True)
class Episode:
    """Something that went wrong in public. ``told``: minutes after it began, state inside, public state, words."""

    days_ago: float
    part: str
    severity: str
    titles: Words
    first: Words
    told: tuple[tuple[int, str, str, Words], ...]


EPISODES = (
    Episode(
        82.3,
        "claims",
        "high",
        {"en": "Invoices could not be uploaded", "de": "Rechnungen ließen sich nicht hochladen"},
        {
            "en": "Uploading an invoice ends with an error for some members. We are looking into it.",
            "de": "Das Hochladen einer Rechnung endet bei manchen mit einem Fehler. Wir sehen es uns an.",
        },
        (
            (
                55,
                states.CAUSE_KNOWN,
                standing.IDENTIFIED,
                {
                    "en": "A storage for files was full. We are making room; invoices sent by post are not affected.",
                    "de": "Ein Dateispeicher war voll. Wir schaffen Platz; Rechnungen per Post sind nicht betroffen.",
                },
            ),
            (
                140,
                states.RESOLVED,
                standing.RESOLVED,
                {
                    "en": "Uploading works again. Whatever was refused can be sent again now. Nothing was lost.",
                    "de": "Das Hochladen geht wieder. Was abgewiesen wurde, kann jetzt gesendet werden.",
                },
            ),
        ),
    ),
    Episode(
        61.6,
        "archive",
        "medium",
        {"en": "Searching took very long", "de": "Die Suche dauerte sehr lange"},
        {
            "en": "Searches take up to a minute. We are looking into it. A doctor's full name is found sooner.",
            "de": "Die Suche dauert bis zu einer Minute. Wir sehen es uns an. Mit vollem Namen geht es schneller.",
        },
        (
            (
                380,
                states.RESOLVED,
                standing.RESOLVED,
                {
                    "en": "Searching is as quick as usual again. An index had to be built anew.",
                    "de": "Die Suche ist wieder so schnell wie sonst. Ein Index musste neu aufgebaut werden.",
                },
            ),
        ),
    ),
    Episode(
        44.1,
        "claims",
        "critical",
        {"en": "Claims and benefits did not open", "de": "Anträge und Leistungen ließen sich nicht öffnen"},
        {
            "en": "The pages for claims and benefits answer with an error. We are looking into it with all hands.",
            "de": "Die Seiten für Anträge und Leistungen antworten mit einem Fehler. Wir sind dran.",
        },
        (
            (
                22,
                states.CAUSE_KNOWN,
                standing.IDENTIFIED,
                {
                    "en": "A change of ours led requests to a machine that is no longer there. We are taking it back.",
                    "de": "Eine Änderung führte zu einem Rechner, den es nicht mehr gibt. Wir nehmen sie zurück.",
                },
            ),
            (
                47,
                states.RELEASED,
                standing.MONITORING,
                {
                    "en": "The change is taken back and the pages open again. We are watching.",
                    "de": "Die Änderung ist zurückgenommen, die Seiten öffnen sich wieder. Wir beobachten.",
                },
            ),
            (
                260,
                states.RESOLVED,
                standing.RESOLVED,
                {
                    "en": "It has held all day. No data was lost. We are sorry for the morning.",
                    "de": "Es hat den ganzen Tag gehalten. Keine Daten gingen verloren. Der Vormittag tut uns leid.",
                },
            ),
        ),
    ),
    Episode(
        9.3,
        "mobile",
        "medium",
        {"en": "Messages arrived late in the app", "de": "Nachrichten kamen verspätet in der App an"},
        {
            "en": "Notices of new messages arrive up to an hour late. The messages themselves are there.",
            "de": "Hinweise auf neue Nachrichten kommen bis zu eine Stunde später. Die Nachrichten selbst sind da.",
        },
        (
            (
                170,
                states.RESOLVED,
                standing.RESOLVED,
                {
                    "en": "Notices arrive at once again.",
                    "de": "Hinweise kommen wieder sofort an.",
                },
            ),
        ),
    ),
)
# Days ago, what, which parts, for how many hours.
WORKS: tuple[tuple[float, Words, Words, tuple[str, ...], int], ...] = (
    (
        71,
        {"en": "New certificates", "de": "Neue Zertifikate"},
        {"en": "Signing in is not possible for some minutes.", "de": "Die Anmeldung ist einige Minuten nicht möglich."},
        ("identity",),
        1,
    ),
    (
        29,
        {"en": "Archives are merged", "de": "Archive werden zusammengeführt"},
        {"en": "Searching is not possible meanwhile.", "de": "Die Suche ist währenddessen nicht möglich."},
        ("archive",),
        4,
    ),
    (
        -4,
        {"en": "Database upgrade", "de": "Neue Datenbank"},
        {
            "en": "Claims can be read but not sent meanwhile. Whatever you have begun to write is kept.",
            "de": "Anträge können währenddessen gelesen, aber nicht gesendet werden. Begonnenes bleibt erhalten.",
        },
        ("claims", "benefits"),
        2,
    ),
)
# Days ago, words: how the open problem of signing in is told of again.
SIGN_IN: tuple[tuple[float, Words], ...] = (
    (
        5.2,
        {
            "en": "Two of our machines sign sessions with different keys; whoever meets both is sent back. We bring"
            " them to one key, step by step, so that nobody is signed out. Please try once more after a minute.",
            "de": "Zwei unserer Rechner unterschreiben Sitzungen mit verschiedenen Schlüsseln; wer beide trifft, landet"
            " wieder am Anfang. Wir stellen sie nacheinander um. Bitte versuchen Sie es nach einer Minute erneut.",
        },
    ),
    (
        0.12,
        {
            "en": "The first of the two machines has the new key. The second follows after a night of watching. Fewer"
            " members are sent back now; the app works as usual.",
            "de": "Der erste der beiden Rechner hat den neuen Schlüssel. Der zweite folgt nach einer Nacht Beobachtung."
            " Es sind jetzt weniger betroffen; die App arbeitet wie gewohnt.",
        },
    ),
)
READERS = (
    ("nora.lindt@members.example", "en", (), standing.NONE),
    ("h.vogel@members.example", "de", (), standing.SERIOUS),
    ("it-betrieb@kliniken-nord.example", "de", ("claims", "identity"), standing.NONE),
    ("service@broker-house.example", "en", (), standing.NONE),
    ("jo.sato@members.example", "en", ("mobile",), standing.NONE),
)
_TOKEN = re.compile(r"/confirm/([0-9a-z]{32})/")


def furnish(agents: dict[str, Agent], at: datetime) -> None:
    """The parts of the portal, as the public knows them, and the first readers."""
    for position, (slug, name, names, groups, team) in enumerate(PARTS, 1):
        owner = Team.objects.filter(slug=team).first()
        component, _new = Component.objects.get_or_create(slug=slug, defaults={"name": name, "team": owner})
        facts = {"is_shown": True, "names": names, "groups": groups, "position": position * 10}
        components.set_up(component, by=agents["Greta"].actor, at=at, **facts)
    for email, language, parts, least in READERS:
        keys = PublicComponent.objects.filter(component__slug__in=parts).values_list("key", flat=True)
        _subscribe(Wish(email, language=language, components=tuple(keys), least=least), at)


def plots(clock: Clock, agents: dict[str, Agent], now: datetime) -> Iterator[tuple[datetime, Moments]]:
    """When each episode and each maintenance begins, and what follows from there."""
    for episode in EPISODES:
        yield now - episode.days_ago * DAY, _episode(clock, episode, agents["Greta"])
    for days_ago, titles, texts, parts, hours in WORKS:
        starts = (now - days_ago * DAY).replace(hour=21, minute=0, second=0, microsecond=0)
        yield starts - 6 * DAY, _work(clock, Plan(titles, texts, starts, starts + hours * HOUR, parts), agents["Greta"])
    for days_ago, words in SIGN_IN:
        yield now - days_ago * DAY, _tell_again(clock, words, agents["Greta"])


def _episode(clock: Clock, episode: Episode, lead: Agent) -> Moments:
    begun = clock.now
    problem = problems.open_problem(episode.titles["en"], by=lead.actor, at=begun, severity=episode.severity)
    problems.set_components(problem, Component.objects.filter(slug=episode.part), by=lead.actor, at=begun)
    problems.edit(problem, by=lead.actor, at=begun, public_titles=episode.titles, public_texts=episode.first)
    news.publish(problem, by=lead.actor, at=begun, next_news_at=begun + episode.told[0][0] * MINUTE + HOUR / 4)
    yield MINUTE
    _send(clock.now)
    for minutes, inside, public, words in episode.told:
        yield max(MINUTE, begun + minutes * MINUTE - clock.now)
        if inside == states.RESOLVED:
            ending.resolve(problem, by=lead, at=clock.now, last=ending.Last(words))
            _send(clock.now)
            continue
        problems.move(problem, inside, by=lead.actor, at=clock.now)
        notice = Notice.objects.get(problem=problem)
        calm = dict.fromkeys(notice.affected.values_list("component__key", flat=True), standing.OPERATIONAL)
        more: updates.Saying = {"next_news_at": clock.now + 4 * HOUR}
        if public == standing.MONITORING:
            more["states"] = calm
        updates.post(notice, public, words, by=lead, at=clock.now, **more)
        _send(clock.now)


def _work(clock: Clock, wanted: Plan, lead: Agent) -> Moments:
    slugs = list(wanted.components)
    keys = PublicComponent.objects.filter(component__slug__in=slugs).values_list("key", flat=True)
    announced = Plan(wanted.titles, wanted.texts, wanted.starts_at, wanted.ends_at, list(keys))
    maintenance.plan(announced, by=lead, at=clock.now)
    _send(clock.now)
    for moment in (wanted.starts_at - DAY, wanted.starts_at, wanted.ends_at):
        yield moment - clock.now
        maintenance.keep_time(clock.now)
        _send(clock.now)


def _tell_again(clock: Clock, words: Words, lead: Agent) -> Moments:
    """On the problem of signing in, if its plot has made it public by now."""
    hit = "affected__component__component__slug"
    notice = Notice.objects.filter(ended_at=None, kind=Notice.TROUBLE, **{hit: "identity"}).first()
    if notice is not None and notice.problem is not None:
        most = standing.AT_MOST[notice.problem.state]
        updates.post(notice, most, words, by=lead, at=clock.now, next_news_at=clock.now + 7 * HOUR)
        _send(clock.now)
    yield DAY


def _subscribe(wish: Wish, at: datetime) -> None:
    subscribing.write_to({**vars(wish)}, at)
    mail = OutgoingMail.objects.filter(purpose="status_confirm", to_email=wish.email).latest("pk")
    found = _TOKEN.search(mail.text)
    if found:
        subscribing.confirm(found[1], at=at + 5 * MINUTE)


def _send(now: datetime) -> None:
    """What the worker would do: follow what was recorded of public problems, then send what was told."""
    for entry in LedgerEntry.objects.filter(delivered_at=None, kind__in=notices.KINDS).exclude(about="").order_by("pk"):
        notices.follow(entry, now)
    while update := Update.objects.exclude(sends=Update.DONE).order_by("pk").first():
        sending.run_slice({"update": update.pk, "turn": update.turn}, now)
        OutgoingMail.objects.filter(purpose="status", state="queued").update(state="sent", sent_at=now, attempts=1)
