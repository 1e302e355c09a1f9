"""Fields of a query over everything: what they mean for problems, people and the rest, and which say nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.engine import search
from makegood.life.knowledge.models import Article, Wording
from makegood.life.people.models import Organisation
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Problem
from makegood.life.rca import actions as todo
from makegood.life.rca import writing as analyses
from makegood.life.rca.models import Action
from makegood.life.reports import actions
from makegood.life.reports.models import Component, Report
from makegood.life.searching import asking
from makegood.life.searching.kinds import article_says, colleague_says
from tests.life.case import file_report, work

DAY = timedelta(days=1)


@pytest.fixture
def upload(desk, now):
    """Two problems about uploads, ten days apart; the older one is Eve's, critical and resolved."""
    old = problems.open_problem("Upload fails", by=desk.dora.actor, at=now - 10 * DAY)
    problems.hand_to(old, by=desk.dora.actor, at=now - 10 * DAY, team=desk.platform, owner=desk.eve)
    Problem.objects.filter(pk=old.pk).update(severity="critical", state="resolved", came_back_count=1)
    new = problems.open_problem("Upload is slow", by=desk.dora.actor, at=now - DAY)
    new.components.add(Component.objects.create(slug="scanner", name="Scanner"))
    work(now)
    return old, new


@pytest.fixture
def found(find, upload):
    """Which of the two problems a query finds, as "old" and "new"."""
    names = {upload[0].number: "old", upload[1].number: "new"}

    def found(seeker, text):
        return {names[name] for place, name in find(seeker, text) if place == "problems"}

    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("upload", {"old", "new"}),
        ("upload state:open", {"new"}),
        ("upload state:resolved", {"old"}),
        ("upload -state:resolved", {"new"}),
        ("upload state:resolved,received", {"old"}),
        ("upload -state:received", {"old", "new"}),
        ("upload severity:>=high", {"old"}),
        ("upload severity:1", {"old"}),
        ("upload severity:critical..high", {"old"}),
        ("upload severity:medium..low", {"new"}),
        ("upload priority:<=4", {"old", "new"}),
        ("upload team:platform", {"old"}),
        ("upload owner:eve", {"old"}),
        ("upload assignee:none", {"new"}),
        ("upload component:scanner", {"new"}),
        ("upload -component:scanner", {"old"}),
        ("upload reopened:yes", {"old"}),
        ("upload public:no", {"old", "new"}),
        ("upload known:yes", set()),
        ("upload age:>3d", {"old"}),
        ("upload age:..3d", {"new"}),
        ("upload opened:<=2026-11-08", {"old"}),
        ("upload created:2026-11", {"old", "new"}),
        ("upload received:2026-11-10..", {"new"}),
        ('"upload fails" state:any', {"old"}),
        ("upload -slow state:any", {"old"}),
        ("severity:critical in:problems", {"old"}),
        ("severity:critical state:open in:problems", set()),
    ],
)
def test_problems_are_narrowed_by_their_own_facts(desk, found, text, expected):
    assert found(desk.dora, text) == expected


def test_a_problem_named_by_its_number_must_fit_the_fields_too(desk, find, upload):
    old, _new = upload
    assert ("problems", old.number) in find(desk.dora, f"{old.number} state:resolved")
    assert ("problems", old.number) not in find(desk.dora, f"{old.number} state:open")


def test_what_a_field_says_nothing_about_stays_away_and_is_named(desk, now, find, upload):
    asked = asking.understand(desk.dora, "upload label:vip", now=now)
    assert find(desk.dora, "upload channel:phone") == []
    said = [hint.text for hint in asking.understand(desk.dora, "upload channel:phone", now=now).hints]
    assert said == ["channel:phone says nothing about problems, analyses, actions, articles, so you see none of these."]
    assert "Nothing is called vip, so label:vip is left out." in " ".join(hint.text for hint in asked.hints)
    said = [hint.text for hint in asking.understand(desk.dora, "upload known:yes in:people,problems", now=now).hints]
    assert said == ["known:yes says nothing about people, so you see none of these."]
    said = [hint.text for hint in asking.understand(desk.dora, "upload state:watching", now=now).hints]
    assert said == [
        "state:watching says nothing about reports, messages, files, analyses, actions, articles, people, so you see"
        " none of these."
    ]


def test_protected_problems_are_not_found_by_their_facts(desk, now, found, upload):
    problems.protect(upload[1], True, by=desk.emil.actor, at=now, reason="Names in it")
    assert found(desk.dora, "upload state:open") == set()
    assert found(desk.dora, "state:open in:problems") == set()
    assert found(desk.emil, "state:open in:problems") == {"new"}


def test_analyses_and_actions_have_a_state_an_owner_and_a_problem(desk, now, find, upload):
    old, new = upload
    rca = analyses.begin(old, by=desk.emil.actor, at=now)
    action = todo.propose(new, "Test every upload", by=desk.emil.actor, at=now)
    Action.objects.filter(pk=action.pk).update(owner=desk.eve)
    work(now)
    assert ("analyses", rca.number) in find(desk.dora, "upload state:draft")
    assert ("analyses", rca.number) not in find(desk.dora, "upload state:published")
    assert ("analyses", rca.number) in find(desk.dora, f"problem:{old.number} in:analyses")
    assert ("analyses", rca.number) in find(desk.dora, "upload severity:critical")
    assert find(desk.dora, "upload state:proposed owner:eve") == [("actions", action.number)]
    assert find(desk.dora, f"upload problem:{old.number} in:actions") == []
    assert find(desk.dora, "upload owed:late in:actions") == []


def test_people_are_found_by_their_own_facts_and_by_the_reports_they_have(desk, now, find):
    file_report(desk, now)
    work(now)
    ana, acme = ("people", "Ana Alvarez"), ("people", "Acme Health Plan")
    assert ana in find(desk.dora, "alvarez state:open")
    assert ana not in find(desk.dora, "alvarez state:closed")
    assert ana in find(desk.dora, "alvarez organisation:acme state:open severity:>=low")
    assert ana not in find(desk.dora, "alvarez -organisation:acme")
    assert acme not in find(desk.dora, "acme state:closed in:people")
    assert acme in find(desk.dora, "acme state:open in:people")
    Organisation.objects.filter(pk=desk.acme.pk).update(created_at=now - 40 * DAY)
    assert acme in find(desk.dora, "acme created:<2026-10-20 in:people")
    assert acme not in find(desk.dora, "acme created:2026-11 in:people")


def test_nobody_learns_of_reports_that_are_not_theirs_by_asking_for_people(desk, now, find):
    report = file_report(desk, now)
    actions.set_labels(report, ["Lawsuit"], by=desk.emil.actor, at=now)
    Report.objects.filter(pk=report.pk).update(team=None, is_protected=True)
    work(now)
    assert not find(desk.dora, "alvarez label:lawsuit")
    assert find(desk.emil, "alvarez label:lawsuit")


def test_colleagues_have_a_team(desk, find):
    search.index_many("agent", map(colleague_says, (desk.eve, desk.dora)))
    eve = ("people", desk.eve.name)
    assert eve in find(desk.dora, "eriksen in:people")
    assert eve in find(desk.dora, "eriksen team:platform in:people")
    assert eve not in find(desk.dora, "eriksen team:desk in:people")


def test_articles_have_a_language_a_state_and_a_problem(desk, now, find, upload):
    article = Article.objects.create(made_at=now, made_by="Dora", changed_at=now, problem=upload[0])
    wording = Wording.objects.create(
        article=article, language="de", slug="u", title="Upload geht nicht", changed_at=now, changed_by="Dora"
    )
    search.index_many("article", [article_says(wording)])
    there = ("articles", wording.title)

    def has(text):
        asked = asking.understand(desk.emil, text, now=now)
        return [hit.thing.title for hit in asking.look(asked, "articles").hits] == [there[1]]

    assert has("upload language:de in:articles")
    assert not has("upload language:en in:articles")
    assert has("upload state:wip in:articles")
    assert has(f"problem:{upload[0].number} in:articles")
    assert not has(f"problem:{upload[1].number} in:articles")
    assert has("public:no in:articles")


def test_snoozed_counts_in_the_search_when_it_is_asked_for(desk, now, find):
    report = file_report(desk, now)
    work(now)
    assert ("reports", report.number) not in find(desk.dora, "claims snoozed:yes")
    Report.objects.filter(pk=report.pk).update(snoozed_until=now + DAY)
    assert ("reports", report.number) in find(desk.dora, "claims snoozed:yes")
    assert ("reports", report.number) in find(desk.dora, "claims")
    assert ("reports", report.number) not in find(desk.dora, "claims snoozed:no")


def test_lists_go_on_page_by_page(desk, now):
    for n in range(7):
        problems.open_problem(f"Number {n}", by=desk.dora.actor, at=now)
    asked = asking.understand(desk.dora, "state:open in:problems", now=now)
    seen, cursor = [], 0
    while True:
        group = asking.look(asked, "problems", cursor=cursor, size=3)
        seen += [hit.thing.title for hit in group.hits]
        if not (cursor := group.rest):
            break
    assert seen == [f"Number {n}" for n in reversed(range(7))]


def test_fields_cost_the_same_for_many(desk, now, upload):
    def cost():
        asked = asking.understand(desk.dora, "upload state:any severity:<=critical", now=now)
        with CaptureQueriesContext(connection) as made:
            asking.overview(asked)
        return len(made)

    few = cost()
    for n in range(8):
        problems.open_problem(f"Upload number {n}", by=desk.dora.actor, at=now)
    work(now)
    assert cost() <= few
