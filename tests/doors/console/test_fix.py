"""The fix on screen: changes, releases, environments, tests, the check list; and the set-up of repositories."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.life.fixes import deliveries, telling
from makegood.life.fixes.models import CheckItem, Delivery, Environment, Fix, Link, Repository
from makegood.life.problems import actions, states
from makegood.life.problems.models import Problem
from tests.life.announcements.crowd import fixed as fixed_told
from tests.life.announcements.crowd import hit, open_problem
from tests.life.fixes.story import commit, deployed, problem, pull, push, ran, repository, sha, tag


@pytest.fixture
def fixed(cast, monday):
    """A problem with a fix that has reached the customers."""
    one, code_of = problem(cast), repository()
    facts = [
        push(commit("a", f"Fixes {one.number}: a full disk is noticed")),
        pull(7, f"{one.number}: more logging"),
        ran("a"),
        tag("v1.4", "a"),
        deployed("a", environment="staging"),
        deployed("a", 4),
    ]
    telling.tell(code_of, facts, at=monday)
    return Problem.objects.get(pk=one.pk)


def enter(person):
    client = Client()
    client.force_login(person)
    return client


def address(one, part=""):
    return f"/console/problems/{one.number}/fix/{part}"


def test_the_page_says_what_is_known(cast, fixed):
    shown = enter(cast.dora).get(address(fixed)).content.decode()
    for words in ("v1.4", "a full disk is noticed", "production", "staging", "unit", "Tested on v1.4", "has it since"):
        assert words in shown
    assert "Tie a change by hand" not in shown


def test_a_problem_without_a_fix_says_how_one_begins(cast):
    one = problem(cast)
    shown = enter(cast.eve).get(address(one)).content.decode()
    assert f"Fixes {one.number}" in shown
    assert not Fix.objects.exists()


def test_a_release_somebody_only_said_is_told_as_that(cast):
    one = problem(cast)
    Problem.objects.filter(pk=one.pk).update(fixed_in="v1.3")
    shown = enter(cast.eve).get(address(one)).content.decode()
    assert "v1.3" in shown
    assert "as a colleague said" in shown


def test_the_page_costs_the_same_for_many_changes(cast, monday, fixed):
    client = enter(cast.eve)
    client.get(address(fixed))
    with CaptureQueriesContext(connection) as few:
        client.get(address(fixed))
    more = [commit(str(n), f"Fixes {fixed.number}") for n in range(40)]
    telling.tell(Repository.objects.get(), [push(*more, before="a"), *(ran(str(n)) for n in range(40))], at=monday)
    with CaptureQueriesContext(connection) as many:
        client.get(address(fixed))
    assert len(many) <= len(few) <= 40


def test_agents_check_the_list_and_their_names_stand_there(cast, fixed):
    client = enter(cast.dora)
    client.post(address(fixed, "items/"), {"words": "Upload a claim on a telephone"})
    item = CheckItem.objects.get()
    assert "Nobody has checked" in client.get(address(fixed)).content.decode().replace("&quot;", "")
    answer = client.post(address(fixed, f"items/{item.pk}/"), {"outcome": "failed"})
    assert answer.status_code == 409, "what does not work has to be said"
    client.post(address(fixed, f"items/{item.pk}/"), {"outcome": "passed", "note": "On two of them."})
    shown = client.get(address(fixed)).content.decode()
    assert "Dora Dahl" in shown
    assert "On two of them." in shown
    client.post(address(fixed, f"items/{item.pk}/remove/"))
    assert CheckItem.objects.get().removed_at


def test_agents_do_not_change_what_belongs_to_it_but_engineers_do(cast, fixed):
    link = Link.objects.first()
    for person, status in ((cast.dora, 403), (cast.eve, 302)):
        assert enter(person).post(address(fixed, f"changes/{link.pk}/remove/")).status_code == status
    client = enter(cast.eve)
    client.post(address(fixed, "tie/"), {"repository": Repository.objects.get().key, "change": sha("other")})
    assert Link.objects.filter(commit__sha=sha("other")).exists()
    client.post(address(fixed, "rollback/"), {"words": "Deploy v1.3 again."})
    assert "Deploy v1.3 again." in client.get(address(fixed)).content.decode()
    refused = client.post(address(fixed, "tie/"), {"repository": Repository.objects.get().key, "change": "abc"})
    assert refused.status_code == 409


def test_a_protected_problem_is_not_there_for_others(cast, monday, fixed):
    actions.protect(fixed, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    client = enter(cast.dora)
    assert client.get(address(fixed)).status_code == 404
    assert client.post(address(fixed, "items/"), {"words": "x"}).status_code == 404


def test_another_problems_lines_cannot_be_reached(cast, fixed):
    other, client = problem(cast, "Another"), enter(cast.dora)
    client.post(address(fixed, "items/"), {"words": "One"})
    item = CheckItem.objects.get()
    assert client.post(address(other, f"items/{item.pk}/"), {"outcome": "passed"}).status_code == 404


FORM = {
    "name": "Portal",
    "provider": "github",
    "web_url": "https://github.com/fairfield/portal",
    "main_branch": "main",
    "release_tags": "v*",
    "released_by": "tags",
    "is_active": "on",
}


def test_an_admin_connects_a_repository_and_sees_the_secret_once(cast):
    client = enter(cast.ada)
    shown = client.post("/console/setup/repositories/add/", FORM).content.decode()
    made = Repository.objects.get()
    assert "whsec_" in shown
    assert f"/hooks/in/{made.key}/" in shown
    page = client.get(f"/console/setup/repositories/{made.key}/").content.decode()
    assert "whsec_" not in page
    assert "whsec_" in client.post(f"/console/setup/repositories/{made.key}/secret/").content.decode()
    twice = client.post("/console/setup/repositories/add/", FORM)
    assert (twice.status_code, "of this name already" in twice.content.decode()) == (422, True)
    client.post(f"/console/setup/repositories/{made.key}/change/", {**FORM, "name": "Portal two"})
    assert Repository.objects.get().name == "Portal two"
    client.post(f"/console/setup/repositories/{made.key}/remove/")
    assert not Repository.objects.exists()


def test_a_folder_has_to_be_an_allowed_one(cast):
    given = {**FORM, "provider": "git", "path": "/etc"}
    answer = enter(cast.ada).post("/console/setup/repositories/add/", given)
    assert (answer.status_code, "MAKEGOOD_GIT_FOLDERS" in answer.content.decode()) == (422, True)


def test_the_log_shows_each_webhook_and_takes_it_up_again(cast, monday):
    made = repository(provider="github", secret="")
    kept = Delivery.objects.create(
        repository=made, delivery_id="d-1", event="push", digest="x", body='{"ref": "<b>"}', at=monday, outcome="failed"
    )
    client = enter(cast.ada)
    assert "d-1" in client.get(f"/console/setup/repositories/{made.key}/{kept.pk}/").content.decode()
    assert "push" in client.get(f"/console/setup/repositories/{made.key}/").content.decode()
    client.post(f"/console/setup/repositories/{made.key}/{kept.pk}/again/")
    assert Delivery.objects.get().outcome == "waiting"
    deliveries.work({"delivery": kept.pk}, monday)
    assert Delivery.objects.get().outcome == "failed"


def test_an_environment_is_said_to_reach_customers(cast, monday):
    one, code_of = problem(cast), repository()
    telling.tell(code_of, [push(commit("a", f"Fixes {one.number}")), deployed("a", environment="Blue")], at=monday)
    place = Environment.objects.get()
    client = enter(cast.ada)
    client.post(f"/console/setup/repositories/environments/{place.pk}/", {"reaches": "yes"})
    assert Problem.objects.get().state == states.WATCHING
    assert "Blue" in client.get("/console/setup/repositories/").content.decode()


def test_only_admins_set_repositories_up(cast):
    for person in (cast.dora, cast.eve, cast.emil):
        assert enter(person).get("/console/setup/repositories/").status_code == 403


def untested(client, one):
    shown = " ".join(client.get(address(one)).content.decode().split())
    return "Announcing it takes somebody's name and a reason" in shown.replace("&#x27;", "'"), shown


def test_a_warning_stands_while_something_can_be_done_about_it(cast, monday):
    one, dora = problem(cast), enter(cast.dora)
    assert untested(dora, one)[0]
    actions.move(one, states.RELEASED, by=cast.emil.actor, at=monday, fixed_in="v1.3")
    assert untested(dora, one)[0]
    actions.move(one, states.RESOLVED, by=cast.emil.actor, at=monday)
    is_warned, shown = untested(dora, one)
    assert not is_warned
    assert "Resolved, without evidence that is tied to it here." in shown
    actions.move(one, states.CAME_BACK, by=cast.emil.actor, at=monday)
    assert untested(dora, one)[0]


def test_a_fix_told_on_somebodys_word_names_them_instead_of_warning(cast, monday):
    one = open_problem(cast, monday)
    hit(one, "Ana", monday, by=cast.emil.actor)
    fixed_told(one, cast.emil, monday, reason="Eve saw it work.")
    Problem.objects.filter(pk=one.pk).update(state=states.RELEASED)
    is_warned, shown = untested(enter(cast.dora), one)
    assert not is_warned
    assert "on the word of Emil Ek: “Eve saw it work.”" in shown
    Problem.objects.filter(pk=one.pk).update(came_back_at=monday + timedelta(days=9))
    assert untested(enter(cast.dora), one)[0]
