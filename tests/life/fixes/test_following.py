"""The state of a problem follows the facts: in any order, told any number of times."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.channels import code
from makegood.life.fixes import evidence, following, reach, telling, work
from makegood.life.fixes import queries as boards
from makegood.life.fixes.models import Commit, Environment, Fix, Link, Release
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions, membership, queries, states
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry
from tests.cast import MONDAY
from tests.length import examples
from tests.life.case import file_report
from tests.life.fixes.story import HOUR, commit, deployed, problem, pull, push, ran, repository, sha, tag


def fresh(one):
    return Problem.objects.get(pk=one.pk)


def test_a_commit_that_names_a_problem_begins_the_fix(cast, monday):
    one, code_of = problem(cast), repository()
    heard = telling.tell(code_of, [push(commit("a", f"Fixes {one.number}: full disk"))], at=monday)
    assert heard.linked == [one.number]
    assert fresh(one).state == states.FIXING
    entry = LedgerEntry.objects.get(about=one.about, kind="fix.linked")
    assert (entry.actor_name, entry.data["what"]) == ("portal", sha("a")[:12])


def test_release_and_deployment_carry_it_to_the_customers(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", f"Fixes {one.number}"), commit("b", "Other work"))], at=monday)
    telling.tell(code_of, [tag("v1.4", "b")], at=monday)
    assert (fresh(one).state, fresh(one).fixed_in) == (states.RELEASED, "v1.4")
    assert fresh(one).released_at == MONDAY + 2 * HOUR
    telling.tell(code_of, [deployed("b", environment="staging")], at=monday)
    assert fresh(one).state == states.RELEASED
    telling.tell(code_of, [deployed("b", hours=5)], at=monday)
    assert fresh(one).state == states.WATCHING
    assert fresh(one).watching_until == MONDAY + 5 * HOUR + actions.WATCHED_FOR


def test_a_release_before_the_fix_or_beside_it_does_not_contain_it(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", "Work")), push(commit("b", f"Fixes {one.number}"), before="a")], at=monday)
    telling.tell(code_of, [tag("v1.3", "a"), tag("v9", "elsewhere")], at=monday)
    assert fresh(one).state == states.FIXING


def test_after_a_forced_push_what_was_before_is_not_taken_for_contained(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", f"Fixes {one.number}"))], at=monday)
    telling.tell(code_of, [push(commit("b", "Rewritten"), before="a", forced=True), tag("v2", "b")], at=monday)
    assert fresh(one).state == states.FIXING


def test_naming_without_a_claim_is_work_on_it_and_no_fix(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", f"{one.number}: more logging")), tag("v1", "a")], at=monday)
    assert fresh(one).state == states.FIXING


def test_a_pull_request_counts_as_what_it_left_on_the_main_branch(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [pull(7, f"Fixes {one.number}")], at=monday)
    assert fresh(one).state == states.FIXING
    telling.tell(
        code_of, [pull(7, f"Fixes {one.number}", code.MERGED, 2, "m"), push(commit("m", "Squashed"))], at=monday
    )
    telling.tell(code_of, [tag("v1", "m", 3)], at=monday)
    assert fresh(one).fixed_in == "v1"
    assert LedgerEntry.objects.filter(about=one.about, kind="fix.merged").count() == 1


def test_a_strangers_pull_request_moves_nothing_until_somebody_merges_it(cast, monday):
    one, code_of = problem(cast), repository()
    heard = telling.tell(code_of, [pull(8, f"Fixes {one.number}", is_ours=False)], at=monday)
    assert fresh(one).state == states.OPEN
    assert heard.unknown
    telling.tell(code_of, [pull(8, f"Fixes {one.number}", code.MERGED, 2, "m", is_ours=False)], at=monday)
    assert fresh(one).state == states.FIXING


def test_a_report_without_a_problem_gets_one(cast, monday):
    report, code_of = file_report(cast, monday), repository()
    telling.tell(code_of, [push(commit("a", f"Fixes {report.number}"))], at=monday)
    one = queries.problem_of(report)
    assert (one.title, one.state, one.reports_count) == (report.title, states.FIXING, 1)


def test_a_report_of_a_problem_stands_for_it_and_a_merged_problem_for_the_other(cast, monday):
    report, one, other, code_of = file_report(cast, monday), problem(cast), problem(cast, "The same"), repository()
    membership.join(one, report, by=cast.dora.actor, at=monday)
    membership.merge(other, one, by=cast.emil.actor, at=monday)
    telling.tell(code_of, [push(commit("a", f"Fixes {report.number}, {other.number}"))], at=monday)
    assert fresh(one).state == states.FIXING
    assert Fix.objects.get().problem == one


def test_a_closed_report_or_a_number_that_is_nothing_opens_no_problem(cast, monday):
    report, code_of = file_report(cast, monday), repository()
    type(report).objects.filter(pk=report.pk).update(state="closed")
    heard = telling.tell(code_of, [push(commit("a", f"Fixes {report.number}, MG-999999, PRB-999999"))], at=monday)
    assert len(heard.unknown) == 3
    assert not Problem.objects.exists()


def test_a_problem_that_was_taken_back_is_left_out_like_a_number_that_is_nothing(cast, monday):
    one, code_of = problem(cast), repository()
    actions.withdraw(one, by=cast.eve.actor, at=monday)
    heard = telling.tell(code_of, [push(commit("a", f"Fixes {one.number}")), pull(7, f"Fixes {one.number}")], at=monday)
    assert (heard.linked, len(heard.unknown)) == ([], 2)
    assert not Fix.objects.exists()
    assert fresh(one).state == states.OPEN


def test_a_pre_release_is_no_release(cast, monday):
    one, tags, published = problem(cast), repository(), repository("other", released_by="published")
    for place in (tags, published):
        telling.tell(place, [push(commit("a", f"Fixes {one.number}"))], at=monday)
    telling.tell(tags, [tag("v2.0-rc1", "a")], at=monday)
    early = code.ReleaseTold("v2.0", MONDAY + HOUR, sha=sha("a"), is_prerelease=True)
    telling.tell(published, [tag("v2.0", "a"), early], at=monday)
    assert fresh(one).state == states.FIXING
    telling.tell(published, [code.ReleaseTold("v2.0", MONDAY + 2 * HOUR)], at=monday)
    assert fresh(one).fixed_in == "v2.0"


def test_a_late_word_of_an_earlier_release_puts_the_first_one_right(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", f"Fixes {one.number}")), push(commit("b", "x"), before="a")], at=monday)
    telling.tell(code_of, [tag("v1.5", "b", 6)], at=monday)
    assert fresh(one).fixed_in == "v1.5"
    telling.tell(code_of, [tag("v1.4.1", "a", 4)], at=monday)
    assert (fresh(one).fixed_in, fresh(one).released_at) == ("v1.4.1", MONDAY + 4 * HOUR)


def test_what_came_back_is_fixed_anew_and_old_facts_do_not_fix_it(cast, monday):
    one, code_of = problem(cast), repository()
    old = [push(commit("a", f"Fixes {one.number}")), tag("v1", "a"), deployed("a")]
    telling.tell(code_of, old, at=MONDAY + 3 * HOUR)
    actions.move(fresh(one), states.CAME_BACK, by=SYSTEM, at=MONDAY + 4 * HOUR)
    telling.tell(code_of, [*old, tag("v1.1", "a", 5)], at=MONDAY + 5 * HOUR)
    assert fresh(one).state == states.CAME_BACK
    telling.tell(code_of, [push(commit("b", f"Fixes {one.number} again", 6), before="a")], at=MONDAY + 6 * HOUR)
    assert fresh(one).state == states.FIXING
    telling.tell(code_of, [tag("v2", "b", 7)], at=MONDAY + 7 * HOUR)
    assert (fresh(one).state, fresh(one).fixed_in) == (states.RELEASED, "v2")
    assert [fix.links.count() for fix in Fix.objects.order_by("round")] == [1, 1]


def test_a_resolved_problem_is_left_alone(cast, monday):
    one, code_of = problem(cast), repository()
    actions.move(one, states.RESOLVED, by=cast.eve.actor, at=monday)
    telling.tell(code_of, [push(commit("a", f"Fixes {one.number}")), tag("v1", "a"), deployed("a")], at=monday)
    assert fresh(one).state == states.RESOLVED


def test_what_a_person_took_off_stays_off(cast, monday):
    one, code_of = problem(cast), repository()
    facts = [push(commit("a", f"Fixes {one.number}"))]
    telling.tell(code_of, facts, at=monday)
    work.untie(Link.objects.get(), by=cast.eve.actor, at=monday, reason="Another fault.")
    telling.tell(code_of, [*facts, tag("v1", "a")], at=monday)
    assert fresh(one).state == states.FIXING
    work.tie(one, code_of, sha("a"), by=cast.eve.actor, at=monday)
    assert fresh(one).fixed_in == "v1"


def test_an_environment_that_proves_to_reach_customers_counts_from_then_on(cast, monday):
    one, code_of = problem(cast), repository()
    facts = [push(commit("a", f"Fixes {one.number}")), deployed("a", environment="Blue")]
    telling.tell(code_of, facts, at=monday)
    assert fresh(one).state == states.FIXING
    Environment.objects.update(reaches_customers=True)
    following.follow_environment(Environment.objects.get(), at=monday, by=cast.ada.actor)
    assert (fresh(one).state, fresh(one).fixed_in) == (states.WATCHING, sha("a")[:12])


REVERT = 'Revert "Fixes it"\n\nThis reverts '


@pytest.mark.parametrize("how", ["commit", "merge request", "pull request"])
def test_a_release_that_contains_the_change_and_its_revert_does_not_contain_the_fix(cast, monday, how):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", f"Fixes {one.number}" if how == "commit" else "Work"))], at=monday)
    if how != "commit":
        telling.tell(code_of, [pull(12, f"Fixes {one.number}", code.MERGED, 1, "a")], at=monday)
    said = {
        "commit": f"{REVERT}commit {sha('a')}.",
        "merge request": f"{REVERT}merge request fairfield/portal!12",
        "pull request": 'Revert "Fixes it" (#13)\n\nReverts fairfield/portal#12',
    }[how]
    telling.tell(code_of, [push(commit("back", said, 2), before="a")], at=monday)
    telling.tell(code_of, [tag("v1.4", "back", 3), deployed("back", 4)], at=monday)
    assert (fresh(one).state, fresh(one).fixed_in) == (states.FIXING, "")
    missing = evidence.readiness(one).missing
    assert f"{sha('a')[:12]} was taken back." in missing
    assert "No release contains a fix yet." in missing
    telling.tell(code_of, [push(commit("new", f"Fixes {one.number} at last", 5), before="back")], at=monday)
    telling.tell(code_of, [tag("v1.5", "new", 6), deployed("new", 7), ran("new", hours=8)], at=monday)
    assert (fresh(one).state, fresh(one).fixed_in) == (states.WATCHING, "v1.5")
    assert evidence.readiness(one).is_tested


def test_a_revert_that_was_taken_back_itself_counts_no_longer(cast, monday):
    one, code_of = problem(cast), repository()
    back = commit("back", f"{REVERT}commit {sha('a')}.", 2)
    again = commit("again", f'Revert "Revert "Fixes it""\n\nThis reverts commit {sha("back")}.', 3)
    for change, before in ((commit("a", f"Fixes {one.number}"), ""), (back, "a"), (again, "back")):
        telling.tell(code_of, [push(change, before=before)], at=monday)
    telling.tell(code_of, [tag("v1.4", "again", 4)], at=monday)
    assert fresh(one).fixed_in == "v1.4"
    assert not [line for line in evidence.readiness(one).missing if "taken back" in line]


def test_a_revert_on_a_branch_that_nobody_merged_takes_nothing_back(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", f"Fixes {one.number}"))], at=monday)
    back = commit("back", f"{REVERT}commit {sha('a')}.", 2, branch="revert-12")
    telling.tell(code_of, [push(back, before="a", branch="revert-12"), tag("v1.4", "a", 3)], at=monday)
    assert fresh(one).fixed_in == "v1.4"
    assert not [line for line in evidence.readiness(one).missing if "taken back" in line]


def test_an_old_deployment_that_is_run_again_takes_the_fix_from_customers(cast, monday):
    """A host tells it under the id it had: what an environment runs is what succeeded there last."""
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("root", "Begin", 0)), deployed("root", 1, key="1")], at=monday)
    telling.tell(
        code_of, [push(commit("a", f"Fixes {one.number}"), before="root"), deployed("a", 3, key="2")], at=monday
    )
    lost = "production runs a version without the fix now."
    assert lost not in evidence.readiness(one).missing
    again = deployed("root", 5, key="1")
    telling.tell(code_of, [again], at=monday)
    assert lost in evidence.readiness(one).missing
    place = boards.board(one).places[0]
    assert (place.is_there, place.now.sha, place.now.last_passed_at) == (False, sha("root"), again.at)
    assert fresh(one).released_at == MONDAY + 3 * HOUR
    telling.tell(code_of, [deployed("a", 6, key="2"), again], at=monday)
    assert lost not in evidence.readiness(one).missing


# Any order, any repetition.


def world(cast):
    """A problem, a repository, and everything that is ever told of it: two branches, squash, tags, environments."""
    one, code_of = problem(cast), repository()
    name = one.number
    facts = [
        push(commit("root", "Begin", 0)),
        push(commit("a", f"Fixes {name}: one"), commit("b", "Work"), before="root"),
        push(commit("c", f"{name}: logging"), before="b"),
        push(commit("side", f"Fixes {name} on a branch"), before="root", branch="release-1"),
        push(commit("m", "Squashed"), before="c"),
        pull(7, f"Fixes {name}", hours=1),
        pull(7, f"Fixes {name}", code.MERGED, 3, "m"),
        pull(9, f"Closes {name}", hours=1, is_ours=False),
        pull(9, f"Closes {name}", code.CLOSED, 2, is_ours=False),
        tag("v1.3", "root", 1),
        tag("v1.4", "c", 4),
        tag("v1.3.1", "side", 5),
        tag("v1.5-rc1", "m", 3),
        code.ReleaseTold("v1.4", MONDAY + 4 * HOUR + timedelta(minutes=5), name="1.4"),
        deployed("root", 2, key="1"),
        deployed("c", 5, key="2", outcome=code.RUNNING),
        deployed("c", 6, key="2"),
        deployed("root", 8, key="1"),
        deployed("m", 7, "staging", key="3"),
        ran("c", outcome=code.RUNNING, hours=4),
        ran("c", outcome=code.PASSED, hours=5),
    ]
    return one, code_of, facts


def as_it_is(one):
    now = fresh(one)
    fix = Fix.objects.get(problem=one)
    return {
        "state": now.state,
        "facts": [now.fixed_in, now.released_at, now.watching_until],
        "links": sorted(
            f"{row.commit.sha if row.commit else row.pull.number} {row.claims}" for row in reach.look(fix).links
        ),
        "releases": sorted(Release.objects.values_list("version", "sha", "at")),
        "commits": sorted(Commit.objects.values_list("sha", flat=True)),
        "readiness": evidence.readiness(now),
    }


@pytest.mark.long
@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_order_and_repetition_ends_in_the_same_state(cast, data):
    with transaction.atomic():
        one, code_of, facts = world(cast)
        telling.tell(code_of, facts, at=MONDAY)
        wanted = as_it_is(one)
        assert wanted["state"] == states.WATCHING
        assert wanted["facts"][0] == "v1.4"
        transaction.set_rollback(True)
    with transaction.atomic():
        again, code_of, facts = world(cast)
        order = data.draw(st.permutations(facts + facts[: data.draw(st.integers(0, len(facts)))]))
        seen = []
        for fact in order:
            telling.tell(code_of, [fact], at=MONDAY)
            seen.append(fresh(again).state)
        rank = [("open", "fixing", "released", "watching").index(state) for state in seen]
        assert rank == sorted(rank), "a late fact took it back"
        got = as_it_is(again)
        assert str(got).replace(again.number, "") == str(wanted).replace(one.number, "")
        transaction.set_rollback(True)


@pytest.mark.parametrize("chain", [2_000])
def test_a_long_history_is_walked_in_one_question(cast, monday, chain, django_assert_max_num_queries):
    one, code_of = problem(cast), repository()
    pushes = [push(commit("0", f"Fixes {one.number}"))]
    pushes += [push(commit(str(n), "Work"), before=str(n - 1)) for n in range(1, chain)]
    telling.tell(code_of, [*pushes, tag("v1", str(chain - 1))], at=monday)
    assert fresh(one).fixed_in == "v1"
    fix = Fix.objects.select_related("problem").get()
    with django_assert_max_num_queries(6):
        assert reach.look(fix).facts().fixed_in == "v1"
