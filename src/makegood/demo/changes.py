"""What the demo's repository tells of its faults: a change, tests, a release on staging that customers wait for."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from makegood.channels import code
from makegood.life.fixes import checklist, following, repositories, telling, work
from makegood.life.fixes.models import Repository
from makegood.life.people.models import Agent
from makegood.life.problems import states
from makegood.life.problems.models import Problem

NAME, URL = "member-portal", "https://git.fairfield.example/member-portal"
_MINUTE = timedelta(minutes=1)


def tell(problem: Problem, version: str, state: str, *, owner: Agent, desk: Agent, at: datetime) -> None:
    """What is told when the fix of ``problem`` comes to ``state``."""
    place = _repository(owner, at)
    made, merged = _sha(f"{problem.pk} {version} made"), _sha(f"{problem.pk} {version} merged")
    if state in (states.FIXING, states.RELEASED):
        words, url = f"{problem.title}\n\nFixes {problem.number}", f"{URL}/commit/{made}"
        push = code.PushTold(
            _branch(problem),
            code.NO_COMMIT,
            made,
            (code.CommitTold(made, words, at, owner.name, url),),
        )
        before = code.DeploymentTold("production before", "production", code.PASSED, at, _sha("before"), "4.18.3")
        telling.tell(place, [push, _pull(problem, at), before], at=at)
        rollback = "Deploy the release before. Nothing was changed in the database."
        work.write_rollback(problem, rollback, by=owner.actor, at=at)
    if state == states.RELEASED:
        commit = code.CommitTold(merged, "Merge", at, owner.name, f"{URL}/commit/{merged}", "main", (made,))
        told: list[code.Fact] = [
            commit,
            _pull(problem, at, merged),
            code.CheckTold("unit tests", merged, code.PASSED, at + 4 * _MINUTE, f"{URL}/checks/1"),
            code.CheckTold("browser journeys", merged, code.PASSED, at + 9 * _MINUTE, f"{URL}/checks/2"),
            code.TagTold(version, merged, at + 20 * _MINUTE, f"{URL}/releases/{version}"),
            code.DeploymentTold(f"staging {version}", "staging", code.PASSED, at + 25 * _MINUTE, merged, version),
        ]
        telling.tell(place, told, at=at)
        _checked(problem, desk, at)


def _repository(owner: Agent, at: datetime) -> Repository:
    found = Repository.objects.filter(name=NAME).first()
    facts = {"name": NAME, "provider": Repository.GITLAB, "web_url": URL, "main_branch": "main"}
    return found or repositories.add(by=owner.actor, at=at, **facts)[0]


def _pull(problem: Problem, at: datetime, merged: str = "") -> code.PullTold:
    return code.PullTold(
        400 + problem.pk,
        f"{problem.title} (fixes {problem.number})",
        code.MERGED if merged else code.OPEN,
        at,
        branch=_branch(problem),
        base="main",
        merge_sha=merged,
        url=f"{URL}/merge_requests/{400 + problem.pk}",
    )


def _checked(problem: Problem, desk: Agent, at: datetime) -> None:
    fix = following.fix_of(problem, at=at)
    done = checklist.add(fix, "The steps of the first report, on the test desk", by=desk.actor, at=at)
    checklist.check(done, code.PASSED, by=desk.actor, at=at + 30 * _MINUTE, note="Three browsers, twice each.")
    checklist.add(fix, "The same on a telephone", by=desk.actor, at=at)


def _branch(problem: Problem) -> str:
    return f"fix/prb-{problem.pk}"


def _sha(name: str) -> str:
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
