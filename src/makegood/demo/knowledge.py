"""Articles of Fairfield Health, as files beside this one, and what members and the desk did with them in a quarter."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from importlib import resources

from makegood.lib.keys import public_key, token_hash
from makegood.life.knowledge import actions, drafting, exchange, keeping, lifecycle, linking
from makegood.life.knowledge.exchange import Read
from makegood.life.knowledge.models import Article, Use, Visit
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Category, Report

DAYS = 85
_DAY = timedelta(days=1)
# What members searched and did not find, and how often.
IN_VAIN = (
    ("gym bonus", "en", 14),
    ("travel vaccination", "en", 11),
    ("glasses", "en", 9),
    ("statement for tax return", "en", 8),
    ("rezept app", "de", 6),
    ("dark mode", "en", 5),
    ("change family name after wedding", "en", 4),
    ("zahnreinigung", "de", 4),
    ("apple watch", "en", 3),
    ("delete my account", "en", 2),
)
FOUND = ("change address", "password", "code does not arrive", "send a bill", "certificate", "doctor search", "claim")


def seed(now: datetime, chance: random.Random, agents: dict[str, Agent]) -> None:
    """Write, vouch for, show; link closed reports; let members look, vote and search; count it all."""
    made = _articles(now, agents)
    _from_a_problem(now, agents)
    _link(now, chance, agents)
    _look(now, chance, made)
    _visits(now, chance)
    keeping.rebuild(now)
    keeping.plan_reviews(now)


def _articles(now: datetime, agents: dict[str, Agent]) -> dict[Article, Read]:
    """The files as articles, each as old and as sure as its head says; German ones behind their English ones."""
    folder = resources.files("makegood.demo") / "articles"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".md")), key=lambda one: one.name)
    read = {one.name: exchange.read(one.read_text(), one.name) for one in files}
    made = {}
    for name, told in read.items():
        if name.endswith(".en.md"):
            german = read.get(name.replace(".en.", ".de."))
            made[_article(told, german, now, agents)] = told
    return made


def _article(told: Read, german: Read | None, now: datetime, agents: dict[str, Agent]) -> Article:
    head = told.head
    at, by, lead = now - int(head["days"]) * _DAY, agents[head["by"]], agents["Emil"]
    category = Category.objects.filter(slug=head["category"]).first()
    article = actions.write(told.texts, by=by, at=at, category=category)
    if german:
        actions.translate(article, "de", german.texts, by=by, at=at + 3 * _DAY)
    if head["confidence"] == "validated":
        lifecycle.settle(article, "validated", by=agents["Eve"] if by.role == "agent" else lead, at=at + _DAY)
        if head["audience"] == "public":
            lifecycle.publish(article, by=lead, at=at + 2 * _DAY, has_read=True)
        if int(head["reviewed"]):
            lifecycle.review(article, by=lead, at=now - int(head["reviewed"]) * _DAY, release=head["release"])
    elif head["confidence"] != "wip":
        lifecycle.settle(article, head["confidence"], by=by, at=at + _DAY)
    return article


def _from_a_problem(now: datetime, agents: dict[str, Agent]) -> None:
    """What was learnt lately, drafted from the problem; Dora has not vouched for it yet."""
    problem = Problem.objects.exclude(fix="").filter(is_protected=False).order_by("-released_at", "-pk").first()
    if problem is None:
        return
    begun = drafting.from_problem(agents["Dora"], problem, "en")
    actions.write(begun.texts, by=agents["Dora"], at=now - timedelta(hours=20), language="en", **begun.facts)


def _link(now: datetime, chance: random.Random, agents: dict[str, Agent]) -> None:
    """About two thirds of what was closed was answered with an article of its category."""
    of: dict[int, list[Article]] = {}
    for article in Article.objects.filter(confidence="validated", made_at__lt=now - 20 * _DAY).exclude(category=None):
        of.setdefault(article.category_id or 0, []).append(article)
    closed = Report.objects.filter(state="closed", category__in=of, closed_at__isnull=False).select_related("assignee")
    for report in closed.order_by("pk"):
        if chance.random() < 0.75:
            by = report.assignee if report.assignee and report.assignee.is_active else agents["Dora"]
            at = report.closed_at or now
            linking.link(chance.choice(of[report.category_id or 0]), report, by=by, at=at)


def _look(now: datetime, chance: random.Random, made: dict[Article, Read]) -> None:
    """Looks, votes and searches, more in the last weeks than in the first."""
    rows: list[Use] = []

    def add(kind: str, days: float, **more: object) -> None:
        more = {"door": Use.HELP, "language": "en"} | more
        rows.append(Use(kind=kind, at=now - days * _DAY, **more))

    for article, told in made.items():
        weight, helped = int(told.head["weight"]), int(told.head["helped"]) / 100
        oldest = min(DAYS, int(told.head["days"]) - 3)
        if told.head["audience"] != "public":
            continue
        for _look in range(weight * 6):
            days = oldest * chance.random() ** 1.3
            door = Use.FORM if chance.random() < 0.35 else Use.HELP
            add(Use.SHOWN if door == Use.FORM else Use.READ, days, article=article, door=door)
            if chance.random() < 0.3:
                kind = Use.HELPED if chance.random() < helped else Use.NOT_HELPED
                add(kind, days, article=article, door=door)
    for words, language, times in IN_VAIN:
        for _time in range(times):
            add(Use.SEARCHED, DAYS * chance.random() ** 1.5, words=words, language=language)
    for _time in range(260):
        add(Use.SEARCHED, DAYS * chance.random(), words=chance.choice(FOUND), found=chance.randint(1, 6))
    Use.objects.bulk_create(rows, batch_size=500)


def _visits(now: datetime, chance: random.Random) -> None:
    """Browsers that were shown help; about half of them wrote nothing afterwards."""
    rows = []
    for _number in range(420):
        at = now - DAYS * chance.random() * _DAY
        solved = at + timedelta(minutes=4) if chance.random() < 0.24 else None
        reported = at + timedelta(minutes=9) if solved is None and chance.random() < 0.55 else None
        door = Use.FORM if chance.random() < 0.6 else Use.HELP
        rows.append(
            Visit(
                secret_hash=token_hash(public_key(32)),
                door=door,
                began_at=at,
                shown_at=at,
                solved_at=solved,
                reported_at=reported,
            )
        )
    Visit.objects.bulk_create(rows, batch_size=500)
