"""The mails of insights: the week in figures for whoever asked for it; a review is to be held."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from makegood.life.insights import changes, reading
from makegood.life.insights.days import Period, day_of, whole_week_before
from makegood.life.insights.models import Review, WeeklyMail
from makegood.life.insights.plots.base import Asked
from makegood.life.insights.rolling import zone
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import LedgerEntry

# The week goes out on Monday from this hour on, in the desk's zone.
HOUR = 6
EVERY = timedelta(minutes=30)


def subscribe(agent: Agent, *, at: datetime) -> None:
    """Let the week come to ``agent`` by mail; asking twice is asking once."""
    WeeklyMail.objects.get_or_create(agent=agent, defaults={"since": at})


def unsubscribe(agent: Agent) -> None:
    WeeklyMail.objects.filter(agent=agent).delete()


def send_week(now: datetime) -> int:
    """Periodic: on a Monday morning, owe everybody who asked the week before, once; return to how many."""
    local = now.astimezone(zone())
    if local.weekday() or local.hour < HOUR:
        return 0
    period = whole_week_before(day_of(now, zone()))
    wanted = WeeklyMail.objects.filter(agent__is_active=True).select_related("agent")
    readers = [one.agent for one in wanted if one.agent.may("insights.view")]
    for agent in readers:
        subject, text = week(agent, period, now=now)
        key = f"insights:{period.first}:{agent.pk}"
        _owe(agent, subject, text, purpose="insights", key=key, at=now)
    return len(readers)


def week(agent: Agent, period: Period, *, now: datetime) -> tuple[str, str]:
    """(subject, text): figures and what changed; no names, no words of reporters."""
    with override(agent.language):
        came, closed, due = (reading.days(measure, period).whole() for measure in ("received", "closed", "due"))
        kept, broken = (sum(due.part(part).values()) for part in ("kept", "broken"))
        lines = [
            ngettext("%(n)s report came in.", "%(n)s reports came in.", came.count) % {"n": came.count},
            ngettext("%(n)s was closed.", "%(n)s were closed.", closed.count) % {"n": closed.count},
            _("Of %(n)s promises that fell due, %(kept)s were kept.") % {"n": kept + broken, "kept": kept},
        ]
        told = changes.sentences(Asked(period, agent, now))
        title = _("What changed against the week before")
        url = f"{settings.BASE_URL}/console/insights/?from={period.first}&to={period.last}"
        text = "\n\n".join(
            [
                " ".join(lines),
                f"{title}:\n" + "\n".join(f"- {one.words}" for one in told),
                url,
                _("You get this because you asked for it on that page, where you can also end it."),
            ]
        )
        return _("The week in figures: %(days)s") % {"days": days_in_words(period)}, text


def tell_of_review(entry: LedgerEntry, now: datetime) -> None:
    """On ``review.opened``: a mail to every lead, once."""
    review = Review.objects.filter(pk=entry.data.get("review")).first()
    if review is None:
        return
    for agent in leads():
        with override(agent.language):
            told = {"kind": review.get_kind_display(), "days": days_in_words(Period(review.first, review.last))}
            subject = _("To be held: %(kind)s, %(days)s") % told
            ask = _("Look at what came in, what we kept and broke, and what came back; decide what to do better; sign.")
            url = f"{settings.BASE_URL}/console/review/{review.key}/"
        _owe(agent, subject, f"{ask}\n\n{url}", purpose="review", key=f"review:{review.pk}:{agent.pk}", at=now)


def leads() -> list[Agent]:
    """Everybody who leads; failing them, the admins."""
    people = Agent.objects.filter(is_active=True, is_service=False).order_by("pk")
    return list(people.filter(role=roles.LEAD)[:50]) or list(people.filter(role=roles.ADMIN)[:5])


def days_in_words(period: Period) -> str:
    form = pgettext("date format", "j M Y")
    return _("%(first)s to %(last)s") % {
        "first": date_format(period.first, form),
        "last": date_format(period.last, form),
    }


def _owe(agent: Agent, subject: str, text: str, *, purpose: str, key: str, at: datetime) -> None:
    to = (agent.email, agent.name)
    queue_mail(None, to=to, subject=subject, text=text, purpose=purpose, key=key, at=at, language=agent.language)
