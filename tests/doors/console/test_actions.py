"""Actions in the console: proposed, accepted, done, checked by another; lists, plots and tables to take away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from makegood.life.problems import actions as problems
from makegood.life.promises.models import Promise
from makegood.life.promises.sweep import sweep
from makegood.life.rca import actions
from makegood.life.rca.models import Action
from tests.again import STARTED, again
from tests.life.rca.study import DAY, action, done, severe


@pytest.fixture
def now():
    return STARTED - timedelta(hours=4)


@pytest.fixture
def problem(cast, now):
    return again(lambda: severe(cast, now - 40 * DAY), now)


@pytest.fixture
def enter():
    def go(agent):
        client = Client()
        client.force_login(agent)
        return client

    return go


def at(name, *more):
    return reverse(f"console:{name}", args=more)


def text(answer):
    return answer.content.decode()


def told(cast, **more):
    facts = {"title": "Ask the target before it is set", "kind": "prevent", "strength": "strong"}
    people = {"owner": cast.eve.pk, "verifier": cast.emil.pk}
    return {**facts, **people, "measure": "No 502 in 30 days", "verify_after_days": "0", **more}


def act(client, one, deed, **more):
    return client.post(at("action_act", one.number, deed), more)


def test_from_the_proposal_to_found_effective(problem, enter, cast):
    eve, emil = enter(cast.eve), enter(cast.emil)
    eve.post(at("action_add", problem.number), told(cast))
    one = Action.objects.get()
    assert one.rca.problem == problem
    assert "Ask the target" in text(eve.get(at("problem", problem.number)))
    act(emil, one, "accept")
    assert "Doing it by the day is a promise" in text(emil.get(at("action", one.number)))
    act(eve, one, "start")
    act(eve, one, "implement", words="In 4.2")
    page = text(eve.get(at("action", one.number)))
    assert "Emil Ek says whether it works." in page
    assert "It works" not in page.split("Emil Ek says")[1]
    assert act(eve, one, "verify", worked="1", words="Fine").status_code == 422
    refused = act(emil, one, "verify", worked="1", words="")
    assert 'id="act-verify-error"' in text(refused)
    act(emil, one, "verify", worked="1", words="None since.")
    one.refresh_from_db()
    assert (one.state, one.verified_by) == ("effective", cast.emil)
    assert "None since." in text(eve.get(at("action", one.number)))


@pytest.mark.parametrize(
    ("field", "typed"),
    [("title", ""), ("title", "x" * 201), ("verify_after_days", "soon"), ("verify_after_days", "400")],
)
def test_a_slip_is_said_beside_its_field(problem, enter, cast, field, typed):
    answer = enter(cast.eve).post(at("action_add", problem.number), told(cast, **{field: typed}))
    assert answer.status_code == 422
    assert f'id="a-{field}-error"' in text(answer)
    assert "No 502 in 30 days" in text(answer)
    assert not Action.objects.exists()


def test_doing_and_checking_are_two_people(problem, enter, cast):
    answer = enter(cast.eve).post(at("action_add", problem.number), told(cast, verifier=cast.eve.pk))
    assert 'id="a-verifier-error"' in text(answer)


def test_one_that_lacks_something_says_what_and_where(problem, enter, cast):
    eve = enter(cast.eve)
    eve.post(at("action_add", problem.number), told(cast, measure=""))
    answer = act(eve, Action.objects.get(), "accept")
    assert answer.status_code == 422
    assert "how we shall see that it worked" in text(answer)
    assert "Fill in what is missing" in text(answer)


def test_declined_with_its_reason(problem, enter, cast, now):
    one = action(cast, problem, now)
    eve = enter(cast.eve)
    assert 'id="act-decline-error"' in text(act(eve, one, "decline", words=" "))
    act(eve, one, "decline", words="The gateway is replaced.")
    page = text(eve.get(at("action", one.number)))
    assert "The gateway is replaced." in page
    assert "Think about it again" in page


def test_two_who_change_it_at_once(problem, enter, cast, now):
    one = action(cast, problem, now)
    actions.edit(one, by=cast.emil.actor, at=now, details="Emil's words.")
    typed = told(cast, details="Eve's words.", version=one.version - 1)
    answer = enter(cast.eve).post(at("action_edit", one.number), typed)
    assert answer.status_code == 422
    assert "Emil&#x27;s words." in text(answer)
    assert "Eve&#x27;s words." in text(answer)


def test_lists_by_whose_and_how_late(problem, enter, cast, now):
    late = action(cast, problem, now - 30 * DAY, title="Long overdue")
    actions.accept(late, by=cast.emil.actor, at=now - 30 * DAY)
    checking = done(cast, problem, now - 35 * DAY, title="Wants a look", verify_after_days=0)
    action(cast, problem, now, title="Only proposed")
    emil = enter(cast.emil)

    def shown(**query):
        page = text(emil.get(reverse("console:actions"), query))
        body = page.split("<tbody data-list>")[1].split("</tbody>")[0] if "<tbody data-list>" in page else ""
        return {one.title for one in Action.objects.all() if one.title in body}

    assert shown() == {"Long overdue", "Wants a look", "Only proposed"}
    assert shown(whose="all", which="late") == {"Long overdue", "Wants a look"}
    assert shown(whose="check") == {"Wants a look"}
    assert shown(whose="mine") == set()
    assert checking.state == "verifying"
    page = text(enter(cast.eve).get(reverse("console:actions"), {"whose": "mine"}))
    assert "Long overdue" in page
    assert "burn__part--late" in page
    assert "31–60 days" in page
    csv = text(emil.get(reverse("console:actions_table"), {"which": "late"}))
    assert csv.count("\n") == 3
    assert "Long overdue" in csv
    burn = text(emil.get(reverse("console:actions_burn")))
    assert burn.count("\n") == 14


def test_a_title_is_no_formula_in_a_spreadsheet(problem, enter, cast, now):
    action(cast, problem, now, title="=cmd|' /C calc'!A0")
    row = text(enter(cast.emil).get(reverse("console:actions_table"))).splitlines()[1]
    assert "'=cmd" in row


def test_what_is_late_stands_among_the_promises(problem, enter, cast, now):
    one = action(cast, problem, now - 30 * DAY)
    actions.accept(one, by=cast.emil.actor, at=now - 30 * DAY)
    sweep(now)
    page = text(enter(cast.emil).get(reverse("console:promises")))
    assert f"{one.number} {one.title}" in page
    assert at("action", one.number) in page
    assert Promise.objects.filter(kind="rca", state="open").exists()
    assert f"{one.rca or ''}" == ""
    assert problem.title in page


def test_nothing_of_a_protected_problem(problem, enter, cast, now):
    one = done(cast, problem, now)
    problems.protect(problem, True, by=cast.emil.actor, at=now, reason="Secret.")
    dora = enter(cast.dora)
    assert dora.get(at("action", one.number)).status_code == 404
    for route in ("actions", "actions_table"):
        assert one.title not in text(dora.get(reverse(f"console:{route}"), {"which": "any"}))


def test_the_list_costs_the_same_for_many(problem, enter, cast, now, django_assert_max_num_queries):
    for number in range(30):
        one = action(cast, problem, now - number * DAY, title=f"Action {number}")
        actions.accept(one, by=cast.emil.actor, at=now - number * DAY)
    emil = enter(cast.emil)
    for address in (reverse("console:actions"), reverse("console:analyses"), at("action", one.number)):
        with django_assert_max_num_queries(25):
            emil.get(address)
