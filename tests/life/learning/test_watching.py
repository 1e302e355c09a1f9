"""A fixed problem is watched: what looks like it from a release with the fix reopens it, older releases do not."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.colleagues.models import Notice
from makegood.life.colleagues.notices import mark_read
from makegood.life.colleagues.watching import watch
from makegood.life.diagnosis.actions import classify
from makegood.life.fixes import telling as facts
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.learning import watching
from makegood.life.learning.models import Recurrence
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.problems.models import Problem
from makegood.life.problems.thresholds import MUCH_ALIKE
from makegood.life.reports.models import Category, LedgerEntry, OutgoingMail
from tests.life.announcements.crowd import fixed, go_out, hit
from tests.life.case import fresh, work
from tests.life.fixes import story

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ERROR = "ClaimsUnavailableException: pool exhausted after 30000 ms"


@pytest.fixture
def problem(cast, monday):
    """Fixed in 2.4.1 and watched since Monday; Eve owns it, Emil leads, Dora watches it."""
    category = Category.objects.create(slug="claims-page", names={"en": "Claims page"})
    one = problems.open_problem("The claims page answers 500", by=cast.emil.actor, at=monday, category=category)
    known = {"cause": "A full pool.", "fix": "A larger pool.", "signatures": [ERROR]}
    known["symptom"] = "After pressing Save the claims page is white and shows an error about the pool of connections."
    problems.edit(one, by=cast.emil.actor, at=monday, **known)
    problems.hand_to(one, by=cast.emil.actor, at=monday, team=cast.platform, owner=cast.eve)
    problems.move(one, "released", by=SYSTEM, at=monday, fixed_in="2.4.1")
    problems.move(one, "watching", by=SYSTEM, at=monday)
    work(monday)
    watch(cast.dora, one, at=monday)
    return Problem.objects.get(pk=one.pk)


WHITE = "The claims page answers 500: after pressing Save it is white and shows an error about the pool of connections."
SEEN = f"It says: {ERROR.replace('30000', '30017')}"


def report(at, what=SEEN, release="", key="new-0001", **more):
    environment = {"release": release} if release else {}
    told = Told(what=what, email="cem@example.org", idempotency_key=key, environment=environment, **more)
    made = intake.file(told, at=at).report
    work(at)
    return fresh(made)


def state(problem):
    return Problem.objects.get(pk=problem.pk).state


@pytest.mark.parametrize("release", ["2.4.1", "2.5.0"])
def test_from_a_release_with_the_fix_it_came_back_and_the_report_joins(problem, monday, release):
    made = report(monday + DAY, release=release)
    after = Problem.objects.get(pk=problem.pk)
    assert (after.state, after.came_back_count) == ("came_back", 1)
    assert membership.member_row(made).how == "machine"
    entry = LedgerEntry.objects.get(kind="problem.came_back")
    assert entry.reason == f"{made.number} shows it again, from {release}."


def test_owner_lead_and_watchers_hear_within_the_minute_in_console_and_mail(problem, cast, monday):
    report(monday + DAY, release="2.5.0")
    told = Notice.objects.filter(entry__kind="problem.came_back")
    assert {(notice.agent, notice.why) for notice in told} == {
        (cast.eve, "came_back"),
        (cast.emil, "came_back"),
        (cast.dora, "watched"),
    }
    assert all(notice.at - (monday + DAY) < timedelta(minutes=1) for notice in told)
    mails = OutgoingMail.objects.filter(purpose="notice", made_at=monday + DAY)
    assert {mail.to_email for mail in mails} >= {cast.eve.email, cast.emil.email, cast.dora.email}
    assert "cem" not in "".join(mail.text for mail in mails).lower()


def test_from_an_older_release_nothing_follows(problem, monday):
    made = report(monday + DAY, release="2.4.0")
    assert state(problem) == "watching"
    assert membership.member_row(made) is None
    assert Recurrence.objects.get().state == "older"
    assert not Notice.objects.exists()


def test_where_nobody_knows_the_release_it_is_proposed_and_told(problem, cast, monday):
    made = report(monday + DAY)
    assert (state(problem), membership.member_row(made)) == ("watching", None)
    row = Recurrence.objects.get()
    assert (row.state, row.has_fix, row.sign) == ("suspected", None, "signature")
    assert Notice.objects.filter(agent=cast.eve, why="doubted").count() == 1
    watching.settle(row, came_back=True, by=cast.eve.actor, at=monday + 2 * DAY)
    assert (state(problem), membership.member_row(made).how) == ("came_back", "agent")


def test_something_else_stays_something_else(problem, cast, monday):
    made = report(monday + DAY)
    row = Recurrence.objects.get()
    watching.settle(row, came_back=False, by=cast.eve.actor, at=monday + DAY)
    with pytest.raises(watching.Settled):
        watching.settle(row, came_back=True, by=cast.emil.actor, at=monday + DAY)
    watching.look(LedgerEntry.objects.get(report=made, kind="report.received"), monday + DAY)
    assert state(problem) == "watching"


def test_other_words_from_a_release_with_the_fix_are_none_of_it(problem, monday):
    report(monday + DAY, what="I cannot find my dental bill in the list of documents.", release="2.5.0")
    assert (state(problem), Recurrence.objects.count()) == ("watching", 0)


def test_much_alike_reopens_but_does_not_join(problem, monday):
    made = report(monday + DAY, what=WHITE, release="2.5.0", category="claims-page")
    assert state(problem) == "came_back"
    assert membership.member_row(made) is None
    assert Recurrence.objects.get().sign == "likeness"


def test_what_nobody_has_filed_yet_is_suspected_and_looked_at_again_when_it_is(problem, cast, monday):
    made = report(monday + DAY, what=WHITE, release="2.5.0")
    assert (Recurrence.objects.get().state, state(problem)) == ("suspected", "watching")
    at = monday + DAY + timedelta(minutes=5)
    classify(made, problem.category, by=cast.dora.actor, at=at)
    work(at)
    assert (Recurrence.objects.get().state, state(problem)) == ("came_back", "came_back")


def test_filed_elsewhere_it_is_no_longer_suspected_and_filed_here_after_all_it_is(problem, cast, monday):
    made = report(monday + DAY, what=WHITE)
    assert Recurrence.objects.get().state == "suspected"
    elsewhere = Category.objects.create(slug="elsewhere", names={"en": "Elsewhere"})
    for minutes, category, wanted in ((5, elsewhere, "dismissed"), (9, problem.category, "suspected")):
        at = monday + DAY + timedelta(minutes=minutes)
        classify(fresh(made), category, by=cast.dora.actor, at=at)
        work(at)
        assert Recurrence.objects.get().state == wanted
    entry = LedgerEntry.objects.get(kind="recurrence.settled")
    assert entry.actor_kind == "system"


def test_what_a_colleague_dismissed_stays_so_when_it_is_filed(problem, cast, monday):
    made = report(monday + DAY, what=WHITE, release="2.5.0")
    watching.settle(Recurrence.objects.get(), came_back=False, by=cast.eve.actor, at=monday + DAY)
    classify(made, problem.category, by=cast.dora.actor, at=monday + DAY + SECOND)
    work(monday + DAY + SECOND)
    assert (Recurrence.objects.get().state, state(problem)) == ("dismissed", "watching")


def test_one_event_told_of_again_is_for_a_person_to_decide(problem, cast, monday):
    first = report(monday - DAY, what="Ganz andere Worte. Fehler-ID: 7f2a88b1c9", key="old-0001")
    membership.join(problem, first, by=cast.dora.actor, at=monday)
    work(monday)
    Problem.objects.filter(pk=problem.pk).update(state="watching")
    Recurrence.objects.all().delete()
    report(monday + DAY, what=f"{SEEN}. Event ID: 7F2A88B1C9", release="2.5.0")
    row = Recurrence.objects.get()
    assert (row.state, row.reasons[0], state(problem)) == ("suspected", "7f2a88b1c9", "watching")


def test_a_little_alike_is_for_a_person_to_decide(problem, monday):
    sign = watching.Sign(Recurrence.LIKENESS, ("claim", "page"), MUCH_ALIKE - 1)
    made = report(monday + DAY, what="Something quite different.", release="2.5.0")
    watching.note(problem, made, sign, at=monday + DAY)
    assert (state(problem), Recurrence.objects.get().state) == ("watching", "suspected")


def test_the_same_page_with_another_fault_reopens_nothing(problem, monday):
    report(monday + DAY, what="The claims page does not show my dental bill", release="2.5.0", category="claims-page")
    assert state(problem) == "watching"
    assert not Recurrence.objects.exclude(state="suspected").exists()


def test_a_report_from_before_the_release_is_older_than_the_fix(problem, monday):
    report(monday - DAY, release="2.5.0")
    assert state(problem) == "watching"


def test_a_colleague_who_joins_it_says_so_too(problem, cast, monday):
    made = report(monday + DAY, what="White page again.", release="2.5.0")
    assert state(problem) == "watching"
    membership.join(problem, made, by=cast.dora.actor, at=monday + DAY + SECOND)
    work(monday + DAY + SECOND)
    assert state(problem) == "came_back"


def test_looking_twice_changes_nothing(problem, monday):
    made = report(monday + DAY, release="2.5.0")
    before = LedgerEntry.objects.count()
    watching.look(LedgerEntry.objects.get(report=made, kind="report.received"), monday + DAY)
    assert LedgerEntry.objects.count() == before


def test_the_watch_ends_by_itself_once_and_nothing_is_noticed_afterwards(problem, monday):
    until = problem.watching_until
    assert watching.end_watches(until - SECOND) == 0
    assert watching.end_watches(until) == 1
    assert watching.end_watches(until + SECOND) == 0
    assert state(problem) == "resolved"
    report(until + DAY, release="2.5.0")
    assert state(problem) == "resolved"


def test_what_may_have_come_back_is_not_called_over(problem, cast, monday):
    report(monday + DAY)
    assert watching.end_watches(problem.watching_until + DAY) == 0
    watching.settle(Recurrence.objects.get(), came_back=False, by=cast.eve.actor, at=monday + 2 * DAY)
    assert watching.end_watches(problem.watching_until + DAY) == 1


def test_a_no_to_an_announced_fix_is_told_to_the_owner(cast, monday):
    one = problems.open_problem("The claims page answers 500", by=cast.emil.actor, at=monday)
    problems.edit(one, by=cast.emil.actor, at=monday, cause="A full pool.", fix="A larger pool.")
    problems.hand_to(one, by=cast.emil.actor, at=monday, team=cast.platform, owner=cast.eve)
    one.refresh_from_db()
    members = [hit(one, f"Person{number}", monday, by=cast.emil.actor) for number in range(4)]
    announcement = fixed(one, cast.emil, monday)
    go_out(announcement, monday)
    at = monday + DAY
    aftercare.confirm(fresh(members[0]), "no", by=members[0].contact.actor, at=at)
    work(at)
    assert Notice.objects.filter(agent=cast.eve, why="doubted").count() == 1
    aftercare.confirm(fresh(members[1]), "no", by=members[1].contact.actor, at=at + SECOND)
    work(at + SECOND)
    assert state(one) == "came_back"
    assert Notice.objects.filter(agent=cast.eve, why="came_back").count() == 1
    assert Notice.objects.get(agent=cast.eve, why="doubted").read_at, "it is no longer in doubt"
    aftercare.confirm(fresh(members[2]), "no", by=members[2].contact.actor, at=at + 2 * SECOND)
    work(at + 2 * SECOND)
    assert Notice.objects.filter(agent=cast.eve, read_at=None).count() == 1


def test_what_may_have_come_back_is_told_once_until_it_is_read(problem, cast, monday):
    for number in range(3):
        report(monday + DAY + number * SECOND, key=f"new-{number}")
    assert Recurrence.objects.filter(state="suspected").count() == 3
    assert Notice.objects.filter(agent=cast.eve, why="doubted").count() == 1
    mark_read(cast.eve, at=monday + 2 * DAY)
    report(monday + 2 * DAY, key="new-9")
    assert Notice.objects.filter(agent=cast.eve, why="doubted").count() == 2


def test_unless_told_the_release_is_what_customers_ran_when_it_came(problem, monday):
    code_of = story.repository()
    claim = story.commit("fix", f"Fixes {problem.number}", hours=-2)
    facts.tell(code_of, [story.push(story.commit("old", "Begin", hours=-3), claim)], at=monday)
    facts.tell(code_of, [story.deployed("old", hours=-1)], at=monday)
    report(monday + story.HOUR, key="new-0001")
    assert (Recurrence.objects.get().state, state(problem)) == ("older", "watching")
    facts.tell(code_of, [story.deployed("fix", hours=2)], at=monday + 2 * story.HOUR)
    report(monday + 3 * story.HOUR, key="new-0002")
    assert state(problem) == "came_back"


def test_after_a_rollback_to_an_old_deployment_a_report_is_from_before_the_fix(problem, monday):
    code_of = story.repository()
    claim = story.commit("fix", f"Fixes {problem.number}", hours=-2)
    facts.tell(code_of, [story.push(story.commit("old", "Begin", hours=-3), claim)], at=monday)
    told = [story.deployed("old", hours=-2, key="1"), story.deployed("fix", hours=-1, key="2")]
    facts.tell(code_of, [*told, story.deployed("old", hours=2, key="1")], at=monday)
    report(monday + 3 * story.HOUR, key="new-0001")
    assert (Recurrence.objects.get().state, state(problem)) == ("older", "watching")
    report(monday + story.HOUR, key="new-0002")
    assert state(problem) == "came_back"


def test_a_backport_contains_the_fix_however_a_program_calls_its_release(problem, monday):
    code_of = story.repository()
    claim = story.commit("fix", f"Fixes {problem.number}", hours=-9)
    later = story.commit("later", "More", hours=-8)
    facts.tell(
        code_of, [story.push(claim), story.push(later, before="fix"), story.tag("v2.5.0", "later", hours=-7)], at=monday
    )
    picked = story.commit("picked", f"Fixes {problem.number}", hours=-6, branch="2.4")
    facts.tell(code_of, [story.push(picked, branch="2.4"), story.tag("v2.4.3", "picked", hours=-5)], at=monday)
    Problem.objects.filter(pk=problem.pk).update(fixed_in="v2.5.0")
    report(monday + DAY, release="portal@2.4.3+88")
    assert Recurrence.objects.get().has_fix


def test_a_release_with_half_of_the_fix_is_older_than_it(problem, monday):
    code_of = story.repository()
    half = story.commit("half", f"Fixes {problem.number}: a larger pool", hours=-9)
    rest = story.commit("rest", f"Fixes {problem.number}: give connections back", hours=-6)
    facts.tell(code_of, [story.push(half), story.tag("2.5.0", "half", hours=-7)], at=monday)
    facts.tell(code_of, [story.push(rest, before="half"), story.tag("2.6.0", "rest", hours=-5)], at=monday)
    report(monday + DAY, release="2.5.0")
    assert (Recurrence.objects.get().state, state(problem)) == ("older", "watching")
    report(monday + DAY, release="2.6.0", key="new-0002")
    assert state(problem) == "came_back"


def test_the_name_of_a_commit_is_not_taken_for_a_late_release(problem, monday):
    made = report(monday + DAY, release="9fceb02d0ae598e95dc970b74767f19372d61af8")
    assert (state(problem), membership.member_row(made)) == ("watching", None)
    assert (Recurrence.objects.get().state, Recurrence.objects.get().has_fix) == ("suspected", None)


def test_the_message_far_down_in_quotation_marks_is_noticed_too(problem, cast, monday):
    problems.edit(problem, by=cast.eve.actor, at=monday, signatures=["Your session is invalid"])
    what = "I wanted to look at my claims before the holidays, as every month, and sat down with my tea. " * 3
    report(monday + DAY, what=f"{what} Then it says 'Your session is invalid' again.", release="2.5.0")
    assert state(problem) == "came_back"
