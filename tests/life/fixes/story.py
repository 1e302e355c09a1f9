"""A repository and what it tells, for the tests of fixes."""

import hashlib
from datetime import timedelta

from makegood.channels import code
from makegood.life.fixes.models import Repository
from makegood.life.problems import actions
from tests.cast import MONDAY

HOUR = timedelta(hours=1)


def sha(name):
    """A commit by a short name."""
    return hashlib.sha1(name.encode()).hexdigest()


def repository(name="portal", **facts):
    return Repository.objects.create(name=name, created_at=MONDAY, **facts)


def problem(cast, title="The claims page answers 500", **facts):
    return actions.open_problem(title, by=cast.eve.actor, at=MONDAY, **facts)


def commit(name, message, hours=1, branch="main"):
    return code.CommitTold(sha(name), message, MONDAY + hours * HOUR, author="Eve", branch=branch)


def push(*commits, before="", branch="main", forced=False):
    came_from = sha(before) if before else code.NO_COMMIT
    return code.PushTold(branch, came_from, commits[-1].sha, tuple(commits), is_forced=forced)


def tag(version, name, hours=2):
    return code.TagTold(version, sha(name), MONDAY + hours * HOUR)


def deployed(name, hours=3, environment="production", outcome=code.PASSED, key=""):
    told = MONDAY + hours * HOUR
    return code.DeploymentTold(key or f"{environment}-{name}", environment, outcome, told, sha=sha(name))


def ran(name, test="unit", outcome=code.PASSED, hours=2):
    return code.CheckTold(test, sha(name), outcome, MONDAY + hours * HOUR)


def pull(number, title, state=code.OPEN, hours=1, merge="", **more):
    return code.PullTold(number, title, state, MONDAY + hours * HOUR, merge_sha=sha(merge) if merge else "", **more)
