"""Pushes that name more commits than they list: GitLab lists 20, Gitea 5, GitHub 2048. What is missing is read from the
copy on this server, else asked of the host; until then the delivery counts as incomplete and says why.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.channels import code, commits
from makegood.channels.git import reading as git
from makegood.channels.registry import HOSTS
from makegood.channels.tracking import Trouble
from makegood.engine.queue import enqueue
from makegood.engine.secrets import NotOurs, unseal
from makegood.life.fixes import repositories, telling
from makegood.life.fixes.models import Delivery, Repository, Tracker

JOB = "fixes.complete"
MOST_ASKED = 200


class StillMissing(Exception):
    """What is missing cannot be read now; the text says what helps."""


def cut(facts: Iterable[code.Fact]) -> list[code.PushTold]:
    """The pushes of which commits are missing."""
    return [one for one in facts if isinstance(one, code.PushTold) and one.is_cut]


def ask(delivery: int, *, at: datetime) -> None:
    """Have what is missing of a delivery read."""
    enqueue(JOB, f"{delivery}:{at.isoformat()}", {"delivery": delivery}, run_at=at)


def ask_again(repository: Repository, *, at: datetime) -> int:
    """The same for every delivery that is incomplete, after something changed that may help; how many there are."""
    rows = list(
        all_incomplete().filter(repository=repository).order_by("-pk").values_list("pk", flat=True)[:MOST_ASKED]
    )
    for pk in rows:
        ask(pk, at=at)
    return len(rows)


def all_incomplete() -> QuerySet[Delivery]:
    """The deliveries of which commits are still missing."""
    return Delivery.objects.filter(outcome=Delivery.CUT)


def work(payload: dict[str, Any], now: datetime) -> None:
    """The job: read what is missing of one delivery, and take it in. Trouble that may pass is raised."""
    delivery = Delivery.objects.select_related("repository").filter(pk=payload["delivery"]).first()
    if delivery is None or delivery.outcome != Delivery.CUT:
        return
    repository = delivery.repository
    told = HOSTS[repository.provider].facts(delivery.event, json.loads(delivery.body), at=delivery.at) or []
    try:
        whole = [_whole(repository, push) for push in cut(told)]
    except StillMissing as missing:
        _note(delivery, str(missing))
        return
    except Trouble as trouble:
        _note(delivery, _("Commits were cut, and the host did not tell them: %s") % trouble)
        if trouble.is_final:
            return
        raise
    with transaction.atomic():
        heard = telling.tell(repository, whole, at=now)
        left = cut(whole)
        words = [", ".join(heard.linked), *heard.unknown, *([too_many(left)] if left else [])]
        fields = {"outcome": Delivery.CUT if left else Delivery.USED, "done_at": now}
        reason = "; ".join(word for word in words if word)[:500]
        Delivery.objects.filter(pk=delivery.pk, outcome=Delivery.CUT).update(**fields, reason=reason)


def too_many(pushes: list[code.PushTold]) -> str:
    """That only so many were read."""
    listed = sum(len(push.commits) for push in pushes)
    return _("Only the latest %d commits were read.") % listed


def shortage(pushes: list[code.PushTold]) -> str:
    """What a delivery lacks, in words."""
    listed, total = sum(len(push.commits) for push in pushes), sum(push.total for push in pushes)
    if total:
        return _("Lists %(listed)d of %(total)d commits.") % {"listed": listed, "total": total}
    return _("Lists %d commits, and there were more.") % listed


def has_source(repository: Repository) -> bool:
    """Whether there is anything that cut commits could be read from."""
    return bool(repository.path) or home_of(repository) is not None


def home_of(repository: Repository) -> commits.Home | None:
    """Where commits may be asked for, with the repository's own token or that of a tracker of the same project."""
    if repository.provider not in commits.HOSTS or not repository.web_url:
        return None
    home = commits.Home(repository.web_url, "")
    sealed = repository.token or next((one.token for one in _trackers(repository) if _is_of(one, home)), "")
    try:
        return replace(home, token=unseal(sealed)) if sealed and home.name else None
    except NotOurs:
        return None


def _whole(repository: Repository, push: code.PushTold) -> code.PushTold:
    """The push with all its commits. Raises StillMissing, Trouble."""
    before = push.before
    if before == code.NO_COMMIT:
        before = repository.main_branch if push.branch != repository.main_branch else ""
    why, found = _from_copy(repository, before, push.after)
    if found is None and (home := home_of(repository)):
        wanted = commits.Range(before, push.after, telling.MOST_COMMITS)
        found = commits.between(repository.provider, home, wanted, allowed=settings.PRIVATE_HOOKS)
    if found is None:
        raise StillMissing(f"{shortage([push])} {why}")
    listed = [replace(commit, branch=push.branch) for commit in found[0]]
    known = {commit.sha for commit in listed}
    both = (*listed, *(commit for commit in push.commits if commit.sha not in known))
    return replace(push, commits=both[: telling.MOST_COMMITS], is_cut=not found[1])


def _from_copy(
    repository: Repository, before: str, after: str
) -> tuple[str, tuple[list[code.CommitTold], bool] | None]:
    """What the copy on this server holds; else None, and why."""
    if not repository.path:
        return _("Give the repository a folder to read, or a token that may read it; then take this up again."), None
    try:
        path = repositories.checked_path(repository.path)
        found = git.between(path, before, after, most=telling.MOST_COMMITS)
    except (git.CannotRead, repositories.BadRepository) as trouble:
        return str(trouble), None
    return _("The copy on this server does not hold the rest yet. It is taken in once it does."), found


def _trackers(repository: Repository) -> Iterable[Tracker]:
    return Tracker.objects.filter(kind=repository.provider, is_active=True).order_by("pk")


def _is_of(tracker: Tracker, home: commits.Home) -> bool:
    """Whether a tracker keeps the issues of just this repository, so that its token opens it."""
    host, own = urlsplit(tracker.base_url).hostname or "", urlsplit(home.web_url).hostname or ""
    return host in (own, f"api.{own}") and tracker.project.strip("/").lower() == home.name.lower()


def _note(delivery: Delivery, words: str) -> None:
    Delivery.objects.filter(pk=delivery.pk, outcome=Delivery.CUT).update(reason=words[:500])
