"""What people do to a fix: tie a change to it or take one off, and write down how to take it back."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.fixes import following, linking
from makegood.life.fixes.models import Commit, Fix, Link, PullRequest, Repository
from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions
from makegood.life.problems.models import Problem

LONGEST_ROLLBACK = 10_000
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PULL = re.compile(r"[#!]?([1-9]\d{0,11})")


class NotAChange(Refusal):
    """Nothing in version control is called that, as far as we were told; or it cannot be tied here."""


def tie(problem: Problem, repository: Repository, name: str, *, by: Actor, at: datetime) -> Link:
    """Tie a change to the present fix by hand: a commit by its whole name, a pull request by its number.

    A commit need not have been told: by its name it is found in later releases. Raises NotAChange.
    """
    name = name.strip().lower()
    with transaction.atomic():
        fresh = access.lock(problem)
        fix = following.fix_of(fresh, at=at)
        if _SHA.fullmatch(name):
            commit, _is_new = Commit.objects.get_or_create(repository=repository, sha=name, defaults={"at": at})
            row = linking.tie(fix, by=by, at=at, claims=True, commit=commit)
        elif found := _PULL.fullmatch(name):
            pull = PullRequest.objects.filter(repository=repository, number=int(found[1])).first()
            if pull is None:
                raise NotAChange(_("Nothing was told of this number yet. Name the problem in it, and it ties itself."))
            row = linking.tie(fix, by=by, at=at, claims=True, pull=pull)
        else:
            raise NotAChange(_("Give the whole name of a commit (40 characters), or the number of a pull request."))
        if row.removed_at:
            Link.objects.filter(pk=row.pk).update(removed_at=None)
            row.removed_at = None
            data = {"link": row.pk, **linking.words_of(row)}
            actions.record(problem, "fix.linked", by=by, at=at, data=data)
        following.follow(fix, at=at, by=by)
    return row


def untie(link: Link, *, by: Actor, at: datetime, reason: str = "") -> bool:
    """Take a change off that does not belong; it stays off, whatever is told. The state stays. False if it was off."""
    with transaction.atomic():
        access.lock(link.fix.problem)
        if not Link.objects.filter(pk=link.pk, removed_at=None).update(removed_at=at):
            return False
        data = {"link": link.pk, **linking.words_of(link)}
        actions.record(link.fix.problem, "fix.unlinked", by=by, at=at, data=data, reason=reason.strip())
    return True


def write_rollback(problem: Problem, words: str, *, by: Actor, at: datetime) -> bool:
    """Write down how the fix is taken back; False if that stands there. Raises NotAChange."""
    words = words.strip().replace("\x00", "")
    if len(words) > LONGEST_ROLLBACK:
        raise NotAChange(_("That is too long: at most %d characters fit here.") % LONGEST_ROLLBACK)
    with transaction.atomic():
        fresh = access.lock(problem)
        fix = rows.lock(Fix, following.fix_of(fresh, at=at).pk)
        if fix.rollback == words:
            return False
        Fix.objects.filter(pk=fix.pk).update(rollback=words, updated_at=at)
        data = {"from": {"rollback": fix.rollback}, "to": {"rollback": words}}
        actions.record(problem, "fix.rollback_written", by=by, at=at, data=data)
    return True
