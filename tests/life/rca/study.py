"""A severe problem with its reports, the worker's hands, and an analysis that lacks nothing."""

from datetime import timedelta

from makegood.life.beginning import begin
from makegood.life.problems import actions as problems
from makegood.life.promises import book
from makegood.life.rca import actions, timeline, writing
from makegood.life.rca.models import Rca
from tests.life.announcements.crowd import crowd
from tests.life.case import work

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = {
    "overview": "For two hours no claim could be opened.",
    "trigger": "A change of configuration.",
    "root_cause": "The gateway takes any target it is given.",
    "monitoring_gap": "The probe asked a page that the gateway answers by itself.",
}


def severe(cast, at, *, severity="critical", reports=2, owner=None, worked=True):
    """A problem of Eve's with members, its cause known: the worker has begun what follows from it."""
    book.install_defaults(at)
    begin(at)
    problem = problems.open_problem("The claims page answers 500", by=cast.emil.actor, at=at, severity=severity)
    problems.hand_to(problem, by=cast.emil.actor, at=at, team=cast.platform, owner=owner or cast.eve)
    crowd(problem, reports, at, by=cast.emil.actor)
    problems.edit(problem, by=cast.emil.actor, at=at + HOUR, cause="A retired machine.", fix="Rolled back.")
    if worked:
        work(at + HOUR)
    problem.refresh_from_db()
    return problem


def analysed(cast, at, **more):
    """The analysis of such a problem, written but not submitted."""
    problem = severe(cast, at, **more)
    rca = Rca.objects.get(problem=problem)
    writing.edit(rca, by=cast.eve.actor, at=at + 2 * HOUR, **WORDS)
    return rca


def action(cast, rca_or_problem, at, title="The gateway refuses a target that does not answer", **facts):
    problem = getattr(rca_or_problem, "problem", rca_or_problem)
    rca = rca_or_problem if isinstance(rca_or_problem, Rca) else None
    ready = {"owner": cast.eve, "verifier": cast.emil, "measure": "No 502 after a change for 30 days."}
    return actions.propose(problem, title, by=cast.eve.actor, at=at, rca=rca, **{**ready, **facts})


def done(cast, rca_or_problem, at, **facts):
    """One that was accepted and implemented at once."""
    one = action(cast, rca_or_problem, at, **facts)
    actions.accept(one, by=cast.emil.actor, at=at)
    return actions.implement(one, by=cast.eve.actor, at=at)


def words_of(rca, seeker):
    return [row.kind or row.words for row in timeline.shown(seeker, rca)]
