"""What the knowledge base is worth: how many closed reports it answers, and how many never had to be written.

Counts of reports include protected ones; no words are shown. No person is ranked by any of it, and there is no goal on
linking: what is counted for its own sake is done for its own sake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Sum

from makegood.life.knowledge.models import Article, ArticleLink, Day
from makegood.life.reports.models import Report

# What is closed for these reasons was answered by nobody.
UNANSWERED = ("spam", "duplicate", "withdrawn")


@dataclass(frozen=True)
class Share:
    """``n`` of ``of``; ``percent`` is None where there is nothing to take a part of."""

    n: int
    of: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.n / self.of) if self.of else None


@dataclass(frozen=True)
class Measures:
    """Of a half-open period: ``begins`` counts, ``ends`` does not."""

    linked: Share  # closed reports with an article, of closed ones
    known: Share  # of these, answered by an article that was there before
    avoided: Share  # browsers shown help that sent no report within a day, of browsers shown help
    solved: Share  # browsers that said it helped, of browsers shown help
    helped: Share  # votes that it helped, of votes
    in_vain: Share  # searches that found nothing, of searches


def of_period(begins: datetime, ends: datetime) -> Measures:
    """The figures of a period. Events up to five minutes ago are in it."""
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    days = Day.objects.filter(day__gte=begins.astimezone(zone).date(), day__lt=ends.astimezone(zone).date())
    doors = days.filter(article=None).aggregate(
        *(Sum(name) for name in ("visits", "avoided", "solved", "searched", "in_vain"))
    )
    votes = days.exclude(article=None).aggregate(Sum("helped"), Sum("not_helped"))
    linked, known = _linked(begins, ends)
    visits, helped, not_helped = (
        doors["visits__sum"] or 0,
        votes["helped__sum"] or 0,
        votes["not_helped__sum"] or 0,
    )
    return Measures(
        linked=linked,
        known=known,
        avoided=Share(doors["avoided__sum"] or 0, visits),
        solved=Share(doors["solved__sum"] or 0, visits),
        helped=Share(helped, helped + not_helped),
        in_vain=Share(doors["in_vain__sum"] or 0, doors["searched__sum"] or 0),
    )


def most_used(*, most: int = 10) -> list[Article]:
    """The articles that answered most reports, then those that helped most."""
    rows = Article.objects.filter(links__gt=0) | Article.objects.filter(helped__gt=0)
    return list(rows.order_by("-links", "-helped", "id")[:most])


def _linked(begins: datetime, ends: datetime) -> tuple[Share, Share]:
    """Links made after closing count; a report that is open again does not."""
    closed = Report.objects.filter(state="closed", closed_at__gte=begins, closed_at__lt=ends)
    closed = closed.exclude(close_reason__in=UNANSWERED)
    links = ArticleLink.objects.filter(report=OuterRef("pk"))
    linked = closed.filter(Exists(links))
    count = linked.count()
    return Share(count, closed.count()), Share(linked.filter(Exists(links.filter(was_new=False))).count(), count)
