"""A plain git repository on this server, read in rounds: by the clock, and when somebody asks for it.

What is read are facts like any others. Only the last months before the repository was connected are looked at: before
that no change can have named a number of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from makegood.channels import code
from makegood.channels.git import reading as git
from makegood.engine.queue import enqueue
from makegood.life.fixes import completing, repositories, telling
from makegood.life.fixes.models import Repository

JOB = "fixes.read"
EVERY = timedelta(minutes=2)
LOOKED_BACK = timedelta(days=90)


def read_due(now: datetime) -> int:
    """Put every repository that is read in line; how many. Work of the clock."""
    keys = list(Repository.objects.filter(is_active=True).exclude(path="").values_list("pk", flat=True))
    return sum(ask(key, at=now) for key in keys)


def ask(repository: int, *, at: datetime) -> bool:
    """Have a repository read soon; False if it is in line already for this moment."""
    return enqueue(JOB, f"{repository}:{at.isoformat()}", {"repository": repository}, run_at=at)


def work(payload: dict[str, Any], now: datetime) -> None:
    """The job: one round, and the next one in line where there is more."""
    repository = Repository.objects.filter(pk=payload["repository"], is_active=True).exclude(path="").first()
    if repository is not None and not read_round(repository, at=now):
        enqueue(JOB, f"{repository.pk}:{now.isoformat()}:more", payload, run_at=now)


def read_round(repository: Repository, *, at: datetime) -> bool:
    """Read one round and take in what it brought; True if nothing is left to read, or nothing can be."""
    try:
        path = repositories.checked_path(repository.path)
        since = repository.created_at - LOOKED_BACK
        place = git.Place.of(repository.read_place)
        found = git.read(path, place, main_branch=repository.main_branch, since=since)
    except (git.CannotRead, repositories.BadRepository) as trouble:
        Repository.objects.filter(pk=repository.pk).update(read_trouble=str(trouble)[:500])
        return True
    with transaction.atomic():
        if found.facts:
            telling.tell(repository, _with_links(repository, found.facts), at=at)
            completing.ask_again(repository, at=at)
        fields = {"read_place": found.place.told(), "read_at": at, "read_trouble": ""}
        Repository.objects.filter(pk=repository.pk).update(**fields)
        for name, value in fields.items():
            setattr(repository, name, value)
    return found.is_whole


def read_whole(repository: Repository, *, at: datetime, most_rounds: int = 1000) -> int:
    """Round after round until nothing is left; how many there were. For the command."""
    for done in range(1, most_rounds + 1):
        if read_round(repository, at=at):
            return done
    return most_rounds


def _with_links(repository: Repository, facts: Iterable[code.Fact]) -> list[code.Fact]:
    """The facts with the address of each commit, as all three hosts build it."""
    if not repository.web_url:
        return list(facts)
    middle = "/-/commit/" if repository.provider == Repository.GITLAB else "/commit/"
    return [
        replace(fact, url=f"{repository.web_url}{middle}{fact.sha}") if isinstance(fact, code.CommitTold) else fact
        for fact in facts
    ]
